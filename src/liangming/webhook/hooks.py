"""Subscriptions: made, paused, resumed, their secret changed, ended. Each deed is a leaf in its commit."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import msgspec

from liangming import ids
from liangming.check.desk import leaf_of
from liangming.check.ports import LeafRow
from liangming.check.premises import Premises
from liangming.clock import micros
from liangming.docket import Record, Records, leaf_keys
from liangming.errors import Misuse
from liangming.ledger import Event
from liangming.ledger.events import EventKind
from liangming.ledger.leaf import FactValue
from liangming.webhook import codes, events
from liangming.webhook.names import EVENTS, Name
from liangming.webhook.networks import Networks
from liangming.webhook.ports import Outbox
from liangming.webhook.sign import key_of, text_of

HOOK: Final = "whk"
KIND: Final = "webhook"
ACTIVE, PAUSED, ENDED = "active", "paused", "ended"
CURSOR: Final = "cur_webhooks"
MOST: Final = 20  # of one operator
MOST_OVERLAP: Final = timedelta(days=30)
HOST: Final = "-"
_KEPT: Final = timedelta(days=365)
_CURSOR_KIND: Final = "cursor"

replace = msgspec.structs.replace


class Hook(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription as it stands.

    Attributes:
        by: the client or account that made it.
        generation: of its secret.
        former_until: µs until which the secret before signs as well.
        since: events before this place in the log are not told.
        why: why it was paused.
    """

    url: str
    events: tuple[Name, ...]
    by: str
    scenes: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    generation: int = 1
    former_until: int = 0
    since: int = 0
    why: str = ""

    def reaches(self, scene: str, outlet: str) -> bool:
        """Whether it is told of a scene."""
        return not (self.scenes or self.outlets) or scene in self.scenes or outlet in self.outlets


class Held(msgspec.Struct, frozen=True):
    """A subscription and the record it rests in."""

    record: Record
    hook: Hook

    @property
    def id(self) -> str:
        """Its id."""
        return self.record.id

    @property
    def state(self) -> str:
        """``active``, ``paused`` or ``ended``."""
        return self.record.state

    def keys(self, premises: Premises, now: int) -> list[bytes]:
        """What signs at a moment: the present secret, and the former during a rotation."""
        token, generation = premises.keys.token, self.hook.generation
        made = [key_of(token, self.id, generation)]
        if now < self.hook.former_until:
            made.append(key_of(token, self.id, generation - 1))
        return made


async def subscribe(
    premises: Premises,
    docket: Records,
    outbox: Outbox,
    hook: Hook,
    *,
    networks: Networks,
    operator: str,
) -> tuple[Held, str]:
    """Make a subscription; events from now on are told.

    Returns:
        The subscription, and its secret, which is shown this once.

    Raises:
        Misuse: ``webhook.form``, ``webhook.address-unfit``, ``webhook.too-many``.
        Refusal: ``webhook.address-private``.
    """
    networks.target(hook.url)
    scenes = [s for s in premises.scenes.values() if s.operator.id == operator]
    known = {scene.id for scene in scenes}, {scene.outlet.id for scene in scenes}
    fits = known[0].issuperset(hook.scenes) and known[1].issuperset(hook.outlets)
    if not hook.events or not set(EVENTS).issuperset(hook.events) or not fits:
        raise Misuse(codes.FORM)
    if len(await hooks_of(docket, operator)) >= MOST:
        raise Misuse(codes.TOO_MANY)
    at = premises.clock.now()
    name = ids.new(HOOK, at)
    key = leaf_keys.lasting(premises, name)
    record = Record(
        id=name,
        kind=KIND,
        operator=operator,
        about=operator,
        state=ACTIVE,
        version=1,
        opened_at=micros(at),
        changed_at=micros(at),
        due_at=None,
        keep_until=None,
        leaf_key=key.kept,
        body=b"",
    )
    facts: dict[str, FactValue] = {
        "events": tuple(each.value for each in hook.events),
        "scenes": hook.scenes,
        "outlets": hook.outlets,
    }
    held = Held(record, hook)
    held = await _begin(
        premises, docket, outbox, held, kind=events.MADE, actor=hook.by, facts=facts
    )
    return held, text_of(key_of(premises.keys.token, name, hook.generation))


async def pause(
    premises: Premises, docket: Records, hook: str, *, operator: str, actor: str, why: str = "asked"
) -> None:
    """Tell nothing for now; what happens meanwhile is not told later.

    Raises:
        Misuse: ``webhook.unknown``, ``webhook.not-now``, ``check.moved-on``.
    """
    held = await find(docket, hook, operator)
    if held.state != ACTIVE:
        raise Misuse(codes.NOT_NOW)
    moved = _moved(held, replace(held.hook, why=why), PAUSED, micros(premises.clock.now()))
    await docket.commit(*await _with_leaf(premises, moved, events.PAUSED, actor, {"why": why}))


async def resume(
    premises: Premises, docket: Records, outbox: Outbox, hook: str, *, operator: str, actor: str
) -> None:
    """Tell again, from now on.

    Raises:
        Misuse: ``webhook.unknown``, ``webhook.not-now``, ``check.moved-on``.
    """
    held = await find(docket, hook, operator)
    if held.state != PAUSED:
        raise Misuse(codes.NOT_NOW)
    moved = _moved(held, replace(held.hook, why=""), ACTIVE, micros(premises.clock.now()))
    await _begin(premises, docket, outbox, moved, kind=events.RESUMED, actor=actor, facts={})


