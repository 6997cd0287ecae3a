"""The retention report: per field with its article, what was erased and why, and nobody beyond their day."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest_asyncio
from tests.rights.people import Desk, code_of
from tests.world import NOON, numbers, world

from liangming.governance.retention import Term, report
from liangming.law import CORPUS
from liangming.rights import RightsDesk
from liangming.rights.holds import hold
from liangming.rights.retain import retain
from liangming.rights.words import HoldReason, Right
from liangming.storage import open_docket

DAY = date(2026, 11, 24)


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with world(tmp_path) as house:
        made = RightsDesk(premises=house.premises, docket=open_docket(house.premises.store))
        yield Desk(house, made)


async def test_the_report_counts_what_went_and_what_stands(desk: Desk):
    first, second, third = numbers(3)
    checks = [await desk.passed(number) for number in (first, second, third)]
    await desk.ask(checks[0][0], Right.ERASE, first)
    await desk.ask(checks[1][0], Right.RESTRICT, second)
    await hold(
        desk.desk,
        checks[2][0],
        reason=HoldReason.DISPUTE,
        article="pipl.47",
        until=NOON + timedelta(days=400),
        actor="legal",
    )
    made = await report(desk.desk, DAY, DAY)
    assert made.erased == {"asked": 1}
    assert (made.registered, made.beyond, made.held) == (2, 0, 1)
    assert (made.restricted, made.tombstones) == (1, 1)
    wanted = Term(operator="demo", scene="demo.face", field="face", days=0, article="face.8")
    assert wanted in made.terms
    assert {term.article for term in made.terms} <= set(CORPUS.articles)
    assert {term.scene for term in made.terms} == {"demo.counter", "demo.face"}

    desk.house.clock.set(NOON + timedelta(days=365))
    assert (await report(desk.desk, DAY, DAY)).beyond == 1
    await retain(desk.desk)
    year = await report(desk.desk, DAY, date(2027, 11, 24))
    assert year.erased == {"asked": 1, "term-over": 1}
    assert (year.registered, year.beyond) == (1, 0)


async def test_a_day_is_a_day_in_china_and_ends_at_midnight(desk: Desk):
    check, _ = await desk.passed()
    desk.house.clock.move(timedelta(hours=11, minutes=59, seconds=59))
    await desk.ask(check, Right.ERASE)
    assert (await report(desk.desk, DAY, DAY)).erased == {"asked": 1}
    assert (await report(desk.desk, date(2026, 11, 25), date(2026, 11, 25))).erased == {}
    assert (await report(desk.desk, date(2026, 11, 23), date(2026, 11, 23))).erased == {}


async def test_an_end_before_the_beginning_is_told(desk: Desk):
    assert await code_of(report(desk.desk, DAY, date(2026, 11, 23))) == "governance.span-unfit"
