"""Instruments and their articles: what a rule cites."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from liangming.rules.rule import Rule


class Rank(enum.StrEnum):
    """Where an instrument stands (位阶), highest first. A standard is never shown as law."""

    LAW = "law"  # 法律
    REGULATION = "regulation"  # 行政法规
    INTERPRETATION = "interpretation"  # 司法解释
    RULE = "rule"  # 部门规章
    LOCAL = "local"  # 地方性法规
    NORMATIVE = "normative"  # 规范性文件
    STANDARD = "standard"  # 推荐性国家标准: a lower rank, always shown as such


class Grade(enum.StrEnum):
    """How well a text is known to us; only A and B may carry a rule."""

    A = "A"  # the full text of the article was read
    B = "B"  # quoted or summarised by a reliable page
    C = "C"  # not verified: listed as open, never enforced, never shown as law


class Held(enum.StrEnum):
    """How Liangming holds an article."""

    CONSTRUCTION = "by-construction"  # types and layout leave no way to break it
    SCENE = "rule-at-scene"
    CHECK = "rule-at-check"
    DUTY = "rule-at-duty"
    AUDIT = "rule-at-audit"
    CLOCK = "duty-with-a-clock"  # a person's duty; Liangming keeps the date
    OUT = "out-of-scope"  # with the reason
    OPEN = "open"  # not verified (grade C)


@dataclass(frozen=True, slots=True)
class Span:
    """Days of force in China: from ``start`` to the day before ``end`` (``None``: still in force)."""

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        """A span has at least one day."""
        if self.end is not None and self.end <= self.start:
            raise ValueError("a span ends after it starts")

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A law, regulation, order, interpretation or standard (法规)."""

    id: str  # short and stable: "pipl"
    zh: str  # 中华人民共和国个人信息保护法
    en: str
    number: str  # document number as published, "" where none is used
    rank: Rank
    address: str  # official address, or "" where none was seen
    force: Span
    note_zh: str = ""
    note_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One numbered part (条), in our own words, and how it is held.

    Attributes:
        id: ``instrument.number``, e.g. ``"pipl.29"``; never changes.
        number: as cited in Chinese, e.g. ``"第二十九条"``; for unnumbered sourced duties
            ``""`` together with a note; never invented.
        grade: how well the text is known; an article of grade C carries no rules.
        held_zh: how or why, in one sentence (required for OUT and OPEN).
    """

    id: str
    number: str
    zh: str
    en: str
    grade: Grade
    force: Span
    held: tuple[Held, ...]
    held_zh: str = ""
    held_en: str = ""
    rules: tuple[Rule, ...] = ()
    values: tuple[str, ...] = ()  # ids of dated values that this article fixes

    def __post_init__(self) -> None:
        """An article says how it is held, and unverified text carries no rule."""
        if not self.held:
            raise ValueError(f"{self.id}: says not how it is held")
        if self.grade is Grade.C and (self.rules or self.values):
            raise ValueError(f"{self.id}: grade C never becomes a rule or a value")
        if (Held.OUT in self.held or Held.OPEN in self.held) and not (
            self.held_zh and self.held_en
        ):
            raise ValueError(f"{self.id}: out of scope or open needs its reason")

    @property
    def instrument(self) -> str:
        """The id of the instrument this article belongs to."""
        return self.id.partition(".")[0]
