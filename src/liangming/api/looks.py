"""Looks that take a second person, for the operator's own approval program: what waits, and a decision.

A decision comes under the account of the client; it is another one than that of whoever asked.
"""

from __future__ import annotations

from typing import Annotated, Final

import msgspec

from liangming.api.answers import Time, open_words
from liangming.api.bodies import Taken
from liangming.api.body import Body
from liangming.api.call import Call
from liangming.api.lobby import Lobby
from liangming.api.reply import Reply, ok
from liangming.api.steps import body_of
from liangming.clock import rfc3339
from liangming.rights import looks
from liangming.vault import Purpose

STATES: Final = (looks.ASKED, looks.APPROVED, looks.DECLINED, looks.USED, looks.LAPSED)
StateWord = Annotated[str, open_words(STATES, "Where the look stands.")]
PurposeWord = Annotated[str, open_words(Purpose, "What the record is to be seen for.")]
_MOST: Final = 200


class DecisionBody(Taken, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether the look is agreed to."""

    agreed: bool


DECISION: Final = Body(DecisionBody)


class LookAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A look that was asked for; nothing of the record.

    Attributes:
        whole: unmasked.
        until: the first moment that is too late: to decide, then to use it.
    """

    id: str
    check: str
    purpose: PurposeWord
    case: str
    reason: str
    whole: bool
    asked_by: str
    asked_at: Time
    until: Time
    state: StateWord
    decided_by: str | None
    decided_at: Time | None


class LooksAnswer(msgspec.Struct, frozen=True):
    """The latest looks, newest first."""

    looks: tuple[LookAnswer, ...]


async def listed(lobby: Lobby, call: Call) -> Reply:
    """The looks of the client's operator."""
    found = await looks.listed(lobby.desk, call.who.operator, _MOST)
    return ok(LooksAnswer(tuple(_answer(lobby, each) for each in found)), call.language)


async def decided(lobby: Lobby, call: Call) -> Reply:
    """Agree to a look, or decline it."""
    body = await body_of(lobby, call, DECISION)
    look = await looks.decide(
        lobby.desk,
        call.params["id"],
        agreed=body.agreed,
        actor=call.who.id,
        operator=call.who.operator,
    )
    return ok(_answer(lobby, look), call.language)


def _answer(lobby: Lobby, look: looks.Look) -> LookAnswer:
    return LookAnswer(
        id=look.id,
        check=look.check,
        purpose=look.purpose.value,
        case=look.case,
        reason=look.reason,
        whole=look.whole,
        asked_by=look.actor,
        asked_at=rfc3339(look.at),
        until=rfc3339(look.until),
        state=looks.standing(look, lobby.premises.clock.now()),
        decided_by=look.decided_by or None,
        decided_at=rfc3339(look.decided_at) if look.decided_at is not None else None,
    )
