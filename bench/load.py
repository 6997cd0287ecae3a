"""The whole service under load, beside what bounds it: one run, one table.

    python bench/load.py [--people 5000000] [--store sqlite|postgres|both] [--runs 5]
                         [--seconds 2] [--only rude|soak] [--soak MINUTES] [--profile FILE]

Everything runs on this machine, the load generator included, each in a process of its own:

* single whole checks by POST, closed loop; then at half of that rate in an open loop, for latency
* whole checks in batches of 100 lines, and the same people again (no new registration)
* a raw ASGI echo of the same body on the same server, and raw set-based inserts of the same rows
* single checks beside clients that stall, do not read, and send what is broken (bench/rude.py): runs
  with and without them in turn, each pair side by side, so that a busy machine weighs on both
* a naive service that commits each request by itself (bench/naive.py), and one decision of law
  beside other engines (bench/decisions.py)

The persons table is filled with ``--people`` rows on the first run and kept in /tmp/liangming-bench-…
(remove it to begin anew; 5 million take 2 GB a store). Ctrl-C stops everything that was started; what a soak
has seen until then is printed. Each figure is the median of the runs. CPU is what all processes of the
server used, its database included, for each check. A check is complete: law, choice, seal, five
leaves, idempotency where a key is sent, one durable commit before its answer.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

HERE: Final = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from bench.prepared import SCENE, House, house, started
from liangming.errors import LiangmingError

TICKS: Final = os.sysconf("SC_CLK_TCK")
RUDE: Final[list[str]] = []  # what the rude clients said of themselves
SINGLE, BATCH = "/v1/checks:whole", "/v1/checks:batch"
FLOORS: Final = {
    ("single", "sqlite"): (6_309, 12_000),
    ("single", "postgres"): (4_500, 8_993),
    ("batch", "sqlite"): (15_000, 30_000),
    ("batch", "postgres"): (15_000, 30_000),
    ("echo", ""): (0.3, 0.6),
    ("raw", ""): (0.4, 0.7),
    ("naive", ""): (20, 50),
    ("rude", ""): (0.9, 0.95),
    ("rude alone", ""): (0.1, 0.05),
    ("p50", ""): (10, 3),
    ("p99", ""): (50, 15),
}


def body(made: House) -> str:
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


def cpu_of(pid: int) -> float:
    """Seconds of CPU that a process and its children used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(fields[n]) for n in (11, 12)) / TICKS


def memory_of(pid: int) -> float:
    """MiB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def family(pid: int) -> list[int]:
    """A process, and all that it and its own started."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += family(int(child))
    return found


def pids(made: House, server: int) -> list[int]:
    if made.cluster is None:
        return family(server)
    postmaster = (made.cluster.folder / "data" / "postmaster.pid").read_text().split()[0]  # type: ignore[operator]
    return [*family(server), *family(int(postmaster))]


class Runs:
    """Several runs of one measure."""

    def __init__(self, results: list[dict[str, Any]]) -> None:
        self.results = results

    def median(self, name: str) -> float:
        return statistics.median(result[name] for result in self.results)

    def spread(self, name: str) -> str:
        values = [result[name] for result in self.results]
        return f"{min(values):,.0f}–{max(values):,.0f}"


def repeated(
    runs: int, port: int, watched: Callable[[], list[int]], checks: int, **plan: Any
) -> Runs:
    results = []
    for number in range(runs):
        if plan.get("keyed"):
            plan["keyed"] = f"b{time.time_ns()}-{number}"  # a key is used once
        before = {pid: cpu_of(pid) for pid in watched()}
        result = generate(port, **plan)
        used = sum(cpu_of(pid) - before[pid] for pid in watched() if pid in before)
        result["server_us"] = used / max(1, result["sent"]) * 1e6
        result["checks"] = result["lines"] if checks > 1 else result["rate"]
        results.append(result)
        wrong = {s: n for s, n in result["statuses"].items() if s not in {"200", "201"}}
        if wrong or result["bad_lines"]:
            print(
                f"    not every answer was a check: {wrong} {result['bad_lines']} {result['wrong']}"
            )
        if "first" in plan:
            plan["first"] += result["sent"] + 1
    return Runs(results)


def told(name: str, value: float, key: tuple[str, str] | None, note: str = "") -> None:
    """One line of the table, with its floor and goal."""
    number = f"{value:10,.2f}" if value < 100 else f"{value:10,.0f}"
    if key is None:
        print(f"{name:58}{number}   {'':30}{note}")
        return
    floor, goal = FLOORS[key]
    smaller = floor > goal
    reached = [value <= bound if smaller else value >= bound for bound in (floor, goal)]
    said = "goal" if reached[1] else "floor" if reached[0] else "below the floor"
    print(f"{name:58}{number}   floor {floor:>7,} goal {goal:>7,}  {said:16}{note}", flush=True)


