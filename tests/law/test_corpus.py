"""The corpus as a whole: nothing missing, nothing unverified, and one verdict on every day."""

from __future__ import annotations

import re
from datetime import date

import pytest

from liangming.law import CORPUS
from liangming.law.drafting import MOMENT
from liangming.law.words import Method, Question, SceneKind
from liangming.rules import (
    Allowed,
    Bar,
    Demand,
    Grade,
    Held,
    Outcome,
    Rank,
    Refused,
    Undetermined,
    decide,
)

# What the issue names, article by article.
NAMED = {
    "counterterror": [20, 85],
    "courier": [23, 29, 32, 35, 53, 54],
    "express": [25, 26, 27, 35, 36, 37],
    "realname": [3],
    "pipl": [*range(5, 11), *range(13, 25), 26, *range(28, 32), *range(44, 52), *range(54, 58)],
    "face": range(4, 16),
    "spc": [2, 4, 6, 10, 11],
    "netdata": [*range(10, 13), *range(20, 25), 62],
    "necessary": [2, 3, 4, "5.8", "5.31", "5.39"],
    "app191": range(1, 7),
    "shanghai": [22, 23],
}
STANDARDS = {"41833", "35273", "41819", "39335"}
SILENT_BEFORE = date(2016, 1, 1)  # the first duty held here: 反恐怖主义法 20

SCENE = {
    "province": "310000", "offers_face": True, "alternatives": 3, "plain_alternatives": 2,
    "face_first": False, "face_preselected": False, "face_emphasised": False,
    "face_rewarded": False, "bait_words": False, "purpose_stated": True,
    "purpose_only_service": False, "notice_named": True, "contact_stated": True,
    "complaint_channel": True, "withdrawal_channel": True, "retention_stated": True,
    "identity_retention_days": 30, "face_retention_days": 0, "extra_fields": False,
    "phone_forced": False, "face_leaves_device": False, "face_transfer_consent": False,
    "assessment_approved": True, "sign_displayed": True, "private_space": False,
    "one_to_many": False, "staff_help": True, "unequal_channels": False, "channel_reason": False,
}  # fmt: skip
ASKED = {
    "letter": False, "agreement_signed": False, "organisation": False, "for_another": False,
    "handed_over_unseen": False, "returning": False, "verified_at_order": False,
}  # fmt: skip
SHOWN = {
    "document_shown": True, "document_accepted": True, "document_expired": False,
    "data_matches": True, "known_untrue": False, "source_up": True, "source_confirmed": True,
    "registered": True, "entitled": True, "refused_to_show": False, "age": 30,
    "guardian_consent": False, "representative_document": True,
}  # fmt: skip
OFFERED = {
    "declined_before": False, "declined_face": False, "hours_since_decline": 100_000,
    "assessment_approved": True, "device_enrolled": True, "on_device": True, "other_ways": 2,
    "returning": False, "verified_at_order": False, "asks_repeat_face": False,
}  # fmt: skip
CAPTURED = {
    "notice_shown": True, "notice_current": True, "separate_consent": True, "on_device": True,
    "device_enrolled": True, "assessment_approved": True, "face_attempts": 0, "other_ways": 2,
    "declined_before": False, "age": 30, "guardian_consent": False,
}  # fmt: skip
SEEN = {
    "offers_face": True, "capture_before_notice": False, "capture_before_consent": False,
    "refused_after_decline": False, "score_recorded": False, "consent_bundled": False,
}  # fmt: skip
DAYS = CORPUS.days_around_changes()


