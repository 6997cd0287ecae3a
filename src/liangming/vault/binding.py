"""What a sealed record belongs to: a person, a purpose and a kind of record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from liangming.errors import Misuse
from liangming.vault import codes
from liangming.vault.redaction import Redacted

_RECORD_LABEL: Final = b"liangming/vault/record/1\x00"
_WRAP_LABEL: Final = b"liangming/vault/person-key/1\x00"
_MAX: Final = 255
BYTE: Final = tuple(bytes((n,)) for n in range(_MAX + 1))
"""Each length that fits into a byte, as that byte."""


@dataclass(frozen=True, slots=True, repr=False)
class Binding(Redacted):
    """Associated data of a record; a record moved to another binding does not open.

    Attributes:
        person: the person's key bytes as the register knows them (never a document number).
        purpose: why the record is kept, e.g. ``"parcel.send"``.
        record: its kind, e.g. ``"sender-identity"``.

    Law: 个人信息保护法 6 (a purpose that is stated and kept to).
    """

    person: bytes
    purpose: str
    record: str

    def encode(self) -> bytes:
        """Canonical bytes: a label, then each part behind its length.

        Raises:
            Misuse: ``vault.binding-malformed``.
        """
        return record_aad(self.person, self.purpose, self.record)


def record_aad(person: bytes, purpose: str, record: str) -> bytes:
    """Associated data of a record, as :meth:`Binding.encode` gives it."""
    return _RECORD_LABEL + _part(person) + _why(purpose, record)


@lru_cache(maxsize=256)  # a house has a handful of them
def _why(purpose: str, record: str) -> bytes:
    return _part(utf8(purpose)) + _part(utf8(record))


def both_aads(people: Sequence[bytes], purpose: str, record: str) -> list[tuple[bytes, bytes]]:
    """As :func:`wrapping_aad` and :func:`record_aad`, of each person."""
    why = _why(purpose, record)
    sizes = {*map(len, people)}
    size = sizes.pop() if len(sizes) == 1 else 0
    if 0 < size <= _MAX:  # one length, as nearly always
        parts = [BYTE[size] + person for person in people]
    else:
        parts = list(map(_part, people))
    return [(_WRAP_LABEL + part, _RECORD_LABEL + part + why) for part in parts]


def wrapping_aad(person: bytes) -> bytes:
    """Associated data of a wrapped person key: whose it is."""
    return _WRAP_LABEL + _part(person)


def utf8(text: str) -> bytes:
    """The text in UTF-8; nothing when it has no such form.

    Without an exception on purpose: Python's own would carry the whole text along.
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        return b""


def _part(value: bytes) -> bytes:
    if not 0 < len(value) <= _MAX:
        raise Misuse(codes.BINDING_MALFORMED)
    return BYTE[len(value)] + value