def measure(made: House, chosen: argparse.Namespace) -> dict[str, float]:
    text, reached = body(made), {}
    plan = {"tokens": made.tokens, "body": text, "seconds": chosen.seconds, "warm": 0.5}
    lines = {"path": BATCH, "media": "application/x-ndjson", "lines": 100, "connections": 6}
    with made.server() as (port, pid):

        def watched() -> list[int]:
            return pids(made, pid)

        def run(checks: int = 1, runs: int = chosen.runs, **more: Any) -> Runs:
            return repeated(runs, port, watched, checks, **(plan | more))

        if chosen.only == "rude":
            rudely(made, port, pid, plan, chosen)
            return reached
        if chosen.only == "soak":
            soak(port, pid, made, plan, chosen.rate, chosen.soak or 1.0)
            return reached
        many = int(60_000 * (chosen.seconds + 2) * chosen.runs)
        generate(port, **plan | {"path": SINGLE, "first": made.some(many), "seconds": 1})
        with profiled(chosen.profile, pid, made.store):
            single = run(path=SINGLE, connections=chosen.connections, first=made.some(many))
        reached["single"] = single.median("rate")
        note = f"{single.spread('rate')}, CPU {single.median('server_us'):.0f} µs"
        told(
            f"{made.store}: single POSTs/s, durable",
            reached["single"],
            ("single", made.store),
            note,
        )
        kept = run(
            path=SINGLE,
            connections=chosen.connections,
            first=made.some(many),
            keyed="yes",
        )
        note = f"CPU {kept.median('server_us'):.0f} µs"
        told(f"{made.store}: the same with an Idempotency-Key", kept.median("rate"), None, note)
        half = run(
            path=SINGLE, connections=chosen.connections, first=made.some(many),
            rate=reached["single"] / 2,
        )  # fmt: skip
        told(f"{made.store}: latency at half of it, p50 ms", half.median("p50"), ("p50", ""))
        told(f"{made.store}: latency at half of it, p99 ms", half.median("p99"), ("p99", ""),
             f"longest {half.median('longest'):.0f}")  # fmt: skip
        batch = run(100, **lines, first=made.some(many))
        reached["batch"] = batch.median("lines")
        note = f"{batch.spread('lines')}, CPU {batch.median('server_us'):.0f} µs"
        told(
            f"{made.store}: checks/s in batches of 100",
            reached["batch"],
            ("batch", made.store),
            note,
        )
        first = made.some(20_000)
        generate(port, **plan | lines | {"first": first, "people": 5_000, "seconds": 1})
        again = run(100, **lines, first=first, people=5_000)
        note = f"CPU {again.median('server_us'):.0f} µs"
        told(f"{made.store}: the same, people known", again.median("lines"), None, note)
        rudely(made, port, pid, plan, chosen)
        if chosen.soak:
            soak(port, pid, made, plan, reached["single"] / 2, chosen.soak)
    return reached


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

    with beside_rude(port, made.tokens[-1], chosen.seconds + 30):
        before = {each: cpu_of(each) for each in pids(made, pid)}
        time.sleep(chosen.seconds * 2)
        alone = sum(cpu_of(each) - spent for each, spent in before.items())
    share = alone / (chosen.seconds * 2)
    told(f"{made.store}: rude clients alone, of the server's one core", share, ("rude alone", ""))
    quiet, beside = [once()], []
    for _ in range(chosen.runs):
        with beside_rude(port, made.tokens[-1], chosen.seconds + 30):
            beside.append(once())
        quiet.append(once())
    ratios = [
        each["rate"] * 2 / (before["rate"] + after["rate"])
        for before, each, after in zip(quiet[:-1], beside, quiet[1:], strict=True)
    ]
    wrong = sum(
        n for each in beside for s, n in each["statuses"].items() if s not in {"200", "201"}
    )
    told(
        f"{made.store}: single rate beside rude clients ÷ without",
        statistics.median(ratios),
        ("rude", ""),
        f"{min(ratios):.2f}–{max(ratios):.2f}, CPU "
        f"{statistics.median(each['server_us'] for each in beside):.0f} beside "
        f"{statistics.median(each['server_us'] for each in quiet):.0f} µs, "
        f"{wrong} of the polite ones' calls failed",
    )
    print(f"    the rude ones, on the same two cores: {RUDE[-1]}")


