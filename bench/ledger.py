"""How fast evidence is made, kept, proven and read back; ratios against raw append + fsync.

usage: python bench/ledger.py [--leaves 1000000] [--folder DIR]

Every figure is measured in this run. The baseline writes the same entry bytes to one file with
one fsync a batch. Wall time and CPU time stand beside each other: on a busy machine read the CPU.
Ten million leaves: --leaves 10000000 (about 1 GB of files, two to six minutes).
"""

from __future__ import annotations

import argparse
import hashlib
import os
import resource
import secrets
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from liangming.ledger import (
    Event,
    FileTiles,
    KeyKind,
    Log,
    Prover,
    SigningKey,
    SqliteHeads,
    Trust,
    commit,
    declare_event,
    disclose,
    fsck,
    verify_disclosure,
)
from liangming.ledger.merkle import leaf_hash, verify_inclusion

KEY = SigningKey(KeyKind.LOG_ED25519, "bench.example/log", hashlib.sha256(b"bench").digest())
TRUST = Trust("bench.example/log", (KEY.verifying,))
START = datetime(2026, 1, 1, tzinfo=UTC)
BATCHES = ((100, 30_000), (1_000, 100_000), (10_000, 300_000))


def leaves(count):
    blob = os.urandom(32 * count)
    return [b"\x01" + blob[i : i + 32] for i in range(0, len(blob), 32)]


def open_log(folder):
    heads = SqliteHeads(folder / "head.sqlite")
    log = Log(origin="bench.example/log", tiles=FileTiles(folder / "log"), heads=heads, keys=[KEY])
    log.recover(START)
    return log


def timed(work):
    begun, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begun, time.process_time() - cpu


def raw(folder, batches):
    with (folder / "raw").open("wb", buffering=0) as file:
        for batch in batches:
            file.write(b"".join(batch))
            os.fsync(file.fileno())


def bench_append(base):
    print("durable appends: stage fsynced and lock row committed before each batch returns;")
    print("tiles fsynced by a sweep every 256 batches and at the end (inside the time)")
    for size, total in BATCHES:
        batches = [leaves(size) for _ in range(total // size)]
        folder = base / f"append-{size}"
        folder.mkdir()
        floor, _ = timed(lambda f=folder, b=batches: raw(f, b))
        log = open_log(folder)

        def run(log=log, batches=batches):
            for second, batch in enumerate(batches):
                log.append(batch, START + timedelta(seconds=second))
            log.sweep()

        wall, cpu = timed(run)
        print(
            f"  batch {size:>6}: {total / wall:>9,.0f} leaves/s   {total / cpu:>9,.0f} a CPU-second   "
            f"{cpu / total * 1e6:5.2f} CPU-µs/leaf   raw append+fsync {total / floor:>11,.0f}/s   "
            f"ratio 1:{wall / floor:.1f}"
        )


def bench_arrival(base, seconds=5, rate=10_000):
    """Leaves as checks arrive: a round every 0.2 s, as the integrator makes them."""
    folder = base / "arrival"
    folder.mkdir()
    log = open_log(folder)
    each = rate // 5
    rounds = [leaves(each) for _ in range(seconds * 5)]
    cpu, waits = 0.0, []
    for number, batch in enumerate(rounds):
        begun = time.perf_counter()
        _, spent = timed(
            lambda b=batch, n=number: log.append(b, START + timedelta(milliseconds=200 * n))
        )
        took = time.perf_counter() - begun
        cpu += spent
        waits.append(0.2 + took)  # the first leaf of a round waited for it, then for the append
        time.sleep(max(0.0, 0.2 - took))
    print(
        f"as checks arrive, {rate:,} leaves/s for {seconds} s: {cpu / seconds:.1%} of one core; a leaf is "
        f"under a signed head within {max(waits):.2f} s at most, {sorted(waits)[len(waits) // 2]:.2f} s "
        f"in the middle"
    )


def memory():
    """Most memory that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def bench_leaf():
    declare_event("bench:notice:shown", facts=("a", "b", "c", "d"), zh="（测速）", en="(bench)")
    event = Event(
        "bench:notice:shown", 1, "chk_x", {"a": "card-read", "b": 3, "c": "zh", "d": "v1"}
    )
    key, count = bytes(32), 50_000
    wall, _ = timed(lambda: [commit(event, key, i) for i in range(count)])
    shown, leaf = disclose(event, key, 0, ["b"]), commit(event, key, 0)
    opened, _ = timed(lambda: [verify_disclosure(shown, leaf) for _ in range(count)])
    floor, _ = timed(lambda: [hashlib.sha256(b"x" * 300).digest() for _ in range(count)])
    print(f"commit an event of 8 fields: {wall / count * 1e6:.1f} µs (one SHA-256 of 300 bytes: ")
    print(
        f"  {floor / count * 1e6:.2f} µs, ratio 1:{wall / floor:.0f}); open: {opened / count * 1e6:.1f} µs"
    )


def bench_proof(base, total):
    folder = base / "large"
    folder.mkdir()
    log = open_log(folder)
    for second in range(total // 10_000):
        log.append(leaves(10_000), START + timedelta(seconds=second))
        if second + 1 in (10, 100, 1_000):
            print(
                f"  memory at {(second + 1) * 10_000:>10,} leaves: {memory():.0f} MB at most so far"
            )
    log.sweep()
    store = FileTiles(folder / "log")
    picks = [secrets.randbelow(total) for _ in range(200)]
    cold, _ = timed(lambda: [Prover(store, log.head).inclusion(i) for i in picks])
    prover = Prover(store, log.head, remember=1024)
    for index in picks:
        prover.inclusion(index)
    warm, _ = timed(lambda: [prover.inclusion(i) for i in picks])
    index = picks[0]
    path, leaf = prover.inclusion(index), leaf_hash(prover.entry(index))

    def check():
        for _ in range(1000):
            verify_inclusion(leaf=leaf, index=index, size=total, root=log.head.root, proof=path)

    verify, _ = timed(check)
    print(f"proofs at {total:,} leaves (each verified before it is given):")
    print(f"  tiles not in the process {cold / len(picks) * 1e3:.2f} ms   in the process "
          f"{warm / len(picks) * 1e6:.0f} µs   verify {verify * 1e3:.1f} µs")  # fmt: skip

    wall, cpu = timed(lambda: fsck(store, TRUST))
    files = [p for p in (folder / "log" / "tile").rglob("*") if p.is_file()]
    floor, _ = timed(lambda: [hashlib.sha256(p.read_bytes()).digest() for p in files])
    print(f"full self-check: {total / wall:,.0f} leaves/s, {total / cpu:,.0f} a CPU-second, memory "
          f"{memory():.0f} MB   (reading and hashing every file once: "
          f"{total / floor:,.0f}/s, ratio 1:{wall / floor:.1f})")  # fmt: skip


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leaves", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=None)
    options = parser.parse_args()
    base = Path(tempfile.mkdtemp(prefix="ledger-bench-", dir=options.folder))
    try:
        print(f"python {sys.version.split()[0]}, {os.cpu_count()} cores")
        bench_leaf()
        bench_append(base)
        bench_arrival(base)
        bench_proof(base, options.leaves)
    finally:
        shutil.rmtree(base)


if __name__ == "__main__":
    main()
