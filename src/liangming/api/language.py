"""Which of the two languages an answer speaks: Chinese unless English is preferred."""

from __future__ import annotations

from typing import Final, Literal

Language = Literal["zh", "en"]

_LONGEST: Final = 512


def preferred(header: bytes | None) -> Language:
    """The language of an ``Accept-Language`` header (RFC 9110, 12.5.4); anything odd is Chinese."""
    if header is None or len(header) > _LONGEST:
        return "zh"
    best: Language = "zh"
    weight = 0.0
    for part in header.decode("latin-1").lower().split(","):
        tag, _, rest = part.strip().partition(";")
        found = _language(tag.strip())
        if found is None:
            continue
        quality = _quality(rest)
        if quality > weight:
            best, weight = found, quality
    return best


def _language(tag: str) -> Language | None:
    primary = tag.partition("-")[0]
    if primary in {"zh", "*"}:
        return "zh"
    return "en" if primary == "en" else None


def _quality(rest: str) -> float:
    name, _, value = rest.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        quality = float(value)
    except ValueError:
        return 0.0
    return quality if 0.0 <= quality <= 1.0 else 0.0