@contextmanager
def beside_rude(port: int, token: str, seconds: float) -> Iterator[None]:
    """With clients that misbehave (bench/rude.py), once all of them are there."""
    command = [sys.executable, str(HERE / "rude.py"), str(port), token, str(seconds)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        process.stdout.readline()
        yield
    finally:
        process.terminate()
        said, _ = process.communicate()
        RUDE.append(said.decode().strip())


@contextmanager
def profiled(file: str, pid: int, store: str) -> Iterator[None]:
    """Where the time goes, by py-spy, if it is asked for and installed."""
    found = shutil.which("py-spy") or shutil.which("py-spy", path=str(Path(sys.executable).parent))
    if file and not found:
        print("    no profile: py-spy is not installed (pip install py-spy)")
    if not file or not found:
        yield
        return
    name = f"{file}.{store}.txt"
    command = [found, "record", "-p", str(pid), "-f", "raw", "-o", name, "-d", "8", "-r", "200"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        yield
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    if process.returncode:
        why = said.decode("utf-8", "replace").strip().splitlines() or ["it says nothing"]
        print(f"    no profile: py-spy failed: {why[-1]}")
    else:
        print(f"    profile: {name}")


def soak(
    port: int, pid: int, made: House, plan: dict[str, Any], rate: float, minutes: float
) -> None:
    """Memory and latency at half rate, a line every ten seconds; flat, or not."""
    print(f"    soak at {rate:,.0f}/s for {minutes:g} minutes")
    print("    minute     MiB    checks/s    p50 ms    p99 ms   longest   failed")
    sizes: list[float] = []
    begin = time.monotonic()
    more = {"path": SINGLE, "connections": 64, "rate": rate, "seconds": 10, "warm": 0}
    try:
        while time.monotonic() - begin < minutes * 60:
            result = generate(port, **plan | more | {"first": made.some(int(rate * 20))})
            sizes.append(sum(memory_of(each) for each in family(pid)))
            failed = sum(n for s, n in result["statuses"].items() if s not in {"200", "201"})
            print(
                f"    {(time.monotonic() - begin) / 60:6.1f}{sizes[-1]:8.0f}{result['rate']:12,.0f}"
                f"{result['p50']:10.2f}{result['p99']:10.1f}{result['longest']:10.0f}{failed:9}",
                flush=True,
            )
    finally:  # stopped early: what was seen is told
        if sizes:
            third = max(1, len(sizes) // 3)
            early, late = statistics.median(sizes[:third]), statistics.median(sizes[-third:])
            print(
                f"{made.store}: memory, MiB: first {sizes[0]:.0f}, first third {early:.0f}, last third"
                f" {late:.0f}, largest {max(sizes):.0f}; grew {late / early - 1:+.1%}"
            )


def echo(chosen: argparse.Namespace, text: str) -> float:
    port = free_port()
    with started([sys.executable, str(HERE / "echo.py"), str(port)], port=port):
        runs = repeated(chosen.runs, port, list, 1, path=SINGLE, body=text, seconds=chosen.seconds,
                        connections=chosen.connections)  # fmt: skip
    return runs.median("rate")


def naive(chosen: argparse.Namespace, made: House, text: str) -> float:
    """On the same kind of database as the house, in a database of its own."""
    port = free_port()
    with tempfile.TemporaryDirectory(dir=made.folder) as folder:
        if made.cluster is None:
            url = f"sqlite:///{folder}/naive.sqlite3"
        else:
            url = made.cluster.database().replace("postgresql://", "postgresql+psycopg://")
        with started([sys.executable, str(HERE / "naive.py"), str(port), url], port=port):
            runs = repeated(chosen.runs, port, list, 1, path=SINGLE, body=text, first=0,
                            seconds=chosen.seconds, connections=32)  # fmt: skip
    return runs.median("rate")


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def raw(made: House, chosen: argparse.Namespace) -> float:
    """The same rows, ready, 100 checks a transaction, by the store's own set-based statements."""
    from bench.rows import groups, insert_postgres, insert_sqlite

    insert = insert_sqlite if made.cluster is None else insert_postgres
    ready = asyncio.run(groups(made, int(8_000 * chosen.seconds) // 100))
    rates = []
    for n in range(chosen.runs):
        part = ready[n :: chosen.runs]
        begin = time.perf_counter()
        insert(made.url, part)
        rates.append(len(part) * 100 / (time.perf_counter() - begin))
    return statistics.median(rates)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--people", type=int, default=5_000_000)
    parser.add_argument("--store", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    parser.add_argument("--connections", type=int, default=128)
    parser.add_argument("--soak", type=float, default=0.0, help="minutes at half rate")
    parser.add_argument("--only", choices=("rude", "soak"), default="", help="this measure alone")
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
    bare = 0.0
    for store in stores:
        with house(store, chosen.people) as made:
            if chosen.only:
                measure(made, chosen)
                continue
            if not bare:
                bare = echo(chosen, body(made))
                told("raw ASGI echo of the same body, POSTs/s", bare, None)
            reached = measure(made, chosen)
            told(f"{store}: single rate ÷ echo", reached["single"] / bare, ("echo", ""))
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
