"""Starting and stopping as an operator sees it: in order, or a plain word about why not."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import threading
import time
from pathlib import Path

import httpx
import pytest
from tests.e2e.proof import prove
from tests.e2e.server import ROOT, House, Server, client, notice_of, whole
from tests.patience import PATIENCE
from tests.world import numbers

THREADS = 4


def told(server: Server) -> tuple[int, str]:
    """The exit status and the words of a server that did not start."""
    try:
        status = server.ended()
    except subprocess.TimeoutExpired:
        status = 0  # it did start, or hangs: both are wrong
    words = server.said().decode()
    assert "Traceback" not in words, words
    assert "Error" not in words, words
    return status, words


async def test_a_server_asked_to_stop_under_load_finishes_what_it_took_and_ends_with_0(
    house: House,
) -> None:
    key = house.key()
    pool = iter(numbers(30_000))
    answered: set[str] = set()
    strange: list[str] = []

    def busy(server: Server, notice: str) -> None:
        try:
            with client(server, key) as http:
                while True:
                    answer = http.post("/v1/checks:whole", json=whole(notice, next(pool)))
                    if answer.status_code != 201:
                        strange.append(answer.text)
                    else:
                        answered.add(answer.json()["id"])
        except httpx.TransportError:
            return  # stopped: the connection is closed between two answers

    with house.start() as server:
        with client(server, key) as http:
            notice = notice_of(http)
        threads = [threading.Thread(target=busy, args=(server, notice)) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        patience = time.monotonic() + PATIENCE
        while len(answered) <= 200 and time.monotonic() < patience:  # noqa: ASYNC110  (threads)
            await asyncio.sleep(0.02)
        status = server.stop()
        for thread in threads:
            thread.join(PATIENCE)
        with pytest.raises(httpx.ConnectError), client(server, key) as http:
            http.get("/healthz")

    assert status == 0, server.said().decode()
    assert strange == []
    assert len(answered) > 200
    held = await prove(house)
    assert answered <= set(held.states)
    assert set(held.states.values()) == {"passed"}
    # Whatever was taken was answered too: at most the request on each connection's way is open.
    assert len(held.states) - len(answered) <= THREADS
    assert "Traceback" not in server.said().decode()


def test_a_second_server_on_the_same_file_is_refused_in_plain_words(tmp_path: Path) -> None:
    house = House(tmp_path)
    with house.start() as first:
        status, words = told(Server.begin(house))
        assert status == 2
        assert "storage.another-writer" in words
        assert "另一个进程正在写这个 SQLite 文件" in words
        assert httpx.get(f"{first.url}/healthz", trust_env=False).status_code == 200
        assert first.stop() == 0


def test_an_unlawful_scene_keeps_the_server_from_starting_and_names_the_article(
    tmp_path: Path,
) -> None:
    twin = next((ROOT / "tests" / "scene" / "unlawful").glob("*face-first*.toml"))
    status, words = told(Server.begin(House(tmp_path, scenes=twin)))
    assert status == 2
    assert "assembly.scenes-unlawful" in words
    assert "face." in words or "pipl." in words
    assert f"{twin.name}:" in words


def test_a_port_in_use_is_one_plain_error(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        status, words = told(Server.begin(House(tmp_path), "--port", str(port)))
    assert status == 2
    assert "cli.port-in-use" in words
    assert "这个端口正被别的程序使用" in words


def test_an_address_of_another_machine_is_one_plain_error(tmp_path: Path) -> None:
    status, words = told(Server.begin(House(tmp_path), "--host", "192.0.2.1"))
    assert status == 2
    assert "cli.address-unfit" in words


def test_a_data_folder_that_cannot_be_written_is_a_plain_error(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file stands where the folder should be", "utf-8")
    status, words = told(Server.begin(House(tmp_path)))
    assert status == 2
    assert "assembly.folder-unfit" in words


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_data_folder_without_the_right_to_write_is_a_plain_error(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(mode=0o500)
    status, words = told(Server.begin(House(tmp_path)))
    assert status in {2, 3}
    assert words.strip()


def test_a_key_file_that_others_may_read_is_a_plain_error(tmp_path: Path) -> None:
    house = House(tmp_path)
    assert house.run("keys", "init").returncode == 0
    (house.data / "keys.json").chmod(0o640)
    status, words = told(Server.begin(house))
    assert status == 2
    assert "vault.key-file-readable-by-others" in words


def test_a_damaged_key_file_is_a_plain_error(tmp_path: Path) -> None:
    house = House(tmp_path)
    assert house.run("keys", "init").returncode == 0
    path = house.data / "keys.json"
    path.write_bytes(path.read_bytes()[:-40])
    status, words = told(Server.begin(house))
    assert status == 2
    assert "vault.key-file-damaged" in words


def test_a_database_file_that_is_no_database_is_a_plain_error(tmp_path: Path) -> None:
    house = House(tmp_path)
    house.data.mkdir(mode=0o700)
    (house.data / "liangming.sqlite3").write_bytes(b"no database at all, only words" * 200)
    status, words = told(Server.begin(house))
    assert status == 3
    assert "storage.migration-failed" in words


def test_no_answer_is_held_back_in_the_hope_of_more_to_send(tmp_path: Path) -> None:
    house = House(tmp_path)
    key = house.key()
    with house.start() as server, client(server, key) as http:
        seconds = []
        for _ in range(40):
            began = time.monotonic()
            assert http.get("/v1/scenes").status_code == 200
            seconds.append(time.monotonic() - began)
        assert server.stop() == 0
    # Nagle's algorithm against a delayed acknowledgement costs 40 ms, after the first few answers;
    # what a busy machine costs falls on some of them only.
    assert sorted(seconds[20:])[4] < 0.038
