"""Runs of the generator, repeated and counted: what bench/load.py and its neighbours share."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from bench.prepared import SCENE, House
from bench.usage import cpu_of

HERE: Final = Path(__file__).resolve().parent
SINGLE, BATCH = "/v1/checks:whole", "/v1/checks:batch"
LINES: Final = {"path": BATCH, "media": "application/x-ndjson", "lines": 100}


def body(made: House) -> str:
    """A whole check of a person whose number the generator fills in."""
    evidence = {
        "kind": "document",
        "document": "resident_card",
        "number": "{number}",
        "name": "演示甲",
        "waybill_name": "演示甲",
        "expires": "长期",
    }
    whole = {
        "scene": SCENE,
        "notice": made.notice,
        "method": "document.seen",
        "evidence": evidence,
    }
    return json.dumps(whole, ensure_ascii=False)


def generate(port: int, **plan: Any) -> dict[str, Any]:
    """One run of the generator."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(plan, file)
        file.flush()
        command = [sys.executable, str(HERE / "generator.py"), str(port), file.name]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured


def failed(result: dict[str, Any]) -> int:
    """How many answers were no checks."""
    return sum(n for s, n in result["statuses"].items() if s not in {"200", "201"})


class Runs:
    """Several runs of one measure."""

    def __init__(self, results: list[dict[str, Any]]) -> None:
        self.results = results

    def median(self, name: str) -> float:
        return statistics.median(result[name] for result in self.results)

    def spread(self, name: str) -> str:
        values = [result[name] for result in self.results]
        return f"{min(values):,.0f}–{max(values):,.0f}"

    def cost(self) -> str:
        """CPU of the server a check, and how much of the cores that was."""
        return f"CPU {self.median('server_us'):.0f} µs, {self.median('cores'):.2f} cores"


def repeated(
    runs: int, port: int, watched: Callable[[], list[int]], checks: int, **plan: Any
) -> Runs:
    """The same again and again, each run with people of its own.

    Args:
        runs: how many.
        port: where the server listens.
        watched: the processes whose CPU counts.
        checks: in one call; above one, what counts is the lines that landed.
    """
    results = []
    for number in range(runs):
        if plan.get("keyed"):
            plan["keyed"] = f"b{time.time_ns()}-{number}"  # a key is used once
        before = {pid: cpu_of(pid) for pid in watched()}
        result = generate(port, **plan)
        used = sum(cpu_of(pid) - before[pid] for pid in watched() if pid in before)
        result["server_us"] = used / max(1, result["sent"]) * 1e6
        result["checks"] = result["lines"] if checks > 1 else result["rate"]
        result["cores"] = result["server_us"] * result["checks"] / 1e6
        results.append(result)
        if (wrong := failed(result)) or result["bad_lines"]:
            print(
                f"    not every answer was a check: {wrong} of {result['statuses']},"
                f" {result['bad_lines']} lines: {result['wrong']}"
            )
        if "first" in plan and not plan.get("people"):  # who is to come again stays the same
            plan["first"] += result["sent"] + 1
    return Runs(results)
