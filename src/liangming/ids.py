"""Prefixed identifiers: ``chk_01JD…``, sortable by time, unguessable, safe in a URL.

The form is a ULID (48 bits of milliseconds, 80 bits of randomness, Crockford base 32 in lower
case) behind a prefix that says what it names. An identifier carries nothing about a person.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from os import urandom

from liangming.clock import micros

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_AS_DIGITS = str.maketrans(_ALPHABET, "0123456789abcdefghijklmnopqrstuv")  # as int() reads them
_PAIRS = [a + b for a in _ALPHABET for b in _ALPHABET]
_BODY = re.compile(r"[0-7][0-9a-hjkmnp-tv-z]{25}")
CHANCE_BYTES = 10

CHECK = "chk"
EVENT = "evt"
CONSENT = "cns"
REGISTRATION = "reg"
REQUEST = "req"
CLIENT = "cli"
RECEIPT = "rct"
MANDATE = "mdt"


def new(prefix: str, at: datetime) -> str:
    """A fresh identifier, e.g. ``new(CHECK, now)`` → ``chk_01jd9q…`` (26 characters of body)."""
    return drawn(prefix, micros(at) // 1000)[0]


def drawn(prefix: str, millis: int, chance: bytes = b"") -> tuple[str, int]:
    """As :func:`new`, at milliseconds since 1970; and its 128 bits.

    Args:
        prefix: what it names.
        millis: when.
        chance: ten bytes that were drawn for it; drawn here otherwise.
    """
    # 130 places of bits: two empty, 48 of time, 80 of chance; so time fills the first ten letters.
    bits = int.from_bytes(chance if len(chance) == CHANCE_BYTES else urandom(CHANCE_BYTES), "big")
    pairs = _PAIRS
    text = (
        f"{prefix}_{_time(millis)}{pairs[bits >> 70]}{pairs[bits >> 60 & 1023]}"
        f"{pairs[bits >> 50 & 1023]}{pairs[bits >> 40 & 1023]}{pairs[bits >> 30 & 1023]}"
        f"{pairs[bits >> 20 & 1023]}{pairs[bits >> 10 & 1023]}{pairs[bits & 1023]}"
    )
    return text, millis << 80 | bits


@lru_cache(maxsize=4)
def _time(millis: int) -> str:
    return "".join([_PAIRS[millis >> shift & 1023] for shift in range(40, -1, -10)])


def of_number(prefix: str, value: int) -> str:
    """The identifier with these 128 bits."""
    pairs, high, low = _PAIRS, value >> 60, value & (1 << 60) - 1  # small numbers are cheap
    return (
        f"{prefix}_{pairs[high >> 60 & 1023]}{pairs[high >> 50 & 1023]}{pairs[high >> 40 & 1023]}"
        f"{pairs[high >> 30 & 1023]}{pairs[high >> 20 & 1023]}{pairs[high >> 10 & 1023]}"
        f"{pairs[high & 1023]}{pairs[low >> 50]}{pairs[low >> 40 & 1023]}"
        f"{pairs[low >> 30 & 1023]}{pairs[low >> 20 & 1023]}{pairs[low >> 10 & 1023]}"
        f"{pairs[low & 1023]}"
    )


def number_of(text: str) -> int:
    """The 128 bits of an identifier.

    Raises:
        ValueError: the text has not the form of one.
    """
    body = text.partition("_")[2]
    if _BODY.fullmatch(body) is None:
        raise ValueError("not an identifier")
    return int(body.translate(_AS_DIGITS), 32)


def is_id(prefix: str, text: str) -> bool:
    """Whether a text has the form of an identifier with this prefix."""
    head, underscore, body = text.partition("_")
    return head == prefix and bool(underscore) and _BODY.fullmatch(body) is not None
