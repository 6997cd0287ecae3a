"""People's requests for programs: the operator's app asks for a person, staff's program answers.

A client sees its own operator's requests; those of others do not exist for it (404). Registered data
go out once, in the answer to the call that asked for them, and only after the registered document
was entered. Nothing here takes an Idempotency-Key: asking again while a request is open is the
same request, and an answer that holds personal data is never remembered.
"""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

import msgspec

from liangming.api.answers import Time, open_words
from liangming.api.bodies import NothingBody, Taken
from liangming.api.body import Body
from liangming.api.call import Call
from liangming.api.law import Citation
from liangming.api.lobby import Lobby
from liangming.api.problem import Texts
from liangming.api.reply import Reply, encode, ok
from liangming.api.steps import body_of, own
from liangming.check.desk import held as held_check
from liangming.clock import rfc3339
from liangming.device import disable
from liangming.errors import Misuse
from liangming.rights import Asking, Done, ask, carry_out, handle
from liangming.rights import faults as rights
from liangming.rights.ask import LONGEST, take_back
from liangming.rights.commands import DISABLE, NO_DEVICE, Command, acknowledge, waiting
from liangming.rights.consent_record import MEDIA, consent_record
from liangming.rights.desk import held, requests_of
from liangming.rights.explain import Sentence
from liangming.rights.states import Answered, Refused, State, tag
from liangming.rights.stopping import stopped
from liangming.rights.withdrawal_certificate import certify, withdrawal_key
from liangming.rights.words import NAMES, REASONS, RESULTS, No, Requester, Result, Right
from liangming.scene.model import Text

STATES: Final = ("unproven", "open", "answered", "refused", "taken-back")
RightWord = Annotated[str, open_words(Right, "What is asked.")]
RequesterWord = Annotated[str, open_words(Requester, "Who asks.")]
RequestWord = Annotated[str, open_words(STATES, "Where the request stands.")]
ResultWord = Annotated[str, open_words(Result, "How it was answered.")]
NoWord = Annotated[str, open_words(No, "Why it was refused: a closed list.")]
Short = Annotated[str, msgspec.Meta(max_length=64)]


