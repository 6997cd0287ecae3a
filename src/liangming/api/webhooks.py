"""Subscriptions to outcomes, for programs: a client sees those that it made itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Final, Literal

import msgspec

from liangming.api.answers import Time, open_words
from liangming.api.bodies import NothingBody, Taken
from liangming.api.body import Body
from liangming.api.call import Call
from liangming.api.lobby import Lobby
from liangming.api.operation import Ask
from liangming.api.query import asked
from liangming.api.reply import Reply, ok
from liangming.api.steps import body_of
from liangming.clock import from_micros, rfc3339
from liangming.errors import Misuse
from liangming.ids import is_id
from liangming.webhook import (
    Delivery,
    Hook,
    Name,
    again,
    deliveries_of,
    end,
    find,
    hooks_of,
    pause,
    ping,
    resume,
    rotate,
    subscribe,
)
from liangming.webhook.codes import UNKNOWN
from liangming.webhook.deliveries import DELIVERY, Kept
from liangming.webhook.hooks import Held

PAGE: Final = 50
ASKS: Final = (
    Ask(
        "before",
        {"type": "string", "pattern": "^dlv_[0-7][0-9a-hjkmnp-tv-z]{25}$"},
        "上一页答复里的 next",
        "next of the page before",
    ),
)
EventWord = Annotated[str, open_words(Name, "What a message tells of.")]
StateWord = Annotated[str, open_words(("active", "paused"), "Where the subscription stands.")]
DeliveryWord = Annotated[
    str, open_words(("waiting", "taken", "dead"), "Where the delivery stands.")
]
WhyWord = Annotated[
    str,
    open_words(
        ("address", "name", "connect", "tls", "slow", "garbled"),
        "Why no answer came; empty: one did.",
    ),
]


class HookBody(Taken, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What to tell, and where. Without ``scenes`` and ``outlets``: all that the client sees."""

    url: Annotated[str, msgspec.Meta(max_length=1000)]
    events: Annotated[tuple[Name, ...], msgspec.Meta(min_length=1, max_length=20)]
    scenes: Annotated[tuple[str, ...], msgspec.Meta(max_length=200)] = ()
    outlets: Annotated[tuple[str, ...], msgspec.Meta(max_length=200)] = ()


