"""Who a V4L2 camera is, as the kernel and its bus tell it."""

from __future__ import annotations

import fcntl
import os
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from liangming.edge.face.binding import VIRTUAL
from liangming.edge.face.lens import CameraIdentity
from liangming.errors import Kind, Misuse, declare

NO_CAMERA: Final = declare(
    "edge.camera-absent",
    Kind.ABSENT,
    zh="没有这个摄像头，或者无权读取它（一般需要 video 组）。",
    en="There is no such camera, or it may not be read (usually the group video is needed).",
)
UNFIT: Final = declare(
    "edge.camera-unfit",
    Kind.REFUSED,
    zh="这个摄像头不能登记：它由软件模拟，或者不在 USB 总线上、没有序列号。",
    en="This camera cannot be bound: software plays it, or it is not on a USB bus, or has no serial.",
)
SYS: Final = Path("/sys/class/video4linux")
_CAPABILITY: Final = struct.Struct("16s32s32sIII12x")  # struct v4l2_capability
QUERYCAP: Final = (2 << 30) | (_CAPABILITY.size << 16) | (ord("V") << 8)  # _IOR('V', 0, …)
_CAPTURE, _DEVICE_CAPS = 0x1, 0x80000000


@dataclass(frozen=True, slots=True)
class Capability:
    """What the driver answers: its name, the camera's, where it hangs, and whether it captures."""

    driver: str
    card: str
    bus: str
    captures: bool


def ask_driver(path: Path) -> Capability:
    """VIDIOC_QUERYCAP.

    Raises:
        Misuse: ``edge.camera-absent``.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            answer = fcntl.ioctl(handle, QUERYCAP, bytes(_CAPABILITY.size))
        finally:
            os.close(handle)
    except OSError:
        raise Misuse(NO_CAMERA) from None
    return read_capability(answer)


def read_capability(answer: bytes) -> Capability:
    """A struct v4l2_capability."""
    driver, card, bus, _, capabilities, of_node = _CAPABILITY.unpack(answer)
    able = of_node if capabilities & _DEVICE_CAPS else capabilities
    return Capability(_text(driver), _text(card), _text(bus), bool(able & _CAPTURE))


def identity_of(
    path: Path, *, sys: Path = SYS, ask: Callable[[Path], Capability] = ask_driver
) -> CameraIdentity:
    """A camera's identity.

    Args:
        path: ``/dev/video0``, or a link to it.
        sys: where the kernel shows video devices.
        ask: asks the driver.

    Raises:
        Misuse: ``edge.camera-absent``, ``edge.camera-unfit``.
    """
    try:
        node = path.resolve(strict=True)
        linked = (sys / node.name / "device").resolve(strict=True)
    except OSError:
        raise Misuse(NO_CAMERA) from None
    told = ask(node)
    driver = _link(linked / "driver") or told.driver
    usb = _usb(linked)
    found = CameraIdentity(
        vendor=_line(usb / "idVendor"),
        product=_line(usb / "idProduct"),
        serial=_line(usb / "serial"),
        driver=driver,
        bus=told.bus,
    )
    names = (
        f"{driver} {told.driver} {told.card} {told.bus} {_line(sys / node.name / 'name')}".lower()
    )
    software = any(word in names for word in VIRTUAL) or "/virtual/" in f"{linked}/"
    if not told.captures or software or not told.bus.startswith("usb-") or not found.serial:
        raise Misuse(UNFIT)
    return found


def cameras(sys: Path = SYS) -> list[Path]:
    """Every video device there is, by name."""
    try:
        return sorted(Path("/dev") / entry.name for entry in sys.iterdir())
    except OSError:
        return []


def _usb(linked: Path) -> Path:
    """The USB device over an interface: the folder that names a vendor."""
    return next((up for up in (linked, *linked.parents) if (up / "idVendor").is_file()), linked)


def _link(path: Path) -> str:
    return path.resolve().name if path.is_symlink() else ""


def _line(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip()[:64]
    except OSError:
        return ""


def _text(raw: bytes) -> str:
    return raw.split(b"\0", 1)[0].decode("utf-8", "replace")
