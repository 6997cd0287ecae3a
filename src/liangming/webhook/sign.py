"""Signatures after Standard Webhooks (standardwebhooks.com): HMAC-SHA-256 over id, time and body.

1 the key of a subscription follows from the installation's token key, its id and a generation: nothing
that opens anything lies in the database, and a rotation is a number that grows
2 ``v1,`` and base 64 of HMAC-SHA-256(key, ``id.time.body``); during a rotation two of them, by a space
3 whoever verifies compares in constant time and refuses a time more than five minutes away
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from typing import Final

from liangming.errors import Misuse, Refusal
from liangming.webhook.codes import FORGED, SECRET_UNFIT

ID: Final = "webhook-id"
TIME: Final = "webhook-timestamp"
SIGNATURE: Final = "webhook-signature"
TOLERANCE: Final = 300  # seconds
_PREFIX: Final = "whsec_"
_LABEL: Final = b"liangming/webhook/1\0"
_SHORTEST: Final = 24  # bytes, by the standard


def key_of(token: bytes, hook: str, generation: int) -> bytes:
    """The signing key of a subscription."""
    message = _LABEL + hook.encode() + b"\0" + str(generation).encode()
    return hmac.digest(token, message, hashlib.sha256)


def text_of(key: bytes) -> str:
    """A key as it is handed out."""
    return _PREFIX + base64.b64encode(key).decode()


def read_text(text: str) -> bytes:
    """A key from its text.

    Raises:
        Misuse: ``webhook.secret-unfit``.
    """
    try:
        key = base64.b64decode(text.strip().removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise Misuse(SECRET_UNFIT) from None
    if len(key) < _SHORTEST or not text.strip().startswith(_PREFIX):
        raise Misuse(SECRET_UNFIT)
    return key


def signed(keys: Sequence[bytes], message: str, seconds: int, body: bytes) -> dict[str, str]:
    """The three headers of a post."""
    signatures = [_signature(key, message, str(seconds), body) for key in keys]
    return {ID: message, TIME: str(seconds), SIGNATURE: " ".join(signatures)}


def verify(key: bytes, headers: dict[str, str], body: bytes, *, now: int) -> str:
    """The id of a message that was signed with this key; remember it, to know a repetition.

    Args:
        key: of the subscription.
        headers: of the request, by names in lower case.
        body: exactly as it came.
        now: seconds since 1970.

    Raises:
        Refusal: ``webhook.forged``.
    """
    message, stamp = headers.get(ID, ""), headers.get(TIME, "")
    given = headers.get(SIGNATURE, "").split()
    timely = stamp.isascii() and stamp.isdecimal() and abs(now - int(stamp)) <= TOLERANCE
    right = _signature(key, message, stamp, body).encode()
    fits = [hmac.compare_digest(right, each.encode()) for each in given]
    if not (message and timely and any(fits)):
        raise Refusal(FORGED)
    return message


def _signature(key: bytes, message: str, stamp: str, body: bytes) -> str:
    content = f"{message}.{stamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
