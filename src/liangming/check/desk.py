"""How a move becomes durable: read the check, move it, write everything it leaves in one commit.

Crash story: before ``commit`` returns nothing was promised and nothing may have happened; after
it, check, person, consent, used-up codes, leaves and the remembered answer are all there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

import msgspec

from liangming.check import faults, leaf_keys, moves, states
from liangming.check.opening import open_leaf_key
from liangming.check.ports import (
    Change,
    CheckRow,
    ConsentRow,
    LeafRow,
    PersonRow,
    Redemption,
    Remembered,
)
from liangming.check.premises import Premises
from liangming.clock import micros
from liangming.errors import Misuse
from liangming.ledger import Event, commit
from liangming.scene.model import Scene
from liangming.vault import Vault

Remember = Callable[[states.State], Remembered]

_json = msgspec.json.Encoder(order="sorted").encode


class Held(msgspec.Struct, frozen=True):
    """A check as read: its row and its state."""

    row: CheckRow
    state: states.State


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """What a move stores beside the check.

    Attributes:
        person: a new registration.
        seen: the registration that was found instead; under its key the leaves are kept.
        seen_keep_until: the found registration is kept until then at least.
        redeem: codes that are used up.
    """

    person: PersonRow | None = None
    seen: PersonRow | None = None
    seen_keep_until: int = 0
    redeem: tuple[Redemption, ...] = ()


NOTHING: Final = Kept()


async def held(premises: Premises, check_id: str) -> Held:
    """Read a check.

    Raises:
        Misuse: ``check.unknown``.
    """
    row = await premises.store.check(check_id)
    if row is None:
        raise Misuse(faults.UNKNOWN)
    return Held(row, states.decode(row.body))


def scene_of(premises: Premises, scene_id: str) -> Scene:
    """A live scene.

    Raises:
        Misuse: ``check.scene-unknown``.
    """
    scene = premises.scenes.get(scene_id)
    if scene is None:
        raise Misuse(faults.SCENE_UNKNOWN, field="scene")
    return scene


async def move(
    premises: Premises,
    before: Held,
    moved: moves.Moved,
    at: datetime,
    *,
    kept: Kept = NOTHING,
    remember: Remember | None = None,
) -> states.State:
    """Make a move durable and return the new state. A move that changed nothing writes nothing."""
    if not moved.events and remember is None:
        return moved.state
    key = await open_leaf_key(premises.store, premises.vault, before.row)
    change = change_of(premises.vault, before.row, before.state, moved, at, leaf_key=key, kept=kept)
    if remember is not None:
        change = msgspec.structs.replace(change, remember=remember(moved.state))
    await premises.store.commit(change)
    return moved.state


async def start(
    premises: Premises,
    moved: moves.Moved,
    at: datetime,
    *,
    kept: Kept = NOTHING,
    remember: Remember | None = None,
) -> states.State:
    """Make a new check durable."""
    change = first_change(premises.vault, moved, at, leaf_key=leaf_keys.fresh(), kept=kept)
    if remember is not None:
        change = msgspec.structs.replace(change, remember=remember(moved.state))
    await premises.store.commit(change)
    return moved.state


def first_change(
    vault: Vault, moved: moves.Moved, at: datetime, *, leaf_key: bytes, kept: Kept = NOTHING
) -> Change:
    """The change that inserts a check."""
    about = moved.state.about
    row = CheckRow(
        id=about.id,
        operator=about.operator,
        scene=about.scene,
        outlet=about.outlet,
        kind=about.kind.value,
        state="",
        version=0,
        person=None,
        opened_at=micros(about.opened_at),
        changed_at=micros(at),
        expires_at=micros(about.expires_at),
        leaf_key=b"",
        body=b"",
    )
    return change_of(vault, row, None, moved, at, leaf_key=leaf_key, kept=kept)


def change_of(
    vault: Vault,
    row: CheckRow,
    before: states.State | None,
    moved: moves.Moved,
    at: datetime,
    *,
    leaf_key: bytes,
    kept: Kept = NOTHING,
) -> Change:
    """Everything one move writes.

    Args:
        vault: keeps the leaf key.
        row: the check as read, or as it begins.
        before: its state; None when it is new.
        moved: the move.
        at: now.
        leaf_key: of the check, open.
        kept: what is stored beside it.
    """
    state = moved.state
    first = 0 if before is None else before.journey.events
    holder = kept.person if kept.person is not None else kept.seen
    return Change(
        check=msgspec.structs.replace(
            row,
            state=states.tag(state),
            version=row.version + 1,
            person=holder.person if holder is not None else row.person,
            changed_at=micros(at),
            leaf_key=row.leaf_key
            if row.person is not None and holder is None
            else leaf_keys.keep(
                vault, row.id, leaf_key, holder, finished=isinstance(state, states.FINISHED)
            ),
            body=states.encode(state),
        ),
        leaves=tuple(leaf_of(event, leaf_key, first + n) for n, event in enumerate(moved.events)),
        person=kept.person,
        seen=None if kept.seen is None else kept.seen.person,
        seen_keep_until=kept.seen_keep_until,
        holder_key=b"" if holder is None else holder.wrapped_key,
        consent=_consent(before, state),
        redeem=kept.redeem,
    )


def leaf_of(event: Event, leaf_key: bytes, number: int) -> LeafRow:
    """An event as stored, with the leaf that enters the log."""
    return LeafRow(
        check=event.check_id,
        number=number,
        tag=event.tag,
        at=event.at_micros,
        facts=_json(event.facts),
        leaf=commit(event, leaf_key, number),
    )


def _consent(before: states.State | None, state: states.State) -> ConsentRow | None:
    consent = state.journey.consent
    earlier = before.journey.consent if before is not None else None
    if consent is None or consent == earlier:
        return None
    return ConsentRow(
        id=consent.id,
        check=consent.check,
        scene=state.about.scene,
        purpose=consent.purpose,
        notice=consent.notice,
        device=consent.device,
        state=consent.state.value,
        at=micros(consent.at),
    )
