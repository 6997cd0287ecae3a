"""The erasure ledger (删除记录): who must never come back, in a file that is no part of a backup.

A line is ``era_… <base64>``: the erasure's id, and the keyed index of the person with the moment,
sealed under a key that only the operator has. The file alone names nobody and links to nothing;
with the key file it does one thing, to find a restored registration again.

The same tombstone is kept in the database. Each of the two heals the other at the next start.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from datetime import datetime
from os import urandom
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag

from liangming import ids
from liangming.check.erase import ERASURE
from liangming.check.premises import Premises
from liangming.clock import from_micros, micros
from liangming.docket import Record
from liangming.errors import Misuse
from liangming.rights import faults
from liangming.rights.ports import ErasureFile
from liangming.vault import INDEX_BYTES, Suite, by_tag
from liangming.vault.suites import NONCE_BYTES, Aead

KIND: Final = "erasure"
_LABEL: Final = b"liangming/erasures/1\x00"
_STAMP: Final = 8


class Tombstone(msgspec.Struct, frozen=True, kw_only=True):
    """One erased person: whoever is registered under this index since before ``at`` goes again."""

    erasure: str
    person: bytes
    at: datetime


def sealed(premises: Premises, stone: Tombstone) -> bytes:
    """The stored bytes of a tombstone: suite tag, nonce, sealed index and moment."""
    suite = premises.vault.suite
    nonce = urandom(NONCE_BYTES)
    plain = stone.person + micros(stone.at).to_bytes(_STAMP, "big")
    body = _key(premises, suite).encrypt(nonce, plain, _LABEL + stone.erasure.encode())
    return bytes((suite.tag,)) + nonce + body


def opened(premises: Premises, erasure: str, stored: bytes) -> Tombstone:
    """Read a stored tombstone.

    Raises:
        Misuse: ``rights.erasure-file-damaged``.
        Refusal: ``vault.unknown-suite``.
    """
    if len(stored) <= NONCE_BYTES:
        raise Misuse(faults.LEDGER_DAMAGED)
    suite = by_tag(stored[0])
    nonce, body = stored[1 : 1 + NONCE_BYTES], stored[1 + NONCE_BYTES :]
    try:
        plain = _key(premises, suite).decrypt(nonce, body, _LABEL + erasure.encode())
    except InvalidTag:
        raise Misuse(faults.LEDGER_DAMAGED) from None
    at = from_micros(int.from_bytes(plain[INDEX_BYTES:], "big"))
    return Tombstone(erasure=erasure, person=plain[:INDEX_BYTES], at=at)


def line_of(erasure: str, stored: bytes) -> bytes:
    """A line of the file."""
    return erasure.encode() + b" " + base64.b64encode(stored)


def read_lines(file: ErasureFile) -> Iterator[tuple[str, bytes]]:
    """Every tombstone of the file, still sealed.

    Raises:
        Misuse: ``rights.erasure-file-damaged``: a whole line that is none of ours. Better not to
            start than to forget whom to erase.
        Outage: ``rights.erasure-file-unavailable``.
    """
    for line in file.lines():
        name, _, blob = line.partition(b" ")
        erasure = name.decode("ascii", "replace")
        try:
            stored = base64.b64decode(blob, validate=True)
        except binascii.Error:
            raise Misuse(faults.LEDGER_DAMAGED) from None
        if not ids.is_id(ERASURE, erasure):
            raise Misuse(faults.LEDGER_DAMAGED)
        yield erasure, stored


def record_of(operator: str, stone: Tombstone, stored: bytes) -> Record:
    """The same tombstone in the database. It leaves no leaf; the erasure itself did."""
    at = micros(stone.at)
    return Record(
        id=stone.erasure,
        kind=KIND,
        operator=operator,
        about="",
        state="done",
        version=1,
        opened_at=at,
        changed_at=at,
        due_at=None,
        keep_until=None,
        leaf_key=b"",
        body=b"",
        sealed=stored,
    )


def _key(premises: Premises, suite: Suite) -> Aead:
    raw = suite.derive(salt=b"", secret=premises.keys.leaf, info=_LABEL, length=suite.key_bytes)
    return suite.aead(raw)
