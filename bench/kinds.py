"""What each kind of rude client (bench/rude.py) costs the service where nobody else is, process by process.

    python bench/kinds.py [--store sqlite|postgres] [--people 200000] [--seconds 10] [--rounds 1] [--kinds deaf,twins]

CPU seconds, as milliseconds a second (10 are a hundredth of a core), of the front, the writer, the log and the
database, after all of a kind are there; nobody's share is told first, and is in each of the others. ``all`` is all of
them at once, ``deaf`` those that send and never read, and so on as bench/rude.py names them.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.beside import beside_rude
from bench.prepared import House, house
from bench.usage import cpu_of, name_of, pids

KINDS: Final = "nobody,stall,deaf,slow,broken,huge,twins,skewed,racing,all"
PARTS: Final = ("front", "writer", "log", "database")


def spent(made: House, pid: int) -> dict[int, float]:
    return {each: cpu_of(each) for each in pids(made, pid)}


def alone(made: House, port: int, pid: int, kind: str, seconds: float) -> Counter[str]:
    """Milliseconds of CPU a second, by process, of this kind alone."""
    with beside_rude(port, made, seconds + 30, "" if kind == "all" else kind):
        before, begin = spent(made, pid), time.monotonic()
        time.sleep(seconds)
        after, took = spent(made, pid), time.monotonic() - begin
    found: Counter[str] = Counter()
    for each, cpu in after.items():
        found[name_of(each)] += (cpu - before.get(each, 0.0)) / took * 1e3
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--store", choices=("sqlite", "postgres"), default="postgres")
    parser.add_argument("--people", type=int, default=200_000)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--kinds", default=KINDS)
    said = parser.parse_args()
    kinds = said.kinds.split(",")
    found: dict[str, list[Counter[str]]] = {kind: [] for kind in kinds}
    with house(said.store, said.people) as made, made.server() as (port, pid):
        time.sleep(2)
        for _ in range(said.rounds):
            for kind in kinds:
                found[kind].append(alone(made, port, pid, kind, said.seconds))
    print(f"{said.store}, ms of CPU a second{'':10}" + "".join(f"{part:>10}" for part in PARTS))
    for kind, rounds in found.items():
        sums = [sum(each.values()) for each in rounds]
        row = "".join(f"{statistics.median(each[part] for each in rounds):10.1f}" for part in PARTS)
        spread = f"  ({min(sums):.0f}–{max(sums):.0f})" if len(sums) > 1 else ""
        print(f"    {kind:8} {statistics.median(sums):8.1f}{'':18}{row}{spread}")
    print(f"load of the machine {', '.join(f'{n:.1f}' for n in os.getloadavg())}")


if __name__ == "__main__":
    main()
