"""What anybody may read: articles of law, and every error code with its plain words."""

from __future__ import annotations

from typing import Annotated

import msgspec

from liangming.api import faults
from liangming.api.answers import open_words
from liangming.api.call import Call
from liangming.api.lobby import Lobby
from liangming.api.problem import ABOUT, Texts, status_of
from liangming.api.reply import Reply, ok
from liangming.errors import Kind, Misuse, catalogue
from liangming.rules import Grade, Held, Rank

Day = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date"})]


class InstrumentAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A law, regulation, order, interpretation or standard."""

    id: str
    name: Texts
    number: str
    rank: Annotated[str, open_words(Rank, "A standard is never law.")]
    address: str


class ArticleAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """An article in our own words, never the official text, and how it is held.

    ``grade``: A the full text was read, B quoted by a reliable page, C not verified, never applied.
    """

    id: str
    number: str
    instrument: InstrumentAnswer
    text: Texts
    grade: Annotated[str, open_words(Grade, "How well the text is known.")]
    held: tuple[Annotated[str, open_words(Held, "How it is held.")], ...]
    in_force_from: Day
    in_force_until: Day | None


class CodeEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An error code: stable for ever, with its words of today."""

    code: str
    type: str
    status: int
    kind: Annotated[str, open_words(Kind, "How to take it.")]
    texts: Texts


class CodesAnswer(msgspec.Struct, frozen=True):
    """Every code, by name."""

    errors: tuple[CodeEntry, ...]


async def article(lobby: Lobby, call: Call) -> Reply:
    """One article."""
    found = lobby.premises.corpus.articles.get(call.params["id"])
    if found is None:
        raise Misuse(faults.ARTICLE_UNKNOWN)
    instrument = lobby.premises.corpus.instruments[found.instrument]
    return ok(
        ArticleAnswer(
            id=found.id,
            number=found.number,
            instrument=InstrumentAnswer(
                id=instrument.id,
                name=Texts(instrument.zh, instrument.en),
                number=instrument.number,
                rank=instrument.rank.value,
                address=instrument.address,
            ),
            text=Texts(found.zh, found.en),
            grade=found.grade.value,
            held=tuple(held.value for held in found.held),
            in_force_from=found.force.start.isoformat(),
            in_force_until=found.force.end.isoformat() if found.force.end else None,
        )
    )


async def errors(lobby: Lobby, call: Call) -> Reply:  # noqa: ARG001  (one signature for all)
    """Every error code."""
    return ok(
        CodesAnswer(
            tuple(
                CodeEntry(
                    code=code.name,
                    type=ABOUT + code.name,
                    status=status_of(code),
                    kind=code.kind.value,
                    texts=Texts(code.zh, code.en),
                )
                for code in catalogue()
            )
        )
    )
