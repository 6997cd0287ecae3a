"""Two pipes to a process that writes for this one, and that process."""

from __future__ import annotations

import asyncio
import fcntl
import os
import subprocess
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from liangming.storage import frames

_END: Final = 30  # seconds that a writer has to write what it has and end
_ROOM: Final = (
    1 << 20
)  # bytes of the pipe down: a full frame, so that one is not woken for each part of it


class Line(asyncio.Protocol):
    """The two pipes to one writer's process, and the process.

    Args:
        answered: called with each frame that comes up.
        lost: called when the process ended and nobody had asked it to.
    """

    def __init__(self, answered: Callable[[bytes, bytes], None], lost: Callable[[], None]) -> None:
        self._answered = answered
        self._lost = lost
        self._frames = frames.Frames()
        self._ending = False
        self._ended = asyncio.get_running_loop().create_future()
        self._down: asyncio.WriteTransport | None = None
        self._pipe = -1
        self._process: subprocess.Popen[bytes] | None = None

    async def open(self, command: Sequence[str], held: Sequence[int]) -> None:
        """Start the process.

        Raises:
            OSError: it cannot be started.
        """
        loop = asyncio.get_running_loop()
        (theirs, ours), (our_end, their_end) = os.pipe(), os.pipe()
        with suppress(AttributeError, OSError):  # where Linux is not, or gives no more
            fcntl.fcntl(ours, fcntl.F_SETPIPE_SZ, _ROOM)
        try:
            self._process = subprocess.Popen(  # noqa: ASYNC220, S603  (a few ms; our own words)
                [*command, str(theirs), str(their_end), str(os.getpid())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the service, which then ends the writer
                pass_fds=(theirs, their_end, *held),
            )
        except OSError:
            os.close(ours)
            os.close(our_end)
            raise
        finally:
            os.close(theirs)
            os.close(their_end)
        self._pipe = ours
        self._down, _ = await loop.connect_write_pipe(asyncio.Protocol, os.fdopen(ours, "wb", 0))
        await loop.connect_read_pipe(lambda: self, os.fdopen(our_end, "rb", 0))

    def send(self, data: bytes) -> None:
        """Send; what the pipe does not take waits here. The store bounds how much that is.

        A pipe that just broke takes nothing: its end is told in a moment, and fails what was sent.
        """
        down = self._down
        if down is None or down.is_closing():
            return
        if not down.get_write_buffer_size():
            # Now, and not at the end of this turn of the loop: the writer may begin.
            with suppress(BlockingIOError, BrokenPipeError):
                data = data[os.write(self._pipe, data) :]
        if data:
            down.write(data)

    def data_received(self, data: bytes) -> None:
        """Answers."""
        for kind, body in self._frames.feed(data):
            self._answered(kind, body)

    def connection_lost(self, exc: Exception | None) -> None:
        """The process ended, or its pipe broke."""
        del exc
        if self._down is not None and not self._down.is_closing():
            self._down.abort()
        loop = asyncio.get_running_loop()
        loop.run_in_executor(None, self._reap).add_done_callback(self._over)
        if not self._ending:
            self._lost()

    async def end(self) -> None:
        """Let it write what it has, and end."""
        self._ending = True
        if self._down is not None:
            self._down.close()  # what waits goes down first
        await self._ended

    def _reap(self) -> None:
        if self._process is not None:
            try:
                self._process.wait(_END)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _over(self, _: object) -> None:
        if not self._ended.done():
            self._ended.set_result(None)
