"""Open a check: settle the ground, the demands and the ways before anyone is asked anything."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import msgspec

from liangming import ids
from liangming.check import facts, faults, moves
from liangming.check.desk import Remember, scene_of, start
from liangming.check.premises import Premises
from liangming.check.states import (
    About,
    Offer,
    Sender,
    State,
    Subject,
    Thing,
    Withheld,
)
from liangming.clock import china_date
from liangming.errors import Misuse
from liangming.law.words import Method, Question, SceneKind
from liangming.rules import Allowed, Refused
from liangming.scene.model import Scene


class Opening(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is known when someone steps up.

    Attributes:
        scene: id of a live scene.
        thing: what is handed over; by default what the scene is for.
        unseen: the parcel was left without anyone meeting the sender (N2).
    """

    scene: str
    subject: Subject = Subject.SELF
    thing: Thing | None = None
    sender: Sender = Sender.PERSON
    unseen: bool = False


async def open_check(
    premises: Premises, opening: Opening, *, clerk: str = "", remember: Remember | None = None
) -> State:
    """Open a check and make it durable.

    Args:
        clerk: code of the clerk at whose desk it is opened (``check.clerk``).

    Raises:
        Misuse: ``check.scene-unknown``, ``check.thing-does-not-fit``.
    """
    at = premises.clock.now()
    moved = begin(premises, opening, at, clerk=clerk)
    return await start(premises, moved, at, remember=remember)


def begin(
    premises: Premises,
    opening: Opening,
    at: datetime,
    *,
    check: str = "",
    told_at: datetime | None = None,
    clerk: str = "",
) -> moves.Moved:
    """Settle everything about a check; pure.

    Args:
        check: its id, where it was fixed before; otherwise a fresh one.
        told_at: when the notice was shown, where a check is written later than it happened.
        clerk: code of the clerk at whose desk it is opened.
    """
    scene = scene_of(premises, opening.scene)
    thing = opening.thing or _usual(scene.kind)
    if (thing is Thing.NOTHING) is scene.kind.sends:
        raise Misuse(faults.NOT_SENDING, field="thing")
    on = china_date(at)
    verdict = premises.decisions.ask(
        Question.ASK,
        facts.ask(
            kind=scene.kind,
            channel=scene.channel,
            subject=opening.subject,
            thing=thing,
            sender=opening.sender,
            unseen=opening.unseen,
        ),
        on=on,
    )
    offers, withheld = _ways(premises, scene, thing, on, identity=not isinstance(verdict, Refused))
    about = About(
        id=check or ids.new(ids.CHECK, at),
        scene=scene.id,
        operator=scene.operator.id,
        outlet=scene.outlet.id,
        kind=scene.kind,
        channel=scene.channel,
        subject=opening.subject,
        thing=thing,
        sender=opening.sender,
        unseen=opening.unseen,
        opened_at=at,
        expires_at=at + timedelta(minutes=scene.check_minutes),
        grounds=verdict.grounds if isinstance(verdict, Allowed) else (),
        demands=dict(verdict.demands) if isinstance(verdict, Allowed) else {},
        citations=verdict.citations,
        offers=offers,
        withheld=withheld,
        notice=premises.notice(scene, at=told_at or at).digest,
        devices=premises.devices_at(scene.id),
        clerk=clerk,
    )
    return moves.begin(about, at)


def _usual(kind: SceneKind) -> Thing:
    if kind is SceneKind.SEND_LETTER:
        return Thing.LETTER
    return Thing.PARCEL if kind.sends else Thing.NOTHING


def _ways(
    premises: Premises, scene: Scene, thing: Thing, on: date, *, identity: bool
) -> tuple[tuple[Offer, ...], tuple[Withheld, ...]]:
    """The ways open now, in the published order, and those withheld with the reason.

    The same for everyone who steps up to a scene on a day, so it is settled once (I3, I10).
    """
    enrolled = bool(premises.devices_at(scene.id))
    key = (scene.id, thing, on, identity, enrolled, premises.gates.edition)
    known = premises.ways.get(key)
    if known is None:
        known = premises.ways[key] = _settle_ways(
            premises, scene, thing, on, identity=identity, enrolled=enrolled
        )
    return known


def _settle_ways(
    premises: Premises, scene: Scene, thing: Thing, on: date, *, identity: bool, enrolled: bool
) -> tuple[tuple[Offer, ...], tuple[Withheld, ...]]:
    offers: list[Offer] = []
    withheld: list[Withheld] = []
    assessed = premises.gates.assessed(scene, on)
    for method in sorted(scene.methods, key=_PUBLISHED.__getitem__):
        if method.shows_identity and not method.is_face and not identity:
            withheld.append(Withheld(method, "identity-may-not-be-asked"))
            continue
        if _source_missing(premises, method, machine=enrolled):
            withheld.append(Withheld(method, "source-missing"))
            continue
        if not bound(premises, method, on):
            withheld.append(Withheld(method, "provider-without-contract"))
            continue
        verdict = premises.decisions.ask(
            Question.OFFER,
            facts.offer(scene, method, assessed=assessed, device_enrolled=enrolled, thing=thing),
            on=on,
        )
        if isinstance(verdict, Allowed):
            offers.append(Offer(method, verdict.grounds, verdict.citations))
        elif isinstance(verdict, Refused):
            withheld.append(Withheld(method, verdict.findings[0].reason))
        else:
            withheld.append(Withheld(method, f"undetermined-{verdict.reason}"))
    return tuple(offers), tuple(withheld)


def bound(premises: Premises, method: Method, on: date) -> bool:
    """Whether the contract stands of whoever confirms this way, if that is somebody else.

    Law: pipl.21, netdata.12
    """
    return premises.gates.bound(premises.sources.entrusted.get(_source(method)), on)


def _source(method: Method) -> str:
    if method is Method.NETWORK_CREDENTIAL:
        return "credential"
    if method is Method.AGREEMENT:
        return "agreement"
    return "entitlement" if method in _ENTITLED else ""


def _source_missing(premises: Premises, method: Method, *, machine: bool) -> bool:
    """Whether nobody could confirm this way; an enrolled machine confirms what it was paid itself."""
    sources = premises.sources
    return (
        (method is Method.NETWORK_CREDENTIAL and sources.credential is None)
        or (method is Method.AGREEMENT and sources.agreement is None)
        or (method is Method.TICKET and sources.entitlement is None)
        or (method in _PAID and sources.entitlement is None and not machine)
    )


_PUBLISHED = {method: place for place, method in enumerate(Method)}
_PAID = frozenset({Method.PAYMENT_CODE, Method.CASH, Method.BANK_CARD})
_ENTITLED = frozenset({Method.TICKET, *_PAID})
