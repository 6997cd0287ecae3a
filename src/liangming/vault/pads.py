"""Pads: 32 bytes that follow from a secret and a label, to keep another secret under it.

A secret of 32 bytes is kept as its sum (XOR) with a pad, and is gone when the pad's secret is. Three
secrets have pads, which differ in when they go:

* a person's key: goes when that person is erased and forgotten;
* the *passing* key, the first bucket's key of a generation: goes at the next ``keys forget``;
* the ring's leaf secret: stays.

One label keeps one secret and no other, or the sum of the two would show. Nothing is
authenticated: keep only what has a check of its own. For a few bytes that have one, this takes a
third of the time of an AEAD and needs no nonce.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from liangming.vault.binding import BYTE

PAD_BYTES: Final = 32

PERSON: Final = b"liangming/vault/pad/person/1\x00"
PASSING: Final = b"liangming/vault/pad/passing/1\x00"
LASTING: Final = b"liangming/vault/pad/lasting/1\x00"

_shake = hashlib.shake_256


def pad(label: bytes, secret: bytes, what: bytes) -> bytes:
    """SHAKE256 keyed by its prefix; each secret stands behind its length."""
    return _shake(label + BYTE[len(secret)] + secret + what).digest(PAD_BYTES)


def passing_secret(bucket: bytes, generation: int) -> bytes:
    """The secret of passing pads: from a bucket's key alone, so that it goes with it."""
    info = PASSING + generation.to_bytes(4, "big")
    return HKDF(SHA256(), PAD_BYTES, salt=None, info=info).derive(bucket)


def add(one: bytes, other: bytes) -> bytes:
    """Their sum (XOR): keeps a secret under a pad, and opens it again."""
    return (int.from_bytes(one) ^ int.from_bytes(other)).to_bytes(PAD_BYTES)


def add_each(ones: Sequence[bytes], others: Sequence[bytes]) -> list[bytes]:
    """As :func:`add`, of many pairs at once; each of them is as long as a pad.

    Raises:
        ValueError: there are more of the one than of the other, or one is of another length.
    """
    if {*map(len, ones), *map(len, others)} - {PAD_BYTES} or len(ones) != len(others):
        raise ValueError("pads are of one length")
    sums = int.from_bytes(b"".join(ones)) ^ int.from_bytes(b"".join(others))
    joined = sums.to_bytes(PAD_BYTES * len(ones))
    return [joined[begin : begin + PAD_BYTES] for begin in range(0, len(joined), PAD_BYTES)]
