"""Liangming's own checks as events: what was offered and how it ended, and nobody to be found."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import pytest_asyncio
from tests.storage.conftest import postgres_cluster, postgres_database, postgres_url
from tests.world import CARD, NAME, World, card, world

from liangming.audit.event_files import write_day
from liangming.audit.export import MERGED, Day, events, export_key
from liangming.audit.ingest.look import look
from liangming.audit.partials import Partials
from liangming.audit.run import run
from liangming.audit.schema import FACTS, OUTCOMES, WAYS, ways_mask
from liangming.check import Opening, open_check, present
from liangming.check.journey import choose, decline, show_notice
from liangming.clock import china_date
from liangming.law.words import Method

__all__ = ["postgres_cluster", "postgres_database", "postgres_url"]

FACT = {fact.name: 1 << number for number, fact in enumerate(FACTS)}
KEY = export_key(b"k" * 32)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def address(request: pytest.FixtureRequest) -> str:
    return request.getfixturevalue("postgres_url") if request.param == "postgres" else ""


@pytest_asyncio.fixture
async def house(address: str, tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path, url=address) as made:
        yield made


async def passed(house: World, *, declining: bool = False) -> str:
    state = await open_check(house.premises, Opening(scene="demo.face"))
    await show_notice(house.premises, state.about.id)
    if declining:
        await decline(house.premises, state.about.id, Method.FACE)
    await choose(house.premises, state.about.id, Method.DOCUMENT_SEEN)
    house.clock.move(timedelta(seconds=20))
    await present(house.premises, state.about.id, card())
    return state.about.id


async def exported(house: World, floor: int = 1, days: int = 0) -> list[Day]:
    on = china_date(house.clock.now())
    return await events(
        house.premises.store,
        on - timedelta(days=days),
        on,
        key=KEY,
        floor=floor,
        province={"demo.face": 310000}.get,
    )


async def test_a_check_becomes_an_event_that_says_what_happened(house: World) -> None:
    await passed(house, declining=True)
    ((row,),) = [day.rows for day in await exported(house)]
    assert row["ways_offered"] & ways_mask(["document.seen", "face"]) == ways_mask(
        ["document.seen", "face"]
    )
    assert (WAYS[row["way_chosen"]], WAYS[row["way_completed"]]) == ("document.seen",) * 2
    assert (OUTCOMES[row["outcome"]], row["duration_ms"], row["zone"]) == ("passed", 20_000, 480)
    assert (row["province"], row["clerk"], row["at"] % 3_600_000_000) == (310000, None, 0)
    told = {name for name, bit in FACT.items() if row["facts"] & bit}
    known = {name for name, bit in FACT.items() if row["known"] & bit}
    assert told == {"declined_face", "notice_shown", "notice_current"}
    assert known == told | {"separate_consent"}


async def test_an_unfinished_check_waits_and_another_day_is_another_day(house: World) -> None:
    await open_check(house.premises, Opening(scene="demo.face"))
    assert await exported(house) == []
    await passed(house)
    house.clock.move(timedelta(days=1))
    await passed(house)
    assert [len(day.rows) for day in await exported(house, days=1)] == [1, 1]
    assert [len(day.rows) for day in await exported(house)] == [1]


async def test_few_checks_are_put_together_or_left_out_and_counted(house: World) -> None:
    for _ in range(3):
        await passed(house)
    (day,) = await exported(house, floor=4)
    assert (day.rows, day.merged, day.suppressed) == ([], 0, 3)
    (day,) = await exported(house, floor=3)
    assert (len(day.rows), day.merged, day.suppressed) == (3, 0, 0)


async def test_two_small_outlets_stand_together(house: World) -> None:
    from liangming.audit.export import _grouped

    on = china_date(house.clock.now())
    rows = [
        {"operator": "op-1", "outlet": outlet, "at": 0, "event": n, "province": 310000}
        for n, outlet in enumerate(["a", "a", "b", "b", "c", "c", "c", "c"])
    ]
    day = _grouped(on, rows, 4)
    assert [row["outlet"] for row in day.rows] == ["c"] * 4 + [MERGED] * 4
    assert {row["province"] for row in day.rows if row["outlet"] == MERGED} == {None}
    assert (day.merged, day.suppressed) == (4, 0)


async def test_a_file_names_nobody_and_an_audit_reads_it(
    house: World, tmp_path: Path, duck
) -> None:
    ids = [await passed(house, declining=number % 2 == 0) for number in range(12)]
    (day,) = await exported(house, floor=10)
    path = write_day(tmp_path, day.on, day.rows)
    data = path.read_bytes() + str(pq.read_table(path).to_pylist()).encode()
    for secret in (CARD, NAME, *ids, *(i.partition("_")[2] for i in ids)):
        assert secret.encode() not in data
    assert look(path).profile.unproven == frozenset()
    with Partials(tmp_path / "p") as partials:
        ran = run([path], partials, duck)
        assert [(line.counted, line.left_out) for line in ran.units] == [(12, {})]
        (cell,) = partials.cells(keys=("outlet",)).to_pylist()
        assert (cell["decline_known"], cell["declined"], cell["declined_passed"]) == (12, 6, 6)


async def test_another_key_gives_other_numbers_and_the_same_key_the_same(house: World) -> None:
    await passed(house)
    ((one,),) = [day.rows for day in await exported(house)]
    ((same,),) = [day.rows for day in await exported(house)]
    assert one == same
    on = china_date(house.clock.now())
    store, other = house.premises.store, export_key(b"o" * 32)
    (day,) = await events(store, on, on, key=other, floor=1, province={}.get)
    assert day.rows[0]["event"] != one["event"]
