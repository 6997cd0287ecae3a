"""Proof that whoever asks is the person registered: the receipt, and the document behind it.

The receipt's code alone shows what was asked and when. Registered data are handed out, changed or
erased only when the kind and number of the registered document are entered too: their keyed index
must be the one behind the check. The number lives for the length of the call.

Not proven: that whoever enters the number holds the document. A clerk who saw both could. What is
shown is what the clerk saw; it never leaves a trace less than ``check:register:opened``.

Law: pipl.50
"""

from __future__ import annotations

import hmac

from liangming.check.desk import held
from liangming.check.ports import PersonRow
from liangming.clock import china_date
from liangming.errors import LiangmingError, Misuse, Refusal
from liangming.method.documents import DocumentType, parse, parse_organisation
from liangming.register import Identity, index
from liangming.rights import faults
from liangming.rights.desk import RightsDesk

ORGANISATION = "organisation"


async def registered(desk: RightsDesk, check: str) -> PersonRow | None:
    """Whoever is registered behind a check; nobody after an erasure.

    Raises:
        Misuse: ``check.unknown``.
    """
    row = (await held(desk.premises, check)).row
    if row.person is None:
        return None
    return (await desk.premises.store.persons([row.person])).get(row.person)


def prove(desk: RightsDesk, check: str, person: PersonRow, document: str, number: str) -> None:
    """Hold the entered document against the registered one.

    Raises:
        Misuse: ``rights.proof-needed``, ``method.too-many-tries``.
        Refusal: ``rights.not-the-registered-document``; also where the number cannot be read, so
            that nothing can be learned from the difference.
    """
    if not (document and number):
        raise Misuse(faults.PROOF_NEEDED, field="number")
    at = desk.premises.clock.now()
    desk.tries.admit(check, at)
    if not hmac.compare_digest(index_of(desk, person.operator, document, number), person.person):
        desk.tries.failed(check, at)
        raise Refusal(faults.NOT_THE_SAME, field="number")


def index_of(desk: RightsDesk, operator: str, document: str, number: str) -> bytes:
    """The keyed index of a document at an operator; empty when the number cannot be read."""
    on = china_date(desk.premises.clock.now())
    try:
        if document == ORGANISATION:
            organisation = parse_organisation(number, field="number")
            identity = Identity(kind=ORGANISATION, holder=organisation.normal, fields={})
        else:
            parsed = parse(
                DocumentType(document),
                number,
                on=on,
                expires=None,
                issued=None,
                field="number",
                allow_test_region=desk.premises.allow_test_region,
            )
            identity = Identity(kind=parsed.type.value, holder=parsed.holder_key, fields={})
    except (LiangmingError, ValueError):
        return b""
    return index(desk.premises.vault, operator, identity)
