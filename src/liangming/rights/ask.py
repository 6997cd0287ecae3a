"""A person asks: from a receipt's code, and for registered data with the document behind it.

1 the receipt leads to a check · 2 who asks about registered data shows the document
3 the request becomes durable, with its clock · 4 what can be done at once is done and answered
For another person nothing is done before somebody has seen the authority (``handle.prove``).

Law: pipl.44 to pipl.50
"""

from __future__ import annotations

from typing import Final

import msgspec

from liangming import ids
from liangming.check.desk import held as held_check
from liangming.docket import deadline
from liangming.errors import Misuse
from liangming.rights import faults, moves
from liangming.rights.carry import Done, carry_out
from liangming.rights.desk import OWNER, PERSON, RightsDesk, move, new_record, requests_of
from liangming.rights.desk import held as held_request
from liangming.rights.possession import prove, registered
from liangming.rights.states import About, Open, State, Unproven
from liangming.rights.withdraw import given
from liangming.rights.words import (
    ABOUT_REGISTER,
    BY_HAND,
    WITH_WORDS,
    Requester,
    Right,
    clock_of,
)

LONGEST: Final = 500


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """What a person says; held for the length of the call. Its repr names nobody.

    Attributes:
        document: kind of the registered document.
        number: its number.
        words: what is to be corrected, or what is complained about.
    """

    check: str
    right: Right
    requester: Requester = Requester.SELF
    document: str = ""
    number: str = ""
    words: str = ""

    def __repr__(self) -> str:
        return f"<Asking {self.right.value}>"

    __str__ = __repr__


async def ask(desk: RightsDesk, asking: Asking) -> Done:
    """Take a request in, and answer it at once where nobody has to look into it.

    Asked again while the first is open, it is the same request.

    Raises:
        Misuse: ``check.unknown``, ``rights.proof-needed``, ``rights.words-needed``,
            ``rights.no-consent``, ``method.too-many-tries``.
        Refusal: ``rights.not-the-registered-document``.
    """
    at = desk.premises.clock.now()
    state = (await held_check(desk.premises, asking.check)).state  # 1
    words = asking.words.strip()
    right = asking.right
    if right in WITH_WORDS and not 1 <= len(words) <= LONGEST:
        raise Misuse(faults.WORDS_NEEDED, field="words")
    if right is Right.WITHDRAW and not await _withdrawable(desk, asking.check):
        raise Misuse(faults.NO_CONSENT, citations=("pipl.15",))
    person = await registered(desk, asking.check) if right in ABOUT_REGISTER else None
    if person is not None:
        prove(desk, asking.check, person, asking.document, asking.number)  # 2
    standing = await _standing(desk, asking)
    if standing is None:
        about = About(
            id=ids.new(ids.REQUEST, at),
            right=right,
            requester=asking.requester,
            check=asking.check,
            operator=state.about.operator,
            scene=state.about.scene,
            outlet=state.about.outlet,
            kind=state.about.kind,
            asked_at=at,
        )
        clock = desk.premises.corpus.values[clock_of(right, about.kind)]
        moved = moves.ask(about, deadline(clock, at), OWNER)
        row, leaves = await new_record(desk, moved, words if right in WITH_WORDS else "")
        await desk.docket.commit([row], leaves)  # 3
        standing = moved.state
    # Nothing registered answers even a correction at once; a complaint is always looked into.
    by_hand = right is Right.COMPLAIN or (right in BY_HAND and person is not None)
    if isinstance(standing, Unproven) or by_hand:
        return Done(state=standing)
    return await carry_out(desk, standing.about.id, PERSON)  # 4


async def take_back(desk: RightsDesk, check: str, request: str) -> State:
    """The person does not ask any more.

    Raises:
        Misuse: ``rights.request-unknown`` (also with another receipt), ``rights.closed``.
    """
    at = desk.premises.clock.now()
    before = await held_request(desk, request)
    if before.state.about.check != check:
        raise Misuse(faults.UNKNOWN)
    return await move(desk, before, moves.take_back(before.state, at), at)


async def _standing(desk: RightsDesk, asking: Asking) -> State | None:
    """The same request, if it is still open."""
    for state in await requests_of(desk, asking.check):
        same = (state.about.right, state.about.requester) == (asking.right, asking.requester)
        if same and isinstance(state, (Open, Unproven)):
            return state
    return None


async def _withdrawable(desk: RightsDesk, check: str) -> bool:
    """Whether there is something to withdraw, or a withdrawal was begun and not finished."""
    if await given(desk, check):
        return True
    return any(
        state.about.right is Right.WITHDRAW and isinstance(state, Open)
        for state in await requests_of(desk, check)
    )
