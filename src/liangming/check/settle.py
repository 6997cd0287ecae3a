"""Settle a presentation: what the law says of it becomes the next state.

1 the law is asked whether to accept, with everything that was seen
2 allowed: collect once, or keep what is registered, or register nothing; passed
3 refused: only for a reason of the closed list that the law itself confirms (I4)
4 undetermined: neither; the other ways stay open
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from liangming.check import facts, leaf_keys, moves
from liangming.check.desk import Kept
from liangming.check.examined import Examined, Sitting
from liangming.check.lots import Lot
from liangming.check.ports import PersonRow
from liangming.clock import china_date, micros
from liangming.law.words import Question, RefusalReason
from liangming.ledger import Event
from liangming.register import seal, seal_each
from liangming.rules import Allowed, Refused, Undetermined
from liangming.scene.model import Scene
from liangming.vault import Newcomer

_SEALED: Final = ("document", "name", "organisation")
COLLECTED, KEPT, NOTHING = "collected", "kept", "nothing"


class Settled(msgspec.Struct, frozen=True):
    """The next state with all its events, and what is stored beside it."""

    moved: moves.Moved
    kept: Kept


def settle(sitting: Sitting, examined: Examined, known: PersonRow | None) -> Settled:
    """Decide and move. Pure but for the fresh key of a new person.

    Args:
        known: the registration found under ``examined.person``, if there is one.
    """
    returning = known is not None
    on = sitting.on
    verdict = sitting.premises.decisions.ask(  # 1
        Question.ACCEPT,
        facts.accept(sitting.state, sitting.method, examined.facts, returning=returning),
        on=on,
    )
    match verdict:
        case Allowed():
            return _accepted(sitting, examined, known, verdict)
        case Refused():
            return _refused(sitting, examined, verdict, returning=returning)
        case Undetermined():
            why = _why(examined, verdict)
            shown = _shown(sitting, examined, "undetermined", verdict.citations, returning)
            left = moves.leave_undetermined(
                shown.state, sitting.method, why, verdict.citations, sitting.at
            )
            return Settled(_joined(shown, left), Kept())


def _accepted(
    sitting: Sitting, examined: Examined, known: PersonRow | None, verdict: Allowed
) -> Settled:  # 2
    about, at = sitting.state.about, sitting.at
    duty = sitting.premises.decisions.ask(
        Question.ASK,
        facts.ask_again(about, returning=known is not None, verified_at_order=examined.at_order),
        on=china_date(at),
    )
    demand = duty.demands.get("register", NOTHING) if isinstance(duty, Allowed) else NOTHING
    until = _keep_until(sitting.scene, at)
    register, person, seen = NOTHING, None, None
    if known is not None and demand != NOTHING:
        register, seen = KEPT, known
    elif examined.identity is not None and examined.person is not None and demand == "collect":
        register = COLLECTED
        person = registered(sitting, examined, micros(at), micros(until or at))
    shown = _shown(sitting, examined, "accepted", verdict.citations, known is not None)
    passed = moves.pass_(
        shown.state,
        at,
        method=sitting.method,
        register=register,
        grounds=verdict.grounds,
        citations=verdict.citations,
        keep_until=until if register != NOTHING else None,
        fields=(fields := _fields(register, examined)),
        kept=_terms(sitting.scene, fields),
    )
    kept = Kept(
        person=person,
        seen=seen,
        seen_keep_until=micros(until) if until is not None and seen is not None else 0,
        redeem=examined.redeem,
    )
    return Settled(_joined(shown, passed), kept)


def _keep_until(scene: Scene, at: datetime) -> datetime | None:
    """The end of the record: its fields are sealed together, so the shortest term rules them all.

    Law: pipl.19, pipl.47 (nothing is kept past its day)
    """
    stated = [kept for field in _SEALED if (kept := scene.kept(field)) is not None]
    return at + timedelta(days=min(kept.days for kept in stated)) if stated else None


def _terms(scene: Scene, fields: tuple[str, ...]) -> tuple[str, ...]:
    """``field:days:article`` for each field that stands in the register, as the scene states it."""
    stated = [kept for field in fields if (kept := scene.kept(field)) is not None]
    return tuple(f"{kept.field}:{kept.days}:{kept.article}" for kept in stated)


def _fields(register: str, examined: Examined) -> tuple[str, ...]:
    """What stands in the register; of an earlier registration only the document is sure."""
    if register == NOTHING:
        return ()
    if register == KEPT or examined.identity is None:
        return ("document",)
    held = examined.identity.fields
    return ("document", *(field for field in ("name", "organisation") if held.get(field)))


def registered(sitting: Sitting, examined: Examined, at: int, until: int) -> PersonRow:
    """The first registration of a person, sealed under a fresh key of theirs.

    Args:
        sitting: where.
        examined: who.
        at: when, in µs.
        until: how long it is kept, in µs.
    """
    assert examined.identity is not None  # noqa: S101  (narrowed by the caller)
    assert examined.person is not None  # noqa: S101
    vault = sitting.premises.vault
    wrapped, sealed = seal(vault, examined.person, examined.identity)
    return PersonRow(
        person=examined.person,
        operator=sitting.state.about.operator,
        index_version=vault.index_version,
        wrapped_key=wrapped,
        sealed=sealed,
        registered_at=at,
        last_seen_at=at,
        keep_until=until,
    )


def newcomers(
    sitting: Sitting, shown: Sequence[Examined], lots: Sequence[Lot], at: int, until: int
) -> tuple[list[PersonRow], list[bytes]]:
    """As :func:`registered`, of the persons of many checks of one kind.

    Args:
        sitting: where.
        shown: who.
        lots: what each check has by lot; the vault's part of it seals its person.
        at: when, in µs.
        until: how long they are kept, in µs.

    Returns:
        The rows, and for each the pad for the leaf key of its check.
    """
    vault, operator = sitting.premises.vault, sitting.state.about.operator
    version = vault.index_version
    people = [
        Newcomer(examined.person, examined.identity.fields, leaf_keys.what_of(check), chance)
        for examined, (check, _, _, chance) in zip(shown, lots, strict=True)
        if examined.identity is not None and examined.person is not None
    ]
    sealed = seal_each(vault, people)
    rows = [
        PersonRow(
            person=each.person,
            operator=operator,
            index_version=version,
            wrapped_key=wrapped,
            sealed=record,
            registered_at=at,
            last_seen_at=at,
            keep_until=until,
        )
        for each, (wrapped, record, _) in zip(people, sealed, strict=True)
    ]
    return rows, [pad for _, _, pad in sealed]


def _refused(
    sitting: Sitting, examined: Examined, verdict: Refused, *, returning: bool
) -> Settled:  # 3
    about = sitting.state.about
    reason = lawful_reason(verdict)
    lawful = reason is not None and isinstance(
        sitting.premises.decisions.ask(
            Question.REFUSE,
            facts.refuse(about, reason),
            on=sitting.on,
        ),
        Allowed,
    )
    if reason is None or not lawful:
        shown = _shown(sitting, examined, "undetermined", verdict.citations, returning)
        left = moves.leave_undetermined(
            shown.state, sitting.method, "no-lawful-reason", verdict.citations, sitting.at
        )
        return Settled(_joined(shown, left), Kept())
    shown = _shown(sitting, examined, "refused", verdict.citations, returning)
    refused = moves.refuse(shown.state, reason, verdict.citations, sitting.at)
    return Settled(_joined(shown, refused), Kept())


def lawful_reason(verdict: Refused) -> RefusalReason | None:
    """The first finding that is a reason of the closed list."""
    known = {reason.value for reason in RefusalReason}
    for finding in verdict.findings:
        if finding.reason in known:
            return RefusalReason(finding.reason)
    return None


def _why(examined: Examined, verdict: Undetermined) -> str:
    if examined.facts.get("source_up") is False:
        return "face-no-match" if examined.method.is_face else "source-down"
    if examined.facts.get("source_confirmed") is False:
        return "source-denied"
    return f"{verdict.reason}:{verdict.missing[0]}" if verdict.missing else verdict.reason


def _shown(
    sitting: Sitting,
    examined: Examined,
    result: str,
    citations: tuple[str, ...],
    returning: bool,  # noqa: FBT001  (private)
) -> moves.Moved:
    return moves.presented(
        sitting.state,
        sitting.at,
        method=sitting.method,
        result=result,
        document=examined.document,
        returning=returning,
        citations=citations,
        cautions=examined.cautions,
        frames=examined.frames,
        pad_level=examined.pad_level,
    )


def _joined(*parts: moves.Moved) -> moves.Moved:
    events: tuple[Event, ...] = tuple(e for part in parts for e in part.events)
    return moves.Moved(parts[-1].state, events)
