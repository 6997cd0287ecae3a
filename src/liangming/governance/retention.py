"""The retention report (保存期限报告): what is kept per field and why, what was erased when, what is left.

Read from the scenes, the register and the evidence of erasures; it names nobody. Who is beyond
their day stands in it as a number, which the retention job brings to zero.

Law: pipl.19, pipl.47, pipl.54
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

import msgspec

from liangming.clock import micros, rfc3339
from liangming.docket.clocks import end_of
from liangming.errors import Kind, Misuse, declare
from liangming.rights import RightsDesk
from liangming.rights.holds import HOLD, RESTRICTION
from liangming.rights.replay import standing

FORMAT = "liangming/retention-report/1"
SPAN_UNFIT = declare(
    "governance.span-unfit",
    Kind.INVALID,
    zh="起止日期不对：写成 YYYY-MM-DD，止日不早于起日。",
    en="These days do not fit: write YYYY-MM-DD, and an end not before the beginning.",
)


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """One field at one scene: how long it is kept, by which article, as the notice tells."""

    operator: str
    scene: str
    field: str
    days: int
    article: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a span of days shows.

    Attributes:
        terms: per scene and field.
        erased: how many registrations were erased in the span, by reason.
        registered: how many stand now.
        beyond: of these, whose day has come and whom nothing keeps; must be 0.
        held: how many holds stand.
        restricted: how many are stored only at the person's wish or under a hold.
        tombstones: erasures that are replayed after a restore.
    """

    format: str
    made_at: str
    first: str
    last: str
    terms: tuple[Term, ...]
    erased: dict[str, int]
    registered: int
    beyond: int
    held: int
    restricted: int
    tombstones: int


async def report(desk: RightsDesk, first: date, last: date) -> Report:
    """The report of a span of days in China, both included.

    Raises:
        Misuse: ``governance.span-unfit``.
    """
    if last < first:
        raise Misuse(SPAN_UNFIT)
    since, until = micros(_midnight(first)), micros(end_of(last))
    erased: Counter[str] = Counter()
    for facts in await desk.docket.erased(since, until):
        erased[msgspec.json.decode(facts, type=_Erased).why] += 1
    terms = [
        Term(
            operator=scene.operator.id,
            scene=scene.id,
            field=kept.field,
            days=kept.days,
            article=kept.article,
        )
        for _, scene in sorted(desk.premises.scenes.items())
        for kept in scene.retention
    ]
    held = await desk.docket.open(HOLD, 100_000)
    return Report(
        format=FORMAT,
        made_at=rfc3339(desk.premises.clock.now()),
        first=first.isoformat(),
        last=last.isoformat(),
        terms=tuple(terms),
        erased=dict(sorted(erased.items())),
        registered=(await desk.premises.store.counts())["persons"],
        beyond=await standing(desk),
        held=len(held),
        restricted=await desk.docket.count(RESTRICTION),
        tombstones=await desk.docket.count("erasure"),
    )


class _Erased(msgspec.Struct, frozen=True):
    why: str


def _midnight(day: date) -> datetime:
    return end_of(date.fromordinal(day.toordinal() - 1))
