"""The moves of a check: pure functions from one state to the next, with the events they leave.

Order that these functions guard (``errors`` in brackets):
    1 notice before any choice                    [check.notice-first]
    2 only an offered way can be chosen           [check.method-not-offered]
    3 a declined way is never asked again         [check.declined-before]   I3
    4 separate consent is an act of its own, after its own notice            I2
    5 nothing moves after the end, or after time  [check.finished, check.expired]
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, NoReturn

import msgspec

from liangming import consent as consents
from liangming.check import events, faults
from liangming.check.states import (
    Abandoned,
    About,
    Choosing,
    Chosen,
    Consented,
    Expired,
    Journey,
    Opened,
    Passed,
    Refused,
    State,
    Try,
    Undetermined,
)
from liangming.clock import micros
from liangming.errors import Misuse
from liangming.law.words import Method, RefusalReason
from liangming.ledger import Event
from liangming.ledger.events import EventKind
from liangming.ledger.leaf import FactValue
from liangming.notice import Notice, Shown

_replace = msgspec.structs.replace

FACE_PURPOSE: Final = "face-match"


class Moved(msgspec.Struct, frozen=True):
    """The next state and what it leaves behind."""

    state: State
    events: tuple[Event, ...]


def event(about: About, kind: EventKind, at: datetime, /, **facts: FactValue) -> Event:
    """An event of this check."""
    return Event(kind.tag, micros(at), about.id, facts)


def begin(about: About, at: datetime) -> Moved:
    """The first state: everything is settled, nothing was asked."""
    opened = event(
        about,
        events.OPENED,
        at,
        scene=about.scene,
        operator=about.operator,
        outlet=about.outlet,
        kind=about.kind.value,
        devices=about.devices or (),
        subject=about.subject.value,
        item=about.thing.value,
        sender=about.sender.value,
        grounds=about.grounds,
        demands=tuple(f"{slot}={value}" for slot, value in sorted(about.demands.items())),
        citations=about.citations,
        offered=tuple(offer.method.value for offer in about.offers),
        withheld=tuple(f"{w.method.value}:{w.why}" for w in about.withheld),
        notice=about.notice,
    )
    return Moved(Opened(about=about, journey=Journey(events=1)), (opened,))


def show_notice(state: State, notice: Notice, language: str, at: datetime) -> Moved:
    """The notice was shown. Showing it again is harmless and leaves no second event."""
    must_be_unfinished(state, at)
    if notice.digest != state.about.notice:
        raise Misuse(faults.NOTICE_CHANGED, citations=("pipl.17",))
    if not isinstance(state, Opened):
        return Moved(state, ())
    shown = Shown(notice.digest, notice.version, language, at)
    left = event(
        state.about,
        events.NOTICE_SHOWN,
        at,
        notice=shown.digest,
        version=shown.version,
        language=language,
    )
    return Moved(Choosing(about=state.about, journey=_went(state, 1, notice=shown)), (left,))


def choose(state: State, method: Method, by: str, at: datetime) -> Moved:
    """The person chooses a way; choosing another one later is a change of mind, always free.

    Args:
        by: ``"person"`` on their own screen, ``"spoken"`` when a clerk enters what was said.
    """
    must_be_noticed(state, at)
    offered = [offer.method for offer in state.about.offers]
    if method not in offered:
        raise Misuse(faults.NOT_OFFERED, field="method")
    if method in state.journey.declined:
        raise Misuse(faults.DECLINED_BEFORE, citations=("netdata.22",))
    if isinstance(state, Chosen) and state.method is method:
        return Moved(state, ())
    left = event(
        state.about,
        events.CHOSEN,
        at,
        method=method.value,
        by=by,
        position=offered.index(method) + 1,
        change=len(state.journey.chosen),
    )
    journey = _went(state, 1, chosen=(*state.journey.chosen, method), consent=None)
    return Moved(Chosen(about=state.about, journey=journey, method=method), (left,))


def decline(state: State, method: Method, by: str, at: datetime) -> Moved:
    """The person says no to a way: back to the same list without it, once and for all.

    Declining changes neither price, order, wait nor outcome (I3), and is never an outcome itself.
    """
    must_be_noticed(state, at)
    if method not in [offer.method for offer in state.about.offers]:
        raise Misuse(faults.NOT_OFFERED, field="method")
    if method in state.journey.declined:
        return Moved(state, ())
    left = [event(state.about, events.DECLINED, at, method=method.value, by=by)]
    consent = state.journey.consent
    if method.is_face and consent is not None and consent.state is consents.State.GIVEN:
        consent = consents.withdraw(consent, at)
        left.append(event(state.about, events.CONSENT_WITHDRAWN, at, consent=consent.id))
    journey = _went(state, len(left), declined=(*state.journey.declined, method), consent=consent)
    return Moved(Choosing(about=state.about, journey=journey), tuple(left))


def help_given(state: State, by: str, at: datetime) -> Moved:
    """Staff helped; recorded once, changes nothing."""
    must_be_unfinished(state, at)
    if state.journey.helped:
        return Moved(state, ())
    left = event(state.about, events.HELPED, at, by=by)
    return Moved(_replace(state, journey=_went(state, 1, helped=True)), (left,))


def show_face_notice(
    state: State, notice: Notice, language: str, device: str, at: datetime
) -> Moved:
    """The face's own notice was shown, after the face was chosen and before consent is asked."""
    must_be_noticed(state, at)
    if not (isinstance(state, Chosen) and state.method.is_face):
        raise Misuse(faults.CONSENT_ONLY_FACE)
    shown = Shown(notice.digest, notice.version, language, at)
    left = event(
        state.about,
        events.FACE_NOTICE_SHOWN,
        at,
        notice=shown.digest,
        version=shown.version,
        language=language,
        device=device,
    )
    return Moved(_replace(state, journey=_went(state, 1, face_notice=shown)), (left,))


