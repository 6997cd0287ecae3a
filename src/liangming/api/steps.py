"""A check step by step: parse, call one use case, tell the new state.

A client sees its own operator's scenes and checks; those of others do not exist for it (404).
"""

from __future__ import annotations

from typing import Final

from liangming import ids
from liangming.access import Scope
from liangming.api import faults as door
from liangming.api.answers import check_answer
from liangming.api.bodies import (
    ConclusionBody,
    ConsentBody,
    EvidenceBody,
    FaceNoticeBody,
    MethodBody,
    NothingBody,
    NoticeBody,
    OpeningBody,
)
from liangming.api.body import Body, T, read_json
from liangming.api.call import Call
from liangming.api.lobby import Lobby
from liangming.api.reply import Reply, ok
from liangming.check import conclude as ending
from liangming.check import faults, journey
from liangming.check.open import open_check
from liangming.check.present import present
from liangming.check.read import read
from liangming.check.states import State
from liangming.device.enrol import find
from liangming.errors import Misuse, Refusal
from liangming.rights import withdraw as withdrawing
from liangming.rights.stopping import stop
from liangming.scene.model import Scene

OPENING: Final = Body(OpeningBody)
NOTICE: Final = Body(NoticeBody, optional=True)
METHOD: Final = Body(MethodBody)
HELP: Final = Body(NothingBody, optional=True)
FACE_NOTICE: Final = Body(FaceNoticeBody)
CONSENT: Final = Body(ConsentBody)
EVIDENCE: Final = Body(EvidenceBody)
CONCLUSION: Final = Body(ConclusionBody)


async def open_one(lobby: Lobby, call: Call) -> Reply:
    """Open a check."""
    raw = await raw_of(lobby, call)
    opening = OPENING.decode(raw)
    scene_for(lobby, call, opening.scene)
    return await lobby.idempotency.once(
        call,
        raw,
        lambda remember: open_check(lobby.premises, opening, remember=remember),
        lambda state: told(lobby, call, state, 201),
    )


async def read_one(lobby: Lobby, call: Call) -> Reply:
    """Read a check."""
    return told(lobby, call, await own(lobby, call))


async def notice_shown(lobby: Lobby, call: Call) -> Reply:
    """The notice was shown."""
    body = await body_of(lobby, call, NOTICE)
    check = (await own(lobby, call)).about.id
    state = await journey.show_notice(lobby.premises, check, language=body.language)
    return told(lobby, call, state)


async def choose(lobby: Lobby, call: Call) -> Reply:
    """The person chose a way."""
    body = await body_of(lobby, call, METHOD)
    _may_speak(call, body.by)
    check = (await own(lobby, call)).about.id
    return told(lobby, call, await journey.choose(lobby.premises, check, body.method, by=body.by))


async def decline(lobby: Lobby, call: Call) -> Reply:
    """The person declined a way."""
    body = await body_of(lobby, call, METHOD)
    _may_speak(call, body.by)
    check = (await own(lobby, call)).about.id
    state = await journey.decline(lobby.premises, check, body.method, by=body.by)
    said_by = await _speaker(lobby, call, state)
    await stop(lobby.desk, state, said_by=said_by)  # nothing, unless that took a consent back
    return told(lobby, call, state)


async def help_given(lobby: Lobby, call: Call) -> Reply:
    """Staff helped."""
    await body_of(lobby, call, HELP)
    check = (await own(lobby, call)).about.id
    return told(lobby, call, await journey.help_given(lobby.premises, check, by="staff"))


async def face_notice_shown(lobby: Lobby, call: Call) -> Reply:
    """The face's own notice was shown on the device."""
    body = await body_of(lobby, call, FACE_NOTICE)
    state = await own(lobby, call)
    await _enrolled(lobby, state, body.device)
    return told(
        lobby,
        call,
        await journey.show_face_notice(
            lobby.premises, state.about.id, device=body.device, language=body.language
        ),
    )


async def consent_given(lobby: Lobby, call: Call) -> Reply:
    """Separate consent was given."""
    body = await body_of(lobby, call, CONSENT)
    check = (await own(lobby, call)).about.id
    return told(
        lobby,
        call,
        await journey.consent(
            lobby.premises,
            check,
            device=body.device,
            age=body.age,
            by_guardian=body.by_guardian,
        ),
    )


