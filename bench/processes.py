"""What one check costs each process of the service, and the same of another tree, in turn.

    python bench/processes.py [--before FOLDER] [--store sqlite|postgres] [--people 200000] [--pairs 5]
                              [--seconds 3] [--connections 32] [--keyed] [--lines 100] [--known PEOPLE] [--profile FILE]
                              [--first]
                              [--services 2]

FOLDER is another checkout of this project (``git worktree add``). Both are served at once, each
from a house of its own, and loaded one after the other, in pairs; who goes first changes from pair to pair. A
machine whose speed swings weighs on both, so trust the ratios of the pairs. A house grows with each run, and a larger
one costs more: for a fair pair the two must be of one size, or exchanged. CPU is user and system time from
``/proc``, for each check that was sent; the generator counts its own. *Runs* and *waits* are what part of the time a
process ran, and stood ready without a core (``schedstat``, in %); the rest it slept. ``--first`` loads each side
with real-time priority (root only): other work on the machine then hardly counts, and stands still meanwhile. ``--services 2``
loads two services behind one port and one PostgreSQL beside a single one of the same tree.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from bench.prepared import House, house, started
from bench.runs import BATCH, SINGLE, body, failed, generate
from bench.usage import cpu_of, name_of, pids


def stood(pid: int) -> tuple[float, float]:
    """Seconds that a process ran, and that it waited for a core."""
    ran = waited = 0
    for task in Path(f"/proc/{pid}/task").iterdir():
        fields = (task / "schedstat").read_text().split()
        ran, waited = ran + int(fields[0]), waited + int(fields[1])
    return ran / 1e9, waited / 1e9


@contextmanager
def before_others(pids: list[int], *, wanted: bool) -> Iterator[None]:
    """These processes, and what this one starts, ahead of all other work on the machine."""
    tasks = [int(task.name) for pid in pids for task in Path(f"/proc/{pid}/task").iterdir()]
    tasks.append(os.getpid())
    try:
        for task in tasks if wanted else ():
            os.sched_setscheduler(task, os.SCHED_RR, os.sched_param(1))
        yield
    finally:
        for task in tasks if wanted else ():
            with suppress(ProcessLookupError):  # a thread that ended meanwhile
                os.sched_setscheduler(task, os.SCHED_OTHER, os.sched_param(0))


class Side:
    """A tree that serves, by one service or by several behind one port."""

    def __init__(self, made: House, port: int, servers: list[int]) -> None:
        self.made, self.port, self.servers = made, port, servers
        self.measured: list[dict[str, float]] = []
        self.known: int | None = None  # where the numbers of who comes again begin

    def pids(self) -> list[int]:
        """Of the service and its database."""
        return pids(self.made, *self.servers)

    def load(
        self, plan: dict[str, Any], lines: int, *, counts: bool = True, ahead: bool = False
    ) -> None:
        """One run."""
        if plan["keyed"]:
            plan = plan | {"keyed": os.urandom(8).hex()}  # a key is used once
        first = self.known
        if not plan["people"] or first is None:
            first = self.known = self.made.some(int(50_000 * (plan["seconds"] + 1)))
        before = {pid: cpu_of(pid) for pid in self.pids()}
        stands = {pid: stood(pid) for pid in before}
        with before_others(self.pids(), wanted=ahead):
            result = generate(
                self.port, **plan, tokens=self.made.tokens, body=body(self.made), first=first
            )
        told = {"rate": result["lines"] if lines > 1 else result["rate"], "p99": result["p99"]}
        for pid in self.pids():
            if pid in before:
                used = (cpu_of(pid) - before[pid]) / max(1, result["sent"]) * 1e6
                told[name_of(pid)] = told.get(name_of(pid), 0.0) + used
        told["all"] = sum(used for what, used in told.items() if what not in {"rate", "p99"})
        for pid in (pid for pid in self.pids() if pid in before and self.made.cluster is None):
            share = 100 / (plan["seconds"] + plan["warm"])
            for what, then, now in zip(("runs", "waits"), stands[pid], stood(pid), strict=True):
                told[f"{name_of(pid)} {what}"] = (now - then) * share
        told["generator"] = result["cpu_us"]
        if failed(result) or result["bad_lines"]:
            print(f"    not every answer was a check: {result['statuses']} {result['wrong']}")
        if counts:
            self.measured.append(told)


@contextmanager
def serving(store: str, people: int, tree: Path, name: str, services: int = 1) -> Iterator[Side]:
    """A tree at work on a house of its own."""
    with house(store, people, name, tree) as made, ExitStack() as stack:
        environment = made.environment | {"PYTHONPATH": str(tree / "src")}
        port, servers = 0, []
        for _ in range(services):
            command = [sys.executable, "-m", "liangming", "serve", "--port", str(port)]
            command += ["--shared"] * (services > 1)
            process, port = stack.enter_context(started(command, environment))
            servers.append(process.pid)
        yield Side(made, port, servers)


def told(sides: list[Side]) -> None:
    """Medians, and the ratio of each pair."""
    for what in sides[0].measured[0]:
        columns = [[each.get(what, 0.0) for each in side.measured] for side in sides]
        line = f"{what:12}" + "".join(f"{statistics.median(column):10.1f}" for column in columns)
        if len(sides) > 1:
            ratios = [after / before for after, before in zip(*columns, strict=True) if before]
            if ratios:
                middle = statistics.median(ratios)
                line += f"   × {middle:.2f} ({min(ratios):.2f}–{max(ratios):.2f})"
        print(line)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--before", type=Path, help="another tree, for pairs")
    parser.add_argument("--store", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--connections", type=int, default=32)
    parser.add_argument("--keyed", action="store_true", help="an Idempotency-Key with each call")
    parser.add_argument("--lines", type=int, default=1, help="checks in one call")
    parser.add_argument("--known", type=int, default=0, help="so many people who come again")
    parser.add_argument("--first", action="store_true", help="ahead of all other work (root)")
    parser.add_argument("--services", type=int, default=1, help="behind one port, beside one alone")
    parser.add_argument("--profile", default="", help="where py-spy writes of this tree's front")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    plan: dict[str, Any] = {
        "path": SINGLE, "connections": chosen.connections, "seconds": chosen.seconds,
        "warm": 0.3, "keyed": "yes" if chosen.keyed else "", "people": chosen.known,
    }  # fmt: skip
    if chosen.lines > 1:
        plan |= {"path": BATCH, "media": "application/x-ndjson", "lines": chosen.lines}
    with ExitStack() as stack:
        here = HERE.parent
        trees = [(here, chosen.services)]
        if chosen.before is not None or chosen.services > 1:
            trees.append((chosen.before or here, 1))
        sides = [
            stack.enter_context(serving(chosen.store, chosen.people, tree.resolve(), name, many))
            for (tree, many), name in zip(trees, ("", "before"), strict=False)
        ]
        for side in sides:
            side.load(plan, chosen.lines, counts=False)
        if chosen.profile:
            command = ["py-spy", "record", "-p", str(sides[0].servers[0]), "-f", "raw", "-r", "400"]
            command += ["-d", str(int(chosen.seconds)), "-o", chosen.profile]
            watching = subprocess.Popen(command, stdout=subprocess.DEVNULL)
            sides[0].load(plan, chosen.lines, counts=False)
            watching.wait(60)
        for number in range(chosen.pairs):
            for side in sides if number % 2 else reversed(sides):
                side.load(plan, chosen.lines, ahead=chosen.first)
        other = "" if len(sides) == 1 else "before" if chosen.before else "one alone"
        print(f"{'µs a check':12}{'this':>10}{other:>10}")
        told(sides)
    print(f"load of the machine {', '.join(f'{n:.1f}' for n in os.getloadavg())}")


if __name__ == "__main__":
    main()
