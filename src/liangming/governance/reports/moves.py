"""Moves of a report: pure functions from one state to the next, with the events they leave.

Guards: an owner before an answer · an outcome from the closed list · one review, by other hands.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec

from liangming.clock import micros
from liangming.docket import Deadline
from liangming.errors import Misuse
from liangming.governance.reports import events, faults
from liangming.governance.reports.states import About, Answered, Received, State, Taken
from liangming.governance.reports.words import Outcome, Topic
from liangming.ledger import Event, EventKind
from liangming.rights.moves import must_be_role

_replace: Final = msgspec.structs.replace


class Moved(NamedTuple):
    """The next state and what it leaves."""

    state: State
    events: tuple[Event, ...]


def receive(about: About, topic: Topic, due: Deadline, triage_by: datetime) -> Moved:
    """A report comes in."""
    left = _event(
        about,
        events.RECEIVED,
        about.at,
        topic=topic.value,
        operator=about.operator,
        outlet=about.outlet,
        scene=about.scene,
        due=micros(due.at),
        article=due.article,
    )
    return Moved(
        Received(about=about, topic=topic, due=due, events=1, triage_by=triage_by), (left,)
    )


def triage(
    state: State, topic: Topic, owner: str, actor: str, at: datetime, *, check: str = ""
) -> Moved:
    """Somebody takes it, or hands it on.

    Raises:
        Misuse: ``governance.report-closed``, ``rights.owner-unfit``.
    """
    if isinstance(state, Answered):
        raise Misuse(faults.CLOSED)
    link = check or (state.check if isinstance(state, Taken) else "")
    left = _event(
        state.about,
        events.TRIAGED,
        at,
        topic=topic.value,
        owner=must_be_role(owner),
        linked=bool(link),  # which check stays out of the log: it leads to a person
        actor=must_be_role(actor),
    )
    return Moved(
        Taken(
            about=state.about,
            topic=topic,
            due=state.due,
            events=state.events + 1,
            round=state.round,
            owner=owner,
            check=link,
            not_by=state.not_by if isinstance(state, Taken) else "",
        ),
        (left,),
    )


def answer(state: State, outcome: Outcome, actor: str, at: datetime) -> Moved:
    """Close it.

    Raises:
        Misuse: ``governance.report-closed``: closed, or nobody has taken it;
            ``governance.report-same-hands``: a review by who answered first.
    """
    if not isinstance(state, Taken):
        raise Misuse(faults.CLOSED)
    if state.not_by == must_be_role(actor):
        raise Misuse(faults.SAME_HANDS)
    left = _event(
        state.about,
        events.ANSWERED,
        at,
        outcome=outcome.value,
        late=state.due.late(at),
        actor=actor,
        round=state.round,
    )
    return Moved(
        Answered(
            about=state.about,
            topic=state.topic,
            due=state.due,
            events=state.events + 1,
            round=state.round,
            owner=state.owner,
            check=state.check,
            outcome=outcome,
            at=at,
            by=actor,
        ),
        (left,),
    )


def appeal(state: State, due: Deadline, owner: str, at: datetime) -> Moved:
    """One review, by other hands, under a clock of its own.

    Raises:
        Misuse: ``governance.report-closed`` while it is unanswered; ``governance.report-reviewed``.
    """
    if not isinstance(state, Answered):
        raise Misuse(faults.CLOSED)
    if state.round > 1:
        raise Misuse(faults.REVIEWED, citations=("pipl.65",))
    left = _event(state.about, events.APPEALED, at, due=micros(due.at))
    return Moved(
        Taken(
            about=state.about,
            topic=state.topic,
            due=due,
            events=state.events + 1,
            round=2,
            owner=must_be_role(owner),
            check=state.check,
            not_by=state.by,
        ),
        (left,),
    )


def words_opened(state: State, actor: str, at: datetime) -> Moved:
    """Somebody read what was written."""
    left = _event(state.about, events.WORDS_OPENED, at, actor=must_be_role(actor))
    return Moved(_replace(state, events=state.events + 1), (left,))


def _event(about: About, kind: EventKind, at: datetime, **facts: Any) -> Event:
    return Event(kind.tag, micros(at), about.id, facts)
