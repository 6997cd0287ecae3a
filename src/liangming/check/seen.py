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
    Match,
    Mismatch,
    parse,
    parse_organisation,
    route,
    same_name,
)
from liangming.method.documents.accepted import Accepted as Acceptable
from liangming.method.documents.faults import EXPIRED
from liangming.register import Identity, index
from liangming.scene.model import Accepted

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
_LOOKS: Final = {(word, named): object() for word in _TYPES for named in (False, True)}


def of_document(sitting: Sitting, evidence: shown.DocumentShown) -> Examined:
    """A document seen or read.

    Law: courier.23, realname.3; ident-card.15 (the card itself is never kept)
    """
    scene = sitting.scene
    kind = _TYPES.get(evidence.document) or _kind(evidence)
    expires = evidence.expires
    try:
        accepted = _acceptance(scene.accepted, kind)
        parsed = parse(
            kind,
            "\n".join(evidence.mrz) if evidence.mrz else evidence.number,
            on=sitting.on,
            expires=LONG_TERM if expires == LONG_TERM else _day(expires, "evidence.expires"),
            issued=_day(evidence.issued, "evidence.issued") if evidence.issued else None,
            field="evidence.number",
            allow_test_region=sitting.premises.allow_test_region,
        )
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
    word = kind._value_
    fields = {"type": word, "number": parsed.normal}
    if named := bool(evidence.name) and "name" in scene.fields:
        fields["name"] = evidence.name
    identity = Identity(kind=word, holder=parsed.holder_key, fields=fields)
    warnings = accepted.warnings + parsed.warnings
    return Examined(
        method=sitting.method,
        facts=_USABLE[matches],
        identity=identity,
        person=index(sitting.premises.vault, scene.operator.id, identity),
        document=word,
        cautions=tuple([caution.code for caution in warnings]) if warnings else (),
        looks=_LOOKS[word, named],
    )


def _kind(evidence: shown.DocumentShown) -> DocumentType:
    """The kind that its number has the shape of, where none is named."""
    if evidence.document:
        raise Misuse(faults.TYPE_UNCLEAR, field="evidence.document")
    if evidence.mrz:
        return DocumentType.PASSPORT
    likely = route(evidence.number)
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
    return msgspec.structs.replace(examined, identity=None, looks=None)


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
