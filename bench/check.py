"""What a decision and a whole check cost, each beside a baseline in the same run.

    python bench/check.py [--seconds 2]

Prints medians of five. The store is SQLite with fsync on every commit, in a temporary folder.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.world import NOON, card, numbers, world

from liangming.check import WholeCheck, facts, whole, whole_many
from liangming.check.premises import Premises
from liangming.law import CORPUS
from liangming.law.words import Method, Question
from liangming.rules import decide

RUNS = 5


def median(measure: Callable[[], float]) -> float:
    return statistics.median(measure() for _ in range(RUNS))


def micros(call: Callable[[], object], times: int = 2000) -> float:
    start = time.perf_counter()
    for _ in range(times):
        call()
    return (time.perf_counter() - start) / times * 1e6


def decisions(premises: Premises) -> None:
    scene = premises.scenes["demo.counter"]
    on = NOON.date()
    told = facts.offer(
        scene, Method.DOCUMENT_SEEN, assessed=True, device_enrolled=False, thing=facts.Thing.PARCEL
    )
    rules = len(CORPUS.in_force("offer", on))
    plain = median(lambda: micros(lambda: decide(CORPUS, "offer", told, on=on)))
    kept = median(lambda: micros(lambda: premises.decisions.ask(Question.OFFER, told, on=on)))
    names = [f"f{n}" for n in range(rules)]
    bare = dict.fromkeys(names, False)
    base = median(lambda: micros(lambda: [bare[name] for name in names if bare[name]]))
    print(f"one decision with trace, {rules} rules: {plain:8.1f} µs   ÷ {plain / rules:.2f} a rule")
    print(f"the same, remembered:            {kept:8.2f} µs   ÷ plain {kept / plain:.4f}")
    print(f"baseline, {rules} dictionary reads:    {base:8.2f} µs")


def made(premises: Premises, count: int) -> list[WholeCheck]:
    digest = premises.notice(premises.scenes["demo.counter"]).digest
    return [
        WholeCheck(
            scene="demo.counter",
            method=Method.DOCUMENT_SEEN,
            evidence=card(number),
            notice=digest,
        )
        for number in numbers(count)
    ]


async def rate(call: Callable[[], Awaitable[int]], seconds: float) -> float:
    rates = []
    for _ in range(RUNS):
        start, done = time.perf_counter(), 0
        while time.perf_counter() - start < seconds / RUNS:
            done += await call()
        rates.append(done / (time.perf_counter() - start))
    return statistics.median(rates)


async def durable(premises: Premises, seconds: float) -> None:
    checks = made(premises, 2000)
    for concurrent in (1, 32, 128):
        gate = asyncio.Semaphore(concurrent)

        async def one(check: WholeCheck, gate: asyncio.Semaphore = gate) -> None:
            async with gate:
                await whole(premises, check)

        async def burst(size: int = min(2000, concurrent * 8)) -> int:
            await asyncio.gather(*(one(check) for check in checks[:size]))
            return size

        print(
            f"whole checks, durable, {concurrent:>4} at once: "
            f"{await rate(burst, seconds):10,.0f} /s"
        )
    for size in (100, 1000):

        async def batch(size: int = size) -> int:
            results = await whole_many(premises, checks[:size])
            assert not any(isinstance(r, Exception) for r in results)
            return size

        print(f"whole checks, batches of {size:>4}:      {await rate(batch, seconds):10,.0f} /s")


def raw(folder: Path) -> None:
    db = sqlite3.connect(folder / "raw.sqlite3", isolation_level=None)
    db.execute("pragma journal_mode=wal")
    db.execute("pragma synchronous=full")
    db.execute("create table c (id text primary key, body blob)")
    db.execute("create table l (n integer primary key, body blob)")
    body, leaf, at = b"x" * 1200, b"y" * 200, [0]

    def insert() -> float:
        start = time.perf_counter()
        for _ in range(20):
            db.execute("begin immediate")
            rows = [(f"chk_{at[0] + n:026}", body) for n in range(100)]
            db.executemany("insert into c values (?, ?)", rows)
            db.executemany("insert into l (body) values (?)", [(leaf,)] * 500)
            db.execute("commit")
            at[0] += 100
        return 2000 / (time.perf_counter() - start)

    print(f"baseline, raw inserts of such rows, batches of 100: {median(insert):10,.0f} /s")


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    seconds = parser.parse_args().seconds
    with tempfile.TemporaryDirectory() as name:
        async with world(Path(name)) as made_world:
            decisions(made_world.premises)
            await durable(made_world.premises, seconds)
        raw(Path(name))


if __name__ == "__main__":
    asyncio.run(main())
