"""Long numbers: what a label's free texts may not carry, however it is written.

A document number typed into an address would be printed in plain sight. Rather than guess which
long number is a document's, every long number is refused there: streets, rooms and post codes are
short, phone numbers have a field of their own, where they are masked.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final

_NUMERALS: Final = str.maketrans(
    "〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖貳參陸两兩", "0012345678912345678923622"
)
_SEPARATOR: Final = re.compile(r"[\s\-‐‑‒–—_.,·•・/\\|:;'\"’]+")
_TIGHT: Final = re.compile(r"[0-9]{7,}|[A-Z]{1,2}[0-9]{7,}", re.IGNORECASE)
_LOOSE: Final = re.compile(r"[0-9]{12,}|[A-Z]{1,2}[0-9]{7,}", re.IGNORECASE)
_SPELT: Final = re.compile(r"[0-9]+(?:_[0-9]+){3,}")
"""Four groups and more: 8-2-1203 is a room, 9-9-0-1-0-1-1-9 is a number spelt out."""
_LONG: Final = 7
_DOCUMENTS: Final = (
    re.compile(r"[A-Z][0-9]{7,9}"),  # passports and permits
    re.compile(r"[A-Z]{2}[0-9]{7}"),  # passports with two letters
    re.compile(r"[HM][0-9]{8,10}"),  # permits of residents of Hong Kong and Macau
    re.compile(r"[A-Z]{3}[0-9]{12}"),  # cards of permanent residents
)
_CITIZEN: Final = re.compile(r"[0-9]{6}((?:18|19|20)[0-9]{2})([0-9]{2})([0-9]{2})[0-9]{3}[0-9X]")


def carries_number(text: str) -> bool:
    """Whether a free text carries a long number: in any width, spaced out, or in Chinese numerals.

    >>> [carries_number(t) for t in ("示例路1号1201室", "990101 19900307 1237", "九九〇一〇一一九九〇〇三〇七")]
    [False, True, True]
    """
    plain = "".join(_plain(sign) for sign in unicodedata.normalize("NFKC", text))
    if _TIGHT.search(re.sub(r"\s", "", plain)):
        return True
    if _LOOSE.search(_SEPARATOR.sub("", plain)):
        return True
    spelt = _SPELT.finditer(_SEPARATOR.sub("_", plain))
    return any(sum(map(str.isdigit, found[0])) >= _LONG for found in spelt)


def _plain(sign: str) -> str:
    """A digit of any script as 0–9; marks that cannot be seen as nothing."""
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    return (
        "" if unicodedata.category(sign) in {"Cf", "Cc", "Mn", "Me"} else sign.translate(_NUMERALS)
    )


def looks_like_document(text: str) -> bool:
    """Whether a code could be a document's number; a waybill's number may not.

    >>> [looks_like_document(t) for t in ("990101199003071237", "E12345678", "SL1234567890123")]
    [True, True, False]
    """
    if any(shape.fullmatch(text) for shape in _DOCUMENTS):
        return True
    citizen = _CITIZEN.fullmatch(text)
    if citizen is None:
        return False
    try:
        date(int(citizen[1]), int(citizen[2]), int(citizen[3]))
    except ValueError:
        return False
    return True
