"""Devices: come in with a one-time code, be told what to do, be disabled at once.

A device enrols without a key of this door: its code is its key, and works once. With the answer it
gets an API key of its own, which goes when the device is disabled.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Annotated, Final

import msgspec

from liangming import access, ids
from liangming.access import Scope
from liangming.api.answers import Time
from liangming.api.body import Body
from liangming.api.call import Call
from liangming.api.lobby import Lobby
from liangming.api.reply import Reply, ok
from liangming.api.requests import CommandAnswer, command_answer
from liangming.api.steps import body_of
from liangming.check.ports import Client
from liangming.clock import from_micros, rfc3339
from liangming.device import Enrolled, Statement, attest, disable, enrolled, find, health, redeem
from liangming.device.codes import UNKNOWN
from liangming.device.enrol import DEVICE, speaks_as
from liangming.device.invite import LONGEST
from liangming.errors import Misuse
from liangming.rights.commands import Deed, command_key, issue

DEVICE_SCOPES: Final = (
    Scope.CHECKS_WRITE,
    Scope.CHECKS_READ,
    Scope.SCENES_READ,
    Scope.DEVICES,
    Scope.DEVICE_EVENTS,
)


class EnrolmentBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A device with its code: what it is, signed by the key that it made."""

    code: Annotated[str, msgspec.Meta(max_length=LONGEST)]
    statement: Statement
    signature: Annotated[str, msgspec.Meta(max_length=128)]


class AttestationBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A device says anew what it is."""

    statement: Statement
    signature: Annotated[str, msgspec.Meta(max_length=128)]


class DeedBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a device shall do. ``consent`` names one template; only ``stop-and-delete`` takes it."""

    deed: Deed
    consent: Annotated[str, msgspec.Meta(max_length=64, pattern="^[A-Za-z0-9_-]*$")] = ""


ENROLMENT: Final = Body(EnrolmentBody)
ATTESTATION: Final = Body(AttestationBody)
DEED: Final = Body(DeedBody)


class AdmittedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A device that was let in. ``api_key`` is shown this once."""

    id: str
    scene: str
    operator: str
    api_key: str
    commands_key: str


class DeviceAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A device as enrolled, what it said of itself, and how it last said it is."""

    id: str
    name: str
    scene: str
    enabled: bool
    enrolled_at: Time
    stated: Statement | None = None
    health: dict[str, bool | int | str] | None = None
    health_at: Time | None = None


class DevicesAnswer(msgspec.Struct, frozen=True):
    """The devices of the client's operator, oldest first."""

    devices: tuple[DeviceAnswer, ...]


def is_device(client: Client) -> bool:
    """Whether a key was made for a device."""
    return ids.is_id(DEVICE, client.name)


async def must_be_enabled(lobby: Lobby, client: Client) -> None:
    """A key that was made for a device opens no door once that device is disabled, by whomever.

    Raises:
        Misuse: ``api.key-invalid``.
    """
    if is_device(client):
        device = await lobby.premises.devices.find(client.name)
        if device is None or not device.enabled:
            raise Misuse(access.KEY_INVALID)


async def enrol(lobby: Lobby, call: Call) -> Reply:
    """Let a device in by its code, with an API key of its own."""
    body = await body_of(lobby, call, ENROLMENT)
    docket = lobby.desk.docket
    device = await redeem(
        lobby.premises,
        docket,
        code=body.code,
        statement=body.statement,
        signature=body.signature,
    )
    await _gone(lobby, device.client)  # its first answer was lost, and the key in it with it
    key = await access.create(
        lobby.premises,
        name=device.id,
        operator=device.operator,
        scopes=[scope.value for scope in _scopes(device)],
    )
    await speaks_as(docket, device.id, _client_of(key))
    await lobby.premises.devices.refresh()
    verifier = command_key(lobby.premises.keys.signing, lobby.desk.origin).verifying
    return ok(
        AdmittedAnswer(
            id=device.id,
            scene=device.scene,
            operator=device.operator,
            api_key=key,
            commands_key=verifier.encode(),
        ),
        call.language,
        201,
    )


async def attested(lobby: Lobby, call: Call) -> Reply:
    """A device states its models and settings anew, under its own key."""
    body = await body_of(lobby, call, ATTESTATION)
    await _own(lobby, call)
    device = await attest(
        lobby.premises,
        lobby.desk.docket,
        call.params["id"],
        statement=body.statement,
        signature=body.signature,
    )
    await lobby.premises.devices.refresh()  # it may have got a camera, or lost it
    return ok(await _answer(lobby, device), call.language)


async def listed(lobby: Lobby, call: Call) -> Reply:
    """Every device of the client's operator."""
    found = [d for d in await enrolled(lobby.desk.docket) if d.operator == call.who.operator]
    return ok(DevicesAnswer(tuple([await _answer(lobby, device) for device in found])))


async def told(lobby: Lobby, call: Call) -> Reply:
    """Queue a signed command."""
    body = await body_of(lobby, call, DEED)
    device = await _own(lobby, call)
    command = await issue(lobby.desk, device.operator, device.id, body.consent, deed=body.deed)
    return ok(await _command(lobby, command), call.language, 201)


async def revoked(lobby: Lobby, call: Call) -> Reply:
    """Disable a device at once: nothing that its key signs counts from now on."""
    device = await _own(lobby, call)
    await disable(lobby.premises, lobby.desk.docket, device.id, actor=call.who.id)
    await _gone(lobby, device.client)
    await lobby.premises.devices.refresh()
    gone = msgspec.structs.replace(device, enabled=False)
    return ok(await _answer(lobby, gone), call.language)


async def _command(lobby: Lobby, command: str) -> CommandAnswer:
    from liangming.rights.commands import read

    record = await lobby.desk.docket.get(command)
    if record is None:
        raise Misuse(UNKNOWN)
    return command_answer(read(record))


def _scopes(device: Enrolled) -> tuple[Scope, ...]:
    """A station's clerk also enters what a person said."""
    station = device.stated is not None and device.stated.kind == "station"
    return (*DEVICE_SCOPES, Scope.DESK) if station else DEVICE_SCOPES


def _client_of(key: str) -> str:
    """The client's id in a key: ``lmk_<id>_<secret>``."""
    return key.removeprefix("lmk_").rpartition("_")[0]


async def _gone(lobby: Lobby, client: str) -> None:
    """Revoke a device's client, if it has one that still opens."""
    if client:
        with suppress(Misuse):  # api.client-unknown: it was revoked before
            await access.revoke(lobby.premises, client)


async def _own(lobby: Lobby, call: Call) -> Enrolled:
    device = await find(lobby.desk.docket, call.params["id"])
    if device is None or device.operator != call.who.operator:
        raise Misuse(UNKNOWN)
    return device


async def _answer(lobby: Lobby, device: Enrolled) -> DeviceAnswer:
    said = await health(lobby.desk.docket, device.id)
    return DeviceAnswer(
        id=device.id,
        name=device.name,
        scene=device.scene,
        enabled=device.enabled,
        enrolled_at=rfc3339(from_micros(device.enrolled_at)),
        stated=device.stated,
        health=None if said is None else said.facts,
        health_at=None if said is None else rfc3339(from_micros(said.at)),
    )
