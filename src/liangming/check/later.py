"""A check that a clerk made while the line was down, written when the line is back.

The clerk saw the document and compared it then; only the record comes later, and says so. The
moment is the desk's own clock's word, with how far that clock was off when the entry arrived.

    1 the check opens under an id that the entry fixed: the same entry twice is one check, for ever
    2 opening, the note that it comes later, notice and choice stand in one commit
    3 the evidence is shown as at any counter, by the same law
Between 2 and 3 a crash loses nothing: the entry is still at the desk and goes on from 3.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec

from liangming import ids
from liangming import method as shown
from liangming.check import events, faults, moves
from liangming.check.desk import scene_of, start
from liangming.check.open import Opening, begin
from liangming.check.ports import MOVED_ON
from liangming.check.premises import Premises
from liangming.check.present import present
from liangming.check.states import Chosen, State, decode
from liangming.clock import micros
from liangming.errors import Kind, Misuse, declare
from liangming.law.words import Method

LONGEST: Final = timedelta(hours=72)
"""What waited longer is not a record of that moment any more."""
AHEAD: Final = timedelta(minutes=2)
MOST_SKEW: Final = timedelta(hours=24)

TOO_OLD: Final = declare(
    "check.later-too-old",
    Kind.OUT_OF_ORDER,
    zh="这一笔等得太久，或时间不对，不能再自动补录。请按站点的规定联系寄件人重新办理。",
    en="This entry waited too long, or its time is wrong, and cannot be written by itself any more. "
    "Follow the station's rule: ask the sender to do it again.",
)


class Later(msgspec.Struct, frozen=True, kw_only=True):
    """What the clerk entered while the line was down.

    Attributes:
        chance: ten bytes that nobody can guess, the same whenever this entry comes.
        notice: digest of the notice that stood at the desk.
        stated: when, by the desk's clock.
        skew: how far our clock was ahead of the desk's when the entry arrived.
        number: its place in the desk's queue.
        clerk: code of the clerk who sent it in.
    """

    chance: bytes
    opening: Opening
    method: Method
    evidence: shown.Evidence
    notice: str
    stated: datetime
    skew: timedelta
    number: int
    clerk: str = ""

    @property
    def check(self) -> str:
        """The check's id.

        Its time is the last moment at which the entry could be written: an id is never older than
        the opening of its check, since walks over ids rely on that.
        """
        latest = micros(self.stated + LONGEST + AHEAD + MOST_SKEW) // 1000
        return ids.of_number(ids.CHECK, latest << 80 | int.from_bytes(self.chance, "big"))

    @property
    def seen(self) -> datetime:
        """When, by our clock."""
        return self.stated + self.skew

    def __repr__(self) -> str:
        return f"<Later {self.opening.scene} {self.method.value}>"

    __str__ = __repr__


async def write_later(premises: Premises, later: Later) -> State:
    """Write the check, or find it written; durable when this returns.

    Raises:
        Misuse: ``check.later-too-old``; ``check.notice-changed``; ``check.expired`` where an earlier
            attempt opened it and its time is over; what :func:`~liangming.check.present` raises.

    Law: courier.23
    """
    row = await premises.store.check(later.check)
    if row is None:
        try:
            state = await _opened(premises, later)
        except Misuse as error:  # the same entry from two windows: one opened it
            row = await premises.store.check(later.check) if error.code is MOVED_ON else None
            if row is None:
                raise
            state = decode(row.body)
    else:
        state = decode(row.body)
    if not isinstance(state, Chosen):
        return state
    return await present(premises, later.check, later.evidence)


async def _opened(premises: Premises, later: Later) -> State:
    """Steps 1 and 2."""
    at = premises.clock.now()
    if not at - LONGEST <= later.seen <= at + AHEAD or abs(later.skew) > MOST_SKEW:
        raise Misuse(TOO_OLD)
    told = premises.notice(scene_of(premises, later.opening.scene), at=later.seen)
    if later.notice != told.digest:
        raise Misuse(faults.NOTICE_CHANGED, citations=("pipl.17",))
    begun = begin(
        premises, later.opening, at, check=later.check, told_at=later.seen, clerk=later.clerk
    )
    note = moves.event(
        begun.state.about,
        events.WRITTEN_LATER,
        at,
        seen=micros(later.seen),
        skew=round(later.skew.total_seconds()),
        number=later.number,
    )
    journey = msgspec.structs.replace(begun.state.journey, events=2)
    noted = moves.Moved(
        msgspec.structs.replace(begun.state, journey=journey), (*begun.events, note)
    )
    shown_ = moves.show_notice(noted.state, told.notice, "zh", at)
    chosen = moves.choose(shown_.state, later.method, "spoken", at)
    events_ = (*noted.events, *shown_.events, *chosen.events)
    return await start(premises, moves.Moved(chosen.state, events_), at)
