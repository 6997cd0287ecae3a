"""The daily audit of the house's own checks, as the service starts it."""

import asyncio
import json
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from tests.cli.test_commands import EXAMPLES, counter, run
from tests.world import card
from typer.testing import CliRunner

from liangming.assembly import Settings, premises
from liangming.audit.partials import Partials
from liangming.audit.watch import read
from liangming.check import Opening, open_check, present
from liangming.check.journey import choose, show_notice
from liangming.cli.audit_report import look
from liangming.cli.main import app
from liangming.clock import CHINA, SetClock, china_date
from liangming.errors import Misuse
from liangming.law.words import Method
from liangming.storage import open_docket

NOW = datetime.now(UTC)  # noqa: TID251  (the command reads the machine's clock)


async def checked(settings: Settings, at: datetime, many: int = 12) -> None:
    """Some checks at one counter."""
    clock = SetClock(at)
    async with premises(settings, clock=clock, allow_test_region=True) as house:
        for _ in range(many):
            state = await open_check(house, Opening(scene=counter()))
            await show_notice(house, state.about.id)
            await choose(house, state.about.id, Method.DOCUMENT_SEEN)
            clock.move(timedelta(seconds=9))
            await present(house, state.about.id, card())


def counted(data: Path) -> list[int]:
    with Partials(data / "audit" / "partials") as kept:
        assert [line.left_out for line in kept.lines[1:] if line.kind == "unit"] in (
            [],
            [{"counted-before": 12}],
        )
        return [line.counted for line in kept.lines if line.kind == "unit"]


async def recorded(settings: Settings) -> int:
    async with premises(settings) as house:
        return await open_docket(house.store).count("audit")


def test_own_checks_are_exported_counted_looked_at_and_recorded(tmp_path: Path) -> None:
    data = tmp_path / "data"
    settings = Settings.read(
        {
            "LIANGMING_DATA": str(data),
            "LIANGMING_SCENES": str(EXAMPLES),
            "LIANGMING_MODE": "development",
        }
    )

    def looked() -> dict[str, object]:
        code, _, err = run("audit", "daily", folder=tmp_path)
        assert code == 0, err
        assert list((data / "audit" / "events").iterdir()) == []
        result: dict[str, object] = json.loads((data / "audit-watch.json").read_bytes())
        return result

    yesterday = china_date(NOW) - timedelta(days=1)
    asyncio.run(checked(settings, datetime.combine(yesterday, time(12), CHINA)))
    first = looked()
    assert (first["outlets"], first["standing"]) == (1, [])
    before = (data / "audit-watch.json").read_bytes()
    assert looked() == first  # nothing is counted twice
    assert (data / "audit-watch.json").read_bytes() == before
    assert asyncio.run(recorded(settings)) == 1

    # A desk's line was down: its checks of that day come late, and add to what was counted.
    asyncio.run(checked(settings, datetime.combine(yesterday, time(13), CHINA), 9))
    assert looked() == first  # fewer than the floor wait
    assert counted(data) == [12]
    asyncio.run(checked(settings, datetime.combine(yesterday, time(14), CHINA), 1))
    assert looked()["until"] == first["until"]
    assert counted(data) == [12, 10]


def test_days_without_one_check_are_a_result_too(tmp_path: Path) -> None:
    result = look(tmp_path / "watch.json", tmp_path / "partials", 90, record=False, until=20_000)
    assert (result.first_day, result.until, result.outlets) == (19_911, 20_000, 0)
    assert read(tmp_path / "watch.json") == result


@pytest.mark.parametrize(
    "command",
    [
        ("audit", "daily"),
        ("export", "events", "--from", "2026-11-01", "--to", "2026-11-01", "--out", "events"),
    ],
)
def test_a_folder_without_a_database_is_told_and_nothing_is_made_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("LIANGMING_DATA", str(tmp_path / "mistyped"))
    monkeypatch.delenv("LIANGMING_DATABASE", raising=False)
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(app, command)
    assert isinstance(told.exception, Misuse)
    assert told.exception.code.name == "storage.absent"
    assert list(tmp_path.iterdir()) == []
