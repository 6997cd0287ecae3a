"""Passports: read from the machine-readable zone when it is scanned, else from the typed number.

The order lists the passport of a *foreign citizen*; a Chinese passport is a kind of its own that
only a configuration can admit.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from liangming.errors import Misuse
from liangming.method.documents import cautions, faults, mrz, normal
from liangming.method.documents.kinds import DocumentType
from liangming.method.documents.parsed import Expiry, Parsed

LONGEST: Final = 9
CHINA: Final = "CHN"

_CHINESE: Final = re.compile(r"E[0-9]{8}|E[A-Z][0-9]{7}|[DSP]E[0-9]{7}|G[0-9]{8}")


def passport(kind: DocumentType, raw: str, on: date, expires: Expiry | None, field: str) -> Parsed:
    """A foreign citizen's passport, or a Chinese one when ``kind`` says so.

    Law: realname.3 item (4); ICAO Doc 9303.

    Raises:
        Misuse: not such a number or zone.
    """
    if mrz.is_zone(raw):
        return _scanned(kind, raw, on, expires, field)
    return _typed(kind, raw, expires, field)


def _typed(kind: DocumentType, raw: str, expires: Expiry | None, field: str) -> Parsed:
    text = normal.number(raw, field)
    if not normal.plain(text):
        raise Misuse(faults.CHARACTERS, field=field)
    if len(text) > LONGEST:
        raise Misuse(faults.LENGTH, field=field)
    warnings: tuple[cautions.Caution, ...] = (cautions.NO_CHECKSUM,)
    if kind is DocumentType.CHINESE_PASSPORT and not _CHINESE.fullmatch(text):
        warnings += (cautions.UNUSUAL_FORM,)
    return Parsed(kind, text, text, expires=expires, warnings=warnings)


def _scanned(kind: DocumentType, raw: str, on: date, expires: Expiry | None, field: str) -> Parsed:
    zone = mrz.read(raw, on=on, field=f"{field}.mrz")
    if zone.size is not mrz.Size.TD3 or zone.code[:1] != "P":
        raise Misuse(faults.MRZ_NOT_PASSPORT, citations=("icao9303",), field=field)
    if kind is DocumentType.PASSPORT and zone.issuer == CHINA:
        raise Misuse(faults.IS_CHINESE_PASSPORT, citations=("realname.3",), field=field)
    if kind is DocumentType.CHINESE_PASSPORT and zone.issuer != CHINA:
        raise Misuse(faults.IS_FOREIGN_PASSPORT, field=field)
    warnings = zone.warnings
    if zone.expires is not None and expires is not None and zone.expires != expires:
        warnings += (cautions.EXPIRY_DISAGREES,)
    return Parsed(
        kind,
        zone.number,
        zone.number,
        birth=zone.birth,
        sex=zone.sex,
        issuer=zone.issuer,
        expires=zone.expires or expires,
        warnings=warnings,
    )
