"""A station's pages: read, corrected, sent as a normal check; every fault leaves the form to type in."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import cv2
import httpx
import msgspec
import numpy as np
import pytest
import zxingcpp
from tests.e2e.server import House
from tests.edge.listening import addresses
from tests.edge.printed import Told, front
from tests.edge.test_image import bomb, encoded, jpeg_of, noise, png_head
from tests.edge.test_reading import holder
from tests.patience import PATIENCE

from liangming.clock import SystemClock
from liangming.edge.agent import enrolment as enrolling
from liangming.edge.agent.guard import Guard
from liangming.edge.agent.journal import Journal
from liangming.edge.agent.memory import Memory
from liangming.edge.reading import codes
from liangming.edge.station.apart import Here
from liangming.edge.station.desk import Counter, Desk
from liangming.edge.station.server import StationDoor
from liangming.edge.station.upload import LARGEST, parts_of
from liangming.errors import LiangmingError

PORT = 8701
ORIGIN = f"http://127.0.0.1:{PORT}"


class Pages:
    """A browser of the door, without a socket."""

    def __init__(self, door: StationDoor) -> None:
        self._transport = httpx.ASGITransport(app=door.app())

    def get(self, path: str, **more: Any) -> httpx.Response:
        return asyncio.run(self._ask("GET", path, **more))

    def post(self, path: str, **more: Any) -> httpx.Response:
        return asyncio.run(self._ask("POST", path, **more))

    async def _ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Origin": ORIGIN, **more.pop("headers", {})}
        async with httpx.AsyncClient(transport=self._transport, base_url=ORIGIN) as client:
            return await client.request(method, path, headers=headers, **more)


@dataclass
class Station:
    """A station's pages, driven as its browser drives them."""

    desk: Desk
    pages: Pages
    memory: Memory

    def token(self, page: str = "/") -> str:
        found = re.search(r'name="token" value="([^"]+)"', self.pages.get(page).text)
        assert found is not None
        return found.group(1)

    def read(self, **pictures: bytes) -> httpx.Response:
        files = {name: (f"{name}.jpg", data, "image/jpeg") for name, data in pictures.items()}
        return self.pages.post("/read", data={"token": self.token()}, files=files)

    def send(self, *, agrees: str = "yes", **typed: str) -> httpx.Response:
        form = {"token": self.token("/type"), "agrees": agrees, **typed}
        return self.pages.post("/send", data=form)

    def journal(self) -> list[tuple[str, dict[str, object]]]:
        journal = Journal(self.memory, "s", self._key)
        return [(one.entry.tag, one.entry.facts) for one in journal.waiting()]

    _key = enrolling.fresh("s", "s", "locker").key


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[enrolling.Enrolment]:
    """A centre in a process of its own, and what a station at its counter knows."""
    house = House(tmp_path_factory.mktemp("counter"))
    key = house.key("checks:write", "checks:read", "desk")
    about = enrolling.fresh("station-1", "shili-counter", "locker")
    with house.start() as server:
        yield msgspec.structs.replace(about, centre=server.url, api_key=key)
        server.stop()


def station(folder: Path, about: enrolling.Enrolment, reader: Told | None) -> Station:
    memory = Memory(folder / "device.sqlite3")
    desk = Desk(
        counter=Counter(about),
        memory=memory,
        journal=Journal(memory, about.device, about.key),
        clock=SystemClock(),
        pictures=Here(reader),
        allow_test_region=True,
    )
    return Station(desk, Pages(StationDoor(desk, Guard(PORT))), memory)


@pytest.fixture
def alone(tmp_path: Path) -> Iterator[Station]:
    """A station whose centre cannot be reached."""
    about = enrolling.fresh("station-1", "shili-counter", "locker")
    about = msgspec.structs.replace(about, centre="http://127.0.0.1:9", api_key="x")
    made = station(tmp_path, about, Told(front(holder())))
    yield made
    made.desk.close()


def test_a_card_is_read_corrected_and_sent_as_a_normal_check(
    tmp_path: Path, counter: enrolling.Enrolment
) -> None:
    one = holder()
    here = station(tmp_path, counter, Told(front(one)))
    page = here.read(front=bytes(encoded(noise())))
    assert page.status_code == 200
    assert f'value="{one.number}"' in page.text
    assert f'value="{one.name}"' in page.text
    assert '<option value="resident_card" selected>' in page.text
    sent = here.send(document="resident_card", number=one.number, name="甲试验", expires="长期")
    assert (sent.status_code, "查验通过" in sent.text) == (200, True)
    assert one.number not in sent.text
    disagrees = here.send(agrees="no", document="resident_card", number=one.number)
    assert "不予收寄" in disagrees.text
    told = here.journal()
    assert [tag for tag, _ in told] == ["device:document:read", *["device:document:sent"] * 2]
    assert told[0][1] == {"pictures": 1, "kept": 0, "fields": 2, "marked": 0}
    assert [facts["result"] for _, facts in told[1:]] == ["passed", "refused"]
    here.desk.close()


