"""What stops a report in the middle: Ctrl-C in the compiler, a place that cannot be written, a kill."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime

import pytest
from tests.patience import PATIENCE

from liangming.audit.report import press
from liangming.audit.report.press import Press
from liangming.audit.report.write import put
from liangming.errors import Outage

AT = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
STUCK = """
import os

class Fonts:
    def fonts(self):
        return []

class Compiler:
    def __init__(self, font_paths):
        pass

    def compile(self, *given, **named):
        told = os.open(os.environ["TOLD"], os.O_WRONLY)
        os.write(told, b"at work")
        while True:
            pass
"""
RUN = """
import sys
from datetime import UTC, datetime
from pathlib import Path
import typer
from liangming.audit.report.press import Press
from liangming.cli.audit import progress_bar

app = typer.Typer()

@app.command()
def main():
    with progress_bar():
        made = Press().set("{}", datetime(2026, 11, 27, tzinfo=UTC))
    Path(sys.argv[0]).write_bytes(made)

app()
"""


@pytest.mark.parametrize("whom", ["group", "parent"])
def test_ctrl_c_ends_the_compiler_at_once_with_130_and_leaves_nothing(whom, tmp_path) -> None:
    """A compiler that never ends; of the pipe that only it holds the end is seen when it is gone."""
    (tmp_path / "typst.py").write_text(STUCK, "utf-8")
    pipe = tmp_path / "told"
    os.mkfifo(pipe)
    there = sorted(path.name for path in tmp_path.iterdir())
    told = {**os.environ, "PYTHONPATH": str(tmp_path), "TOLD": str(pipe)}
    told["PYTHONDONTWRITEBYTECODE"] = "1"
    with subprocess.Popen(
        [sys.executable, "-c", RUN],
        env=told,
        cwd=tmp_path,
        start_new_session=True,
        stderr=subprocess.PIPE,
    ) as running:
        with pipe.open("rb") as seen:
            assert seen.read(7) == b"at work"
            if whom == "group":
                os.killpg(running.pid, signal.SIGINT)
            else:
                running.send_signal(signal.SIGINT)
            assert running.wait(PATIENCE) == 130
            assert seen.read() == b""
        assert running.stderr is not None
        assert b"Stopped" in running.stderr.read()
    assert sorted(path.name for path in tmp_path.iterdir()) == there


def test_a_compiler_that_is_killed_is_told_in_plain_words(monkeypatch) -> None:
    monkeypatch.setattr(press, "__name__", "liangming.no_such_press")
    with pytest.raises(Outage) as failed:
        Press().set("{}", AT)
    assert failed.value.code is press.PRESS_FAILED


def test_what_a_killed_run_left_is_gone_after_the_next(tmp_path) -> None:
    dead = subprocess.Popen(["/bin/true"])  # its number is nobody's soon
    dead.wait()
    left = tmp_path / f".report.zh.html.{dead.pid}"
    left.write_bytes(b"half")
    mine = tmp_path / f".report.zh.html.{os.getppid()}"
    mine.write_bytes(b"another run's")
    place = tmp_path / "report.zh.html"
    put({place: b"whole"})
    assert place.read_bytes() == b"whole"
    assert not left.exists()
    assert mine.exists()
