"""Kinds of whole checks as they begin, and the moulds (:mod:`liangming.check.mould`) of how they end."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date, datetime
from typing import Final

from liangming.check import moves
from liangming.check.mould import Mould
from liangming.check.pattern import MOST_STEPS, plain
from liangming.check.ports import Change, PersonRow

_MOST: Final = 4_096


class Begun:
    """A kind of check up to the choice, and the moulds of its outcomes.

    Attributes:
        moved: the state that stands for all of them, and the events up to there.
    """

    __slots__ = ("_moulds", "_unproven", "moved")

    def __init__(self, moved: moves.Moved) -> None:
        self.moved = moved
        self._moulds: dict[Hashable, Mould] = {}
        self._unproven: dict[Hashable, tuple[datetime, Mould] | None] = {}

    def mould(self, outcome: Hashable) -> Mould | None:
        """The mould of an outcome, once it is proven."""
        return self._moulds.get(outcome)

    def learn(
        self,
        outcome: Hashable,
        change: Change,
        moved: moves.Moved,
        at: datetime,
        *,
        leaf_key: bytes,
        seen: PersonRow | None,
    ) -> None:
        """Take a mould from a check of the plain way, or hold the earlier one against it.

        Args:
            outcome: what it is found by.
            change: what the plain way wrote.
            moved: the state it led to and all its events.
            at: when.
            leaf_key: of the check, open.
            seen: the registration that was found.
        """
        if len(moved.events) > MOST_STEPS:
            return
        if outcome not in self._unproven:
            if len(self._unproven) >= _MOST:
                self._unproven.clear()
            self._unproven[outcome] = (at, Mould(change, moved, at))
            return
        waiting = self._unproven[outcome]
        if waiting is None or waiting[0] == at:
            return
        mould = waiting[1]
        again = mould.pour(
            change.check.id,
            at,
            leaf_key,
            change.check.leaf_key,
            person=change.person,
            seen=seen,
            redeem=change.redeem,
        )
        self._unproven[outcome] = None  # whatever comes of it, once a day is enough
        if plain(again) == change:
            self._moulds[outcome] = mould


class Moulds:
    """All kinds of checks begun on one day in China."""

    __slots__ = ("_begun", "_on")

    def __init__(self) -> None:
        self._on = date.min
        self._begun: dict[Hashable, Begun] = {}

    def begun(self, kind: Hashable, on: date) -> Begun | None:
        """The kind's beginning, if it was made on this day."""
        if on != self._on:
            self._begun = {}
            self._on = on
        return self._begun.get(kind)

    def begin(self, kind: Hashable, moved: moves.Moved) -> Begun:
        """Remember a kind's beginning."""
        if len(self._begun) >= _MOST:
            self._begun.clear()
        begun = self._begun[kind] = Begun(moved)
        return begun
