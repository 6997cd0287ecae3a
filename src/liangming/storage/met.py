"""Who may be registered: a map of bits in memory, so that nobody is looked for who was never met.

Every check of a new person was a look-up that finds nothing, and in a large register that is the dearest part of it: a
page of the key's tree that is in no memory of ours. So four bits stand for each person who was there when
the register was read, and for each who was sent to the writer since (a Bloom filter whose bits lie in one
word, so that a look is one place in memory); they are taken by the first bytes of the keyed index, which are as good as drawn by lot.

Bits that are all set say *perhaps*: then the register is asked. One that is not set says *not as far as we know*, and may be
wrong without harm: the commit of a new person who is there is refused (MOVED_ON, as when two counters meet
one person at once), and the second look asks the register. So nothing here has to be locked, kept or repaired, and an
erased person's bits, which say nothing about who it was, stay until the service starts anew.
Other services before the same PostgreSQL are such a harmless wrong, too; see :class:`Register`.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

from liangming.check.ports import Change
from liangming.errors import LiangmingError

_FOR_EACH: Final = 16  # bits a person: of 180 look-ups one is in vain, of 30 when they have doubled
_FEWEST: Final = 24  # 2 MiB
_MOST: Final = 28  # 32 MiB
_TAKEN: Final = 8  # bytes of an index: a word by its first bits, and what is set there by the last
_WORD: Final = 64
_SET: Final = 4
_STEP: Final = 2_000  # persons: half a millisecond
_REST: Final = 0.004  # seconds between two steps: 5 million people in some twelve
_SURPRISES: Final = 4  # that mean nothing: two counters here may meet one person at once
_SURE: Final = 20_000  # persons sent, among whom one more means nothing
_PAUSE: Final = 600.0  # seconds before a register in which others write is read again


class Asking(NamedTuple):
    """How a database is asked: about how many there are, found at once; and some of them, in their order."""

    many: str
    some: str


SQLITE: Final = Asking(
    "SELECT max(rowid) FROM persons",  # no fewer than there are
    "SELECT person FROM persons WHERE person > ? ORDER BY person LIMIT ?",
)
POSTGRES: Final = Asking(
    "SELECT greatest(reltuples, 0)::int8 FROM pg_class WHERE oid = 'persons'::regclass",
    "SELECT person FROM persons WHERE person > $1 ORDER BY person LIMIT $2",
)


def _patterns(many: int = 1 << 12) -> tuple[int, ...]:
    """Words in which :data:`_SET` bits are set; which, is drawn by hashing."""
    drawn = (hashlib.shake_256(number.to_bytes(2)).digest(_WORD) for number in range(many))
    places = (list(dict.fromkeys(byte % _WORD for byte in each))[:_SET] for each in drawn)
    return tuple(sum(1 << place for place in each) for each in places)


_PATTERNS: Final = _patterns()
_LAST_BITS: Final = len(_PATTERNS) - 1


class Met:
    """The map.

    Args:
        people: about how many are registered.

    Attributes:
        room: how many more persons it is good for.
    """

    __slots__ = ("_shift", "_words", "room")

    def __init__(self, people: int) -> None:
        places = min(max((people * _FOR_EACH - 1).bit_length(), _FEWEST), _MOST)
        words = (1 << places) // _WORD
        self._words = memoryview(bytearray(words * _WORD // 8)).cast("Q")
        self._shift = 8 * _TAKEN - (words - 1).bit_length()
        self.room = (1 << places) // _FOR_EACH

    def add(self, persons: Iterable[bytes]) -> None:
        """These may be registered from now on."""
        words, shift = self._words, self._shift
        for person in persons:
            drawn = int.from_bytes(person[:_TAKEN])
            words[drawn >> shift] |= _PATTERNS[drawn & _LAST_BITS]

    def among(self, persons: Sequence[bytes]) -> list[bytes]:
        """Those who may be registered."""
        words, shift = self._words, self._shift
        found = []
        for person in persons:
            drawn = int.from_bytes(person[:_TAKEN])
            wanted = _PATTERNS[drawn & _LAST_BITS]
            if words[drawn >> shift] & wanted == wanted:
                found.append(person)
        return found


class Register:
    """The map of one register: read when the service starts, beside everything else, and again when it is too full.

    Where others register people as well, whom they register is not on it. Each of those who comes here is a
    surprise and makes their group look first (:mod:`liangming.storage.admission`); a few of them, and the map is
    put away for ten minutes, and everybody looked for.

    Args:
        walk: rows of a statement, found beside the loop or in small steps.
        asking: its statements.
    """

    def __init__(
        self,
        walk: Callable[[str, Sequence[Any]], Awaitable[Sequence[Sequence[Any]]]],
        asking: Asking = SQLITE,
    ) -> None:
        self._walk = walk
        self._asking = asking
        self._met: Met | None = None  # whole
        self._next: Met | None = None  # being read
        self._reading: asyncio.Task[None] | None = None
        self._sent = 0
        self._surprises = 0

    def begin(self) -> None:
        """Read the register; until that is done, everybody may be in it."""
        if self._reading is None or self._reading.done():
            self._reading = asyncio.get_running_loop().create_task(self._read())

    def surprise(self, many: int) -> None:
        """So many were sent as new, and are there: another counter was first, or another service."""
        if self._met is None:
            return
        self._surprises += many
        if self._surprises > _SURPRISES + self._sent // _SURE:
            self._met = None
            if self._reading is None or self._reading.done():
                self._reading = asyncio.get_running_loop().create_task(self._read(_PAUSE))

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

    async def _read(self, pause: float = 0.0) -> None:
        await asyncio.sleep(pause)
        with suppress(LiangmingError):  # then everybody may be there, as before
            ((many,),) = await self._walk(self._asking.many, ())
            met = self._next = Met(many or 0)
            after = b""
            while rows := await self._walk(self._asking.some, (after, _STEP)):
                met.add([row[0] for row in rows])
                after = rows[-1][0]
                await asyncio.sleep(_REST)
            self._met, self._sent, self._surprises = met, 0, 0
        self._next = None
