"""One written form for what people type and scanners send.

Full-width letters and digits become ASCII; ASCII letters become capitals; spaces, hyphens and
invisible marks go. Nothing else is touched: a letter O is never made a zero.
"""

from __future__ import annotations

from typing import Final

from liangming.errors import Misuse
from liangming.method.documents import faults

LONGEST: Final = 256
"""No document and no machine-readable zone is longer; more is not even looked at."""

_BLANK: Final = (
    "\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u2028\u2029\u202f\u205f\u3000"
)
_INVISIBLE: Final = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
_DASH: Final = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"
_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_CAPITAL: Final = {ord(letter): ord(letter) - 32 for letter in "abcdefghijklmnopqrstuvwxyz"}
_FULL_CAPITAL: Final = {code: code - 0xFEE0 - 32 for code in range(0xFF41, 0xFF5B)}
_GONE: Final = dict.fromkeys(map(ord, _BLANK + _INVISIBLE + _DASH))
_TABLE: Final[dict[int, int | None]] = {**_FULL_WIDTH, **_CAPITAL, **_FULL_CAPITAL, **_GONE}


def bare(raw: str) -> str:
    """The written form of a text of any length, perhaps empty."""
    return raw.translate(_TABLE)


def number(raw: str, field: str) -> str:
    """The written form of a typed number.

    Args:
        raw: as typed or scanned.
        field: where it stands in the input, for the error.

    Raises:
        Misuse: it is empty or far too long.
    """
    if len(raw) > LONGEST:
        raise Misuse(faults.LENGTH, field=field)
    text = bare(raw)
    if not text:
        raise Misuse(faults.UNREADABLE, field=field)
    return text


def plain(text: str) -> bool:
    """Whether a text is ASCII letters and digits only."""
    return text.isascii() and text.isalnum()


def digits(text: str) -> bool:
    """Whether a text is ASCII digits only."""
    return text.isascii() and text.isdigit()


def looks_like_digit(text: str) -> bool:
    """Whether a text would be digits if look-alike letters were digits: a hint, never a repair."""
    return text.isascii() and all(sign.isdigit() or sign in "OQDIJLZSBG" for sign in text)
