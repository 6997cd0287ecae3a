"""Read one document number: the door to every kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from liangming.errors import Misuse
from liangming.method.documents import cards, faults, passports, permits, validity
from liangming.method.documents.kinds import DocumentType
from liangming.method.documents.parsed import Expiry, Parsed

_Reader = Callable[[DocumentType, str, date, Expiry | None, str], Parsed]

_READERS: Final[dict[DocumentType, _Reader]] = {
    DocumentType.RESIDENT_CARD: cards.citizen,
    DocumentType.TEMPORARY_RESIDENT_CARD: cards.citizen,
    DocumentType.RESIDENCE_PERMIT_HMT: cards.residence_permit,
    DocumentType.TRAVEL_PERMIT_HK_MACAO: permits.hk_macao,
    DocumentType.TRAVEL_PERMIT_HK_MACAO_FOREIGN: permits.hk_macao_foreign,
    DocumentType.TRAVEL_PERMIT_TAIWAN: permits.taiwan,
    DocumentType.PASSPORT: passports.passport,
    DocumentType.PERMANENT_RESIDENCE_2017: permits.permanent_residence_2017,
    DocumentType.PERMANENT_RESIDENCE_2023: cards.permanent_residence,
    DocumentType.MILITARY: permits.paper,
    DocumentType.ARMED_POLICE: permits.paper,
    DocumentType.CHINESE_PASSPORT: passports.passport,
    DocumentType.OTHER: permits.other,
}

_CITIZEN: Final = frozenset({DocumentType.RESIDENT_CARD, DocumentType.TEMPORARY_RESIDENT_CARD})


def parse(
    kind: DocumentType,
    raw: str,
    *,
    on: date,
    expires: Expiry | None = None,
    issued: date | None = None,
    field: str = "number",
    allow_test_region: bool = False,
) -> Parsed:
    """Read a number as one kind of document.

    A success says that the number is well formed and the document not past its end. It never says
    that the document or its holder is genuine.

    Args:
        kind: what the document is.
        raw: the number as typed or scanned; for passports also the whole machine-readable zone.
        on: the day in China of the check (``clock.china_date``).
        expires: the last day of validity, or 长期; None when it was not stated.
        issued: the day of issue; decides the three months of a temporary card.
        field: where the number stands in the input, for errors.
        allow_test_region: admit resident numbers of the unallocated region 99xxxx, for tests and
            the demonstration; the result then carries a caution that says so.

    Raises:
        Misuse: it is not such a number, or the dates cannot be.
        Refusal: it is one that may not be used: expired, first-generation, not yet issued.

    Law: realname.3; GB 11643; ident-card.5, ident-card.23; temp-card.7.
    """
    if not isinstance(raw, str):
        raise Misuse(faults.UNREADABLE, field=field)
    end = None if expires is None else validity.stated(expires, field)
    if kind in _CITIZEN:
        parsed = cards.citizen(kind, raw, on, end, field, allow_test_region=allow_test_region)
    else:
        parsed = _READERS[kind](kind, raw, on, end, field)
    if parsed.expires is None and issued is None:
        return parsed
    more = validity.judged(parsed, on, issued, field)
    if not more:
        return parsed
    return Parsed(
        parsed.type,
        parsed.normal,
        parsed.holder_key,
        parsed.birth,
        parsed.sex,
        parsed.region,
        parsed.issuer,
        parsed.expires,
        parsed.warnings + more,
    )
