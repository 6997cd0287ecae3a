"""Frames between a store and its writer's process: whole whatever the pipe makes of them."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.storage.rows import consent_row, note, opening, person_row, redemption

from liangming.check.ports import CODE_USED, MOVED_ON, STORE_FULL, Run
from liangming.errors import LiangmingError, Misuse, Outage, Refusal
from liangming.storage import frames

PERSON = person_row("p")
CHANGES = (
    opening(),
    opening(person=PERSON, holder_key=PERSON.wrapped_key, remember=note("k"), leaves=3),
    opening(seen=PERSON.person, seen_keep_until=7, redeem=(redemption("c"),)),
    opening(consent=consent_row("con_1", "chk_1"), leaves=()),
    opening(run=Run(b"k" * 32, b"pattern", b"leaves", ("a", "b")), leaves=()),
)
OUTCOMES = (
    [None, None],
    [None, Misuse(MOVED_ON, field="Idempotency-Key"), Refusal(CODE_USED, citations=("pipl.17",))],
    Outage(STORE_FULL, retry_after=5),
    [],
)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 900), max_size=12))
def test_frames_come_whole_however_the_pipe_cuts_them(cuts: list[int]) -> None:
    sent = frames.changes([CHANGES, ()]) + frames.frame(frames.HOLD) + frames.done(OUTCOMES)
    inside, came = frames.Frames(), []
    for cut in cuts:
        came += inside.feed(sent[:cut])
        sent = sent[cut:]
    came += inside.feed(sent)
    assert [kind for kind, _ in came] == [frames.CHANGES, frames.HOLD, frames.DONE]
    assert frames.changes_of(came[0][1]) == [CHANGES, ()]
    assert came[1][1] == b""
    assert [said(outcome) for outcome in frames.done_of(came[2][1])] == [*map(said, OUTCOMES)]


def said(outcome: list[LiangmingError | None] | LiangmingError) -> object:
    """All of it, to compare."""
    if isinstance(outcome, LiangmingError):
        parts = (outcome.code, outcome.citations, outcome.field, outcome.retry_after)
        return (type(outcome), *parts)
    return [each and said(each) for each in outcome]


def test_only_the_change_that_cannot_pass_is_left_out() -> None:
    large = msgspec.structs.replace(CHANGES[0].check, opened_at=2**70)
    wrong = msgspec.structs.replace(CHANGES[0].check, body=7)
    jobs = [[CHANGES[0], opening(check=large)], [opening(check=wrong), CHANGES[1]]]
    ((_, body),) = frames.Frames().feed(frames.changes(jobs))
    assert frames.changes_of(body) == [(CHANGES[0], None), (None, CHANGES[1])]