def test_the_check_on_the_sender_s_phone_goes_on(
    tmp_path: Path, counter: enrolling.Enrolment
) -> None:
    began = Counter(counter)
    check = began.open("document.seen")
    began.choose(check, "document.seen")
    made = zxingcpp.create_barcode(f"https://x.example/c/{check}", zxingcpp.BarcodeFormat.QRCode)
    square = cv2.cvtColor(np.array(made.to_image(scale=8)), cv2.COLOR_GRAY2BGR)
    here = station(tmp_path, counter, Told(front(holder())))
    page = here.read(front=bytes(encoded(noise())), back=bytes(encoded(square, ".png")))
    assert f'name="check" value="{check}"' in page.text
    card = {"document": "resident_card", "number": holder().number}
    assert "查验通过" in here.send(check=check, **card).text
    assert here.journal()[-1][1]["of"] == check
    over = here.send(check=check, **card)
    assert ("edge.centre-said-no" in over.text, f'value="{check}"' in over.text) == (True, True)
    other = began.open("organisation")
    began.choose(other, "organisation")
    assert "查验通过" in here.send(check=other.upper(), **card).text, (
        "the clerk enters what is said"
    )
    here.desk.close()


def test_an_expired_card_is_for_the_law_to_refuse(
    tmp_path: Path, counter: enrolling.Enrolment
) -> None:
    here = station(tmp_path, counter, None)
    sent = here.send(document="resident_card", number=holder().number, expires="2016-02-18")
    assert "不予收寄" in sent.text
    here.desk.close()


def test_without_models_everything_can_be_typed_and_codes_are_read(
    tmp_path: Path, counter: enrolling.Enrolment
) -> None:
    here = station(tmp_path, counter, None)
    assert "没有识读模型" in here.pages.get("/").text
    made = zxingcpp.create_barcode("SL1234567890123", zxingcpp.BarcodeFormat.QRCode)
    square = np.array(made.to_image(scale=8))
    page = here.read(front=bytes(encoded(cv2.cvtColor(square, cv2.COLOR_GRAY2BGR), ".png")))
    assert "<code>SL1234567890123</code>" in page.text
    assert 'role="alert"' not in page.text
    sent = here.send(document="resident_card", number=holder().number, name="甲试验")
    assert "查验通过" in sent.text
    here.desk.close()


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"number": "990101199003071237"}, "edge.document-kind"),
        ({"document": "resident_card"}, "edge.document-number"),
        ({"document": "resident_card", "number": "990101199003071238"}, "document.check-digit"),
        ({"document": "resident_card", "number": "99010119900307123"}, "document."),
        (
            {"document": "resident_card", "number": "990101199003071237", "expires": "2036年"},
            "edge.document-date",
        ),
        ({"document": "passport", "mrz": "P<UTO<<\nX<"}, "document."),
    ],
)
def test_a_slip_is_told_here_and_what_was_typed_stays(
    alone: Station, typed: dict[str, str], code: str
) -> None:
    page = alone.send(**typed)
    assert page.status_code == 400
    assert code in page.text
    for name, text in typed.items():
        if name not in {"document", "mrz"}:
            assert f'value="{text}"' in page.text
    assert alone.journal() == []


def test_a_centre_that_is_down_loses_nothing_of_the_form(alone: Station) -> None:
    one = holder()
    page = alone.send(document="resident_card", number=one.number, name="甲试验")
    assert page.status_code == 503
    assert "edge.centre-down" in page.text
    assert f'value="{one.number}"' in page.text
    assert alone.journal() == []


def test_what_is_doubtful_is_marked_on_the_page(alone: Station, tmp_path: Path) -> None:
    one = holder()
    wrong = one.number[:15] + str((int(one.number[15]) + 1) % 10) + one.number[16:]
    about = enrolling.fresh("station-2", "shili-counter", "locker")
    here = station(tmp_path / "other", about, Told(front(one, number=wrong)))
    page = here.read(front=bytes(encoded(noise())))
    assert 'aria-describedby="number-doubt"' in page.text
    assert "校验位不符" in page.text
    assert 'aria-describedby="name-doubt"' not in page.text
    here.desk.close()


