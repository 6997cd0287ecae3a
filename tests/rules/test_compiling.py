"""The compiled decision is the plain one, faster: same verdict, same trace, same missing facts."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.rules.test_engine import DAY, FACTS, A, Drawn, N, corpus, drawn, rule

from liangming.law import CORPUS
from liangming.law.words import Method, Question, SceneKind
from liangming.rules import Bar, Dated, FactValue, Ground, Since, always, decide
from liangming.rules.compiling import compiled
from liangming.rules.verdict import Verdict

NAMES = st.sets(st.sampled_from("abcns"))


def whole(verdict: Verdict) -> tuple[object, ...]:
    """Every part, the trace included, which equality of verdicts leaves out."""
    return (verdict, verdict.trace)


@given(drawn(), NAMES, NAMES)
def test_it_says_what_the_plain_engine_says(case: Drawn, hidden: set[str], fixed: set[str]) -> None:
    facts = {name: value for name, value in case.facts.items() if name not in hidden}
    kept = {name: value for name, value in facts.items() if name in fixed}
    rest = {name: value for name, value in facts.items() if name not in fixed}
    fast = compiled(case.law, "q", on=DAY, fixed=kept)
    expected = whole(decide(case.law, "q", facts, on=DAY))
    assert [whole(fast(rest)) for _ in range(2)] == [expected, expected]


@given(drawn(), st.lists(FACTS, min_size=2, max_size=5))
def test_one_function_answers_many_people_without_mixing_them_up(
    case: Drawn, people: list[dict[str, FactValue]]
) -> None:
    fast = compiled(case.law, "q", on=DAY)
    expected = [whole(decide(case.law, "q", facts, on=DAY)) for facts in people]
    assert [whole(fast(facts)) for facts in people] == expected


@given(drawn())
def test_a_fact_of_the_wrong_type_errs_as_in_the_plain_engine(case: Drawn) -> None:
    facts = case.facts | {"n": "three"}
    expected = whole(decide(case.law, "q", facts, on=DAY))
    assert whole(compiled(case.law, "q", on=DAY)(facts)) == expected
    assert whole(compiled(case.law, "q", on=DAY, fixed={"n": "three"})(case.facts)) == expected


@pytest.mark.parametrize("facts", [{}, {"n": 1}, {"n": 5}])
def test_a_value_before_its_first_day_errs_only_once_the_fact_is_known(
    facts: dict[str, FactValue],
) -> None:
    limit = Dated(
        id="limit", zh="限", en="limit", unit="days", values=(Since(date(2027, 1, 1), 3, "x.1"),)
    )
    law = corpus(
        rule("x.1/ground", always, Ground("duty")),
        rule("x.2/bar", A | N.above(limit), Bar("no")),
        values=(limit,),
    )
    expected = whole(decide(law, "q", facts, on=DAY))
    assert whole(compiled(law, "q", on=DAY)(facts)) == expected
    assert whole(compiled(law, "q", on=DAY, fixed=facts)({})) == expected


def test_what_one_caller_does_to_its_demands_reaches_no_other() -> None:
    facts = {"kind": "parcel.send.counter", "method": "face", **dict.fromkeys(
        ("notice_shown", "notice_current", "separate_consent", "on_device", "device_enrolled",
         "assessment_approved"), True), "face_attempts": 0, "other_ways": 2,
        "declined_before": False, "age": 30}  # fmt: skip
    fast = compiled(CORPUS, "capture", on=date(2026, 11, 24))
    first = fast(facts)
    first.demands.clear()  # type: ignore[union-attr]
    assert fast(facts) == decide(CORPUS, "capture", facts, on=date(2026, 11, 24))


NAMED = list(CORPUS.vocabulary)
GIVEN = st.fixed_dictionaries(
    {},
    optional={
        fact.name: st.sampled_from(list(SceneKind)).map(str) if fact.name == "kind"
        else st.sampled_from(list(Method)).map(str) if fact.name == "method"
        else st.booleans() if fact.type is bool
        else st.sampled_from([0, 1, 3, 13, 14, 47, 48, 400, 2000]) if fact.type is int
        else st.sampled_from(["identity", "face", "310000", "declined-face", "mismatch", ""])
        for fact in NAMED
    },
)  # fmt: skip


@pytest.mark.parametrize("question", list(Question))
@given(facts=GIVEN, day=st.sampled_from(CORPUS.days_around_changes()))
def test_over_the_real_law_it_says_what_the_plain_engine_says(
    question: Question, facts: dict[str, FactValue], day: date
) -> None:
    kind = {name: facts[name] for name in ("kind", "method") if name in facts}
    fast = compiled(CORPUS, question.value, on=day, fixed=kind)
    expected = whole(decide(CORPUS, question.value, facts, on=day))
    assert whole(fast(facts)) == expected