async def consent_withdrawn(lobby: Lobby, call: Call) -> Reply:
    """Consent was withdrawn: one call without a body, as easy as giving it (pipl.15)."""
    state = await own(lobby, call)
    said_by = await _speaker(lobby, call, state)
    done = await withdrawing.take_back(lobby.desk, state.about.id, said_by=said_by)
    return told(lobby, call, done)


async def _speaker(lobby: Lobby, call: Call, state: State) -> str:
    """The device that a consent was given on, if it is itself who calls; empty otherwise."""
    consent = state.journey.consent
    device = await find(lobby.desk.docket, consent.device) if consent is not None else None
    mine = device is not None and bool(device.client) and device.client == call.who.id
    return device.id if device is not None and mine else ""


async def evidence_shown(lobby: Lobby, call: Call) -> Reply:
    """The evidence for the chosen way."""
    body = await body_of(lobby, call, EVIDENCE)
    check = (await own(lobby, call)).about.id
    return told(lobby, call, await present(lobby.premises, check, body.evidence))


async def conclude(lobby: Lobby, call: Call) -> Reply:
    """The check ends without evidence."""
    body = await body_of(lobby, call, CONCLUSION)
    if body.how == "refused-to-show":
        demand(call, Scope.DESK)
    check = (await own(lobby, call)).about.id
    return told(lobby, call, await ending.conclude(lobby.premises, check, body.how, by="staff"))


async def raw_of(lobby: Lobby, call: Call, *, optional: bool = False) -> bytes:
    """The bytes of a JSON body within this door's limits."""
    return await read_json(
        call,
        limit=lobby.settings.body_bytes,
        seconds=lobby.settings.body_seconds,
        optional=optional,
    )


async def body_of(lobby: Lobby, call: Call, body: Body[T]) -> T:
    """A decoded body; an Idempotency-Key is refused where it would promise what is not kept."""
    if b"idempotency-key" in call.headers:
        raise Misuse(door.KEY_NOT_HERE)
    return body.decode(await raw_of(lobby, call, optional=body.optional))


async def own(lobby: Lobby, call: Call) -> State:
    """The check of the path, if it is the client's operator's and at a scene that the client sees.

    Raises:
        Misuse: ``check.unknown``, also for another operator's check.
    """
    check_id = call.params["id"]
    if not ids.is_id(ids.CHECK, check_id):
        raise Misuse(faults.UNKNOWN)
    state = await read(lobby.premises, check_id)
    about, who = state.about, call.who
    if about.operator != who.operator or not who.reaches(about.scene, about.outlet):
        raise Misuse(faults.UNKNOWN)
    return state


def scene_for(lobby: Lobby, call: Call, scene_id: str, *, field: str | None = "scene") -> Scene:
    """A scene of the client's operator that the client sees.

    Raises:
        Misuse: ``check.scene-unknown``, also for another operator's scene.
    """
    scene, who = lobby.premises.scenes.get(scene_id), call.who
    if (
        scene is None
        or scene.operator.id != who.operator
        or not who.reaches(scene_id, scene.outlet.id)
    ):
        raise Misuse(faults.SCENE_UNKNOWN, field=field)
    return scene


def demand(call: Call, scope: Scope) -> None:
    """A scope that depends on what the body says.

    Raises:
        Misuse: ``api.scope-missing``.
    """
    if scope.value not in call.who.scopes:
        raise Misuse(door.SCOPE_MISSING)


def told(lobby: Lobby, call: Call, state: State, status: int = 200) -> Reply:
    """A state as an answer."""
    reply = ok(check_answer(lobby, state, call.language), call.language, status)
    if status == 201:  # noqa: PLR2004
        reply.headers = ((b"location", f"/v1/checks/{state.about.id}".encode()),)
    return reply


def _may_speak(call: Call, by: str) -> None:
    # Staff never choose for a person silently: entering what was said is a right of its own,
    # and the evidence says "spoken".
    if by == "spoken":
        demand(call, Scope.DESK)


async def _enrolled(lobby: Lobby, state: State, device_id: str) -> None:
    device = await lobby.premises.devices.find(device_id)
    if device is None or not device.enabled or device.scene != state.about.scene:
        raise Refusal(faults.CAPTURE_BARRED, field="device")
