"""The clerk's journey at a station: a document before the bound camera, read, corrected, never retyped."""

from __future__ import annotations

import asyncio
import socket
import threading
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from tests.edge.conftest import Centre
from tests.edge.printed import Told, front
from tests.edge.screens.test_screens import tap
from tests.edge.test_camera import USB
from tests.edge.test_reading import holder
from tests.edge.test_take import camera, film, page
from tests.patience import PATIENCE

from liangming.clock import SystemClock
from liangming.edge.agent.counter import Counted
from liangming.edge.agent.counter import Counter as Frames
from liangming.edge.agent.guard import Guard
from liangming.edge.agent.journal import Journal
from liangming.edge.agent.memory import Memory
from liangming.edge.station.apart import Here
from liangming.edge.station.desk import Counter, Desk
from liangming.edge.station.server import StationDoor
from liangming.edge.station.take import FRAMES, SETTLING, BoundLens

pytestmark = pytest.mark.browser


@pytest.fixture
def at_the_desk(centre: Centre, chromium: Any, tmp_path: Path) -> Any:
    about = centre.enrolled(tmp_path / "own", "shili-counter", "station")
    memory = Memory(tmp_path / "device.sqlite3")
    journal = Journal(memory, about.device, about.key)
    one = holder()
    read = front(
        one, number=one.number[:16] + ("1" if one.number[16] != "1" else "2") + one.number[17:]
    )
    there = film(tmp_path / "page.avi", [page(n) for n in range(SETTLING + FRAMES)])
    frames = Frames(memory, journal, SystemClock())
    desk = Desk(
        counter=Counter(about),
        memory=memory,
        journal=journal,
        clock=SystemClock(),
        pictures=Here(Told(read)),
        lens=BoundLens(Counted(camera(there), frames), USB),
        allow_test_region=True,
    )
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    app = StationDoor(desk, Guard(port)).app()
    server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_level="error", ws="none"))
    thread = threading.Thread(
        target=lambda: asyncio.run(server.serve(sockets=[listener])), daemon=True
    )
    thread.start()
    context = chromium.new_context(
        viewport={"width": 1280, "height": 900}, java_script_enabled=False
    )
    screen = context.new_page()
    asked: list[str] = []
    screen.on("request", lambda request: asked.append(request.url))
    screen.goto(f"http://127.0.0.1:{port}/", wait_until="load")
    yield screen, one, journal, asked
    context.close()
    server.should_exit = True
    thread.join(PATIENCE)
    listener.close()
    desk.close()


def test_the_clerk_takes_corrects_one_sign_and_sends(at_the_desk: Any) -> None:
    screen, one, journal, asked = at_the_desk
    tap(screen, "text=用登记的摄像头拍一张")
    assert screen.input_value("#name") == one.name
    assert screen.input_value("#document") == "resident_card"
    assert "校验位不符" in screen.inner_text("#number-doubt"), "the doubtful field is marked"
    assert screen.locator("#name-doubt").count() == 0
    screen.focus("#number")
    screen.press("#number", "End")
    screen.press("#number", "ArrowLeft")
    screen.press("#number", "Backspace")
    screen.press("#number", one.number[16])  # the one sign that was read wrong
    assert screen.input_value("#number") == one.number
    tap(screen, "text=再拍一张")
    assert screen.input_value("#number") == one.number, "what the clerk corrected stays"
    tap(screen, "button[value=yes]")
    assert "查验通过" in screen.inner_text("h1")
    assert one.number not in screen.content()
    tags = [signed.entry.tag for signed in journal.waiting()]
    assert tags == ["device:document:read"] * 2 + ["device:document:sent"]
    assert {url.split("/")[2] for url in asked} == {screen.url.split("/")[2]}
    assert [url for url in asked if one.number in url] == []


def test_the_station_s_pages_are_usable_by_everyone(at_the_desk: Any, chromium: Any) -> None:
    screen, *_ = at_the_desk
    context = chromium.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark")
    small = context.new_page()
    for path in ("", "type"):
        small.goto(screen.url.rsplit("/", 1)[0] + f"/{path}", wait_until="load")
        found = Axe().run(small).response["violations"]
        assert (path, [(v["id"], [n["html"] for n in v["nodes"]][:2]) for v in found]) == (path, [])
        assert small.evaluate("document.documentElement.scrollWidth <= innerWidth")
    context.close()
