"""Changes on their way to a writer: three frames, and more where those are full."""

from __future__ import annotations

import sys

from tests.storage.rows import opening

from liangming.storage import frames
from liangming.storage.job import Job
from liangming.storage.sending import AHEAD, FRAME, Sending


class Pipe:
    """A writer that answers when it is told to."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def send(self, data: bytes) -> None:
        ((_, body),) = frames.Frames().feed(data)
        self.sizes.append(sum(map(len, frames.changes_of(body))))


async def test_more_frames_than_the_first_ones_are_on_their_way_only_if_they_are_full():
    settled: list[Job] = []
    sending = Sending((sys.executable,), settled.extend, full=AHEAD + 2)
    sending._line = pipe = Pipe()

    def put(many: int) -> None:
        sending.put(Job(None, [opening() for _ in range(many)]))

    for _ in range(AHEAD + 1):  # the last one gathers
        put(100)
    assert pipe.sizes == [100] * AHEAD
    put(FRAME - 101)
    assert len(pipe.sizes) == AHEAD
    put(16)
    assert pipe.sizes[AHEAD:] == [FRAME + 15]
    for _ in range(2):
        put(FRAME)
    assert pipe.sizes[AHEAD:] == [FRAME + 15, FRAME]  # no more than there is room for
    while sending._sent:
        sending._answered(frames.DONE, frames.done([[None]] * len(sending._sent[0]))[5:])
    assert pipe.sizes[AHEAD + 2 :] == [FRAME]
    assert len(settled) == AHEAD + 5
