"""An incident is counted from what was read, told to whom it concerns, and clocked where hours run."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.governance.officers import FIRST, SAID, SECOND, ended, scoped, went
from tests.rights.people import Desk, code_of
from tests.world import CARD, NOON, numbers

from liangming.check import Opening, open_check
from liangming.check.disclose import disclose
from liangming.clock import from_micros
from liangming.errors import Misuse
from liangming.governance import Kind, board, calendar
from liangming.governance.incident import account, levels, steps, telling, texts
from liangming.governance.incident.counting import listed
from liangming.governance.incident.reporting import notified, report, summarise
from liangming.governance.incident.states import Asked, Basis, Incident, Scope
from liangming.governance.incident.words import DO, Body, Certainty, Nature, Operator, Step
from liangming.governance.periodic import TASKS, last_time
from liangming.governance.sending import Channel
from liangming.law import CORPUS
from liangming.law.words import Method
from liangming.rights.handle import read_words
from liangming.rights.holds import INCIDENT_NOTICE
from liangming.rights.retain import retain
from liangming.rights.words import Right
from liangming.vault import Purpose

FIRST_DAY = datetime(2025, 11, 1, tzinfo=UTC)


async def opened(desk: Desk, check: str, actor: str, *only: str) -> None:
    await disclose(
        desk.house.premises,
        check,
        purpose=Purpose.DISPUTE,
        case="CASE-1",
        actor=actor,
        only=only,
    )


async def test_the_scope_names_exactly_whom_an_account_read_and_which_fields(desk: Desk):
    one, two, three = numbers(3)
    first, a = await desk.passed(one)
    second, b = await desk.passed(two)
    third, _ = await desk.passed(three)
    again, _ = await desk.passed(one)
    await opened(desk, first, "thief")
    await opened(desk, again, "thief", "number")
    await opened(desk, second, "thief", "name")
    await opened(desk, third, "honest")
    scope = (await scoped(desk.desk, actor="thief")).scope
    assert scope is not None
    assert (scope.persons, scope.gone, scope.readings) == (2, 0, 3)
    assert {field.name: field.persons for field in scope.fields} == {
        "name": 2,
        "number": 1,
        "type": 1,
    }
    found = await telling.persons(desk.desk, await _incident(desk))
    assert set(found) == {a, b}


async def _incident(desk: Desk) -> Incident:
    return (await listed(desk.desk))[0]


async def test_words_that_were_opened_count_and_the_span_has_a_beginning_and_an_end(desk: Desk):
    check, _ = await desk.passed()
    state = (await desk.ask(check, Right.COMPLAIN, words="x")).state
    await read_words(desk.desk, state.about.id, "thief")
    scope = (await scoped(desk.desk)).scope
    assert scope is not None
    assert [field.name for field in scope.fields] == ["words"]
    earlier = await scoped(desk.desk, until=NOON - timedelta(days=1))
    assert earlier.scope is not None
    assert earlier.scope.persons == 0


async def test_a_lost_backup_concerns_everybody_registered_by_then_and_the_erased_count_apart(
    desk: Desk,
):
    one, two = numbers(2)
    first, _ = await desk.passed(one)
    await desk.passed(two)
    await opened(desk, first, "thief")
    await desk.ask(first, Right.ERASE, one)
    register = (await scoped(desk.desk, basis=Basis.REGISTER)).scope
    assert register is not None
    assert (register.persons, register.gone) == (1, 0)
    assert [field.name for field in register.fields] == ["document", "name"]
    readings = (await scoped(desk.desk, actor="thief")).scope
    assert readings is not None
    assert (readings.persons, readings.gone) == (0, 1)


async def test_people_find_the_notice_once_each_and_it_goes_with_them(desk: Desk):
    one, two = numbers(2)
    first, a = await desk.passed(one)
    second, b = await desk.passed(two)
    for check in (first, second):
        await opened(desk, check, "thief")
    incident = await scoped(desk.desk, actor="thief")
    told = await steps.tell(desk.desk, incident.id, FIRST)
    assert told.people is not None
    assert told.people.persons == 2
    assert await telling.place(desk.desk, told, NOON) == 2  # done again after a crash
    (notice,) = await telling.notices(desk.desk, a)
    assert notice.fields == ("name", "number", "type")
    assert await telling.notices(desk.desk, None) == []
    await desk.ask(first, Right.ERASE, one)
    assert await telling.notices(desk.desk, a) == []
    desk.house.clock.set(NOON + timedelta(days=366))
    await retain(desk.desk)
    assert await desk.desk.docket.about(INCIDENT_NOTICE, b.hex()) == []
    desk.house.planted.update({one, two})
    desk.house.nothing_leaked()


async def test_the_notice_has_every_item_of_pipl_57_in_both_languages(desk: Desk):
    check, _ = await desk.passed()
    await opened(desk, check, "thief")
    incident = await scoped(desk.desk)
    items = texts.notice(incident, desk.house.premises.scenes["demo.counter"].operator, ["number"])
    heads = [head.zh for head, _ in items]
    assert heads == [
        "发生了什么", "涉及哪些信息", "原因", "可能的危害", "我们已经做了什么", "您可以做什么", "联系我们",
    ]  # fmt: skip
    for head, said in items:
        assert all((head.zh, head.en, said.zh, said.en)), head
    assert items[1][1].en == "document number"
    assert CARD not in repr(items)


async def test_nobody_is_told_before_cause_harm_and_scope_and_none_twice(desk: Desk):
    found = await steps.find(desk.desk, "demo", Nature.LOSS, FIRST)
    early = steps.tell(desk.desk, found.id, FIRST)
    assert await code_of(early) == "governance.incident-scope-first"
    incident = await scoped(desk.desk)
    await steps.tell(desk.desk, incident.id, FIRST, spare="数据加密且密钥未外泄")
    for again in (
        steps.tell(desk.desk, incident.id, FIRST),
        steps.unfounded(desk.desk, incident.id, FIRST),
    ):
        assert await code_of(again) == "governance.incident-told-before"


async def test_a_serious_incident_shuts_the_faces_and_a_drill_shuts_nothing(desk: Desk):
    async def face() -> bool:
        state = await open_check(desk.house.premises, Opening(scene="demo.face"))
        return Method.FACE in {offer.method for offer in state.about.offers}

    serious = msgspec.structs.replace(SAID, serious=True)
    drill = await steps.find(desk.desk, "demo", Nature.LEAK, FIRST, drill=True)
    assert (await steps.describe(desk.desk, drill.id, serious, FIRST)).shut == ()
    assert await face()
    real = await steps.find(desk.desk, "demo", Nature.LEAK, FIRST)
    assert (await steps.describe(desk.desk, real.id, serious, FIRST)).shut == ("demo.face",)
    assert not await face()


async def test_a_drill_runs_the_same_path_leaves_nothing_with_people_and_counts_as_the_yearly_one(
    desk: Desk,
):
    check, person = await desk.passed()
    await opened(desk, check, "thief")
    drill = await scoped(desk.desk, drill=True)
    duties = [duty for duty in await board(desk.desk) if duty.kind is Kind.INCIDENT]
    assert duties
    assert all(duty.title.zh.startswith("【演练】") for duty in duties)
    done = await ended(desk.desk, drill.id)
    assert done.people is not None
    assert done.people.persons == 0
    assert await telling.notices(desk.desk, person) == []
    assert await desk.desk.docket.count(INCIDENT_NOTICE) == 0
    assert not done.public
    assert await last_time(desk.desk.docket, TASKS["incident-drill"]) is not None
    assert [duty for duty in await board(desk.desk) if duty.kind is Kind.INCIDENT] == []


async def test_handling_ends_only_when_nothing_is_left_and_every_act_left_evidence(desk: Desk):
    check, _ = await desk.passed()
    await opened(desk, check, "thief")
    incident = await scoped(desk.desk)
    early = steps.handled(desk.desk, incident.id, FIRST)
    assert await code_of(early) == "governance.incident-unfinished"
    done = await ended(desk.desk, incident.id)
    assert set(done.reports) == {Body.AUTHORITY, Body.POSTAL}
    assert levels.summary_by(done) is None
    again = steps.step(desk.desk, incident.id, Step.STOP, FIRST)
    assert await code_of(again) == "governance.incident-ended"
    tags = await desk.tags(incident.id)
    assert tags[:3] == [f"governance:incident:{t}" for t in ("found", "described", "scoped")]
    assert tags[-1] == "governance:incident:handled"
    row = await desk.desk.docket.get(incident.id)
    assert row is not None
    assert from_micros(row.keep_until or 0).date() == date(2029, 11, 24)


async def test_below_a_million_no_hours_run_and_the_board_says_at_once(desk: Desk):
    await scoped(desk.desk)
    duties = [duty for duty in await board(desk.desk) if duty.kind is Kind.INCIDENT]
    assert duties
    assert all(duty.at_once and not duty.is_late(NOON + timedelta(days=9)) for duty in duties)
    assert "incident.4" not in {duty.article for duty in duties}
    for duty in duties:
        assert duty.article in CORPUS.articles
    lines = calendar(duties, NOON, english=False).decode().replace("\r\n ", "")
    assert lines.count("SUMMARY:立即：") == len(duties)


def _of(persons: int, found: datetime, **more: object) -> Incident:
    asked = Asked(basis=Basis.REGISTER, since=found, until=found)
    scope = Scope(asked=asked, persons=persons, gone=0, readings=1, fields=(), counted_at=found)
    made = Incident(
        id="inc_x", operator="demo", nature=Nature.LEAK, found_at=found, found_by="x", drill=False
    )
    return msgspec.structs.replace(made, scope=scope, **more)


@pytest.mark.parametrize(
    ("persons", "level"),
    [
        (999_999, "none"),
        (1_000_000, "larger"),
        (9_999_999, "larger"),
        (10_000_000, "major"),
        (100_000_000, "extreme"),
    ],
)
def test_levels_follow_the_annex_and_numbers_include_themselves(persons: int, level: str):
    assert levels.level(_of(persons, NOON)).value == level


def test_before_the_measures_were_in_force_there_was_no_clock():
    before = datetime(2025, 10, 31, 15, 59, tzinfo=UTC)
    assert levels.level(_of(10**8, before)).value == "none"
    assert levels.level(_of(10**8, before + timedelta(minutes=1))).value == "extreme"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, 35 * 365 * 86_400).map(lambda s: FIRST_DAY + timedelta(seconds=s)),
    st.sampled_from(Operator),
    st.integers(1_000_000, 10**9),
)
def test_hours_run_from_the_discovery_across_midnights_holidays_and_leap_days(found, kind, persons):
    hours = {Operator.ORDINARY: 4, Operator.CRITICAL: 1, Operator.STATE: 2}[kind]
    due = levels.report_by(_of(persons, found, kind=kind))
    assert due is not None
    assert due.at == found + timedelta(hours=hours)
    assert not due.late(due.at - timedelta(microseconds=1))
    assert due.late(due.at)
    summary = levels.summary_by(_of(persons, found, handled_at=found))
    assert summary is not None
    china = (found + timedelta(hours=8)).date()
    assert summary.day == china + timedelta(days=30)


async def test_a_larger_one_runs_four_hours_and_thirty_days_on_the_board(desk: Desk):
    found = await steps.find(desk.desk, "demo", Nature.LEAK, FIRST)
    larger = msgspec.structs.replace(SAID, other_trigger=True)
    described = await steps.describe(desk.desk, found.id, larger, FIRST)
    assert described.serious
    (duty,) = [d for d in await board(desk.desk) if d.article == "incident.4"]
    assert duty.due == NOON + timedelta(hours=4)
    assert duty.is_late(duty.due)
    span = {"since": NOON - timedelta(days=1), "until": NOON}
    await steps.scope(desk.desk, found.id, Asked(basis=Basis.REGISTER, **span), FIRST)
    await ended(desk.desk, found.id)
    (summary,) = [d for d in await board(desk.desk) if d.kind is Kind.INCIDENT]
    assert (summary.article, summary.day) == ("incident.8", date(2026, 12, 24))
    await summarise(desk.desk, found.id, went(desk.desk, "S-1"), SECOND)
    assert [d for d in await board(desk.desk) if d.kind is Kind.INCIDENT] == []


async def test_the_account_is_sealed_and_the_list_has_receipt_codes_only(desk: Desk):
    check, _ = await desk.passed()
    await opened(desk, check, "thief")
    incident = await scoped(desk.desk)
    desk.house.planted.add("某员工把密钥写在纸上")
    await account.write(desk.desk, incident.id, "某员工把密钥写在纸上", FIRST)
    _, words = await account.opened(desk.desk, incident.id, SECOND)
    assert words == "某员工把密钥写在纸上"
    lines = [line async for line in account.listed(desk.desk, incident.id, FIRST)]
    assert lines[0] == "receipt,fields\r\n"
    assert len(lines) == 2
    assert lines[1].startswith("rct_")
    assert CARD not in "".join(lines)
    tags = await desk.tags(incident.id)
    assert tags[-3:] == [
        f"governance:incident:{t}" for t in ("account-written", "packaged", "listed")
    ]
    desk.house.nothing_leaked()


async def test_what_does_not_fit_is_refused_in_words(desk: Desk):
    future = steps.find(desk.desk, "demo", Nature.LEAK, FIRST, found_at=NOON + timedelta(seconds=1))
    assert await code_of(future) == "governance.incident-unfit"
    incident = await scoped(desk.desk)
    backwards = Asked(basis=Basis.READINGS, since=NOON, until=NOON - timedelta(days=1))
    for refused, code in (
        (steps.scope(desk.desk, incident.id, backwards, FIRST), "governance.incident-unfit"),
        (steps.step(desk.desk, incident.id, Step.SCOPE, FIRST), "governance.incident-unfit"),
        (steps.held(desk.desk, incident.id, "another"), "governance.incident-unknown"),
        (steps.held(desk.desk, "inc_none"), "governance.incident-unknown"),
    ):
        assert await code_of(refused) == code
    done = await steps.unfounded(desk.desk, incident.id, FIRST)
    assert done.certainty is Certainty.UNFOUNDED
    assert [d for d in await board(desk.desk) if d.kind is Kind.INCIDENT] == []


async def test_a_report_says_how_it_went_out_and_is_late_by_when_it_did(desk: Desk):
    found = await steps.find(desk.desk, "demo", Nature.LEAK, FIRST)
    larger = msgspec.structs.replace(SAID, other_trigger=True)
    await steps.describe(desk.desk, found.id, larger, FIRST)
    desk.house.clock.set(NOON + timedelta(hours=5))
    in_time = went(desk.desk, "W-1", at=NOON + timedelta(hours=3), channel=Channel.PHONE)
    for wrong, field in (
        ({"reference": ""}, "reference"),
        ({"reference": "张三"}, "reference"),
        ({"at": NOON - timedelta(minutes=1)}, "sent"),
        ({"at": NOON + timedelta(hours=6)}, "sent"),
        ({"proof": "abc"}, "proof"),
    ):
        bad = msgspec.structs.replace(in_time, **wrong)
        with pytest.raises(Misuse) as caught:
            await report(desk.desk, found.id, Body.PROVINCIAL, bad, FIRST)
        assert (caught.value.code.name, caught.value.field) == ("governance.sent-unfit", field)
    told = await report(desk.desk, found.id, Body.PROVINCIAL, in_time, FIRST)
    assert told.reports[Body.PROVINCIAL].sent == in_time
    facts = [leaf.facts for leaf in await desk.house.premises.store.leaves(found.id)]
    assert b'"late":false' in facts[-1]
    assert b'"channel":"phone"' in facts[-1]
    late = msgspec.structs.replace(in_time, at=NOON + timedelta(hours=4))
    await report(desk.desk, found.id, Body.PROVINCIAL, late, FIRST)
    facts = [leaf.facts for leaf in await desk.house.premises.store.leaves(found.id)]
    assert b'"late":true' in facts[-1]


async def test_word_to_people_by_other_ways_is_written_down_with_its_proof(desk: Desk):
    incident = await scoped(desk.desk)
    sent = went(desk.desk, "SMS-7", channel=Channel.SMS, proof="0f" * 32)
    early = notified(desk.desk, incident.id, sent, FIRST)
    assert await code_of(early) == "governance.incident-scope-first"
    await ended(desk.desk, incident.id)
    done = await notified(desk.desk, incident.id, sent, FIRST)
    assert [each.sent for each in done.besides] == [sent]
    assert done.handled_at is not None
    assert (await desk.tags(incident.id))[-1] == "governance:incident:notified"


def test_every_command_that_a_step_names_is_there():
    known = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")
    named = [where for where in DO.values() if where.startswith("liangming ")]
    assert named
    assert [where for where in named if f"## `{where}" not in known] == []
