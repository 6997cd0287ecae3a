"""The log in a bucket of a real S3 server on loopback, and everything that such a server does wrong."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection

import pytest
from tests.ledger import world
from tests.patience import PATIENCE, free_port

from liangming.errors import LiangmingError, Misuse, Outage, Refusal
from liangming.ledger import s3
from liangming.ledger.head import Head
from liangming.ledger.merkle import root_of
from liangming.ledger.ports import Absent, Held
from liangming.ledger.prove import Prover
from liangming.ledger.tiles import CHECKPOINT
from liangming.ledger.verify import compare, fsck

SIGNED = {"AWS_ACCESS_KEY_ID": "log", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}
_bucket = iter(range(1000))


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SIGNED.items():
        monkeypatch.setenv(name, value)


@contextmanager
def running(more: dict[str, str]) -> Iterator[str]:
    """A server process; its address."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **more},
    ) as process:
        try:
            for line in process.stdout:
                if "Running on" in line:
                    break
            threading.Thread(target=process.stdout.read, daemon=True).start()
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running({}) as endpoint:
        yield endpoint


def made(server: str) -> str:
    name = f"bucket-{next(_bucket)}"
    connection = HTTPConnection(server.removeprefix("http://"))
    connection.request("PUT", f"/{name}")
    assert connection.getresponse().status == 200
    connection.close()
    return name


def address(endpoint: str, bucket: str) -> str:
    return f"s3://{bucket}/a/log?endpoint={endpoint}&region=us-east-1"


@pytest.fixture
def bucket(server: str):
    return s3.open_bucket(address(server, made(server)))


@pytest.fixture
def tiles(bucket) -> Iterator[object]:
    tiles = s3.S3Tiles(bucket)
    yield tiles
    tiles.close()


class Between:
    """Stands before the server and spoils one request: cuts it off, or its answer."""

    def __init__(self, server: str) -> None:
        self._to = ("127.0.0.1", int(server.rpartition(":")[2]))
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.spoil = ""  # "request": it never arrives; "answer": it arrives, and nothing comes back
        self.only = b""  # of writes to paths with this in them
        self.spoiled = 0
        self.open = True
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while self.open:
            with suppress(OSError):
                client, _ = self._listening.accept()
                threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            client.settimeout(20)
            data = b""
            while b"\r\n\r\n" not in data:
                data += client.recv(65536) or b"\r\n\r\n"
            head, _, body = data.partition(b"\r\n\r\n")
            wanted = 0
            for line in head.lower().split(b"\r\n"):
                if line.startswith(b"content-length:"):
                    wanted = int(line.split(b":")[1])
            while len(body) < wanted:
                body += client.recv(65536)
            first = head.partition(b"\r\n")[0]
            put = first.startswith((b"PUT", b"POST", b"DELETE")) and self.only in first + body
            if put and self.spoil == "request":
                self.spoiled += 1
                return
            lines = [x for x in head.split(b"\r\n") if not x.lower().startswith(b"connection:")]
            with socket.create_connection(self._to, timeout=PATIENCE) as server:
                server.sendall(b"\r\n".join([*lines, b"Connection: close"]) + b"\r\n\r\n" + body)
                answer = b""
                while part := server.recv(65536):
                    answer += part
            if put and self.spoil == "answer":
                self.spoiled += 1
                return
            client.sendall(answer.replace(b"Connection: keep-alive", b"Connection: close"))

    def close(self) -> None:
        self.open = False
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(timeout=PATIENCE)


@pytest.fixture
def between(server: str) -> Iterator[Between]:
    middle = Between(server)
    yield middle
    middle.close()


def code(call, *args) -> str:
    with pytest.raises(LiangmingError) as caught:
        call(*args)
    return caught.value.code.name


def test_the_port_is_kept_as_on_disk(tiles) -> None:
    with pytest.raises(Absent):
        tiles.get("tile/0/000")
    tiles.put("tile/0/000.p/3", b"abc")
    tiles.put("tile/0/000.p/3", b"abc")
    with pytest.raises(Refusal) as caught:
        tiles.put("tile/0/000.p/3", b"abd")
    assert caught.value.code.name == "ledger.tile-conflict"
    assert tiles.get("tile/0/000.p/3") == b"abc"
    tiles.keep("stage/1", b"s")
    tiles.put_all([("tile/0/000.p/4", b"abcd"), ("tile/0/000", b"full"), ("tile/1/x001/000", b"")])
    assert tiles.names("tile/0/000.p") == ["tile/0/000.p/3", "tile/0/000.p/4"]
    assert tiles.names("stage") == ["stage/1"]
    assert tiles.names("nothing") == []
    tiles.sync(["stage/1", "absent"])
    tiles.drop("tile/0/000.p")
    assert tiles.names("tile/0/000.p") == []
    assert tiles.get("tile/0/000") == b"full"
    tiles.drop("stage/1")
    tiles.drop("stage/1")
    tiles.replace(CHECKPOINT, b"one")
    tiles.replace(CHECKPOINT, b"two")
    assert tiles.get(CHECKPOINT) == b"two"