def give_consent(
    state: State,
    *,
    expected_digest: str,
    device: str,
    nonce: str,
    age: int | None,
    by_guardian: bool,
    child: bool,
    at: datetime,
) -> Moved:
    """Separate consent to the face, as its own act."""
    must_be_noticed(state, at)
    if not (isinstance(state, Chosen) and state.method.is_face):
        raise Misuse(faults.CONSENT_ONLY_FACE)
    consent = consents.give(
        state.journey.face_notice,
        expected_digest=expected_digest,
        check=state.about.id,
        purpose=FACE_PURPOSE,
        device=device,
        by_guardian=by_guardian,
        at=at,
        until=state.about.expires_at,
    )
    left = event(
        state.about,
        events.CONSENT_GIVEN,
        at,
        consent=consent.id,
        purpose=consent.purpose,
        notice=consent.notice,
        device=device,
        guardian=by_guardian,
        child=child,
    )
    return Moved(
        Consented(
            about=state.about,
            journey=_went(state, 1, consent=consent),
            device=device,
            nonce=nonce,
            age=age,
            by_guardian=by_guardian,
        ),
        (left,),
    )


def withdraw_consent(state: State, at: datetime) -> Moved:
    """Withdraw the consent to the face: the same as declining it from now on."""
    must_be_noticed(state, at)
    if state.journey.consent is None:
        raise Misuse(consents.NOT_GIVEN, citations=("pipl.15",))
    return decline(state, Method.FACE, "person", at)


def presented(
    state: State,
    at: datetime,
    *,
    method: Method,
    result: str,
    document: str = "",
    returning: bool = False,
    citations: tuple[str, ...] = (),
    cautions: tuple[str, ...] = (),
    frames: tuple[int, int] | None = None,
    pad_level: int = 0,
) -> Moved:
    """Evidence was shown; what it led to follows as a move of its own."""
    must_be_unfinished(state, at)
    counted: dict[str, FactValue] = {}
    if frames is not None:
        counted = {
            "frames_taken": frames[0],
            "frames_kept": frames[1],
            "pad_level": pad_level,
        }
    left = event(
        state.about,
        events.PRESENTED,
        at,
        method=method.value,
        document=document,
        returning=returning,
        result=result,
        citations=citations,
        cautions=cautions,
        **counted,
    )
    face = state.journey.face_tries + method.is_face
    return Moved(_replace(state, journey=_went(state, 1, face_tries=face)), (left,))


