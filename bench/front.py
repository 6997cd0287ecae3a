"""What a check of a batch costs the service's own process, in process: no sockets, no store, no other process.

    python bench/front.py [--batches 50] [--runs 7] [--leaves none|half|all] [--known]
    python bench/front.py --counted

From the bytes of a batch of 100 lines to the frame for the writer's process, and from that one's word to the lines of
the answer: reading, recognising, deciding, sealing, pouring, encoding, telling; every check is of a new person, or with ``--known`` of
one who comes again (whom a real store looks up besides). ``--leaves`` says how many checks' leaves this process cuts (in a busy service half of them). Prints the least CPU of the runs in µs
a check, which is what to compare in turn with another tree (``PYTHONPATH``).

``--counted`` runs itself under valgrind and prints the instructions a check: other work on the machine does not change
that. (Valgrind hides the processor's instructions for SHA and AES, so hashing counts for more there than it takes.)
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.world import World, numbers, world

from liangming.api import Settings, build_api
from liangming.api import whole as wholes
from liangming.api.call import Call
from liangming.check.ports import Change, Client, PersonRow
from liangming.errors import LiangmingError
from liangming.notice import compose
from liangming.storage import frames, runs
from liangming.storage.collector import calm

LINES = 100
COUNTED = "LIANGMING_BENCH_COUNTED"
TICK = timedelta(microseconds=1001)


class Sink:
    """A store that makes what would go down the pipe, and says that it is durable.

    Args:
        leaves: whose leaves are cut here: ``none``, ``half``, ``all``.
        known: whoever came once is registered.
    """

    def __init__(self, leaves: str, *, known: bool) -> None:
        self._leaves = leaves
        self._registers = known
        self._people: dict[bytes, PersonRow] = {}
        self.bytes = 0

    def perhaps(self, persons: Sequence[bytes]) -> Sequence[bytes]:
        return persons if self._people else []

    async def persons(self, keys: Sequence[bytes]) -> dict[bytes, PersonRow]:
        people = self._people
        return {key: people[key] for key in keys if key in people}

    async def commit_many(self, changes: Sequence[Change]) -> list[LiangmingError | None]:
        if self._registers:
            rows = [change.person for change in changes if change.person is not None]
            self._people.update({row.person: row for row in rows})
        if self._leaves != "none":
            changes = runs.share(changes)
        self.bytes += len(frames.changes([changes]))
        answer = frames.done([[None] * len(changes)])
        future: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(future.set_result, answer)
        ((_, body),) = frames.Frames().feed(await future)
        (told,) = frames.done_of(body)
        if isinstance(told, LiangmingError):
            raise told
        return told


def bodies(notice: str, many: int) -> list[bytes]:
    """Batches of new people."""
    people = numbers(many * LINES)
    lines = []
    for number in people:
        evidence = {
            "kind": "document", "document": "resident_card", "number": number,
            "name": "演示甲", "waybill_name": "演示甲", "expires": "长期",
        }  # fmt: skip
        whole = {
            "scene": "demo.counter", "notice": notice, "method": "document.seen",
            "evidence": evidence,
        }  # fmt: skip
        lines.append(json.dumps(whole, ensure_ascii=False).encode())
    return [b"\n".join(lines[n : n + LINES]) for n in range(0, len(lines), LINES)]


async def measured(
    made: World, batches: int, leaves: str, many: int, *, known: bool
) -> list[float]:
    """CPU of each run, µs a check."""
    premises = made.premises
    lobby = build_api(premises, Settings()).lobby
    lobby.premises = dataclasses.replace(
        premises, store=Sink(leaves, known=known), cuts=leaves != "all"
    )  # type: ignore[arg-type]
    call = Call("POST", (), None, body=b"")  # type: ignore[arg-type]
    call.client = Client(
        id="cli_bench", operator="demo", name="bench", digest=b"",
        scopes=("checks:write", "checks:read", "desk"), created_at=0,
    )  # fmt: skip
    notice = compose(premises.scenes["demo.counter"]).digest
    some = bodies(notice, 3 + batches)
    seen = []

    async def settled(raws: list[bytes]) -> None:
        for raw in raws:
            made.clock.move(TICK)
            for chunk in wholes.numbered_chunks(raw, LINES):
                told = await wholes._settled(lobby, call, chunk)
                if told.count(b'"status":201') != LINES:
                    raise RuntimeError(told[:400])

    await settled(some[:3])  # moulds are taken and proven, and the pattern rests
    if known:
        await settled(some)
        await settled(some[:3])
    calm()  # as a service does once it is ready
    for _ in range(many):
        counting(yes=True)
        began = time.process_time()
        await settled(some[3:])
        counting(yes=False)
        seen.append((time.process_time() - began) / batches / LINES * 1e6)
    return seen


async def run(batches: int, leaves: str, many: int, *, known: bool = False) -> list[float]:
    with tempfile.TemporaryDirectory() as name:
        async with world(Path(name)) as made:
            return await measured(made, batches, leaves, many, known=known)


def counting(yes: bool) -> None:  # noqa: FBT001
    """Tell valgrind, if this runs under it, to count from here on, or no longer."""
    if COUNTED in os.environ:
        word = "on" if yes else "off"
        subprocess.run(
            ["callgrind_control", "-i", word, str(os.getpid())],
            check=True,
            stdout=subprocess.DEVNULL,
        )


def counted(batches: int, leaves: str, file: str, *, known: bool) -> float:
    """Instructions a check."""
    command = [
        "valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={file}",
        sys.executable, __file__, "--batches", str(batches), "--runs", "1", "--leaves", leaves,
        *(["--known"] if known else []),
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONHASHSEED": "0", COUNTED: "yes"}
    done = subprocess.run(command, check=False, capture_output=True, env=environment, text=True)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if found is None:
        raise RuntimeError(done.stderr)
    return int(found.group(1)) / batches / LINES


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batches", type=int, default=50)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--leaves", choices=("none", "half", "all"), default="none")
    parser.add_argument("--counted", action="store_true", help="instructions, by valgrind")
    parser.add_argument("--file", default="/dev/null", help="where valgrind writes what it saw")
    parser.add_argument("--known", action="store_true", help="people who come again")
    asked = parser.parse_args()
    if asked.counted:
        many = counted(asked.batches, asked.leaves, asked.file, known=asked.known)
        print(f"{many:,.0f} instructions a check, leaves cut here: {asked.leaves}")
        return
    seen = asyncio.run(run(asked.batches, asked.leaves, asked.runs, known=asked.known))
    print(f"{min(seen):.2f} µs of CPU a check, leaves cut here: {asked.leaves}")


if __name__ == "__main__":
    main()
