"""How a device and a centre come to know each other.

The device makes its key and prints one line; whoever runs the centre admits the line after comparing
eight digits on both screens. The private key never leaves the device.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from liangming.edge import codes
from liangming.errors import Kind, Misuse, Outage, declare

NOT_ENROLLED: Final = declare(
    "edge.not-enrolled",
    Kind.OUT_OF_ORDER,
    zh="这台设备还没有登记，先运行 liangming edge enrol。",
    en="This device is not enrolled yet; run liangming edge enrol first.",
)
ENROLLED_BEFORE: Final = declare(
    "edge.enrolled-before",
    Kind.OUT_OF_ORDER,
    zh="这台设备登记过了。要换密钥，请先在中心停用它，再删除本机的 edge.json。",
    en="This device is enrolled already. For a new key, revoke it at the centre first and remove "
    "edge.json here.",
)
SETTINGS: Final = "edge.json"
Id = Annotated[str, msgspec.Meta(pattern="^[a-z0-9][a-z0-9.-]{0,63}$")]
_LINE: Final = re.compile(
    r"liangming-device/1 ([a-z0-9][a-z0-9.-]{0,63}) ([a-z0-9][a-z0-9.-]{0,63}) "
    r"([0-9a-f]{64}) ([0-9a-f]{128})"
)


class Enrolment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a device knows about itself; the file is readable by its owner alone.

    Attributes:
        seed: the device key's seed, hexadecimal.
        secret: keys the digests of codes.
        api_key: for the centre's API; empty: this device works without a centre.
        commands_key: the verifier of the centre's commands, from ``liangming edge admit``.
        journal: from ``liangming ledger device-add`` at the centre; empty: events stay on the device.
        least: the least ``pad_level`` at which a face opens anything here.
    """

    device: Id
    scene: Id
    kind: Literal["locker", "vending"]
    seed: str
    secret: str
    centre: str = ""
    api_key: str = ""
    commands_key: str = ""
    cells: int = 24
    staff: str = ""  # digest, hexadecimal
    least: int = 3
    journal: str = ""  # the id under which the centre keeps this device's events

    def __repr__(self) -> str:
        return f"<Enrolment {self.device}>"

    __str__ = __repr__

    @property
    def key(self) -> Ed25519PrivateKey:
        """The device's key, in software; an outcome says so."""
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.seed))

    @property
    def line(self) -> str:
        """What the centre is told: id, scene, public key, and a signature over the three."""
        public = self.key.public_key().public_bytes_raw().hex()
        said = f"liangming-device/1 {self.device} {self.scene} {public}"
        return f"{said} {self.key.sign(said.encode()).hex()}"


class Admitted(msgspec.Struct, frozen=True):
    """A device as its line says it."""

    device: str
    scene: str
    public: str


def enrol(folder: Path, enrolment: Enrolment) -> None:
    """Write it down, durable, once.

    Raises:
        Misuse: ``edge.enrolled-before``.
        Outage: ``edge.disk-full``.
    """
    path = folder / SETTINGS
    if path.exists():
        raise Misuse(ENROLLED_BEFORE)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(enrolment)))
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        raise Outage(codes.DISK_FULL) from None


def enrolled(folder: Path) -> Enrolment:
    """Read it.

    Raises:
        Misuse: ``edge.not-enrolled``; also when the file cannot be read as one.
    """
    try:
        return msgspec.json.decode((folder / SETTINGS).read_bytes(), type=Enrolment)
    except (OSError, msgspec.DecodeError):
        raise Misuse(NOT_ENROLLED) from None


def fresh(device: str, scene: str, kind: Literal["locker", "vending"]) -> Enrolment:
    """A new key and secret."""
    return Enrolment(
        device=device,
        scene=scene,
        kind=kind,
        seed=Ed25519PrivateKey.generate().private_bytes_raw().hex(),
        secret=secrets.token_hex(32),
    )


def read_line(line: str) -> Admitted | None:
    """The device of an enrolment line; None if it is not one or its signature does not fit."""
    shape = _LINE.fullmatch(line.strip())
    if shape is None:
        return None
    device, scene, public, signature = shape.groups()
    said = f"liangming-device/1 {device} {scene} {public}"
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(
            bytes.fromhex(signature), said.encode()
        )
    except (InvalidSignature, ValueError):
        return None
    return Admitted(device, scene, public)


def digits(line: str) -> str:
    """Eight digits to compare by eye on both screens."""
    number = int.from_bytes(hashlib.sha256(line.strip().encode()).digest(), "big")
    return f"{number % 10**8:08d}"
