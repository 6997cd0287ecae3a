"""Kill what can be killed, for minutes, under load; then prove that nothing acknowledged was lost.

    python bench/chaos.py [--minutes 3] [--store sqlite|postgres] [--servers 2] [--seed 8]

Clients insist on each check under its key until it is acknowledged. Meanwhile, at moments drawn from the
seed, a server is killed with its writer or frozen for a while; its writer alone is killed, on SQLite also in
the middle of copying its log (bench/shortlog), or the log's process; on PostgreSQL the database is stopped as if its machine
went away, or its connections are cut. Clients send single calls, eight at once down one line, and batches. In the end every acknowledged check is
there once and whole, every leaf proves its event, the log of commits has no gap, and answers are given
again under their keys: the proof of ``tests/chaos``, which does the same for seconds in each test run.

Everything runs on this machine, on loopback, in a folder of its own that goes away at the end.
Ctrl-C stops it, with everything that was started.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random  # noqa: TID251  (seeded: the same moments come again)
import signal
import statistics
import sys
import tempfile
import time
import traceback
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import tests.e2e.server as server_file
from tests.chaos.test_chaos import (
    Act,
    Insisting,
    chaos,
    cut_connections,
    kill_server,
    kill_writer,
    stop_database,
)
from tests.e2e.server import House
from tests.postgres_cluster import Cluster

SHORT = Path(__file__).resolve().parent / "shortlog"


def freeze_server(clients: Insisting, chance: random.Random) -> None:
    """As a machine that is paused and goes on."""
    process = clients.servers[chance.randrange(len(clients.servers))].process
    process.send_signal(signal.SIGSTOP)
    time.sleep(chance.uniform(0.2, 1.5))
    process.send_signal(signal.SIGCONT)


class Short(House):
    """A house whose writer copies its log often and says when."""

    def environment(self) -> dict[str, str]:
        before = os.environ.get("PYTHONPATH")
        return super().environment() | {
            "PYTHONPATH": os.pathsep.join(filter(None, (str(SHORT), before)))
        }


def kill_copying(clients: Insisting, _: random.Random) -> None:
    """SQLite's writer while its thread copies the log into the file: seen by what it leaves behind."""
    server = clients.servers[0]
    end = time.monotonic() + 120
    while True:
        assert time.monotonic() < end, "no copy of the log was met"
        writer = server.child("liangming.storage.apart_process")
        mark = clients.house.data / f"copying-{writer}"
        while not mark.exists() and time.monotonic() < end:
            time.sleep(0.0002)
        with contextlib.suppress(ProcessLookupError):
            os.kill(writer, signal.SIGKILL)
        clients.wait_for(1)  # another writer is there
        if mark.exists():  # it did not live to take it away
            mark.unlink()
            return


def kill_log(clients: Insisting, chance: random.Random) -> None:
    """The process that puts leaves under signed heads."""
    server = clients.servers[chance.randrange(len(clients.servers))]
    os.kill(server.child("log_process"), signal.SIGKILL)


def watched(name: str, act: Act, back: dict[str, list[float]]) -> Act:
    """The act, with how long it took until all was back: another server started, a check acknowledged."""

    def timed(clients: Insisting, chance: random.Random) -> None:
        begin = time.monotonic()
        act(clients, chance)
        clients.wait_for(1)
        back[name].append(time.monotonic() - begin)
        done = sum(map(len, back.values()))
        print(
            f"\r    {done:4} acts, {len(clients.answers):6,} checks acknowledged",
            end="",
            flush=True,
        )

    return timed


def run(store: str, minutes: float, servers: int, seed: int) -> None:
    back: dict[str, list[float]] = defaultdict(list)
    acts: dict[str, Act] = {
        "server killed": kill_server,
        "server frozen": freeze_server,
        "log killed": kill_log,
        "writer killed": kill_writer,
    }
    if store == "sqlite":
        acts["killed copying"] = kill_copying
    server_file.PATIENCE = 300.0  # a machine that many share
    cluster = Cluster.start() if store == "postgres" else None
    try:
        if cluster is not None:
            acts |= {
                "database stopped": stop_database(cluster),
                "connections cut": cut_connections,
            }
        with tempfile.TemporaryDirectory(prefix="liangming-chaos-") as folder:
            house = Short(Path(folder), database=cluster.database() if cluster else "")
            timed = [watched(name, act, back) for name, act in acts.items()]
            begin = time.monotonic()
            clients = chaos(house, timed, servers, seconds=minutes * 60, seed=seed)
            took = time.monotonic() - begin
    finally:
        if cluster is not None:
            cluster.remove()
    print(f"\r{store}, {servers} servers, seed {seed}, {took / 60:.1f} minutes with the proof")
    print("    act                 times               all is back after: median   longest, s")
    for name, waits in back.items():
        print(f"    {name:18}{len(waits):7}{statistics.median(waits):34.1f}{max(waits):12.1f}")
    tries = ", ".join(f"{many} × {what}" for what, many in clients.tries.most_common())
    print(
        f"    {len(clients.answers):,} checks acknowledged under their keys, {clients.joined:,} of them eight at"
        f" once, and {len(clients.batched):,} in batches; told to come again or cut off: {tries}"
    )
    print("    every one is there once and whole; every leaf proves its event; the log has no gap")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--store", choices=("sqlite", "postgres"), default="postgres")
    parser.add_argument("--servers", type=int, default=2, help="SQLite admits one")
    parser.add_argument("--seed", type=int, default=8)
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # leave nothing running either way
    try:
        run(
            chosen.store,
            chosen.minutes,
            1 if chosen.store == "sqlite" else chosen.servers,
            chosen.seed,
        )
    except KeyboardInterrupt:
        print("\nstopped; nothing that was started is left running")
        sys.exit(130)
    except AssertionError:
        print("\nnot kept, or not proven:")
        traceback.print_exc(limit=-2)
        sys.exit(1)
    load = ", ".join(f"{n:.1f}" for n in os.getloadavg())
    print(f"    load of the machine at the end {load}")


if __name__ == "__main__":
    main()
