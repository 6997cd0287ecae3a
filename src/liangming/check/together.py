"""Many whole checks in one pass: one look-up of persons, one durable commit; each fails alone.

A file of checks comes so, and so does what arrives at a busy door in one turn of its loop. The checks are
those of :mod:`liangming.check.whole`; only what they share is asked once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    finish,
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
    readies: list[Ready | None] = []
    results: list[Done | Exception | None] = []
    last: Ready | None = None
    for check in checks:
        ready = failure = None
        try:
            if by_itself(check.evidence):
                ready = last = prepare_at_once(premises, check, at, on, last)
            else:
                last = None
                ready = await prepare(premises, check, at, on)
        except Exception as no:  # noqa: BLE001  (whatever it is, it is this check's alone)
            failure = no
        readies.append(ready)
        results.append(failure)
    for last_time in (False, True):
        left = [
            (place, ready)
            for place, ready in enumerate(readies)
            if ready is not None and results[place] is None
        ]
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
        finished = list(_finished(left, known, results, notes))
        failures = await premises.store.commit_many([done.change for _, done in finished])
    except Exception as failure:  # noqa: BLE001  (the store's: everyone who waits for it is told)
        for place, _ in left:
            if results[place] is None:
                results[place] = failure
        return
    for (place, done), failed in zip(finished, failures, strict=True):
        if failed is None:
            done.landed(premises.store)
            results[place] = done
        elif last_time or not _raced(done.change, failed):
            results[place] = failed


def _finished(
    left: Sequence[tuple[int, Ready]],
    known: dict[bytes, PersonRow],
    results: list[Done | Exception | None],
    notes: Sequence[Note | None],
) -> Iterator[tuple[int, Done]]:
    last: Cast | None = None
    drawn = lots.draw(left[0][1].sitting.at, len(left))
    for (place, ready), lot in zip(left, drawn, strict=True):
        try:
            done, last = finish(ready, known, lot, last)
            if notes and (note := notes[place]) is not None:
                done.change = msgspec.structs.replace(done.change, remember=note(done))
        except Exception as failure:  # noqa: BLE001  (whatever it is, it is this check's alone)
            results[place] = failure
            continue
        if (person := done.change.person) is not None:
            # A second parcel of the same new person in this batch is a return (I9).
            known[person.person] = person
        yield place, done


def _raced(change: Change, failure: LiangmingError) -> bool:
    """A person whom another counter registered, or an erasure took, meanwhile: once more.

    Not so a key under which another process was first; that one's answer is there.
    """
    return failure.code is MOVED_ON and bool(change.holder_key) and failure.field is None
