"""Single checks beside clients that misbehave (bench/rude.py): for bench/load.py."""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Final

from bench.prepared import House
from bench.runs import HERE, SINGLE, body, failed, repeated
from bench.table import told
from bench.usage import cpu_of, pids

RUDE: Final[list[str]] = []  # what the rude clients said of themselves


def rudely(
    made: House, port: int, pid: int, plan: dict[str, Any], chosen: argparse.Namespace
) -> None:
    """With rude clients and without, in turn; each run with them is held against its neighbours."""
    many = int(30_000 * (chosen.seconds + 2) * (2 * chosen.runs + 1))
    more = {"path": SINGLE, "connections": chosen.connections, "first": made.some(many)}

    def once() -> dict[str, Any]:
        runs = repeated(1, port, lambda: pids(made, pid), 1, **plan | more)
        more["first"] += runs.results[0]["sent"] + 1
        return runs.results[0]

    def rude(kind: str = chosen.rude) -> AbstractContextManager[None]:
        return beside_rude(port, made, chosen.seconds + 30, kind)

    def without() -> AbstractContextManager[None]:
        """Nobody rude, after as long a silence; beside a batch with a bad line, the same batch without it."""
        return rude("goodlines" if chosen.rude == "badline" else "nobody")

    with rude():
        before = {each: cpu_of(each) for each in pids(made, pid)}
        time.sleep(chosen.seconds * 2)
        alone = sum(cpu_of(each) - spent for each, spent in before.items())
    share = alone / (chosen.seconds * 2)
    told(f"{made.store}: rude clients alone, of the server's one core", share, ("rude alone", ""))
    quiet, beside = [], []
    for n in range(2 * chosen.runs + 1):
        with rude() if n % 2 else without():
            (beside if n % 2 else quiet).append(once())
    around = list(zip(quiet[:-1], beside, quiet[1:], strict=True))
    ratios = [each["rate"] * 2 / (before["rate"] + after["rate"]) for before, each, after in around]
    costs = [
        (before["server_us"] + after["server_us"]) / 2 / each["server_us"]
        for before, each, after in around
    ]
    wrong = sum(map(failed, beside))
    told(
        f"{made.store}: single rate beside rude clients ÷ without",
        statistics.median(ratios),
        ("rude", ""),
        f"{min(ratios):.2f}–{max(ratios):.2f}, CPU "
        f"{statistics.median(each['server_us'] for each in beside):.0f} beside "
        f"{statistics.median(each['server_us'] for each in quiet):.0f} µs, "
        f"{wrong} of the polite ones' calls failed",
    )
    print(
        f"    CPU a check without ÷ beside {statistics.median(costs):.2f}"
        f" ({min(costs):.2f}–{max(costs):.2f})"
    )
    print(f"    the rude ones, on the same two cores: {RUDE[-2]}")


@contextmanager
def beside_rude(port: int, made: House, seconds: float, only: str = "") -> Iterator[None]:
    """With clients that misbehave (bench/rude.py), once all of them are there."""
    command = [sys.executable, str(HERE / "rude.py"), str(port), made.tokens[-1], str(seconds)]
    command += ["--devices", made.devices, "--only", only]
    command += ["--whole", body(made), "--first", str(made.some(2_000_000))]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield
    finally:
        process.terminate()
        said, _ = process.communicate()
        RUDE.append(said.decode().strip())
