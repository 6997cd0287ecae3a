"""End a check without evidence: the person goes away, shows nothing, or time runs out.

And forget what only had to be there for a while: idempotency keys, pick-up codes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal

import msgspec

from liangming.check import moves
from liangming.check.desk import Remember, held, move, scene_of
from liangming.check.examine import unwilling
from liangming.check.examined import Sitting
from liangming.check.ports import MOVED_ON
from liangming.check.premises import Premises
from liangming.check.settle import settle
from liangming.check.states import Chosen, Consented, State
from liangming.clock import china_date, from_micros
from liangming.errors import Misuse, Refusal
from liangming.law.words import Method

How = Literal["walked-away", "refused-to-show"]
_STEPS: Final = 100  # of the store's own size, in one go


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
    sitting = Sitting(premises, scene, state, _way(state), at, china_date(at))
    settled = settle(sitting, unwilling(sitting.method), None)
    return await move(premises, before, settled.moved, at, kept=settled.kept, remember=remember)


class Expired(msgspec.Struct, frozen=True):
    """What became of the checks whose time was over.

    Attributes:
        closed: how many ended.
        stuck: how many could not be ended, by the code that says why; they stay due.
    """

    closed: int = 0
    stuck: Mapping[str, int] = {}


async def expire_due(premises: Premises, at: datetime, limit: int = 500) -> Expired:
    """Close every check whose time is over. Safe to repeat and to run twice.

    One that cannot be closed (its leaf key does not open, say) is counted and passed over: it
    holds up nobody else's end.

    Args:
        premises: the house.
        at: now.
        limit: how many are read at a time.

    Raises:
        Outage: the store's; what was closed before stays closed.
    """
    closed, over, stuck = 0, set[str](), Counter[str]()
    while True:
        due = await premises.store.due_for_expiry(at, limit + len(over))
        rows = [row for row in due if row.id not in over]
        if not rows:
            return Expired(closed, dict(stuck))
        for row in rows:
            try:
                before = await held(premises, row.id)
                if from_micros(before.row.expires_at) <= at:
                    await move(premises, before, moves.expire(before.state, at), at)
                    closed += 1
            except (Misuse, Refusal) as failure:
                over.add(row.id)
                if failure.code is not MOVED_ON:  # that one is somebody else's now
                    stuck[failure.code.name] += 1


async def forget_served(premises: Premises, at: datetime) -> int:
    """Forget idempotency keys after 24 hours, and pick-up codes a day after they expired.

    Nothing goes while the clock has just leapt: a key that is forgotten too early would let a
    repeated call make a second check. A step at a time, so that no check waits long behind it.

    Raises:
        Outage: the store's.
    """
    gone = 0
    for _ in range(_STEPS):
        some = await premises.store.sweep(at) if premises.clock.settled() else 0
        gone += some
        if not some:
            break
    return gone


def _way(state: State) -> Method:
    match state:
        case Chosen(method=method):
            return method
        case Consented():
            return Method.FACE
        case _:
            open_ways = [o.method for o in state.about.offers]
            return open_ways[0] if open_ways else Method.DOCUMENT_SEEN
