"""What keys, their limits and the log of calls add to one call, in CPU time, beside the digest alone.

python bench/access.py
"""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import msgspec

from liangming import access
from liangming.access.calls import Diary, Numbers
from liangming.access.secret import digest, fresh, key_of
from liangming.check.ports import Client
from liangming.clock import SystemClock, micros

ROUNDS = 100_000
TOKEN = b"t" * 32


def client(**more: Any) -> tuple[Client, bytes]:
    id_, secret = "cli_01jd9q00000000000000000000", fresh()
    made = Client(
        id=id_, operator="op", name="n", digest=digest(TOKEN, id_, secret.encode()),
        scopes=("checks:write",), created_at=0,
    )  # fmt: skip
    return msgspec.structs.replace(made, **more), b"Bearer " + key_of(id_, secret).encode()


async def recognising(row: Client, header: bytes) -> float:
    async def read(_: str) -> Client:
        return row

    store: Any = SimpleNamespace(client=read)
    clients = access.Clients(store, TOKEN, seconds=1.0)
    began = time.process_time_ns()
    for _ in range(ROUNDS):
        await clients.recognise(header)
    return (time.process_time_ns() - began) / ROUNDS


def timed(deed: Any) -> float:
    began = time.process_time_ns()
    for _ in range(ROUNDS):
        deed()
    return (time.process_time_ns() - began) / ROUNDS


def main() -> None:
    plain, header = client()
    far = micros(datetime(2100, 1, 1, tzinfo=UTC))
    termed, header_termed = client(expires_at=far)
    limited, _ = client(scenes=tuple(f"scene-{n}" for n in range(20)))
    base = timed(lambda: digest(TOKEN, plain.id, header[-64:]))
    numbers, diary = Numbers(), Diary(None, SystemClock())  # type: ignore[arg-type]
    number = numbers.next()
    rows = {
        "digest alone (baseline)": base,
        "recognise, no term": asyncio.run(recognising(plain, header)),
        "recognise, with a term": asyncio.run(recognising(termed, header_termed)),
        "reaches, no limit": timed(lambda: plain.reaches("scene-19", "o")),
        "reaches, 20 scenes": timed(lambda: limited.reaches("scene-19", "o")),
        "request id": timed(numbers.next),
        "line of a call": timed(
            lambda: diary.note(plain, "/v1/checks:whole", "POST", 201, "", 90, number)
        ),
    }
    for name, nanos in rows.items():
        print(f"{name:<26} {nanos / 1000:6.2f} µs CPU  {nanos / base:5.2f} x")


if __name__ == "__main__":
    main()