async def rotate(
    premises: Premises, docket: Records, hook: str, *, operator: str, actor: str, overlap: timedelta
) -> str:
    """A new secret; the one before signs beside it for ``overlap``.

    Returns:
        The secret, which is shown this once.

    Raises:
        Misuse: ``webhook.unknown``, ``webhook.form`` for an overlap out of bounds, ``check.moved-on``.
    """
    held = await find(docket, hook, operator)
    if not timedelta(0) <= overlap <= MOST_OVERLAP:
        raise Misuse(codes.FORM, field="overlap")
    now = micros(premises.clock.now())
    until = now + overlap // timedelta(microseconds=1)
    changed = replace(held.hook, generation=held.hook.generation + 1, former_until=until)
    moved = _moved(held, changed, held.state, now)
    facts: dict[str, FactValue] = {"overlap": int(overlap.total_seconds())}
    await docket.commit(*await _with_leaf(premises, moved, events.ROTATED, actor, facts))
    return text_of(key_of(premises.keys.token, hook, changed.generation))


async def end(premises: Premises, docket: Records, hook: str, *, operator: str, actor: str) -> None:
    """End a subscription; nothing more is posted.

    Raises:
        Misuse: ``webhook.unknown``, ``check.moved-on``.
    """
    held = await find(docket, hook, operator)
    await docket.commit(*await _ended(premises, held, actor))


async def ends_of_client(
    premises: Premises, docket: Records, client: str, *, operator: str, actor: str
) -> tuple[list[Record], list[LeafRow]]:
    """What ends the subscriptions of a client that is revoked, for the commit that revokes it."""
    rows: list[Record] = []
    leaves: list[LeafRow] = []
    for held in await hooks_of(docket, operator):
        if held.hook.by == client:
            ended, told = await _ended(premises, held, actor)
            rows += ended
            leaves += told
    return rows, leaves


async def touch(
    premises: Premises, held: Held, kind: EventKind, actor: str, facts: dict[str, FactValue]
) -> tuple[list[Record], list[LeafRow]]:
    """A deed that changes nothing of the subscription but leaves its leaf."""
    moved = _moved(held, held.hook, held.state, micros(premises.clock.now()))
    return await _with_leaf(premises, moved, kind, actor, facts)


async def find(docket: Records, hook: str, operator: str = "") -> Held:
    """A subscription that has not ended.

    Raises:
        Misuse: ``webhook.unknown``, also for another operator's.
    """
    record = await docket.get(hook) if ids.is_id(HOOK, hook) else None
    ours = record is not None and (not operator or record.operator == operator)
    if record is None or not ours or record.kind != KIND or record.state == ENDED:
        raise Misuse(codes.UNKNOWN)
    return _held(record)


async def hooks_of(docket: Records, operator: str) -> list[Held]:
    """The subscriptions of an operator that have not ended, oldest first."""
    return [_held(r) for r in await docket.about(KIND, operator) if r.state != ENDED]


async def active(docket: Records) -> list[Held]:
    """Every active subscription."""
    return await every(docket, ACTIVE)


async def every(docket: Records, state: str) -> list[Held]:
    """Every subscription that stands so, of all operators."""
    found: list[Held] = []
    after = ""
    while rows := await docket.walk(KIND, after, 500):
        found += [_held(row) for row in rows if row.state == state]
        after = rows[-1].id
    return found


def cursor_row(before: Record | None, place: int, now: int) -> Record:
    """The cursor in the log, moved to a place."""
    body = str(place).encode()
    if before is not None:
        return replace(before, body=body, version=before.version + 1, changed_at=now)
    return Record(
        id=CURSOR,
        kind=_CURSOR_KIND,
        operator="",
        about="",
        state="at",
        version=1,
        opened_at=now,
        changed_at=now,
        due_at=None,
        keep_until=None,
        leaf_key=b"",
        body=body,
    )


async def _begin(
    premises: Premises,
    docket: Records,
    outbox: Outbox,
    held: Held,
    *,
    kind: EventKind,
    actor: str,
    facts: dict[str, FactValue],
) -> Held:
    """Write a subscription that becomes active. The first one puts the cursor to the log's head."""
    head = await outbox.head()
    held = Held(held.record, replace(held.hook, since=head))
    rows, leaves = await _with_leaf(premises, held, kind, actor, facts)
    if not await active(docket):
        before = await docket.get(CURSOR)
        rows.append(cursor_row(before, head, micros(premises.clock.now())))
    await docket.commit(rows, leaves)
    return _held(rows[0])


async def _ended(premises: Premises, held: Held, actor: str) -> tuple[list[Record], list[LeafRow]]:
    at = premises.clock.now()
    moved = _moved(held, held.hook, ENDED, micros(at))
    kept = Held(replace(moved.record, keep_until=micros(at + _KEPT)), moved.hook)
    return await _with_leaf(premises, kept, events.ENDED, actor, {})


def _moved(held: Held, hook: Hook, state: str, now: int) -> Held:
    record = held.record
    return Held(replace(record, state=state, version=record.version + 1, changed_at=now), hook)


async def _with_leaf(
    premises: Premises, held: Held, kind: EventKind, actor: str, facts: dict[str, FactValue]
) -> tuple[list[Record], list[LeafRow]]:
    key = await leaf_keys.opened_key(premises, held.record)
    if key is None:
        raise LookupError("the leaf key of a subscription lasts")
    record = replace(held.record, body=msgspec.json.encode(held.hook))
    told: dict[str, FactValue] = {"operator": record.operator, "actor": actor, **facts}
    event = Event(kind.tag, record.changed_at, record.id, told)
    return [record], [leaf_of(event, key, record.version - 1)]


def _held(record: Record) -> Held:
    return Held(record, msgspec.json.decode(record.body, type=Hook))
