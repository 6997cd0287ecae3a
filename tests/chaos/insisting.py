"""Clients that insist on each check under its key until it is acknowledged, whatever is killed."""

from __future__ import annotations

import json
import random  # noqa: TID251  (seeded: the moments can be had again)
import socket
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import IO, Any

import httpx
from tests.e2e.server import House, Server, client, ndjson, whole
from tests.patience import PATIENCE
from tests.world import numbers

LATER = {429, 503}  # told to come again
BURST, LINES = 8, 20
NDJSON = {"content-type": "application/x-ndjson"}


@dataclass
class Insisting:
    """Clients that repeat a check under its key until it is acknowledged."""

    house: House
    key: str
    notice: str
    servers: dict[int, Server] = field(default_factory=dict)
    pool: list[str] = field(default_factory=lambda: numbers(40_000))
    turn: count[int] = field(default_factory=count)
    answers: dict[str, tuple[str, bytes, bytes]] = field(default_factory=dict)
    tries: Counter[str] = field(default_factory=Counter)
    strange: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)
    joined: int = 0  # acknowledged in bursts
    batched: list[str] = field(default_factory=list)  # checks acknowledged in batches
    people: set[str] = field(default_factory=set)  # whose
    unsure: list[str] = field(
        default_factory=list
    )  # lines of batches that had no answer, or "later"
    lines: threading.local = field(default_factory=threading.local)

    def next(self) -> tuple[str, bytes]:
        """A key and a check of its own; each number comes twice: a new sender, then a returning one."""
        turn = next(self.turn)
        body = json.dumps(
            whole(self.notice, self.pool[turn // 2 % len(self.pool)]), ensure_ascii=False
        ).encode()
        return f"chaos-{turn:08}", body

    def one(self, name: str, body: bytes, chance: random.Random) -> None:
        """Until it is acknowledged."""
        while True:
            try:
                answer = self.sent(name, body, chance)
            except (httpx.TransportError, KeyError):
                self.tries["cut"] += 1
                time.sleep(0.05)
                continue
            if answer.status_code == 201:
                self.answers[name] = (answer.json()["id"], answer.content, body)
                return
            self.tries[str(answer.status_code)] += 1
            running = answer.status_code == 409 and b"idempotency-key-running" in answer.content
            if answer.status_code not in LATER and not running:
                self.strange.append(answer.text)
                return
            assert "retry-after" in answer.headers
            time.sleep(0.05)

    def burst(self, many: list[tuple[str, bytes]], chance: random.Random) -> None:
        """Many at once down one line, so that one turn of the server's loop takes them together.

        What the line's end cut off is insisted on one by one.
        """
        server = self.servers[chance.randrange(len(self.servers))]
        left = list(many)
        try:
            with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
                line.sendall(b"".join(self._call(name, body) for name, body in many))
                with line.makefile("rb") as answers:
                    while left and (told := _answer(answers)) is not None:
                        status, content = told
                        if status == 201:
                            name, body = left[0]
                            self.answers[name] = (json.loads(content)["id"], content, body)
                            self.joined += 1
                        elif status in LATER or b"idempotency-key-running" in content:
                            self.tries[str(status)] += 1
                            break
                        else:
                            self.strange.append(content.decode())
                        del left[0]
        except OSError:
            self.tries["cut"] += 1
        for name, body in left:
            self.one(name, body, chance)

    def _call(self, name: str, body: bytes) -> bytes:
        lines = [
            "POST /v1/checks:whole HTTP/1.1",
            "host: 127.0.0.1",
            f"authorization: Bearer {self.key}",
            "content-type: application/json",
            f"idempotency-key: {name}",
            f"content-length: {len(body)}",
        ]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def batch(self, chance: random.Random) -> None:
        """New people in one batch, which has no key: what was not answered is not sent again."""
        server = self.servers[chance.randrange(len(self.servers))]
        turns = [next(self.turn) for _ in range(LINES)]
        numbers = [self.pool[-1 - turn % len(self.pool)] for turn in turns]
        raw = ndjson([whole(self.notice, number) for number in numbers])
        told: set[int] = set()
        try:
            with (
                client(server, self.key) as http,
                http.stream("POST", "/v1/checks:batch", content=raw, headers=NDJSON) as answer,
            ):
                for line in answer.iter_lines():
                    self._line(json.loads(line), numbers, told)
        except (httpx.TransportError, json.JSONDecodeError):
            self.tries["cut"] += 1
        self.unsure += [number for n, number in enumerate(numbers) if n not in told]

    def _line(self, result: dict[str, Any], numbers: list[str], told: set[int]) -> None:
        if "line" not in result:  # a refusal of the whole batch
            self.tries[str(result["status"])] += 1
        elif result["status"] == 201:
            self.batched.append(result["check"]["id"])
            self.people.add(numbers[result["line"] - 1])
            told.add(result["line"] - 1)
        elif result["status"] in LATER:
            self.tries[str(result["status"])] += 1
        else:
            self.strange.append(json.dumps(result))

    def sent(self, name: str, body: bytes, chance: random.Random) -> httpx.Response:
        server = self.servers[chance.randrange(len(self.servers))]
        headers = {"content-type": "application/json", "idempotency-key": name}
        mine = self.lines.__dict__.setdefault("by_port", {})
        http = mine.get(server.port)
        if http is None:
            http = mine[server.port] = client(server, self.key)
        try:
            return http.post("/v1/checks:whole", content=body, headers=headers)
        except httpx.TransportError:
            mine.pop(server.port).close()
            raise

    def run(self, seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311  (no secret)
        while not self.over.is_set():
            kind = chance.randrange(12)
            if kind == 0:
                self.burst([self.next() for _ in range(BURST)], chance)
            elif kind == 1:
                self.batch(chance)
            else:
                self.one(*self.next(), chance)
        for http in self.lines.__dict__.get("by_port", {}).values():
            http.close()

    def wait_for(self, more: int) -> None:
        """Until so many more are acknowledged: the service is back, and under load."""
        wanted = len(self.answers) + more
        end = time.monotonic() + PATIENCE
        while len(self.answers) < wanted:
            assert time.monotonic() < end, f"it does not come back: {self.tries}"
            time.sleep(0.02)


def _answer(answers: IO[bytes]) -> tuple[int, bytes] | None:
    """One answer with its body; None where the line ended."""
    first, length = answers.readline(), 0
    while (line := answers.readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    content = answers.read(length)
    if not first or len(content) < length:
        return None
    return int(first.split()[1]), content