def _facts(  # noqa: PLR0911  (one case for each question)
    question: Question, kind: SceneKind, method: Method
) -> dict[str, object]:
    place = {"kind": kind.value, "channel": "counter", "method": method.value}
    match question:
        case Question.CONFIGURE:
            return {"kind": kind.value, "channel": "counter"} | SCENE | {
                "asks_identity": kind.sends, "offers_face": method.is_face,
            }  # fmt: skip
        case Question.ASK:
            return {"kind": kind.value, "channel": "counter"} | ASKED
        case Question.OFFER:
            return place | OFFERED
        case Question.CAPTURE:
            return place | CAPTURED
        case Question.ACCEPT:
            return place | ASKED | SHOWN
        case Question.REFUSE:
            return place | {"reason": "declined-face", "declined_face": True}
        case Question.RETAIN:
            return place | {
                "retention_kind": "face" if method.is_face else "identity",
                "days_kept": 20, "purpose_done": False, "legal_hold": False,
            }  # fmt: skip
        case Question.OBSERVE:
            return place | SCENE | SEEN | {"offers_face": True} | CAPTURED | OFFERED


@pytest.mark.parametrize("question", list(Question))
def test_every_kind_and_way_has_one_verdict_around_every_change_of_the_law(
    question: Question,
) -> None:
    seen: dict[tuple[SceneKind, Method, date], object] = {}
    for kind in SceneKind:
        for method in Method:
            facts = CORPUS.vocabulary.checked(_facts(question, kind, method))
            for day in DAYS:
                verdict = decide(CORPUS, question.value, facts, on=day)
                assert isinstance(verdict, (Allowed, Refused, Undetermined))
                assert Outcome.ERRED not in {step.outcome for step in verdict.trace}
                if isinstance(verdict, Undetermined):
                    assert verdict.reason != "conflict"
                if isinstance(verdict, Allowed):
                    assert day >= SILENT_BEFORE
                seen[kind, method, day] = verdict
    assert len(seen) == len(SceneKind) * len(Method) * len(DAYS)


@pytest.mark.parametrize("question", list(Question))
def test_a_fact_that_is_taken_away_never_opens_what_was_closed(question: Question) -> None:
    for kind in SceneKind:
        for method in (Method.DOCUMENT_SEEN, Method.TICKET, Method.FACE):
            facts = _facts(question, kind, method)
            day = date(2026, 11, 24)
            if isinstance(decide(CORPUS, question.value, facts, on=day), Allowed):
                continue
            for name in facts:
                fewer = {key: value for key, value in facts.items() if key != name}
                verdict = decide(CORPUS, question.value, fewer, on=day)
                assert not isinstance(verdict, Allowed), (kind, method, name)


def test_every_citation_is_in_force_on_the_day_it_is_given() -> None:
    for question in CORPUS.questions:
        for day in DAYS:
            for rule in CORPUS.in_force(question, day):
                assert all(day in CORPUS.articles[name].force for name in rule.citations)


@pytest.mark.parametrize("instrument", NAMED)
def test_every_article_that_was_asked_for_is_here(instrument: str) -> None:
    wanted = {f"{instrument}.{number}" for number in NAMED[instrument]}
    assert wanted - set(CORPUS.articles) == set()


def test_the_standards_that_were_asked_for_are_here_and_rank_as_standards() -> None:
    ranks = {
        wanted: {i.rank for i in CORPUS.instruments.values() if wanted in i.number}
        for wanted in STANDARDS
    }
    assert ranks == {wanted: {Rank.STANDARD} for wanted in STANDARDS}


def test_no_rule_and_no_value_rests_on_an_unverified_article() -> None:
    cited = {name for rule in CORPUS.rules.values() for name in rule.citations}
    cited |= {since.article for value in CORPUS.values.values() for since in value.values}
    assert {name for name in cited if CORPUS.articles[name].grade is Grade.C} == set()


def test_a_standard_never_bars_and_is_never_a_ground() -> None:
    effects = {
        type(rule.effect)
        for rule in CORPUS.rules.values()
        if CORPUS.instruments[CORPUS.articles[rule.article].instrument].rank is Rank.STANDARD
    }
    assert effects <= {Demand}


