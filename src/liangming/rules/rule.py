"""A rule: when a term holds, an effect."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date

from liangming.rules.terms import Term


class Moment(enum.StrEnum):
    """When a rule is applied."""

    SCENE = "scene"  # a scene is configured
    CHECK = "check"  # during a check
    DUTY = "duty"  # in daily duties
    AUDIT = "audit"  # over event logs


@dataclass(frozen=True, slots=True)
class Ground:
    """Lawful on this ground (合法性基础). Without one ground nothing is allowed."""

    name: str


@dataclass(frozen=True, slots=True)
class Bar:
    """Not lawful; the reason is a stable code."""

    reason: str


@dataclass(frozen=True, slots=True)
class Demand:
    """Lawful only if this is done: one value for one slot. Two values for a slot conflict."""

    slot: str
    value: str


@dataclass(frozen=True, slots=True)
class Exempt:
    """An exception: the named rules do not apply (lex specialis)."""

    rules: tuple[str, ...]


Effect = Ground | Bar | Demand | Exempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One executable sentence of an article.

    Attributes:
        id: ``article/word``, e.g. ``"face.10/only"``.
        question: what it helps to answer, e.g. ``"configure"``.
        moment: when that question is asked.
        when: the condition.
        effect: what follows.
        zh: the sentence a clerk can read out; for a bar, what is wrong.
        en: the same in English.
        mend_zh: for a bar, how to put it right.
        mend_en: the same in English.
        also: further article ids that say the same; each is cited only while it is in force.
        until: the day on which a more special article takes this sentence over (its own rule
            then carries it, and cites this article); ``None`` while there is none.
    """

    id: str
    question: str
    moment: Moment
    when: Term
    effect: Effect
    zh: str
    en: str
    mend_zh: str = ""
    mend_en: str = ""
    also: tuple[str, ...] = ()
    until: date | None = None

    @property
    def article(self) -> str:
        """The id of the article it implements."""
        return self.id.partition("/")[0]

    @property
    def citations(self) -> tuple[str, ...]:
        """Its article first, then those that say the same."""
        return (self.article, *self.also)
