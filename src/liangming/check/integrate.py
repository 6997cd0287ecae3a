"""Moves the leaves of committed checks into the tile log, in the store's own order.

A check's leaves become durable with the check; the log follows. While the log is well, a leaf is
under a signed head at most about one second after its commit: a round begins 0.5 s after the one
before, takes up to 40,000 leaves, and goes on at once while more are waiting.

One round, in this order:

1. after a start or any failure: recover the log, then hold its last leaf against the store's;
2. read the leaves behind the log's head;
3. append them at exactly that size, which publishes the new head.

Crash story: the only memory of how far it came is the log's own head, so a leaf enters exactly
once wherever a crash falls. A log that was lost whole, lock row and tiles, fills again from the
store: the same leaves in the same order, and so the same roots.

One log folder has one integrator at a time (``turn``): two that append the same leaves would share
the name of a stage, and the slower one would drop the other's.

What it never does: hold up a check (it only reads the store, and file work has a thread of its
own); pass over a leaf; go on when store and log tell different pasts.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from typing import Final

from liangming.check.ports import PASTS_DIFFER, Store
from liangming.clock import Clock
from liangming.errors import LiangmingError, Refusal
from liangming.ledger import Head, Log, Prover, TileStore

POOL_SECONDS: Final = 0.5
MOST_LEAVES: Final = 40_000  # what comes in half a second at 16,000 checks/s
FIRST_WAIT: Final = 0.5  # seconds after the first failure; doubled with each one in a row
LONGEST_WAIT: Final = 60.0
NOT_YET: Final = 2.0  # seconds until a process that waits for its turn asks again
LAST_ROUNDS: Final = 64  # when stopping; what is left then enters after the next start

_log = logging.getLogger("liangming.log")


class Integrator:
    """The one who carries leaves from the store to the log.

    Args:
        store: where committed leaves stand in gapless order, from 0.
        log: whose leaves they become; nobody else in this process appends to it.
        clock: read once a round.
        tiles: the log's files, to read its last leaf back.
        known: heads of this log seen elsewhere (a witness, an inspector, another disk); the log
            refuses to be older than any of them.
        turn: takes, or still has, the right to append to these files; False while another process
            has it.
        pool_seconds: from one round to the next while fewer than ``most`` leaves wait.
        most: leaves in one round.
    """

    def __init__(
        self,
        store: Store,
        log: Log,
        clock: Clock,
        *,
        tiles: TileStore,
        known: Sequence[Head] = (),
        turn: Callable[[], bool] = lambda: True,
        pool_seconds: float = POOL_SECONDS,
        most: int = MOST_LEAVES,
    ) -> None:
        self._store = store
        self._log = log
        self._clock = clock
        self._tiles = tiles
        self._known = tuple(known)
        self._turn = turn
        self._pool = pool_seconds
        self._most = most
        self._head: Head | None = None  # None: recover first
        self._seen: tuple[Head, ...] = ()  # the newest head that this process published
        self._stopping = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="liangming-log")
        self.failure: str | None = None  # code of the failure that is being waited out

    async def run(self) -> None:
        """Go round until :meth:`stop`; then take in what is left, and sweep.

        Never raises for a failure of store or log: it waits, twice as long each time up to a
        minute, and recovers.
        """
        failures = 0
        try:
            while not self._stopping.is_set():
                try:
                    if not self._turn():
                        await self._pause(NOT_YET)
                        continue
                    full = await self.round() == self._most
                except Exception as failure:  # noqa: BLE001  (whatever it was: recover, try again)
                    failures += 1
                    await self._pause(self._note(failure, failures))
                    continue
                if failures:
                    _log.warning("the log goes on")
                failures, self.failure = 0, None
                await self._pause(0 if full else self._pool)
            await self._finish()
        finally:
            self._thread.shutdown(wait=False)

    def stop(self) -> None:
        """Ask :meth:`run` to come to its end."""
        self._stopping.set()

    async def round(self) -> int:
        """One round; how many leaves entered the log.

        Raises:
            Refusal: ``check.store-and-log-differ``; the log's own, from recovery.
            Misuse: ``ledger.head-moved``: another process was first.
            Outage: of the store or the log.
        """
        head, self._head = self._head, None  # forgotten until the round went well
        at = self._clock.now()
        loop = asyncio.get_running_loop()
        if head is None:  # 1
            head = await loop.run_in_executor(self._thread, self._recover, at)
            await self._compare(head)
        leaves = await self._store.leaves_from(head.size, self._most)  # 2
        if leaves:
            size = head.size
            head = await loop.run_in_executor(self._thread, self._append, leaves, at, size)  # 3
        # A crash anywhere above: the next recovery learns from the log's head how far it came.
        self._head, self._seen = head, (head,)
        return len(leaves)

    def _recover(self, at: datetime) -> Head:
        self._log.recover(at, (*self._known, *self._seen))
        return self._log.head

    def _append(self, leaves: Sequence[bytes], at: datetime, size: int) -> Head:
        return self._log.append(leaves, at, expected_size=size).head

    async def _compare(self, head: Head) -> None:
        """The last leaf of the log must be the store's leaf of that place."""
        if head.size == 0:
            return
        last = head.size - 1
        leaves = await self._store.leaves_from(last, 1)
        prover = Prover(self._tiles, head, remember=8)
        loop = asyncio.get_running_loop()
        entry = await loop.run_in_executor(self._thread, prover.entry, last)
        if list(leaves) != [entry]:
            raise Refusal(PASTS_DIFFER)

    async def _finish(self) -> None:
        try:
            if not self._turn():
                return
            for _ in range(LAST_ROUNDS):
                if await self.round() < self._most:
                    break
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._thread, self._log.sweep)
        except Exception as failure:  # noqa: BLE001  (the next start recovers)
            self._note(failure, 1)

    async def _pause(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    def _note(self, failure: Exception, failures: int) -> float:
        """Write down what failed, without its words; seconds to wait."""
        wait = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(failures - 1, 10))
        self.failure = type(failure).__name__
        if isinstance(failure, LiangmingError):
            self.failure = failure.code.name
            wait = min(LONGEST_WAIT, max(wait, float(failure.retry_after or 0)))
        _log.warning("the log stands still: %s; again in %.1f s", self.failure, wait)
        return wait
