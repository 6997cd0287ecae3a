"""What is done to clients: each deed once, with its act and its leaf in one commit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

import msgspec

from liangming import ids
from liangming.access import events
from liangming.access.codes import CLIENT_FORM, CLIENT_UNKNOWN, NOT_YOURSELF, WAITS
from liangming.access.scopes import DEFAULT_SCOPES, RISKY, WHOLE_ONLY, Scope
from liangming.access.secret import HINT, digest, fresh, key_of
from liangming.check.desk import leaf_of
from liangming.check.ports import Client, LeafRow
from liangming.check.premises import Premises
from liangming.clock import micros
from liangming.docket import Record, leaf_keys
from liangming.errors import Misuse
from liangming.ledger import Event
from liangming.ledger.events import EventKind
from liangming.ledger.leaf import FactValue
from liangming.storage import open_docket
from liangming.webhook import ends_of_client

HOST: Final = "-"
"""Whoever works on the server itself stands in the acts as this."""
ACT: Final = "client-act"
MOST_DAYS: Final = 400
MOST_OVERLAP: Final = timedelta(days=30)
_ACT_ID: Final = "act"
_NAME: Final = 60
_PARTS: Final = 200
_KEPT: Final = timedelta(days=3 * 365)
_DAY: Final = 86_400_000_000
_SCOPES: Final = frozenset(scope.value for scope in Scope)

replace = msgspec.structs.replace


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a new client is to be.

    Attributes:
        operator: whose scenes and checks it sees; no others.
        name: what the key is for, e.g. ``"counter terminals"``; not a person's name.
        scopes: values of :class:`Scope`.
        scenes: only these scenes; empty together with ``outlets``: all.
        outlets: the scenes of these outlets.
        days: how long a key lives; 0 without an end.
    """

    operator: str
    name: str
    scopes: tuple[str, ...] = DEFAULT_SCOPES
    scenes: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    days: int = 0


class Act(msgspec.Struct, frozen=True, kw_only=True):
    """What was done to a client, and by whom."""

    what: str  # the tag of its leaf
    actor: str
    at: int  # µs


async def create(
    premises: Premises,
    *,
    name: str,
    operator: str,
    scopes: Iterable[str] = DEFAULT_SCOPES,
    scenes: Iterable[str] = (),
    outlets: Iterable[str] = (),
    days: int = 0,
) -> str:
    """Make a client and its key on the server itself, where nobody else has to agree.

    Returns:
        The key, which can be seen this once and never again.

    Raises:
        Misuse: ``api.client-form``.
    """
    wish = Wish(
        operator=operator,
        name=name,
        scopes=tuple(dict.fromkeys(scopes)),
        scenes=tuple(scenes),
        outlets=tuple(outlets),
        days=days,
    )
    client = await ask(premises, wish, actor=HOST)
    return await issue(premises, client.id, actor=HOST)


async def ask(premises: Premises, wish: Wish, *, actor: str) -> Client:
    """Put a client on file, without a key; one with a risky right waits for a second person.

    Raises:
        Misuse: ``api.client-form``.
    """
    granted = tuple(dict.fromkeys(wish.scopes))
    _fit(premises, wish, granted)
    at = premises.clock.now()
    waits = actor != HOST and not RISKY.isdisjoint(granted)
    client = Client(
        id=ids.new(ids.CLIENT, at),
        operator=wish.operator,
        name=wish.name.strip(),
        digest=b"",
        scopes=granted,
        created_at=micros(at),
        scenes=wish.scenes,
        outlets=wish.outlets,
        days=wish.days,
        asked_by=actor if waits else "",
    )
    facts: dict[str, FactValue] = {
        "scopes": granted,
        "scenes": wish.scenes,
        "outlets": wish.outlets,
        "waits": waits,
    }
    await _done(premises, client, events.ASKED, actor, facts)
    return client


async def agree(premises: Premises, client_id: str, *, operator: str, actor: str) -> Client:
    """The second person's yes; their no is :func:`revoke`.

    Raises:
        Misuse: ``api.client-unknown``, ``access.not-yourself``, ``check.moved-on``.
    """
    client = await one(premises, client_id, operator)
    if not client.waits:
        raise Misuse(CLIENT_UNKNOWN)
    if client.asked_by == actor:
        raise Misuse(NOT_YOURSELF)
    moved = replace(client, agreed_by=actor, version=client.version + 1)
    await _done(premises, moved, events.AGREED, actor, {})
    return moved


