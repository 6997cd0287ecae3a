"""What a device is told when a consent is withdrawn: a signed command, and the time it took.

``docs/spec/device-command.md``. A command waits in a queue for its device. The device stops, deletes
what it holds under that consent, and acknowledges under its own enrolled key; the time between is
measured and stays. Until then the command is due and stands on the board.

The centre itself stops at once: a withdrawn consent opens no camera. The device agent fetches its
commands every few seconds (``edge.agent``); a queue that nobody asks stays full, and says so.

Law: pipl.15, pipl.47
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from liangming import ids
from liangming.check.desk import leaf_of
from liangming.clock import china_date, micros, rfc3339
from liangming.docket import Record, deadline, leaf_keys
from liangming.docket.leaf_keys import LeafKey
from liangming.errors import Kind, Misuse, Refusal, declare
from liangming.law.values import device_command_hours, identity_retention_ceiling_days
from liangming.ledger import Event, KeyKind, SigningKey, declare_event
from liangming.ledger.note import Note
from liangming.rights.desk import RightsDesk

KIND: Final = "command"
COMMAND_ID: Final = "cmd"
FORMAT: Final = "liangming/device-command/1"
ACK_FORMAT: Final = "liangming/device-acknowledgement/1"
STOP: Final = "stop-and-delete"
DISABLE: Final = "disable"
Deed = Literal["stop-and-delete", "delete-templates", "stop-face", "start-face", "disable"]
WAITING: Final = "waiting"
ACKNOWLEDGED: Final = "acknowledged"
_LABEL: Final = b"liangming/commands/ed25519/1\x00"
_MILLI: Final = 1000

ISSUED: Final = declare_event(
    "rights:command:issued",
    facts=("device", "deed", "consent"),
    zh="向终端发出一条签名指令：停止并删除、停用刷脸、恢复刷脸、停用终端。",
    en="A device was sent a signed command: stop and delete, stop or start the face, be disabled.",
)
DONE: Final = declare_event(
    "rights:command:acknowledged",
    facts=("device", "milliseconds", "late"),
    zh="终端确认已经照做。",
    en="The device acknowledged that it did what it was told.",
)
UNKNOWN: Final = declare(
    "rights.command-unknown",
    Kind.ABSENT,
    zh="没有这条指令，或它已经确认过。",
    en="There is no such command, or it was acknowledged before.",
)
NO_DEVICE: Final = declare(
    "rights.device-unknown",
    Kind.ABSENT,
    zh="没有登记这台终端。",
    en="No such device is enrolled.",
)
NOT_THE_DEVICE: Final = declare(
    "rights.acknowledgement-not-signed",
    Kind.REFUSED,
    zh="确认的签名与登记的终端不符，指令仍在等待。",
    en="The acknowledgement is not signed by the enrolled device; the command still waits.",
)


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """One command as stored."""

    id: str
    device: str
    deed: str
    consent: str
    issued_at: datetime
    text: str  # the signed note
    acknowledged_at: datetime | None = None

    @property
    def milliseconds(self) -> int | None:
        """How long it took, once it is acknowledged."""
        if self.acknowledged_at is None:
            return None
        return (micros(self.acknowledged_at) - micros(self.issued_at)) // _MILLI

    @property
    def seconds(self) -> str:
        """The same for people: ``0.4``, ``12``; empty while it waits."""
        return spoken(self.milliseconds)


def spoken(milliseconds: int | None) -> str:
    """A span for people, in seconds: ``0.4``, ``12``; empty for None."""
    if milliseconds is None:
        return ""
    short = milliseconds < 10 * _MILLI
    return f"{milliseconds / 1000:.1f}" if short else str(milliseconds // _MILLI)


def command_key(signing: bytes, origin: str) -> SigningKey:
    """The key that signs commands: of this operator's seed and this log's name."""
    seed = HKDF(SHA256(), 32, salt=None, info=_LABEL + origin.encode()).derive(signing)
    return SigningKey(KeyKind.LOG_ED25519, f"{origin}/commands", seed)


async def issued(
    desk: RightsDesk,
    operator: str,
    device: str,
    consent: str,
    *,
    check: str,
    at: datetime,
    deed: Deed = STOP,
) -> tuple[Record, LeafKey]:
    """A new command, not yet stored."""
    command_id = ids.new(COMMAND_ID, at)
    under = f"consent {consent}\n" if consent else ""
    text = (
        f"{FORMAT}\ncommand {command_id}\ndevice {device}\ndo {deed}\n{under}issued {rfc3339(at)}\n"
    )
    key = command_key(desk.premises.keys.signing, desk.origin)
    command = Command(
        id=command_id,
        device=device,
        deed=deed,
        consent=consent,
        issued_at=at,
        text=Note(text, (key.sign(text, 0),)).encode().decode(),
    )
    leaf = (
        await leaf_keys.of_check(desk.premises, command_id, check)
        if check
        else leaf_keys.lasting(desk.premises, command_id)
    )
    record = Record(
        id=command_id,
        kind=KIND,
        operator=operator,
        about=device,
        state=WAITING,
        version=1,
        opened_at=micros(at),
        changed_at=micros(at),
        due_at=micros(deadline(device_command_hours, at).at),
        keep_until=None,
        leaf_key=leaf.kept,
        body=msgspec.json.encode(command),
    )
    return record, leaf


async def issue(
    desk: RightsDesk,
    operator: str,
    device: str,
    consent: str,
    *,
    check: str = "",
    deed: Deed = STOP,
) -> str:
    """Queue a command; returns its id. It is durable when this returns.

    Args:
        desk: with the store.
        operator: whose device.
        device: its id.
        consent: what was withdrawn; or one template, or empty where the deed names none.
        check: where it was given; its leaf key keeps that of the command. Empty: it concerns nobody.
        deed: what the device shall do.
    """
    at = desk.premises.clock.now()
    row, key = await issued(desk, operator, device, consent, check=check, at=at, deed=deed)
    facts = {"device": device, "deed": deed, "consent": consent}
    left = leaf_of(Event(ISSUED.tag, micros(at), row.id, facts), key.key, 0)
    await desk.docket.commit([row], [left])
    return row.id


async def waiting(desk: RightsDesk, device: str) -> list[Command]:
    """What a device has to do, oldest first."""
    rows = await desk.docket.about(KIND, device)
    return [read(row) for row in rows if row.state == WAITING]


def acknowledgement(command: str, device: str) -> bytes:
    """What a device signs when it has done what a command says."""
    return f"{ACK_FORMAT}\ncommand {command}\ndevice {device}\n".encode()


async def acknowledge(
    desk: RightsDesk, command_id: str, signature: str, *, operator: str = ""
) -> Command:
    """A device says that it is done; returns the command with the time it took.

    Args:
        signature: Ed25519 over :func:`acknowledgement`, in hexadecimal.
        operator: only a command of this operator; of any when empty.

    Raises:
        Misuse: ``rights.command-unknown``.
        Refusal: ``rights.acknowledgement-not-signed``.
    """
    at = desk.premises.clock.now()
    row = await desk.docket.get(command_id) if ids.is_id(COMMAND_ID, command_id) else None
    if row is None or row.kind != KIND or row.state != WAITING:
        raise Misuse(UNKNOWN)
    if operator and row.operator != operator:
        raise Misuse(UNKNOWN)
    command = read(row)
    device = await desk.premises.devices.find(command.device)
    try:
        if device is None or not device.enabled:
            raise Refusal(NOT_THE_DEVICE)
        device.key.verify(bytes.fromhex(signature), acknowledgement(row.id, command.device))
    except (InvalidSignature, ValueError):
        raise Refusal(NOT_THE_DEVICE, field="signature") from None
    done = msgspec.structs.replace(command, acknowledged_at=at)
    took = done.milliseconds or 0
    late = row.due_at is not None and micros(at) >= row.due_at
    leaf = await leaf_keys.again(desk.premises, row)
    days = identity_retention_ceiling_days.at(china_date(at))
    moved = msgspec.structs.replace(
        row,
        state=ACKNOWLEDGED,
        version=row.version + 1,
        changed_at=micros(at),
        due_at=None,
        keep_until=micros(at) + days * 86_400_000_000,
        leaf_key=leaf.kept,
        body=msgspec.json.encode(done),
    )
    facts: dict[str, str | int] = {"device": command.device, "milliseconds": took, "late": late}
    left = leaf_of(Event(DONE.tag, micros(at), row.id, facts), leaf.key, 1)
    await desk.docket.commit([moved], [left])
    return done


def read(row: Record) -> Command:
    """The command of a record."""
    return msgspec.json.decode(row.body, type=Command)
