"""A whole check in one call: a station that worked offline, a company's gateway, a batch.

The same states and the same law as step by step; only the commits are joined. Times come from
the caller where it was offline, held between sensible bounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec

from liangming import method as shown
from liangming.check import faults, moves
from liangming.check.desk import Remember, first_change, scene_of
from liangming.check.examine import examine
from liangming.check.examined import Examined, Sitting
from liangming.check.open import Opening, begin
from liangming.check.ports import Change, PersonRow
from liangming.check.premises import Premises
from liangming.check.settle import settle
from liangming.check.states import Sender, State, Subject, Thing
from liangming.errors import LiangmingError, Misuse
from liangming.law.words import Method


class WholeCheck(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything about one check, from opening to evidence.

    Attributes:
        notice: digest of the notice that was shown; it must be the one in force.
        method: the way the person chose.
        by: ``person``, or ``spoken`` when a clerk entered what was said.
        declined: ways the person said no to before.
    """

    scene: str
    method: Method
    evidence: shown.Evidence
    notice: str
    subject: Subject = Subject.SELF
    thing: Thing | None = None
    sender: Sender = Sender.PERSON
    unseen: bool = False
    by: Literal["person", "spoken"] = "spoken"
    declined: tuple[Method, ...] = ()
    helped: bool = False
    language: Literal["zh", "en"] = "zh"

    def __repr__(self) -> str:
        return f"<WholeCheck {self.scene} {self.method.value}>"

    __str__ = __repr__


class _Ready(msgspec.Struct, frozen=True):
    """A whole check that was looked at and waits to be settled."""

    moved: moves.Moved  # up to the choice
    sitting: Sitting
    examined: Examined


async def whole(
    premises: Premises, check: WholeCheck, *, remember: Remember | None = None
) -> State:
    """One whole check, durable when this returns.

    Raises:
        Misuse: as the single steps raise it; nothing was stored.
        Refusal: a used or expired code; nothing was stored.
    """
    at = premises.clock.now()
    ready = await _prepare(premises, check, at)
    person = ready.examined.person
    known = await premises.store.persons([person]) if person is not None else {}
    change, state = _finish(ready, known)
    if remember is not None:
        change = msgspec.structs.replace(change, remember=remember(state))
    await premises.store.commit(change)
    return state


async def whole_many(
    premises: Premises, checks: Sequence[WholeCheck]
) -> list[State | LiangmingError]:
    """Many whole checks in one durable transaction; each fails alone, order is kept."""
    at = premises.clock.now()
    readies: list[_Ready | LiangmingError] = []
    for check in checks:
        try:
            readies.append(await _prepare(premises, check, at))
        except LiangmingError as error:
            readies.append(error)
    wanted = {
        r.examined.person
        for r in readies
        if isinstance(r, _Ready) and r.examined.person is not None
    }
    known = await premises.store.persons(list(wanted)) if wanted else {}
    results: list[State | LiangmingError] = []
    changes: list[Change] = []
    places: list[int] = []
    for place, ready in enumerate(readies):
        if isinstance(ready, LiangmingError):
            results.append(ready)
            continue
        change, state = _finish(ready, known)
        if change.person is not None:
            # A second parcel of the same new person in this batch is a return (I9).
            known = {**known, change.person.person: change.person}
        results.append(state)
        changes.append(change)
        places.append(place)
    failures = await premises.store.commit_many(changes)
    for place, failure in zip(places, failures, strict=True):
        if failure is not None:
            results[place] = failure
    return results


async def _prepare(premises: Premises, check: WholeCheck, at: datetime) -> _Ready:
    scene = scene_of(premises, check.scene)
    moved = begin(
        premises,
        Opening(
            scene=check.scene,
            subject=check.subject,
            thing=check.thing,
            sender=check.sender,
            unseen=check.unseen,
        ),
        at,
    )
    told = premises.notice(scene)
    if check.notice != told.digest:
        raise Misuse(faults.NOTICE_CHANGED, citations=("pipl.17",), field="notice")
    if check.method.is_face:
        # A face needs its own notice, consent and nonce: it cannot come in one call (I2).
        raise Misuse(faults.CONSENT_FIRST, citations=("pipl.29",), field="method")
    steps = [moved, moves.show_notice(moved.state, told.notice, check.language, at)]
    if check.helped:
        steps.append(moves.help_given(steps[-1].state, "staff", at))
    for declined in check.declined:
        steps.append(moves.decline(steps[-1].state, declined, check.by, at))
    steps.append(moves.choose(steps[-1].state, check.method, check.by, at))
    state = steps[-1].state
    sitting = Sitting(premises, scene, state, check.method, at)
    examined = await examine(sitting, check.evidence)
    joined = moves.Moved(state, tuple(e for step in steps for e in step.events))
    return _Ready(joined, sitting, examined)


def _finish(ready: _Ready, known: dict[bytes, PersonRow]) -> tuple[Change, State]:
    person = ready.examined.person
    settled = settle(
        ready.sitting,
        ready.examined,
        known.get(person) if person is not None else None,
    )
    events = (*ready.moved.events, *settled.moved.events)
    moved = moves.Moved(settled.moved.state, events)
    change = first_change(moved, ready.sitting.at, kept=settled.kept)
    return change, moved.state
