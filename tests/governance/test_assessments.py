"""An assessment is signed by two, and opens and shuts its scene's face while the service runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, product

import msgspec
import pytest
from tests.governance.officers import FIRST, FULL, SECOND, approved
from tests.rights.people import Desk, code_of
from tests.world import NOON, face_scene

from liangming.check import Opening, open_check, present
from liangming.check.confirmed import face_message
from liangming.check.journey import choose, consent, show_face_notice, show_notice
from liangming.clock import from_micros
from liangming.governance import Kind, board, gates
from liangming.governance.assessment import begin, reopen, sign, withdraw, write
from liangming.governance.assessment.matrix import (
    HUGE,
    LARGE,
    MANY,
    Impact,
    Likelihood,
    Modifier,
    Risk,
    impact_of,
    likelihood_of,
    overall,
    risk,
)
from liangming.governance.assessment.questions import DIMENSIONS, QUESTIONS, Choice
from liangming.governance.assessment.states import (
    Answer,
    Form,
    Rated,
    Stage,
    content_of,
    questions_of,
)
from liangming.governance.assessment.steps import assessment_key, held, of_scene
from liangming.law import CORPUS
from liangming.law.words import Method
from liangming.ledger.note import read_note
from liangming.method import FaceShown


async def offered(desk: Desk, scene: str = "demo.face") -> set[Method]:
    state = await open_check(desk.house.premises, Opening(scene=scene))
    return {offer.method for offer in state.about.offers}


async def test_two_accounts_sign_and_the_note_verifies_offline(desk: Desk):
    study = await approved(desk.desk)
    assert study.stage is Stage.APPROVED
    assert [mark.by for mark in study.signatures] == [FIRST, SECOND]
    note = read_note(study.note.encode())
    key = assessment_key(desk.house.premises.keys.signing, desk.desk.origin).verifying
    (line,) = note.signatures
    assert key.verifies(note.text, line) is not None
    assert f"assessment {study.about.id}\n" in note.text
    tags = await desk.tags(study.about.id)
    assert tags == [
        f"governance:assessment:{t}" for t in ("opened", "written", "signed", "approved")
    ]


async def test_one_account_cannot_sign_twice_and_a_change_voids_the_first_signature(desk: Desk):
    about = (await begin(desk.desk, "demo.face", FIRST)).about
    await write(desk.desk, about.id, FULL, FIRST)
    await sign(desk.desk, about.id, FIRST)
    assert await code_of(sign(desk.desk, about.id, FIRST)) == "governance.second-person"
    later = msgspec.structs.replace(FULL, conclusion="另有条件。")
    changed = await write(desk.desk, about.id, later, FIRST)
    assert (changed.stage, changed.signatures) == (Stage.DRAFT, ())


async def test_a_gap_cannot_be_signed_and_a_plain_no_or_a_severe_risk_cannot_be_approved(
    desk: Desk,
):
    about = (await begin(desk.desk, "demo.face", FIRST)).about
    assert await code_of(sign(desk.desk, about.id, FIRST)) == "governance.assessment-incomplete"
    answers = {**FULL.answers, "alternatives": Answer(Choice.NO, "没有")}
    for sheet in (
        msgspec.structs.replace(FULL, answers=answers),
        msgspec.structs.replace(
            FULL,
            impacts={name: Rated(4, "重") for name in DIMENSIONS},
            factors={name: Rated(3, "曾发生") for name in FULL.factors},
        ),
    ):
        await write(desk.desk, about.id, sheet, FIRST)
        assert await code_of(sign(desk.desk, about.id, FIRST)) == "governance.assessment-barred"


@pytest.mark.parametrize("words", ["13800000000", "x" * 1001, "电话 138-0000-0000"])
async def test_numbers_and_endless_words_are_not_taken(desk: Desk, words: str):
    about = (await begin(desk.desk, "demo.face", FIRST)).about
    sheet = msgspec.structs.replace(FULL, conclusion=words)
    assert await code_of(write(desk.desk, about.id, sheet, FIRST)) == "governance.words-unfit"


async def test_a_withdrawal_takes_the_face_out_at_once_and_everything_else_goes_on(desk: Desk):
    study = await approved(desk.desk)
    assert Method.FACE in await offered(desk)
    premises = desk.house.premises
    check = (await open_check(premises, Opening(scene="demo.face"))).about.id
    await show_notice(premises, check)
    await choose(premises, check, Method.FACE)
    await show_face_notice(premises, check, device="dev-1")
    await withdraw(desk.desk, study.about.id, SECOND)
    assert await offered(desk) == {Method.DOCUMENT_SEEN, Method.REGISTERED_SENDER}
    barred = consent(premises, check, device="dev-1", age=30)
    assert await code_of(barred) == "check.capture-barred"
    await choose(premises, check, Method.DOCUMENT_SEEN)  # the same person goes on another way
    again = await approved(desk.desk)
    assert again.about.version == 2
    assert Method.FACE in await offered(desk)


async def test_a_face_that_was_already_looked_at_is_not_taken_after_a_withdrawal(desk: Desk):
    study = await approved(desk.desk)
    premises = desk.house.premises
    check = (await open_check(premises, Opening(scene="demo.face"))).about.id
    await show_notice(premises, check)
    await choose(premises, check, Method.FACE)
    await show_face_notice(premises, check, device="dev-1")
    state = await consent(premises, check, device="dev-1", age=30)
    await withdraw(desk.desk, study.about.id, SECOND)
    signed = desk.house.device_key.sign(face_message(check, state.nonce, "dev-1", "match"))
    shown = FaceShown(device="dev-1", outcome="match", nonce=state.nonce, signature=signed.hex())
    assert await code_of(present(premises, check, shown)) == "check.capture-barred"


async def test_the_assessment_that_a_file_names_counts_until_something_opens_it_again(desk: Desk):
    assert Method.FACE in await offered(desk)
    assert await reopen(desk.desk, "demo.face", "incident", FIRST)
    assert Method.FACE not in await offered(desk)
    assert not await reopen(desk.desk, "demo.face", "incident", FIRST)
    (duty,) = [d for d in await board(desk.desk) if d.kind is Kind.ASSESSMENT]
    assert duty.at_once
    assert not duty.is_late(NOON + timedelta(days=99))
    await approved(desk.desk)
    assert Method.FACE in await offered(desk)


async def test_a_term_ends_with_its_last_day_in_china_and_stands_on_the_board_before(desk: Desk):
    await approved(desk.desk, sheet=msgspec.structs.replace(FULL, months=3))
    (duty,) = [d for d in await board(desk.desk) if d.kind is Kind.ASSESSMENT]
    assert duty.day == date(2027, 2, 24)
    for moment, there in (
        (datetime(2027, 2, 24, 15, 59, tzinfo=UTC), True),
        (datetime(2027, 2, 24, 16, 0, tzinfo=UTC), False),
    ):
        desk.house.clock.set(moment)
        assert (Method.FACE in await offered(desk)) is there


async def test_a_changed_file_shuts_the_face_at_the_next_start(desk: Desk):
    study = await approved(desk.desk)
    changed = replace(face_scene(), fields=("document", "name", "phone"))
    assert content_of(changed) != study.about.content
    scenes = {**desk.house.premises.scenes, "demo.face": changed}
    after = replace(desk.desk, premises=replace(desk.house.premises, scenes=scenes))
    assert await gates.settle(after) == ["demo.face"]
    assert await gates.settle(after) == []
    assert not after.premises.gates.assessed(changed, NOON.date())
    assert (await held(after, study.about.id)).study.ended == "changed"


async def test_a_newer_one_takes_the_place_of_the_last_and_both_stay_three_years(desk: Desk):
    first = await approved(desk.desk)
    desk.house.clock.set(datetime(2028, 2, 29, 4, tzinfo=UTC))
    second = await approved(desk.desk)
    old, new = await of_scene(desk.desk, "demo.face")
    assert (old.study.stage, new.study.stage) == (Stage.SUPERSEDED, Stage.APPROVED)
    assert (old.row.id, new.row.id) == (first.about.id, second.about.id)
    assert new.row.keep_until is None
    assert from_micros(old.row.keep_until or 0) == datetime(2031, 2, 28, 16, tzinfo=UTC)


async def test_what_the_system_knows_stands_beside_the_answers(desk: Desk):
    await desk.passed(scene="demo.face")
    await desk.by_face()
    live = (await approved(desk.desk)).live
    assert live is not None
    assert (live.persons, live.checks, live.consents, live.incidents) == (1, 2, 1, 0)
    shares = {way.method: live.uptime(way) for way in live.ways}
    assert shares == {"document.seen": 1.0, "registered-sender": 1.0, "face": 1.0}
    chosen = {way.method: way.chosen for way in live.ways}
    assert chosen["face"] == 1


async def test_the_short_table_is_for_small_processors_only(desk: Desk, monkeypatch):
    short = await begin(desk.desk, "demo.face", FIRST, short=True)
    assert short.about.form is Form.SHORT
    assert len(questions_of(Form.SHORT)) < len(questions_of(Form.FULL)) == len(QUESTIONS)
    monkeypatch.setattr(
        "liangming.governance.assessment.steps.persons", lambda *_: _number(100_000)
    )
    refused = begin(desk.desk, "demo.face", FIRST, short=True)
    assert await code_of(refused) == "governance.not-small"


async def _number(count: int) -> int:
    return count


async def test_a_scene_without_a_face_and_an_assessment_of_another_operator_are_not_there(
    desk: Desk,
):
    assert await code_of(begin(desk.desk, "demo.counter", FIRST)) == "governance.assessment-no-face"
    about = (await begin(desk.desk, "demo.face", FIRST)).about
    unknown = held(desk.desk, about.id, operator="another")
    assert await code_of(unknown) == "governance.assessment-unknown"


def test_every_question_cites_an_article_of_grade_a_or_b():
    for question in QUESTIONS.values():
        assert CORPUS.articles[question.article].grade.value in {"A", "B"}, question.id


def test_the_table_is_the_standard_s():
    rows = {
        Impact.SEVERE: "中高严重严重",
        Impact.HIGH: "中中高严重",
        Impact.MIDDLE: "低低中高",
        Impact.LOW: "低低中中",
    }
    words = {Risk.LOW: "低", Risk.MIDDLE: "中", Risk.HIGH: "高", Risk.SEVERE: "严重"}
    for impact, row in rows.items():
        assert "".join(words[risk(impact, each)] for each in Likelihood) == row
    assert overall({}) is Risk.SEVERE


def test_risk_never_falls_when_impact_or_likelihood_rises():
    for impact, likely in product(Impact, Likelihood):
        here = risk(impact, likely)
        if impact < Impact.SEVERE:
            assert risk(Impact(impact + 1), likely) >= here
        if likely < Likelihood.VERY_HIGH:
            assert risk(impact, Likelihood(likely + 1)) >= here


def test_modifiers_stay_on_the_scale_and_scale_itself_never_lowers():
    sizes = (0, MANY - 1, MANY, LARGE, LARGE + 1, HUGE, HUGE + 1, 10**9)
    subsets = [set(some) for n in range(4) for some in combinations(Modifier, n)]
    for impact, likely, persons, chosen in product(Impact, Likelihood, sizes, subsets):
        moved = impact_of(impact, persons=persons, modifiers=chosen)
        assert moved >= impact_of(impact, persons=0, modifiers=chosen)
        assert abs(moved - impact) <= 2
        level = likelihood_of([Likelihood.LOW, likely], persons=persons, modifiers=chosen)
        assert level >= likelihood_of([likely], persons=0, modifiers=chosen)
        assert level >= (Likelihood.LOW, Likelihood.MIDDLE)[persons > LARGE]
        if persons > HUGE:
            assert level >= Likelihood.HIGH
        if persons >= MANY and not chosen and impact < Impact.SEVERE:
            assert moved == impact + 1
