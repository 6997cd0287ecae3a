"""What one whole check costs in CPU, in process: no sockets, no load generator, nobody else's time.

    python bench/hot.py [--checks 4000] [--runs 5]

Prints medians in µs of CPU a check: of the whole process, and of the event loop's thread alone.
The store is SQLite with fsync on every commit, in a temporary folder; every check is of a new
person. The last line carries the leaves of all of them into the log.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.world import World, card, numbers, world

from liangming.check import WholeCheck
from liangming.check.integrate import Integrator
from liangming.check.log_key import log_key
from liangming.check.together import complete_many
from liangming.check.whole import complete
from liangming.law.words import Method
from liangming.ledger import FileTiles, Log, SqliteHeads, Trust

AT_ONCE = 128
LINES = 100
ORIGIN = "bench.example/log"
TICK = timedelta(microseconds=1001)


async def cost(deed: Callable[[], Awaitable[None]], checks: int) -> tuple[float, float]:
    """CPU of the process and of this thread, µs a check."""
    all_of_it, own = time.process_time(), time.thread_time()
    await deed()
    return tuple(  # type: ignore[return-value]
        spent / checks * 1e6
        for spent in (time.process_time() - all_of_it, time.thread_time() - own)
    )


def told(name: str, costs: list[tuple[float, float]]) -> None:
    every, own = (statistics.median(column) for column in zip(*costs, strict=True))
    print(f"{name:34} {every:7.1f} {own:7.1f}", flush=True)


async def measured(made: World, count: int, runs: int, folder: Path) -> None:
    premises = made.premises
    notice = premises.notice(premises.scenes["demo.counter"]).digest
    people = iter(numbers(2 * runs * count + 2 * LINES))

    def some(size: int) -> list[WholeCheck]:
        return [
            WholeCheck(
                scene="demo.counter",
                method=Method.DOCUMENT_SEEN,
                evidence=card(next(people)),
                notice=notice,
            )
            for _ in range(size)
        ]

    for _ in range(2):  # moulds are taken and proven
        made.clock.move(TICK)
        await complete_many(premises, some(LINES))
    print(f"{'µs of CPU a whole check':34} {'all':>7} {'loop':>7}")
    batches, singles = [], []
    for _ in range(runs):
        checks = some(count)

        async def batch(checks: list[WholeCheck] = checks) -> None:
            for begin in range(0, count, LINES):
                made.clock.move(TICK)
                await complete_many(premises, checks[begin : begin + LINES])

        batches.append(await cost(batch, count))
        checks = some(count)
        waiting = iter(checks)

        async def one(waiting: object = waiting) -> None:
            for check in waiting:  # type: ignore[attr-defined]
                made.clock.move(TICK)
                await complete(premises, check)

        async def single(one: Callable[[], Awaitable[None]] = one) -> None:
            await asyncio.gather(*(one() for _ in range(AT_ONCE)))

        singles.append(await cost(single, count))
    told(f"in batches of {LINES}", batches)
    told(f"singles, {AT_ONCE} at once", singles)
    await logged(made, folder, 2 * runs * count)


async def logged(made: World, folder: Path, checks: int) -> None:
    """The leaves of all these checks into a log, in rounds of 20,000."""
    tiles, heads = FileTiles(folder / "tiles"), SqliteHeads(folder / "heads.sqlite3")
    key = log_key(made.premises.keys.signing, ORIGIN)
    log = Log(
        origin=ORIGIN, tiles=tiles, heads=heads, keys=[key], trust=Trust(ORIGIN, (key.verifying,))
    )
    carrier = Integrator(made.premises.store, log, made.clock, tiles=tiles)
    entered = 0

    async def rounds() -> None:
        nonlocal entered
        while came := await carrier.round():
            entered += came

    cpu = await cost(rounds, checks)
    told(f"the log ({entered / checks:.1f} leaves a check)", [cpu])


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checks", type=int, default=4000)
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        async with world(Path(name)) as made:
            await measured(made, asked.checks, asked.runs, Path(name))


if __name__ == "__main__":
    asyncio.run(main())
