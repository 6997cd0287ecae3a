"""What waits for PostgreSQL's committer, and is made ready meanwhile.

While the database writes one large group the committer has nothing else to do, and on two cores nobody waits for
it. So it cuts the leaves of what comes next then, a few at a time (whatever the database says goes first), and makes its
rows. The next group is what is ready, if that is enough for one; what is left over is made ready beside it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from liangming.check.ports import Change
from liangming.errors import LiangmingError
from liangming.storage import runs
from liangming.storage.poured import Poured, joined
from liangming.storage.records import Writing

Verdicts = list[LiangmingError | None]

GROUP: Final = 1_000  # changes after which a group is full
ENOUGH: Final = 500  # changes that are not kept waiting by others whose leaves are to be cut
_AT_ONCE: Final = 20  # changes whose leaves are cut before the database is heard again


class Asked:
    """Changes that somebody waits for.

    Args:
        changes: in their order.
        future: takes what became of them.

    Attributes:
        ready: nothing can be made of them before they are written. Few changes always are: they do not wait.
        poured: their rows, where they were made.
    """

    __slots__ = ("_cut", "changes", "future", "poured", "ready")

    def __init__(self, changes: Sequence[Change], future: asyncio.Future[Verdicts]) -> None:
        self.changes = list(changes)
        self.future = future
        self.ready = len(changes) < runs.MANY
        self._cut = 0
        self.poured: Poured | None = None

    def get_ready(self) -> None:
        """Cut the leaves of some more; of the last ones, make the rows of all."""
        begin, self._cut = self._cut, self._cut + _AT_ONCE
        try:
            self.changes[begin : self._cut] = runs.share(self.changes[begin : self._cut])
        except Exception:  # noqa: BLE001  (whatever it is, the write says it of that change alone)
            self.ready = True
        else:
            self.ready = self._cut >= len(self.changes)
            if self.ready:
                self.poured = Poured.of(self.changes)


class Waiting:
    """Changes in the order in which they are written."""

    def __init__(self) -> None:
        self._asked: deque[Asked] = deque()

    def __len__(self) -> int:
        return len(self._asked)

    def put(self, asked: Asked) -> None:
        """At the end."""
        self._asked.append(asked)

    def group(self) -> list[Asked]:
        """Take what is written next: all that is there, or enough of it that is ready."""
        group: list[Asked] = []
        size = 0
        while self._asked and size < GROUP and (size < ENOUGH or self._asked[0].ready):
            group.append(self._asked.popleft())
            size += len(group[-1].changes)
        return group

    def get_ready(self) -> bool:
        """Make some more ready; whether there was anything to do."""
        asked = next((asked for asked in self._asked if not asked.ready), None)
        if asked is not None:
            asked.get_ready()
        return asked is not None


def poured(group: Sequence[Asked]) -> Writing | None:
    """What a group writes; None where that cannot be said of each of its changes alone."""
    parts: list[Poured | None] = []
    for made, some in groupby(group, lambda asked: asked.poured is not None):
        if made:
            parts += [asked.poured for asked in some]
        else:  # together: one by one costs more
            parts.append(Poured.of([change for asked in some for change in asked.changes]))
        if parts[-1] is None:
            return None
    return joined(parts)


def settle(group: Sequence[Asked], outcome: Verdicts | LiangmingError) -> None:
    """Say what became of a group's changes, or why all of them failed."""
    begin = 0
    for asked in group:
        future, end = asked.future, begin + len(asked.changes)
        if not future.done():  # its caller may have gone; what was written stays written
            if isinstance(outcome, LiangmingError):
                future.set_exception(outcome)
            else:
                future.set_result(outcome[begin:end])
        begin = end
