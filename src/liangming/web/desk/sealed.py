"""What was scanned, carried from one form to the next without being readable on the page."""

from __future__ import annotations

import base64
import binascii
import os
from datetime import datetime, timedelta
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from liangming.clock import from_micros, micros
from liangming.errors import Misuse
from liangming.web.faults import HELD_TOO_LONG

LIFE: Final = timedelta(minutes=2)
_NONCE: Final = 12


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """What was entered; its repr names nobody."""

    until: int  # µs
    text: str
    document: str = ""
    expires: str = ""

    def __repr__(self) -> str:
        return "<Entry>"

    __str__ = __repr__


def seal(key: bytes, check: str, entry: Entry) -> str:
    """An entry that only this installation can open, for this check alone."""
    nonce = os.urandom(_NONCE)
    body = AESGCM(key).encrypt(nonce, msgspec.msgpack.encode(entry), check.encode())
    return base64.urlsafe_b64encode(nonce + body).decode()


def unseal(key: bytes, check: str, text: str, at: datetime) -> Entry:
    """The entry again.

    Raises:
        Misuse: ``web.entry-forgotten``: too late, of another check, or damaged.
    """
    try:
        raw = base64.urlsafe_b64decode(text)
        body = AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], check.encode())
        entry = msgspec.msgpack.decode(body, type=Entry)
    except (InvalidTag, binascii.Error, ValueError, msgspec.MsgspecError):
        raise Misuse(HELD_TOO_LONG) from None
    if from_micros(entry.until) <= at:
        raise Misuse(HELD_TOO_LONG)
    return entry


def entered(at: datetime, text: str, document: str = "", expires: str = "") -> Entry:
    """A fresh entry."""
    return Entry(micros(at + LIFE), text, document, expires)
