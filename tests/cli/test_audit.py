"""The commands of an audit."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.audit.hostile import NOON, event, table
from typer.testing import CliRunner

from liangming.audit.ingest.repeats import CONTRADICTING, COUNTED_BEFORE
from liangming.audit.questions import words
from liangming.audit.questions.findings import FINDINGS
from liangming.audit.report import texts
from liangming.audit.run import AHEAD
from liangming.audit.summary import articles
from liangming.cli.audit import cited
from liangming.cli.main import app
from liangming.cli.speech import out
from liangming.errors import Misuse
from liangming.law import CORPUS
from liangming.rules import Rank


def test_a_run_says_what_it_counted_and_what_is_not_testable(tmp_path: Path) -> None:
    rows = [event(event=n, at=NOON + n, facts=1, outcome=2, reason=7) for n in range(3)]
    pq.write_table(table(rows), tmp_path / "events.parquet")
    asked = ["audit", "run", str(tmp_path / "events.parquet"), "--partials", str(tmp_path / "p")]
    done = CliRunner().invoke(app, [*asked, "--json"])
    answer = json.loads(done.stdout)
    found = {one["code"]: one for one in answer["findings"]}
    assert (done.exit_code, [unit["counted"] for unit in answer["units"]]) == (0, [3])
    assert (found["v03"]["shown"], found["v03"]["tested"]) == (3, 3)
    assert (found["v07"]["shown"], found["v07"]["tested"]) == (0, 0)
    again = CliRunner().invoke(app, asked)
    assert again.exit_code == 0
    assert "counted before: events.parquet" in again.stdout
    assert "v03 拒绝刷脸之后" in again.stdout
    assert "no row says it — v04" in again.stdout.partition("不可检验")[2]


def test_rows_that_cannot_count_are_said_in_words_and_make_the_status_one(tmp_path: Path) -> None:
    late = [event(event=n, at=NOON + 10**15 + n) for n in range(3)]
    pq.write_table(table(late), tmp_path / "events.parquet")
    asked = ["audit", "run", str(tmp_path / "events.parquet"), "--partials", str(tmp_path / "p")]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 1
    assert "3 行 rows，moment-ahead（时间晚于读取的次日 · a moment later" in done.stdout
    for nothing_to_say in ("问题 finding", "链条 chain", "接着 next"):
        assert nothing_to_say not in done.stdout


def test_every_reason_to_leave_a_row_out_has_words_in_both_languages() -> None:
    of_rows = {"duplicate", "conflict", "malformed-row", COUNTED_BEFORE, CONTRADICTING, AHEAD}
    assert set(texts.LEFT_OUT) == of_rows | set(words.LEFT_OUT)


def test_a_file_that_cannot_be_read_makes_the_status_one(tmp_path: Path) -> None:
    (tmp_path / "events.parquet").write_bytes(b"PAR1")
    asked = ["audit", "run", str(tmp_path), "--partials", str(tmp_path / "p")]
    done = CliRunner().invoke(app, asked)
    assert done.exit_code == 1
    assert "audit.file-unreadable" in done.stderr


def test_an_empty_folder_is_wrong_input(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["audit", "run", str(tmp_path), "--partials", str(tmp_path / "p")]
    )
    assert isinstance(done.exception, Misuse)
    assert done.exception.code.name == "cli.audit-no-events"


@pytest.mark.parametrize("number", ["V08", "V19", "v01", "v23"])
def test_the_catalogue_lists_what_logs_show_and_what_not(number: str) -> None:
    done = CliRunner().invoke(app, ["audit", "findings"])
    assert number in done.stdout


def test_a_standard_in_the_catalogue_is_marked_as_no_law(monkeypatch) -> None:
    assert "…" not in CliRunner().invoke(app, ["audit", "findings"]).stdout  # nothing is cut off
    monkeypatch.setattr(out, "_width", 400)
    told = CliRunner().invoke(app, ["audit", "findings"]).stdout
    standards = {
        article.id
        for finding in FINDINGS
        for article in articles(finding)
        if CORPUS.instruments[article.instrument].rank is Rank.STANDARD
    }
    assert standards
    for name in standards:
        grade = CORPUS.articles[name].grade.value
        assert cited(CORPUS.articles[name]).startswith(f"{name}（{grade}，推荐性标准，不是法律")
    assert cited(CORPUS.articles["pipl.5"]) == "pipl.5（A）"
    assert told.count("推荐性标准，不是法律") == len(standards)


def test_a_run_can_end_with_its_report(tmp_path: Path) -> None:
    rows = [event(event=n, at=NOON + n) for n in range(30)]
    pq.write_table(table(rows), tmp_path / "events.parquet")
    asked = ["audit", "run", str(tmp_path / "events.parquet"), "--partials", str(tmp_path / "p")]
    done = CliRunner().invoke(app, [*asked, "--report", str(tmp_path / "report")])
    assert done.exit_code == 0, done.output
    assert "个网点 outlets" in done.stdout
    assert {"report.zh.html", "report.en.html"} <= {f.name for f in (tmp_path / "report").iterdir()}
    assert CliRunner().invoke(app, [*asked, "--report", "r", "--json"]).exit_code == 2
