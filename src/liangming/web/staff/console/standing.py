"""What several pages of the console ask, remembered for a short while in this process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from liangming.clock import CHINA, china_date
from liangming.governance.choices import Row, rows_of
from liangming.scene import SceneCatalogue
from liangming.scene.model import Scene
from liangming.scene.problem import Judgement
from liangming.web.house import House
from liangming.web.staff.console.counting import carry_on, cells_of, months_of

FRESH: Final = timedelta(seconds=30)
FRESH_OF_MANY: Final = timedelta(minutes=5)
MANY: Final = 2_000  # scenes: to make their rows takes a second


@dataclass(frozen=True, slots=True)
class Standing:
    """Rows of an operator's scenes.

    Attributes:
        rows: in the order of scenes' ids.
        counted: leaves that are in them.
        at: when.
    """

    rows: tuple[Row, ...]
    counted: int
    at: datetime

    @property
    def fresh(self) -> timedelta:
        """How long they are shown before they are made again; the page says of when they are."""
        return FRESH if len(self.rows) < MANY else FRESH_OF_MANY

    @property
    def standing_out(self) -> list[Row]:
        """Those where something stands out."""
        return [row for row in self.rows if row.stands_out]


def scenes_of(house: House, operator: str) -> list[Scene]:
    """The live scenes of an operator, by id."""
    found = [s for s in house.premises.scenes.values() if s.operator.id == operator]
    return sorted(found, key=lambda scene: scene.id)


def judged(house: House, operator: str) -> dict[str, Judgement]:
    """Whether each live scene would go live today; asked once a day, for a day's law is one."""
    today = china_date(house.premises.clock.now())
    key = ("judged", operator)
    known: tuple[object, dict[str, Judgement]] | None = house.shelf.get(key)
    if known is None or known[0] != today:
        report = SceneCatalogue.of(scenes_of(house, operator), today).report
        known = house.shelf[key] = (today, {each.scene.id: each for each in report.judgements})
    return known[1]


def standing(
    house: House, operator: str, months: tuple[int, ...] = (), *, ahead: bool = False
) -> Standing:
    """Rows of these months, or of this month and the one before.

    Args:
        house: where they are remembered for a while.
        operator: whose scenes.
        months: others than these two.
        ahead: make them again already in the second half of that while.
    """
    now = house.premises.clock.now()
    asked = months or this_and_last(now)
    key = ("standing", operator, asked)
    known: Standing | None = house.shelf.get(key)
    if known is not None and known.at <= now < known.at + known.fresh / (2 if ahead else 1):
        return known
    counted = carry_on(house)
    rows = tuple(rows_of(cells_of(operator, asked)))
    for old in [k for k in house.shelf if k[:2] == ("standing", operator) and k != key][:-12]:
        house.shelf.pop(old, None)
    made = house.shelf[key] = Standing(rows, counted, now)
    return made


def months(house: House, operator: str) -> list[int]:
    """The months that can be looked at, newest first; this one always."""
    now = month(house.premises.clock.now())
    return sorted({now, *months_of(operator)}, reverse=True)


def month(at: datetime) -> int:
    """202611."""
    local = at.astimezone(CHINA)
    return local.year * 100 + local.month


def this_and_last(at: datetime) -> tuple[int, ...]:
    """The month and the one before it, so that the first of a month is not empty."""
    now = month(at)
    return (now - 1 if now % 100 > 1 else now - 89, now)
