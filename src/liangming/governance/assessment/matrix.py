"""Risk from impact and likelihood, by the table of GB/T 39335-2020 and its modifiers.

A recommended standard, not law; the approval draft was read, so no clause number is given. An
organisation may use a table of its own but not change it at will: this one is fixed in code.

Law: gbt39335.method
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from typing import Final

from liangming.scene.model import Text


class Impact(enum.IntEnum):
    """How hard it hits a person (影响程度)."""

    LOW = 1  # 低
    MIDDLE = 2  # 中
    HIGH = 3  # 高
    SEVERE = 4  # 严重


class Likelihood(enum.IntEnum):
    """How likely it is (可能性)."""

    LOW = 1  # 低
    MIDDLE = 2  # 中
    HIGH = 3  # 高
    VERY_HIGH = 4  # 很高


class Risk(enum.IntEnum):
    """What comes of both (风险等级)."""

    LOW = 1
    MIDDLE = 2
    HIGH = 3
    SEVERE = 4


_TABLE: Final = {
    Impact.SEVERE: (Risk.MIDDLE, Risk.HIGH, Risk.SEVERE, Risk.SEVERE),
    Impact.HIGH: (Risk.MIDDLE, Risk.MIDDLE, Risk.HIGH, Risk.SEVERE),
    Impact.MIDDLE: (Risk.LOW, Risk.LOW, Risk.MIDDLE, Risk.HIGH),
    Impact.LOW: (Risk.LOW, Risk.LOW, Risk.MIDDLE, Risk.MIDDLE),
}
MANY: Final = 500_000  # persons of whom sensitive data are processed: impact one higher
LARGE: Final = 1_000_000  # persons: likelihood at least middle
HUGE: Final = 10_000_000  # persons: likelihood at least high


class Modifier(enum.StrEnum):
    """What moves a rating; each is written down with its reason."""

    WEAK_GROUPS = "weak-groups"  # 未成年人、学生、老年人等：影响 +1
    DEIDENTIFIED = "deidentified"  # 有效去标识化：影响 −1
    TARGETED = "targeted-measures"  # 针对性强的措施：可能性 −1


def risk(impact: Impact, likelihood: Likelihood) -> Risk:
    """The cell of the table."""
    return _TABLE[impact][likelihood - 1]


def impact_of(rated: Impact, *, persons: int, modifiers: Iterable[Modifier]) -> Impact:
    """A rated impact with its modifiers; faces are sensitive always."""
    chosen = set(modifiers)
    moved = rated + (persons >= MANY) + (Modifier.WEAK_GROUPS in chosen)
    moved -= Modifier.DEIDENTIFIED in chosen
    return Impact(min(max(moved, Impact.LOW), Impact.SEVERE))


def likelihood_of(
    rated: Iterable[Likelihood], *, persons: int, modifiers: Iterable[Modifier]
) -> Likelihood:
    """The likelihood of all groups of factors together: the worst, with its modifiers."""
    worst = max(rated) - (Modifier.TARGETED in set(modifiers))
    least = Likelihood.LOW
    if persons > LARGE:
        least = Likelihood.MIDDLE
    if persons > HUGE:
        least = Likelihood.HIGH
    return Likelihood(max(worst, least))


def overall(risks: Mapping[str, Risk]) -> Risk:
    """The worst of all; without any, nothing was rated and the worst is assumed (I11)."""
    return max(risks.values(), default=Risk.SEVERE)


IMPACTS: Final = {
    Impact.LOW: Text("低", "low"),
    Impact.MIDDLE: Text("中", "middle"),
    Impact.HIGH: Text("高", "high"),
    Impact.SEVERE: Text("严重", "severe"),
}
LIKELIHOODS: Final = {
    Likelihood.LOW: Text("低", "low"),
    Likelihood.MIDDLE: Text("中", "middle"),
    Likelihood.HIGH: Text("高", "high"),
    Likelihood.VERY_HIGH: Text("很高", "very high"),
}
RISKS: Final = {
    Risk.LOW: Text("低", "low"),
    Risk.MIDDLE: Text("中", "middle"),
    Risk.HIGH: Text("高", "high"),
    Risk.SEVERE: Text("严重", "severe"),
}
MODIFIERS: Final = {
    Modifier.WEAK_GROUPS: Text(
        "涉及未成年人、老年人等群体（影响 +1）", "Minors, old people or the like (impact +1)"
    ),
    Modifier.DEIDENTIFIED: Text(
        "有效去标识化（影响 −1）", "Effective de-identification (impact −1)"
    ),
    Modifier.TARGETED: Text(
        "有针对性强的措施（可能性 −1）", "Strong, targeted measures (likelihood −1)"
    ),
}
