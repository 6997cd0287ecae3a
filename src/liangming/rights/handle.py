"""What staff do with a request: see authority, give it to somebody, correct, answer, refuse, review.

Every act is by a role or account and leaves evidence; what was written is opened only after the
opening is durable.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from liangming.check.disclose import disclose
from liangming.check.ports import PersonRow
from liangming.docket import Record, deadline
from liangming.errors import Misuse
from liangming.register import BINDING_PURPOSE, BINDING_RECORD
from liangming.rights import faults, moves
from liangming.rights.desk import KIND, REVIEWER, Held, RightsDesk, held, move, words_of
from liangming.rights.possession import registered
from liangming.rights.states import State, decode
from liangming.rights.words import No, Result, Right, clock_of
from liangming.vault import Binding, Purpose

CORRECTABLE: Final = frozenset({"name", "organisation"})
"""A number cannot be corrected into another: that would be another person's registration."""


async def prove(desk: RightsDesk, request: str, actor: str) -> State:
    """The authority of a guardian, heir or authorised person was seen.

    Raises:
        Misuse: ``rights.request-unknown``, ``rights.closed``.

    Law: pipl.31, pipl.49
    """
    before, at = await _now(desk, request)
    return await move(desk, before, moves.prove(before.state, actor, at), at)


async def assign(desk: RightsDesk, request: str, owner: str, actor: str) -> State:
    """Give a request to another owner.

    Raises:
        Misuse: ``rights.request-unknown``, ``rights.closed``, ``rights.owner-unfit``.
    """
    before, at = await _now(desk, request)
    return await move(desk, before, moves.assign(before.state, owner, actor, at), at)


async def answer(desk: RightsDesk, request: str, result: Result, actor: str) -> State:
    """Answer a complaint.

    Raises:
        Misuse: ``rights.result-unfit`` for a right that is answered by doing it.
    """
    before, at = await _now(desk, request)
    if before.state.about.right is not Right.COMPLAIN:
        raise Misuse(faults.NOT_BY_HAND, field="result")
    return await move(desk, before, moves.answer(before.state, result, actor, at), at)


async def refuse(desk: RightsDesk, request: str, reason: No, actor: str) -> State:
    """Refuse, for a reason from the closed list.

    Raises:
        Misuse: ``rights.request-unknown``, ``rights.closed``.

    Law: pipl.50
    """
    before, at = await _now(desk, request)
    return await move(desk, before, moves.refuse(before.state, reason, actor, at), at)


async def appeal(desk: RightsDesk, check: str, request: str) -> State:
    """The person asks for one review, by somebody else.

    Raises:
        Misuse: ``rights.request-unknown`` (also with another receipt), ``rights.closed``,
            ``rights.appealed-before``.
    """
    before, at = await _now(desk, request)
    about = before.state.about
    if about.check != check:
        raise Misuse(faults.UNKNOWN)
    clock = desk.premises.corpus.values[clock_of(about.right, about.kind)]
    owner = REVIEWER if before.state.owner != REVIEWER else "compliance-officer"
    moved = moves.appeal(before.state, deadline(clock, at), owner, at)
    return await move(desk, before, moved, at)


async def read_words(desk: RightsDesk, request: str, actor: str) -> str:
    """What the person wrote; the opening is durable before this returns.

    Raises:
        Misuse: ``rights.request-unknown``.
    """
    before, at = await _now(desk, request)
    if not before.row.wrapped_key:
        return ""
    await move(desk, before, moves.words_opened(before.state, actor, at), at)
    return words_of(desk, before.row, actor, at)


async def correct(desk: RightsDesk, request: str, field: str, value: str, actor: str) -> State:
    """Put a registered field right, with the document in hand, and answer the request.

    1 the fields are opened for the purpose of correction, and that is durable
    2 they are sealed anew under the same key and replaced, only if nobody else did meanwhile
    3 the request is answered

    Raises:
        Misuse: ``rights.result-unfit``: another right, or a field that cannot be corrected.

    Law: pipl.46
    """
    before, at = await _now(desk, request)
    about = before.state.about
    moves.must_be_open(before.state)
    if about.right is not Right.CORRECT or field not in CORRECTABLE or not value.strip():
        raise Misuse(faults.NOT_BY_HAND, field="field")
    person = await registered(desk, about.check)
    if person is None:
        result = Result.NOTHING_HELD
    else:
        fields = await disclose(
            desk.premises, about.check, purpose=Purpose.CORRECTION, case=request, actor=actor
        )  # 1
        if field not in fields:
            raise Misuse(faults.NOT_BY_HAND, field="field")
        sealed = _sealed(desk, person, {**fields, field: value.strip()})
        await desk.docket.reseal(person.person, person.sealed, sealed)  # 2
        result = Result.CORRECTED
    return await move(desk, before, moves.answer(before.state, result, actor, at), at)  # 3


async def listed(desk: RightsDesk, limit: int = 200) -> list[tuple[Record, State]]:
    """Open requests, the earliest due first."""
    return [(row, decode(row.body)) for row in await desk.docket.open(KIND, limit)]


def _sealed(desk: RightsDesk, person: PersonRow, fields: dict[str, str]) -> bytes:
    vault = desk.premises.vault
    key = vault.unwrap(person.wrapped_key, person.person)
    return vault.seal_fields(key, Binding(person.person, BINDING_PURPOSE, BINDING_RECORD), fields)


async def _now(desk: RightsDesk, request: str) -> tuple[Held, datetime]:
    return await held(desk, request), desk.premises.clock.now()
