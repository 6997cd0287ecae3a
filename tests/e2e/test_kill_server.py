"""The server is killed without warning, again and again, while clients send checks.

What it acknowledged is there, whole and proven; what it did not acknowledge is there whole or not
at all; and a client that repeats itself after the crash gets one check, not two.
"""

from __future__ import annotations

import json
import random  # noqa: TID251  (seeded: the moments of the kills can be had again)
import threading
import time
from dataclasses import dataclass, field
from itertools import count

import httpx
import pytest
from tests.e2e.proof import prove
from tests.e2e.server import House, Server, client, ndjson, notice_of, whole
from tests.patience import PATIENCE
from tests.world import numbers

ROUNDS = 4
THREADS = 4
LINES = 5
FEW = 30  # answers after which the server may be killed
SEED = 20261124


@dataclass(frozen=True)
class Single:
    """One request as sent; sent again it is the same to the byte."""

    key: str
    body: bytes
    number: str

    @property
    def headers(self) -> dict[str, str]:
        return {"content-type": "application/json", "idempotency-key": self.key}


@dataclass
class Book:
    """What the clients sent and what they were told."""

    notice: str
    name: str = "killed"
    pool: list[str] = field(default_factory=lambda: numbers(60_000))
    turn: count[int] = field(default_factory=count)
    answered: dict[Single, tuple[str, bytes]] = field(default_factory=dict)
    doubtful: dict[str, Single] = field(default_factory=dict)
    doubts: int = 0
    in_batches: dict[str, str] = field(default_factory=dict)  # check id → number
    sent_in_batches: set[str] = field(default_factory=set)
    strange: list[str] = field(default_factory=list)

    def next_single(self) -> Single:
        """Each number comes twice, from two threads or one: a new sender, then a returning one."""
        turn = next(self.turn)
        number = self.pool[turn // 2]
        body = json.dumps(whole(self.notice, number), ensure_ascii=False).encode()
        return Single(f"{self.name}-{turn:08}", body, number)

    def next_batch(self) -> list[str]:
        turn = next(self.turn)
        return self.pool[30_000 + turn * LINES : 30_000 + (turn + 1) * LINES]

    def send(self, http: httpx.Client, single: Single) -> None:
        self.doubtful[single.key] = single
        answer = http.post("/v1/checks:whole", content=single.body, headers=single.headers)
        if answer.status_code != 201:
            self.strange.append(f"{answer.status_code} {answer.text}")
            return
        self.answered[single] = (answer.json()["id"], answer.content)
        del self.doubtful[single.key]

    def send_batch(self, http: httpx.Client, batch: list[str]) -> None:
        self.sent_in_batches.update(batch)
        content = ndjson([whole(self.notice, number) for number in batch])
        with http.stream(
            "POST",
            "/v1/checks:batch",
            content=content,
            headers={"content-type": "application/x-ndjson"},
        ) as answer:
            for line in answer.iter_lines():
                told = json.loads(line)
                if told["status"] != 201:
                    self.strange.append(line)
                    continue
                self.in_batches[told["check"]["id"]] = batch[told["line"] - 1]


def busy(server: Server, key: str, book: Book, seed: int) -> None:
    """One client that sends until the server is gone."""
    chance = random.Random(seed)  # noqa: S311  (no secret)
    try:
        with client(server, key) as http:
            while True:
                if chance.random() < 0.15:
                    book.send_batch(http, book.next_batch())
                else:
                    book.send(http, book.next_single())
    except (httpx.TransportError, json.JSONDecodeError):
        return  # killed in the middle of an answer


def load_and_kill(house: House, key: str, book: Book, chance: random.Random) -> None:
    """One round: the requests in doubt are repeated first, then load, then the kill."""
    with house.start() as server:
        repeat_what_is_in_doubt(server, key, book)
        threads = [
            threading.Thread(target=busy, args=(server, key, book, chance.getrandbits(32)))
            for _ in range(THREADS)
        ]
        for thread in threads:
            thread.start()
        known = len(book.answered)
        patience = time.monotonic() + PATIENCE
        while len(book.answered) < known + FEW and time.monotonic() < patience:
            time.sleep(0.01)  # on a busy machine they may come after the kill's time
        answering = len(book.answered) >= known + FEW
        time.sleep(chance.uniform(0.0, 1.0))
        server.kill()
        for thread in threads:
            thread.join(PATIENCE)
    assert answering, "the server must have been killed while it was answering"


def repeat_what_is_in_doubt(server: Server, key: str, book: Book) -> None:
    with client(server, key) as http:
        doubtful, book.doubtful = book.doubtful, {}
        book.doubts += len(doubtful)
        for single in doubtful.values():
            book.send(http, single)


def repeat_what_was_answered(server: Server, key: str, book: Book, chance: random.Random) -> None:
    """A repeated key gives the very same answer."""
    some = chance.sample(sorted(book.answered, key=lambda s: s.key), min(150, len(book.answered)))
    with client(server, key) as http:
        for single in some:
            again = http.post("/v1/checks:whole", content=single.body, headers=single.headers)
            assert again.headers.get("idempotency-replayed") == "true"
            assert (again.status_code, again.content) == (201, book.answered[single][1])


@pytest.mark.slow
async def test_a_server_killed_at_random_keeps_every_check_it_acknowledged_and_none_by_halves(
    house: House,
) -> None:
    chance = random.Random(SEED)  # noqa: S311  (no secret)
    key = house.key()
    with house.start() as server, client(server, key) as http:
        book = Book(notice_of(http))
        undisturbed = Book(book.notice, "undisturbed", numbers(60_001)[60_000:] * 2)
        for _ in range(2):
            undisturbed.send(http, undisturbed.next_single())
            assert undisturbed.strange == []
        assert server.stop() == 0
    new, returning = (check for check, _ in undisturbed.answered.values())

    for _ in range(ROUNDS):
        load_and_kill(house, key, book, chance)
    with house.start() as server:
        repeat_what_is_in_doubt(server, key, book)
        repeat_what_was_answered(server, key, book, chance)
        assert server.stop() == 0

    assert book.strange == []
    assert book.doubtful == {}
    assert book.doubts > 0
    assert len(book.answered) >= ROUNDS * FEW
    assert book.in_batches
    held = await prove(house)
    singles = {check: single for single, (check, _) in book.answered.items()}
    acknowledged = {check: s.number for check, s in singles.items()} | book.in_batches

    # Every acknowledged check is there, passed, with every event of an undisturbed one, in order.
    whole_events = {held.events[new], held.events[returning]}
    assert {held.states.get(check) for check in acknowledged} == {"passed"}
    assert {events for check, events in held.events.items()} <= whole_events
    assert set(held.states.values()) == {"passed"}

    # One key, one check: each number has as many checks as keys were sent for it.
    assert len(singles) == len(book.answered)
    assert held.counts["remembered"] == len(book.answered) + len(undisturbed.answered)
    keys_of: dict[bytes | None, int] = {}
    for check in singles:
        person = held.persons[check]
        keys_of[person] = keys_of.get(person, 0) + 1
    assert dict(held.checks_of(singles)) == keys_of
    unexplained = set(held.states) - set(acknowledged) - {new, returning}
    assert len(unexplained) <= len(book.sent_in_batches) - len(book.in_batches)

    # One number, one person: none twice, none missing.
    pairs = {(number, held.persons[check]) for check, number in acknowledged.items()}
    people = set(acknowledged.values())
    assert len(pairs) == len(people) == len({person for _, person in pairs})
    assert len(people) + 1 <= held.counts["persons"]
    sent = {single.number for single in book.answered} | book.sent_in_batches
    assert held.counts["persons"] <= len(sent) + 1
