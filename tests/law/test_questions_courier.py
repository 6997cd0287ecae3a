"""What must hold of asking, accepting and refusing, whatever the facts and whatever the day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liangming.law import CORPUS
from liangming.law.words import Ground, Method, Question, RefusalReason, SceneKind
from liangming.rules import Allowed, Refused, Undetermined, Verdict, decide
from liangming.rules.terms import Facts

DAYS = CORPUS.days_around_changes()
NOW = date(2026, 6, 1)
OURS = (Question.ASK, Question.ACCEPT, Question.REFUSE)
FLAGS = (
    "letter",
    "agreement_signed",
    "organisation",
    "representative_document",
    "for_another",
    "returning",
    "verified_at_order",
    "handed_over_unseen",
    "document_shown",
    "document_accepted",
    "document_expired",
    "refused_to_show",
    "data_matches",
    "known_untrue",
    "source_up",
    "source_confirmed",
    "registered",
    "entitled",
    "declined_face",
)
SAID = ("declined-face", "source-down", "management-stricter", "", "no document", "NO-DOCUMENT")
REASONS = (*(reason.value for reason in RefusalReason), *SAID)
FOR_SENDING = {
    RefusalReason.NO_DOCUMENT,
    RefusalReason.MISMATCH,
    RefusalReason.UNTRUE,
    RefusalReason.INVALID_DOCUMENT,
}

days = st.one_of(st.sampled_from(DAYS), st.dates(date(2010, 1, 1), date(2030, 12, 31)))
kinds = st.sampled_from(SceneKind)


@st.composite
def facts_of_a_check(draw: st.DrawFn, *, whole: bool = False) -> Facts:
    flag = st.booleans() if whole else st.sampled_from((True, False, None))
    facts: dict[str, Any] = {name: draw(flag) for name in FLAGS}
    facts["kind"] = draw(kinds).value if whole else draw(st.one_of(st.none(), kinds))
    facts["method"] = draw(st.sampled_from(Method)).value
    facts["reason"] = draw(st.one_of(st.sampled_from(REASONS), st.text(max_size=20)))
    return CORPUS.vocabulary.checked(facts)


def ask(question: Question, facts: Facts, on: date = NOW) -> Verdict:
    return decide(CORPUS, question.value, facts, on=on)


@settings(max_examples=600)
@given(facts=facts_of_a_check(), on=days, question=st.sampled_from(OURS))
def test_no_facts_on_any_day_bring_rules_into_conflict(
    facts: Facts, on: date, question: Question
) -> None:
    verdict = ask(question, facts, on)
    assert not (isinstance(verdict, Undetermined) and verdict.reason == "conflict")


@settings(max_examples=600)
@given(facts=facts_of_a_check(), on=days, question=st.sampled_from(OURS))
def test_no_rule_errs(facts: Facts, on: date, question: Question) -> None:
    verdict = ask(question, facts, on)
    assert [step.rule for step in verdict.trace if step.outcome == "erred"] == []


@settings(max_examples=400)
@given(facts=facts_of_a_check(), on=days, question=st.sampled_from(OURS))
def test_only_articles_in_force_are_cited(facts: Facts, on: date, question: Question) -> None:
    cited = ask(question, facts, on).citations
    assert [name for name in cited if on not in CORPUS.articles[name].force] == []


@settings(max_examples=400)
@given(facts=facts_of_a_check(), on=days, reason=st.one_of(st.sampled_from(SAID), st.text()))
def test_a_reason_outside_the_closed_list_never_allows_refusing(
    facts: Facts, on: date, reason: str
) -> None:
    verdict = ask(Question.REFUSE, {**facts, "reason": reason}, on)
    assert reason in set(RefusalReason) or not isinstance(verdict, Allowed)


@settings(max_examples=300)
@given(facts=facts_of_a_check(), on=days)
def test_a_declined_face_never_allows_refusing(facts: Facts, on: date) -> None:
    verdict = ask(Question.REFUSE, {**facts, "reason": "declined-face"}, on)
    assert not isinstance(verdict, Allowed)


@pytest.mark.parametrize("kind", SceneKind)
def test_a_declined_face_is_refused_as_a_reason_in_every_kind_of_scene(kind: SceneKind) -> None:
    facts = {"kind": kind.value, "reason": "declined-face"}
    assert isinstance(ask(Question.REFUSE, facts), Refused)


@pytest.mark.parametrize("kind", SceneKind)
@pytest.mark.parametrize("reason", RefusalReason)
def test_a_reason_of_the_closed_list_counts_only_where_the_law_gives_it(
    kind: SceneKind, reason: RefusalReason
) -> None:
    facts = {"kind": kind.value, "reason": reason.value, "agreement_signed": False}
    given_by_law = (
        reason in FOR_SENDING
        and kind.sends
        and (kind is not SceneKind.SEND_LETTER or reason is RefusalReason.UNTRUE)
    ) or (reason is RefusalReason.NO_ENTITLEMENT and not kind.sends)
    assert isinstance(ask(Question.REFUSE, facts), Allowed) == given_by_law


@settings(max_examples=300)
@given(facts=facts_of_a_check(), reason=st.sampled_from(RefusalReason))
def test_having_declined_a_face_changes_no_answer(facts: Facts, reason: RefusalReason) -> None:
    for question in OURS:
        with_it = ask(question, {**facts, "reason": reason.value, "declined_face": True})
        without = ask(question, {**facts, "reason": reason.value, "declined_face": False})
        assert with_it == without


NEEDED = (
    "kind",
    "letter",
    "agreement_signed",
    "organisation",
    "handed_over_unseen",
    "document_shown",
    "document_accepted",
    "document_expired",
    "refused_to_show",
    "data_matches",
    "known_untrue",
    "source_up",
)
GOOD: Facts = {
    "letter": False,
    "agreement_signed": False,
    "organisation": False,
    "handed_over_unseen": False,
    "document_shown": True,
    "document_accepted": True,
    "document_expired": False,
    "refused_to_show": False,
    "data_matches": True,
    "known_untrue": False,
    "source_up": True,
    "registered": True,
}
ORDINARY = (SceneKind.SEND_COUNTER, SceneKind.SEND_DOORSTEP, SceneKind.SEND_LOCKER)


@pytest.mark.parametrize("kind", ORDINARY)
def test_a_parcel_with_everything_in_order_is_accepted(kind: SceneKind) -> None:
    assert isinstance(ask(Question.ACCEPT, {**GOOD, "kind": kind.value}), Allowed)


@pytest.mark.parametrize("kind", ORDINARY)
@pytest.mark.parametrize("missing", NEEDED)
def test_one_unknown_fact_leaves_accepting_undetermined(kind: SceneKind, missing: str) -> None:
    verdict = ask(Question.ACCEPT, {**GOOD, "kind": kind.value, missing: None})
    assert isinstance(verdict, Undetermined)
    assert missing in verdict.missing


ON_RECORD = ("registered", "returning", "verified_at_order")


@st.composite
def nearly_in_order(draw: st.DrawFn) -> Facts:
    """A parcel in order but for a few facts, so that many of these are accepted."""
    changed = draw(st.sets(st.sampled_from(FLAGS), max_size=3))
    facts: dict[str, Any] = {**GOOD, "kind": draw(st.sampled_from(ORDINARY)).value}
    for name in sorted(changed | set(ON_RECORD)):
        facts[name] = draw(st.sampled_from((True, False, None)))
    return facts


@settings(max_examples=1000)
@given(facts=nearly_in_order(), on=st.sampled_from([d for d in DAYS if d >= date(2019, 3, 2)]))
def test_accepting_a_parcel_that_must_be_checked_needs_every_fact(facts: Facts, on: date) -> None:
    settled = {name: GOOD[name] for name in NEEDED if name not in {"kind", "organisation"}}
    complete = (
        {name: facts[name] for name in settled} == settled
        and True in {facts[name] for name in ON_RECORD}
        and (facts["organisation"] is False or facts.get("representative_document") is True)
    )
    verdict = ask(Question.ACCEPT, facts, on)
    as_checked = isinstance(verdict, Allowed) and Ground.STATUTORY_DUTY in verdict.grounds
    assert as_checked == complete


@settings(max_examples=300)
@given(facts=facts_of_a_check(), on=days)
def test_a_parcel_left_unseen_is_never_accepted_as_checked(facts: Facts, on: date) -> None:
    unseen = {**facts, "handed_over_unseen": True, "letter": False, "agreement_signed": False}
    for question in (Question.ASK, Question.ACCEPT):
        verdict = ask(question, {**unseen, "kind": SceneKind.SEND_DOORSTEP.value}, on)
        assert not isinstance(verdict, Allowed)


@settings(max_examples=300)
@given(facts=facts_of_a_check(), on=days)
def test_a_source_that_is_down_neither_accepts_nor_refuses_by_itself(
    facts: Facts, on: date
) -> None:
    kind = {"kind": SceneKind.SEND_COUNTER.value, "letter": False}
    down = ask(Question.ACCEPT, {**facts, **kind, "source_up": False}, on)
    up = ask(Question.ACCEPT, {**facts, **kind, "source_up": True}, on)
    assert not isinstance(down, Allowed)
    assert isinstance(down, Refused) == isinstance(up, Refused)


@settings(max_examples=300)
@given(facts=facts_of_a_check(), on=days)
def test_a_vending_machine_may_never_ask_who_buys(facts: Facts, on: date) -> None:
    verdict = ask(Question.ASK, {**facts, "kind": SceneKind.VENDING.value}, on)
    assert not isinstance(verdict, Allowed)


@settings(max_examples=300)
@given(facts=facts_of_a_check(whole=True), on=days)
def test_one_duty_gives_one_demand_in_every_channel(facts: Facts, on: date) -> None:
    answers = [ask(Question.ASK, {**facts, "kind": kind.value}, on) for kind in ORDINARY]
    assert answers == answers[:1] * len(answers)


@settings(max_examples=300)
@given(facts=facts_of_a_check(whole=True), on=days)
def test_whoever_is_known_is_never_collected_again(facts: Facts, on: date) -> None:
    for known in ("returning", "verified_at_order"):
        verdict = ask(Question.ASK, {**facts, known: True}, on)
        demand = verdict.demands.get("register") if isinstance(verdict, Allowed) else None
        # The practice is known from the day of the real-name measures on.
        assert demand != "collect" or on < CORPUS.articles["realname.returning"].force.start


@settings(max_examples=300)
@given(facts=facts_of_a_check(), on=days)
def test_no_demand_ever_names_a_face(facts: Facts, on: date) -> None:
    verdict = ask(Question.ASK, facts, on)
    demands = dict(verdict.demands) if isinstance(verdict, Allowed) else {}
    assert [slot for slot, value in demands.items() if "face" in slot + value] == []


@settings(max_examples=300)
@given(facts=facts_of_a_check(), on=days)
def test_accepting_is_refused_only_for_a_reason_of_the_closed_list(facts: Facts, on: date) -> None:
    verdict = ask(Question.ACCEPT, facts, on)
    reasons = {f.reason for f in verdict.findings} if isinstance(verdict, Refused) else set()
    assert reasons - set(RefusalReason) == set()


@pytest.mark.parametrize("kind", ORDINARY)
@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("refused_to_show", True),
        ("known_untrue", True),
        ("data_matches", False),
        ("document_expired", True),
        ("document_accepted", False),
    ],
)
@pytest.mark.parametrize("on", [date(2019, 3, 2), date(2025, 5, 31), date(2025, 6, 1), NOW])
def test_whatever_refuses_a_parcel_is_a_reason_to_refuse_it(
    kind: SceneKind, fact: str, value: bool, on: date
) -> None:
    verdict = ask(Question.ACCEPT, {**GOOD, "kind": kind.value, fact: value}, on)
    assert isinstance(verdict, Refused)
    for reason in {finding.reason for finding in verdict.findings}:
        confirmed = ask(Question.REFUSE, {"kind": kind.value, "reason": reason}, on)
        assert isinstance(confirmed, Allowed)


@pytest.mark.parametrize("question", OURS)
@pytest.mark.parametrize("kind", SceneKind)
def test_around_every_change_there_is_one_verdict_for_every_way(
    question: Question, kind: SceneKind
) -> None:
    open_ended = []
    for on in DAYS:
        for method in Method:
            facts = {
                **GOOD,
                "kind": kind.value,
                "method": method.value,
                "entitled": True,
                "for_another": False,
                "returning": False,
                "verified_at_order": False,
                "reason": "source-down",
            }
            verdict = ask(question, facts, on)
            if isinstance(verdict, Undetermined) and verdict.reason != "silent":
                open_ended.append((on, method, verdict))
    assert open_ended == []


def test_every_bar_of_ours_says_how_to_put_it_right() -> None:
    barred = [
        rule
        for rule in CORPUS.rules.values()
        if rule.question in OURS and type(rule.effect).__name__ == "Bar"
    ]
    assert barred
    assert [rule.id for rule in barred if not (rule.mend_zh and rule.mend_en)] == []


def test_numbers_follow_the_article_in_force() -> None:
    days_to_answer = CORPUS.values["courier_complaint_days"]
    assert days_to_answer.since(date(2025, 5, 31)).article == "courier2019.28"
    assert days_to_answer.since(date(2025, 6, 1)).article == "courier.29"
    logs = CORPUS.values["network_log_months"]
    assert logs.since(date(2025, 12, 31)).article == "csl2016.21"
    assert logs.since(date(2026, 1, 1)).article == "csl.23"


def test_a_value_is_cited_from_an_article_in_force_on_its_day() -> None:
    wrong = [
        (value.id, since.article)
        for value in CORPUS.values.values()
        for since in value.values
        if since.day not in CORPUS.articles[since.article].force
    ]
    assert wrong == []
