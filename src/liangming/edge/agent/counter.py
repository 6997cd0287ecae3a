"""How many frames the camera gave since the program started: a running count that the device signs.

It is told after the start, after each check at this machine, when it has grown, and once an hour. Two
of them with the same number show that the camera stood still in between, and so that no frame was
taken of whoever was checked then (docs/spec/device-event.md).

Counted is what the camera hands out, at the one place where anything reads it, whatever becomes of
the look; and what a look's room did not destroy, which would be a fault and is told as one.
"""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from liangming.clock import Clock, micros
from liangming.device import events
from liangming.edge.agent.journal import Journal
from liangming.edge.agent.memory import Memory

if TYPE_CHECKING:
    from liangming.edge.face.lens import CameraIdentity
    from liangming.edge.face.picture import Pixels
    from liangming.edge.face.ports import Camera

EVERY: Final = timedelta(hours=1) // timedelta(microseconds=1)


class Counter:
    """The count of one machine; threads may share it."""

    def __init__(self, memory: Memory, journal: Journal, clock: Clock) -> None:
        self._memory, self._journal, self._clock = memory, journal, clock
        self._guard = threading.Lock()
        self._since = micros(clock.now())
        self._frames = 0
        self._kept = 0
        self._told_at: int | None = None

    @property
    def frames(self) -> int:
        """So many until now."""
        return self._frames

    def frame(self) -> None:
        """One more; whoever was told the count before is told again."""
        with self._guard:
            self._frames += 1
            self._told_at = None

    def keep(self, frames: int) -> None:
        """So many frames of a look were not destroyed."""
        with self._guard:
            self._kept += frames

    def stir(self) -> None:
        """A check ended here: the count is told again, so that it can be seen to be the same."""
        with self._guard:
            self._told_at = None

    def say(self) -> bool:
        """Sign the count where that is due; whether it was."""
        with self._memory.together(), self._guard:
            at = self._clock.now()
            now = micros(at)
            if self._told_at is not None and now - self._told_at < EVERY:
                return False
            self._journal.append(
                events.COUNTED.tag, at, frames=self._frames, captures=self._kept, since=self._since
            )
            self._told_at = now
            return True


class Counted:
    """A camera whose every frame is counted as it is handed out."""

    def __init__(self, camera: Camera, counter: Counter) -> None:
        self._camera, self._counter = camera, counter
        self.simulated = camera.simulated

    def identity(self) -> CameraIdentity:
        """Who it is."""
        return self._camera.identity()

    def open(self) -> None:
        """Open it."""
        self._camera.open()

    def read(self) -> tuple[Pixels, float] | None:
        """A frame, counted."""
        got = self._camera.read()
        if got is not None:
            self._counter.frame()
        return got

    def close(self) -> None:
        """Shut it."""
        self._camera.close()
