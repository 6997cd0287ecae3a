"""A machine's word for a payment that it took (付款凭据): who it was is nobody's business.

A compact signed token, ``lmp1.<payload>.<signature>``: the machine, its scene, the order, the way, the
sum and the moment; nothing about the person. Whoever took the money is the one who knows it, so an
enrolled machine is the source of payments at its own scene (docs/spec/payment.md).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import datetime, timedelta
from typing import Final, Literal

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from liangming.clock import micros

HEAD: Final = "lmp1"
LIFE: Final = timedelta(minutes=10)
SKEW: Final = timedelta(minutes=2)
_CONTEXT: Final = b"liangming/payment/1\0"
_LONGEST: Final = 512


class Payment(msgspec.Struct, frozen=True, array_like=True):
    """What a machine says of one payment."""

    device: str
    scene: str
    order: str
    by: Literal["payment-code", "cash", "bank-card"]
    fen: int
    at: int  # µs, by the machine's clock

    @property
    def digest(self) -> bytes:
        """What is used up with a check: one order passes one."""
        told = f"{self.device}\0{self.order}".encode()
        return hashlib.sha256(_CONTEXT + told).digest()


def sign(key: Ed25519PrivateKey, payment: Payment) -> str:
    """The token."""
    payload = msgspec.msgpack.encode(payment)
    return f"{HEAD}.{_text(payload)}.{_text(key.sign(_CONTEXT + payload))}"


def said(reference: str) -> bool:
    """Whether a reference claims to be a machine's word."""
    return reference.startswith(f"{HEAD}.")


def payer(reference: str) -> str:
    """The machine that a token names, unverified; empty where it cannot be read."""
    read = _read(reference)
    return read[0].device if read is not None else ""


def confirmed(
    reference: str, key: Ed25519PublicKey, *, scene: str, by: str, at: datetime
) -> Payment | None:
    """What a token proves of this scene and way, now; None if it proves nothing.

    Args:
        key: of the machine that :func:`payer` named.
        by: the way that is shown.
        at: ten minutes at most after the payment; two before it, for clocks that differ.
    """
    read = _read(reference)
    if read is None:
        return None
    payment, payload, signature = read
    try:
        key.verify(signature, _CONTEXT + payload)
    except InvalidSignature:
        return None
    age = micros(at) - payment.at
    fresh = -(SKEW // timedelta(microseconds=1)) <= age <= LIFE // timedelta(microseconds=1)
    fits = (payment.scene, payment.by) == (scene, by) and payment.fen > 0
    return payment if fits and fresh else None


def _read(reference: str) -> tuple[Payment, bytes, bytes] | None:
    parts = reference.split(".")
    if len(reference) > _LONGEST or len(parts) != 3 or parts[0] != HEAD:  # noqa: PLR2004
        return None
    try:
        payload, signature = _bytes(parts[1]), _bytes(parts[2])
        return msgspec.msgpack.decode(payload, type=Payment), payload, signature
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        return None


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _text(raw) != text:
        raise ValueError("not canonical")
    return raw
