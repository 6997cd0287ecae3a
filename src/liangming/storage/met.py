"""Who may be registered: a map of bits in memory, so that nobody is looked for who was never met.

Every check of a new person was a look-up that finds nothing, and in a large register that is the dearest part of it: a
page of the key's tree that is in no memory of ours. So a bit stands for each person who was there when
the register was read, and for each who was sent to the writer since; bits are taken by the first
bytes of the keyed index, which are as good as drawn by lot.

A bit that is set says *perhaps*: then the register is asked. One that is not set says *not as far as we know*, and may be
wrong without harm: the commit of a new person who is there is refused (MOVED_ON, as when two counters meet
one person at once), and the second look asks the register. So nothing here has to be locked, kept or repaired, and an
erased person's bit, which says nothing about who it was, stays until the service starts anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, Final

from liangming.check.ports import Change
from liangming.errors import LiangmingError

_FOR_EACH: Final = (
    16  # bits a person: one look-up in 16 is in vain, one in 8 when they have doubled
)
_FEWEST: Final = 24  # 2 MiB
_MOST: Final = 28  # 32 MiB
_TAKEN: Final = 4  # bytes of an index
_STEP: Final = 2_000  # persons: half a millisecond
_REST: Final = 0.004  # seconds between two steps: 5 million people in some twelve
_LAST: Final = "SELECT max(rowid) FROM persons"  # no fewer than there are, and found at once
_PERSONS: Final = "SELECT person FROM persons WHERE person > ? ORDER BY person LIMIT ?"


class Met:
    """The map.

    Args:
        people: about how many are registered.

    Attributes:
        room: how many more persons it is good for.
    """

    __slots__ = ("_bits", "_shift", "room")

    def __init__(self, people: int) -> None:
        places = min(max((people * _FOR_EACH - 1).bit_length(), _FEWEST), _MOST)
        self._bits = bytearray(1 << places >> 3)
        self._shift = 8 * _TAKEN - places
        self.room = (1 << places) // _FOR_EACH

    def add(self, persons: Iterable[bytes]) -> None:
        """These may be registered from now on."""
        bits, shift = self._bits, self._shift
        for person in persons:
            place = int.from_bytes(person[:_TAKEN]) >> shift
            bits[place >> 3] |= 1 << (place & 7)

    def among(self, persons: Sequence[bytes]) -> list[bytes]:
        """Those who may be registered."""
        bits, shift = self._bits, self._shift
        found = []
        for person in persons:
            place = int.from_bytes(person[:_TAKEN]) >> shift
            if bits[place >> 3] >> (place & 7) & 1:
                found.append(person)
        return found


class Register:
    """The map of one register: read when the service starts, beside everything else, and again when it is too full.

    Args:
        walk: rows of a statement, found in a thread.
    """

    def __init__(
        self, walk: Callable[[str, Sequence[Any]], Awaitable[list[tuple[Any, ...]]]]
    ) -> None:
        self._walk = walk
        self._met: Met | None = None  # whole
        self._next: Met | None = None  # being read
        self._reading: asyncio.Task[None] | None = None
        self._sent = 0

    def begin(self) -> None:
        """Read the register; until that is done, everybody may be in it."""
        if self._reading is None or self._reading.done():
            self._reading = asyncio.get_running_loop().create_task(self._read())

    async def end(self) -> None:
        """Read no further."""
        reading, self._reading = self._reading, None
        if reading is not None:
            reading.cancel()
            with suppress(asyncio.CancelledError):
                await reading

    def sent(self, changes: Iterable[Change]) -> None:
        """These are on their way to the writer: whom they register may be there from now on."""
        if self._reading is None:
            return
        persons = [change.person.person for change in changes if change.person is not None]
        if not persons:
            return
        for met in (self._met, self._next):
            if met is not None:
                met.add(persons)
        self._sent += len(persons)
        if self._met is not None and self._sent > self._met.room:
            self.begin()

    def perhaps(self, persons: Sequence[bytes]) -> Sequence[bytes]:
        """Those who may be registered."""
        return persons if self._met is None else self._met.among(persons)

    async def _read(self) -> None:
        with suppress(LiangmingError):  # then everybody may be there, as before
            ((last,),) = await self._walk(_LAST, ())
            met = self._next = Met(last or 0)
            after = b""
            while rows := await self._walk(_PERSONS, (after, _STEP)):
                met.add([row[0] for row in rows])
                after = rows[-1][0]
                await asyncio.sleep(_REST)
            self._met, self._sent = met, 0
        self._next = None
