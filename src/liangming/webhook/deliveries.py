"""Deliveries: one message to one subscription, with every attempt, until it was taken or is dead."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Final

import msgspec

from liangming import ids
from liangming.check.premises import Premises
from liangming.clock import from_micros, micros, rfc3339
from liangming.docket import Record, Records
from liangming.errors import Misuse
from liangming.webhook import codes, events
from liangming.webhook.hooks import ACTIVE, HOOK, Held, find, touch
from liangming.webhook.names import OF_TAG, OUTCOMES, Name
from liangming.webhook.ports import Happened

DELIVERY: Final = "dlv"
WAITING, TAKEN, DEAD = "waiting", "taken", "dead"
PAUSES: Final = (5, 30, 120, 600, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds between attempts: twelve of them in about three days and three hours."""
SPREAD: Final = 5  # each pause is longer or shorter by up to a fifth
LEASE: Final = timedelta(seconds=90)  # an attempt belongs to its process for so long
KEPT_TAKEN: Final = timedelta(days=7)
KEPT_DEAD: Final = timedelta(days=30)
_ATTEMPTS: Final = 12  # shown
_LABEL: Final = b"liangming/webhook/message/1\0"

replace = msgspec.structs.replace


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """One post: a status, or why there was none."""

    at: int  # µs
    status: int = 0
    why: str = ""
    micros: int = 0


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """What is posted, and how it went so far.

    Attributes:
        message: the id that stays the same in every attempt.
        name: the ``type``.
        at: µs: when it happened.
        data: ids and outcome; never anything about a person.
        tries: since it was made, or asked for again.
        attempts: the last ones.
    """

    message: str
    name: Name
    at: int
    data: dict[str, str]
    tries: int = 0
    attempts: tuple[Attempt, ...] = ()

    def body(self) -> bytes:
        """What is posted: the same bytes each time."""
        return msgspec.json.encode(
            {
                "type": self.name.value,
                "timestamp": rfc3339(from_micros(self.at)),
                "data": self.data,
            }
        )


class Kept(msgspec.Struct, frozen=True):
    """A delivery and the record it rests in."""

    record: Record
    delivery: Delivery

    @property
    def id(self) -> str:
        """Its id."""
        return self.record.id

    @property
    def state(self) -> str:
        """``waiting``, ``taken`` or ``dead``."""
        return self.record.state


def kind_of(hook: str) -> str:
    """The kind of a subscription's deliveries: each has its own queue, so that none holds up another."""
    return f"d{hook.removeprefix(HOOK)}"


def message_id(premises: Premises, owner: str, number: int) -> str:
    """The id of what is told of a leaf; the same however often it is told."""
    content = _LABEL + f"{owner}/{number}".encode()
    digest = hmac.digest(premises.keys.token, content, hashlib.sha256)
    return ids.of_number(ids.EVENT, int.from_bytes(digest[:16], "big"))


def told(happened: Happened) -> tuple[Name, dict[str, str]] | None:
    """What is said of a leaf: its name and ids. None: nothing."""
    owner = happened.owner
    if owner.startswith("dev_"):
        if not happened.follows and happened.number:
            return Name.GAP, {"device": owner, "before": str(happened.number)}
        name = OF_TAG.get(happened.tag)
        return None if name is None else (name, {"device": owner})
    name = OF_TAG.get(happened.tag)
    if name is None:
        return None
    if name is Name.FORKED:
        return name, {"device": happened.about}
    if owner.startswith("req_"):
        return name, {"request": owner, "check": happened.about}
    data = {"check": owner, "scene": happened.scene}
    if happened.tag in OUTCOMES:
        data["outcome"] = OUTCOMES[happened.tag]
    if name is Name.WITHDRAWN:
        consent = msgspec.json.decode(happened.facts).get("consent", "")
        data["consent"] = str(consent)
    return name, data


def made(hook: Held, delivery: Delivery, now: int) -> Record:
    """A new delivery, due at once."""
    return Record(
        id=ids.new(DELIVERY, from_micros(now)),
        kind=kind_of(hook.id),
        operator=hook.record.operator,
        about=hook.id,
        state=WAITING,
        version=1,
        opened_at=now,
        changed_at=now,
        due_at=now,
        keep_until=None,
        leaf_key=b"",
        body=msgspec.json.encode(delivery),
    )


