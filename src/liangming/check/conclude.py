"""End a check without evidence: the person goes away, shows nothing, or time runs out."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from liangming.check import moves
from liangming.check.desk import Remember, held, move, scene_of
from liangming.check.examine import unwilling
from liangming.check.examined import Sitting
from liangming.check.premises import Premises
from liangming.check.settle import settle
from liangming.check.states import Chosen, Consented, State
from liangming.clock import from_micros
from liangming.law.words import Method

How = Literal["walked-away", "refused-to-show"]


async def conclude(
    premises: Premises,
    check_id: str,
    how: How,
    *,
    by: str = "staff",
    remember: Remember | None = None,
) -> State:
    """End a check.

    ``walked-away`` collects nothing and refuses nobody. ``refused-to-show`` asks the law: where a
    document is owed the parcel must not be accepted; elsewhere it is no reason to refuse.
    """
    at = premises.clock.now()
    before = await held(premises, check_id)
    state = before.state
    if how == "walked-away":
        moved = moves.abandon(state, by, at)
        return await move(premises, before, moved, at, remember=remember)
    moves.must_be_noticed(state, at)
    scene = scene_of(premises, state.about.scene)
    sitting = Sitting(premises, scene, state, _way(state), at)
    settled = settle(sitting, unwilling(sitting.method), None)
    return await move(premises, before, settled.moved, at, kept=settled.kept, remember=remember)


async def expire_due(premises: Premises, at: datetime, limit: int = 500) -> int:
    """Close checks whose time is over; returns how many. Safe to repeat and to run twice."""
    rows = await premises.store.due_for_expiry(at, limit)
    for row in rows:
        before = await held(premises, row.id)
        if from_micros(before.row.expires_at) <= at:
            await move(premises, before, moves.expire(before.state, at), at)
    return len(rows)


def _way(state: State) -> Method:
    match state:
        case Chosen(method=method):
            return method
        case Consented():
            return Method.FACE
        case _:
            open_ways = [o.method for o in state.about.offers]
            return open_ways[0] if open_ways else Method.DOCUMENT_SEEN
