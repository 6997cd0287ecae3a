"""What each kind of rude client (bench/rude.py) costs the service where nobody else is, process by process.

    python bench/kinds.py [--store sqlite|postgres] [--people 200000] [--seconds 10] [--rounds 1] [--kinds deaf,twins]
                          [--before FOLDER]

CPU seconds, as milliseconds a second (10 are a hundredth of a core), of the front, the writer, the log and the
database, after all of a kind are there; nobody's share is told first, and is in each of the others. ``all`` is all of
them at once, ``deaf`` those that send and never read, and so on as bench/rude.py names them. FOLDER is another checkout of this project: both are served,
each from a house of its own, and measured one after the other, in pairs.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE))

from bench.beside import beside_rude
from bench.processes import Side, serving
from bench.usage import cpu_of, name_of

KINDS: Final = "nobody,stall,deaf,slow,broken,huge,twins,skewed,racing,all"
PARTS: Final = ("front", "writer", "log", "database")


def spent(side: Side) -> dict[int, tuple[str, float]]:
    """What each process is, and its CPU so far; one that just ended is left out."""
    found = {}
    for each in side.pids():
        with suppress(FileNotFoundError, ProcessLookupError):
            found[each] = name_of(each), cpu_of(each)
    return found


def alone(side: Side, kind: str, seconds: float) -> Counter[str]:
    """Milliseconds of CPU a second, by process, of this kind alone."""
    with beside_rude(side.port, side.made, seconds + 30, "" if kind == "all" else kind):
        before, begin = spent(side), time.monotonic()
        time.sleep(seconds)
        after, took = spent(side), time.monotonic() - begin
    found: Counter[str] = Counter()
    for each, (name, cpu) in after.items():
        found[name] += (cpu - before.get(each, ("", 0.0))[1]) / took * 1e3
    return found


def table(rows: dict[str, list[Counter[str]]]) -> dict[str, list[float]]:
    """Print the medians by process; the sums of each kind."""
    sums = {kind: [sum(each.values()) for each in rounds] for kind, rounds in rows.items()}
    for kind, rounds in rows.items():
        row = "".join(f"{statistics.median(each[part] for each in rounds):10.1f}" for part in PARTS)
        all_ = sums[kind]
        spread = f"  ({min(all_):.0f}–{max(all_):.0f})" if len(all_) > 1 else ""
        print(f"    {kind:8} {statistics.median(all_):8.1f}{'':18}{row}{spread}")
    return sums


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--store", choices=("sqlite", "postgres"), default="postgres")
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--kinds", default=KINDS)
    parser.add_argument("--before", type=Path, help="another tree, for pairs")
    said = parser.parse_args()
    kinds = said.kinds.split(",")
    trees = {"": HERE} | ({"before": said.before.resolve()} if said.before else {})
    found: dict[str, dict[str, list[Counter[str]]]] = {
        name: {kind: [] for kind in kinds} for name in trees
    }
    with ExitStack() as stack:
        sides = {
            name: stack.enter_context(serving(said.store, said.people, tree, name))
            for name, tree in trees.items()
        }
        time.sleep(2)
        for number in range(said.rounds):
            for kind in kinds:
                for name in sides if number % 2 else reversed(sides):
                    found[name][kind].append(alone(sides[name], kind, said.seconds))
    sums = {}
    for name, rows in found.items():
        title = f"{said.store} {name}, ms of CPU a second"
        print(f"{title:41}" + "".join(f"{part:>10}" for part in PARTS))
        sums[name] = table(rows)
    for kind in kinds if said.before else ():
        ratios = [new / old for new, old in zip(sums[""][kind], sums["before"][kind], strict=True)]
        print(
            f"    {kind:8} × {statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"
        )
    print(f"load of the machine {', '.join(f'{n:.1f}' for n in os.getloadavg())}")


if __name__ == "__main__":
    main()
