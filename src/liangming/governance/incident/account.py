"""The account of an incident in the officer's own words, sealed; and the papers printed with it.

The words may hold anything, so they are sealed under a key of the record's own, as those of requests
are. Printing the papers opens them, for a statutory report, and that is recorded first.

Law: pipl.57, incident.7
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

import msgspec

from liangming.errors import Misuse
from liangming.governance.incident import faults, telling
from liangming.governance.incident.states import Incident
from liangming.governance.incident.steps import held, move
from liangming.governance.storing import Deed, moved
from liangming.rights import RightsDesk
from liangming.vault import Binding, Purpose

MOST: Final = 4000  # characters
_PURPOSE: Final = "incident"
_WORDS: Final = "account"


async def write(
    desk: RightsDesk, incident_id: str, words: str, actor: str, *, operator: str = ""
) -> Incident:
    """Write or replace the account.

    Raises:
        Misuse: ``governance.incident-unfit``: empty or too long.
    """
    before = await held(desk, incident_id, operator)
    text = words.strip()
    if not 0 < len(text) <= MOST:
        raise Misuse(faults.UNFIT, field="account")
    at = desk.premises.clock.now()
    key = desk.premises.vault.new_person_key(incident_id.encode())
    sealed = desk.premises.vault.seal_fields(key, _binding(incident_id), {_WORDS: text})
    incident = msgspec.structs.replace(before.incident, events=before.incident.events + 1)
    deed = Deed(faults.ACCOUNT_WRITTEN, {"actor": actor}, at, before.incident.events)
    row, leaf = await moved(desk.premises, before.row, before.row.state, incident, deed)
    row = msgspec.structs.replace(
        row, wrapped_key=key.wrapped, sealed=sealed, keep_until=before.row.keep_until
    )
    await desk.docket.commit([row], [leaf])
    return incident


async def opened(
    desk: RightsDesk, incident_id: str, actor: str, *, operator: str = ""
) -> tuple[Incident, str]:
    """The incident and its account, for its papers; the opening is durable before this returns."""
    before = await held(desk, incident_id, operator)
    at = desk.premises.clock.now()
    there = bool(before.row.wrapped_key)
    facts = {"actor": actor, "account": there}
    deed = Deed(faults.PACKAGED, facts, at, before.incident.events)
    incident = await move(desk, before, before.incident, deed)
    if not there:
        return incident, ""
    vault = desk.premises.vault
    key = vault.unwrap(before.row.wrapped_key, incident_id.encode())
    fields, _ = vault.open_fields(
        key,
        _binding(incident_id),
        before.row.sealed,
        purpose=Purpose.STATUTORY_REPORT,
        reason=incident_id,
        actor=actor,
        at=at,
    )
    return incident, fields.get(_WORDS, "")


async def listed(
    desk: RightsDesk, incident_id: str, actor: str, *, operator: str = ""
) -> AsyncIterator[str]:
    """The list of persons to tell as lines of CSV: receipt code and fields. Taking it is recorded."""
    before = await held(desk, incident_id, operator)
    at = desk.premises.clock.now()
    persons = before.incident.scope.persons if before.incident.scope is not None else 0
    facts = {"actor": actor, "persons": persons}
    await move(
        desk, before, before.incident, Deed(faults.LISTED, facts, at, before.incident.events)
    )
    yield "receipt,fields\r\n"
    async for code, fields in telling.codes(desk, before.incident):
        yield f"{code},{' '.join(fields)}\r\n"


def _binding(incident: str) -> Binding:
    return Binding(incident.encode(), _PURPOSE, _WORDS)