def test_every_bar_says_how_to_put_it_right() -> None:
    bars = [rule for rule in CORPUS.rules.values() if isinstance(rule.effect, Bar)]
    assert [rule.id for rule in bars if not (rule.mend_zh and rule.mend_en)] == []


def test_every_text_is_written_in_chinese_and_in_english() -> None:
    pairs = {i.id: (i.zh, i.en) for i in CORPUS.instruments.values()}
    pairs |= {a.id: (a.zh, a.en) for a in CORPUS.articles.values()}
    pairs |= {r.id: (r.zh, r.en) for r in CORPUS.rules.values()}
    pairs |= {f"mend {r.id}": (r.mend_zh, r.mend_en) for r in CORPUS.rules.values() if r.mend_zh}
    pairs |= {f"why {a.id}": (a.held_zh, a.held_en) for a in CORPUS.articles.values() if a.held_zh}
    pairs |= {v.id: (v.zh, v.en) for v in CORPUS.values.values()}
    pairs |= {f"fact {f.name}": (f.zh, f.en) for f in CORPUS.vocabulary}
    han = re.compile(r"[\u4e00-\u9fff]")
    strange = [
        name for name, (zh, en) in pairs.items() if not han.search(zh) or not en or han.search(en)
    ]
    assert strange == []


def test_every_rule_speaks_at_the_moment_of_its_question() -> None:
    wrong = [r.id for r in CORPUS.rules.values() if MOMENT[Question(r.question)] is not r.moment]
    assert wrong == []


def test_an_article_that_promises_a_rule_has_one_or_says_who_has() -> None:
    promised = {Held.SCENE, Held.CHECK, Held.DUTY, Held.AUDIT}
    cited = {name for rule in CORPUS.rules.values() for name in rule.citations}
    bare = [
        article.id
        for article in CORPUS.articles.values()
        if promised & set(article.held)
        and not article.rules
        and article.id not in cited
        and not article.held_zh
        and not article.values
    ]
    assert bare == []


def test_every_ceiling_of_our_own_is_marked_as_ours_in_its_words() -> None:
    ours = [value for value in CORPUS.values.values() if value.of_house]
    assert {value.id for value in ours} >= {
        "identity_retention_ceiling_days", "entrance_identity_ceiling_days",
        "face_on_device_ceiling_days", "face_attempts",
    }  # fmt: skip
    assert [v.id for v in ours if "亮明" not in v.zh or "Liangming" not in v.en] == []


def test_before_the_renumbering_the_old_number_is_cited_and_after_it_the_new() -> None:
    facts = _facts(Question.CONFIGURE, SceneKind.SEND_COUNTER, Method.DOCUMENT_SEEN)
    cited = {
        day: {
            name
            for name in decide(CORPUS, "configure", facts, on=day).citations
            if name.startswith("courier")
        }
        for day in (date(2025, 5, 31), date(2025, 6, 1))
    }
    assert cited == {
        date(2025, 5, 31): {"courier2019.22"},
        date(2025, 6, 1): {"courier.23"},
    }


@pytest.mark.parametrize("method", [m for m in Method if not m.is_face])
@pytest.mark.parametrize("kind", list(SceneKind))
def test_declining_the_face_changes_nothing_for_any_other_way(
    kind: SceneKind, method: Method
) -> None:
    facts = _facts(Question.OFFER, kind, method)
    declined = facts | {"declined_face": True, "hours_since_decline": 0}
    today = date(2026, 11, 24)
    assert decide(CORPUS, "offer", declined, on=today) == decide(CORPUS, "offer", facts, on=today)


@pytest.mark.parametrize("kind", list(SceneKind))
@pytest.mark.parametrize("day", [d for d in DAYS if d >= date(2021, 11, 1)])
def test_declining_the_face_is_never_a_reason_to_refuse(kind: SceneKind, day: date) -> None:
    facts = {"kind": kind.value, "reason": "declined-face", "declined_face": True}
    assert isinstance(decide(CORPUS, "refuse", facts, on=day), Refused)
