"""Server, writer and database are killed at random while clients insist on their checks.

A client sends a check until it is acknowledged, under one key, whatever happens in between. In the
end every key has one check, whole, with the person it belongs to; the log has no gap; and each
answer that a client was given is given again.

``python bench/chaos.py --minutes 3`` does it for minutes, with a table; here seconds are the rule.
"""

from __future__ import annotations

import asyncio
import json
import os
import random  # noqa: TID251  (seeded: the moments can be had again)
import signal
import threading
import time
from collections.abc import Callable

import asyncpg
import pytest
from tests.chaos.insisting import Insisting
from tests.e2e.proof import prove
from tests.e2e.server import House, Server, client, ndjson, notice_of, whole
from tests.patience import PATIENCE
from tests.postgres_cluster import Cluster
from tests.world import numbers

SECONDS = float(os.environ.get("LIANGMING_CHAOS_SECONDS", "3"))
THREADS = 4
SEED = 8


Act = Callable[["Insisting", random.Random], None]


def chaos(
    house: House, acts: list[Act], many: int, *, seconds: float = SECONDS, seed: int = SEED
) -> Insisting:
    """Do the acts in turn, for so long and each at least once, then prove what is left."""
    chance = random.Random(seed)  # noqa: S311  (no secret)
    key = house.key()
    with house.start() as first, client(first, key) as http:
        notice = notice_of(http)
        first.stop()
    clients = Insisting(house, key, notice)
    clients.servers = {n: house.start() for n in range(many)}
    threads = [
        threading.Thread(target=clients.run, args=(chance.getrandbits(32),), daemon=True)
        for _ in range(THREADS)
    ]
    try:
        for thread in threads:
            thread.start()
        end = time.monotonic() + seconds
        turns = 0
        while time.monotonic() < end or turns < len(acts):
            clients.wait_for(chance.randrange(10, 25))
            acts[turns % len(acts)](clients, chance)
            turns += 1
        clients.wait_for(20)
        clients.over.set()
        for thread in threads:
            thread.join(PATIENCE)
        assert not any(thread.is_alive() for thread in threads)
        again(clients, chance)
        for http in clients.lines.__dict__.get("by_port", {}).values():
            http.close()
        for server in clients.servers.values():
            assert server.stop() == 0
            clients.said += incidents(server)
    finally:
        clients.over.set()
        for server in clients.servers.values():
            server.kill()
    asyncio.run(judged(clients))
    return clients


def again(clients: Insisting, chance: random.Random) -> None:
    """A repeated key gives the very same answer, by whichever server."""
    for name in chance.sample(sorted(clients.answers), min(60, len(clients.answers))):
        _, content, body = clients.answers[name]
        answer = clients.sent(name, body, chance)
        assert answer.headers.get("idempotency-replayed") == "true"
        assert (answer.status_code, answer.content) == (201, content)


def incidents(server: Server) -> list[str]:
    """Where it failed inside, if it did; such a line never holds what it failed on."""
    return [line for line in server.said().decode().splitlines() if "incident" in line]


async def judged(clients: Insisting) -> None:
    assert (clients.strange, clients.said) == ([], [])
    assert clients.tries["cut"] + clients.tries["503"] > 0, "the chaos must have been felt"
    assert len(clients.answers) > 20
    held = await prove(clients.house)
    acknowledged = {check for check, _, _ in clients.answers.values()}
    assert len(acknowledged) == len(clients.answers)  # one key, one check
    assert len(clients.batched) == len(set(clients.batched))
    assert acknowledged.isdisjoint(clients.batched)
    # Nothing lost, nothing twice, nothing by halves; a batch has no key, so a line whose answer was
    # cut off is there or not.
    beside = set(held.states) - acknowledged
    assert set(clients.batched) <= beside
    assert len(beside) - len(clients.batched) <= len(clients.unsure)
    assert set(held.states.values()) == {"passed"}
    assert held.counts["remembered"] == len(clients.answers)
    people = {json.loads(body)["evidence"]["number"] for _, _, body in clients.answers.values()}
    people |= clients.people
    assert len(people) <= held.counts["persons"] <= len(people | set(clients.unsure))


def kill_server(clients: Insisting, chance: random.Random) -> None:
    """With its writer, in the middle of whatever they do."""
    which = chance.randrange(len(clients.servers))
    clients.servers[which].kill()
    clients.said += incidents(clients.servers[which])
    clients.servers[which] = clients.house.start()


def kill_writer(clients: Insisting, chance: random.Random) -> None:
    """The process that writes, in the middle of a commit or not; its server goes on and starts another."""
    server = clients.servers[chance.randrange(len(clients.servers))]
    postgres = clients.house.database.startswith("postgres")
    writer = "committer_process" if postgres else "apart_process"
    os.kill(server.child(f"liangming.storage.{writer}"), signal.SIGKILL)


def stop_database(cluster: Cluster) -> Callable[[Insisting, random.Random], None]:
    def act(_: Insisting, chance: random.Random) -> None:
        cluster.down("immediate")  # as if the machine went away
        time.sleep(chance.uniform(0.0, 0.3))
        cluster.up()

    return act


def cut_connections(clients: Insisting, _: random.Random) -> None:
    async def cut() -> None:
        connection = await asyncpg.connect(clients.house.database)
        sql = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE application_name = 'liangming'"
        )
        await connection.execute(sql)
        await connection.close()

    asyncio.run(cut())


@pytest.mark.slow
def test_on_sqlite_every_acknowledged_check_is_there_once(on_sqlite: House) -> None:
    chaos(on_sqlite, [kill_writer, kill_server], many=1)


@pytest.mark.slow
@pytest.mark.postgres
def test_on_postgres_with_two_servers_every_acknowledged_check_is_there_once(
    on_postgres: House, cluster: Cluster
) -> None:
    acts = [kill_writer, kill_server, stop_database(cluster), cut_connections]
    chaos(on_postgres, acts, many=2)


@pytest.mark.slow
async def test_one_bad_line_among_thousands_fails_alone_and_order_is_kept(
    on_sqlite: House,
) -> None:
    key = on_sqlite.key()
    many = numbers(2_000)
    bad = many[1_234][:-1] + ("0" if many[1_234][-1] != "0" else "1")
    with on_sqlite.start() as server, client(server, key) as http:
        http.timeout = 60
        notice = notice_of(http)
        raw = [whole(notice, number) for number in many]
        raw[1_234] = whole(notice, bad)
        answer = http.post(
            "/v1/checks:batch",
            content=ndjson(raw),
            headers={"content-type": "application/x-ndjson"},
        )
        assert server.stop() == 0
    results = [json.loads(line) for line in answer.text.splitlines()]
    assert [result["line"] for result in results] == list(range(1, 2_001))
    assert [r["line"] for r in results if r["status"] != 201] == [1_235]
    held = await prove(on_sqlite)
    assert held.counts["checks"] == held.counts["persons"] == 1_999
