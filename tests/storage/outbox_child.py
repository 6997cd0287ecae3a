"""A process that is meant to be killed: concludes checks, and makes deliveries of what it concluded.

Each line on stdout is the id of a check whose outcome the store acknowledged.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys
from types import SimpleNamespace
from typing import Any

import msgspec
from tests.storage.rows import check_row, leaf_row, opening

from liangming.clock import SystemClock
from liangming.docket import Record
from liangming.storage import open_docket, open_outbox, open_store
from liangming.webhook import Hook, Name, pump
from liangming.webhook.hooks import KIND

HOOK = "whk_00000000000000000000000000"
HOUSE: Any = SimpleNamespace(
    clock=SystemClock(), keys=SimpleNamespace(token=b"t" * 32), simulated=False
)


def subscription() -> Record:
    """An active subscription to outcomes, as it rests in the docket."""
    hook = Hook(url="https://receiver.example.cn/", events=(Name.CONCLUDED,), by="-")
    return Record(
        id=HOOK, kind=KIND, operator="op", about="op", state="active", version=1, opened_at=0,
        changed_at=0, due_at=None, keep_until=None, leaf_key=b"", body=msgspec.json.encode(hook),
    )  # fmt: skip


async def conclude(store, name: str) -> None:
    for n in itertools.count():
        id_ = f"chk_{name}-{n}"
        change = opening(check=check_row(id_, state="passed"), leaves=2)
        told = leaf_row(id_, 2, tag="check:outcome:passed")
        await store.commit(msgspec.structs.replace(change, leaves=(*change.leaves, told)))
        os.write(1, f"{id_}\n".encode())  # one write of a short line: whole or absent


async def deliver(store) -> None:
    while True:
        await pump(HOUSE, open_docket(store), open_outbox(store))
        await asyncio.sleep(0)


async def main(url: str, name: str) -> None:
    store = open_store(url)
    await store.open()
    os.write(1, b"open\n")
    clients = (conclude(store, f"{name}.{n}") for n in range(8))
    await asyncio.gather(deliver(store), *clients)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
