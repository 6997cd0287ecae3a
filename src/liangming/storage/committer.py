"""Group commit on PostgreSQL: one coroutine takes whatever waits and commits it as one.

Nearly every group is as its changes expect: nobody moved before them. So a group is written unlooked, in
one statement that is its own transaction and says itself whether it was so: one round trip. Where
it was not, and for a while after, a group goes the long way: look at what it touches (its own snapshot)
→ admit in order → write. Another process may move between the look and the write; then a count or a
constraint says so, nothing is written, and it looks again. Each such round some other change has
landed, so it ends.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Sequence
from typing import Final

import asyncpg

from liangming.check.ports import MOVED_ON, STORE_BUSY, STORE_DOWN, Change
from liangming.errors import LiangmingError, Misuse, Outage
from liangming.storage import admission
from liangming.storage.connections import OWN_FAULT, RACED, check_schema, connect, wrapped
from liangming.storage.postgres_statements import Raced, know, write
from liangming.storage.records import Writing

Verdicts = list[LiangmingError | None]

_GROUP: Final = 1_000
_ROUNDS: Final = 8
_WARY: Final = 16  # groups that look first, after one that was not as expected


class Committer:
    """Owns the writing connection.

    Args:
        url: the database.
        limit: changes that may wait.
    """

    def __init__(self, url: str, limit: int) -> None:
        self._url = url
        self._limit = limit
        self._waiting: deque[tuple[Sequence[Change], asyncio.Future[Verdicts]]] = deque()
        self._size = 0
        self._wake = asyncio.Event()
        self._closing = False
        self._connection: asyncpg.Connection | None = None
        self._task: asyncio.Task[None] | None = None
        self._wary = 0

    async def start(self) -> None:
        """Connect once, to fail early, and begin."""
        self._connection = await connect(self._url)
        await check_schema(self._connection)
        self._task = asyncio.get_running_loop().create_task(self._work())

    async def stop(self) -> None:
        """Write what was accepted, then let go."""
        self._closing = True
        self._wake.set()
        if self._task is not None:
            await self._task
        if self._connection is not None:
            with contextlib.suppress(Exception):  # leaving; what is written is written
                await self._connection.close(timeout=5)
            self._connection = None

    async def submit(self, changes: Sequence[Change]) -> Verdicts:
        """Queue changes and wait until they are durable.

        Raises:
            Outage: STORE_BUSY, STORE_DOWN, STORE_FULL.
        """
        if self._closing or self._task is None:
            raise Outage(STORE_DOWN, retry_after=1)
        if self._size and self._size + len(changes) > self._limit:
            raise Outage(STORE_BUSY, retry_after=1)
        self._size += len(changes)
        future: asyncio.Future[Verdicts] = asyncio.get_running_loop().create_future()
        self._waiting.append((changes, future))
        self._wake.set()
        return await future

    async def _work(self) -> None:
        while True:
            if not self._waiting:
                if self._closing:
                    return
                self._wake.clear()
                await self._wake.wait()
                continue
            group = [self._waiting.popleft()]
            changes = list(group[0][0])
            while self._waiting and len(changes) < _GROUP:
                group.append(self._waiting.popleft())
                changes += group[-1][0]
            outcome: Verdicts | LiangmingError
            try:
                outcome = await self._commit(changes)
            except Exception as failure:  # noqa: BLE001  (a writer must outlive whatever happens)
                outcome = wrapped(failure)
                self._drop()
            self._size -= len(changes)
            _settle(group, outcome)

    async def _commit(self, changes: Sequence[Change]) -> Verdicts:
        connection = self._connection
        if connection is None or connection.is_closed():
            connection = self._connection = await connect(self._url)
        # A crash or a cut before a statement is answered: either nothing or all of the group is
        # there, and nobody was told; callers repeat under their idempotency keys.
        self._wary = max(0, self._wary - 1)
        if not self._wary:
            verdicts = admission.admit(changes, admission.expected(changes))
            if not any(verdicts):
                try:
                    await write(connection, Writing(changes))
                except (Raced, *RACED):
                    pass
                except OWN_FAULT:
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
            except OWN_FAULT:
                break
            return verdicts
        return await self._one_by_one(connection, changes)

    async def _one_by_one(
        self, connection: asyncpg.Connection, changes: Sequence[Change]
    ) -> Verdicts:
        """Some change cannot be written, or keeps being raced: let the others land."""
        verdicts: Verdicts = []
        async with connection.transaction():
            for change in changes:
                verdicts.append(await _alone(connection, change))
        return verdicts

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()


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
    except OWN_FAULT as failure:
        return wrapped(failure)
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
