"""The demo's locker: a real device agent beside the demo, in a process of its own, on loopback.

The pages of the centre hold no face and import nothing of the device, so the machine's half of N5 is
shown where it belongs: on the machine's own screen. A printed photo stands before its simulated lens.
Without the extra ``edge`` there is no locker, and the demo says so.
"""

from __future__ import annotations

import asyncio
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

from liangming.check import Premises
from liangming.cli.speech import err
from liangming.device import invite

SCENE: Final = "yangli-locker-send"
PHOTO: Final = "print-cut-eyes"
NEEDED: Final = ("numpy", "cv2", "starlette")
_ADDRESS: Final = re.compile(rb"http://127\.0\.0\.1:\d+/")
_STOP_SECONDS: Final = 10


class Locker:
    """One locker beside the demo; :func:`beside` ends it with the demo."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._shown = ""
        self._process: subprocess.Popen[bytes] | None = None
        self._begun: asyncio.Task[None] | None = None

    def address(self) -> str:
        """Where its screen is; empty while there is none."""
        return self._shown

    def start(self, house: Premises, bound: int) -> None:
        """Enrol a locker with a code and run it, while the demo goes on."""
        if any(importlib.util.find_spec(name) is None for name in NEEDED):
            err.print(
                "柜机的屏幕要先安装 the locker's screen needs: pip install 'liangming[edge]'",
                markup=False,
            )
            return
        code = invite(
            house.keys.token,
            house.scenes,
            house.clock.now(),
            scene=SCENE,
            name="演示柜机",
            kind="locker",
            actor="demo",
            centre=f"http://127.0.0.1:{bound}",
        )
        self._begun = asyncio.create_task(asyncio.to_thread(self._run, code))

    def _run(self, code: str) -> None:
        environment = {
            **os.environ,
            "LIANGMING_DATA": str(self._folder),
            "LIANGMING_MODE": "development",
        }
        start = [sys.executable, "-m", "liangming", "edge"]
        done = subprocess.run(  # noqa: S603  (our own command)
            [*start, "enrol", "--code", code], env=environment, capture_output=True, check=False
        )
        if done.returncode:
            err.print("柜机没有启动。 / The locker did not start.", markup=False)
            return
        run = [*start, "run", "--simulated", "--port", "0", "--lens", PHOTO]
        self._process = subprocess.Popen(  # noqa: S603
            run, env=environment, stderr=subprocess.PIPE
        )
        for line in self._process.stderr or ():
            found = _ADDRESS.search(line)
            if found and not self._shown:
                self._shown = found.group().decode()
                err.print(f"柜机的屏幕 the locker's own screen {self._shown}", markup=False)

    async def stop(self) -> None:
        """End the process that was started here."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                await asyncio.to_thread(self._process.wait, _STOP_SECONDS)
            if self._process.poll() is None:
                self._process.kill()
        if self._begun is not None:
            await self._begun


@asynccontextmanager
async def beside() -> AsyncIterator[Locker]:
    """A locker that ends with the demo; its folder goes with it."""
    with tempfile.TemporaryDirectory(prefix="liangming-demo-locker-") as folder:
        locker = Locker(Path(folder))
        try:
            yield locker
        finally:
            await locker.stop()
