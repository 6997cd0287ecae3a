"""What the check asks is answered by compiled rules, and the plain engine would say the same."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rules.test_compiling import GIVEN, whole
from tests.world import face_scene, scene

from liangming.check.decisions import Decisions
from liangming.law import CORPUS
from liangming.law.words import Method, Question
from liangming.rules import FactValue, decide
from liangming.rules.compiling import _written
from liangming.scene import SceneCatalogue

TODAY = date(2026, 11, 24)
EXAMPLES = SceneCatalogue.load(
    [Path(__file__).resolve().parents[2] / "examples" / "scenes"], TODAY
).values()
PLACES = sorted({(s.kind.value, s.channel.value) for s in (scene(), face_scene(), *EXAMPLES)})
DAY = timedelta(days=1)
# Every day on which something begins, ends or is cited otherwise, with the day before and after.
DAYS = sorted({day + n * DAY for day in CORPUS._stretches for n in (-1, 0, 1)} | {TODAY})
FALSE: dict[str, FactValue] = {
    fact.name: False if fact.type is bool else 0
    for fact in CORPUS.vocabulary
    if fact.type is not str
}


def agreed(
    decisions: Decisions, question: Question, facts: dict[str, FactValue], day: date
) -> None:
    """First asked, then remembered: both as the plain engine has it, to the last step of the trace."""
    expected = whole(decide(CORPUS, question.value, facts, on=day))
    said = [whole(decisions.ask(question, facts, on=day)) for _ in range(2)]
    assert said == [expected, expected]


@pytest.mark.parametrize("question", list(Question))
def test_on_every_day_around_a_change_each_question_has_the_plain_answer(
    question: Question,
) -> None:
    decisions = Decisions(CORPUS)
    for n, day in enumerate(DAYS):
        kind, channel = PLACES[n % len(PLACES)]
        for method in (Method.DOCUMENT_SEEN, Method.FACE):
            facts = {**FALSE, "kind": kind, "channel": channel, "method": method.value}
            agreed(decisions, question, facts, day)
            agreed(decisions, question, {"kind": kind, "method": method.value}, day)


@settings(max_examples=200, deadline=None)  # the first of a place is written anew
@given(
    place=st.sampled_from(PLACES),
    facts=GIVEN,
    question=st.sampled_from(list(Question)),
    day=st.sampled_from(DAYS),
)
def test_at_every_example_scene_whatever_is_known_the_answer_is_the_plain_one(
    place: tuple[str, str], facts: dict[str, FactValue], question: Question, day: date
) -> None:
    here = {**facts, "kind": place[0], "channel": place[1]}
    agreed(Decisions(CORPUS), question, here, day)


def test_a_question_is_written_once_for_a_place_and_for_all_days_until_the_law_changes() -> None:
    turn = CORPUS.turning_days[-1]
    days = [turn + n * DAY for n in (-2, -1, 0, 1, 400)]
    _written.cache_clear()
    decisions = Decisions(CORPUS)
    for day in days:
        for hours in range(10):
            facts = {"kind": PLACES[0][0], "channel": "counter", "hours_since_decline": hours}
            decisions.ask(Question.OFFER, facts, on=day)
    assert _written.cache_info().misses == 2
    assert CORPUS.since(turn) == CORPUS.since(turn + 400 * DAY) == turn
    assert CORPUS.since(date.min) == date.min


def test_a_fact_nobody_declared_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(TypeError, match="no such fact"):
        Decisions(CORPUS).ask(Question.OFFER, {"mood": True}, on=TODAY)
