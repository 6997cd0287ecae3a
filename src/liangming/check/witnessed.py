"""Asks the witnesses beside the service, whenever the log has a head that they have not signed.

Neither checks nor the log wait for this. It does nothing in a process that does not feed the log.
"""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Final

from liangming.clock import Clock
from liangming.errors import LiangmingError
from liangming.ledger.circle import Circle

POOL_SECONDS: Final = 0.2
AFTER_FAILURE: Final = 5.0

_log = logging.getLogger("liangming.witness")


class Asking:
    """One who asks.

    Args:
        circle: whom.
        clock: read once a round.
        pool_seconds: from one round to the next.
    """

    def __init__(self, circle: Circle, clock: Clock, *, pool_seconds: float = POOL_SECONDS) -> None:
        self._circle = circle
        self._clock = clock
        self._pool = pool_seconds
        self._stopping = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="liangming-witnesses")

    def stop(self) -> None:
        """Ask :meth:`run` to come to its end."""
        self._stopping.set()

    async def run(self) -> None:
        """Ask until stopped, at least once; never raises for what a witness or the log does."""
        loop = asyncio.get_running_loop()
        try:
            while True:
                pause = self._pool
                try:
                    await loop.run_in_executor(self._thread, self._circle.round, self._clock.now())
                except LiangmingError as failure:
                    _log.warning("the witnesses cannot be asked: %s", failure.code.name)
                    pause = AFTER_FAILURE
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._stopping.wait(), pause)
                if self._stopping.is_set():
                    return
        finally:
            await loop.run_in_executor(self._thread, self._circle.close)
            self._thread.shutdown(wait=False)
