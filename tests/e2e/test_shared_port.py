"""Two services, one PostgreSQL, one port: both are asked, and one may stop while the other goes on."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from tests.e2e.server import House, Server, client, notice_of, whole
from tests.postgres_cluster import Cluster
from tests.world import numbers

from liangming.cli.serve import listen
from liangming.errors import Misuse


def on(house: House, port: int) -> Server:
    server = Server.begin(house, "--port", str(port), "--shared")
    server.wait_until_ready()
    return server


def sent(server: Server, key: str, notice: str, number: str) -> int:
    """A check over a connection of its own."""
    with client(server, key) as http:
        return http.post("/v1/checks:whole", json=whole(notice, number)).status_code


@pytest.mark.postgres
def test_two_services_share_a_port_and_the_one_that_stays_takes_everything(
    tmp_path: Path, postgres_cluster: Cluster
) -> None:
    house = House(tmp_path, database=postgres_cluster.database())
    key, people = house.key(), numbers(33)
    first = on(house, 0)
    second = on(house, first.port)
    with first, second:
        with client(first, key) as http:
            notice = notice_of(http)
        statuses = [sent(first, key, notice, number) for number in people[:32]]
        assert first.stop() == 0
        statuses.append(sent(second, key, notice, people[32]))
        assert second.stop() == 0
        with pytest.raises(httpx.ConnectError):
            sent(second, key, notice, people[32])
    assert statuses == [201] * 33
    taken = [server.said().count(b"POST /v1/checks:whole 201") for server in (first, second)]
    assert sum(taken) == 33
    assert min(taken) > 0  # 2^-31 that the kernel deals them all to one
    postgres_cluster.drop(house.database)


def test_a_port_is_shared_only_with_who_says_so() -> None:
    with listen("127.0.0.1", 0, shared=True) as one:
        port = one.getsockname()[1]
        with listen("127.0.0.1", port, shared=True) as two:
            assert two.getsockname() == one.getsockname()
        with pytest.raises(Misuse) as refused:
            listen("127.0.0.1", port)
    assert refused.value.code.name == "cli.port-in-use"
    with listen("127.0.0.1", 0) as alone:
        port = alone.getsockname()[1]
        with pytest.raises(Misuse) as refused:
            listen("127.0.0.1", port, shared=True)
    assert refused.value.code.name == "cli.port-in-use"