def test_a_log_in_a_bucket_grows_recovers_proves_and_verifies(bucket, tiles) -> None:
    heads = s3.S3Heads(bucket)
    log = world.log(tiles, heads, sweep_after=2)
    size = 0
    for count in (1, 255, 300, 77):
        log.append(world.leaves(size, size + count), world.at(size))
        size += count
    again = world.log(tiles, heads)
    again.recover(world.at(size))
    assert again.head == log.head
    assert fsck(tiles, world.TRUST).head == log.head
    assert len(Prover(tiles, log.head).inclusion(5)) > 0
    assert tiles.names("stage") == []


def test_of_two_writers_on_one_bucket_one_wins_each_time_and_nothing_forks(bucket, tiles) -> None:
    logs = [world.log(tiles, s3.S3Heads(bucket)) for _ in range(2)]
    for log in logs:
        log.recover(world.at())
    size = 0
    for turn in range(6):
        mine, theirs = logs[turn % 2], logs[1 - turn % 2]
        mine.append(world.leaves(size, size + 40), world.at(turn))
        with pytest.raises(Misuse) as caught:
            theirs.append(world.leaves(900, 940), world.at(turn))
        assert caught.value.code.name == "ledger.head-moved"
        size += 40
        theirs.recover(world.at(turn))
        assert theirs.head == mine.head
    assert fsck(tiles, world.TRUST).head.size == size


def test_the_lock_row_is_swapped_only_where_it_stands(bucket) -> None:
    heads = s3.S3Heads(bucket)
    first, second, third = (Held(bytes([n]) * 5, n) for n in (1, 2, 3))
    assert heads.load("o") is None
    assert heads.swap("o", second, first) is False
    assert heads.swap("o", None, first) is True
    assert heads.swap("o", None, second) is False
    assert heads.swap("o", second, third) is False
    assert heads.swap("o", first, second) is True
    assert s3.S3Heads(bucket).load("o") == second
    assert heads.load("another") is None


@pytest.mark.parametrize("how", ["request", "answer"])
def test_a_cut_connection_leaves_the_log_whole(server: str, between: Between, how: str) -> None:
    """Failed and not written; failed, but written."""
    name = made(server)
    bucket = s3.open_bucket(address(between.address, name))
    tiles, heads = s3.S3Tiles(bucket), s3.S3Heads(bucket)
    log = world.log(tiles, heads)
    log.append(world.leaves(0, 10), world.at())
    between.spoil = how
    with pytest.raises((Outage, Misuse)) as caught:
        log.append(world.leaves(10, 20), world.at(1))
    assert caught.value.code.name in {"ledger.store-failed", "ledger.head-moved"}
    assert between.spoiled > 0
    between.spoil = ""
    log.recover(world.at(2))
    assert log.head.size in {10, 20}
    log.append(world.leaves(log.head.size, 30), world.at(3))
    assert fsck(tiles, world.TRUST).head.size == 30
    tiles.close()


WRITES = {
    "the stage": b"/stage/",
    "the lock row": b"/lock/",
    "an entry bundle": b"/tile/entries/",
    "a hash tile": b"/tile/0/",
    "an earlier head": b"/heads/",
    "the published head": b"/checkpoint",
    "dropping a stage": b"<Key>a/log/stage/",
}


@pytest.mark.parametrize("how", ["request", "answer"])
@pytest.mark.parametrize("which", WRITES)
def test_every_kind_of_write_may_fail_in_both_ways_and_nothing_acknowledged_is_lost(
    server: str, between: Between, which: str, how: str
) -> None:
    """One write after another, each not written and said so, and written but not told."""
    bucket = s3.open_bucket(address(between.address, made(server)))
    tiles, heads = s3.S3Tiles(bucket), s3.S3Heads(bucket)
    log = world.log(tiles, heads, sweep_after=1)
    log.append(world.leaves(0, 10), world.at())
    acknowledged = 10
    between.only, between.spoil = WRITES[which], how
    try:
        log.append(world.leaves(10, 300), world.at(1))
        acknowledged = 300
    except (Outage, Misuse) as failure:
        assert failure.code.name in {"ledger.store-failed", "ledger.head-moved"}  # noqa: PT017
    assert between.spoiled > 0
    between.spoil = ""
    again = world.log(tiles, heads, sweep_after=1)
    again.recover(world.at(2))
    size = again.head.size
    assert size in {acknowledged, 300}
    assert again.head.root == root_of(world.leaves(0, size))
    again.append(world.leaves(size, 310), world.at(3), expected_size=size)
    assert fsck(tiles, world.TRUST).head.size == 310
    world.log(tiles, heads).recover(world.at(4))  # drops a stage that led nowhere
    assert tiles.names("stage") == []
    tiles.close()


