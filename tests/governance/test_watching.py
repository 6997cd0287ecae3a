"""What the daily audit found stands on the board, and so does an audit that stopped."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio
from tests.world import NOON, scene, world

from liangming.assembly import Settings, rights_desk
from liangming.clock import SetClock, china_date
from liangming.errors import Misuse
from liangming.governance import Duty, Kind, board
from liangming.governance.watching import look
from liangming.law import CORPUS
from liangming.law.values import watch_answer_days
from liangming.rights import RightsDesk

TODAY = (china_date(NOON) - date(1970, 1, 1)).days


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[tuple[RightsDesk, SetClock, Path]]:
    async with world(tmp_path, scene()) as made:
        settings = Settings(
            data=tmp_path / "data", database="", keys=tmp_path / "keys.json", scenes=()
        )
        (tmp_path / "data").mkdir()
        yield (
            rights_desk(settings, made.premises),
            made.clock,
            tmp_path / "data" / "audit-watch.json",
        )


def result(*standing: dict[str, object], until: int = TODAY, version: int = 1) -> bytes:
    """As ``liangming audit watch`` leaves it."""
    return msgspec.json.encode(
        {
            "version": version, "first_day": until - 89, "until": until, "chain": "", "outlets": 9,
            "leads": 0, "standing": standing, "new": 0, "gone": [], "not_testable": {},
        }
    )  # fmt: skip


def standing(
    outlet: str, since: int, question: str = "broken", operator: str = "demo"
) -> dict[str, object]:
    return {
        "question": question, "operator": operator, "outlet": outlet,
        "scene_kind": "parcel.collect.locker", "channel": "machine",
        "articles": ["face.10"], "since": since,
    }  # fmt: skip


async def watched(desk: RightsDesk, operator: str = "") -> list[Duty]:
    return [duty for duty in await board(desk, operator=operator) if duty.kind is Kind.WATCH]


async def test_without_a_result_the_board_says_nothing_of_it(house):
    desk, _, _ = house
    assert await watched(desk) == []


async def test_places_that_stand_out_in_one_question_are_one_duty_with_its_day(house):
    desk, clock, file = house
    file.write_bytes(
        result(
            standing("demo-001", TODAY - 3),
            standing("demo-002", TODAY - 9),
            standing("", TODAY),
            standing("x-1", TODAY, operator="other"),
        )
    )
    (mine,) = await watched(desk, "demo")
    days = watch_answer_days.at(china_date(NOON))
    assert (mine.id, mine.article, mine.standard) == ("watch/demo/broken", "face.10", True)
    assert mine.day == date(1970, 1, 1) + timedelta(days=TODAY - 9 + days)
    assert "（demo-001、demo-002；1 类场景整体）" in mine.title.zh
    assert "(demo-001, demo-002; 1 whole scene)" in mine.title.en
    assert (
        mine.do
        == "liangming duties done watch/demo/broken --by ROLE --outcome explained  # or: mended"
    )
    assert mine.article in CORPUS.articles
    assert len(await watched(desk)) == 2
    clock.set(mine.due)
    assert next(duty.is_late(clock.now()) for duty in await watched(desk, "demo")) is True


async def test_many_outlets_are_counted_and_the_first_are_named(house):
    desk, _, file = house
    file.write_bytes(result(*(standing(f"demo-{n:03}", TODAY) for n in range(7))))
    (duty,) = await watched(desk)
    assert "（demo-000、demo-001、demo-002等 7 个网点）" in duty.title.zh
    assert "(demo-000, demo-001, demo-002 and 4 more outlets)" in duty.title.en


async def test_an_audit_that_stopped_or_cannot_be_read_is_a_duty_itself(house):
    desk, clock, file = house
    file.write_bytes(result())
    assert await watched(desk) == []
    clock.move(timedelta(days=4))
    (stopped,) = await watched(desk)
    assert (stopped.id, stopped.is_late(clock.now())) == ("watch", True)
    for bad in (b"{", b"[]", result(version=2)):
        file.write_bytes(bad)
        (unread,) = await watched(desk)
        assert unread.id == "watch"
    file.unlink()
    assert await watched(desk) == []
    unreadable = replace(desk, watch=file.parent.read_bytes)
    assert [duty.id for duty in await watched(unreadable)] == ["watch"]


async def test_a_look_takes_the_duty_away_until_something_new_stands_out_or_its_time_is_over(house):
    desk, clock, file = house
    old = standing("demo-001", TODAY - 9)
    file.write_bytes(result(old))
    said = {"outcome": "explained", "actor": "privacy-officer", "reference": "VISIT-1"}
    again = await look(desk.premises, desk, "watch/demo/broken", **said)
    assert again == china_date(NOON) + timedelta(days=365)
    assert await watched(desk) == []
    (row,) = await desk.docket.about("watch-look", "watch/demo/broken")
    (leaf,) = await desk.premises.store.leaves(row.id)
    assert leaf.tag == "governance:watch:looked"
    assert msgspec.json.decode(leaf.facts) == {
        "question": "broken", "operator": "demo", "until": TODAY, "places": 1, **said,
    }  # fmt: skip
    file.write_bytes(result(old, standing("demo-002", TODAY + 1), until=TODAY + 1))
    (new,) = await watched(desk)
    assert "（demo-002）" in new.title.zh
    assert new.day == date(1970, 1, 1) + timedelta(
        days=TODAY + 1 + watch_answer_days.at(china_date(NOON))
    )
    clock.move(timedelta(days=365))
    file.write_bytes(result(old, until=TODAY + 365))
    (asked_again,) = await watched(desk)
    assert asked_again.is_late(clock.now())


async def test_what_is_said_to_be_mended_and_is_not_comes_back(house):
    desk, clock, file = house
    file.write_bytes(result(standing("demo-001", TODAY - 9)))
    said = {"outcome": "mended", "actor": "privacy-officer", "reference": "REPAIR-7"}
    await look(desk.premises, desk, "watch/demo/broken", **said)
    clock.move(timedelta(days=89))
    file.write_bytes(result(standing("demo-001", TODAY - 9), until=TODAY + 89))
    assert await watched(desk) == []
    clock.move(timedelta(days=1))
    assert [duty.id for duty in await watched(desk)] == ["watch/demo/broken"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": "watch/demo/share"}, "governance.watch-unknown"),
        ({"outcome": ""}, "governance.watch-unfit"),
        ({"outcome": "fine"}, "governance.watch-unfit"),
        ({"actor": "Li Lei"}, "governance.watch-unfit"),
        ({"reference": ""}, "governance.watch-unfit"),
        ({"reference": "李雷"}, "governance.watch-unfit"),
    ],
)
async def test_a_look_that_does_not_fit_is_refused_and_leaves_nothing(house, changed, code):
    desk, _, file = house
    file.write_bytes(result(standing("demo-001", TODAY)))
    given = {
        "name": "watch/demo/broken", "outcome": "mended", "actor": "privacy-officer",
        "reference": "V-1",
    }  # fmt: skip
    with pytest.raises(Misuse) as refused:
        await look(desk.premises, desk, **(given | changed))
    assert refused.value.code.name == code
    assert len(await watched(desk)) == 1
    assert await desk.docket.about("watch-look", "watch/demo/broken") == []
