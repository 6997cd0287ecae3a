"""One thread that sets labels, so that checks are answered meanwhile; a long queue is refused."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from liangming.errors import Misuse
from liangming.label import Label, Press, Printed, Sheet
from liangming.label.faults import PRESS_BUSY
from liangming.label.sheet import Format

WAITING: Final = 64
"""Labels that may wait; a few seconds of work."""
_AGAIN: Final = 2


class PressRoom:
    """The press of one API process: opened with the first label, then kept warm."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="label")
        self._press: Press | None = None
        self._waiting = 0

    async def print(self, label: Label, sheet: Sheet, form: Format) -> Printed:
        """One label.

        Raises:
            Misuse: ``label.press-busy``.
            Outage: ``label.press-missing``, ``label.font-missing``.
        """
        if self._waiting >= WAITING:
            raise Misuse(PRESS_BUSY, retry_after=_AGAIN)
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, self._print, label, sheet, form)
        finally:
            self._waiting -= 1

    def _print(self, label: Label, sheet: Sheet, form: Format) -> Printed:
        if self._press is None:
            self._press = Press()
        return self._press.print(label, sheet, form)
