"""What stands in a folder beside event files, and an end by Ctrl-C while libraries are loaded."""

import signal
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.audit.hostile import NOON, event, table
from typer.testing import CliRunner

from liangming.cli.event_files import EventFiles
from liangming.cli.loading import loaded, unbroken
from liangming.cli.main import app

run = CliRunner().invoke


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Thirty checks in a file, in a folder of their own."""
    place = tmp_path / "events"
    place.mkdir()
    rows = [event(event=n, at=NOON + n) for n in range(30)]
    pq.write_table(table(rows), place / "day.parquet")
    return place


def test_results_inside_the_folder_of_events_are_no_events(folder: Path) -> None:
    parts, out = folder / "parts", folder / "report"
    asked = ["audit", "run", str(folder), "--partials", str(parts)]
    assert run(app, [*asked, "--report", str(out)]).exit_code == 0
    again = run(app, asked)
    assert again.exit_code == 0, again.output
    assert "未读" not in again.stderr
    found = EventFiles.of([folder])
    assert [path.name for path in found.there] == ["day.parquet"]
    results = [path for path in (*parts.rglob("*"), *out.iterdir()) if path.is_file()]
    assert found.own + found.other == len(results)
    (parts / "chain.jsonl").unlink()  # stopped before anything counted
    assert [path.name for path in EventFiles.of([folder]).there] == ["day.parquet"]


def test_a_fleet_is_audited_also_by_the_folder_it_was_written_to(tmp_path: Path) -> None:
    made = run(app, ["audit", "generate", "--to", str(tmp_path / "fleet"), "--outlets", "100"])
    assert f"audit run {tmp_path / 'fleet'}/events" in made.stdout.replace("\n", "")
    found = EventFiles.of([tmp_path / "fleet"])
    assert {path.parent.name for path in found.there} == {"events"}
    assert found.own == 2


def test_a_link_to_a_folder_is_told_and_makes_the_status_one(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (folder / "linked").symlink_to(other)
    (folder / "round").symlink_to(folder)
    asked = ["audit", "run", str(folder), "--partials", str(tmp_path / "p")]
    done = run(app, asked)
    assert done.exit_code == 1
    assert {"linked", "round"} == set(EventFiles.of([folder]).linked)
    assert "not followed" in done.stderr.replace("\n", " ")


def test_many_files_of_one_kind_that_is_none_are_told_once(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number:02}.parquet").write_bytes(b"PAR1")
    done = run(app, ["audit", "run", str(tmp_path), "--partials", str(tmp_path / "p")])
    assert done.exit_code == 1
    assert done.stderr.count("not read:") == 20
    assert "10 个文件" in done.stderr


def test_no_report_is_tried_where_nothing_counts(tmp_path: Path) -> None:
    late = [event(event=n, at=NOON + 10**15 + n) for n in range(3)]
    pq.write_table(table(late), tmp_path / "events.parquet")
    asked = ["audit", "run", str(tmp_path / "events.parquet"), "--partials", str(tmp_path / "p")]
    done = run(app, [*asked, "--report", str(tmp_path / "out")])
    assert done.exit_code == 1
    assert "没有写报告" in done.stderr
    assert not (tmp_path / "out").exists()


def test_what_is_loaded_when_ctrl_c_comes_is_loaded_whole(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / "half_made.py").write_text(
        "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\nwhole = True\n", "utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's job ignores it
    try:
        with pytest.raises(KeyboardInterrupt):
            loaded(("of_no_such_name", "half_made"))
        assert sys.modules.pop("half_made").whole
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGINT, before)


def test_an_end_of_its_own_is_not_hidden_by_ctrl_c() -> None:
    with pytest.raises(ValueError, match="mine"), unbroken():
        raise ValueError("mine")
