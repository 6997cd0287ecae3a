"""A writer that is meant to be killed: opens checks, moves them, and says what was acknowledged.

Each line on stdout is the id of a check and the version that the store acknowledged.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import sys

import msgspec
from tests.storage.rows import bytes_of, check_row, leaf_row, note, opening, person_row

from liangming import ids
from liangming.errors import LiangmingError
from liangming.storage import open_store

LEAVES = 3


async def client(store, name: str) -> None:
    for n in itertools.count():
        id_ = ids.of_number(ids.CHECK, int.from_bytes(bytes_of(f"{name}-{n}", 16), "big"))
        person = person_row(f"{name}{n % 7}")
        first = opening(
            check=check_row(id_, person=person.person),
            leaves=LEAVES,
            person=person,
            remember=note(f"{name}-{n}"),
        )
        check = msgspec.structs.replace(first.check, version=2, state="passed")
        leaves = tuple(leaf_row(id_, LEAVES + k) for k in range(LEAVES))
        second = msgspec.structs.replace(
            first, check=check, leaves=leaves, person=None, remember=None
        )
        for change in (first, second):
            try:
                await store.commit(change)
            except LiangmingError:
                await asyncio.sleep(0.05)
                break
            # One write call of a short line: whole or absent, whenever the kill comes.
            os.write(1, f"{id_} {change.check.version}\n".encode())


async def main(url: str, name: str) -> None:
    store = open_store(url)
    await store.open()
    os.write(1, b"open\n")
    await asyncio.gather(*(client(store, f"{name}.{n}") for n in range(24)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2]))
