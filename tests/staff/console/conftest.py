"""The house with figures, served once for this folder, and its doors for each role."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from tests.patience import PATIENCE

ROOT = Path(__file__).resolve().parents[3]
OUTLETS = 18


@dataclass(frozen=True)
class Figures:
    """Where it is, and what is in it."""

    base: str
    sessions: dict[str, str]
    number: str
    checks: list[str]
    other: str
    assessment: str
    receipts: list[str]
    mandates: list[str]
    addresses: list[str]
    offered: list[str]

    def as_(self, who: str, language: str = "zh-CN") -> httpx.Client:
        """Somebody signed in."""
        return httpx.Client(
            base_url=self.base,
            cookies={"staff": self.sessions[who]},
            headers={"Accept-Language": language},
            timeout=PATIENCE,
        )


@pytest.fixture(scope="package")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Figures]:
    folder = tmp_path_factory.mktemp("console")
    with (folder / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.staff.console.house", str(folder), str(OUTLETS)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=said,
        )
        late = threading.Timer(PATIENCE, process.kill)
        late.start()
        assert process.stdout is not None
        line = process.stdout.readline()  # ends when it is up, or when it has failed
        late.cancel()
        text = (folder / "said").read_text("utf-8")
        assert line, text
        yield Figures(**json.loads(line))
        process.terminate()
        process.wait(PATIENCE)
        process.stdout.close()
    text = (folder / "said").read_text("utf-8")
    assert "Traceback" not in text, text
