"""The V4L2 camera's own code, on a made-up ``/sys`` and on films recorded here; no camera was at hand."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from tests.edge.test_agent import code_of
from tests.edge.test_models import stocked
from typer.testing import CliRunner

from liangming.cli.main import app
from liangming.edge import codes
from liangming.edge.agent import enrolment as enrolling
from liangming.edge.agent.parts import CameraParts
from liangming.edge.agent.screen import PageScreen
from liangming.edge.camera import identity as asking
from liangming.edge.camera.identity import NO_CAMERA, UNFIT, Capability, identity_of
from liangming.edge.camera.v4l2 import V4l2Camera
from liangming.edge.face.binding import bound
from liangming.edge.face.lens import CameraIdentity
from liangming.edge.face.look import look
from liangming.edge.face.order import Agreed, Result, Why, open_camera
from liangming.edge.models.engine import engine_of
from liangming.edge.synthetic.head import head_of
from liangming.edge.synthetic.studio import studio_of

USB = CameraIdentity(
    vendor="046d", product="0825", serial="A1B2", driver="uvcvideo", bus="usb-0000:00:14.0-2"
)
TOLD = Capability("uvcvideo", "UVC Camera (046d:0825)", USB.bus, captures=True)


def plugged(root: Path, *, driver: str = "uvcvideo", name: str = "UVC Camera", **usb: str) -> Path:
    """A /sys and a /dev as a kernel makes them for one USB camera."""
    device = root / "devices/pci0000:00/usb2/2-1"
    interface = device / "2-1:1.0"
    (root / "drivers" / driver).mkdir(parents=True)
    interface.mkdir(parents=True)
    (interface / "driver").symlink_to(root / "drivers" / driver)
    for field, value in {"idVendor": "046d", "idProduct": "0825", "serial": "A1B2", **usb}.items():
        if value:
            (device / field).write_text(value + "\n")
    node = root / "class/video0"
    node.mkdir(parents=True)
    (node / "name").write_text(name + "\n")
    (node / "device").symlink_to(interface)
    (root / "video0").touch()
    return root / "video0"


def test_a_camera_is_known_by_its_bus_and_driver(tmp_path: Path) -> None:
    path = plugged(tmp_path)
    found = identity_of(path, sys=tmp_path / "class", ask=lambda _: TOLD)
    assert found == USB
    assert bound(USB, found)
    link = tmp_path / "by-id-usb"
    link.symlink_to(path)
    assert identity_of(link, sys=tmp_path / "class", ask=lambda _: TOLD) == USB


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ({"driver": "v4l2loopback"}, Capability("v4l2 loopback", "x", "platform:v4l2loopback-000", captures=True)),
        ({}, Capability("v4l2 loopback", "Integrated Camera", "platform:v4l2loopback-000", captures=True)),
        ({}, Capability("vivid", "vivid", "platform:vivid-000", captures=True)),
        ({"name": "OBS Virtual Camera"}, TOLD),
        ({}, Capability("uvcvideo", "Virtual Webcam", USB.bus, captures=True)),
        ({}, Capability("unicam", "imx219", "platform:fe801000.csi", captures=True)),
        ({}, Capability("uvcvideo", "UVC metadata", USB.bus, captures=False)),
        ({"serial": ""}, TOLD),
    ],
    ids=["loopback", "loopback-renamed", "vivid", "obs", "named-virtual", "csi", "metadata", "no-serial"],
)  # fmt: skip
def test_software_cameras_and_those_without_a_serial_are_never_bound(
    tmp_path: Path, made: dict, told: Capability
) -> None:
    path = plugged(tmp_path, **made)
    call = lambda: identity_of(path, sys=tmp_path / "class", ask=lambda _: told)  # noqa: E731
    assert code_of(call) == UNFIT.name


def test_a_camera_under_the_virtual_bus_is_not_bound_whatever_it_says(tmp_path: Path) -> None:
    root = tmp_path / "devices/virtual"
    path = plugged(root)
    call = lambda: identity_of(path, sys=root / "class", ask=lambda _: TOLD)  # noqa: E731
    assert code_of(call) == UNFIT.name


def test_what_is_no_camera_is_told(tmp_path: Path) -> None:
    missing = tmp_path / "video9"
    assert code_of(lambda: identity_of(missing, sys=tmp_path)) == NO_CAMERA.name
    path = plugged(tmp_path)  # a plain file answers no driver's question
    assert code_of(lambda: identity_of(path, sys=tmp_path / "class")) == NO_CAMERA.name


def test_the_driver_s_answer_is_read_as_the_kernel_lays_it_out() -> None:
    assert asking.QUERYCAP == 0x80685600  # VIDIOC_QUERYCAP of videodev2.h
    answer = struct.pack(
        "16s32s32sIII12x", b"uvcvideo", b"UVC Camera (046d:0825)", USB.bus.encode(), 0, 0x84A00001, 0x04200001
    )  # fmt: skip
    assert asking.read_capability(answer) == TOLD
    metadata = answer[:88] + struct.pack("I", 0x04A00000) + answer[92:]
    assert asking.read_capability(metadata).captures is False


# Frames, through OpenCV's own reader.


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A drawn person before a drawn camera, recorded as a webcam sends it (motion JPEG)."""
    path = tmp_path_factory.mktemp("film") / "look.avi"
    studio = studio_of(None, head_of(np.random.default_rng(7)), np.random.default_rng(3))
    studio.open()
    first = studio.read()
    assert first is not None
    height, width = first[0].shape[:2]
    code = cv2.VideoWriter.fourcc(*"MJPG")
    writer = cv2.VideoWriter(str(path), code, 15, (width, height))
    for _ in range(40):
        read = studio.read()
        assert read is not None
        writer.write(read[0])
    writer.release()
    return path


