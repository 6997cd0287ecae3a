"""Group commit on PostgreSQL: whatever waits is committed as one, and three such groups are on their way.

Nearly every group is as its changes expect: nobody moved before them. So a group is written unlooked, in
one statement that is its own transaction and says itself whether it was so: one round trip. Where
it was not, and for a while after, a group goes the long way: look at what it touches (its own snapshot)
→ admit in order → write. Another process, or the group beside it, may move between the look and the write;
then a count or a constraint says so, nothing is written, and it looks again. Each such round some other
change has landed, so it ends.

While one group waits for the disk, the rows of the next are made and written; at the head of the log it
waits for the first, so places are dense and in the order of commits.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator, Sequence
from typing import Final

import asyncpg

from liangming.check.ports import MOVED_ON, STORE_BUSY, STORE_DOWN, Change
from liangming.errors import LiangmingError, Misuse, Outage
from liangming.storage import admission, runs
from liangming.storage.codes import UNFIT
from liangming.storage.connections import OWN_FAULT, RACED, connect, wrapped
from liangming.storage.postgres_statements import Raced, know, write
from liangming.storage.records import Writing

Verdicts = list[LiangmingError | None]

WAYS: Final = 3  # groups on their way, each on a connection of its own: as many as frames are ahead
_GROUP: Final = 1_000
_ROUNDS: Final = 8
_WARY: Final = 16  # groups that look first, after one that was not as expected
_UNFIT: Final = (*OWN_FAULT, ValueError)  # the last: leaves that no pattern cuts


class Committer:
    """Owns the writing connections.

    Args:
        url: the database, which was seen to be there.
        limit: changes that may wait.
    """

    def __init__(self, url: str, limit: int) -> None:
        self._url = url
        self._limit = limit
        self._waiting: deque[tuple[Sequence[Change], asyncio.Future[Verdicts]]] = deque()
        self._size = 0
        self._wake = asyncio.Event()
        self._closing = False
        self._spare: list[asyncpg.Connection] = []
        self._ways = asyncio.Semaphore(WAYS)
        self._by_itself = asyncio.Lock()
        self._going: set[asyncio.Task[None]] = set()
        self._task: asyncio.Task[None] | None = None
        self._wary = 0

    def start(self) -> None:
        """Begin; each way connects with its first group."""
        self._task = asyncio.get_running_loop().create_task(self._work())

    async def stop(self) -> None:
        """Write what was accepted, then let go."""
        self._closing = True
        self._wake.set()
        if self._task is not None:
            await self._task
        while self._spare:
            with contextlib.suppress(Exception):  # leaving; what is written is written
                await self._spare.pop().close(timeout=5)

    def put(self, changes: Sequence[Change]) -> asyncio.Future[Verdicts]:
        """Queue changes; what is given is done once they are durable.

        Raises:
            Outage: STORE_BUSY, STORE_DOWN.
        """
        if self._closing or self._task is None:
            raise Outage(STORE_DOWN, retry_after=1)
        if self._size and self._size + len(changes) > self._limit:
            raise Outage(STORE_BUSY, retry_after=1)
        self._size += len(changes)
        future: asyncio.Future[Verdicts] = asyncio.get_running_loop().create_future()
        self._waiting.append((changes, future))
        self._wake.set()
        return future

    async def submit(self, changes: Sequence[Change]) -> Verdicts:
        """Queue changes and wait until they are durable.

        Raises:
            Outage: STORE_BUSY, STORE_DOWN, STORE_FULL.
        """
        return await self.put(changes)

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting or not self._closing:
            if not self._waiting:
                self._wake.clear()
                await self._wake.wait()
                continue
            await self._ways.acquire()
            group = [self._waiting.popleft()]
            changes = list(group[0][0])
            while self._waiting and len(changes) < _GROUP:
                group.append(self._waiting.popleft())
                changes += group[-1][0]
            task = loop.create_task(self._write(group, changes))
            self._going.add(task)
            task.add_done_callback(self._going.discard)
        while self._going:
            await asyncio.wait(self._going)

    async def _write(
        self,
        group: Sequence[tuple[Sequence[Change], asyncio.Future[Verdicts]]],
        changes: list[Change],
    ) -> None:
        outcome: Verdicts | LiangmingError
        try:
            async with self._connected() as connection:
                outcome = await self._commit(connection, changes)
        except Exception as failure:  # noqa: BLE001  (a writer must outlive whatever happens)
            outcome = wrapped(failure)
        finally:
            self._ways.release()
        self._size -= len(changes)
        _settle(group, outcome)

    @contextlib.asynccontextmanager
    async def _connected(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection; one under which anything failed is not used again."""
        connection = self._spare.pop() if self._spare else await connect(self._url)
        if connection.is_closed():
            connection = await connect(self._url)
        try:
            yield connection
        except BaseException:
            connection.terminate()
            raise
        self._spare.append(connection)

    async def _commit(self, connection: asyncpg.Connection, changes: Sequence[Change]) -> Verdicts:
        # A crash or a cut before a statement is answered: either nothing or all of the group is
        # there, and nobody was told; callers repeat under their idempotency keys.
        if missing := runs.uncut(changes):
            # Not seen since this process started: then the database has had it for a while.
            sql = "SELECT data FROM patterns WHERE key = ANY($1::bytea[])"
            for (data,) in await connection.fetch(sql, list(missing)):
                runs.learn_to_cut(data)
        self._wary = max(0, self._wary - 1)
        if not self._wary:
            verdicts = admission.admit(changes, admission.expected(changes))
            if not any(verdicts):
                try:
                    await write(connection, Writing(changes))
                except (Raced, *RACED):
                    pass
                except _UNFIT:
                    return await self._one_by_one(connection, changes)
                else:
                    return verdicts
            self._wary = _WARY
        return await self._looked(connection, changes)

    async def _looked(self, connection: asyncpg.Connection, changes: Sequence[Change]) -> Verdicts:
        touched = admission.Touched.by(changes)
        for _ in range(_ROUNDS):
            verdicts = admission.admit(changes, await know(connection, touched))
            admitted = [change for change, no in zip(changes, verdicts, strict=True) if no is None]
            try:
                await write(connection, Writing(admitted))
            except (Raced, *RACED):
                continue
            except _UNFIT:
                break
            return verdicts
        return await self._one_by_one(connection, changes)

    async def _one_by_one(
        self, connection: asyncpg.Connection, changes: Sequence[Change]
    ) -> Verdicts:
        """Some change cannot be written, or keeps being raced: let the others land.

        The first of them takes the head of the log, and the next ask for rows after it: against the
        order of locks, so no group of ours may be on its way meanwhile.
        """
        self._ways.release()
        async with self._by_itself:
            for _ in range(WAYS):
                await self._ways.acquire()
            try:
                async with connection.transaction():
                    return [await _alone(connection, change) for change in changes]
            finally:  # one way is still this group's
                for _ in range(WAYS - 1):
                    self._ways.release()


async def _alone(connection: asyncpg.Connection, change: Change) -> LiangmingError | None:
    known = None
    try:
        known = await know(connection, admission.Touched.by((change,)))
        (verdict,) = admission.admit((change,), known)
        if verdict is None:
            async with connection.transaction():  # a savepoint
                await write(connection, Writing((change,)))
    except (Raced, asyncpg.UniqueViolationError):
        return Misuse(MOVED_ON)
    except _UNFIT:
        return Misuse(UNFIT)
    return verdict


def _settle(
    group: Sequence[tuple[Sequence[Change], asyncio.Future[Verdicts]]],
    outcome: Verdicts | LiangmingError,
) -> None:
    begin = 0
    for changes, future in group:
        end = begin + len(changes)
        if not future.done():  # its caller may have gone; what was written stays written
            if isinstance(outcome, LiangmingError):
                future.set_exception(outcome)
            else:
                future.set_result(outcome[begin:end])
        begin = end