class AskingBody(Taken, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person asks. Where registered data are concerned: the registered document too."""

    right: Right
    requester: Requester = Requester.SELF
    document: Short = ""
    number: Short = ""
    words: Annotated[str, msgspec.Meta(max_length=LONGEST)] = ""


class ResultBody(Taken, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How a complaint is answered."""

    result: Literal["upheld", "not-upheld"]


class RefusalBody(Taken, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a request is refused."""

    reason: No


class AcknowledgementBody(Taken, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A device's signature over its acknowledgement (docs/spec/device-command.md)."""

    signature: Annotated[str, msgspec.Meta(min_length=2, max_length=256, pattern="^[0-9a-f]+$")]


ASKING: Final = Body(AskingBody)
NOTHING: Final = Body(NothingBody, optional=True)
RESULT: Final = Body(ResultBody)
REFUSAL: Final = Body(RefusalBody)
ACKNOWLEDGEMENT: Final = Body(AcknowledgementBody)


class DeviceStopped(msgspec.Struct, frozen=True, kw_only=True):
    """A device that was told to stop and delete."""

    device: str
    command: str
    milliseconds: int | None


class RequestAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it stands, and what is handed out this once.

    Attributes:
        due: the first moment that is too late.
        due_article: where the number of days stands; a standard is not law.
        holidays_unknown: years whose days off are not published here yet; the day may move.
        round: 2 after an appeal.
        text: result or reason in words.
        kept_until: end of the hold, where the law keeps it stored.
        certificate: the signed text of an erasure or withdrawal (docs/spec/erasure-certificate.md,
            docs/spec/withdrawal-certificate.md).
        devices: for *withdraw*: each device that was told, and how long it took; null until it is done.
        fields: registered fields, for *see*.
        copy: the machine-readable copy, for *copy* (docs/spec/personal-copy.md).
        explanation: for *explain*.
    """

    id: str
    check: str
    right: RightWord
    name: Texts
    requester: RequesterWord
    state: RequestWord
    asked_at: Time
    due: Time
    due_article: str
    holidays_unknown: tuple[int, ...]
    late: bool
    owner: str
    round: int
    result: ResultWord | None = None
    reason: NoWord | None = None
    text: Texts | None = None
    citations: tuple[Citation, ...] = ()
    kept_until: Time | None = None
    certificate: str | None = None
    devices: tuple[DeviceStopped, ...] = ()
    fields: dict[str, str] | None = None
    copy: dict[str, Any] | None = None
    explanation: tuple[Sentence, ...] = ()


class RequestsAnswer(msgspec.Struct, frozen=True):
    """The requests made with one receipt, oldest first."""

    requests: tuple[RequestAnswer, ...]


class CommandAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A signed command that waits for its device."""

    id: str
    device: str
    issued_at: Time
    text: str
    milliseconds: int | None = None


class CommandsAnswer(msgspec.Struct, frozen=True):
    """What a device has to do, oldest first."""

    commands: tuple[CommandAnswer, ...]


async def asked(lobby: Lobby, call: Call) -> Reply:
    """Take a request in, and answer it at once where nobody has to look into it."""
    body = await body_of(lobby, call, ASKING)
    check = (await own(lobby, call)).about.id
    done = await ask(
        lobby.desk,
        Asking(
            check=check,
            right=body.right,
            requester=body.requester,
            document=body.document,
            number=body.number,
            words=body.words,
        ),
    )
    return await _told(lobby, call, done, 201)


async def listed(lobby: Lobby, call: Call) -> Reply:
    """The requests of one check."""
    check = (await own(lobby, call)).about.id
    found = await requests_of(lobby.desk, check)
    answers = tuple([await _answer(lobby, call, Done(state=state)) for state in found])
    return ok(RequestsAnswer(answers), call.language)


async def consent(lobby: Lobby, call: Call) -> Reply:
    """The record of a consent, for the person."""
    check = (await own(lobby, call)).about.id
    data = encode(await consent_record(lobby.desk, check))
    return Reply(200, data, MEDIA.encode(), call.language)


async def read_one(lobby: Lobby, call: Call) -> Reply:
    """One request."""
    return await _told(lobby, call, Done(state=await _own(lobby, call)))


async def taken_back(lobby: Lobby, call: Call) -> Reply:
    """The person does not ask any more."""
    about = (await _own(lobby, call)).about
    return await _told(lobby, call, Done(state=await take_back(lobby.desk, about.check, about.id)))


async def proven(lobby: Lobby, call: Call) -> Reply:
    """The authority of a guardian, heir or authorised person was seen."""
    await body_of(lobby, call, NOTHING)
    request = (await _own(lobby, call)).about.id
    return await _told(
        lobby, call, Done(state=await handle.prove(lobby.desk, request, call.who.id))
    )


async def fulfilled(lobby: Lobby, call: Call) -> Reply:
    """Do what an open request asks, and answer it."""
    await body_of(lobby, call, NOTHING)
    request = (await _own(lobby, call)).about.id
    return await _told(lobby, call, await carry_out(lobby.desk, request, call.who.id))


async def answered(lobby: Lobby, call: Call) -> Reply:
    """Answer a complaint."""
    body = await body_of(lobby, call, RESULT)
    request = (await _own(lobby, call)).about.id
    state = await handle.answer(lobby.desk, request, Result(body.result), call.who.id)
    return await _told(lobby, call, Done(state=state))


async def refused(lobby: Lobby, call: Call) -> Reply:
    """Refuse, for a reason from the closed list."""
    body = await body_of(lobby, call, REFUSAL)
    request = (await _own(lobby, call)).about.id
    state = await handle.refuse(lobby.desk, request, body.reason, call.who.id)
    return await _told(lobby, call, Done(state=state))


async def appealed(lobby: Lobby, call: Call) -> Reply:
    """The person asks for one review."""
    await body_of(lobby, call, NOTHING)
    about = (await _own(lobby, call)).about
    state = await handle.appeal(lobby.desk, about.check, about.id)
    return await _told(lobby, call, Done(state=state))


async def commands(lobby: Lobby, call: Call) -> Reply:
    """What waits for a device of the client's operator."""
    device = await _device(lobby, call, call.params["id"])
    found = await waiting(lobby.desk, device)
    return ok(CommandsAnswer(tuple(map(command_answer, found))))


async def acknowledged(lobby: Lobby, call: Call) -> Reply:
    """A device says that a command is done, under its own key."""
    body = await body_of(lobby, call, ACKNOWLEDGEMENT)
    done = await acknowledge(
        lobby.desk, call.params["id"], body.signature, operator=call.who.operator
    )
    if done.deed == DISABLE:  # it said itself that it stopped: from here its key counts no more
        await disable(lobby.premises, lobby.desk.docket, done.device, actor=done.id)
        await lobby.premises.devices.refresh()
    return ok(command_answer(done))


async def _own(lobby: Lobby, call: Call) -> State:
    state = (await held(lobby.desk, call.params["id"])).state
    if state.about.operator != call.who.operator:
        raise Misuse(rights.UNKNOWN)
    return state


async def _device(lobby: Lobby, call: Call, device_id: str) -> str:
    device = await lobby.premises.devices.find(device_id)
    live = device is not None and device.enabled
    scene = lobby.premises.scenes.get(device.scene) if device is not None and live else None
    if scene is None or scene.operator.id != call.who.operator:
        raise Misuse(NO_DEVICE)
    return device_id


async def _told(lobby: Lobby, call: Call, done: Done, status: int = 200) -> Reply:
    return ok(await _answer(lobby, call, done), call.language, status)


async def _answer(lobby: Lobby, call: Call, done: Done) -> RequestAnswer:
    state, about = done.state, done.state.about
    words: Text | None = None
    cited: tuple[Citation, ...] = ()
    if isinstance(state, Answered):
        words = RESULTS[state.result]
    if isinstance(state, Refused):
        words = REASONS[state.reason]
    if isinstance(state, (Answered, Refused)):
        cited = lobby.citer.cite(state.citations, call.language)
    ended = state.at if isinstance(state, (Answered, Refused)) else lobby.premises.clock.now()
    until = state.until if isinstance(state, Answered) else None
    certificate, devices = await _withdrawn(lobby, state)
    return RequestAnswer(
        id=about.id,
        check=about.check,
        right=about.right.value,
        name=Texts(NAMES[about.right].zh, NAMES[about.right].en),
        requester=about.requester.value,
        state=tag(state),
        asked_at=rfc3339(about.asked_at),
        due=rfc3339(state.due.at),
        due_article=state.due.article,
        holidays_unknown=state.due.unpublished,
        late=state.due.late(ended),
        owner=state.owner,
        round=state.round,
        result=state.result.value if isinstance(state, Answered) else None,
        reason=state.reason.value if isinstance(state, Refused) else None,
        text=Texts(words.zh, words.en) if words is not None else None,
        citations=cited,
        kept_until=rfc3339(until) if until is not None else None,
        certificate=certificate,
        devices=devices,
        fields=done.fields,
        copy=done.copy,
        explanation=done.sentences,
    )


async def _withdrawn(lobby: Lobby, state: State) -> tuple[str | None, tuple[DeviceStopped, ...]]:
    """The certificate of an answered request, and what the devices said of a withdrawal."""
    if not isinstance(state, Answered):
        return None, ()
    if state.about.right is not Right.WITHDRAW:
        return state.certificate or None, ()
    consent = (await held_check(lobby.premises, state.about.check)).state.journey.consent
    found = await stopped(lobby.desk, consent.id) if consent is not None else None
    if found is None or not found.commands:
        return None, ()
    text = certify(
        withdrawal_key(lobby.premises.keys.signing, lobby.desk.origin),
        found,
        request=state.about.id,
        operator=state.about.operator,
        at=lobby.premises.clock.now(),
    )
    return text.decode(), tuple(
        DeviceStopped(device=each.device, command=each.id, milliseconds=each.milliseconds)
        for each in found.commands
    )


def command_answer(command: Command) -> CommandAnswer:
    """A command as an answer."""
    return CommandAnswer(
        id=command.id,
        device=command.device,
        issued_at=rfc3339(command.issued_at),
        text=command.text,
        milliseconds=command.milliseconds,
    )