def pass_(
    state: State,
    at: datetime,
    *,
    method: Method,
    register: str,
    grounds: tuple[str, ...],
    citations: tuple[str, ...],
    keep_until: datetime | None,
    fields: tuple[str, ...] = (),
    kept: tuple[str, ...] = (),
) -> Moved:
    """The check passed; ``kept`` says of each field how many days and by which article."""
    must_be_unfinished(state, at)
    term: dict[str, FactValue] = {}
    if keep_until is not None:
        term = {"kept": kept, "keep_until": micros(keep_until)}
    left = event(
        state.about,
        events.PASSED,
        at,
        method=method.value,
        register=register,
        grounds=grounds,
        citations=citations,
        **term,
    )
    return Moved(
        Passed(
            about=state.about,
            journey=_went(state, 1),
            method=method,
            register=register,
            grounds=grounds,
            citations=citations,
            at=at,
            keep_until=keep_until,
            fields=fields,
        ),
        (left,),
    )


def refuse(state: State, reason: RefusalReason, citations: tuple[str, ...], at: datetime) -> Moved:
    """The operator must not accept; the reason is from the closed list (I4)."""
    must_be_unfinished(state, at)
    left = event(state.about, events.REFUSED, at, reason=reason.value, citations=citations)
    return Moved(
        Refused(
            about=state.about,
            journey=_went(state, 1),
            reason=reason,
            citations=citations,
            at=at,
        ),
        (left,),
    )


def leave_undetermined(
    state: State, method: Method, why: str, citations: tuple[str, ...], at: datetime
) -> Moved:
    """Neither passed nor refused; the other ways stay open."""
    must_be_unfinished(state, at)
    left = event(state.about, events.UNDETERMINED, at, why=why, citations=citations)
    journey = _went(state, 1, tries=(*state.journey.tries, Try(method, why)))
    return Moved(
        Undetermined(about=state.about, journey=journey, why=why, citations=citations, at=at),
        (left,),
    )


def expire(state: State, at: datetime) -> Moved:
    """Time is over; what was shown is gone, nothing was collected."""
    if isinstance(state, (Passed, Refused, Expired, Abandoned)):
        raise Misuse(faults.FINISHED)
    left = event(state.about, events.EXPIRED, at)
    return Moved(Expired(about=state.about, journey=_went(state, 1), at=at), (left,))


def abandon(state: State, by: str, at: datetime) -> Moved:
    """The person does not go on."""
    must_be_unfinished(state, at)
    left = event(state.about, events.ABANDONED, at, by=by)
    return Moved(Abandoned(about=state.about, journey=_went(state, 1), at=at), (left,))


def _went(state: State, events_left: int, **changes: object) -> Journey:
    return _replace(state.journey, events=state.journey.events + events_left, **changes)


def must_be_unfinished(state: State, at: datetime) -> None:
    """Guard 5: nothing moves after the end, or after time.

    Raises:
        Misuse: ``check.finished``, ``check.expired``.
    """
    if isinstance(state, Expired):
        raise Misuse(faults.EXPIRED)
    if isinstance(state, (Passed, Refused, Abandoned)):
        raise Misuse(faults.FINISHED)
    if at >= state.about.expires_at:
        raise Misuse(faults.EXPIRED)


def must_be_noticed(state: State, at: datetime) -> None:
    """Guard 1: the notice comes before anything is asked.

    Raises:
        Misuse: ``check.notice-first``, or guard 5.
    """
    must_be_unfinished(state, at)
    if isinstance(state, Opened):
        _notice_first()


def _notice_first() -> NoReturn:
    raise Misuse(faults.NOTICE_FIRST, citations=("pipl.17",))
