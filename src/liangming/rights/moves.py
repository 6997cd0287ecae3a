"""Moves of a request: pure functions from one state to the next, with the events they leave.

Guards: nothing moves after the end (but one appeal) · authority before anything is done for another
person · a result fits its right · a reason for refusing is from the closed list.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec

from liangming.clock import micros
from liangming.docket import Deadline
from liangming.errors import Misuse
from liangming.ledger import Event, EventKind
from liangming.rights import events, faults
from liangming.rights.states import (
    About,
    Answered,
    Open,
    Refused,
    State,
    TakenBack,
    Unclosed,
    Unproven,
)
from liangming.rights.words import ARTICLES, NO_ARTICLES, No, Requester, Result, Right

FITS: Final = {
    Right.SEE: {Result.SHOWN, Result.NOTHING_HELD},
    Right.COPY: {Result.COPIED, Result.NOTHING_HELD},
    Right.CORRECT: {Result.CORRECTED, Result.NOTHING_HELD},
    Right.ERASE: {Result.ERASED, Result.STORED_ONLY, Result.NOTHING_HELD},
    Right.RESTRICT: {Result.RESTRICTED, Result.NOTHING_HELD},
    Right.WITHDRAW: {Result.WITHDRAWN},
    Right.EXPLAIN: {Result.EXPLAINED},
    Right.COMPLAIN: {Result.UPHELD, Result.NOT_UPHELD},
}
_OWNER: Final = re.compile(r"[a-z]{3}_[0-9a-z]{26}|(?!.*[0-9]{7})[a-z0-9][a-z0-9._-]{0,39}")
"""A role, a client, or a sign-in name; never anything with a telephone or document number in it."""
_replace: Final = msgspec.structs.replace


class Moved(NamedTuple):
    """The next state and what it leaves."""

    state: State
    events: tuple[Event, ...]


def ask(about: About, due: Deadline, owner: str) -> Moved:
    """A request comes in."""
    left = _event(
        about,
        events.OPENED,
        about.asked_at,
        right=about.right.value,
        requester=about.requester.value,
        link=about.check,
        due=micros(due.at),
        article=due.article,
    )
    mine = about.requester is Requester.SELF
    state = (Open if mine else Unproven)(about=about, due=due, owner=must_be_role(owner), events=1)
    return Moved(state, (left,))


def prove(state: State, actor: str, at: datetime) -> Moved:
    """Somebody saw that the requester may ask for the person."""
    if not isinstance(state, Unproven):
        raise Misuse(faults.CLOSED)
    left = _event(
        state.about,
        events.PROVEN,
        at,
        actor=must_be_role(actor),
        requester=state.about.requester.value,
    )
    return Moved(
        Open(
            about=state.about,
            due=state.due,
            owner=state.owner,
            events=state.events + 1,
            round=state.round,
        ),
        (left,),
    )


def assign(state: State, owner: str, actor: str, at: datetime) -> Moved:
    """Give it to another owner."""
    unclosed = must_be_unclosed(state)
    left = _event(
        state.about, events.ASSIGNED, at, actor=must_be_role(actor), owner=must_be_role(owner)
    )
    return Moved(_replace(unclosed, owner=owner, events=state.events + 1), (left,))


def answer(
    state: State,
    result: Result,
    actor: str,
    at: datetime,
    *,
    erasure: str = "",
    until: datetime | None = None,
    certificate: str = "",
    citations: tuple[str, ...] = (),
) -> Moved:
    """What was asked has been done.

    Raises:
        Misuse: ``rights.closed``, ``rights.authority-first``, ``rights.result-unfit``.
    """
    open_ = must_be_open(state)
    right = state.about.right
    if result not in FITS[right]:
        raise Misuse(faults.NOT_BY_HAND, field="result")
    cited = tuple(dict.fromkeys((*ARTICLES[right], *citations)))
    left = _event(
        state.about,
        events.ANSWERED,
        at,
        right=right.value,
        result=result.value,
        late=state.due.late(at),
        actor=must_be_role(actor),
        erasure=erasure,
        citations=cited,
    )
    return Moved(
        Answered(
            about=open_.about,
            due=open_.due,
            owner=open_.owner,
            events=open_.events + 1,
            round=open_.round,
            result=result,
            citations=cited,
            at=at,
            by=actor,
            erasure=erasure,
            until=until,
            certificate=certificate,
        ),
        (left,),
    )


def refuse(state: State, reason: No, actor: str, at: datetime) -> Moved:
    """It cannot be done; the reason is from the closed list.

    Raises:
        Misuse: ``rights.closed``.

    Law: pipl.50 (reasons are given)
    """
    unclosed = must_be_unclosed(state)
    cited = NO_ARTICLES[reason]
    left = _event(
        state.about,
        events.REFUSED,
        at,
        right=state.about.right.value,
        reason=reason.value,
        late=state.due.late(at),
        actor=must_be_role(actor),
        citations=cited,
    )
    return Moved(
        Refused(
            about=unclosed.about,
            due=unclosed.due,
            owner=unclosed.owner,
            events=unclosed.events + 1,
            round=unclosed.round,
            reason=reason,
            citations=cited,
            at=at,
            by=actor,
        ),
        (left,),
    )


def take_back(state: State, at: datetime) -> Moved:
    """The person does not ask any more."""
    unclosed = must_be_unclosed(state)
    return Moved(
        TakenBack(
            about=unclosed.about,
            due=unclosed.due,
            owner=unclosed.owner,
            events=unclosed.events + 1,
            round=unclosed.round,
            at=at,
        ),
        (_event(state.about, events.TAKEN_BACK, at),),
    )


def appeal(state: State, due: Deadline, owner: str, at: datetime) -> Moved:
    """One review, by another owner, under a clock of its own.

    Raises:
        Misuse: ``rights.closed`` while it is unanswered or taken back;
            ``rights.appealed-before``.
    """
    if not isinstance(state, (Answered, Refused)):
        raise Misuse(faults.CLOSED)
    if state.round > 1:
        raise Misuse(faults.APPEALED, citations=("pipl.50", "pipl.65"))
    left = _event(state.about, events.APPEALED, at, due=micros(due.at))
    return Moved(
        Open(
            about=state.about,
            due=due,
            owner=must_be_role(owner),
            events=state.events + 1,
            round=2,
        ),
        (left,),
    )


def words_opened(state: State, actor: str, at: datetime) -> Moved:
    """Somebody read what was written."""
    left = _event(state.about, events.WORDS_OPENED, at, actor=must_be_role(actor))
    return Moved(_replace(state, events=state.events + 1), (left,))


def must_be_unclosed(state: State) -> Unclosed:
    """Nothing moves after the end.

    Raises:
        Misuse: ``rights.closed``.
    """
    if isinstance(state, (Unproven, Open)):
        return state
    raise Misuse(faults.CLOSED)


def must_be_open(state: State) -> Open:
    """Nothing is done for another person before their authority was seen.

    Raises:
        Misuse: ``rights.closed``, ``rights.authority-first``.
    """
    unclosed = must_be_unclosed(state)
    if isinstance(unclosed, Unproven):
        raise Misuse(faults.AUTHORITY_FIRST)
    return unclosed


def must_be_role(name: str) -> str:
    """An owner or actor is a role or an account, never a name.

    Raises:
        Misuse: ``rights.owner-unfit``.
    """
    if _OWNER.fullmatch(name) is None:
        raise Misuse(faults.OWNER_UNFIT)
    return name


def _event(about: About, kind: EventKind, at: datetime, **facts: Any) -> Event:
    return Event(kind.tag, micros(at), about.id, facts)
