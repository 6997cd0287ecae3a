"""Changes on their way to a writer: three frames, and more where those are full."""

from __future__ import annotations

import sys

from tests.storage.rows import opening

from liangming.check.ports import STORE_DOWN
from liangming.errors import Misuse
from liangming.storage import frames
from liangming.storage.codes import UNFIT
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


async def test_what_is_told_of_some_jobs_settles_those_and_no_others():
    settled: list[Job] = []
    sending = Sending((sys.executable,), settled.extend)
    sending._line = Pipe()
    jobs = [Job(None, [opening() for _ in range(n)]) for n in (20, 30, 40, 50)]

    def told(many: int) -> list[int]:
        done = len(settled)
        outcome = [[None]] * (many - 1) + [[Misuse(UNFIT)]]
        sending._answered(frames.DONE, frames.done(outcome)[5:])
        return [len(job.changes) for job in settled[done:]]

    for job in jobs[:2]:
        sending.put(job)
    sending._send(jobs[2:])  # two in one frame
    assert (told(1), len(sending._sent)) == ([20], 2)
    assert (told(2), len(sending._sent)) == ([30, 40], 1)  # a frame's end, and half of the next
    assert [[no and no.code for no in job.outcome] for job in jobs[1:3]] == [[None], [UNFIT]]
    sending._lost()
    assert settled[3:] == [jobs[3]]
    assert jobs[3].outcome.code is STORE_DOWN
    assert sending._idle.is_set()
    sending._closing = True
    await sending.finish()
