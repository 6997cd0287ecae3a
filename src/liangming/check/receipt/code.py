"""The receipt code (回执编码): whoever holds it reaches the receipt, and nobody else.

A check's own id is known to the clerk, to the company's programs and to an inspector's packet, so
it must not open what belongs to the person. The code is the id's 128 bits under AES-256 with a key
of its own: one block, so one id has one code and one code leads to one id, nothing is stored, and
without the key neither can be told from the other. A made-up code leads to an id that no check
has. It survives every rotation of keys, for the ring's ``token`` never rotates.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import ECB
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from liangming import ids
from liangming.check import faults
from liangming.errors import Misuse


@dataclass(frozen=True, slots=True)
class Codes:
    """One kind of code: whose ids it hides, under a key of its own.

    Attributes:
        prefix: of the code.
        hides: prefix of the ids behind it.
        label: of the key; never the same for two kinds.
    """

    prefix: str
    hides: str
    label: bytes


RECEIPTS: Final = Codes(ids.RECEIPT, ids.CHECK, b"liangming/receipt-code/1\x00")
_KINDS: Final = 8  # of codes, times the houses of a process
_LOOK_ALIKE: Final = str.maketrans("oil", "011")


def code_of(token: bytes, check_id: str, of: Codes = RECEIPTS) -> str:
    """The receipt code of a check, e.g. ``rct_5h2k…``.

    Args:
        token: ``OperatorKeys.token``.
        check_id: the check.
        of: another kind of code, for another kind of id.
    """
    block = ids.number_of(check_id).to_bytes(ids.BLOCK_BYTES, "big")
    turned = _turner(token, of.label).update(block)
    return ids.of_number(of.prefix, int.from_bytes(turned, "big"))


def codes_of(token: bytes, blocks: Sequence[bytes], of: Codes = RECEIPTS) -> list[str]:
    """The receipt codes of checks, by the 16 bytes of their ids, in one pass of the cipher."""
    return ids.of_blocks(of.prefix, _turner(token, of.label).update(b"".join(blocks)))


def typed(text: str, of: Codes = RECEIPTS) -> str:
    """A code as a person types it: in any case, with gaps, without its prefix, o for 0, l for 1."""
    plain = "".join(text.lower().replace("-", "").split()).removeprefix(f"{of.prefix}_")
    return f"{of.prefix}_{plain.translate(_LOOK_ALIKE)}"


def check_of(token: bytes, code: str, of: Codes = RECEIPTS) -> str:
    """The check behind a receipt code; whether there is such a check is another question.

    Raises:
        Misuse: ``check.unknown``: the text has not the form of a code.
    """
    if not ids.is_id(of.prefix, code):
        raise Misuse(faults.UNKNOWN)
    block = ids.number_of(code).to_bytes(ids.BLOCK_BYTES, "big")
    turned = _cipher(token, of.label).decryptor().update(block)
    return ids.of_number(of.hides, int.from_bytes(turned, "big"))


class _Turners(threading.local):
    """One thread's ciphers: making one takes three times as long as turning a block."""

    def __init__(self) -> None:
        self.made: dict[tuple[bytes, bytes], CipherContext] = {}


_turners: Final = _Turners()


def _turner(token: bytes, label: bytes) -> CipherContext:
    made = _turners.made
    turner = made.get((token, label))
    if turner is None:
        if len(made) >= _KINDS:
            made.clear()
        turner = made[token, label] = _cipher(token, label).encryptor()
    return turner


@lru_cache(maxsize=_KINDS)
def _cipher(token: bytes, label: bytes) -> Cipher[ECB]:
    key = HKDF(SHA256(), 32, salt=None, info=label).derive(token)
    return Cipher(AES256(key), ECB())  # noqa: S305  (one block, never two: no mode is needed)
