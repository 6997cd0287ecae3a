"""What people ask, from a receipt, and what comes of it."""

from datetime import date, timedelta

import pytest
from tests.rights.people import Desk, code_of
from tests.world import CARD, NAME, numbers

from liangming.check import Opening, open_check
from liangming.clock import from_micros, micros
from liangming.law import CORPUS
from liangming.rights import Asking, ask, faults, take_back
from liangming.rights.carry import carry_out
from liangming.rights.desk import requests_of
from liangming.rights.handle import (
    answer,
    appeal,
    assign,
    correct,
    listed,
    prove,
    read_words,
    refuse,
)
from liangming.rights.moves import FITS
from liangming.rights.states import Answered, Open, Refused, TakenBack, Unproven
from liangming.rights.words import (
    ARTICLES,
    NAMES,
    NO_ARTICLES,
    REASONS,
    RESULTS,
    No,
    Requester,
    Result,
    Right,
    clock_of,
)


async def test_what_is_registered_is_shown_to_whoever_has_receipt_and_document(desk: Desk):
    check, _ = await desk.passed()
    done = await desk.ask(check, Right.SEE)
    assert done.fields == {"type": "resident_card", "number": CARD, "name": NAME}
    assert isinstance(done.state, Answered)
    assert done.state.result is Result.SHOWN
    assert await desk.tags(done.state.about.id) == [
        "rights:request:opened",
        "rights:request:answered",
    ]
    leaves = await desk.house.premises.store.leaves(check)
    assert leaves[-1].tag == "check:register:opened"
    await desk.house.verify(check)
    desk.house.nothing_leaked()


@pytest.mark.parametrize(
    "right", [Right.SEE, Right.COPY, Right.CORRECT, Right.ERASE, Right.RESTRICT]
)
async def test_another_s_document_an_unreadable_one_or_none_gets_nothing(desk: Desk, right: Right):
    check, person = await desk.passed()
    other = next(n for n in numbers(3) if n != CARD)
    same = faults.NOT_THE_SAME.name
    assert await code_of(desk.ask(check, right, other, words="x")) == same
    assert await code_of(desk.ask(check, right, "no number", words="x")) == same
    assert await code_of(desk.ask(check, right, document="passport", words="x")) == same
    assert await code_of(desk.ask(check, right, document="nothing", words="x")) == same
    missing = desk.ask(check, right, "", words="x")
    assert await code_of(missing) == faults.PROOF_NEEDED.name
    assert await requests_of(desk.desk, check) == []
    assert list(await desk.house.premises.store.persons([person])) == [person]


async def test_guessing_has_to_wait(desk: Desk):
    check, _ = await desk.passed()
    for number in numbers(6)[1:]:
        assert await code_of(desk.ask(check, Right.SEE, number)) == faults.NOT_THE_SAME.name
    assert await code_of(desk.ask(check, Right.SEE)) == "method.too-many-tries"
    desk.house.clock.move(timedelta(minutes=10))
    assert (await desk.ask(check, Right.SEE)).fields is not None


async def test_a_copy_holds_everything_and_nothing_of_it_stays_here(desk: Desk):
    check, person = await desk.passed()
    done = await desk.ask(check, Right.COPY)
    assert done.copy is not None
    assert done.copy["format"] == "liangming/personal-copy/1"
    assert done.copy["registered"]["fields"]["number"] == CARD
    row = (await desk.house.premises.store.persons([person]))[person]
    assert from_micros(row.keep_until).isoformat()[:10] in done.copy["registered"]["keep_until"]
    tags = [event["tag"] for event in done.copy["check"]["events"]]
    assert tags[0] == "check:check:opened"
    assert done.copy["requests"][0]["right"] == "copy"
    desk.house.nothing_leaked()


async def test_where_nothing_is_registered_the_answer_is_that_without_any_document(desk: Desk):
    state = await open_check(desk.house.premises, Opening(scene="demo.counter"))
    for right in (Right.SEE, Right.COPY, Right.ERASE, Right.RESTRICT, Right.CORRECT):
        asking = Asking(check=state.about.id, right=right, words="x")
        done = await ask(desk.desk, asking)
        assert isinstance(done.state, Answered)
        assert done.state.result is Result.NOTHING_HELD


