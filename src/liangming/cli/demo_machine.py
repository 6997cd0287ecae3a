"""The demo's locker and vending machine: real device agents beside the demo, each a process, on loopback.

The pages of the centre hold no face and import nothing of the device, so the machines' half of N5 and
N6 is shown where it belongs: on their own screens. A printed photo stands before the locker's simulated
lens, a person before the vending machine's. Without the extra ``machine`` there are none, and the demo
says so. Each holds one end of a pipe whose other end is the demo's, so that it ends however the demo does.
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
from typing import Final, Literal

from liangming.check import Premises
from liangming.cli.speech import err
from liangming.device import invite

Kind = Literal["locker", "vending"]
PLANS: Final[dict[Kind, tuple[str, str, tuple[str, ...], tuple[str, ...]]]] = {
    "locker": ("yangli-locker-send", "演示柜机", (), ("--lens", "print-cut-eyes")),
    "vending": ("yangpin-campus", "演示售货机", ("--remember-days", "1"), ()),
}
NAMES: Final = {"locker": "柜机 the locker", "vending": "售货机 the vending machine"}
NEEDED: Final = ("numpy", "cv2", "starlette")
_ADDRESS: Final = re.compile(rb"http://127\.0\.0\.1:\d+/")
_STOP_SECONDS: Final = 10


class Machine:
    """One machine beside the demo; :func:`beside` ends it with the demo."""

    def __init__(self, kind: Kind, folder: Path) -> None:
        self._kind, self._folder = kind, folder
        self._scene, self._name, self._enrols, self._runs = PLANS[kind]
        self.shown = ""  # where its screen is; empty while there is none
        self._process: subprocess.Popen[bytes] | None = None
        self._begun: asyncio.Task[None] | None = None

    def start(self, house: Premises, bound: int) -> None:
        """Enrol a machine with a code and run it, while the demo goes on."""
        code = invite(
            house.keys.token,
            house.scenes,
            house.clock.now(),
            scene=self._scene,
            name=self._name,
            kind=self._kind,
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
        enrol = [*start, "enrol", "--code", code, *self._enrols]
        done = subprocess.run(  # noqa: S603  (our own command)
            enrol, env=environment, capture_output=True, check=False
        )
        if done.returncode:
            err.print(f"没有启动 did not start: {NAMES[self._kind]}", markup=False)
            return
        run = [*start, "run", "--simulated", "--port", "0", "--with-parent", *self._runs]
        self._process = subprocess.Popen(  # noqa: S603
            run, env=environment, stdin=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for line in self._process.stderr or ():
            found = _ADDRESS.search(line)
            if found and not self.shown:
                self.shown = found.group().decode()
                err.print(f"{NAMES[self._kind]}: own screen {self.shown}", markup=False)

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


class Machines:
    """All of them."""

    def __init__(self, folder: Path) -> None:
        self._all = {kind: Machine(kind, folder / kind) for kind in PLANS}

    def address(self, kind: str) -> str:
        """Where a machine's screen is; empty while there is none."""
        return next((each.shown for name, each in self._all.items() if name == kind), "")

    def start(self, house: Premises, bound: int) -> None:
        """Start every one, where what they need is installed."""
        if any(importlib.util.find_spec(name) is None for name in NEEDED):
            err.print(
                "柜机和售货机的屏幕要先安装 the machines' screens need:"
                " pip install 'liangming[machine]'",
                markup=False,
            )
            return
        for machine in self._all.values():
            machine.start(house, bound)

    async def stop(self) -> None:
        """End every one."""
        await asyncio.gather(*(machine.stop() for machine in self._all.values()))


@asynccontextmanager
async def beside() -> AsyncIterator[Machines]:
    """Machines that end with the demo; their folder goes with them."""
    with tempfile.TemporaryDirectory(prefix="liangming-demo-machines-") as folder:
        machines = Machines(Path(folder))
        try:
            yield machines
        finally:
            await machines.stop()
