"""How many connections there are at most, and whose is let go when one more comes.

Each connection holds a descriptor, and the process needs some for its files and its writer. So
connections end well before descriptors do. At that number a newcomer is worth more than somebody who keeps
us waiting: one that does not read what it asked for, then one that stalls in half a call, then
the one that has been silent the longest. Who waits for us is never cut off. Where only such
are there, the newcomer is told to come again.

Looked at are a few of those that have been there the longest; who waits for us then goes to the end
of the row. So at this number each newcomer costs the same, however many there are.
"""

from __future__ import annotations

import logging
import resource
from collections import OrderedDict
from contextlib import suppress
from itertools import islice
from typing import Final, Protocol

LARGEST: Final = 65_536  # descriptors; a connection takes memory, too (docs/operator.md)
RESERVE: Final = 256  # descriptors for files, the writer, the log, and look-ups elsewhere
OUTSIDE: Final = 512  # the same for those that wait before the door; of few, a sixteenth
LOOKED_AT: Final = 64
GRACE: Final = 1.0  # seconds in which nobody is called still
SAID_EVERY: Final = 60.0  # seconds

_log = logging.getLogger("liangming.api.crowd")


class Standing(Protocol):
    """A connection."""

    def still(self) -> tuple[int, float] | None:
        """How it keeps us waiting, the worst first, and since when; None: it waits for us."""
        ...

    def let_go(self) -> None:
        """End it."""
        ...


def most() -> int:
    """How many connections this process takes: its limit of descriptors, raised as far as it may be."""
    held = _descriptors()
    return max(held - RESERVE - _outside(held), held // 2)


def outside() -> int:
    """How many it holds before the door (:mod:`liangming.api.row`)."""
    return _outside(_descriptors())


def _outside(held: int) -> int:
    return min(OUTSIDE, held // 16)


def _descriptors() -> int:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = LARGEST if hard == resource.RLIM_INFINITY else min(hard, LARGEST)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(ValueError, OSError):  # some systems allow less than they name
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
    return LARGEST if soft == resource.RLIM_INFINITY else min(soft, LARGEST)


class Crowd:
    """The connections of one server.

    Args:
        most: how many there may be.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._row: OrderedDict[Standing, None] = OrderedDict()
        self._said = float("-inf")

    def joined(self, newcomer: Standing, now: float) -> bool:
        """One more is there; False: it is one too many."""
        fits = len(self._row) < self.most or self._make_room(now)
        self._row[newcomer] = None
        return fits

    def left(self, one: Standing) -> None:
        """One went."""
        self._row.pop(one, None)

    def _make_room(self, now: float) -> bool:
        """Let one go, if one of those that were looked at keeps us waiting."""
        if now - self._said >= SAID_EVERY:
            self._said = now
            _log.warning(
                "%d connections, and no more: those that stand still are let go", self.most
            )
        worst: tuple[tuple[int, float], Standing] | None = None
        for each in list(islice(self._row, LOOKED_AT)):
            still = each.still()
            if still is None or now - still[1] < GRACE:
                self._row.move_to_end(each)
                continue
            if worst is None or still < worst[0]:
                worst = (still, each)
        if worst is None:
            return False
        self.left(worst[1])
        worst[1].let_go()
        return True
