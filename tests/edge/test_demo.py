"""The demo's locker: the real agent, enrolled with the demo by a code, in a process that ends with it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest


def test_the_demo_shows_a_locker_s_own_screen_and_ends_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "liangming", "demo", "--no-browser", "--port", "0"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "TMPDIR": str(tmp_path), "COLUMNS": "160"}
    demo = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert demo.stderr is not None
    pages, screen = "", ""
    for line in demo.stderr:
        if found := re.search(rb"http://127\.0\.0\.1:\d+/demo", line):
            pages = found.group().decode()
        if b"own screen" in line:
            screen = line.decode().split()[-1]
            break
    try:
        _looked_at(pages, screen)
        demo.send_signal(signal.SIGTERM)
        rest = demo.stderr.read()
        assert demo.wait(60) == 0, rest.decode()
    finally:
        if demo.poll() is None:
            demo.kill()
            demo.wait(60)
        demo.stderr.close()
    with httpx.Client(trust_env=False) as client, pytest.raises(httpx.ConnectError):
        client.get(screen)
    assert [p.name for p in tmp_path.glob("liangming-demo*")] == []


def _looked_at(pages: str, screen: str) -> None:
    with httpx.Client(trust_env=False, timeout=20) as client:
        assert "证件和本机人脸" in client.get(screen).text
        told = client.post(f"{pages}/N5", data={"all": "1"}).text
        assert f'href="{screen}"' in told
        notice = client.get(f"{screen}face").text  # the centre let it in, camera and all
        assert notice.index('value="no"') < notice.index('value="yes"')
