"""The engine by itself, on small corpora that have nothing to do with any statute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangming.errors import Misuse
from liangming.rules import (
    Allowed,
    Article,
    Bar,
    Corpus,
    Dated,
    Demand,
    Effect,
    Exempt,
    FactValue,
    Grade,
    Ground,
    Held,
    Instrument,
    Moment,
    Outcome,
    Rank,
    Refused,
    Rule,
    Since,
    Span,
    Term,
    Undetermined,
    Vocabulary,
    always,
    decide,
)
from liangming.rules.terms import AllOf, AnyOf, Not

DAY = date(2026, 1, 1)
WORDS = Vocabulary()
A = WORDS.fact("a", zh="甲", en="a")
B = WORDS.fact("b", zh="乙", en="b")
C = WORDS.fact("c", zh="丙", en="c")
N = WORDS.fact("n", int, zh="数", en="n")
S = WORDS.fact("s", str, zh="词", en="s")
TRUTHS = st.sampled_from([True, False, None])


def rule(name: str, when: Term, effect: Effect, **more: object) -> Rule:
    return Rule(
        id=name, question="q", moment=Moment.CHECK, when=when, effect=effect, zh="句", en="text",
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def corpus(
    *rules: Rule,
    force: Mapping[str, Span] | None = None,
    extra: tuple[str, ...] = (),
    values: tuple[Dated, ...] = (),
) -> Corpus:
    spans = dict(force or {})
    start = Span(date(2020, 1, 1))
    names = dict.fromkeys([*(r.article for r in rules), *extra])
    instrument = Instrument(
        id="x", zh="某法", en="X", number="", rank=Rank.LAW, address="", force=start
    )
    articles = [
        Article(
            id=name, number="", zh="条", en="article", grade=Grade.A,
            force=spans.get(name, start), held=(Held.CHECK,),
            rules=tuple(r for r in rules if r.article == name),
        )
        for name in names
    ]  # fmt: skip
    return Corpus(WORDS, [(instrument, articles)], values)


# Three values


@given(TRUTHS, TRUTHS)
def test_and_is_false_when_a_part_is_false_and_else_unknown_when_a_part_is(
    a: bool | None, b: bool | None
) -> None:
    expected = False if False in (a, b) else None if None in (a, b) else True
    assert (A & B).evaluate({"a": a, "b": b}, DAY) is expected


@given(TRUTHS, TRUTHS)
def test_or_is_true_when_a_part_is_true_and_else_unknown_when_a_part_is(
    a: bool | None, b: bool | None
) -> None:
    expected = True if True in (a, b) else None if None in (a, b) else False
    assert (A | B).evaluate({"a": a, "b": b}, DAY) is expected


def test_not_unknown_is_unknown() -> None:
    assert (~A).evaluate({}, DAY) is None


def test_a_missing_fact_and_a_fact_of_none_are_both_unknown() -> None:
    assert (A.evaluate({}, DAY), A.evaluate({"a": None}, DAY)) == (None, None)


TERMS = st.recursive(
    st.sampled_from([A, B, C, N.below(3), N.at_most(2), N.above(1), S.one_of("u", "v"), always]),
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AllOf(tuple(parts))),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
    ),
    max_leaves=6,
)
FACTS = st.fixed_dictionaries(
    {
        "a": st.booleans(),
        "b": st.booleans(),
        "c": st.booleans(),
        "n": st.integers(0, 4),
        "s": st.sampled_from(["u", "v", "w"]),
    }
)


@given(TERMS, FACTS, st.sets(st.sampled_from("abcns")))
def test_what_is_known_without_a_fact_stays_so_with_it(
    term: Term, facts: dict[str, FactValue], hidden: set[str]
) -> None:
    partly = {name: value for name, value in facts.items() if name not in hidden}
    with_less = term.evaluate(partly, DAY)
    with_all = term.evaluate(facts, DAY)
    assert with_all is not None
    assert with_less is None or with_less is with_all


@given(TERMS, FACTS)
def test_turning_a_term_round_turns_its_answer_round(
    term: Term, facts: dict[str, FactValue]
) -> None:
    answer = term.evaluate(facts, DAY)
    assert (~term).evaluate(facts, DAY) is (not answer)
    assert (~~term).evaluate(facts, DAY) is answer


@given(st.integers(-5, 5), st.integers(-5, 5))
def test_the_four_comparisons_agree_with_arithmetic(value: int, bound: int) -> None:
    facts = {"n": value}
    terms = (N.below(bound), N.at_most(bound), N.at_least(bound), N.above(bound))
    assert tuple(term.evaluate(facts, DAY) for term in terms) == (
        value < bound, value <= bound, value >= bound, value > bound,
    )  # fmt: skip


def test_a_term_is_not_a_truth_value() -> None:
    with pytest.raises(TypeError):
        bool(A & B)


def test_an_empty_condition_always_holds() -> None:
    assert always.evaluate({}, DAY) is True


# Verdicts


def test_nothing_said_means_silent_and_never_allowed() -> None:
    verdict = decide(corpus(), "q", {"a": True}, on=DAY)
    assert verdict == Undetermined("silent", (), ())


def test_a_ground_alone_allows_and_cites() -> None:
    verdict = decide(corpus(rule("x.1/ground", A, Ground("duty"))), "q", {"a": True}, on=DAY)
    assert verdict == Allowed(("duty",), {}, ("x.1",), ("x.1/ground",))


def test_a_bar_wins_over_every_ground() -> None:
    law = corpus(rule("x.1/ground", always, Ground("duty")), rule("x.2/bar", A, Bar("no")))
    verdict = decide(law, "q", {"a": True}, on=DAY)
    assert isinstance(verdict, Refused)
    assert [finding.reason for finding in verdict.findings] == ["no"]


def test_an_unknown_bar_leaves_the_question_open_and_names_the_fact() -> None:
    law = corpus(rule("x.1/ground", always, Ground("duty")), rule("x.2/bar", A, Bar("no")))
    assert decide(law, "q", {}, on=DAY) == Undetermined("unknown", ("a",), ("x.2",))


def test_an_unknown_ground_names_the_fact() -> None:
    law = corpus(rule("x.1/ground", A & B, Ground("duty")))
    assert decide(law, "q", {"a": True}, on=DAY) == Undetermined("unknown", ("b",), ("x.1",))


def test_a_rule_that_errs_refuses_even_where_a_ground_holds() -> None:
    law = corpus(rule("x.1/ground", always, Ground("duty")), rule("x.2/bar", N.below(3), Bar("no")))
    verdict = decide(law, "q", {"n": "three"}, on=DAY)
    assert isinstance(verdict, Refused)
    assert [finding.reason for finding in verdict.findings] == ["rules.erred"]


def test_an_exemption_that_errs_refuses() -> None:
    law = corpus(
        rule("x.1/ground", always, Ground("duty")),
        rule("x.2/bar", A, Bar("no")),
        rule("x.3/exempt", N.below(3), Exempt(("x.2/bar",))),
    )
    assert isinstance(decide(law, "q", {"a": True, "n": "three"}, on=DAY), Refused)


def test_an_error_in_a_rule_cannot_be_exempted_away() -> None:
    law = corpus(
        rule("x.1/ground", always, Ground("duty")),
        rule("x.2/bar", N.below(3), Bar("no")),
        rule("x.3/exempt", always, Exempt(("x.2/bar",))),
    )
    assert isinstance(decide(law, "q", {"n": "three"}, on=DAY), Refused)


def test_a_value_before_its_first_day_makes_its_rule_err_and_refuse() -> None:
    limit = Dated(
        id="limit", zh="限", en="limit", unit="days", values=(Since(date(2027, 1, 1), 3, "x.1"),)
    )
    law = corpus(
        rule("x.1/ground", always, Ground("duty")),
        rule("x.2/bar", N.above(limit), Bar("no")),
        values=(limit,),
    )
    assert isinstance(decide(law, "q", {"n": 9}, on=DAY), Refused)
    with pytest.raises(Misuse):
        limit.at(DAY)


@pytest.mark.parametrize("order", ["bar first", "exemption first"])
def test_an_exemption_lifts_a_bar_wherever_it_stands(order: str) -> None:
    bar = rule("x.1/bar", A, Bar("no"))
    lift = rule("x.2/exempt", B, Exempt(("x.1/bar",)))
    rules = (bar, lift) if order == "bar first" else (lift, bar)
    law = corpus(rule("x.0/ground", always, Ground("duty")), *rules)
    verdict = decide(law, "q", {"a": True, "b": True}, on=DAY)
    assert isinstance(verdict, Allowed)
    assert Outcome.EXEMPTED in {step.outcome for step in verdict.trace}


def test_an_exemption_that_is_unknown_leaves_its_bar_unknown() -> None:
    law = corpus(
        rule("x.0/ground", always, Ground("duty")),
        rule("x.1/bar", A, Bar("no")),
        rule("x.2/exempt", B, Exempt(("x.1/bar",))),
    )
    verdict = decide(law, "q", {"a": True}, on=DAY)
    assert isinstance(verdict, Undetermined)
    assert verdict.reason == "unknown"
    assert "b" in verdict.missing


@pytest.mark.parametrize("turned", [False, True])
def test_an_exempted_exemption_does_not_lift(turned: bool) -> None:
    rules = (
        rule("x.2/exempt", always, Exempt(("x.1/bar",))),
        rule("x.3/back", B, Exempt(("x.2/exempt",))),
    )
    law = corpus(
        rule("x.0/ground", always, Ground("duty")),
        rule("x.1/bar", A, Bar("no")),
        *(reversed(rules) if turned else rules),
    )
    assert isinstance(decide(law, "q", {"a": True, "b": True}, on=DAY), Refused)
    assert isinstance(decide(law, "q", {"a": True, "b": False}, on=DAY), Allowed)


def test_two_values_for_one_slot_are_a_conflict() -> None:
    law = corpus(
        rule("x.0/ground", always, Ground("duty")),
        rule("x.1/one", A, Demand("show", "card")),
        rule("x.2/other", B, Demand("show", "nothing")),
    )
    verdict = decide(law, "q", {"a": True, "b": True}, on=DAY)
    assert verdict == Undetermined("conflict", (), ("x.1", "x.2"))


def test_the_same_value_twice_is_one_demand() -> None:
    law = corpus(
        rule("x.0/ground", always, Ground("duty")),
        rule("x.1/one", A, Demand("show", "card")),
        rule("x.2/other", B, Demand("show", "card")),
    )
    verdict = decide(law, "q", {"a": True, "b": True}, on=DAY)
    assert isinstance(verdict, Allowed)
    assert verdict.demands == {"show": "card"}


@pytest.mark.parametrize(
    "verdict", [Allowed((), {}, (), ()), Refused(()), Undetermined("silent", (), ())]
)
def test_no_verdict_is_a_truth_value(verdict: object) -> None:
    with pytest.raises(TypeError):
        bool(verdict)


# Days


def test_a_rule_speaks_only_while_its_article_is_in_force() -> None:
    law = corpus(
        rule("x.1/ground", always, Ground("duty")),
        force={"x.1": Span(date(2026, 1, 2), date(2026, 1, 4))},
    )
    allowed = [
        day
        for day in (date(2026, 1, 1) + timedelta(days=n) for n in range(5))
        if isinstance(decide(law, "q", {}, on=day), Allowed)
    ]
    assert allowed == [date(2026, 1, 2), date(2026, 1, 3)]


def test_a_rule_falls_silent_on_the_day_another_takes_its_sentence_over() -> None:
    law = corpus(rule("x.1/ground", always, Ground("duty"), until=date(2026, 1, 2)))
    verdicts = [decide(law, "q", {}, on=date(2026, 1, n)) for n in (1, 2)]
    assert [type(verdict) for verdict in verdicts] == [Allowed, Undetermined]
    assert date(2026, 1, 2) in law.turning_days


def test_a_further_article_is_cited_only_while_it_is_in_force() -> None:
    law = corpus(
        rule("x.1/ground", always, Ground("duty"), also=("x.2",)),
        extra=("x.2",),
        force={"x.2": Span(date(2026, 1, 2))},
    )
    cited = [decide(law, "q", {}, on=date(2026, 1, n)).citations for n in (1, 2)]
    assert cited == [("x.1",), ("x.1", "x.2")]


def test_a_dated_value_counts_from_its_day() -> None:
    value = Dated(
        id="v", zh="值", en="v", unit="days",
        values=(Since(date(2026, 1, 1), 3, "x.1"), Since(date(2026, 2, 1), 5, "x.1")),
    )  # fmt: skip
    days = (date(2026, 1, 1), date(2026, 1, 31), date(2026, 2, 1))
    assert [value.at(day) for day in days] == [3, 3, 5]


# Wholeness


def test_a_rule_about_an_undeclared_fact_cannot_be_built() -> None:
    strange = Vocabulary().fact("strange", zh="怪", en="strange")
    with pytest.raises(ValueError, match="unknown facts"):
        corpus(rule("x.1/bar", strange, Bar("no")))


def test_an_exemption_that_points_nowhere_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="unknown"):
        corpus(rule("x.1/exempt", always, Exempt(("x.9/gone",))))


def test_exemptions_that_lift_each_other_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="circle"):
        corpus(
            rule("x.1/one", A, Exempt(("x.2/other",))),
            rule("x.2/other", B, Exempt(("x.1/one",))),
        )


def test_a_rule_that_cites_nothing_known_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="unknown"):
        corpus(rule("x.1/bar", always, Bar("no"), also=("x.9",)))


def test_two_rules_of_one_id_cannot_be_built() -> None:
    with pytest.raises(ValueError, match="twice"):
        corpus(rule("x.1/bar", A, Bar("no")), rule("x.1/bar", B, Bar("no")))


def test_an_unverified_article_carries_no_rule() -> None:
    with pytest.raises(ValueError, match="grade C"):
        Article(
            id="x.1", number="", zh="条", en="article", grade=Grade.C,
            force=Span(DAY), held=(Held.OPEN,), held_zh="未核实", held_en="not verified",
            rules=(rule("x.1/bar", A, Bar("no")),),
        )  # fmt: skip


@pytest.mark.parametrize("facts", [{"unheard": True}, {"a": 1}, {"n": True}, {"s": 1}])
def test_a_fact_of_another_name_or_type_is_a_programming_error(facts: dict[str, FactValue]) -> None:
    with pytest.raises(TypeError):
        WORDS.checked(facts)


# Properties over arbitrary corpora


@dataclass(frozen=True)
class Drawn:
    law: Corpus
    facts: dict[str, FactValue | None]


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    effects = st.one_of(
        st.sampled_from([Ground("duty"), Ground("consent"), Bar("no"), Bar("never")]),
        st.builds(Demand, st.sampled_from(["show", "check"]), st.sampled_from(["x", "y"])),
    )
    rules = [rule(f"x.{n}/r", draw(TERMS), draw(effects)) for n in range(draw(st.integers(0, 5)))]
    lifts: list[Rule] = []
    for n in range(draw(st.integers(0, 3)) if rules else 0):
        target = draw(st.sampled_from([*rules, *lifts]))
        lifts.append(rule(f"x.1{n}/lift", draw(TERMS), Exempt((target.id,))))
    everything = draw(st.permutations([*rules, *lifts]))
    return Drawn(corpus(*everything), dict(draw(FACTS)))


@given(drawn(), st.sets(st.sampled_from("abcns")))
def test_hiding_a_fact_never_allows_what_knowing_it_would_not(
    case: Drawn, hidden: set[str]
) -> None:
    partly = {k: v for k, v in case.facts.items() if k not in hidden}
    if isinstance(decide(case.law, "q", partly, on=DAY), Allowed):
        assert isinstance(decide(case.law, "q", case.facts, on=DAY), Allowed)


@given(drawn())
def test_with_every_fact_known_nothing_is_unknown(case: Drawn) -> None:
    verdict = decide(case.law, "q", case.facts, on=DAY)
    if isinstance(verdict, Undetermined):
        assert verdict.reason in {"silent", "conflict"}


@given(drawn())
def test_what_is_allowed_has_a_ground_and_a_citation(case: Drawn) -> None:
    verdict = decide(case.law, "q", case.facts, on=DAY)
    if isinstance(verdict, Allowed):
        assert verdict.grounds
        assert verdict.citations
        fired = {step.rule for step in verdict.trace if step.outcome is Outcome.FIRED}
        assert set(verdict.rules) <= fired


@given(drawn(), st.sets(st.sampled_from("abcns")))
def test_a_refusal_stands_on_bars_that_fired(case: Drawn, hidden: set[str]) -> None:
    partly = {k: v for k, v in case.facts.items() if k not in hidden}
    verdict = decide(case.law, "q", partly, on=DAY)
    if isinstance(verdict, Refused):
        fired = {step.rule for step in verdict.trace if step.outcome is Outcome.FIRED}
        assert {finding.rule for finding in verdict.findings} <= fired


@given(drawn())
def test_the_same_question_gets_the_same_answer_and_every_rule_has_its_step(case: Drawn) -> None:
    first = decide(case.law, "q", case.facts, on=DAY)
    again = decide(case.law, "q", case.facts, on=DAY)
    assert (first, first.trace) == (again, again.trace)
    assert [step.rule for step in first.trace] == [r.id for r in case.law.in_force("q", DAY)]


@given(drawn())
def test_adding_a_bar_never_allows_more(case: Drawn) -> None:
    rules = [*case.law.rules.values(), rule("x.99/bar", A | N.below(2), Bar("added"))]
    stricter = corpus(*rules)
    if isinstance(decide(stricter, "q", case.facts, on=DAY), Allowed):
        assert isinstance(decide(case.law, "q", case.facts, on=DAY), Allowed)