def playing(film: Path, found: list[CameraIdentity] | None = None) -> V4l2Camera:
    """The camera's code over a film; who it is comes from a list, the last for ever."""
    said = found or [USB]

    def identify(_: Path) -> CameraIdentity:
        return said.pop(0) if len(said) > 1 else said[0]

    return V4l2Camera(film, capture=lambda path: cv2.VideoCapture(str(path)), identify=identify)


def test_frames_come_as_bytes_of_blue_green_red_until_the_camera_stops(film: Path) -> None:
    camera = playing(film)
    camera.identity()
    camera.open()
    frames = []
    while (read := camera.read()) is not None:
        frames.append(read)
    assert len(frames) == 40
    assert {frame.dtype.name for frame, _ in frames} == {"uint8"}
    times = [at for _, at in frames]
    assert times == sorted(times)
    camera.close()
    assert code_of(camera.read) == codes.CAMERA_LOST.name
    camera.close()  # harmless when shut


def test_another_camera_that_was_plugged_in_meanwhile_is_shut_again(film: Path) -> None:
    other = CameraIdentity(vendor="1", product="2", serial="3", driver="uvcvideo", bus=USB.bus)
    camera = playing(film, [USB, other])
    camera.identity()
    assert code_of(camera.open) == codes.CAMERA_LOST.name
    assert code_of(camera.read) == codes.CAMERA_LOST.name


def test_a_camera_that_nobody_asked_who_it_is_does_not_open(film: Path) -> None:
    assert code_of(playing(film).open) == codes.CAMERA_LOST.name


def test_a_device_that_does_not_open_is_lost_and_not_an_exception(tmp_path: Path) -> None:
    (tmp_path / "video0").touch()
    camera = V4l2Camera(tmp_path / "video0", identify=lambda _: USB)  # OpenCV's V4L2, really
    camera.identity()
    assert code_of(camera.open) == codes.CAMERA_LOST.name


class Broken:
    """A driver that gives what no camera gives."""

    def __init__(self, frames: list[Any]) -> None:
        self._frames = frames

    def isOpened(self) -> bool:  # noqa: N802  (OpenCV's name)
        return True

    def read(self) -> tuple[bool, Any]:
        return True, self._frames.pop(0)

    def release(self) -> None:
        return


def test_frames_of_odd_forms_are_no_frames(tmp_path: Path) -> None:
    odd = [
        None,
        np.zeros((0, 0, 3), np.uint8),
        np.zeros((480, 640), np.uint8),
        np.zeros((480, 640, 4), np.uint8),
        np.zeros((480, 640, 3), np.float32),
        np.zeros((1, 5000, 3), np.uint8),
    ]
    camera = V4l2Camera(tmp_path, capture=lambda _: Broken(list(odd)), identify=lambda _: USB)
    camera.identity()
    camera.open()
    assert [camera.read() for _ in odd] == [None] * len(odd)


