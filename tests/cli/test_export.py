"""Exporting events from the command line."""

import asyncio
import re
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pyarrow.parquet as pq
from tests.cli.test_audit_daily import checked
from tests.cli.test_commands import EXAMPLES, counter, line, run
from tests.world import numbers
from typer.testing import CliRunner

from liangming.assembly import Settings
from liangming.cli.main import app
from liangming.clock import CHINA, china_date


def test_days_that_are_over_become_files_and_today_does_not(tmp_path: Path) -> None:
    stdin = "\n".join(line(number) for number in numbers(2))
    code, _, err = run("check", "-", "--scene", counter(), folder=tmp_path, stdin=stdin)
    assert code == 0, err
    today = china_date(datetime.now(UTC))  # noqa: TID251  (the command reads the machine's clock)
    before = today - timedelta(days=2)
    asked = ["--from", before.isoformat(), "--out", str(tmp_path / "events")]
    last = (today - timedelta(days=1)).isoformat()
    code, out, err = run("export", "events", *asked, "--to", last, folder=tmp_path)
    assert code == 0, err
    files = sorted((tmp_path / "events").iterdir())
    assert [file.name for file in files] == [f"events-{day}.parquet" for day in (before, last)]
    assert [pq.read_table(file).num_rows for file in files] == [0, 0]
    assert len(re.findall("left out as too few", out)) == 2
    code, _, err = run("export", "events", *asked, "--to", today.isoformat(), folder=tmp_path)
    assert (code, "cli.export-day-unfit" in err) == (2, True)


def test_a_day_of_which_checks_came_late_is_written_anew_once_they_are_enough(
    tmp_path: Path,
) -> None:
    env = {
        "LIANGMING_DATA": str(tmp_path / "data"),
        "LIANGMING_SCENES": str(EXAMPLES),
        "LIANGMING_MODE": "development",
    }
    settings = Settings.read(env)
    yesterday = china_date(datetime.now(UTC)) - timedelta(days=1)  # noqa: TID251
    noon = datetime.combine(yesterday, time(12), CHINA)
    day = yesterday.isoformat()
    asked = ["export", "events", "--from", day, "--to", day, "--out", str(tmp_path / "events")]

    told: list[str] = []

    def exported(*more: str) -> int:
        done = CliRunner().invoke(app, [*asked, *more], env=env)
        assert done.exit_code == 0, done.output
        told.append(" ".join(done.output.split()))
        (file,) = (tmp_path / "events").iterdir()
        return pq.read_metadata(file).num_rows

    seen = []
    for many, more in ((11, ()), (9, ("--late",)), (1, ("--late",))):
        asyncio.run(checked(settings, noon + timedelta(hours=len(seen)), many))
        seen.append(exported(*more))
    assert seen == [11, 11, 21]
    assert [f"{day}: 9 次查验办完而不在文件里" in one for one in told] == [False, True, False]
