"""Durable checks a second through each store, beside raw set-based inserts of the same rows.

    python bench/storage.py [--postgres URL] [--rounds 5] [--seconds 1]

One check is one row in ``checks``, one in ``persons``, one in ``remembered`` and three leaves. Each
figure is the median of the rounds; the ratio is against ``executemany`` of the same rows, in batches
of 1,000, in the same run. Without ``--postgres`` a private cluster of Debian's binaries is started.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.postgres_cluster import Cluster
from tests.storage.rows import check_row, leaf_row, note, opening, person_row

from liangming.storage import migrate, open_store, records
from liangming.storage.records import Writing

_made = itertools.count()
_check, _person = check_row("x"), person_row("x")
_leaf, _note = leaf_row("x"), note("x")
replace = msgspec.structs.replace


def change():
    """A whole check of a new person."""
    n = next(_made)
    id_ = f"chk_{n:026d}"
    index = os.urandom(16)
    check = replace(_check, id=id_, person=index, state="passed", body=b"b" * 600)
    return opening(
        check=check,
        leaves=tuple(replace(_leaf, check=id_, number=k, leaf=os.urandom(96)) for k in range(3)),
        person=replace(_person, person=index),
        remember=replace(_note, key=os.urandom(16).hex(), answer=b"a" * 300),
    )


async def batches(store, size: int, seconds: float) -> float:
    ready = [[change() for _ in range(size)] for _ in range(max(4, int(40_000 * seconds) // size))]
    done, begin = 0, time.perf_counter()
    for batch in ready:
        results = await store.commit_many(batch)
        assert results == [None] * size
        done += size
        if time.perf_counter() - begin > seconds:
            break
    return done / (time.perf_counter() - begin)


async def concurrent(store, committers: int, seconds: float) -> float:
    ready = iter([change() for _ in range(int(20_000 * seconds))])
    begin = time.perf_counter()

    async def one() -> int:
        done = 0
        for item in ready:
            await store.commit(item)
            done += 1
            if time.perf_counter() - begin > seconds:
                break
        return done

    done = sum(await asyncio.gather(*(one() for _ in range(committers))))
    return done / (time.perf_counter() - begin)


def rows_of(size: int) -> dict[str, tuple[tuple[str, ...], list]]:
    writing = Writing([change() for _ in range(size)])
    first = next(_places) * size * 3
    return {
        "checks": ((*records.CHECK_COLUMNS, "due_at"), writing.opened),
        "persons": (records.PERSON_COLUMNS, writing.persons),
        "remembered": (records.REMEMBERED_COLUMNS, writing.remembered),
        "leaves": (
            ("seq", *records.LEAF_COLUMNS),
            [(first + n, *leaf) for n, leaf in enumerate(writing.leaves)],
        ),
    }


_places = itertools.count(1_000_000)


def raw_sqlite(url: str, size: int, seconds: float) -> float:
    from liangming.storage.addresses import sqlite_path
    from liangming.storage.opened import connect

    connection = connect(sqlite_path(url), writes=True)
    ready = [rows_of(size) for _ in range(max(2, int(40_000 * seconds) // size))]
    done, begin = 0, time.perf_counter()
    for tables in ready:
        connection.execute("BEGIN IMMEDIATE")
        for table, (columns, rows) in tables.items():
            marks = ",".join("?" * len(columns))
            connection.executemany(
                f"INSERT INTO {table} ({','.join(columns)}) VALUES ({marks})", rows
            )
        connection.execute("COMMIT")
        done += size
        if time.perf_counter() - begin > seconds:
            break
    rate = done / (time.perf_counter() - begin)
    connection.close()
    return rate


async def raw_postgres(url: str, size: int, seconds: float) -> float:
    import asyncpg

    connection = await asyncpg.connect(url)
    ready = [rows_of(size) for _ in range(max(2, int(20_000 * seconds) // size))]
    done, begin = 0, time.perf_counter()
    for tables in ready:
        async with connection.transaction():
            for table, (columns, rows) in tables.items():
                marks = ",".join(f"${n + 1}" for n in range(len(columns)))
                names = ",".join(columns)
                await connection.executemany(
                    f"INSERT INTO {table} ({names}) VALUES ({marks})", rows
                )
        done += size
        if time.perf_counter() - begin > seconds:
            break
    rate = done / (time.perf_counter() - begin)
    await connection.close()
    return rate


async def measure(name: str, url: str, rounds: int, seconds: float) -> None:
    kinds = [("batch", n) for n in (1, 100, 1000)] + [("concurrent", n) for n in (32, 128)]
    figures: dict[tuple[str, int], list[float]] = {kind: [] for kind in kinds}
    raw: list[float] = []
    for _ in range(rounds):
        if name == "sqlite":
            raw.append(raw_sqlite(url, 1000, seconds))
        else:
            raw.append(await raw_postgres(url, 1000, seconds))
        store = open_store(url)
        await store.open()
        for kind, n in kinds:
            run = batches if kind == "batch" else concurrent
            figures[kind, n].append(await run(store, n, seconds))
        await store.close()
    base = statistics.median(raw)
    print(f"{name:9} raw executemany, 1,000 a transaction  {base:9,.0f} checks/s   1.00")
    for (kind, n), rates in figures.items():
        rate = statistics.median(rates)
        what = f"{kind} of {n}" if kind == "batch" else f"{n} committers at once"
        print(f"{name:9} {what:39}{rate:9,.0f} checks/s   {rate / base:4.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as folder:
        url = f"sqlite:///{folder}/bench.sqlite3"
        migrate(url)
        asyncio.run(measure("sqlite", url, chosen.rounds, chosen.seconds))
    cluster = Cluster(chosen.postgres) if chosen.postgres else Cluster.start()
    try:
        url = cluster.database()
        migrate(url)
        asyncio.run(measure("postgres", url, chosen.rounds, chosen.seconds))
        cluster.drop(url)
    finally:
        cluster.remove()


if __name__ == "__main__":
    main()
