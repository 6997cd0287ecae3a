"""The station's bound camera: the real driver's code over films through OpenCV, and each way it can fail.

A film stands in the device's place; no camera was at hand. What only hardware can show (exposure,
a driver that blocks, EBUSY from the kernel) is not shown here.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from tests.edge.printed import Told, front
from tests.edge.test_agent import code_of
from tests.edge.test_camera import USB
from tests.edge.test_image import noise
from tests.edge.test_reading import holder
from tests.edge.test_station import Station, station

from liangming.clock import SystemClock
from liangming.edge import codes
from liangming.edge.agent import enrolment as enrolling
from liangming.edge.agent.counter import Counted, Counter
from liangming.edge.agent.journal import Journal
from liangming.edge.camera.v4l2 import V4l2Camera
from liangming.edge.face.lens import CameraIdentity
from liangming.edge.reading import codes as reading
from liangming.edge.station.take import FRAMES, SETTLING, BoundLens

PAGE = (640, 480)


def film(path: Path, frames: list[np.ndarray]) -> Path:
    """Motion JPEG, as a webcam sends it."""
    high, wide = frames[0].shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 15, (wide, high))
    for one in frames:
        writer.write(one)
    writer.release()
    return path


def page(seed: int) -> np.ndarray:
    """A document with a sensor's noise, sharper in the tenth frame than in the others."""
    pixels = noise(7, size=(PAGE[1], PAGE[0])).copy()
    grain = np.random.default_rng(seed).integers(0, 4, pixels.shape, dtype=np.uint8)
    return cv2.GaussianBlur(pixels, (0, 0), 1.0 if seed == 9 else 3.0) // 2 + 60 + grain


def camera(path: Path, who: CameraIdentity = USB) -> V4l2Camera:
    return V4l2Camera(
        path,
        capture=lambda there: cv2.VideoCapture(str(there), cv2.CAP_FFMPEG),
        identify=lambda _: who,
    )


def still() -> list[np.ndarray]:
    return [page(3)] * 12


FILMS: dict[str, tuple[Callable[[], list[np.ndarray]], str]] = {
    "black": (lambda: [np.zeros((*PAGE[::-1], 3), np.uint8)] * 6 + [_dim(n) for n in range(8)], reading.DARK.name),
    "unplugged": (lambda: [page(n) for n in range(SETTLING)], codes.CAMERA_LOST.name),
    "frozen": (still, codes.CAMERA_LOST.name),
}  # fmt: skip


def _dim(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 3, (*PAGE[::-1], 3), dtype=np.uint8)


def test_the_sharpest_of_a_few_settled_frames_is_taken_and_the_rest_is_gone(tmp_path: Path) -> None:
    there = film(tmp_path / "page.avi", [page(n) for n in range(SETTLING + FRAMES)])
    handed: list[np.ndarray] = []

    class Watched(V4l2Camera):
        def read(self) -> Any:
            got = super().read()
            if got is not None:
                handed.append(got[0])
            return got

    watched = Watched(
        there, capture=lambda at: cv2.VideoCapture(str(at), cv2.CAP_FFMPEG), identify=lambda _: USB
    )
    picture = BoundLens(watched, USB).take()
    seen = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    assert seen.shape == (PAGE[1], PAGE[0], 3)
    sharp = [cv2.Laplacian(one, cv2.CV_16S).std() for one in (seen, page(9), page(8))]
    assert abs(sharp[0] - sharp[1]) < abs(sharp[0] - sharp[2])
    assert len(handed) == SETTLING + FRAMES
    assert [one.any() for one in handed] == [False] * len(handed)
    assert code_of(watched.read) == codes.CAMERA_LOST.name, "it is shut"


@pytest.mark.parametrize("name", FILMS)
def test_each_trouble_of_the_camera_has_its_own_words(tmp_path: Path, name: str) -> None:
    frames, code = FILMS[name]
    lens = BoundLens(camera(film(tmp_path / "x.avi", frames())), USB)
    assert code_of(lens.take) == code


def test_another_camera_a_software_one_and_a_busy_one_are_never_looked_through(
    tmp_path: Path,
) -> None:
    there = film(tmp_path / "page.avi", [page(n) for n in range(12)])
    other = CameraIdentity(vendor="1", product="2", serial="3", driver="uvcvideo", bus=USB.bus)
    assert code_of(BoundLens(camera(there, other), USB).take) == codes.CAMERA_LOST.name
    played = CameraIdentity(vendor="1", product="2", serial="3", driver="v4l2loopback", bus="usb-1")
    assert code_of(BoundLens(camera(there, played), played).take) == codes.CAMERA_LOST.name
    busy = V4l2Camera(
        Path("/dev/null"), identify=lambda _: USB
    )  # OpenCV's own V4L2: it does not open
    assert code_of(BoundLens(busy, USB).take) == codes.CAMERA_LOST.name


def with_lens(
    folder: Path, there: Path, about: enrolling.Enrolment, reader: Told
) -> tuple[Station, Counter]:
    made = station(folder, about, reader)
    frames = Counter(made.memory, Journal(made.memory, about.device, about.key), SystemClock())
    made.desk._lens = BoundLens(Counted(camera(there), frames), USB)
    return made, frames


def test_a_picture_is_taken_at_the_station_and_what_was_typed_stays(tmp_path: Path) -> None:
    about = enrolling.fresh("station-1", "shili-counter", "locker")
    one = holder()
    there = film(tmp_path / "page.avi", [page(n) for n in range(SETTLING + FRAMES)])
    here, frames = with_lens(tmp_path / "own", there, about, Told(front(one)))
    assert "用登记的摄像头拍一张" in here.pages.get("/").text
    shown = here.pages.post("/take", data={"token": here.token(), "name": "更正后"})
    assert f'value="{one.number}"' in shown.text
    assert 'value="更正后"' in shown.text, "the clerk's own correction wins over what is read"
    assert [(tag, facts["pictures"], facts["kept"]) for tag, facts in here.journal()] == [
        ("device:document:read", 1, 0)
    ]
    assert frames.frames == SETTLING + FRAMES, "each frame is counted where it is read"
    again = here.pages.post("/take", data={"token": "used"})
    assert "edge.page-used" in again.text
    here.desk.close()


def test_without_a_camera_or_with_one_that_is_gone_the_form_stands_there(tmp_path: Path) -> None:
    about = enrolling.fresh("station-1", "shili-counter", "locker")
    here = station(tmp_path / "one", about, Told([]))
    assert "用登记的摄像头拍一张" not in here.pages.get("/").text
    told = here.pages.post("/take", data={"token": here.token(), "number": "12"})
    assert (reading.NO_LENS.name in told.text, 'value="12"' in told.text) == (True, True)
    here.desk.close()
    gone, _ = with_lens(tmp_path / "two", tmp_path / "none.avi", about, Told([]))
    told = gone.pages.post("/take", data={"token": gone.token(), "number": "12"})
    assert (told.status_code, codes.CAMERA_LOST.name in told.text, 'value="12"' in told.text) == (
        503, True, True,
    )  # fmt: skip
    assert gone.journal() == []
    gone.desk.close()
