"""Numbers that law fixes, each with its day and its article."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from liangming.errors import Kind, Misuse, declare

SILENT_VALUE = declare(
    "rules.no-value-on-that-day",
    Kind.OUT_OF_ORDER,
    zh="那一天还没有这个数值的规定。",
    en="No rule fixed this value on that day.",
)


@dataclass(frozen=True, slots=True)
class Since:
    """A value from a day on, by an article (or by the house, where the article gives no number)."""

    day: date
    value: int
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A dated value with its citations.

    Attributes:
        id: stable name, e.g. ``"child_age"``.
        unit: ``years``, ``days``, ``working-days``, ``persons``, ``hours``, ``yuan`` …
        of_house: True where the article asks for *the shortest time* and the number is ours.
    """

    id: str
    zh: str
    en: str
    unit: str
    values: tuple[Since, ...]
    of_house: bool = False

    def __post_init__(self) -> None:
        """Days rise."""
        days = [since.day for since in self.values]
        if not days or days != sorted(set(days)):
            raise ValueError(f"{self.id}: days of force must rise")

    def at(self, day: date) -> int:
        """The value in force on a day.

        Raises:
            Misuse: before the first day (``rules.no-value-on-that-day``).
        """
        return self.since(day).value

    def since(self, day: date) -> Since:
        """The entry in force on a day, with its article."""
        for since in reversed(self.values):
            if since.day <= day:
                return since
        raise Misuse(SILENT_VALUE, field=self.id)
