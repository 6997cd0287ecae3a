"""Which events were counted: a sorted file of digests beside each unit, so that none counts twice.

An entry is one whole number of 64 bits: 52 of the digest of operator and event's number, then 12 of
what the event says (its moment and how it ended). So one look tells that a number was counted and,
but for one in 4,096, whether it said the same. Of each file a sample stays for ever, of every
64th number; the whole file only while it is among the newest :data:`NEWEST` entries.

Files are never held in memory: they are mapped, and asked in blocks, in order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from liangming.audit.partials.chain import PARTIALS_FAILED
from liangming.errors import Outage

Entries = NDArray[np.uint64]
"""Digests of numbers, each with what the event says."""

WHOLE: Final = ".whole"
SAMPLE: Final = ".sample"
NEWEST: Final = 1 << 27
"""How many entries stay whole: 1 GiB."""
EVERY: Final = 64
"""One number in so many is in the sample."""
SAID_BITS: Final = np.uint64(12)
VERSION: Final = 1
_SAID: Final = np.uint64((1 << 12) - 1)
_SAMPLED: Final = np.uint64((EVERY - 1) << 12)
_BLOCK: Final = 1 << 21
_LENGTH: Final = 8
_PAGE: Final = 64


class Header(msgspec.Struct, frozen=True):
    """What stands before the entries.

    Attributes:
        version: of this form.
        entries: how many follow.
        key: a digest of the key under which the numbers were digested.
        said: the columns that the 12 bits were made of.
    """

    version: int
    entries: int
    key: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """One file, open for asking.

    Attributes:
        header: what it says of itself.
        entries: in order, mapped.
    """

    header: Header
    entries: Entries

    def known(
        self, asked: Entries, said: tuple[str, ...]
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Which of some entries have a number that is here, and which of these say something else.

        Args:
            asked: in order.
            said: the columns that their 12 bits were made of; other ones cannot be compared.
        """
        numbers = asked & ~_SAID
        known = _at(self.entries, numbers) & ~_SAID == numbers
        if not len(self.entries):
            known[:] = False
        other = np.zeros(len(asked), np.bool_)
        if said == self.header.said:
            some = asked[known]
            other[known] = _at(self.entries, some) != some
        return known, other


def opened(path: Path) -> Counted:
    """Map a file.

    Raises:
        Outage: ``audit.partials-failed``; it is not there, or damaged.
    """
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(_LENGTH), "little")
            header = msgspec.json.decode(file.read(length), type=Header)
        if header.version != VERSION:
            raise Outage(PARTIALS_FAILED)
        nothing: Entries = np.zeros(0, np.uint64)
        if not header.entries:
            return Counted(header, nothing)
        place = _LENGTH + length
        entries = np.memmap(path, "<u8", "r", offset=place, shape=(header.entries,))
    except (OSError, ValueError, msgspec.MsgspecError):
        raise Outage(PARTIALS_FAILED) from None
    return Counted(header, entries)


def write(path: Path, blocks: Iterable[Entries], key: str, said: tuple[str, ...]) -> int:
    """Write entries that come in order; how many they were.

    Raises:
        OSError: the file cannot be written.
    """
    many = 0
    with path.open("wb") as file:
        file.write(_head(0, key, said))
        for block in blocks:
            many += len(block)
            file.write(np.ascontiguousarray(block, "<u8").data)
        file.seek(0)
        file.write(_head(many, key, said))
    return many


def _head(entries: int, key: str, said: tuple[str, ...]) -> bytes:
    """Always as long, however many entries there are."""
    head = msgspec.json.encode(Header(VERSION, entries, key, said))
    wide = len(head) - len(str(entries)) + len(str(1 << 63)) + _LENGTH
    head += b" " * (wide + -wide % _PAGE - _LENGTH - len(head))
    return len(head).to_bytes(_LENGTH, "little") + head


def blocks(entries: Entries) -> Iterator[Entries]:
    """Some entries at a time."""
    for first in range(0, len(entries), _BLOCK):
        yield np.asarray(entries[first : first + _BLOCK])


def sampled(entries: Entries) -> Iterator[Entries]:
    """Those of the sample."""
    for block in blocks(entries):
        yield block[block & _SAMPLED == 0]


def repeated(entries: Entries) -> Entries:
    """The numbers that stand more than once in some entries that are in order, each once."""
    numbers = entries & ~_SAID
    return np.unique(numbers[1:][numbers[1:] == numbers[:-1]])


def among(asked: Entries, there: Entries) -> NDArray[np.bool_]:
    """Which of some entries, in any order, have the number of one of others that are in order."""
    wanted = asked & ~_SAID
    return _at(there, wanted) & ~_SAID == wanted if len(there) else np.zeros(len(asked), np.bool_)


def known_to(
    some: Sequence[Counted], asked: Entries, said: tuple[str, ...]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """The same as :meth:`Counted.known` of several files; the first that knows a number tells."""
    known = np.zeros(len(asked), np.bool_)
    other = np.zeros(len(asked), np.bool_)
    for one in some:
        left = ~known
        here, differs = one.known(asked[left], said)
        other[left] = differs
        known[left] = here
    return known, other


def _at(entries: Entries, asked: Entries) -> Entries:
    """The first entry that is not less than each one asked for; the last where none is."""
    if not len(entries):
        return np.zeros(len(asked), np.uint64)
    place = np.searchsorted(entries, asked)
    np.minimum(place, len(entries) - 1, out=place)
    return np.asarray(entries[place])
