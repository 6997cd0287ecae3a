"""``liangming rights``, ``duties`` and ``drill`` as staff type them, in one process."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.test_commands import EXAMPLES, counter, line
from tests.world import numbers
from typer.testing import CliRunner, Result

from liangming.cli.main import app
from liangming.errors import LiangmingError


@pytest.fixture
def station(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in (
        ("DATA", str(tmp_path / "data")),
        ("SCENES", str(EXAMPLES)),
        ("MODE", "development"),
    ):
        monkeypatch.setenv(f"LIANGMING_{name}", value)
    monkeypatch.delenv("LIANGMING_DATABASE", raising=False)
    monkeypatch.delenv("LIANGMING_KEYS", raising=False)
    monkeypatch.delenv("LIANGMING_ERASURES", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str, stdin: str = "") -> Result:
    return CliRunner().invoke(app, list(words), input=stdin)


def code_of(*words: str, stdin: str = "") -> str:
    failure = run(*words, stdin=stdin).exception
    assert isinstance(failure, LiangmingError), failure
    return failure.code.name


def test_the_board_is_listed_fed_and_done_from_the_command_line(station: Path):
    told = run("duties", "list", "--json")
    duties = json.loads(told.stdout)
    # 1 where something is late: from 2028 on the days off of that year, which are not known yet
    assert told.exit_code == int(any(duty["late"] for duty in duties))
    assert {duty["id"] for duty in duties} >= {"periodic/restore-drill", "periodic/close-backups"}
    assert run("duties", "calendar", "--to", "d.ics").exit_code == 0
    assert (station / "d.ics").read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    done = run("duties", "done", "restore-drill", "--by", "operations", "--reference", "D-1")
    assert done.exit_code == 0
    again = json.loads(run("duties", "list", "--json").stdout)
    days = {
        duty["id"]: duty["due"] for each in (duties, again) for duty in each
    }  # the later list wins
    assert days["periodic/restore-drill"] > days["periodic/close-backups"]
    assert code_of("duties", "done", "nothing", "--by", "operations") == "governance.task-unknown"
    look = ("duties", "done", "watch/all/share", "--by", "operations", "--outcome", "mended")
    assert code_of(*look, "--reference", "V-1") == "governance.watch-unknown"
    assert code_of("duties", "calendar", "--to", "no/where.ics") == "cli.calendar-unwritable"
    assert code_of("duties", "retention", "--from", "x", "--to", "y") == "governance.span-unfit"
    kept = run("duties", "retention", "--from", "2026-01-01", "--to", "2026-12-31", "--json")
    assert json.loads(kept.stdout)["beyond"] == 0


def test_a_registration_is_held_then_erased_for_good_and_a_backup_brings_nobody_back(
    station: Path,
):
    import shutil

    number = numbers(1)[0]
    made = run("check", "-", "--scene", counter(), "--json", stdin=line(number) + "\n")
    check = json.loads(made.stdout.splitlines()[0])["check"]
    forever = ("--reason", "dispute", "--article", "pipl.47", "--until", "2999-01-01")
    assert code_of("rights", "hold", check, *forever) == "rights.hold-unfit"
    placed = run(
        "rights", "hold", check, "--reason", "dispute", "--article", "pipl.47",
        "--until", "2100-01-01",
    )  # fmt: skip
    assert placed.exception is None, placed.exception
    hold = placed.stdout.strip()
    assert hold.startswith("hld_")
    assert code_of("erase", check) == "rights.restricted"
    assert code_of("disclose", check, "--purpose", "dispute", "--case", "c") == "rights.restricted"
    assert run("rights", "lift", hold).exit_code == 0
    assert code_of("rights", "lift", hold) == "rights.hold-unknown"
    shutil.copy(station / "data" / "liangming.sqlite3", station / "backup")
    assert run("erase", check).exit_code == 0
    drilled = run("drill", "restore", "backup", "--json")
    assert drilled.exit_code == 0
    assert json.loads(drilled.stdout) == {
        "tombstones": 1,
        "in_the_backup": 1,
        "after_replay": 0,
        "persons": 1,
        "opened": 0,
    }
    assert code_of("drill", "restore", "nothing") == "storage.backup-unreadable"
    assert code_of("rights", "show", "req_nothing") == "rights.request-unknown"
    assert "+" in run("rights", "key").stdout
    (station / "forged").write_text("liangming/erasure-certificate/1\n\n— x AAAA\n")
    assert code_of("rights", "verify", "forged").startswith(("rights.certificate", "ledger."))
    assert code_of("rights", "verify", "nowhere") == "cli.certificate-unreadable"