async def test_a_decision_is_explained_by_the_rules_that_spoke(desk: Desk):
    check, _ = await desk.passed()
    done = await ask(desk.desk, Asking(check=check, right=Right.EXPLAIN))
    parts = {sentence.part for sentence in done.sentences}
    assert parts - {"withheld"} == {"asked", "offered", "chosen", "ended"}
    asked = [s for s in done.sentences if s.part == "asked"]
    assert "courier.23" in {c for s in asked for c in s.citations}
    assert all(s.word in CORPUS.rules and s.zh and s.en for s in asked)
    cited = {c for s in done.sentences for c in s.citations}
    assert cited <= set(CORPUS.articles)


async def test_an_unknown_receipt_is_unknown_for_every_right(desk: Desk):
    for right in Right:
        asking = Asking(check="chk_nothing", right=right, words="x")
        assert await code_of(ask(desk.desk, asking)) == "check.unknown"


async def test_a_complaint_waits_for_somebody_with_seven_days_at_a_courier(desk: Desk):
    check, _ = await desk.passed()
    said = "柜台说一定要刷脸"
    desk.house.planted.add(said)
    done = await ask(desk.desk, Asking(check=check, right=Right.COMPLAIN, words=f" {said} "))
    assert isinstance(done.state, Open)
    assert done.state.due.day == date(2026, 12, 1)
    assert (done.state.due.article, done.state.owner) == ("courier.29", "rights-desk")
    again = await ask(desk.desk, Asking(check=check, right=Right.COMPLAIN, words="twice"))
    assert again.state.about.id == done.state.about.id
    assert await read_words(desk.desk, done.state.about.id, "clerk-7") == said
    assert (await desk.tags(done.state.about.id))[-1] == "rights:words:opened"
    desk.house.nothing_leaked()


@pytest.mark.parametrize("words", ["", "   ", "x" * 501])
async def test_a_complaint_without_words_or_with_a_book_is_asked_for_again(desk: Desk, words: str):
    check, _ = await desk.passed()
    asking = Asking(check=check, right=Right.COMPLAIN, words=words)
    assert await code_of(ask(desk.desk, asking)) == faults.WORDS_NEEDED.name


async def test_an_answer_after_its_day_is_late_in_the_evidence(desk: Desk):
    check, _ = await desk.passed()
    first = (await ask(desk.desk, Asking(check=check, right=Right.COMPLAIN, words="x"))).state
    await answer(desk.desk, first.about.id, Result.UPHELD, "clerk-7")
    leaves = await desk.house.premises.store.leaves(first.about.id)
    assert b'"late":false' in leaves[-1].facts
    second = (await ask(desk.desk, Asking(check=check, right=Right.COMPLAIN, words="x"))).state
    desk.house.clock.set(second.due.at)
    await answer(desk.desk, second.about.id, Result.NOT_UPHELD, "clerk-7")
    leaves = await desk.house.premises.store.leaves(second.about.id)
    assert b'"late":true' in leaves[-1].facts


async def test_a_complaint_is_reviewed_once_by_somebody_else_with_a_clock_of_its_own(desk: Desk):
    check, _ = await desk.passed()
    first = (await ask(desk.desk, Asking(check=check, right=Right.COMPLAIN, words="x"))).state
    request = first.about.id
    assert await code_of(appeal(desk.desk, check, request)) == faults.CLOSED.name
    await answer(desk.desk, request, Result.NOT_UPHELD, "rights-desk")
    desk.house.clock.move(timedelta(days=3))
    other, _ = await desk.passed(numbers(2)[1])
    assert await code_of(appeal(desk.desk, other, request)) == faults.UNKNOWN.name
    reopened = await appeal(desk.desk, check, request)
    assert isinstance(reopened, Open)
    assert (reopened.round, reopened.owner) == (2, "privacy-officer")
    assert reopened.due.day == date(2026, 12, 4)
    await answer(desk.desk, request, Result.UPHELD, "privacy-officer")
    assert await code_of(appeal(desk.desk, check, request)) == faults.APPEALED.name


