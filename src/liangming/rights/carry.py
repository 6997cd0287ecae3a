"""Do what a request asks, then answer it. Doing it twice is no harm: a crash in between is mended.

Law: pipl.15, pipl.44, pipl.45, pipl.47, pipl.48
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec

from liangming.check.desk import held as held_check
from liangming.check.disclose import disclose
from liangming.check.ports import PersonRow
from liangming.errors import Misuse
from liangming.rights import faults, moves
from liangming.rights.desk import RightsDesk, held, move
from liangming.rights.erasing import certificate_of, erase
from liangming.rights.explain import Sentence, explain
from liangming.rights.holds import holding, restrict
from liangming.rights.portable import copy_of
from liangming.rights.possession import registered
from liangming.rights.states import About, State
from liangming.rights.withdraw import given, withdraw
from liangming.rights.words import ABOUT_REGISTER, Result, Right
from liangming.vault import Purpose


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """A request as it stands, and what is handed out this once. Its repr names nobody.

    Attributes:
        fields: registered fields, by name.
        copy: the machine-readable copy.
        sentences: an explanation.
    """

    state: State
    fields: dict[str, str] | None = None
    copy: dict[str, Any] | None = None
    sentences: tuple[Sentence, ...] = ()

    def __repr__(self) -> str:
        return f"<Done {self.state.about.right.value}>"

    __str__ = __repr__


_CHECKS: Final = 1000  # of one person, the newest first: those before are over for long
_BY_HAND: Final = frozenset({Right.CORRECT, Right.COMPLAIN})


async def carry_out(desk: RightsDesk, request: str, actor: str) -> Done:
    """Carry out an open request and mark it answered.

    Raises:
        Misuse: ``rights.request-unknown``, ``rights.closed``, ``rights.authority-first``,
            ``rights.result-unfit`` where somebody has to look into it first.
        Outage: something could not be reached; the request stays open.
    """
    at = desk.premises.clock.now()
    state = (await held(desk, request)).state
    moves.must_be_open(state)
    about = state.about
    case = _Case(request, about, actor, at)
    person = await registered(desk, about.check) if about.right in ABOUT_REGISTER else None
    if about.right in ABOUT_REGISTER and person is None:
        return Done(state=await _close(desk, case, Result.NOTHING_HELD))
    if about.right in _BY_HAND:
        raise Misuse(faults.NOT_BY_HAND, field="result")
    if person is not None:
        return await _of_register(desk, case, person)
    if about.right is Right.WITHDRAW:
        await withdraw(desk, about.check)
        return Done(state=await _close(desk, case, Result.WITHDRAWN))
    told = explain(desk.premises, (await held_check(desk.premises, about.check)).state)
    return Done(state=await _close(desk, case, Result.EXPLAINED), sentences=told)


class _Case(NamedTuple):
    request: str
    about: About
    actor: str
    at: datetime


async def _of_register(desk: RightsDesk, case: _Case, person: PersonRow) -> Done:
    about = case.about
    if about.right is Right.ERASE:
        return await _erase(desk, case, person)
    if about.right is Right.RESTRICT:
        await restrict(desk, person, "asked")
        return Done(state=await _close(desk, case, Result.RESTRICTED))
    fields = await disclose(
        desk.premises,
        about.check,
        purpose=Purpose.RIGHTS_REQUEST,
        case=case.request,
        actor=case.actor,
    )
    if about.right is Right.SEE:
        return Done(state=await _close(desk, case, Result.SHOWN), fields=fields)
    copy = await copy_of(desk, about.check, person, fields)
    return Done(state=await _close(desk, case, Result.COPIED), copy=copy)


async def _erase(desk: RightsDesk, case: _Case, person: PersonRow) -> Done:
    """Erase, or store only while the law keeps it."""
    kept = await holding(desk, person.person, case.at)
    if kept is not None:
        await restrict(desk, person, "held")
        state = await _close(
            desk, case, Result.STORED_ONLY, until=kept.until, citations=(kept.article,)
        )
        return Done(state=state)
    await _stop_devices(desk, person)
    erased = await erase(desk, person, case.actor)
    state = await _close(
        desk,
        case,
        Result.ERASED,
        erasure=erased.leaf.check,
        certificate=certificate_of(desk, erased, case.about),
    )
    return Done(state=state)


async def _stop_devices(desk: RightsDesk, person: PersonRow) -> None:
    """Before the index goes that leads to them: what devices hold under a consent is deleted as well."""
    for row in await desk.premises.store.checks_of(person.person, _CHECKS):
        if await given(desk, row.id):
            await withdraw(desk, row.id)


async def _close(desk: RightsDesk, case: _Case, result: Result, **more: Any) -> State:
    before = await held(desk, case.request)
    moved = moves.answer(before.state, result, case.actor, case.at, **more)
    return await move(desk, before, moved, case.at)
