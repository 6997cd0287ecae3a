"""A device comes with its code: enrolled once, under the key that it made itself.

In this order: 1 the code is ours, and its day is not over → 2 the statement is signed by the key in
it → 3 the scene is live → 4 the code was not used; or by the same key, which means that the answer
was lost → 5 device, use of the code and two leaves in one transaction.
"""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec

from liangming import ids
from liangming.check.desk import scene_of
from liangming.check.ports import MOVED_ON
from liangming.check.premises import Premises
from liangming.clock import from_micros, micros
from liangming.device import codes, events
from liangming.device.enrol import (
    DEVICE,
    DISABLED,
    ENABLED,
    KIND,
    NOTE,
    Body,
    Enrolled,
    find,
    leaf,
    read_record,
)
from liangming.device.invite import Invite, read_invite
from liangming.device.statement import ATTESTATION, ENROLMENT, Statement, must_be_signed
from liangming.docket import Record, Records
from liangming.errors import Misuse, Refusal
from liangming.ledger import Event
from liangming.ledger.device import key_text, read_key_text
from liangming.ledger.leaf import FactValue

USED_KIND: Final = "device-invite"
USED: Final = "used"


async def redeem(
    premises: Premises, docket: Records, *, code: str, statement: Statement, signature: str
) -> Enrolled:
    """Enrol the device that comes with a code.

    Coming again with the same code and the same key gives the same device: its first answer was lost.

    Raises:
        Misuse: ``device.invite-unfit``, ``device.invite-over``, ``device.invite-used``,
            ``device.kind-unfit``, ``check.scene-unknown``, ``ledger.key-malformed``.
        Refusal: ``device.statement-unsigned``.
    """
    at = premises.clock.now()
    said = read_invite(premises.keys.token, code, at)  # 1
    must_be_signed(ENROLMENT, code.strip(), statement, signature)  # 2
    if statement.kind != said.kind:
        raise Misuse(codes.KIND_UNFIT, field="statement.kind")
    operator = scene_of(premises, said.scene).operator.id  # 3
    before = await docket.get(said.id)
    if before is not None:  # 4
        return await _again(docket, before, statement)
    record = _record(ids.new(DEVICE, at), said, statement, operator, micros(at))
    try:
        await docket.commit(  # 5
            [record, _used(said, record.id, operator, micros(at))],
            [
                leaf(premises, _enrolled_note(record, said, statement), 0),
                leaf(premises, attested_note(premises, record.id, statement), 0),
            ],
        )
    except Misuse as late:
        if late.code is not MOVED_ON:
            raise
        raise Misuse(codes.INVITE_USED, field="code") from None
    return read_record(record)


async def attest(
    premises: Premises, docket: Records, device: str, *, statement: Statement, signature: str
) -> Enrolled:
    """A device says anew what it is; its key stays what it was.

    Raises:
        Misuse: ``device.unknown``, ``check.moved-on``.
        Refusal: ``device.disabled``, ``device.statement-unsigned``.
    """
    record = await docket.get(device) if ids.is_id(DEVICE, device) else None
    if record is None or record.kind != KIND:
        raise Misuse(codes.UNKNOWN)
    if record.state == DISABLED:
        raise Refusal(codes.DISABLED)
    must_be_signed(ATTESTATION, device, statement, signature)
    body = msgspec.json.decode(record.body, type=Body)
    if key_text(read_key_text(statement.key)) != body.key:
        raise Refusal(codes.STATEMENT_UNSIGNED, field="statement.key")
    moved = msgspec.structs.replace(
        record,
        version=record.version + 1,
        changed_at=micros(premises.clock.now()),
        body=msgspec.json.encode(
            msgspec.structs.replace(body, stated=statement, camera=bool(statement.camera))
        ),
    )
    await docket.commit([moved], [leaf(premises, attested_note(premises, device, statement), 0)])
    return read_record(moved)


async def _again(docket: Records, used: Record, statement: Statement) -> Enrolled:
    device = await find(docket, used.about)
    if device is None or not device.enabled or key_text(device.key) != statement.key:
        raise Misuse(codes.INVITE_USED, field="code")
    return device


def _record(device: str, said: Invite, statement: Statement, operator: str, at: int) -> Record:
    return Record(
        id=device,
        kind=KIND,
        operator=operator,
        about=said.scene,
        state=ENABLED,
        version=1,
        opened_at=at,
        changed_at=at,
        due_at=None,
        keep_until=None,
        leaf_key=b"",
        body=msgspec.json.encode(
            Body(
                name=said.name,
                scene=said.scene,
                key=key_text(read_key_text(statement.key)),
                camera=bool(statement.camera),
                stated=statement,
            )
        ),
    )


def _used(said: Invite, device: str, operator: str, at: int) -> Record:
    return Record(
        id=said.id,
        kind=USED_KIND,
        operator=operator,
        about=device,
        state=USED,
        version=1,
        opened_at=at,
        changed_at=at,
        due_at=None,
        keep_until=None,
        leaf_key=b"",
        body=b"{}",
    )


def _enrolled_note(record: Record, said: Invite, statement: Statement) -> Event:
    """Its id is of the record's own millisecond, by which a receipt finds it (``device.count``)."""
    at = from_micros(record.opened_at)
    public = read_key_text(statement.key).public_bytes_raw()
    facts = {
        "device": record.id,
        "scene": said.scene,
        "key": hashlib.sha256(public).hexdigest(),
        "actor": said.actor,
    }
    return Event(events.ENROLLED.tag, micros(at), ids.new(NOTE, at), facts)


def attested_note(premises: Premises, device: str, statement: Statement) -> Event:
    """What the log says of a statement."""
    at = premises.clock.now()
    facts: dict[str, FactValue] = {
        "device": device,
        "statement": statement.digest,
        "models": statement.models,
        "least": statement.least,
        "kept_in": statement.key_kept_in,
        "agent": statement.agent,
    }
    return Event(events.ATTESTED.tag, micros(at), ids.new(NOTE, at), facts)
