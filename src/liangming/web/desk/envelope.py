"""What the desk's page seals while the line is down, so that only this installation can open it.

HPKE (RFC 9180), base mode: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM: what every browser
has. The page holds the public key only; the private one is derived from the operator's keys and
is in no browser. ``docs/spec/desk-entry.md`` is the format.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from datetime import datetime
from typing import Final, Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from liangming.check.states import Subject
from liangming.clock import from_micros, micros
from liangming.errors import Misuse
from liangming.law.words import Method
from liangming.web.faults import LATER_UNREADABLE
from liangming.web.house import House

CONTEXT: Final = b"liangming/desk-entry/1\0"
BLOCK: Final = 512
"""What is sealed is filled up to a multiple of this, so that its length says nothing."""
ID: Final = re.compile(r"[0-9a-f]{32}")
_SUITE: Final = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class Entered(msgspec.Struct, frozen=True, kw_only=True):
    """What was entered; its repr names nobody."""

    v: Literal[1]
    scene: str
    way: Method
    text: str
    document: str = ""
    expires: str = ""
    agrees: bool
    subject: Subject = Subject.SELF
    notice: str
    seen: int  # ms, by the desk's clock
    number: int
    leave: str  # the leave that the page was given, see :func:`leave`

    def __repr__(self) -> str:
        return "<Entered>"

    __str__ = __repr__


class Leave(msgspec.Struct, frozen=True, array_like=True):
    """What a signed-in desk was given: it may note down, at this scene, until then."""

    scene: str
    until: int  # µs


_read_entered = msgspec.json.Decoder(Entered).decode


def _private(house: House) -> ec.EllipticCurvePrivateKey:
    # 48 bytes, so that the number modulo the order is even enough (FIPS 186-5, A.2.1).
    drawn = house.key("desk-entry/1") + house.key("desk-entry/2")[:16]
    return ec.derive_private_key(int.from_bytes(drawn, "big") % (_ORDER - 1) + 1, ec.SECP256R1())


def public(house: House) -> str:
    """The key that the page seals to: an uncompressed point, base64url."""
    point = (
        _private(house)
        .public_key()
        .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    )
    return _text(point)


def leave(house: House, scene: str, until: datetime) -> str:
    """Leave to note down at a scene; it says nothing about anyone."""
    body = msgspec.json.encode(Leave(scene, micros(until)))
    return f"{_text(body)}.{_text(_tag(house, body))}"


def opened(house: House, entry: str, sealed: str) -> tuple[Entered, datetime]:
    """An entry, and until when its desk might note down.

    Raises:
        Misuse: ``web.later-unreadable``: damaged, under another id, of another installation, or
            without leave of ours for its scene.
    """
    try:
        raw = _bytes(sealed)
        clear = _SUITE.decrypt(raw, _private(house), CONTEXT + entry.encode())
        found = _read_entered(clear)
        body, _, tag = found.leave.partition(".")
        given = _bytes(body)
        if not hmac.compare_digest(_tag(house, given), _bytes(tag)):
            raise Misuse(LATER_UNREADABLE)
        allowed = msgspec.json.decode(given, type=Leave)
    except (InvalidTag, ValueError, binascii.Error, msgspec.MsgspecError):
        raise Misuse(LATER_UNREADABLE) from None
    if allowed.scene != found.scene:
        raise Misuse(LATER_UNREADABLE)
    return found, from_micros(allowed.until)


def _tag(house: House, body: bytes) -> bytes:
    return hmac.digest(house.key("desk-leave"), body, "sha256")


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
