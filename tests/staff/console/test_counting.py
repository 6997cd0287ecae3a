"""However the log is cut into looks, and whoever looks at the same time, each leaf counts once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.postgres_cluster import Cluster, postgres_cluster

__all__ = ["postgres_cluster"]
ROOT = Path(__file__).resolve().parents[3]


def counted(url: str, *runs: str) -> list[dict[str, Any]]:
    """What is counted in runs of leaves a look x threads, each from the beginning."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.staff.console.counting_child", url, *runs],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    folder = tmp_path_factory.mktemp("counting")
    return counted(f"sqlite:///{folder / 'a.sqlite3'}", "20000x1", "7x1", "11x3", "ready")


@pytest.fixture
def whole(runs: list[dict[str, Any]]) -> dict[str, Any]:
    return runs[0]


def test_all_at_once_counts_what_there_is(whole: dict[str, Any]):
    assert whole["next"] == whole["of"]
    assert sum(row[2] for row in whole["choices"]) == 36
    assert whole["unended"] == ["chk_19", "chk_29", "chk_39", "chk_9"]
    given, withdrawn, over = (sum(row[n] for row in whole["consents"]) for n in (1, 2, 3))
    assert (given, withdrawn, over) == (21, 1, 20)
    assert whole["heard"] == [["dev_0", 20, 38], ["dev_1", 20, 38]]


def test_in_small_looks_and_by_several_at_once_it_is_the_same(runs: list[dict[str, Any]]):
    assert runs[1:3] == [runs[0], runs[0]]


def test_where_there_are_many_scenes_the_overview_is_made_ready_before_anybody_looks(
    runs: list[dict[str, Any]],
):
    assert runs[3] == {
        "few": [],
        "counted": True,
        "many": ["judged", "standing"],
        "looked_up": True,
        "still_shown": True,
        "made_before_it_is_stale": True,
        "day": "2026-11-25",
    }


@pytest.mark.postgres
def test_on_postgresql_too(whole: dict[str, Any], postgres_cluster: Cluster):
    url = postgres_cluster.database()
    try:
        assert counted(url, "7x3") == [whole]
    finally:
        postgres_cluster.drop(url)
