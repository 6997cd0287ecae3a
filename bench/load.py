"""The whole service under load, beside what bounds it: one run, one table.

    python bench/load.py [--people 5000000] [--store sqlite|postgres|both] [--runs 5]
                         [--seconds 2] [--only rude|soak|singles|batches] [--soak MINUTES] [--rate 500] [--settle 0]
                         [--connections 800] [--batch-connections 16] [--profile FILE] [--rude KIND]

Everything runs on this machine, the load generator included, each in a process of its own:

* single whole checks by POST, closed loop; then at half of that rate in an open loop, for latency
* whole checks in batches of 100 lines, and the same people again (no new registration)
* a raw ASGI echo of the same body on the same server, on as many connections and once more on 128, where it is
  fastest (the service is fastest on many: they share a commit), and raw set-based inserts of the same rows
* single checks beside clients that stall, do not read, and send what is broken, and devices whose clocks are
  days off (bench/rude.py), all of them or with ``--rude skewed`` one kind: runs
  with and without them in turn, each pair side by side, so that a busy machine weighs on both
* a naive service that commits each request by itself (bench/naive.py), and one decision of law
  beside other engines (bench/decisions.py)

The persons table is filled with ``--people`` rows on the first run and kept in /tmp/liangming-bench-…
(remove it to begin anew; 5 million take 2 GB a store). A service on SQLite reads its register once
after the start, five million people in some fifteen seconds beside its calls: ``--settle 20`` measures after that. Ctrl-C stops everything that was started; what a soak
has seen until then is printed. Each figure is the median of the runs. CPU is what all processes of the
server used, its database included, for each check; "cores" is the same for each second, the generator not
counted. A check is complete: law, choice, seal, five
leaves, idempotency where a key is sent, one durable commit before its answer.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from bench.baselines import echo, naive, raw
from bench.beside import rudely
from bench.prepared import House, house
from bench.profiled import profiled
from bench.runs import LINES, SINGLE, Runs, body, generate, repeated
from bench.soak import soak
from bench.table import told
from bench.usage import pids
from liangming.errors import LiangmingError

_FEW: Final = 128  # connections on which the echo is fastest


class Service:
    """One service under load, measure by measure.

    Args:
        made: its house.
        port: where it listens.
        pid: its process.
        chosen: the command line.
    """

    def __init__(self, made: House, port: int, pid: int, chosen: argparse.Namespace) -> None:
        self.made, self.port, self.pid, self.chosen = made, port, pid, chosen
        self.plan: dict[str, Any] = {
            "tokens": made.tokens, "body": body(made), "seconds": chosen.seconds, "warm": 0.5,
        }  # fmt: skip
        self.reached: dict[str, float] = {}

    def run(self, checks: int = 1, **more: Any) -> Runs:
        def watched() -> list[int]:
            return pids(self.made, self.pid)

        if "first" not in more:
            many = int(60_000 * (self.chosen.seconds + 2) * self.chosen.runs)
            more["first"] = self.made.some(many)
        return repeated(self.chosen.runs, self.port, watched, checks, **(self.plan | more))

    def told(self, what: str, value: float, key: str, note: str = "") -> None:
        """Floors of rates differ by store, those of latencies do not."""
        place = "" if key in {"p50", "p99"} else self.made.store
        told(f"{self.made.store}: {what}", value, (key, place) if key else None, note)

    def singles(self) -> None:
        chosen, at = self.chosen, {"path": SINGLE, "connections": self.chosen.connections}
        many = int(60_000 * (chosen.seconds + 2))
        generate(self.port, **self.plan | {**at, "first": self.made.some(many), "seconds": 1})
        with profiled(chosen.profile, self.pid, self.made.store):
            single = self.run(**at)
        rate = self.reached["single"] = single.median("rate")
        note = f"{single.spread('rate')}, {single.cost()}"
        self.told("single POSTs/s, durable", rate, "single", note)
        keyed = self.run(**at, keyed="yes")
        self.told("the same with an Idempotency-Key", keyed.median("rate"), "", keyed.cost())
        half = self.run(**at, rate=rate / 2)
        self.told("latency at half of it, p50 ms", half.median("p50"), "p50", half.cost())
        longest = f"longest {half.median('longest'):.0f}"
        self.told("latency at half of it, p99 ms", half.median("p99"), "p99", longest)

    def batches(self) -> None:
        """Everybody new, and everybody known: two rows, for the second has no person to seal."""
        lines = LINES | {"connections": self.chosen.batch_connections}
        batch = self.run(100, **lines)
        self.reached["batch"] = batch.median("lines")
        note = f"{batch.spread('lines')}, {batch.cost()}"
        self.told("checks/s, batches of 100, all new", self.reached["batch"], "batch", note)
        first, people = self.made.some(20_000), 5_000
        fill = {"first": first, "people": people, "seconds": 3}
        generate(self.port, **self.plan | lines | fill)
        again = self.run(100, **lines, first=first, people=people)
        note = f"{again.spread('lines')}, {again.cost()}"
        self.told("checks/s, batches of 100, all known", again.median("lines"), "known", note)


def measure(made: House, chosen: argparse.Namespace) -> dict[str, float]:
    with made.server() as (port, pid):
        service = Service(made, port, pid, chosen)
        time.sleep(chosen.settle)
        if chosen.only == "soak":
            soak(port, pid, made, service.plan, chosen.rate, chosen.soak or 1.0)
        elif chosen.only == "singles":
            service.singles()
        elif chosen.only == "batches":
            service.batches()
        elif chosen.only == "rude":
            rudely(made, port, pid, service.plan, chosen)
        else:
            service.singles()
            service.batches()
            rudely(made, port, pid, service.plan, chosen)
            if chosen.soak:
                soak(port, pid, made, service.plan, service.reached["single"] / 2, chosen.soak)
    return service.reached


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--people", type=int, default=5_000_000)
    parser.add_argument("--store", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--connections", type=int, default=800)
    parser.add_argument("--batch-connections", type=int, default=16, help="of batches, 16 keys")
    parser.add_argument("--soak", type=float, default=0.0, help="minutes at half rate")
    parser.add_argument(
        "--only", choices=("rude", "soak", "singles", "batches"), default="", help="this alone"
    )
    parser.add_argument(
        "--settle", type=float, default=0.0, help="seconds between the start and the first measure"
    )
    parser.add_argument("--rude", default="", help="of --only rude: this kind alone, as skewed")
    parser.add_argument("--rate", type=float, default=500.0, help="checks/s of --only soak")
    parser.add_argument("--profile", default="", help="where py-spy writes")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # leave nothing running either way
    try:
        run_all(chosen)
    except KeyboardInterrupt:
        print("\nstopped; nothing that was started is left running")
        sys.exit(130)
    except LiangmingError as no:  # another run has the house, the disk is full …
        print(no, file=sys.stderr)
        sys.exit(2)


def run_all(chosen: argparse.Namespace) -> None:
    began = time.monotonic()
    stores = ("sqlite", "postgres") if chosen.store == "both" else (chosen.store,)
    bare = best = 0.0
    for store in stores:
        with house(store, chosen.people) as made:
            if chosen.only:
                measure(made, chosen)
                continue
            if not bare:
                bare = echo(chosen, body(made), chosen.connections)
                told("raw ASGI echo of the same body, POSTs/s", bare, None)
                best = max(bare, echo(chosen, body(made), _FEW))
                told("the same, on the connections that suit it best", best, None)
            reached = measure(made, chosen)
            told(f"{store}: single rate ÷ echo", reached["single"] / bare, ("echo", ""))
            told(f"{store}: single rate ÷ echo at its best", reached["single"] / best, ("echo", ""))
            inserts = raw(made, chosen)
            told(f"{store}: raw set-based inserts of the same rows, checks/s", inserts, None)
            told(f"{store}: batch rate ÷ raw inserts", reached["batch"] / inserts, ("raw", ""))
            plain = naive(chosen, made, body(made))
            told(f"{store}: naive service, POSTs/s", plain, None)
            told(f"{store}: single rate ÷ naive", reached["single"] / plain, ("naive", ""))
    if not chosen.only:
        subprocess.run([sys.executable, str(HERE / "decisions.py")], check=True)
    load = ", ".join(f"{n:.1f}" for n in os.getloadavg())
    print(f"took {time.monotonic() - began:.0f} s; load of the machine at the end {load}")


if __name__ == "__main__":
    main()
