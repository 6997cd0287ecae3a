"""What a device says of itself, signed by its key: its models, its settings, where its key is kept.

The signature proves that whoever holds the code also holds the key. That the models really run on
that device is what the device says; nothing here can prove it (no TPM is used).
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Final, Literal

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liangming.device import codes
from liangming.errors import Refusal
from liangming.ledger.device import key_text, read_key_text

ENROLMENT: Final = b"liangming/device-enrolment/1\0"
ATTESTATION: Final = b"liangming/device-attestation/1\0"
MOST_MODELS: Final = 16

Short = Annotated[str, msgspec.Meta(max_length=128)]


class Statement(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A device about itself.

    Attributes:
        agent: version of its program.
        camera: driver, vendor and product of its camera; empty: it has none.
        cells: how many cells it has.
        key: base 64 of its 32-byte Ed25519 public key.
        key_kept_in: ``software``, or ``software-passphrase`` where the file is encrypted.
        kind: ``locker``, ``kiosk``, ``vending`` or ``station``.
        least: the least ``pad_level`` at which a face opens anything.
        models: ``name@hash`` of each model.
        remember_days: how long it keeps a template that a person asked it to keep; 0: never.
    """

    agent: Short
    camera: Short = ""
    cells: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 0
    key: Short
    key_kept_in: Literal["software", "software-passphrase"] = "software"
    kind: Literal["locker", "vending", "station", "kiosk"]
    least: Annotated[int, msgspec.Meta(ge=0, le=5)] = 3
    models: Annotated[tuple[Short, ...], msgspec.Meta(max_length=MOST_MODELS)] = ()
    remember_days: Annotated[int, msgspec.Meta(ge=0, le=366)] = 0

    @property
    def digest(self) -> str:
        """What the log commits to."""
        return hashlib.sha256(_canonical(self)).hexdigest()


_canonical = msgspec.json.Encoder(order="sorted").encode


def message(context: bytes, bound: str, statement: Statement) -> bytes:
    """What is signed: a statement, bound to a code or to a device id."""
    return context + hashlib.sha256(bound.encode()).digest() + _canonical(statement)


def signed(key: Ed25519PrivateKey, context: bytes, bound: str, statement: Statement) -> str:
    """The device's signature, hexadecimal."""
    return key.sign(message(context, bound, statement)).hex()


def stated_by(key: Ed25519PrivateKey, **said: object) -> Statement:
    """A statement under this key."""
    return Statement(key=key_text(key.public_key()), **said)  # type: ignore[arg-type]


def must_be_signed(context: bytes, bound: str, statement: Statement, signature: str) -> None:
    """Raise unless the key in the statement signed it.

    Raises:
        Misuse: the key is none (``ledger.key-malformed``).
        Refusal: ``device.statement-unsigned``.
    """
    key = read_key_text(statement.key)
    try:
        key.verify(bytes.fromhex(signature), message(context, bound, statement))
    except (InvalidSignature, ValueError):
        raise Refusal(codes.STATEMENT_UNSIGNED, field="signature") from None
