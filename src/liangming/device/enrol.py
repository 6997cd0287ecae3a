"""Enrol a device's public key, and disable it. Each leaves a leaf in the same commit.

A device of ours comes with a code (``redeem``); a station that signs on its own hands in its key.
Both are the same record, which outcomes, events and acknowledgements are judged by.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from liangming import ids
from liangming.check.desk import leaf_of, scene_of
from liangming.check.opening import leaf_key_of
from liangming.check.ports import LeafRow
from liangming.check.premises import Premises
from liangming.clock import micros
from liangming.device import codes, events
from liangming.device.statement import Statement
from liangming.docket import Record, Records
from liangming.errors import Misuse
from liangming.ledger import Event
from liangming.ledger.device import key_text, read_key_text
from liangming.ledger.leaf import KEY_BYTES
from liangming.vault import pad

DEVICE: Final = "dev"
KIND: Final = "device"
ENABLED, DISABLED = "enabled", "disabled"

NOTE: Final = "dvn"  # names what the centre says of a device
FORK: Final = "dvf"  # names a second content of a number
OWNERS: Final = frozenset((DEVICE, NOTE, FORK))  # whose leaf keys follow from the secret
_LONGEST: Final = 64
_LABEL: Final = b"liangming/device/leaf/1\x00"
_OF_CHECK: Final = b"liangming/device/leaf-of-check/1\x00"
OF: Final = "of"  # the fact in which a device names a check
_STEP: Final = 500


class Body(msgspec.Struct, frozen=True):
    """What a record says of a device."""

    name: str
    scene: str
    key: str
    camera: bool = False
    client: str = ""  # the API client that was made for it
    stated: Statement | None = None


class Enrolled(msgspec.Struct, frozen=True, kw_only=True):
    """A device as enrolled."""

    id: str
    operator: str
    name: str
    scene: str
    key: Ed25519PublicKey
    enabled: bool
    enrolled_at: int  # µs
    camera: bool = False
    client: str = ""
    stated: Statement | None = None  # what it said of itself; None: a key was handed in


async def enrol(
    premises: Premises,
    docket: Records,
    *,
    name: str,
    scene: str,
    key: str,
    actor: str,
    camera: bool = False,
) -> Enrolled:
    """Enrol a device by its key; it gets an id, with which it signs.

    Args:
        premises: the house.
        docket: where devices are kept.
        name: for people.
        scene: where it stands.
        key: base 64 of its 32-byte Ed25519 public key.
        actor: who enrols it.
        camera: it has one; checks at its scene then say that it stood there.

    Raises:
        Misuse: ``device.name-unfit``, ``check.scene-unknown``, ``ledger.key-malformed``.
    """
    if not 0 < len(name) <= _LONGEST or not name.isprintable():
        raise Misuse(codes.NAME_UNFIT, field="name")
    place = scene_of(premises, scene)
    public = read_key_text(key)
    at = premises.clock.now()
    device = ids.new(DEVICE, at)
    facts = {
        "device": device,
        "scene": scene,
        "key": hashlib.sha256(public.public_bytes_raw()).hexdigest(),
        "actor": actor,
    }
    record = Record(
        id=device,
        kind=KIND,
        operator=place.operator.id,
        about=scene,
        state=ENABLED,
        version=1,
        opened_at=micros(at),
        changed_at=micros(at),
        due_at=None,
        keep_until=None,
        leaf_key=b"",
        body=msgspec.json.encode(Body(name, scene, key_text(public), camera)),
    )
    note = Event(events.ENROLLED.tag, micros(at), ids.new(NOTE, at), facts)
    await docket.commit([record], [leaf(premises, note, 0)])
    return read_record(record)


async def disable(premises: Premises, docket: Records, device: str, *, actor: str) -> bool:
    """Nothing that a device signs counts from now on; False when it was disabled before.

    Its API client opens no door either, for a door asks whether the device is enabled.

    Raises:
        Misuse: ``device.unknown``.
    """
    record = await docket.get(device)
    if record is None or record.kind != KIND:
        raise Misuse(codes.UNKNOWN)
    if record.state == DISABLED:
        return False
    at = premises.clock.now()
    moved = msgspec.structs.replace(
        record, state=DISABLED, version=record.version + 1, changed_at=micros(at)
    )
    facts = {"device": device, "actor": actor}
    note = Event(events.DISABLED.tag, micros(at), ids.new(NOTE, at), facts)
    await docket.commit([moved], [leaf(premises, note, 0)])
    return True


async def find(docket: Records, device: str) -> Enrolled | None:
    """One device, enabled or not."""
    record = await docket.get(device) if ids.is_id(DEVICE, device) else None
    return read_record(record) if record is not None and record.kind == KIND else None


async def enrolled(docket: Records) -> list[Enrolled]:
    """All devices, oldest first."""
    return [device async for device in each_enrolled(docket)]


async def each_enrolled(docket: Records) -> AsyncIterator[Enrolled]:
    """All devices, oldest first, some hundred read at a time."""
    after = ""
    while some := await docket.walk(KIND, after, _STEP):
        for record in some:
            yield read_record(record)
        after = some[-1].id


def leaf(premises: Premises, event: Event, number: int) -> LeafRow:
    """The leaf of what the centre says of a device.

    No person stands behind it, so its salts follow from the operator's secret, which stays.
    """
    return leaf_of(event, leaf_key(premises.keys.leaf, event.check_id), number)


async def told_leaf(premises: Premises, event: Event, number: int) -> LeafRow:
    """The leaf of what a device told; of a check, it opens no longer than that check's leaves do."""
    key = await check_leaf_key(premises, event, number)
    return leaf(premises, event, number) if key is None else leaf_of(event, key, number)


async def check_leaf_key(premises: Premises, event: Event, number: int) -> bytes | None:
    """The key of a leaf that tells of a check (``of``), which goes with the person behind it.

    Returns:
        None where the event is of no check that is known here, or that check's key is gone.
    """
    of = event.facts.get(OF)
    if not isinstance(of, str) or not ids.is_id(ids.CHECK, of):
        return None
    row = await premises.store.check(of)
    key = None if row is None else await leaf_key_of(premises, row)
    if key is None:
        return None
    return pad(_OF_CHECK, key, event.check_id.encode() + b"\x00" + number.to_bytes(8, "big"))


def leaf_key(secret: bytes, owner: str) -> bytes:
    """The key of the leaves of a device, or of one note about it.

    Args:
        secret: ``OperatorKeys.leaf``.
        owner: the id that stands in ``check``.
    """
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=_LABEL + owner.encode()).derive(secret)


async def speaks_as(docket: Records, device: str, client: str) -> None:
    """Write down which API client belongs to a device.

    Raises:
        Misuse: ``device.unknown``, ``check.moved-on``.
    """
    record = await docket.get(device)
    if record is None or record.kind != KIND:
        raise Misuse(codes.UNKNOWN)
    body = msgspec.json.decode(record.body, type=Body)
    moved = msgspec.structs.replace(
        record,
        version=record.version + 1,
        body=msgspec.json.encode(msgspec.structs.replace(body, client=client)),
    )
    await docket.commit([moved])


def read_record(record: Record) -> Enrolled:
    """The device of a record."""
    body = msgspec.json.decode(record.body, type=Body)
    return Enrolled(
        id=record.id,
        operator=record.operator,
        name=body.name,
        scene=body.scene,
        key=read_key_text(body.key),
        enabled=record.state == ENABLED,
        enrolled_at=record.opened_at,
        camera=body.camera,
        client=body.client,
        stated=body.stated,
    )