def test_a_look_through_the_bound_camera_uses_real_nets_and_keeps_nothing(
    film: Path, tmp_path: Path
) -> None:
    engine = engine_of(stocked(tmp_path / "models"))
    assert engine is not None
    parts = CameraParts(engine, lambda: playing(film), USB)
    assert parts.there() == (True, True)
    agreed = Agreed(check="c", device="d", notice="n", consent="c", nonce="00")
    tools = parts.tools(PageScreen(), 3)
    looked = look(open_camera(agreed), tools, np.ones(8, np.float32), stop=lambda: False)
    assert (looked.result, looked.kept) == (Result.ABSTAIN, 0)
    assert looked.taken > 0
    assert looked.why in {Why.LOST, Why.TOO_SLOW, Why.UNCLEAR}  # a film ends; nets see one mesh
    other = CameraParts(engine, lambda: playing(film, [USB]), CameraIdentity(
        vendor="x", product="y", serial="z", driver="uvcvideo", bus="usb-1"))  # fmt: skip
    assert other.there() == (False, True)
    tools = other.tools(PageScreen(), 3)
    looked = look(open_camera(agreed), tools, np.ones(8, np.float32), stop=lambda: False)
    assert (looked.why, looked.taken) == (Why.VIRTUAL, 0)


@pytest.mark.parametrize(
    ("frames", "why"),
    [
        ([np.zeros((240, 320, 3), np.uint8)] * 40, {Why.COVERED}),
        ([np.full((240, 320, 3), 128, np.uint8)] * 40, {Why.COVERED}),  # a hand, a sticker
        ([np.random.default_rng(n).integers(0, 256, (48, 64, 3), np.uint8) for n in range(9)], {Why.LOST}),
        ([np.random.default_rng(n).integers(0, 256, (240, 320, 3), np.uint8) for n in range(9)], {Why.LOST}),
        ([np.random.default_rng(n).integers(0, 256, (48, 2000, 3), np.uint8) for n in range(70)],
         {Why.UNCLEAR, Why.NOBODY, Why.SEVERAL}),
    ],
    ids=["black", "even", "small-then-unplugged", "unplugged", "odd-size"],
)  # fmt: skip
def test_what_a_camera_can_do_wrong_ends_a_look_through_the_driver_with_nothing_kept(
    tmp_path: Path, frames: list[np.ndarray], why: set[Why]
) -> None:
    path = tmp_path / "film.avi"
    code = cv2.VideoWriter.fourcc(*"MJPG")
    writer = cv2.VideoWriter(str(path), code, 15, frames[0].shape[1::-1])
    for one in frames:
        writer.write(one)
    writer.release()
    engine = engine_of(stocked(tmp_path / "models"))
    assert engine is not None
    parts = CameraParts(engine, lambda: playing(path), USB)
    agreed = Agreed(check="c", device="d", notice="n", consent="c", nonce="00")
    tools = parts.tools(PageScreen(), 3)
    looked = look(open_camera(agreed), tools, np.ones(8, np.float32), stop=lambda: False)
    assert (looked.result, looked.kept) == (Result.ABSTAIN, 0)
    assert looked.why in why
    assert code_of(tools.camera.read) == codes.CAMERA_LOST.name, "it is shut"


def test_a_busy_camera_ends_a_look_before_its_first_frame(tmp_path: Path) -> None:
    engine = engine_of(stocked(tmp_path / "models"))
    assert engine is not None
    busy = V4l2Camera(
        Path("/dev/null"), identify=lambda _: USB
    )  # OpenCV's V4L2, which cannot open it
    tools = CameraParts(engine, lambda: busy, USB).tools(PageScreen(), 3)
    agreed = Agreed(check="c", device="d", notice="n", consent="c", nonce="00")
    looked = look(open_camera(agreed), tools, np.ones(8, np.float32), stop=lambda: False)
    assert (looked.why, looked.taken, looked.kept) == (Why.LOST, 0, 0)


def test_cameras_are_listed_and_bound_by_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner = CliRunner(env={"LIANGMING_DATA": str(tmp_path), "LIANGMING_MODE": "development"})
    monkeypatch.setattr(asking, "cameras", list)
    assert "没有摄像头" in runner.invoke(app, ["edge", "camera", "list"]).stderr
    monkeypatch.setattr(asking, "cameras", lambda: [Path("/dev/video0"), Path("/dev/none")])
    real = identity_of
    monkeypatch.setattr(
        asking, "identity_of", lambda path: USB if path.name == "video0" else real(path)
    )
    listed = runner.invoke(app, ["edge", "camera", "list"]).stdout
    assert ["✓ /dev/video0  uvcvideo 046d:0825 A1B2" in listed, "✗ /dev/none" in listed] == (
        [True, True]
    )
    enrolling.enrol(tmp_path, enrolling.fresh("dev-1", "s-1", "locker"))
    unbound = runner.invoke(app, ["edge", "run", "--simulated", "--camera"])
    assert getattr(unbound.exception, "code").name == "cli.edge-no-camera"  # noqa: B009
    assert runner.invoke(app, ["edge", "camera", "bind", "/dev/video0"]).exit_code == 0
    about = enrolling.enrolled(tmp_path)
    assert (about.camera, about.camera_path) == (USB, "/dev/video0")
