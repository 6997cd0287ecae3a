"""The hand-over code (交接码): proof at the counter that an order was verified in the app.

A compact signed token, ``lmh1.<payload>.<signature>``, shown as QR. The payload names the online
check, the operator and the end of validity, nothing about the person; Ed25519 lets a station
verify it offline. It is used up by the first check that accepts it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import datetime

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from liangming.clock import micros
from liangming.errors import Kind, Misuse, Refusal, declare

_HEAD = "lmh1"
_CONTEXT = b"liangming/handover/1\0"
_LONGEST = 512

CODE_DAMAGED = declare(
    "method.order-code-damaged",
    Kind.INVALID,
    zh="交接码不完整或不是本系统签发的，请重新出示，或改用证件。",
    en="The hand-over code is incomplete or not ours; show it again or use a document.",
)
CODE_EXPIRED = declare(
    "method.order-code-expired",
    Kind.REFUSED,
    zh="交接码已过期。可在应用中刷新，或改用证件。",
    en="The hand-over code has expired. Refresh it in the app, or use a document.",
)
CODE_ELSEWHERE = declare(
    "method.order-code-elsewhere",
    Kind.REFUSED,
    zh="这个交接码属于另一家企业，请改用证件。",
    en="This hand-over code belongs to another company; please use a document.",
)


class HandOver(msgspec.Struct, frozen=True, array_like=True):
    """What a valid code proves."""

    check: str  # the online check that passed
    operator: str
    expires_at: int  # µs
    nonce: bytes

    @property
    def digest(self) -> bytes:
        """What is used up: 32 bytes."""
        return hashlib.sha256(_CONTEXT + self.nonce + self.check.encode()).digest()


def issue(key: Ed25519PrivateKey, handover: HandOver) -> str:
    """Sign a code."""
    payload = msgspec.msgpack.encode(handover)
    return f"{_HEAD}.{_text(payload)}.{_text(key.sign(_CONTEXT + payload))}"


def read(key: Ed25519PublicKey, code: str, *, expected_operator: str, at: datetime) -> HandOver:
    """Verify a code and return what it proves.

    Raises:
        Misuse: damaged or foreign (``method.order-code-damaged``).
        Refusal: expired, or of another operator.
    """
    parts = code.strip().split(".")
    if len(code) > _LONGEST or len(parts) != 3 or parts[0] != _HEAD:  # noqa: PLR2004
        raise Misuse(CODE_DAMAGED, field="evidence.code")
    try:
        payload, signature = _bytes(parts[1]), _bytes(parts[2])
        key.verify(signature, _CONTEXT + payload)
        handover = msgspec.msgpack.decode(payload, type=HandOver)
    except (InvalidSignature, binascii.Error, ValueError, msgspec.MsgspecError):
        raise Misuse(CODE_DAMAGED, field="evidence.code") from None
    if handover.operator != expected_operator:
        raise Refusal(CODE_ELSEWHERE, field="evidence.code")
    if handover.expires_at <= micros(at):
        raise Refusal(CODE_EXPIRED, field="evidence.code")
    return handover


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _text(raw) != text:
        raise ValueError("not canonical")
    return raw
