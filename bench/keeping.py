"""What one check costs the log's process, in process: leaves read from a store and carried into a log.

    python bench/keeping.py [--checks 60000] [--rate 12000] [--runs 3] [--folder DIR] [--sweep]

A house's leaves as poured checks leave them, five a check in one row. Rounds take what comes in half a
second at that rate, as they do under load, and nobody waits between them; with ``--sweep`` what they wrote
is made durable at the end, which a service does once in 256 rounds. CPU of this process in user's and in
system's time, and wall time, µs a check; then the hashes alone that a check cannot do without, as a floor.
System time says little on a folder without a journal in which others delete (the kernel passes by each
file that was deleted in the last minutes): give it a filesystem of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import os
import resource
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


from liangming.check.integrate import Integrator
from liangming.ledger import FileTiles, KeyKind, Log, SigningKey, SqliteHeads
from liangming.ledger.leaf import LEAF_BYTES
from liangming.storage import migrate, open_beside
from liangming.storage.opened import connect

KEY = SigningKey(KeyKind.LOG_ED25519, "bench.example/log", hashlib.sha256(b"bench").digest())
STEPS = 5
START = datetime(2026, 1, 1, tzinfo=UTC)


class Now:
    """A clock that stands still."""

    def now(self) -> datetime:
        return START


def filled(path: Path, checks: int) -> str:
    """A database with the leaves of so many checks."""
    url = f"sqlite:///{path}"
    migrate(url)
    connection = connect(path, writes=True)
    with connection:
        connection.executemany(
            "INSERT INTO leaves (seq, check_id, number, tag, at, facts, leaf) VALUES (?, ?, 0, '', 0, ?, ?)",
            (
                (
                    n * STEPS,
                    f"chk_{n:022d}",
                    bytes(32),
                    (b"\x01" + os.urandom(LEAF_BYTES - 1)) * STEPS,
                )
                for n in range(checks)
            ),
        )
        connection.execute("UPDATE log_head SET next = ?", (checks * STEPS,))
    connection.close(True)
    return url


async def carried(url: str, folder: Path, rate: int, *, sweeps: bool) -> tuple[float, float, float]:
    """User's, system's and wall time of carrying all of them, µs a check."""
    store = open_beside(url)
    await store.open()
    heads = SqliteHeads(folder / "head.sqlite3")
    tiles = FileTiles(folder / "log")
    log = Log(origin="bench.example/log", tiles=tiles, heads=heads, keys=[KEY])
    keeper = Integrator(store, log, Now(), tiles=tiles, most=rate * STEPS // 2)
    try:
        await keeper.round()
        before, begun = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
        carried = 0
        while some := await keeper.round():
            carried += some
        if sweeps:
            log.sweep()
        after, wall = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter() - begun
    finally:
        await store.close()
        heads.close()
    each = STEPS / carried * 1e6
    return (
        (after.ru_utime - before.ru_utime) * each,
        (after.ru_stime - before.ru_stime) * each,
        wall * each,
    )


def floor(checks: int) -> float:
    """Two hashes a leaf, alone."""
    entry, node = b"\0" + bytes(LEAF_BYTES), b"\1" + bytes(64)
    sha256, begun = hashlib.sha256, time.process_time()
    for _ in range(checks * STEPS):
        sha256(entry).digest()
        sha256(node).digest()
    return (time.process_time() - begun) / checks * 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checks", type=int, default=60_000)
    parser.add_argument("--rate", type=int, default=12_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--sweep", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        base = Path(name)
        url = filled(base / "house.sqlite3", options.checks)
        found = []
        for run in range(options.runs):
            folder = base / f"run-{run}"
            folder.mkdir()
            found.append(asyncio.run(carried(url, folder, options.rate, sweeps=options.sweep)))
            print("user {:5.2f}  system {:5.2f}  wall {:6.2f}".format(*found[-1]))
        both = statistics.median(user + system for user, system, _ in found)
        print(f"median of both {both:.2f} µs a check; ten hashes alone {floor(20_000):.2f}")


if __name__ == "__main__":
    main()
