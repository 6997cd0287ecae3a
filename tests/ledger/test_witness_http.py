"""A witness as a process, asked over HTTP; and what is believed of one that errs, lies or dawdles."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.ledger import world
from tests.patience import PATIENCE, free_port

from liangming.errors import LiangmingError, Misuse
from liangming.ledger.checkpoint import open_checkpoint, sign_head
from liangming.ledger.circle import Circle
from liangming.ledger.head import Head
from liangming.ledger.keys import KeyKind, VerifyingKey, read_verifying_key
from liangming.ledger.merkle import root_of
from liangming.ledger.note import read_note
from liangming.ledger.policy import Group
from liangming.ledger.post import HttpPost
from liangming.ledger.prove import Prover
from liangming.ledger.tiles import CHECKPOINT
from liangming.ledger.witness import RemoteWitness, Request

NAME = "witness.example/w"


@contextmanager
def running(folder: Path, *, name: str = NAME) -> Iterator[tuple[str, list[VerifyingKey], int]]:
    """``liangming ledger witness``: its address, its keys, its process id."""
    command = [
        sys.executable,
        "-m",
        "liangming",
        "ledger",
        "witness",
        "--name",
        name,
        "--port",
        "0",
    ]
    command += ["--log", world.KEY.verifying.encode(), "--data", str(folder)]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1", "HOME": str(folder)}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            lines = [process.stdout.readline().split() for _ in range(2)]
            assert [line[:2] for line in lines] == [["witness", f"{name}#{n}"] for n in (1, 2)]
            for line in process.stderr:  # until it says that it listens
                if "http://" in line:
                    break
            yield lines[0][3], [read_verifying_key(line[2]) for line in lines], process.pid
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE)


def refused(folder: Path) -> tuple[int, str]:
    """Status and words of a witness that does not start."""
    command = [sys.executable, "-m", "liangming", "ledger", "witness", "--name", NAME]
    command += ["--log", world.KEY.verifying.encode(), "--data", str(folder), "--port", "0"]
    environment = {"PATH": "/usr/bin:/bin", "PYTHONUTF8": "1", "HOME": str(folder)}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=PATIENCE
    )
    return done.returncode, done.stderr


def small_log(keys: list[VerifyingKey]):
    """A log in memory whose page needs one of these cosigners."""
    trust = replace(world.TRUST, cosigners=tuple(keys), rule=Group(1, tuple(keys)))
    tiles, heads = world.MemoryTiles(), world.MemoryHeads()
    log = world.log(tiles, heads, trust=trust)
    log.recover(world.at())
    return log, tiles, trust


def test_a_witness_process_cosigns_remembers_over_a_kill_and_never_goes_back(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "witness"
    with running(folder) as (address, keys, process):
        assert [key.kind for key in keys] == [KeyKind.COSIGNER_ED25519, KeyKind.COSIGNER_ML_DSA_44]
        log, tiles, trust = small_log(keys)
        post = HttpPost(address)
        circle = Circle(log, tiles, {"w": RemoteWitness(keys, post)}, patience=20)
        for size in (0, 300):
            log.append(world.leaves(size, size + 300), world.at(size))
            assert circle.round(world.at(size)) == 1
            shown = open_checkpoint(tiles.get(CHECKPOINT), trust)
            assert (shown.head, set(shown.cosigned_at)) == (log.head, {NAME})
            assert len(read_note(shown.note).signatures) == 3
        circle.close()
        post.close()
        os.kill(process, signal.SIGKILL)
    with running(folder) as (address, again, _):
        assert again == keys
        post = HttpPost(address)
        _, signed = log.signed
        back = sign_head(world.ORIGIN, Head(300, root_of(world.leaves(0, 300))), [world.KEY], 0)
        fork = sign_head(world.ORIGIN, Head(600, root_of(world.leaves(1, 601))), [world.KEY], 0)
        assert post(Request(0, (), back).encode()) == (409, b"600\n")
        assert post(Request(600, (), fork).encode()) == (409, b"600\n")
        log.append(world.leaves(600, 700), world.at(900))
        head, signed = log.signed
        proof = tuple(Prover(tiles, head).consistency_from(600))
        assert post(Request(600, proof[:-1], signed).encode())[0] == 422
        assert post(b"nonsense")[0] == 400
        assert post(b"x" * 100_000)[0] == 413
        status, lines = post(Request(600, proof, signed).encode())
        assert (status, lines.count(b"\n")) == (200, 2)
        post.close()


def test_a_witness_whose_memory_is_gone_does_not_start(tmp_path: Path) -> None:
    with running(tmp_path):
        pass
    for path in tmp_path.glob("witness-heads.sqlite3*"):
        path.unlink()
    status, words = refused(tmp_path)
    assert (status, "ledger.witness-memory-lost" in words) == (2, True)


class Liar:
    """Answers posts as told, on loopback."""

    def __init__(self, answer: Callable[[BaseHTTPRequestHandler, bytes], None]) -> None:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                answer(self, self.rfile.read(int(self.headers["Content-Length"])))

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._server.server_port}/sub"

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def says(status: int, body: bytes, length: int | None = None):
    def answer(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        assert handler.path == "/sub/add-checkpoint"
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        handler.end_headers()
        handler.wfile.write(body)
        if length is not None:
            handler.close_connection = True

    return answer


def drips(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    """A byte, and then silence until the other side has had enough."""
    handler.send_response(200)
    handler.send_header("Content-Length", "500")
    handler.end_headers()
    handler.wfile.write(b"x")
    handler.rfile.read(1)
    handler.close_connection = True


def hangs_up(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    handler.close_connection = True


KEY = world.SigningKey(KeyKind.COSIGNER_ED25519, NAME, bytes(range(32)))
ANOTHER = world.SigningKey(KeyKind.COSIGNER_ED25519, NAME, bytes(range(1, 33)))


def own_text(handler: BaseHTTPRequestHandler, body: bytes) -> None:
    """A good signature, on a text of its own."""
    says(200, str(KEY.sign("other\n5\n" + "A" * 43 + "=\n", 1)).encode())(handler, body)


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (says(200, b""), "lied"),
        (says(200, str(ANOTHER.sign("x\n1\n", 1)).encode()), "lied"),
        (own_text, "lied"),
        (says(200, b"x" * 70_000), "lied"),
        (says(409, b"999999\n"), "ahead"),
        (says(409, b"0\n"), "lied"),
        (says(500, b"oh"), "down"),
        (says(302, b""), "down"),
        (says(200, b"cut", length=500), "down"),
        (hangs_up, "down"),
        (drips, "slow"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_a_witness_that_errs_lies_or_dawdles_has_its_code_and_the_log_goes_on(answer, code) -> None:
    log, tiles, trust = small_log([KEY.verifying])
    with Liar(answer) as address:
        post = HttpPost(address, deadline=0.5)
        circle = Circle(log, tiles, {"w": RemoteWitness([KEY.verifying], post)}, patience=20)
        log.append(world.leaves(0, 10), world.at())
        circle.round(world.at())
        (standing,) = circle.standing
        assert standing.failure.name == f"ledger.witness-{code}"
        assert standing.failures == 1
        assert log.append(world.leaves(10, 20), world.at(1)).head.size == 20
        assert CHECKPOINT not in tiles.files  # no quorum, no page
        with pytest.raises(LiangmingError):
            open_checkpoint(log.signed[1], trust)
        circle.close()
        post.close()


def test_a_witness_that_is_not_there_is_down(tmp_path: Path) -> None:
    port = free_port()
    log, tiles, _ = small_log([KEY.verifying])
    post = HttpPost(f"http://127.0.0.1:{port}", deadline=5)
    circle = Circle(log, tiles, {"w": RemoteWitness([KEY.verifying], post)}, patience=20)
    circle.round(world.at())
    assert circle.standing[0].failure.name == "ledger.witness-down"
    circle.close()
    post.close()


@pytest.mark.parametrize(
    "address", ["", "w.example", "ftp://w", "http://", "http://u:p@w", "http://w/?q", "http://w:x"]
)
def test_an_address_that_cannot_be_posted_to_is_refused(address) -> None:
    with pytest.raises(Misuse) as caught:
        HttpPost(address)
    assert caught.value.code.name == "ledger.witness-address"
