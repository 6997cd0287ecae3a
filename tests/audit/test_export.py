"""Liangming's own checks as events: what was offered and how it ended, and nobody to be found."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pyarrow.parquet as pq
import pytest
import pytest_asyncio
from tests.storage.conftest import postgres_cluster, postgres_database, postgres_url
from tests.world import CARD, NAME, World, card, world

from liangming import ids
from liangming.audit.event_files import write_day
from liangming.audit.export import MERGED, Day, events, export_key, exported_clerk
from liangming.audit.ingest.look import look
from liangming.audit.partials import Partials
from liangming.audit.report.write import standing
from liangming.audit.run import run
from liangming.audit.schema import FACTS, OUTCOMES, WAYS, ways_mask
from liangming.audit.statistics.judging import judge
from liangming.check import Opening, open_check, present
from liangming.check.clerk import clerk_code
from liangming.check.journey import choose, decline, show_notice
from liangming.check.ports import CheckRow
from liangming.check.states import decode, encode
from liangming.clock import china_date, micros
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
        {
            "operator": "op-1",
            "outlet": outlet,
            "at": 0,
            "event": n,
            "province": 310000,
            "clerk": None,
        }
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


def row_of(row: CheckRow, number: int, outlet: str, clerk: str, *, face: bool) -> CheckRow:
    """A finished check like this one, at another outlet, with another clerk and choice."""
    state = decode(row.body)
    opened = micros(state.about.opened_at)
    number_ = (opened // 1000 << 80) + number
    about = msgspec.structs.replace(
        state.about, id=ids.of_number(ids.CHECK, number_), outlet=outlet, clerk=clerk
    )
    way = Method.FACE if face else Method.DOCUMENT_SEEN
    journey = msgspec.structs.replace(state.journey, chosen=(way,))
    body = encode(msgspec.structs.replace(state, about=about, journey=journey, method=way))
    return msgspec.structs.replace(row, id=about.id, outlet=outlet, body=body)


class Kept:
    """Checks of a port that this test holds itself."""

    def __init__(self, rows: list[CheckRow]) -> None:
        self.rows = sorted(rows, key=lambda row: row.id)

    async def checks_after(self, after: str, limit: int) -> list[CheckRow]:
        return [row for row in self.rows if row.id > after][:limit]


async def test_one_clerk_who_steers_is_found_in_our_own_export_and_named_by_a_code_only(
    house: World, tmp_path: Path, duck
) -> None:
    one = await house.premises.store.check(await passed(house))
    on, rows = china_date(house.clock.now()), []
    for outlet in range(30):
        for clerk in ("zhou", "wu", "zheng"):
            steers = (outlet, clerk) == (7, "wu")
            code = clerk_code(b"c" * 32, "op", clerk, str(outlet), house.clock.now())
            for check in range(40):
                face = check < 36 if steers else check % 5 == 0
                rows.append(row_of(one, len(rows), f"310-{outlet:04}", code, face=face))
    (day,) = await events(Kept(rows), on, on, key=KEY, floor=10, province={"demo.face": 310000}.get)
    assert (len(day.rows), day.unnamed, day.merged) == (3600, 0, 0)
    with Partials(tmp_path / "p") as partials:
        run([write_day(tmp_path, day.on, day.rows)], partials, duck)
        _, here = standing(partials)
    found = [flag for flag in judge(here).flags if flag.question == "clerk"]
    assert [here.outlet[flag.place] for flag in found] == ["310-0007"]
    asked = clerk_code(b"c" * 32, "op", "wu", "7", house.clock.now())
    assert here.clerk[found[0].part] == exported_clerk(asked, KEY)
    assert "wu" not in str(day.rows)


async def test_a_clerk_with_few_checks_on_a_day_has_no_code_and_cannot_be_told_from_the_rest(
    house: World,
) -> None:
    one = await house.premises.store.check(await passed(house))
    on = china_date(house.clock.now())

    async def codes(*many: int) -> tuple[list[int], int]:
        rows = []
        for clerk, checks in enumerate(many):
            rows += [
                row_of(one, 100 * clerk + n, "310-0001", f"code{clerk}", face=False)
                for n in range(checks)
            ]
        (day,) = await events(Kept(rows), on, on, key=KEY, floor=5, province={}.get)
        counted = Counter(row["clerk"] for row in day.rows)
        return sorted(n for code, n in counted.items() if code), counted[None]

    assert await codes(8, 9) == ([8, 9], 0)
    assert await codes(8, 9, 3) == ([9], 11)  # three alone would still be one clerk's
    assert await codes(8, 9, 3, 4) == ([8, 9], 7)
    assert await codes(3, 4) == ([], 7)
