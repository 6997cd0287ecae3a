"""What the daily audit found, as duties: somebody looks into each place that stands out.

The board reads the newest result (``docs/spec/watch.md``) each time, of the file or of whichever
service made it (:mod:`liangming.governance.daily`); nothing is copied. A result
that cannot be read, or that stopped coming, is a duty itself: silence is not a good result. Places
of one operator that stand out in one question are one duty, dated by the one that stands longest.

Law: pipl.54 (regular audit; the days to look into it are ours)
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final

import msgspec

from liangming.docket.clocks import deadline, end_of
from liangming.governance import daily
from liangming.governance.duty import Duty, Kind
from liangming.law.values import watch_answer_days
from liangming.rights import RightsDesk
from liangming.scene.model import Text

VERSION: Final = 1
QUIET_DAYS: Final = 3  # a daily result that is older has stopped coming
_EPOCH: Final = date(1970, 1, 1)
_DO: Final = "liangming audit report"
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
        found = [
            msgspec.json.decode(data, type=_Result)
            for data in (desk.watch(), await daily.newest(desk.docket))
            if data
        ]
    except (OSError, msgspec.DecodeError):
        return [_blind(now, Text("每日审计的结果读不出", "The daily audit's result is unreadable"))]
    if not found:
        return []
    result = max(found, key=lambda one: one.until)
    if result.version != VERSION:
        return [
            _blind(now, Text("每日审计的结果版本不认识", "The daily audit is of another version"))
        ]
    due = end_of(_day(result.until) + timedelta(days=QUIET_DAYS))
    made = [_one(desk, group) for group in _grouped(result.standing)]
    if now >= due:
        made.append(_blind(due, Text("每日审计停了", "The daily audit has stopped")))
    return made


def _grouped(standing: Iterable[_Standing]) -> list[list[_Standing]]:
    groups: dict[tuple[str, str], list[_Standing]] = {}
    for one in standing:
        groups.setdefault((one.operator, one.question), []).append(one)
    return [groups[key] for key in sorted(groups)]


def _one(desk: RightsDesk, group: list[_Standing]) -> Duty:
    first = min(group, key=lambda one: one.since)
    outlets = sum(bool(one.outlet) for one in group)
    scenes = len(group) - outlets
    known = [a for one in group for a in one.articles if a in desk.premises.corpus.articles]
    start = datetime.combine(_day(first.since), datetime.min.time(), UTC)
    return Duty(
        id=f"watch/{first.operator or 'all'}/{first.question}",
        kind=Kind.WATCH,
        title=Text(
            f"审计突出：{first.title[0] or first.question}（网点 {outlets} 个，场景整体 {scenes} 个）",
            f"The audit points at “{first.title[1] or first.question}”: {outlets} outlets,"
            f" {scenes} whole scenes",
        ),
        owner="privacy-officer",
        due=deadline(watch_answer_days, start).at,
        article=known[0] if known else "pipl.54",
        late=_LOOK,
        do=_DO,
        operator=first.operator,
        standard=True,
    )


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
