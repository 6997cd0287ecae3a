"""The devices that whoever runs the centre has admitted: one small file, read again when it changes.

``liangming edge admit LINE`` writes it, ``liangming edge revoke ID`` disables a device at once: every
look at the mapping asks the file's own time and size first, so no restart is needed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from liangming.check import Device
from liangming.errors import Kind, Misuse, Outage, declare

UNREADABLE: Final = declare(
    "providers.devices-unreadable",
    Kind.OUTAGE,
    zh="终端名册 devices.json 无法读取或写入；在修好之前没有终端可用，其他方式照常。",
    en="The list of devices, devices.json, cannot be read or written; until it is mended no device "
    "is known, and all other ways go on.",
)
KNOWN_BEFORE: Final = declare(
    "providers.device-known",
    Kind.OUT_OF_ORDER,
    zh="这个编号的终端已经登记；停用后编号不再使用，请换一个编号。",
    en="A device with this id is known; an id is not used again, please take another one.",
)
UNKNOWN: Final = declare(
    "providers.device-unknown",
    Kind.ABSENT,
    zh="没有这台终端。",
    en="There is no such device.",
)


class Line(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One device as written down."""

    id: str
    scene: str
    public: str
    enabled: bool = True


class EnrolledDevices(Mapping[str, Device]):
    """A live view of ``devices.json``; without the file there is no device."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mark: tuple[int, int, int] | None = None
        self._devices: dict[str, Device] = {}

    def __getitem__(self, device: str) -> Device:
        """One device."""
        return self._now()[device]

    def __iter__(self) -> Iterator[str]:
        """Their ids."""
        return iter(self._now())

    def __len__(self) -> int:
        """How many."""
        return len(self._now())

    def admit(self, device: str, scene: str, public: str) -> None:
        """Write a device down.

        Raises:
            Misuse: ``providers.device-known``.
            Outage: ``providers.devices-unreadable``.
        """
        lines = self._lines()
        if any(line.id == device for line in lines):
            raise Misuse(KNOWN_BEFORE)
        self._write((*lines, Line(id=device, scene=scene, public=public)))

    def revoke(self, device: str) -> None:
        """Disable a device for good; its line stays, so that old outcomes can be explained.

        Raises:
            Misuse: ``providers.device-unknown``.
        """
        lines = self._lines()
        if all(line.id != device for line in lines):
            raise Misuse(UNKNOWN)
        self._write(
            tuple(
                msgspec.structs.replace(line, enabled=False) if line.id == device else line
                for line in lines
            )
        )

    def _now(self) -> dict[str, Device]:
        try:
            told = self._path.stat()
            mark = told.st_mtime_ns, told.st_size, told.st_ino
        except OSError:
            self._mark, self._devices = None, {}
            return self._devices
        if mark != self._mark:
            try:
                self._devices = {line.id: _device(line) for line in self._lines()}
            except (Outage, ValueError):
                self._devices = {}  # what cannot be read enrols nobody
            self._mark = mark
        return self._devices

    def _lines(self) -> tuple[Line, ...]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=tuple[Line, ...])
        except FileNotFoundError:
            return ()
        except (OSError, msgspec.DecodeError):
            raise Outage(UNREADABLE) from None

    def _write(self, lines: tuple[Line, ...]) -> None:
        half = self._path.with_suffix(".new")
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with half.open("wb") as file:
                file.write(msgspec.json.format(msgspec.json.encode(lines)))
                file.flush()
                os.fsync(file.fileno())
            half.replace(self._path)
        except OSError:
            raise Outage(UNREADABLE) from None


def _device(line: Line) -> Device:
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(line.public))
    return Device(line.id, line.scene, key, enabled=line.enabled)
