"""Devices count the faces they store; at 100,000 thirty working days begin, and a change begins them again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.governance.devices import Locker
from tests.governance.officers import went
from tests.rights.people import Desk, code_of

from liangming.clock import CHINA, china_date
from liangming.device import take
from liangming.device.faces import MOST
from liangming.docket.calendar import is_working_day
from liangming.governance import Kind, board, faces
from liangming.governance.faces import Filing, Stage
from liangming.governance.filing import paper
from liangming.law.values import face_filing_persons

THRESHOLD = face_filing_persons.values[-1].value


async def filings(desk: Desk) -> list[tuple[str, date]]:
    return [(d.title.en, d.day) for d in await board(desk.desk) if d.kind is Kind.FILING]


async def test_the_newest_number_of_each_device_counts_and_nonsense_does_not(desk: Desk):
    one, two = await Locker(desk).enrolled(), await Locker(desk).enrolled()
    await one.says(5, 7)
    await two.says(3)
    assert await faces.stored(desk.desk, "demo") == 10
    await one.says(6)
    await two.says(True, -1, MOST + 1, "9")
    assert await faces.stored(desk.desk, "demo") == 9
    assert await faces.stored(desk.desk, "another") == 0


async def test_a_number_that_comes_late_does_not_replace_a_newer_one(desk: Desk):
    locker = await Locker(desk).enrolled()
    early, late = locker.line(1), locker.line(2)
    for line in (late, early, late):
        await take(desk.house.premises, desk.desk.docket, "demo", [line])
    assert await faces.stored(desk.desk, "demo") == 2


async def test_thirty_working_days_begin_on_the_day_it_reaches_the_number(desk: Desk):
    locker = await Locker(desk).enrolled()
    await locker.says(99_999)
    assert await faces.watch(desk.desk) == []
    await locker.says(100_000)
    assert await faces.watch(desk.desk) == ["demo"]
    assert await faces.watch(desk.desk) == []
    ((title, day),) = await filings(desk)
    assert "100000" in title
    # 24 November 2026 is a Tuesday; the notice for 2027 is not out, so 1 January counts by the week
    assert day == date(2027, 1, 5)
    assert (
        await code_of(faces.file(desk.desk, "demo", went(desk.desk, "备案一"), "x"))
        == "governance.sent-unfit"
    )
    await faces.file(desk.desk, "demo", went(desk.desk, "BA-1"), "officer-one")
    assert await filings(desk) == []
    nothing = faces.file(desk.desk, "demo", went(desk.desk, "BA-1"), "officer-one")
    assert await code_of(nothing) == "governance.filing-unknown"


async def test_templates_in_reports_of_health_count_and_open_the_filing_with_its_package(
    desk: Desk,
):
    one, two = await Locker(desk).enrolled(), await Locker(desk).enrolled()
    await one.sends(one.health(60_000))
    await two.says(39_999)
    assert await faces.watch(desk.desk) == []
    assert await filings(desk) == []
    await one.sends(one.health(60_001))
    assert await faces.stored(desk.desk, "demo") == THRESHOLD == 100_000
    assert await faces.watch(desk.desk) == ["demo"]
    assert len(await filings(desk)) == 1
    company = desk.house.premises.scenes["demo.face"].operator
    made = await paper(desk.desk, "demo", company, "zh")
    told = str(made.parts)
    assert "共 100,000 人，2 台终端；备案的人数标准为 100,000。" in told
    assert all(word in told for word in ("PIA-1", "demo.face", company.name.zh))
    sent = went(desk.desk, "BA-1", proof="b" * 64)
    assert (await faces.file(desk.desk, "demo", sent, "officer-one")).sendings == (sent,)
    await one.sends(one.health(0))
    assert await faces.stored(desk.desk, "demo") == 39_999
    assert await faces.watch(desk.desk) == []  # what was filed does not tell the number


async def test_a_change_of_what_was_filed_and_the_end_of_it_begin_a_clock_each(desk: Desk):
    locker = await Locker(desk).enrolled()
    await locker.says(100_000)
    await faces.watch(desk.desk)
    await faces.file(desk.desk, "demo", went(desk.desk, "BA-1"), "officer-one")
    scenes = dict(desk.house.premises.scenes)
    face = scenes["demo.face"]
    scenes["demo.face"] = replace(face, purpose=replace(face.purpose, zh="取件核验"))
    changed = replace(desk.desk, premises=replace(desk.house.premises, scenes=scenes))
    desk.house.clock.set(datetime(2027, 3, 1, 4, tzinfo=UTC))
    assert await faces.watch(changed) == ["demo"]
    found = await faces.of(changed, "demo")
    assert found is not None
    assert found[1].stage is Stage.CHANGE_DUE
    await faces.file(changed, "demo", went(changed, "BA-2"), "officer-one")
    without = {k: v for k, v in scenes.items() if k != "demo.face"}
    over = replace(desk.desk, premises=replace(desk.house.premises, scenes=without))
    assert await faces.watch(over) == ["demo"]
    done = await faces.file(over, "demo", went(over, "BA-3"), "officer-one")
    assert (done.stage, done.references) == (Stage.CANCELLED, ("BA-1", "BA-2", "BA-3"))
    assert await faces.watch(over) == ["demo"]  # the devices still hold 100,000: a new one is due
    await locker.says(0)
    tags = await desk.tags(done.id)
    assert tags == [f"governance:face-filing:{t}" for t in ("due", "filed") * 3]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 20 * 365 * 86_400))
def test_the_last_day_is_the_thirtieth_working_day_after(seconds):
    since = datetime(2025, 6, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    filing = Filing(id="ffl_x", operator="demo", stage=Stage.DUE, since=since, persons=100_000)
    first, last = china_date(since), filing.until.day
    days = [first + timedelta(days=n + 1) for n in range((last - first).days)]
    assert sum(map(is_working_day, days)) == 30
    assert is_working_day(last)
    assert filing.until.at.astimezone(CHINA).hour == 0


def test_a_filing_reads_back_as_it_was_written():
    since = datetime(2026, 1, 1, tzinfo=UTC)
    filing = Filing(id="ffl_x", operator="demo", stage=Stage.DUE, since=since, persons=1)
    assert msgspec.json.decode(msgspec.json.encode(filing), type=Filing) == filing
