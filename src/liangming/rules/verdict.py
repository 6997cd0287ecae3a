"""A verdict is a value with its reasons, never a bool."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from liangming.rules.rule import Rule


class Outcome(enum.StrEnum):
    """What became of one rule in one decision."""

    FIRED = "fired"
    QUIET = "quiet"
    UNKNOWN = "unknown"
    EXEMPTED = "exempted"
    ERRED = "erred"


@dataclass(frozen=True, slots=True)
class Step:
    """One rule in a trace, in corpus order."""

    rule: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Finding:
    """A reason for a refusal: the code, the rule that gave it, and how to put it right."""

    reason: str
    rule: str
    citations: tuple[str, ...]
    zh: str
    en: str
    mend_zh: str = ""
    mend_en: str = ""

    @classmethod
    def of(cls, rule: Rule, reason: str) -> Finding:
        """The finding a rule gives."""
        return cls(reason, rule.id, rule.citations, rule.zh, rule.en, rule.mend_zh, rule.mend_en)


class _NoTruth:
    __slots__ = ()

    def __bool__(self) -> bool:
        raise TypeError("a verdict is not a truth value; match on Allowed, Refused, Undetermined")


@dataclass(frozen=True, slots=True)
class Allowed(_NoTruth):
    """Lawful: on these grounds, with these demands."""

    grounds: tuple[str, ...]
    demands: Mapping[str, str]
    citations: tuple[str, ...]
    rules: tuple[str, ...]  # the grounds and demands that fired
    trace: tuple[Step, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Refused(_NoTruth):
    """Not lawful, for these reasons."""

    findings: tuple[Finding, ...]
    trace: tuple[Step, ...] = field(default=(), compare=False)

    @property
    def citations(self) -> tuple[str, ...]:
        """Every article that refuses, in order, once."""
        return tuple(dict.fromkeys(c for f in self.findings for c in f.citations))


@dataclass(frozen=True, slots=True)
class Undetermined(_NoTruth):
    """Neither: facts are missing, the law is silent, or rules conflict.

    Attributes:
        reason: ``"unknown"``, ``"silent"`` or ``"conflict"``.
        missing: the facts that would decide, in reading order.
        citations: the articles that wait for them.
    """

    reason: str
    missing: tuple[str, ...]
    citations: tuple[str, ...]
    trace: tuple[Step, ...] = field(default=(), compare=False)


Verdict = Allowed | Refused | Undetermined
