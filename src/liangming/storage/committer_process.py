"""The writer of a PostgreSQL database in a process of its own: ``python -m liangming.storage.committer_process``.

It reads the database's address and frames of changes from one pipe, commits them in groups
(:mod:`liangming.storage.committer`) and answers on another, each job in its turn, once it is durable: a group may
end in the middle of a frame.
Started by :mod:`liangming.storage.committer_apart`; no command for people.

Crash story: what was read and not committed is nothing; what was committed and not answered is
there, and its caller repeats under its key. It ends when its parent does, however that ends: the
kernel kills it then where it can, and the end of the pipe ends it everywhere; a statement that is at the
database then lands whole or not at all. Ctrl-C and SIGTERM are its parent's, who drains it and then lets go.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections import deque
from collections.abc import Callable
from typing import Final

from liangming.check.ports import STORE_DOWN, Change
from liangming.errors import LiangmingError, Outage
from liangming.storage import frames
from liangming.storage.child import attend
from liangming.storage.collector import calm
from liangming.storage.committer import Committer

LIMIT: Final = 1 << 30  # the parent bounds what waits

Asked = tuple[Change | None, ...]
Settled = frames.Verdicts | LiangmingError


class Inbox(asyncio.Protocol):
    """What comes down the pipe, and what goes up for it.

    Args:
        answer: sends up.
    """

    def __init__(self, answer: Callable[[bytes], object]) -> None:
        self._answer = answer
        self._frames = frames.Frames()
        self._committer: Committer | None = None
        self._asked: deque[tuple[Asked, asyncio.Future[frames.Verdicts]]] = deque()
        self.ended = asyncio.Event()

    def data_received(self, data: bytes) -> None:
        """Frames."""
        for kind, body in self._frames.feed(data):
            if kind == frames.ADDRESS:
                self._committer = Committer(body.decode(), LIMIT)
                self._committer.start()
            elif kind == frames.CHANGES and self._committer is not None:
                self._take(self._committer, frames.changes_of(body))

    def connection_lost(self, exc: Exception | None) -> None:
        """The parent lets go, or is gone."""
        del exc
        self.ended.set()

    async def finish(self) -> None:
        """Write and answer what was taken."""
        if self._committer is not None:
            await self._committer.stop()
        if self._asked:
            await asyncio.wait([settled for _, settled in self._asked])
        self._tell()

    def _take(self, committer: Committer, asked: list[Asked]) -> None:
        for job in asked:
            settled = committer.put([change for change in job if change is not None])
            settled.add_done_callback(self._tell)
            self._asked.append((job, settled))

    def _tell(self, _: object = None) -> None:
        """Say what became of those jobs of which it is known, in the order in which they came."""
        told: list[Settled] = []
        while self._asked and self._asked[0][1].done():
            job, settled = self._asked.popleft()
            told.append(frames.told(_outcome(settled), job))
        if told:
            self._answer(frames.done(told))


class _Told(asyncio.Protocol):
    """The pipe to the parent.

    Attributes:
        all: nothing more is said.
    """

    def __init__(self) -> None:
        self.all = asyncio.Event()

    def connection_lost(self, exc: Exception | None) -> None:
        """Everything was said, or nobody hears any more."""
        del exc
        self.all.set()


def _outcome(settled: asyncio.Future[frames.Verdicts]) -> Settled:
    failure = Outage(STORE_DOWN) if settled.cancelled() else settled.exception()
    if failure is None:
        return settled.result()
    return failure if isinstance(failure, LiangmingError) else Outage(STORE_DOWN)


async def _serve(down: int, up: int) -> None:
    loop = asyncio.get_running_loop()
    way, told = await loop.connect_write_pipe(_Told, os.fdopen(up, "wb", 0))
    _, inbox = await loop.connect_read_pipe(lambda: Inbox(way.write), os.fdopen(down, "rb", 0))
    calm()
    await inbox.ended.wait()
    await inbox.finish()
    way.close()  # what waits for the pipe goes first
    await told.all.wait()


def main(down: int, up: int, parent: int) -> None:
    """Serve one parent."""
    attend(parent)
    try:
        import uvloop
    except ImportError:  # pragma: no cover  (where uvloop does not exist)
        asyncio.run(_serve(down, up))
    else:
        uvloop.run(_serve(down, up))


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:4]))
