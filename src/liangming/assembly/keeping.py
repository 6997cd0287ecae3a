"""Who keeps the log while a house serves: leaves go in, witnesses are asked.

:class:`KeptHere` does it beside everything else; :class:`KeptApart` in a process of its own, so that
it takes nothing from the event loop but the time of another core. Both end in order: what was
committed when :meth:`stop` is called enters the log first, as far as it can.

Crash story: the log's own head is the only memory of how far it came, so a keeper that dies is
simply started again, and its recovery is the one of every start. The right to append (``log.lock``)
dies with its process; the head's compare-and-swap holds two apart even without it.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import Final, Protocol

import msgspec

from liangming.assembly.log import Evidence
from liangming.check import Store
from liangming.check.integrate import Integrator
from liangming.check.witnessed import Asking
from liangming.clock import Clock
from liangming.errors import catalogue
from liangming.ledger import Head
from liangming.ledger.circle import Standing

COMMAND: Final = (sys.executable, "-m", "liangming.assembly.log_process")
FIRST_WAIT: Final = 0.5  # seconds before a keeper that ended is started again
LONGEST_WAIT: Final = 60.0
_END: Final = 120  # seconds that a keeper has for what is left

_log = logging.getLogger("liangming.log")


class Keeping(Protocol):
    """One who keeps the log."""

    @property
    def standing(self) -> Sequence[Standing]:
        """What is known of each witness."""
        ...

    async def run(self) -> None:
        """Keep it until :meth:`stop`; never raises for what happens to it."""
        ...

    def stop(self) -> None:
        """Ask :meth:`run` to come to its end."""
        ...


class KeptHere:
    """In this process.

    Args:
        store: whose leaves.
        clock: read once a round.
        record: the log.
    """

    def __init__(self, store: Store, clock: Clock, record: Evidence) -> None:
        self._circle = record.circle
        self._asking = Asking(record.circle, clock)
        self._integrator = Integrator(
            store, record.log, clock, tiles=record.tiles, known=record.known, turn=record.turn
        )

    @property
    def standing(self) -> Sequence[Standing]:
        """What is known of each witness."""
        return self._circle.standing

    async def run(self) -> None:
        """Keep it until :meth:`stop`."""
        asking = asyncio.create_task(self._asking.run())
        await self._integrator.run()
        self._asking.stop()
        await asking

    def stop(self) -> None:
        """Ask :meth:`run` to come to its end."""
        self._integrator.stop()


class KeptApart:
    """In a process of its own, which reads the same environment.

    Args:
        standing: what is known before it says anything.
        command: what runs it.
    """

    def __init__(self, standing: Sequence[Standing], command: Sequence[str] = COMMAND) -> None:
        self._standing = tuple(standing)
        self._command = tuple(command)
        self._stopping = asyncio.Event()
        self._process: Process | None = None

    @property
    def standing(self) -> Sequence[Standing]:
        """What the keeper told of each witness last."""
        return self._standing

    async def run(self) -> None:
        """Keep it until :meth:`stop`; a keeper that ends before is started again."""
        failures = 0
        while not self._stopping.is_set():
            if await self._one():
                failures = 0
            if self._stopping.is_set():
                return
            wait = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(failures, 10))
            failures += 1
            _log.warning("the log's process ended; another starts in %.1f s", wait)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), wait)

    def stop(self) -> None:
        """Ask :meth:`run` to come to its end."""
        self._stopping.set()
        process = self._process
        if process is not None and process.stdin is not None:
            process.stdin.close()
            asyncio.get_running_loop().call_later(_END, _kill, process)

    async def _one(self) -> bool:
        """One keeper to its end; whether it came as far as to say something."""
        said = False
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command,
                str(os.getpid()),
                stdin=PIPE,
                stdout=PIPE,
                start_new_session=True,  # Ctrl-C is for the service, which then ends us
            )
        except OSError:
            return said
        self._process = process
        if self._stopping.is_set():  # asked while it started
            self.stop()
        if process.stdout is not None:
            async for line in process.stdout:
                self._standing, said = told(line), True
        await process.wait()
        self._process = None
        return said


def _kill(process: Process) -> None:
    """A keeper that had its time; the next start recovers what it left."""
    if process.returncode is None:
        process.kill()


class _Told(msgspec.Struct, array_like=True, frozen=True):
    name: str
    size: int
    root: bytes
    at: datetime | None
    failure: str
    failures: int
    again: datetime | None


def tell(standing: Sequence[Standing]) -> bytes:
    """A line of what is known of each witness."""
    return msgspec.json.encode(
        [
            _Told(
                each.name,
                each.head.size,
                each.head.root,
                each.at,
                each.failure.name if each.failure else "",
                each.failures,
                each.again,
            )
            for each in standing
        ]
    )


def told(line: bytes) -> tuple[Standing, ...]:
    """What a line says."""
    codes = {code.name: code for code in catalogue()}
    return tuple(
        Standing(
            each.name,
            Head(each.size, each.root),
            each.at,
            codes.get(each.failure),
            each.failures,
            each.again,
        )
        for each in msgspec.json.decode(line, type=list[_Told])
    )