@pytest.mark.parametrize(
    ("data", "code", "status"),
    [
        (b"", codes.EMPTY, 400),
        (b"MZ" + bytes(400), codes.NOT_ONE, 400),
        (bytes(encoded(noise())[:-99]), codes.CUT, 400),
        (bytes(png_head(12_000, 9_000)), codes.MANY, 429),
        (bytes(jpeg_of(30_000, 30_000)), codes.MANY, 429),
        (bytes(bomb()), codes.BOMB, 400),
        (bytes(png_head(300, 300, b"no stream")), codes.BROKEN, 400),
        (bytes(encoded(noise(size=(60, 90)))), codes.SMALL, 400),
        (bytes(LARGEST + 1), codes.HEAVY, 429),
    ],
    ids=lambda value: value.name if hasattr(value, "name") else "",
)
def test_a_hostile_picture_has_its_own_code_and_typing_stays(
    alone: Station, data: bytes, code: object, status: int
) -> None:
    page = alone.read(front=data)
    assert page.status_code == status
    assert code.name in page.text  # type: ignore[attr-defined]
    if code is not codes.HEAVY:
        assert 'id="number"' in page.text
    assert alone.journal() == []


def test_nothing_read_is_said_and_the_form_is_empty(tmp_path: Path) -> None:
    about = enrolling.fresh("station-3", "shili-counter", "locker")
    here = station(tmp_path, about, Told([]))
    page = here.read(front=bytes(encoded(noise())), back=bytes(encoded(noise(2))))
    assert codes.NOTHING.name in page.text
    assert 'id="number" name="number" value=""' in page.text
    here.desk.close()


def test_only_this_machine_s_own_page_may_send(alone: Station) -> None:
    files = {"front": ("f.jpg", bytes(encoded(noise())), "image/jpeg")}
    token = alone.token()
    foreign = {"Origin": "http://example.org"}
    stolen = alone.pages.post("/read", data={"token": token}, files=files, headers=foreign)
    assert (stolen.status_code, "edge.foreign-page" in stolen.text) == (403, True)
    rebound = alone.pages.get("/", headers={"Host": "station.example"})
    assert rebound.status_code == 403
    assert alone.pages.post("/read", data={"token": token}, files=files).status_code == 200
    again = alone.pages.post("/read", data={"token": token}, files=files)
    assert "edge.page-used" in again.text
    assert [tag for tag, _ in alone.journal()] == ["device:document:read"]


@pytest.mark.parametrize(
    ("body", "media"),
    [
        (b"", "multipart/form-data; boundary=x"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"--x\r\nno name\r\n\r\nabc\r\n--x--", "multipart/form-data; boundary=x"),
        (b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nabc', "multipart/form-data; boundary=x"),
        (b"a=b", "application/x-www-form-urlencoded"),
        (b"--\r\n", "multipart/form-data; boundary="),
    ],
)  # fmt: skip
def test_a_form_that_is_none_is_refused_and_overwritten(body: bytes, media: str) -> None:
    data = bytearray(body)
    with pytest.raises(LiangmingError) as caught:
        parts_of(data, media)
    assert caught.value.code is codes.FORM
    assert not any(data)


def test_parts_hold_what_was_sent_whatever_it_is() -> None:
    picture = os.urandom(3000).replace(b"--x", b"___") + b"\r\n--y\r\n"
    head = b'--x\r\nContent-Disposition: form-data; name="front"; filename="a.jpg"\r\n\r\n'
    data = bytearray(head + picture + b"\r\n--x--\r\n")
    parts = parts_of(data, "multipart/form-data; boundary=x")
    assert parts == {"front": bytearray(picture)}
    assert not any(data)


def test_the_command_serves_a_station_on_loopback_in_production_and_stops(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "LIANGMING_DATA": str(tmp_path),
        "LIANGMING_MODE": "production",
        "PYTHONUNBUFFERED": "1",
    }
    about = enrolling.fresh("station-1", "shili-counter", "station")
    enrolling.enrol(tmp_path, about)
    words = [sys.executable, "-m", "liangming", "edge", "run", "--station", "--port", "0"]
    with subprocess.Popen(words, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        first = process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", first)
        assert found is not None, first
        page = httpx.get(found.group(0), trust_env=False, timeout=PATIENCE)
        mapped = Path(f"/proc/{process.pid}/maps").read_text()
        listens = addresses(process.pid)
        process.send_signal(signal.SIGINT)
        rest = process.stderr.read()
        assert process.wait(PATIENCE) in {0, 130, -signal.SIGINT}
    assert "没有识读模型" in page.text
    assert "Traceback" not in rest
    assert listens == {IPv4Address("127.0.0.1")}
    # Pictures are another process's matter: a station that waits stays small.
    assert [name for name in ("numpy", "cv2", "onnxruntime", "zxingcpp") if name in mapped] == []
