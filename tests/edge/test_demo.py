"""The demo's machines: the real agent, enrolled with the demo by a code, in processes that end with it."""

from __future__ import annotations

import os
import re
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address
from pathlib import Path

import httpx
import pytest
from tests.edge.listening import addresses
from tests.patience import PATIENCE


@contextmanager
def playing(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str, dict[str, str]]]:
    """The demo with both machines there: its process, its pages, the machines' screens."""
    command = [sys.executable, "-m", "liangming", "demo", "--no-browser", "--port", "0"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "TMPDIR": str(folder), "COLUMNS": "160"}
    demo = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert demo.stderr is not None
    pages, screens = "", {}
    for line in demo.stderr:
        if found := re.search(rb"http://127\.0\.0\.1:\d+/demo", line):
            pages = found.group().decode()
        if found := re.search(rb"the (locker|vending machine): own screen (\S+)", line):
            screens[found.group(1).decode()] = found.group(2).decode()
        if len(screens) == 2:
            break
    try:
        yield demo, pages, screens
    finally:
        if demo.poll() is None:
            demo.kill()
            demo.wait(PATIENCE)
        demo.stderr.close()


def gone(screens: dict[str, str]) -> list[bool]:
    """Whether nobody answers there."""
    told = []
    for screen in screens.values():
        with httpx.Client(trust_env=False) as client, pytest.raises(httpx.ConnectError):
            client.get(screen)
        told.append(True)
    return told


def test_the_demo_shows_the_machines_own_screens_and_ends_them(tmp_path: Path) -> None:
    with playing(tmp_path) as (demo, pages, screens):
        _looked_at(pages, screens["locker"], screens["vending machine"])
        assert addresses(demo.pid) == {IPv4Address("127.0.0.1")}
        demo.send_signal(signal.SIGTERM)
        assert demo.stderr is not None
        rest = demo.stderr.read()
        assert demo.wait(PATIENCE) == 0, rest.decode()
    assert gone(screens) == [True, True]
    assert [p.name for p in tmp_path.glob("liangming-demo*")] == []


def _looked_at(pages: str, locker: str, vending: str) -> None:
    with httpx.Client(trust_env=False, timeout=PATIENCE) as client:
        assert "证件和本机人脸" in client.get(locker).text
        told = client.post(f"{pages}/N5", data={"all": "1"}).text
        assert f'href="{locker}"' in told
        notice = client.get(f"{locker}face").text  # the centre let it in, camera and all
        assert notice.index('value="no"') < notice.index('value="yes"')
        assert f'href="{vending}"' in client.post(f"{pages}/N6", data={"all": "1"}).text
        assert "人脸" not in client.get(vending).text  # nobody asked to be remembered


def test_machines_end_with_a_demo_that_is_killed(tmp_path: Path) -> None:
    with playing(tmp_path) as (demo, _, screens):
        tasks = Path(f"/proc/{demo.pid}/task").iterdir()
        started = [int(n) for task in tasks for n in (task / "children").read_text().split()]
        assert len(started) == 2
        handles = [os.pidfd_open(number) for number in started]
        demo.kill()
        for handle in handles:
            assert select.select([handle], [], [], 30)[0] == [handle]
            os.close(handle)
    assert gone(screens) == [True, True]


def test_whoever_listens_elsewhere_would_be_seen() -> None:
    with socket.socket(socket.AF_INET) as every, socket.socket(socket.AF_INET) as own:
        every.bind(("0.0.0.0", 0))  # noqa: S104  (what an agent must never do)
        own.bind(("127.0.0.1", 0))
        for each in (every, own):
            each.listen()
        here = addresses(os.getpid())
    assert {IPv4Address("0.0.0.0"), IPv4Address("127.0.0.1")} <= here  # noqa: S104
