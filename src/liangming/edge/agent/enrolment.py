"""What a device knows about itself, and how it comes to its centre with a one-time code.

The key is made here and never leaves. It lies in a file that its owner alone can read; with a
passphrase the file is encrypted (scrypt, AES-256-GCM) and the passphrase is asked for at every start.
A TPM is not used: whoever is root on a running device can read the key from its memory.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Annotated, Final, Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from liangming.device.invite import Kind as DeviceKind
from liangming.edge import codes
from liangming.edge.face.lens import CameraIdentity
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
    zh="这台设备登记过了。要换密钥，请先在中心停用它（liangming device revoke），再删除本机的 edge.json。",
    en="This device is enrolled already. For a new key, disable it at the centre first (liangming "
    "device revoke) and remove edge.json here.",
)
PASSPHRASE: Final = declare(
    "edge.passphrase-wrong",
    Kind.UNAUTHENTICATED,
    zh="这台设备的密钥由口令保护；口令缺少或不对。",
    en="This device's key is protected by a passphrase, which is missing or not right.",
)
SETTINGS: Final = "edge.json"
BEGUN: Final = "edge.begun.json"  # the key of an enrolment whose answer has not come yet
Id = Annotated[str, msgspec.Meta(pattern="^[a-z0-9][a-z0-9._-]{0,63}$")]
CELLS: Final = 24
_COST: Final = 1 << 15
_SALT, _NONCE = 16, 12


class Enrolment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a device knows about itself.

    Attributes:
        device: the id that the centre gave; of a machine without a centre, any.
        seed: the device key's seed, hexadecimal.
        secret: keys the digests of codes and templates.
        api_key: for the centre's API; empty: this device works without a centre.
        commands_key: the verifier of the centre's commands.
        least: the least ``pad_level`` at which a face opens anything here.
        remember_days: how long a template is kept for who asks for it; 0: never offered.
        camera: the one camera that this device opens, as it was bound.
        camera_path: where it is found.
        attested: digest of the statement that the centre has.
        key_kept_in: as the statement says it.
    """

    device: Id
    scene: Id
    kind: DeviceKind
    seed: str
    secret: str
    centre: str = ""
    api_key: str = ""
    commands_key: str = ""
    cells: int = CELLS
    staff: str = ""  # digest, hexadecimal
    least: int = 3
    remember_days: Annotated[int, msgspec.Meta(ge=0, le=366)] = 0
    camera: CameraIdentity | None = None
    camera_path: str = ""
    attested: str = ""
    key_kept_in: Literal["software", "software-passphrase"] = "software"

    def __repr__(self) -> str:
        return f"<Enrolment {self.device}>"

    __str__ = __repr__

    @property
    def key(self) -> Ed25519PrivateKey:
        """The device's key, in software; an outcome says so."""
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.seed))

    @property
    def has_cells(self) -> bool:
        """Whether it holds parcels."""
        return self.kind == "locker"

    @property
    def reads_cards(self) -> bool:
        """Whether people send at it with a card on its reader: a locker, or a kiosk beside a counter."""
        return self.kind in {"locker", "kiosk"}

    @property
    def reports(self) -> bool:
        """Whether a centre knows this device and takes its events."""
        return bool(self.centre and self.api_key) and self.device.startswith("dev_")


class _Sealed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An enrolment under a passphrase."""

    sealed: bytes


def fresh(device: str, scene: str, kind: DeviceKind) -> Enrolment:
    """A new key and secret."""
    return Enrolment(
        device=device,
        scene=scene,
        kind=kind,
        cells=CELLS if kind == "locker" else 0,
        seed=Ed25519PrivateKey.generate().private_bytes_raw().hex(),
        secret=secrets.token_hex(32),
    )


def enrol(folder: Path, enrolment: Enrolment, passphrase: str = "") -> None:
    """Write it down, durable, once.

    Raises:
        Misuse: ``edge.enrolled-before``.
        Outage: ``edge.disk-full``.
    """
    must_be_new(folder)
    _write(folder / SETTINGS, _bytes(enrolment, passphrase))
    (folder / BEGUN).unlink(missing_ok=True)


def must_be_new(folder: Path) -> None:
    """Raise if this device is enrolled.

    Raises:
        Misuse: ``edge.enrolled-before``.
    """
    if (folder / SETTINGS).exists():
        raise Misuse(ENROLLED_BEFORE)


def begin(folder: Path, enrolment: Enrolment, passphrase: str = "") -> Enrolment:
    """Keep the key before the centre is asked: if its answer is lost, the same key asks again.

    Raises:
        Misuse: ``edge.enrolled-before``, ``edge.passphrase-wrong``.
        Outage: ``edge.disk-full``.
    """
    must_be_new(folder)
    path = folder / BEGUN
    if path.exists():
        return msgspec.structs.replace(
            _read(path, passphrase), scene=enrolment.scene, kind=enrolment.kind
        )
    _write(path, _bytes(enrolment, passphrase))
    return enrolment


def rewrite(folder: Path, enrolment: Enrolment, passphrase: str = "") -> None:
    """Write it down again, in place of the old one at once.

    Raises:
        Outage: ``edge.disk-full``; the old one stands.
    """
    half = folder / f"{SETTINGS}.new"
    try:
        half.unlink(missing_ok=True)
        _write(half, _bytes(enrolment, passphrase))
        half.replace(folder / SETTINGS)
    except OSError:
        raise Outage(codes.DISK_FULL) from None


def locked(folder: Path) -> bool:
    """Whether the file wants a passphrase."""
    try:
        return b'"sealed"' in (folder / SETTINGS).read_bytes()[:16]
    except OSError:
        return False


def enrolled(folder: Path, passphrase: str = "") -> Enrolment:
    """Read it.

    Raises:
        Misuse: ``edge.not-enrolled``, also when the file cannot be read as one;
            ``edge.passphrase-wrong``.
    """
    return _read(folder / SETTINGS, passphrase)


def _read(path: Path, passphrase: str) -> Enrolment:
    try:
        read = msgspec.json.decode(path.read_bytes(), type=dict)
        if "sealed" in read:
            read = msgspec.json.decode(_opened(msgspec.convert(read, _Sealed).sealed, passphrase))
        return msgspec.convert(read, Enrolment)
    except (OSError, msgspec.DecodeError, msgspec.ValidationError):
        raise Misuse(NOT_ENROLLED) from None


def _bytes(enrolment: Enrolment, passphrase: str) -> bytes:
    plain = msgspec.json.encode(enrolment)
    if not passphrase:
        return msgspec.json.format(plain)
    salt, nonce = secrets.token_bytes(_SALT), secrets.token_bytes(_NONCE)
    sealed = AESGCM(_key(passphrase, salt)).encrypt(nonce, plain, None)
    return msgspec.json.encode(_Sealed(salt + nonce + sealed))


def _opened(sealed: bytes, passphrase: str) -> bytes:
    salt, rest = sealed[:_SALT], sealed[_SALT:]
    try:
        return AESGCM(_key(passphrase, salt)).decrypt(rest[:_NONCE], rest[_NONCE:], None)
    except (InvalidTag, ValueError):
        raise Misuse(PASSPHRASE) from None


def _key(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt, 32, n=_COST, r=8, p=1).derive(passphrase.encode())


def _write(path: Path, data: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        raise Outage(codes.DISK_FULL) from None
