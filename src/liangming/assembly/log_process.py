"""The log in a process of its own: ``python -m liangming.assembly.log_process PARENT``.

It reads committed leaves by a connection of its own and never writes to the database. Started by
:mod:`liangming.assembly.keeping`; no command for people. It ends when its standard input does, and
says on its standard output what is known of the witnesses, a line whenever that changed.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from typing import Final

from liangming.assembly.house import load_keys
from liangming.assembly.keeping import Keeping, KeptHere, tell
from liangming.assembly.log import evidence
from liangming.assembly.settings import Settings
from liangming.clock import SystemClock
from liangming.errors import LiangmingError
from liangming.storage import open_beside
from liangming.storage.child import attend
from liangming.storage.collector import calm

SECONDS: Final = 0.5  # how old what is said of a witness may be

_log = logging.getLogger("liangming.log")


async def keep(settings: Settings, end: asyncio.Event) -> None:
    """Keep the log until the end.

    Raises:
        LiangmingError: what keeps store or log from being opened.
    """
    clock = SystemClock()
    store = open_beside(settings.database, clock=clock)
    await store.open()
    try:
        with evidence(settings, load_keys(settings, clock)) as record:
            kept = KeptHere(store, clock, record)
            running = asyncio.create_task(kept.run())
            telling = asyncio.create_task(_tell(kept))
            calm()
            await end.wait()
            telling.cancel()
            kept.stop()
            await running
    finally:
        await store.close()


async def _tell(kept: Keeping) -> None:
    said = b""
    while True:
        line = tell(kept.standing)
        if line != said:
            os.write(1, line + b"\n")
            said = line
        await asyncio.sleep(SECONDS)


class _Ends(asyncio.Protocol):
    def __init__(self, end: asyncio.Event) -> None:
        self._end = end

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._end.set()


async def _main() -> None:
    end = asyncio.Event()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: _Ends(end), sys.stdin)
    await keep(Settings.read(), end)


def main(parent: int) -> int:
    """Serve one parent; the exit status."""
    attend(parent)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        asyncio.run(_main())
    except LiangmingError as failure:
        _log.warning("the log cannot be kept: %s", failure.code.name)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
