"""The one-time code with which a device comes to its centre (docs/spec/device-enrolment.md).

The code carries what it is for and a keyed digest under the installation's token key. Issuing one
writes nothing, so it can be done beside a running server; that it works once is written down in the
transaction that enrols the device.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal

import msgspec

from liangming import ids
from liangming.check.faults import SCENE_UNKNOWN
from liangming.clock import micros
from liangming.device import codes
from liangming.errors import Misuse
from liangming.scene.model import Scene

INVITE: Final = "dvi"
LIFE: Final = timedelta(hours=24)
LONGEST: Final = 2048
_HEAD: Final = "lmi1"
_CONTEXT: Final = b"liangming/device-invite/1\0"
_NAME: Final = 64

Kind = Literal["locker", "vending", "station", "kiosk"]


class Invite(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a code admits: one device, of one kind, at one scene, until a moment."""

    id: str
    scene: str
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=_NAME)]
    kind: Kind
    until: int  # µs
    actor: str
    centre: str = ""  # where the device finds its centre


def invite(
    token: bytes,
    scenes: Mapping[str, Scene],
    at: datetime,
    *,
    scene: str,
    name: str,
    kind: Kind,
    actor: str,
    centre: str = "",
    life: timedelta = LIFE,
) -> str:
    """A code for one device, good once and for a day.

    Args:
        token: the installation's token key.
        scenes: the live ones.
        at: now.
        scene: where the device will stand.
        name: for people.
        kind: what it is.
        actor: who lets it in; stands in the log when the code is used.
        centre: address of this centre as the device reaches it.
        life: how long the code is good.

    Raises:
        Misuse: ``device.name-unfit``, ``check.scene-unknown``.
    """
    if not 0 < len(name) <= _NAME or not name.isprintable():
        raise Misuse(codes.NAME_UNFIT, field="name")
    if scene not in scenes:
        raise Misuse(SCENE_UNKNOWN, field="scene")
    said = Invite(
        id=ids.new(INVITE, at),
        scene=scene,
        name=name,
        kind=kind,
        until=micros(at + life),
        actor=actor,
        centre=centre,
    )
    body = msgspec.json.encode(said)
    return f"{_HEAD}.{_text(body)}.{_text(_mac(token, body))}"


def read_invite(token: bytes, code: str, at: datetime) -> Invite:
    """The invite of a code that this installation issued and whose day is not over.

    Raises:
        Misuse: ``device.invite-unfit``, ``device.invite-over``.
    """
    body, mac = _parts(code)
    if not hmac.compare_digest(_mac(token, body), mac):
        raise Misuse(codes.INVITE_UNFIT, field="code")
    said = _decoded(body)
    if said.until <= micros(at):
        raise Misuse(codes.INVITE_OVER, field="code")
    return said


def peek(code: str) -> Invite:
    """What a code says, believed by nobody yet: a device looks where its centre is.

    Raises:
        Misuse: ``device.invite-unfit``.
    """
    return _decoded(_parts(code)[0])


def _parts(code: str) -> tuple[bytes, bytes]:
    head, _, rest = code.strip().partition(".")
    body, _, mac = rest.partition(".")
    if head != _HEAD or len(code) > LONGEST:
        raise Misuse(codes.INVITE_UNFIT, field="code")
    try:
        return _bytes(body), _bytes(mac)
    except (binascii.Error, ValueError):
        raise Misuse(codes.INVITE_UNFIT, field="code") from None


def _decoded(body: bytes) -> Invite:
    try:
        return msgspec.json.decode(body, type=Invite)
    except msgspec.DecodeError:
        raise Misuse(codes.INVITE_UNFIT, field="code") from None


def _mac(token: bytes, body: bytes) -> bytes:
    return hmac.new(token, _CONTEXT + body, hashlib.sha256).digest()


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