def kept(record: Record) -> Kept:
    """A delivery from its record."""
    return Kept(record, msgspec.json.decode(record.body, type=Delivery))


def leased(each: Kept, now: datetime) -> Kept:
    """Taken on by a process: nobody else posts it meanwhile, and somebody does if that one dies."""
    record = replace(
        each.record,
        version=each.record.version + 1,
        changed_at=micros(now),
        due_at=micros(now + LEASE),
    )
    return Kept(record, each.delivery)


def after(each: Kept, attempt: Attempt, now: datetime, *, retry_after: int = 0) -> Record:
    """The delivery after an attempt: taken, waiting for the next, or dead."""
    tries = each.delivery.tries + 1
    attempts = (*each.delivery.attempts, attempt)[-_ATTEMPTS:]
    body = msgspec.json.encode(replace(each.delivery, tries=tries, attempts=attempts))
    state, due, until = WAITING, None, None
    if 200 <= attempt.status < 300:  # noqa: PLR2004
        state, until = TAKEN, now + KEPT_TAKEN
    elif tries > len(PAUSES):
        state, until = DEAD, now + KEPT_DEAD
    else:
        due = now + timedelta(seconds=max(_pause(tries), min(retry_after, PAUSES[-1])))
    return replace(
        each.record,
        state=state,
        version=each.record.version + 1,
        changed_at=micros(now),
        due_at=None if due is None else micros(due),
        keep_until=None if until is None else micros(until),
        body=body,
    )


def _pause(tries: int) -> float:
    """The pause after so many tries, spread so that receivers are not met by all at once."""
    pause = PAUSES[tries - 1]
    spread = secrets.randbelow(2 * 1000 + 1) / 1000 - 1  # -1 to 1
    return pause * (1 + spread / SPREAD)


async def deliveries_of(docket: Records, hook: str, before: str, limit: int) -> list[Kept]:
    """A page of a subscription's deliveries, the newest first."""
    return [kept(row) for row in await docket.latest(kind_of(hook), hook, before, limit)]


async def again(
    premises: Premises, docket: Records, delivery: str, *, operator: str, actor: str, by: str = ""
) -> None:
    """Send a delivery again, from the first pause on; the receiver sees the id it knows.

    Args:
        premises: the house.
        docket: where deliveries are.
        delivery: its id.
        operator: whose.
        actor: who asks.
        by: only those of subscriptions that this client made.

    Raises:
        Misuse: ``webhook.delivery-unknown``, ``webhook.not-now`` while it waits anyway or the
            subscription is paused, ``webhook.unknown``, ``check.moved-on``.
    """
    record = await docket.get(delivery) if ids.is_id(DELIVERY, delivery) else None
    if record is None or record.operator != operator or record.kind != kind_of(record.about):
        raise Misuse(codes.NO_DELIVERY)
    hook = await find(docket, record.about, operator)
    if by and hook.hook.by != by:
        raise Misuse(codes.NO_DELIVERY)
    if record.state == WAITING or hook.state != ACTIVE:
        raise Misuse(codes.NOT_NOW)
    now = micros(premises.clock.now())
    fresh = replace(kept(record).delivery, tries=0)
    moved = replace(
        record,
        state=WAITING,
        version=record.version + 1,
        changed_at=now,
        due_at=now,
        keep_until=None,
        body=msgspec.json.encode(fresh),
    )
    rows, leaves = await touch(premises, hook, events.AGAIN, actor, {"delivery": delivery})
    await docket.commit([moved, *rows], leaves)


async def ping(premises: Premises, docket: Records, hook: str, *, operator: str, actor: str) -> str:
    """Send a test, by the same way as everything else; returns the delivery's id.

    Raises:
        Misuse: ``webhook.unknown``, ``webhook.not-now`` while it is paused, ``check.moved-on``.
    """
    held = await find(docket, hook, operator)
    if held.state != ACTIVE:
        raise Misuse(codes.NOT_NOW)
    at = premises.clock.now()
    test = Delivery(message=ids.new(ids.EVENT, at), name=Name.PING, at=micros(at), data={})
    record = made(held, test, micros(at))
    rows, leaves = await touch(premises, held, events.PINGED, actor, {})
    await docket.commit([record, *rows], leaves)
    return record.id
