"""What the daily audit found, as duties: somebody looks into each place that stands out.

The board reads the newest result (``docs/spec/watch.md``) each time, of the file or of whichever
service made it (:mod:`liangming.governance.daily`); nothing is copied. A result
that cannot be read, or that stopped coming, is a duty itself: silence is not a good result. Places
of one operator that stand out in one question are one duty, dated by the one that stands longest;
it ends when they stand out no more, or when somebody looked and said what came of it (:func:`look`).

Law: pipl.54 (regular audit; the days to look into it are ours)
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final

import msgspec

from liangming.check.premises import Premises
from liangming.docket.clocks import deadline, end_of
from liangming.errors import Misuse
from liangming.governance import daily, looked
from liangming.governance.duty import Duty, Kind
from liangming.law.values import watch_answer_days
from liangming.rights import RightsDesk
from liangming.scene.model import Text

VERSION: Final = 1
PREFIX: Final = "watch/"
NAMED: Final = 3
QUIET_DAYS: Final = 3  # a daily result that is older has stopped coming
_EPOCH: Final = date(1970, 1, 1)
_DO: Final = "liangming duties done"
_LOOK: Final = Text(
    "没有人看过为什么突出；可能有人被迫刷脸",
    "Nobody looked why it stands out; people may be forced to show their face",
)
_BLIND: Final = Text("这些天里没有人看着", "Nobody is watching these days")


class _Standing(msgspec.Struct, frozen=True):
    question: str
    operator: str
    outlet: str
    since: int
    articles: tuple[str, ...] = ()
    title: tuple[str, str] = ("", "")


class _Result(msgspec.Struct, frozen=True):
    version: int
    until: int
    standing: tuple[_Standing, ...]


async def duties(desk: RightsDesk, now: datetime) -> list[Duty]:
    """One duty for each question in which an operator's places stand out."""
    try:
        result = await _newest(desk)
    except (OSError, msgspec.DecodeError):
        return [_blind(now, Text("每日审计的结果读不出", "The daily audit's result is unreadable"))]
    if result is None:
        return []
    if result.version != VERSION:
        return [
            _blind(now, Text("每日审计的结果版本不认识", "The daily audit is of another version"))
        ]
    due = end_of(_day(result.until) + timedelta(days=QUIET_DAYS))
    made = []
    for group in _grouped(result.standing):
        told = await looked.answered(desk.docket, _name(group[0]), now)
        left = [one for one in group if one.since > told]
        if left:
            made.append(_one(desk, left))
    if now >= due:
        made.append(_blind(due, Text("每日审计停了", "The daily audit has stopped")))
    return made


async def look(
    premises: Premises, desk: RightsDesk, name: str, *, outcome: str, actor: str, reference: str
) -> date:
    """Record that somebody looked into a duty of the watch; returns when it is asked about again.

    Args:
        premises: where the record goes.
        desk: where the result is read.
        name: as the board names it.
        outcome: explained or mended.
        actor: role or account.
        reference: of the papers; no names.

    Raises:
        Misuse: ``governance.watch-unknown``, ``governance.watch-unfit``.
    """
    try:
        result = await _newest(desk)
    except (OSError, msgspec.DecodeError):
        result = None
    groups = [] if result is None else _grouped(result.standing)
    mine = next((group for group in groups if _name(group[0]) == name), None)
    if result is None or mine is None:
        raise Misuse(looked.LOOK_UNKNOWN)
    if outcome not in {one.value for one in looked.Outcome}:
        raise Misuse(looked.LOOK_UNFIT)
    seen = looked.Looked(
        question=mine[0].question,
        operator=mine[0].operator,
        outcome=looked.Outcome(outcome),
        until=result.until,
        actor=actor,
        reference=reference,
    )
    return await looked.keep(premises, desk.docket, name, seen, len(mine))


async def _newest(desk: RightsDesk) -> _Result | None:
    found = [
        msgspec.json.decode(data, type=_Result)
        for data in (desk.watch(), await daily.newest(desk.docket))
        if data
    ]
    return max(found, key=lambda one: one.until) if found else None


def _name(one: _Standing) -> str:
    return f"{PREFIX}{one.operator or 'all'}/{one.question}"


def _grouped(standing: Iterable[_Standing]) -> list[list[_Standing]]:
    groups: dict[tuple[str, str], list[_Standing]] = {}
    for one in standing:
        groups.setdefault((one.operator, one.question), []).append(one)
    return [groups[key] for key in sorted(groups)]


def _one(desk: RightsDesk, group: list[_Standing]) -> Duty:
    first = min(group, key=lambda one: one.since)
    known = [a for one in group for a in one.articles if a in desk.premises.corpus.articles]
    start = datetime.combine(_day(first.since), datetime.min.time(), UTC)
    return Duty(
        id=_name(first),
        kind=Kind.WATCH,
        title=Text(
            f"审计突出：{first.title[0] or first.question}（{_where(group, english=False)}）",
            f"The audit points at “{first.title[1] or first.question}”"
            f" ({_where(group, english=True)})",
        ),
        owner="privacy-officer",
        due=deadline(watch_answer_days, start).at,
        article=known[0] if known else "pipl.54",
        late=_LOOK,
        do=f"{_DO} {_name(first)} --by ROLE --outcome explained  # or: mended",
        operator=first.operator,
        standard=True,
    )


def _where(group: list[_Standing], *, english: bool) -> str:
    """Which outlets, by name where they are few, and how many scenes as a whole."""
    outlets = sorted({one.outlet for one in group if one.outlet})
    scenes = sum(not one.outlet for one in group)
    parts = []
    if outlets:
        named = (", " if english else "、").join(outlets[:NAMED])
        rest = len(outlets) - NAMED
        more = (f" and {rest} more outlets" if english else f"等 {len(outlets)} 个网点") if rest > 0 else ""  # fmt: skip
        parts.append(named + more)
    if scenes:
        whole = "whole scenes" if scenes > 1 else "whole scene"
        parts.append(f"{scenes} {whole}" if english else f"{scenes} 类场景整体")
    return ("; " if english else "；").join(parts)


def _blind(due: datetime, title: Text) -> Duty:
    return Duty(
        id="watch",
        kind=Kind.WATCH,
        title=title,
        owner="operations",
        due=due,
        article="pipl.54",
        late=_BLIND,
        do="liangming audit watch",
        standard=True,
    )


def _day(number: int) -> date:
    return _EPOCH + timedelta(days=number)
