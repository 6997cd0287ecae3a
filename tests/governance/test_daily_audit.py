"""The service sees to the daily audit once a day, and lets go of it in order."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from datetime import date, time, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from tests.governance.test_watching import result, standing
from tests.world import NOON, World, scene, world

from liangming.assembly import Settings, rights_desk
from liangming.assembly.daily import Daily
from liangming.clock import china_date
from liangming.docket import Records
from liangming.errors import Misuse
from liangming.governance import Kind, board, daily
from liangming.storage import open_docket

TODAY = (china_date(NOON) - date(1970, 1, 1)).days


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[tuple[World, Records]]:
    async with world(tmp_path, scene()) as made:
        yield made, open_docket(made.premises.store)


def service(house: World, folder: Path, program: str, at: time = time(3, 10)) -> Daily:
    """A service whose audit is a program of two lines."""
    file = folder / "watch.json"
    command = (sys.executable, "-c", program, str(file))
    records = open_docket(house.premises.store)
    return Daily(records, house.clock, at, file, command=command, seconds=3600)


def ending(status: int, data: bytes = b"") -> str:
    return (
        f"import sys, pathlib; pathlib.Path(sys.argv[1]).write_bytes({data!r});"
        f" open(sys.argv[1] + '.runs', 'a').write('x'); sys.exit({status})"
    )


async def test_the_day_before_is_audited_once_whatever_restarts(house, tmp_path: Path) -> None:
    made, records = house
    program = ending(1, result(standing("demo-001", TODAY - 2)))
    assert not await service(made, tmp_path, program, time(23, 59)).look()
    assert await service(made, tmp_path, program).look()
    for _ in range(3):
        assert not await service(made, tmp_path, program).look()
    assert (tmp_path / "watch.json.runs").read_text() == "x"
    made.clock.move(timedelta(days=1))
    assert await service(made, tmp_path, program).look()
    assert (tmp_path / "watch.json.runs").read_text() == "xx"
    assert await records.count(daily.KIND) == 2


async def test_an_audit_that_fails_is_tried_again_later(house, tmp_path: Path) -> None:
    made, records = house
    assert not await service(made, tmp_path, ending(3)).look()
    assert not await service(made, tmp_path, ending(0, result())).look()
    made.clock.move(timedelta(hours=1))
    assert await service(made, tmp_path, ending(0, result())).look()
    assert await daily.newest(records) == result()


async def test_a_service_that_stops_ends_its_audit_and_the_next_takes_it_over(
    house, tmp_path: Path
) -> None:
    made, _ = house
    pipe = tmp_path / "begun"
    os.mkfifo(pipe)
    endless = f"import os, time; open({str(pipe)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    looking = asyncio.create_task(service(made, tmp_path, endless).look())
    pid = int(await asyncio.to_thread(pipe.read_text))
    looking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await looking
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    made.clock.move(daily.SILENT)
    assert await service(made, tmp_path, ending(0, result())).look()


async def test_every_service_s_board_shows_what_one_of_them_found_in_plain_words(
    house, tmp_path: Path
) -> None:
    made, _ = house
    told = standing("demo-001", TODAY - 2) | {
        "title": ["另一种方式几乎总是失败", "Another way hardly ever works"]
    }
    assert await service(made, tmp_path, ending(1, result(told))).look()
    elsewhere = Settings(
        data=tmp_path / "elsewhere", database="", keys=tmp_path / "keys.json", scenes=()
    )
    (duty,) = [
        duty
        for duty in await board(rights_desk(elsewhere, made.premises))
        if duty.kind is Kind.WATCH
    ]
    assert duty.title.zh == "审计突出：另一种方式几乎总是失败（demo-001）"
    assert "Another way hardly ever works" in duty.title.en


@pytest.mark.parametrize(
    ("said", "read"), [("", None), ("off", None), ("03:10", time(3, 10)), ("23:59", time(23, 59))]
)
def test_the_hour_is_a_setting_and_off_unless_it_is_said(said: str, read: time | None) -> None:
    assert Settings.read({"LIANGMING_DAILY_AUDIT": said}).daily_audit == read


@pytest.mark.parametrize("said", ["24:00", "3:10", "yes", "03:10:00"])
def test_an_hour_that_is_none_is_refused(said: str) -> None:
    with pytest.raises(Misuse) as failure:
        Settings.read({"LIANGMING_DAILY_AUDIT": said})
    assert failure.value.field == "LIANGMING_DAILY_AUDIT"
