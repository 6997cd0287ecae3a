"""Group commit on PostgreSQL: whatever waits is committed as one, and several such groups are on their way.

Nearly every group is as its changes expect: nobody moved before them. So a group is written unlooked, in
one statement that is its own transaction and says itself whether it was so: one round trip. Where
it was not, and for a while after, a group goes the long way: look at what it touches (its own snapshot)
→ admit in order → write. Another process, or the group beside it, may move between the look and the write;
then a count or a constraint says so, nothing is written, and it looks again. Each such round some other
change has landed, so it ends.

At the head of the log one group waits for the other, so places are dense and in the order of commits. A small
group holds the head until the disk has it. A large one lets it go: it commits without waiting for the disk, and
asks for the disk by a second commit on the same connection, which waits for all that was committed before it, on
the standbys that the server names as well. Only then is anybody told; meanwhile the next group is written. A group
that moves a check or a consent, on which others act as soon as they see it, is never ahead. A group of which nothing
is admitted asks for the disk like a large one: a code that is used, or a key, may be so in a group that the server
could still lose, and whoever was refused for it would be for nothing. Where something is admitted its own commit
stands behind all that it saw.

Crash story of a group that is ahead:

| what ends, between its commit and the disk | what is there after |
|---|---|
| the server | its log up to some commit: the group or not, and none after it that stands on it. The connection is gone, so the group is refused with STORE_DOWN; callers repeat under their keys. One that the server restarted in between could not take the old one's place: it is another connection |
| the connection | the group; it is refused all the same |
| this process | the group; nobody was told |
| the primary, and a standby takes over | as with the server: what was told the standby has |

Everybody sees such a group some milliseconds before the disk has it. Who acts on that where the server could not take
it back (the log of evidence, answers under a key, webhooks, used codes, lists) asks for the disk on the
connection that has seen it: :meth:`liangming.storage.postgres.PostgresStore.ashore`.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from itertools import chain
from typing import Final

import asyncpg

from liangming.check.ports import MOVED_ON, STORE_BUSY, STORE_DOWN, Change
from liangming.errors import LiangmingError, Misuse, Outage
from liangming.storage import admission, runs
from liangming.storage.codes import UNFIT
from liangming.storage.connections import OWN_FAULT, RACED, ashore, connect, wrapped
from liangming.storage.postgres_statements import Raced, know, write
from liangming.storage.records import Writing
from liangming.storage.waiting import Asked, Verdicts, Waiting, poured, settle

WAYS: Final = 3  # small groups that are written, each on a connection of its own
AFLOAT: Final = 4  # groups that are committed and wait for the disk
MANY: Final = 64  # changes of a group that goes ahead of the disk
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
        self._waiting = Waiting()
        self._readying: asyncio.Task[None] | None = None
        self._size = 0
        self._wake = asyncio.Event()
        self._closing = False
        self._spare: list[asyncpg.Connection] = []
        self._ways = asyncio.Semaphore(WAYS)
        self._afloat = asyncio.Semaphore(AFLOAT)
        self._small = asyncio.Event()  # no large group is being written
        self._small.set()
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
        self._waiting.put(Asked(changes, future))
        self._wake.set()
        self._get_ready()
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
            await self._small.wait()  # what comes meanwhile makes the next one large, too
            await self._ways.acquire()
            group = self._waiting.group()
            changes = list(chain.from_iterable(asked.changes for asked in group))
            if len(changes) >= MANY:
                self._small.clear()
                self._get_ready()
            task = loop.create_task(self._write(group, changes))
            self._going.add(task)
            task.add_done_callback(self._going.discard)
        while self._going:
            await asyncio.wait(self._going)

    def _get_ready(self) -> None:
        """While the database is at work and this process is not: what is made ready now is not waited for later."""
        if self._readying is None and not self._small.is_set():
            self._readying = asyncio.get_running_loop().create_task(self._ready())

    async def _ready(self) -> None:
        while not self._small.is_set() and self._waiting.get_ready():  # noqa: ASYNC110  (no polling)
            await asyncio.sleep(0)  # what the database said goes first
        self._readying = None

    async def _write(self, group: Sequence[Asked], changes: list[Change]) -> None:
        outcome: Verdicts | LiangmingError
        way = contextlib.ExitStack()
        way.callback(self._ways.release)
        if len(changes) >= MANY:
            way.callback(self._small.set)
        try:
            async with self._connected() as connection:
                outcome, ahead = await self._commit(connection, group, changes)
                if ahead or all(outcome):  # what refused it may be ahead of the disk itself
                    await self._to_disk(connection, way)
        except Exception as failure:  # noqa: BLE001  (a writer must outlive whatever happens)
            outcome = wrapped(failure)
        finally:
            way.close()
        self._size -= len(changes)
        settle(group, outcome)

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

    async def _to_disk(self, connection: asyncpg.Connection, way: contextlib.ExitStack) -> None:
        """Let the next group be written while the disk takes this one."""
        # A crash of the server here: the commit is lost or not. This connection fell with it, so the
        # group is refused, and callers repeat under their keys.
        async with self._afloat:
            way.close()
            await ashore(connection)
        # A crash here: durable, and not told.

    async def _commit(
        self, connection: asyncpg.Connection, group: Sequence[Asked], changes: Sequence[Change]
    ) -> tuple[Verdicts, bool]:
        """What became of the changes, and whether the disk is still to be waited for."""
        # A crash or a cut before a statement is answered: either nothing or all of the group is
        # there, and nobody was told; callers repeat under their idempotency keys.
        if missing := runs.uncut(changes):
            # Not seen since this process started: then the database has had it for a while.
            sql = "SELECT data FROM patterns WHERE key = ANY($1::bytea[])"
            for (data,) in await connection.fetch(sql, list(missing)):
                runs.learn_to_cut(data)
        self._wary = max(0, self._wary - 1)
        if not self._wary:
            ready = poured(group)
            verdicts: Verdicts = [None] * len(changes)
            if ready is None:
                verdicts = admission.admit(changes, admission.expected(changes))
            if not any(verdicts):
                try:
                    writing = ready or Writing(changes)
                    ahead = await write(
                        connection, writing, ahead=len(changes) >= MANY, unlooked=True
                    )
                except (Raced, *RACED):
                    pass
                except _UNFIT:
                    return await self._one_by_one(connection, changes), False
                else:
                    return verdicts, ahead
            self._wary = _WARY
        return await self._looked(connection, changes)

    async def _looked(
        self, connection: asyncpg.Connection, changes: Sequence[Change]
    ) -> tuple[Verdicts, bool]:
        touched = admission.Touched.by(changes)
        for _ in range(_ROUNDS):
            verdicts = admission.admit(changes, await know(connection, touched))
            admitted = [change for change, no in zip(changes, verdicts, strict=True) if no is None]
            try:
                ahead = await write(connection, Writing(admitted), ahead=len(changes) >= MANY)
            except (Raced, *RACED):
                continue
            except _UNFIT:
                break
            return verdicts, ahead
        return await self._one_by_one(connection, changes), False

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