CHILD = """
import sys
from tests.ledger import world
from tests.patience import free_port
from liangming.clock import SystemClock
from liangming.ledger import s3
bucket = s3.open_bucket(sys.argv[1])
log = world.log(s3.S3Tiles(bucket), s3.S3Heads(bucket), sweep_after=3)
clock = SystemClock()
log.recover(clock.now())
while True:
    size = log.head.size
    log.append(world.leaves(size, size + 1 + size % 97), clock.now(), expected_size=size)
    print(log.head.size, flush=True)
"""


def test_a_writer_killed_again_and_again_over_a_bucket_loses_and_forks_nothing(server: str) -> None:
    """kill -9 in mid-load; the kill falls at another point of a batch each time."""
    where = address(server, made(server))
    bucket = s3.open_bucket(where)
    tiles, acknowledged, heads = s3.S3Tiles(bucket), 0, [Head(0, root_of([]))]
    for lap in range(3):
        with subprocess.Popen(
            [sys.executable, "-c", CHILD, where],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        ) as child:
            told = [int(child.stdout.readline()) for _ in range(3)]
            threading.Event().wait(0.013 * lap)  # where in the next batches the kill falls
            child.kill()
            told += [int(line) for line in child.stdout.read().split("\n")[:-1]]
        acknowledged = max(acknowledged, *told)
        log = world.log(tiles, s3.S3Heads(bucket))
        log.recover(world.at(10**8))
        assert log.head.size >= acknowledged
        head = fsck(tiles, world.TRUST).head
        assert head == Head(log.head.size, root_of(world.leaves(0, log.head.size)))
        for earlier in heads:
            compare(tiles, earlier, head)
        heads.append(head)
    assert acknowledged > 50
    tiles.close()


def test_a_swap_whose_answer_was_lost_is_found_to_have_happened(
    server: str, between: Between
) -> None:
    heads = s3.S3Heads(s3.open_bucket(address(between.address, made(server))))
    first, second = Held(b"1", 1), Held(b"2", 2)
    assert heads.swap("o", None, first) is True
    between.spoil = "answer"
    assert code(heads.swap, "o", first, second) == "ledger.store-failed"
    between.spoil = ""
    assert heads.load("o") == second


def test_a_bucket_that_is_missing_and_a_server_that_is_down_have_their_codes(server: str) -> None:
    missing = s3.S3Tiles(s3.open_bucket(address(server, "not-made")))
    for call in (
        lambda: missing.get("x"),
        lambda: missing.put("x", b""),
        lambda: missing.names("stage"),
        lambda: missing.replace(CHECKPOINT, b""),
    ):
        assert code(call) == "ledger.bucket-missing"
    missing.close()
    port = free_port()
    down = s3.S3Tiles(s3.open_bucket(address(f"http://127.0.0.1:{port}", "b")))
    assert code(down.get, "x") == "ledger.store-failed"
    down.close()


@pytest.fixture(scope="module")
def strict() -> Iterator[str]:
    """A server that asks for credentials which nobody has."""
    with running({"INITIAL_NO_AUTH_ACTION_COUNT": "1"}) as endpoint:
        yield endpoint


def test_refused_credentials_have_their_code(strict: str) -> None:
    refused = s3.S3Tiles(s3.open_bucket(address(strict, made(strict))))
    for call in (
        lambda: refused.get("x"),
        lambda: refused.put("x", b""),
        lambda: refused.names("stage"),
    ):
        assert code(call) == "ledger.store-refused"
    refused.close()


@pytest.mark.parametrize(
    "unfit",
    ["", "s3://", "http://b/x", "s3://b/x?endpoint", "s3://b?secret=x", "s3://u:p@b", "s3://b#f"],
)
def test_an_address_that_does_not_fit_is_refused(unfit: str) -> None:
    assert code(s3.open_bucket, unfit) == "ledger.bucket-address"
