"""Many whole checks in one pass: one look-up of persons, one durable commit; each fails alone.

A file of checks comes so, and so does what arrives at a busy door in one turn of its loop. The checks are
those of :mod:`liangming.check.whole`; only what they share is asked once.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from liangming.check import lots
from liangming.check.done import Done, Note
from liangming.check.examine import by_itself
from liangming.check.ports import MOVED_ON, Change, PersonRow
from liangming.check.premises import Premises
from liangming.check.states import State
from liangming.check.whole import (
    Cast,
    Ready,
    WholeCheck,
    cast_of,
    finish,
    finish_each,
    prepare,
    prepare_at_once,
    registrations,
)
from liangming.clock import china_date
from liangming.errors import LiangmingError


async def whole_many(
    premises: Premises, checks: Sequence[WholeCheck]
) -> list[State | LiangmingError]:
    """Many whole checks in one durable transaction; each fails alone, order is kept."""
    return [
        done.state if isinstance(done, Done) else done
        for done in await complete_many(premises, checks)
    ]


async def complete_many(
    premises: Premises, checks: Sequence[WholeCheck]
) -> list[Done | LiangmingError]:
    """As :func:`whole_many`; gives what the answers can be poured from.

    Raises:
        Exception: one of them broke in a way that nobody foresaw; the others are durable.
    """
    results: list[Done | LiangmingError] = []
    for result in await complete_each(premises, checks):
        if not isinstance(result, Done | LiangmingError):
            raise result
        results.append(result)
    return results


async def complete_each(
    premises: Premises, checks: Sequence[WholeCheck], notes: Sequence[Note | None] = ()
) -> list[Done | Exception]:
    """As :func:`complete_many`, and what breaks unforeseen breaks alone; nothing is raised.

    Args:
        premises: the house.
        checks: in their order.
        notes: for each, or for none: makes the idempotency record of its own commit.
    """
    at = premises.clock.now()
    on = china_date(at)
    left: list[tuple[int, Ready]] = []
    results: list[Done | Exception | None] = [None] * len(checks)
    last: Ready | None = None
    for place, check in enumerate(checks):
        try:
            if by_itself(check.evidence):
                ready = last = prepare_at_once(premises, check, at, on, last)
            else:
                last = None
                ready = await prepare(premises, check, at, on)
        except Exception as no:  # noqa: BLE001  (whatever it is, it is this check's alone)
            results[place] = no
        else:
            left.append((place, ready))
    for last_time in (False, True):
        left = [each for each in left if results[each[0]] is None]
        if left:
            await _round(premises, left, results, notes, last_time=last_time)
    return [result for result in results if result is not None]


async def _round(
    premises: Premises,
    left: Sequence[tuple[int, Ready]],
    results: list[Done | Exception | None],
    notes: Sequence[Note | None],
    *,
    last_time: bool,
) -> None:
    """One look-up, one commit; a result for each that is settled by it."""
    try:
        known = await registrations(premises, [ready for _, ready in left], surely=last_time)
        finishing = _Finishing(known, results, notes)
        finishing.all(left)
        finished = finishing.done
        failures = await premises.store.commit_many([done.change for _, done in finished])
    except Exception as failure:  # noqa: BLE001  (the store's: everyone who waits for it is told)
        for place, _ in left:
            if results[place] is None:
                results[place] = failure
        return
    for (place, done), failed in zip(finished, failures, strict=True):
        if failed is None:
            results[place] = done
            if (run := done.change.run) is not None and run.pattern:
                done.landed(premises.store)
        elif last_time or not _raced(done.change, failed):
            results[place] = failed


class _Finishing:
    """Settles the checks of a pass in their order; those of one kind that follow one another together.

    Args:
        known: registrations by person; who is registered on the way is known to those behind.
        results: takes what fails, each by its place.
        notes: as :func:`complete_each`.

    Attributes:
        done: the places and checks that are settled.
    """

    def __init__(
        self,
        known: dict[bytes, PersonRow],
        results: list[Done | Exception | None],
        notes: Sequence[Note | None],
    ) -> None:
        self.done: list[tuple[int, Done]] = []
        self._known = known
        self._results = results
        self._notes = notes
        self._cast: Cast | None = None
        self._waiting: list[tuple[int, Ready, PersonRow | None, lots.Lot]] = []
        self._people: set[bytes] = set()  # of those

    def all(self, left: Sequence[tuple[int, Ready]]) -> None:
        """Settle these."""
        if len(left) == 1:  # what joins many costs more than one
            ((place, ready),) = left
            row = self._known.get(ready.examined.person or b"")
            self._one(place, ready, row, cast_of(ready, row, None), None)
            return
        known, waiting, people, last = self._known, self._waiting, self._people, self._cast
        drawn = lots.draw(left[0][1].sitting.at, len(left))
        for (place, ready), lot in zip(left, drawn, strict=True):
            person = ready.examined.person
            if person in people:  # a second parcel of the same new person is a return (I9)
                self._pour()
            row = known.get(person) if person is not None else None
            cast = cast_of(ready, row, last)
            if cast is not last:
                self._pour()
                self._cast = last = cast
            if cast is not None and cast.gathers and person is not None:
                waiting.append((place, ready, row, lot))
                people.add(person)
            else:
                self._one(place, ready, row, cast, lot)
        self._pour()

    def _pour(self) -> None:
        """Settle those who wait for it."""
        waiting, cast = self._waiting[:], self._cast
        self._waiting.clear()
        self._people.clear()
        if not waiting or cast is None:
            return
        if len(waiting) == 1:
            ((place, ready, row, lot),) = waiting
            self._one(place, ready, row, cast, lot)
            return
        try:
            poured = finish_each(cast, [each[1:] for each in waiting])
        except Exception:  # noqa: BLE001  (one of them: each by itself then, and it fails alone)
            for place, ready, row, lot in waiting:
                self._one(place, ready, row, cast, lot)
            return
        if self._notes:
            for (place, *_), done in zip(waiting, poured, strict=True):
                self._take(place, done)
            return
        self._known.update(
            {row.person: row for row in [done.change.person for done in poured] if row}
        )
        self.done += [(place, done) for (place, *_), done in zip(waiting, poured, strict=True)]

    def _one(
        self,
        place: int,
        ready: Ready,
        row: PersonRow | None,
        cast: Cast | None,
        lot: lots.Lot | None,
    ) -> None:
        try:
            done = finish(ready, row, cast, lot)
        except Exception as failure:  # noqa: BLE001  (whatever it is, it is this check's alone)
            self._results[place] = failure
        else:
            self._take(place, done)

    def _take(self, place: int, done: Done) -> None:
        if self._notes and (note := self._notes[place]) is not None:
            try:
                done.change = msgspec.structs.replace(done.change, remember=note(done))
            except Exception as failure:  # noqa: BLE001  (as above)
                self._results[place] = failure
                return
        if (person := done.change.person) is not None:
            self._known[person.person] = person
        self.done.append((place, done))


def _raced(change: Change, failure: LiangmingError) -> bool:
    """A person whom another counter registered, or an erasure took, meanwhile: once more.

    Not so a key under which another process was first; that one's answer is there.
    """
    return failure.code is MOVED_ON and bool(change.holder_key) and failure.field is None
