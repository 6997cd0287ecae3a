"""One operator over several PostgreSQL servers, cut by the person's key: proven, then measured.

    python bench/shards.py [--servers 3] [--people 3000]

Starts that many clusters on loopback, each with a database and a log of its own, and the operator's
keys before all of them (tests/storage/shards.py). Everybody is checked twice, one is erased; then each
check must be in exactly one database, nobody registered twice, look-ups and the erasure find whom they
are about, and every log verifies whole. Printed beside it: the same work on one server.

All on one machine: it shows that the cut holds, not what more machines bring.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.postgres_cluster import Cluster
from tests.storage.shards import proven, shards
from tests.world import numbers


async def run(urls: list[str], people: int) -> tuple[dict[int, int], float, float]:
    with tempfile.TemporaryDirectory(prefix="liangming-shards-") as folder:
        async with shards(Path(folder), urls) as made:
            begin, cpu = time.perf_counter(), time.process_time()
            spread = await proven(made, numbers(people))
            return dict(spread), time.perf_counter() - begin, time.process_time() - cpu


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--servers", type=int, default=3)
    parser.add_argument("--people", type=int, default=3_000)
    chosen = parser.parse_args()
    clusters: list[Cluster] = []
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # leave nothing running either way
    try:
        for _ in range(chosen.servers):
            clusters.append(Cluster.start())  # noqa: PERF401  (removed if the next fails)
        for some in (clusters[:1], clusters):
            urls = [cluster.database() for cluster in some]
            spread, took, cpu = asyncio.run(run(urls, chosen.people))
            parts = ", ".join(f"{spread.get(n, 0):,}" for n in range(len(urls)))
            print(
                f"{len(urls)} servers: {sum(spread.values()):,} checks ({parts}), each in one place, with"
                f" their proof in {took:.1f} s, {cpu:.1f} s of this process's CPU"
            )
    except KeyboardInterrupt:
        print("\nstopped; nothing that was started is left running")
        sys.exit(130)
    finally:
        for cluster in clusters:
            cluster.remove()
    print(f"load of the machine at the end {', '.join(f'{n:.1f}' for n in os.getloadavg())}")


if __name__ == "__main__":
    main()
