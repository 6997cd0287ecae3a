"""The duties board for programs: as JSON, and as a calendar."""

from __future__ import annotations

from typing import Annotated

import msgspec

from liangming.api.answers import Time, open_words
from liangming.api.call import Call
from liangming.api.law import Citation
from liangming.api.lobby import Lobby
from liangming.api.problem import Texts
from liangming.api.reply import Reply, ok
from liangming.clock import rfc3339
from liangming.governance import Kind, board, calendar
from liangming.governance.feed import MEDIA

KindWord = Annotated[str, open_words(Kind, "What kind of duty.")]


class DutyAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One duty.

    Attributes:
        due: the first moment that is too late.
        not_law: the term comes from a recommended standard or is Liangming's own.
        may_move: days off of a year in it are not published here yet.
        at_once: the article says at once and names no number; ``due`` is when it began.
        if_late: what happens then.
    """

    id: str
    kind: KindWord
    title: Texts
    owner: str
    due: Time
    late: bool
    citation: Citation
    not_law: bool
    may_move: bool
    at_once: bool
    if_late: Texts
    gate: Texts | None


class DutiesAnswer(msgspec.Struct, frozen=True):
    """Every duty of the operator, the earliest due first."""

    duties: tuple[DutyAnswer, ...]


async def listed(lobby: Lobby, call: Call) -> Reply:
    """The board of the client's operator."""
    now = lobby.premises.clock.now()
    answers = []
    for duty in await board(lobby.desk, operator=call.who.operator):
        (citation,) = lobby.citer.cite((duty.article,), call.language)
        answers.append(
            DutyAnswer(
                id=duty.id,
                kind=duty.kind.value,
                title=Texts(duty.title.zh, duty.title.en),
                owner=duty.owner,
                due=rfc3339(duty.due),
                late=duty.is_late(now),
                citation=citation,
                not_law=duty.standard,
                may_move=duty.may_move,
                at_once=duty.at_once,
                if_late=Texts(duty.late.zh, duty.late.en),
                gate=Texts(duty.gate.zh, duty.gate.en) if duty.gate else None,
            )
        )
    return ok(DutiesAnswer(tuple(answers)), call.language)


async def feed(lobby: Lobby, call: Call) -> Reply:
    """The same as a calendar."""
    duties = await board(lobby.desk, operator=call.who.operator)
    english = call.language == "en"
    data = calendar(duties, lobby.premises.clock.now(), english=english)
    return Reply(200, data, MEDIA.encode(), call.language)
