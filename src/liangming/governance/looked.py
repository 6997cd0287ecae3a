"""That somebody looked into what the daily audit found, and what came of it.

The duty is gone for the places that stood out by then; a place that stands out later makes it again.
It is never gone for good: numbers that do not change are asked about again, after *mended* once the
days before the mending are out of the audit's sight, after *explained* in a year. So an answer can be
wrong for a while, and not for ever. Each answer is a record and a leaf.

Law: pipl.54 (regular audit; that somebody answers, and how long an answer holds, is our own)
"""

from __future__ import annotations

import enum
import re
from datetime import date, datetime, timedelta
from typing import Final

import msgspec

from liangming import ids
from liangming.check.desk import leaf_of
from liangming.check.premises import Premises
from liangming.clock import china_date, from_micros, micros
from liangming.docket import Record, Records, leaf_keys
from liangming.errors import Kind, Misuse, declare
from liangming.ledger import Event, declare_event

KIND: Final = "watch-look"
_PREFIX: Final = "wlk"
_REFERENCE: Final = re.compile(r"[A-Za-z][A-Za-z0-9._/-]{0,79}")
_ROLE: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")

LOOKED: Final = declare_event(
    "governance:watch:looked",
    facts=("question", "operator", "outcome", "until", "places", "actor", "reference"),
    zh="有人查看了每日审计中突出的地方，并写明结果。",
    en="Somebody looked into what stood out in the daily audit and said what came of it.",
)
LOOK_UNKNOWN: Final = declare(
    "governance.watch-unknown",
    Kind.ABSENT,
    zh="看板上没有这一项突出。运行 liangming duties list 可看到全部。",
    en="Nothing of this name stands out on the board; liangming duties list shows all.",
)
LOOK_UNFIT: Final = declare(
    "governance.watch-unfit",
    Kind.INVALID,
    zh="查看突出之处要写明结果（--outcome explained 或 mended）、岗位和材料编号"
    "（字母开头，不写姓名和个人号码）。",
    en="Say what came of the look (--outcome explained or mended), by which role, and a reference of"
    " papers that begins with a letter, without names or personal numbers.",
)


class Outcome(enum.StrEnum):
    """What came of a look; there is no third: what is neither stays on the board."""

    EXPLAINED = "explained"  # 到现场看过，有如实的原因
    MENDED = "mended"  # 已经改正


HOLDS: Final = {Outcome.EXPLAINED: timedelta(days=365), Outcome.MENDED: timedelta(days=90)}
"""How long an answer keeps the duty away; ours. Ninety days are what the daily audit sees."""


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """One look.

    Attributes:
        until: the last day of the result that was looked into, as days since 1970.
    """

    question: str
    operator: str
    outcome: Outcome
    until: int
    actor: str
    reference: str


async def answered(docket: Records, name: str, now: datetime) -> int:
    """Until which day what stands out under a name has been answered for; -1 for none."""
    held = (
        body.until
        for record in await docket.about(KIND, name)
        for body in [msgspec.json.decode(record.body, type=Looked)]
        if now < from_micros(record.opened_at) + HOLDS[body.outcome]
    )
    return max(held, default=-1)


async def keep(premises: Premises, docket: Records, name: str, look: Looked, places: int) -> date:
    """Leave a look as record and leaf; returns the day on which it is asked about again.

    Raises:
        Misuse: ``governance.watch-unfit``.
        Outage: the store cannot write.
    """
    if not _ROLE.fullmatch(look.actor) or not _REFERENCE.fullmatch(look.reference):
        raise Misuse(LOOK_UNFIT)
    at = premises.clock.now()
    number = ids.new(_PREFIX, at)
    key = leaf_keys.lasting(premises, number)
    row = Record(
        id=number,
        kind=KIND,
        operator=look.operator,
        about=name,
        state=look.outcome.value,
        version=1,
        opened_at=micros(at),
        changed_at=micros(at),
        due_at=None,
        keep_until=None,
        leaf_key=key.kept,
        body=msgspec.json.encode(look),
    )
    facts: dict[str, str | int] = {
        "question": look.question,
        "operator": look.operator,
        "outcome": look.outcome.value,
        "until": look.until,
        "places": places,
        "actor": look.actor,
        "reference": look.reference,
    }
    leaf = leaf_of(Event(LOOKED.tag, micros(at), number, facts), key.key, 0)
    await docket.commit([row], [leaf])
    return china_date(at + HOLDS[look.outcome])
