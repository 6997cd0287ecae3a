"""Exporting events from the command line."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
from tests.cli.test_commands import counter, line, run
from tests.world import numbers

from liangming.clock import china_date


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