async def test_a_name_is_corrected_under_the_same_key_and_the_words_go(desk: Desk):
    check, person = await desk.passed()
    before = (await desk.house.premises.store.persons([person]))[person]
    said = "名字第二个字写错了"
    desk.house.planted |= {said, "演示乙"}
    done = await desk.ask(check, Right.CORRECT, words=said)
    request = done.state.about.id
    assert isinstance(done.state, Open)
    assert done.state.due.article == "app191.6"
    assert await code_of(correct(desk.desk, request, "number", "1", "clerk-7")) == (
        faults.NOT_BY_HAND.name
    )
    assert await code_of(carry_out(desk.desk, request, "clerk-7")) == faults.NOT_BY_HAND.name
    state = await correct(desk.desk, request, "name", "演示乙", "clerk-7")
    assert isinstance(state, Answered)
    shown = await desk.ask(check, Right.SEE)
    assert shown.fields == {"type": "resident_card", "number": CARD, "name": "演示乙"}
    after = (await desk.house.premises.store.persons([person]))[person]
    assert after.wrapped_key == before.wrapped_key
    row = await desk.desk.docket.get(request)
    assert row is not None
    assert (row.sealed, row.wrapped_key) == (b"", b"")
    desk.house.nothing_leaked()


async def test_nothing_is_done_for_another_before_their_authority_was_seen(desk: Desk):
    check, person = await desk.passed()
    done = await desk.ask(check, Right.ERASE, requester=Requester.HEIR)
    request = done.state.about.id
    assert isinstance(done.state, Unproven)
    assert await code_of(carry_out(desk.desk, request, "clerk-7")) == faults.AUTHORITY_FIRST.name
    assert list(await desk.house.premises.store.persons([person])) == [person]
    assert isinstance(await prove(desk.desk, request, "clerk-7"), Open)
    assert await code_of(prove(desk.desk, request, "clerk-7")) == faults.CLOSED.name
    ended = (await carry_out(desk.desk, request, "clerk-7")).state
    assert isinstance(ended, Answered)
    assert await desk.house.premises.store.persons([person]) == {}
    assert await desk.tags(request, closed=2) == [
        "rights:request:opened",
        "rights:request:proven",
        "rights:request:answered",
    ]


async def test_a_refusal_names_its_reason_and_article_and_ends_the_request(desk: Desk):
    check, _ = await desk.passed()
    done = await desk.ask(check, Right.COPY, requester=Requester.AUTHORISED)
    state = await refuse(desk.desk, done.state.about.id, No.NO_AUTHORITY, "clerk-7")
    assert isinstance(state, Refused)
    assert (state.reason, state.citations) == (No.NO_AUTHORITY, ("pipl.50",))
    assert await code_of(refuse(desk.desk, state.about.id, No.ACCURATE, "clerk-7")) == (
        faults.CLOSED.name
    )
    assert await listed(desk.desk) == []


async def test_a_request_can_be_given_to_another_and_taken_back(desk: Desk):
    check, _ = await desk.passed()
    state = (await ask(desk.desk, Asking(check=check, right=Right.COMPLAIN, words="x"))).state
    request = state.about.id
    assert (await assign(desk.desk, request, "outlet-lead", "rights-desk")).owner == "outlet-lead"
    wrong = assign(desk.desk, request, "张三", "rights-desk")
    assert await code_of(wrong) == faults.OWNER_UNFIT.name
    assert [s.about.id for _, s in await listed(desk.desk)] == [request]
    other, _ = await desk.passed(numbers(2)[1])
    assert await code_of(take_back(desk.desk, other, request)) == faults.UNKNOWN.name
    assert isinstance(await take_back(desk.desk, check, request), TakenBack)
    assert await code_of(take_back(desk.desk, check, request)) == faults.CLOSED.name


async def test_a_closed_request_goes_when_its_time_is_over(desk: Desk):
    check, _ = await desk.passed()
    state = (await ask(desk.desk, Asking(check=check, right=Right.COMPLAIN, words="x"))).state
    await answer(desk.desk, state.about.id, Result.UPHELD, "clerk-7")
    row = await desk.desk.docket.get(state.about.id)
    assert row is not None
    assert row.keep_until == micros(desk.house.clock.now() + timedelta(days=1095))
    assert await desk.desk.docket.over(from_micros(row.keep_until), 10) == [row.id]


def test_every_right_result_and_reason_has_words_articles_and_a_clock():
    assert set(NAMES) == set(ARTICLES) == set(FITS) == set(Right)
    assert set(RESULTS) == set(Result) == {r for fits in FITS.values() for r in fits}
    assert set(REASONS) == set(NO_ARTICLES) == set(No)
    cited = {a for articles in (*ARTICLES.values(), *NO_ARTICLES.values()) for a in articles}
    assert cited <= set(CORPUS.articles)
    from liangming.law.words import SceneKind

    clocks = {clock_of(right, kind) for right in Right for kind in SceneKind}
    assert clocks == {"courier_complaint_days", "request_working_days", "answer_days"}
    assert clocks <= set(CORPUS.values)