class StateBody(Taken, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Pause, or go on."""

    state: Literal["active", "paused"]


class SecretBody(Taken, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long the present secret goes on signing beside the new one."""

    overlap_hours: Annotated[int, msgspec.Meta(ge=0, le=720)] = 24


class HookAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription. ``secret`` is told when it is made, and never again."""

    id: str
    state: StateWord
    why: str
    url: str
    events: tuple[EventWord, ...]
    scenes: tuple[str, ...]
    outlets: tuple[str, ...]
    made_at: Time
    former_until: Time | None
    secret: str | None = None


class HooksAnswer(msgspec.Struct, frozen=True):
    """The subscriptions of this client, oldest first."""

    webhooks: tuple[HookAnswer, ...]


class SecretAnswer(msgspec.Struct, frozen=True):
    """A new signing secret; it is told this once."""

    secret: str
    former_until: Time | None


class AttemptAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One post. ``status`` 0: no answer came, and ``why`` says why."""

    at: Time
    status: int
    why: WhyWord
    micros: int


class DeliveryAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One message to this subscription. ``message`` is its Webhook-Id."""

    id: str
    state: DeliveryWord
    message: str
    event: EventWord
    at: Time
    data: dict[str, str]
    next_at: Time | None
    attempts: tuple[AttemptAnswer, ...]


class DeliveriesAnswer(msgspec.Struct, frozen=True):
    """A page of deliveries, the newest first."""

    deliveries: tuple[DeliveryAnswer, ...]
    next: str


class PingAnswer(msgspec.Struct, frozen=True):
    """The delivery of the test; read how it went among the deliveries."""

    delivery: str


HOOK: Final = Body(HookBody)
STATE: Final = Body(StateBody)
SECRET: Final = Body(SecretBody, optional=True)
NOTHING: Final = Body(NothingBody, optional=True)


async def listed(lobby: Lobby, call: Call) -> Reply:
    """The subscriptions of this client."""
    found = await hooks_of(lobby.desk.docket, call.who.operator)
    return ok(HooksAnswer(tuple(_answer(h) for h in found if h.hook.by == call.who.id)))


async def made(lobby: Lobby, call: Call) -> Reply:
    """A new subscription."""
    body = await body_of(lobby, call, HOOK)
    who = call.who
    own = bool(body.scenes or body.outlets)
    scenes, outlets = (body.scenes, body.outlets) if own else (who.scenes, who.outlets)
    for scene in lobby.premises.scenes.values():
        wanted = scene.id in scenes or scene.outlet.id in outlets
        if wanted and not who.reaches(scene.id, scene.outlet.id):
            scenes = (*scenes, "")  # no scene has this id: refused as one that is not known
    hook = Hook(
        url=body.url,
        events=tuple(dict.fromkeys(body.events)),
        by=who.id,
        scenes=scenes,
        outlets=outlets,
    )
    held, secret = await subscribe(
        lobby.premises,
        lobby.desk.docket,
        lobby.outbox,
        hook,
        networks=lobby.networks,
        operator=who.operator,
    )
    reply = ok(_answer(held, secret), call.language, 201)
    reply.headers = ((b"location", f"/v1/webhooks/{held.id}".encode()),)
    return reply


async def read(lobby: Lobby, call: Call) -> Reply:
    """One subscription."""
    return ok(_answer(await _own(lobby, call)))


async def ended(lobby: Lobby, call: Call) -> Reply:
    """End one."""
    held = await _own(lobby, call)
    who = call.who
    await end(lobby.premises, lobby.desk.docket, held.id, operator=who.operator, actor=who.id)
    return ok(_answer(held))


async def moved(lobby: Lobby, call: Call) -> Reply:
    """Pause one, or let it go on."""
    body = await body_of(lobby, call, STATE)
    held, who, docket = await _own(lobby, call), call.who, lobby.desk.docket
    if body.state == "paused":
        await pause(lobby.premises, docket, held.id, operator=who.operator, actor=who.id)
    else:
        await resume(
            lobby.premises, docket, lobby.outbox, held.id, operator=who.operator, actor=who.id
        )
    return ok(_answer(await _own(lobby, call)))


async def secret(lobby: Lobby, call: Call) -> Reply:
    """A new signing secret."""
    body = await body_of(lobby, call, SECRET)
    held, who = await _own(lobby, call), call.who
    new = await rotate(
        lobby.premises,
        lobby.desk.docket,
        held.id,
        operator=who.operator,
        actor=who.id,
        overlap=timedelta(hours=body.overlap_hours),
    )
    until = (await _own(lobby, call)).hook.former_until
    return ok(SecretAnswer(new, _time(until)), call.language, 201)


async def pinged(lobby: Lobby, call: Call) -> Reply:
    """Send a test."""
    await body_of(lobby, call, NOTHING)
    held, who = await _own(lobby, call), call.who
    name = await ping(
        lobby.premises, lobby.desk.docket, held.id, operator=who.operator, actor=who.id
    )
    return ok(PingAnswer(name), call.language, 202)


async def deliveries(lobby: Lobby, call: Call) -> Reply:
    """A page of deliveries."""
    held = await _own(lobby, call)
    before = asked(call, before=lambda value: is_id(DELIVERY, value)).get("before", "")
    found = await deliveries_of(lobby.desk.docket, held.id, before, PAGE + 1)
    told = tuple(map(_delivery, found[:PAGE]))
    return ok(DeliveriesAnswer(told, found[PAGE - 1].id if len(found) > PAGE else ""))


async def sent_again(lobby: Lobby, call: Call) -> Reply:
    """Send a delivery again."""
    await body_of(lobby, call, NOTHING)
    who, name = call.who, call.params["id"]
    await again(
        lobby.premises, lobby.desk.docket, name, operator=who.operator, actor=who.id, by=who.id
    )
    return ok(PingAnswer(name), call.language, 202)


async def _own(lobby: Lobby, call: Call) -> Held:
    held = await find(lobby.desk.docket, call.params["id"], call.who.operator)
    if held.hook.by != call.who.id:
        raise Misuse(UNKNOWN)
    return held


def _answer(held: Held, secret: str | None = None) -> HookAnswer:
    hook = held.hook
    return HookAnswer(
        id=held.id,
        state=held.state,
        why=hook.why,
        url=hook.url,
        events=tuple(each.value for each in hook.events),
        scenes=hook.scenes,
        outlets=hook.outlets,
        made_at=rfc3339(from_micros(held.record.opened_at)),
        former_until=_time(hook.former_until),
        secret=secret,
    )


def _delivery(each: Kept) -> DeliveryAnswer:
    told: Delivery = each.delivery
    return DeliveryAnswer(
        id=each.id,
        state=each.state,
        message=told.message,
        event=told.name.value,
        at=rfc3339(from_micros(told.at)),
        data=told.data,
        next_at=_time(each.record.due_at),
        attempts=tuple(
            AttemptAnswer(
                at=rfc3339(from_micros(one.at)), status=one.status, why=one.why, micros=one.micros
            )
            for one in told.attempts
        ),
    )


def _time(at: int | None) -> str | None:
    return rfc3339(from_micros(at)) if at else None
