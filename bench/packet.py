"""What a receipt and an inspection cost, beside the bare hashing of the same leaves.

    python bench/packet.py [--checks 4000] [--census-only]

With ``--census-only`` leaves are not kept in this process, so that its memory is the census's own.

Each whole check leaves five leaves. Wall and CPU seconds; a busy machine shows in their difference.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import resource
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.world import card, numbers, world

from liangming.check import WholeCheck, whole_many
from liangming.check.integrate import Integrator
from liangming.check.log_key import log_key
from liangming.check.premises import Record
from liangming.check.receipt import encode_receipt, make_receipt, read_receipt, verify_receipt
from liangming.inspection import (
    Inspected,
    Mandate,
    Role,
    approved,
    commitment,
    make_packet,
    new_approver,
    new_secret,
    plan_packet,
    register,
    verify_packet,
)
from liangming.inspection.mandate import Listed
from liangming.law.words import Method
from liangming.ledger import FileTiles, Log, SqliteHeads, Trust
from liangming.ledger.merkle import root_of
from liangming.notice import compose
from liangming.storage import open_docket

ORIGIN = "log.example/bench"


class Timed:
    """Wall and CPU seconds of what happens inside."""

    def __enter__(self):
        self.wall, self.cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_):
        self.wall, self.cpu = time.perf_counter() - self.wall, time.process_time() - self.cpu


def say(what, timed, count, base):
    print(
        f"{what:34} {timed.wall:7.2f} s wall {timed.cpu:7.2f} s CPU"
        f"  {count / timed.cpu:9,.0f}/CPU-s   ÷ bare {timed.cpu / base:6.1f}"
    )


async def filled(house, count):
    scene = house.scenes["demo.counter"]
    notice = compose(scene).digest
    people = numbers(count)
    for begin in range(0, count, 500):
        made = await whole_many(
            house,
            [
                WholeCheck(
                    scene=scene.id, method=Method.DOCUMENT_SEEN, evidence=card(n), notice=notice
                )
                for n in people[begin : begin + 500]
            ],
        )
    return made[0].about.id


def most():
    """The most memory that this process held so far, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


async def bench(folder, count, census_only):
    async with world(folder) as made:
        key = log_key(made.premises.keys.signing, ORIGIN)
        trust, tiles = Trust(ORIGIN, (key.verifying,)), FileTiles(folder / "log")
        with closing(SqliteHeads(folder / "head.sqlite3")) as heads:
            log = Log(origin=ORIGIN, tiles=tiles, heads=heads, keys=[key])
            carrier = Integrator(made.premises.store, log, made.clock, tiles=tiles)
            house = replace(made.premises, record=Record(tiles, trust))
            check = await filled(house, count)
            people = [new_approver(f"person-{n}", Role.AUTHORITY) for n in range(2)]
            secret = new_secret()
            mandate = Mandate(
                authority="a", case="c", operator="demo", since_day=date(2026, 1, 1),
                until_day=date(2027, 12, 31), purpose="bench", basis=("courier.23",), sample=30,
                secret=commitment(secret),
                approvers=tuple(
                    Listed(p.person, p.role, p.key.verifying.encode()) for p in people
                ),
            )  # fmt: skip
            visit = Inspected(house, open_docket(house.store))
            await register(visit, mandate)
            while await carrier.round():
                pass
            if census_only:
                before = most()
                with Timed() as planning:
                    plan = await plan_packet(visit, mandate, secret)
                print(
                    f"{plan.end:,} leaves, {plan.in_scope:,} checks in scope: {planning.wall:.1f} s wall,"
                    f" {planning.cpu:.1f} s CPU, {plan.end / planning.cpu:,.0f} leaves a CPU-second;"
                    f" memory {before} MiB before, {most()} MiB at most"
                )
                return
            leaves = [leaf for _, leaf in await house.store.tail(-1, 10 * count)]
            with Timed() as bare:
                root_of(leaves)
            print(f"{count:,} checks, {len(leaves):,} leaves; bare hashing {bare.cpu:.3f} s CPU")
            with Timed() as planning:
                plan = await plan_packet(visit, mandate, secret)
            say("plan a packet", planning, len(leaves), bare.cpu)
            eyes = approved(mandate, plan, tuple(p.approve(plan.digest) for p in people))
            file = folder / "packet"
            with Timed() as making:
                await make_packet(visit, mandate, eyes, file)
            say("make it", making, len(leaves), bare.cpu)
            with Timed() as verifying:
                assert verify_packet(file, trust).holds
            say("verify it", verifying, len(leaves), bare.cpu)
            size = file.stat().st_size
            print(f"its size: {size:,} bytes, {size / len(leaves):.0f} a leaf")
            with Timed() as receipts:
                for _ in range(200):
                    receipt = await make_receipt(house, check)
            print(
                f"make a receipt: {receipts.cpu / 200 * 1e3:.2f} ms CPU, {receipts.wall / 200 * 1e3:.2f} ms wall"
            )
            data = encode_receipt(receipt)
            with Timed() as reading:
                for _ in range(200):
                    verify_receipt(read_receipt(data), trust)
            print(
                f"verify one: {reading.cpu / 200 * 1e3:.2f} ms CPU; {len(data):,} bytes, {hashlib.sha256(data).hexdigest()[:8]}"
            )
            print(
                f"largest memory of the whole run: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB"
            )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checks", type=int, default=4000)
    parser.add_argument("--census-only", action="store_true")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="liangming-bench-") as folder:
        asyncio.run(bench(Path(folder), wanted.checks, wanted.census_only))


if __name__ == "__main__":
    main()
