"""The daily audit of the house's own checks, in a process of its own that yields to everything else.

The service only takes the day's turn (:mod:`liangming.governance.daily`) and starts
``liangming audit daily``, which lowers itself before it does anything. A service that stops ends it in
order; a service that is killed takes it along.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from datetime import time, timedelta
from pathlib import Path
from typing import Final

from liangming.clock import CHINA, Clock, china_date
from liangming.docket import Record, Records
from liangming.errors import LiangmingError
from liangming.governance import daily

COMMAND: Final = (sys.executable, "-m", "liangming", "audit", "daily")
LOOK_SECONDS: Final = 60.0
_END: Final = 20.0  # seconds to end in order
_FINE: Final = (0, 1)  # 1: something newly stands out

_log = logging.getLogger("liangming.audit")


class Daily:
    """Sees to it that each day is audited once.

    Args:
        records: where the turns are.
        clock: read at each look.
        at: from when on in China a day's turn may be taken; it is the day before that is audited.
        result: the file that the audit leaves.
        command: what does it.
        seconds: between two looks.
    """

    def __init__(
        self,
        records: Records,
        clock: Clock,
        at: time,
        result: Path,
        *,
        command: Sequence[str] = COMMAND,
        seconds: float = LOOK_SECONDS,
    ) -> None:
        self._records = records
        self._clock = clock
        self._at = at
        self._result = result
        self._command = tuple(command)
        self._seconds = seconds

    async def run(self) -> None:
        """Look every minute whether a turn is to be had, until cancelled; never raises for a failure."""
        while True:
            try:
                await self.look()
            except (LiangmingError, OSError) as failure:
                code = failure.code.name if isinstance(failure, LiangmingError) else "os"
                _log.warning("the daily audit could not be looked after: %s", code)
            await asyncio.sleep(self._seconds)

    async def look(self) -> bool:
        """Take the turn of the day if it is to be had, and see it through; whether it was done."""
        now = self._clock.now()
        if now.astimezone(CHINA).time() < self._at:
            return False
        mine = await daily.take(self._records, china_date(now) - timedelta(days=1), now)
        if mine is None:
            return False
        _log.info("the daily audit begins")
        mine, status = await self._audited(mine)
        if mine is None:
            _log.warning("another service took the daily audit over")
            return False
        if status in _FINE:
            result = await asyncio.to_thread(self._result.read_bytes)
            kept = await daily.done(self._records, mine, self._clock.now(), result)
            _log.info("the daily audit is done")
            return kept
        _log.warning("the daily audit failed with status %s; it is tried again", status)
        await daily.failed(self._records, mine, self._clock.now())
        return False

    async def _audited(self, mine: Record) -> tuple[Record | None, int]:
        """The turn, as it was held, and the status with which the audit ended."""
        process = await asyncio.create_subprocess_exec(
            *self._command,
            str(os.getpid()),
            stdin=PIPE,
            stdout=DEVNULL,
            start_new_session=True,  # Ctrl-C is for the service, which then ends it
        )
        held: Record | None = mine
        try:
            waiting = asyncio.create_task(process.wait())
            while held is not None:
                ready, _ = await asyncio.wait([waiting], timeout=daily.HOLD_SECONDS)
                if ready:
                    return held, waiting.result()
                held = await daily.hold(self._records, held, self._clock.now())
            return None, 0
        finally:
            await _ended(process)


async def _ended(process: Process) -> None:
    """End an audit whose service stops; what it had counted is kept."""
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _END)
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
