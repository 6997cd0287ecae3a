"""Documents: seen by a person or read by a reader.

A document that may not be used (expired, first-generation, not accepted) becomes a fact, so that
the law decides and is cited; a slip of the hand raises, so that it can be put right.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec

from liangming import method as shown
from liangming.check import facts as told
from liangming.check import faults
from liangming.check.examined import Examined, Sitting
from liangming.errors import Misuse, Refusal
from liangming.law.words import Method
from liangming.method.documents import (
    LONG_TERM,
    AcceptedDocuments,
    DocumentType,
    Expiry,
    Match,
    Mismatch,
    Parsed,
    parse,
    parse_organisation,
    route,
    same_name,
)
from liangming.method.documents.accepted import Accepted as Acceptable
from liangming.method.documents.faults import EXPIRED
from liangming.register import Identity, index
from liangming.scene.model import Accepted, Scene

_TYPES: Final = {kind.value: kind for kind in DocumentType}
_USABLE: Final[dict[bool, told.Facts]] = {
    matches: {
        "document_shown": True,
        "document_accepted": True,
        "data_matches": matches,
        "registered": True,
    }
    for matches in (False, True)
}
"""The facts of a document that may be used; nobody changes them."""


def of_document(sitting: Sitting, evidence: shown.DocumentShown) -> Examined:
    """A document seen or read.

    Law: courier.23, realname.3; ident-card.15 (the card itself is never kept)
    """
    scene = sitting.scene
    kind = _kind(evidence.document, evidence.number, evidence.mrz)
    try:
        accepted = _acceptance(scene.accepted, kind)
        parsed = _parse(sitting, kind, evidence)
    except Refusal as no:
        # A document that may not be used is a matter for the law, not a slip.
        unusable = "document_expired" if no.code is EXPIRED else "document_accepted"
        return Examined(
            method=sitting.method,
            facts={**_USABLE[True], unusable: no.code is EXPIRED, "registered": False},
            document=kind.value,
            cautions=(no.code.name,),
        )
    matches = agree(evidence.waybill_name, evidence.name, agrees=evidence.agrees)
    identity = _identity(scene, parsed, evidence.name)
    return Examined(
        method=sitting.method,
        facts=_USABLE[matches],
        identity=identity,
        person=index(sitting.premises.vault, scene.operator.id, identity),
        document=kind._value_,
        cautions=tuple([c.code for c in (*accepted.warnings, *parsed.warnings)]),
    )


def _kind(named: str, number: str, zone: tuple[str, ...]) -> DocumentType:
    if named:
        if named not in _TYPES:
            raise Misuse(faults.TYPE_UNCLEAR, field="evidence.document")
        return _TYPES[named]
    if zone:
        return DocumentType.PASSPORT
    likely = route(number)
    if not likely:
        raise Misuse(faults.TYPE_UNCLEAR, field="evidence.document")
    return likely[0]


def _acceptance(listed: tuple[Accepted, ...], kind: DocumentType) -> Acceptable:
    known = _read.get(id(listed))  # to hash a list of them would cost more than all the rest
    if known is None or known[0] is not listed:
        accepted = AcceptedDocuments(
            {_TYPES[each.type]: each.basis for each in listed if each.type in _TYPES}
        )
        if len(_read) >= _MOST_READ:
            _read.clear()
        known = _read[id(listed)] = (listed, accepted, {})
    acceptable = known[2].get(kind)
    if acceptable is None:
        acceptable = known[2][kind] = known[1].require(kind, at="evidence.document")
    return acceptable


_read: dict[
    int, tuple[tuple[Accepted, ...], AcceptedDocuments, dict[DocumentType, Acceptable]]
] = {}
_MOST_READ: Final = 1024


def _parse(sitting: Sitting, kind: DocumentType, evidence: shown.DocumentShown) -> Parsed:
    return parse(
        kind,
        "\n".join(evidence.mrz) or evidence.number,
        on=sitting.on,
        expires=_expiry(evidence.expires),
        issued=_day(evidence.issued, "evidence.issued"),
        field="evidence.number",
        allow_test_region=sitting.premises.allow_test_region,
    )


def _expiry(text: str) -> Expiry | None:
    return LONG_TERM if text == LONG_TERM else _day(text, "evidence.expires")


def _day(text: str, field: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Misuse(faults.DATE_UNREADABLE, field=field) from None


def agree(waybill: str, document: str, *, agrees: bool | None) -> bool:
    """Whether document and waybill agree; a person's eye decides what a machine cannot."""
    if waybill and document:
        comparison = same_name(waybill, document)
        if isinstance(comparison, Match):
            return True
        if isinstance(comparison, Mismatch):
            return False
        if agrees is None:
            raise Misuse(faults.NAMES_UNCLEAR, field="evidence.agrees")
    if agrees is None:
        raise Misuse(faults.AGREE_MISSING, field="evidence.agrees")
    return agrees


def _identity(scene: Scene, parsed: Parsed, name: str) -> Identity:
    kind = parsed.type._value_
    fields = {"type": kind, "number": parsed.normal}
    if name and "name" in scene.fields:
        fields["name"] = name
    return Identity(kind=kind, holder=parsed.holder_key, fields=fields)


async def of_registered(sitting: Sitting, evidence: shown.RegisteredShown) -> Examined:
    """A returning sender: the document is seen, the number only finds the registration (I9)."""
    as_document = shown.DocumentShown(
        document=evidence.document,
        number=evidence.number,
        waybill_name=evidence.waybill_name,
        agrees=evidence.agrees,
    )
    examined = of_document(sitting, as_document)
    if examined.person is None:
        return examined
    if not await sitting.premises.store.persons([examined.person]):
        raise Misuse(faults.NOT_REGISTERED, field="evidence.number")
    return msgspec.structs.replace(examined, identity=None)


def of_organisation(sitting: Sitting, evidence: shown.OrganisationShown) -> Examined:
    """A credit code and its representative's document (the failed check digit only warns).

    Law: realname.organisation
    """
    organisation = parse_organisation(evidence.uscc, field="evidence.uscc")
    alone = msgspec.structs.replace(evidence.representative, agrees=True, waybill_name="")
    behind = of_document(sitting, alone)
    facts: told.Facts = {
        **behind.facts,
        "organisation": True,
        "representative_document": behind.identity is not None,
    }
    if behind.identity is None:
        return msgspec.structs.replace(behind, facts=facts)
    facts["data_matches"] = agree(
        evidence.waybill_name, evidence.name, agrees=evidence.representative.agrees
    )
    fields = {
        "type": "organisation",
        "number": organisation.normal,
        "organisation": evidence.name,
        "representative-type": behind.identity.fields["type"],
        "representative-number": behind.identity.fields["number"],
    }
    identity = Identity(kind="organisation", holder=organisation.normal, fields=fields)
    return Examined(
        method=Method.ORGANISATION,
        facts=facts,
        identity=identity,
        person=index(sitting.premises.vault, sitting.scene.operator.id, identity),
        document=behind.document,
        cautions=(*behind.cautions, *(c.code for c in organisation.warnings)),
    )