async def issue(
    premises: Premises,
    client_id: str,
    *,
    actor: str,
    operator: str = "",
    overlap: timedelta = timedelta(0),
) -> str:
    """Make a key; the one before goes on opening for ``overlap``, and the one before that ends.

    Returns:
        The key, which can be seen this once and never again.

    Raises:
        Misuse: ``api.client-unknown``, ``access.client-waits``, ``api.client-form`` for an overlap out
            of bounds, ``check.moved-on``.
    """
    client = await one(premises, client_id, operator)
    if client.waits:
        raise Misuse(WAITS)
    if not timedelta(0) <= overlap <= MOST_OVERLAP:
        raise Misuse(CLIENT_FORM, field="overlap")
    now = micros(premises.clock.now())
    keeps = overlap > timedelta(0) and client.opens(now)
    until = now + overlap // timedelta(microseconds=1)
    if client.expires_at is not None:
        until = min(until, client.expires_at)
    secret = fresh()
    moved = replace(
        client,
        digest=digest(premises.keys.token, client.id, secret.encode()),
        hint=secret[:HINT],
        expires_at=now + client.days * _DAY if client.days else None,
        former=client.digest if keeps else b"",
        former_until=until if keeps else None,
        version=client.version + 1,
    )
    facts: dict[str, FactValue] = {
        "until": moved.expires_at or 0,
        "overlap": (until - now) // 1_000_000 if keeps else 0,
    }
    await _done(premises, moved, events.ISSUED, actor, facts)
    return key_of(client.id, secret)


async def stop_former(premises: Premises, client_id: str, *, operator: str, actor: str) -> None:
    """End the overlap of a rotation now.

    Raises:
        Misuse: ``api.client-unknown`` also where there is no former key; ``check.moved-on``.
    """
    client = await one(premises, client_id, operator)
    if not client.former:
        raise Misuse(CLIENT_UNKNOWN)
    moved = replace(client, former=b"", former_until=None, version=client.version + 1)
    await _done(premises, moved, events.STOPPED, actor, {})


async def revoke(
    premises: Premises, client_id: str, *, operator: str = "", actor: str = HOST
) -> None:
    """Revoke a client with all its keys, and end its subscriptions.

    API processes notice within their cache's second.

    Raises:
        Misuse: ``api.client-unknown``, ``check.moved-on``.
    """
    client = await one(premises, client_id, operator)
    moved = replace(
        client,
        revoked_at=micros(premises.clock.now()),
        former=b"",
        former_until=None,
        version=client.version + 1,
    )
    ended = await ends_of_client(
        premises, open_docket(premises.store), client.id, operator=client.operator, actor=actor
    )
    await _done(premises, moved, events.REVOKED, actor, {}, beside=ended)


async def listed(premises: Premises, operator: str = "") -> list[Client]:
    """All clients, of an operator or of all, oldest first, revoked ones too."""
    found = await premises.store.clients()
    return [each for each in found if not operator or each.operator == operator]


async def one(premises: Premises, client_id: str, operator: str = "") -> Client:
    """A client that was not revoked.

    Raises:
        Misuse: ``api.client-unknown``, also for another operator's.
    """
    client = await premises.store.client(client_id) if ids.is_id(ids.CLIENT, client_id) else None
    ours = client is not None and (not operator or client.operator == operator)
    if client is None or not ours or client.revoked_at is not None:
        raise Misuse(CLIENT_UNKNOWN)
    return client


async def acts(premises: Premises, client_id: str, limit: int = 20) -> list[Act]:
    """What was done to a client, the newest first."""
    rows = await open_docket(premises.store).latest(ACT, client_id, "", limit)
    return [msgspec.json.decode(row.body, type=Act) for row in rows]


def _fit(premises: Premises, wish: Wish, granted: tuple[str, ...]) -> None:
    limited = bool(wish.scenes or wish.outlets)
    ours = [s for s in premises.scenes.values() if s.operator.id == wish.operator]
    fits = (
        wish.operator.strip()
        and 0 < len(wish.name.strip()) <= _NAME
        and wish.name.isprintable()
        and granted
        and _SCOPES.issuperset(granted)
        and 0 <= wish.days <= MOST_DAYS
        and len(wish.scenes) + len(wish.outlets) <= _PARTS
        and {scene.id for scene in ours}.issuperset(wish.scenes)
        and {scene.outlet.id for scene in ours}.issuperset(wish.outlets)
        and not (limited and not WHOLE_ONLY.isdisjoint(granted))
    )
    if not fits:
        raise Misuse(CLIENT_FORM)


async def _done(
    premises: Premises,
    client: Client,
    kind: EventKind,
    actor: str,
    facts: dict[str, FactValue],
    *,
    beside: tuple[Sequence[Record], Sequence[LeafRow]] = ((), ()),
) -> None:
    rows, leaves = beside
    at = premises.clock.now()
    body = Act(what=kind.tag, actor=actor, at=micros(at))
    name = f"{_ACT_ID}{client.id[3:]}_{client.version:06x}"  # in the order of the changes
    key = leaf_keys.lasting(premises, name)  # it concerns nobody
    row = Record(
        id=name,
        kind=ACT,
        operator=client.operator,
        about=client.id,
        state="done",
        version=1,
        opened_at=micros(at),
        changed_at=micros(at),
        due_at=None,
        keep_until=micros(at + _KEPT),
        leaf_key=key.kept,
        body=msgspec.json.encode(body),
    )
    told: dict[str, FactValue] = {
        "client": client.id,
        "operator": client.operator,
        "actor": actor,
        **facts,
    }
    leaf = leaf_of(Event(kind.tag, micros(at), name, told), key.key, 0)
    await open_docket(premises.store).commit([row, *rows], [leaf, *leaves], clients=[client])
