"""Which wording is in force at a moment: one function, and the shelf it reads.

An operator approves a wording by two people, for a day that has not begun (``governance.notices``).
From that day's midnight in China until the next approved one takes over, it is in force. Of a family
in which nothing was approved yet, the newest wording of the release is in force, and a duty says so:
a later release never replaces what two people approved.

A check keeps the wording that was in force when it opened. Only where purpose, method or type of
data changed since (not a mere wording), a consent from before does not count, and the person is
asked anew.

Law: pipl.14 (a change of purpose, method or type asks for consent anew), pipl.17
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

import msgspec

from liangming.notice.wording import Wording, families


class Change(enum.StrEnum):
    """What a new version changes beside the version before it."""

    FIRST = "first"  # 首个版本
    WORDING = "wording"  # 只改文字，意思不变
    PURPOSE = "purpose"  # 处理目的变了
    METHOD = "method"  # 处理方式变了
    TYPE = "type"  # 信息种类变了


MATERIAL: Final = frozenset({Change.PURPOSE, Change.METHOD, Change.TYPE})
"""After these a consent that was given before does not count."""


class Edition(msgspec.Struct, frozen=True, kw_only=True):
    """An approved wording.

    Attributes:
        operator: whose; each operator approves its own.
        since: midnight in China of the day on which it takes effect.
        approved_at: when the second person approved.
    """

    operator: str
    wording: Wording
    change: Change
    since: datetime
    approved_at: datetime


def in_force(editions: Iterable[Edition], at: datetime) -> Edition | None:
    """The edition in force at a moment, of one operator and family; None before the first."""
    begun = [edition for edition in editions if edition.since <= at]
    return max(begun, key=lambda e: (e.since, e.wording.version), default=None)


class Shelf:
    """The approved editions of a house, replaced whole when one is approved. Reading never waits."""

    def __init__(self, editions: Iterable[Edition] = ()) -> None:
        self._editions: dict[tuple[str, str], tuple[Edition, ...]] = {}
        self.put(editions)

    def put(self, editions: Iterable[Edition]) -> None:
        """Replace everything."""
        made: dict[tuple[str, str], tuple[Edition, ...]] = {}
        for edition in editions:
            key = (edition.operator, edition.wording.family)
            made[key] = (*made.get(key, ()), edition)
        self._editions = made

    def of(self, operator: str, family: str) -> Sequence[Edition]:
        """The approved editions of a family."""
        return self._editions.get((operator, family), ())

    def edition(self, operator: str, family: str, at: datetime) -> Edition | None:
        """The approved edition in force, or None where the release's wording is."""
        return in_force(self.of(operator, family), at)

    def wording(self, operator: str, family: str, at: datetime) -> Wording | None:
        """The wording in force; None for a family that is not on file."""
        edition = self.edition(operator, family, at)
        return families().get(family) if edition is None else edition.wording

    def wordings(self, operator: str, family: str) -> list[Wording]:
        """Every wording that may have been shown: the release's newest, and all approved ones."""
        newest = families().get(family)
        released = {} if newest is None else {newest.version: newest}
        approved = {e.wording.version: e.wording for e in self.of(operator, family)}
        return list({**released, **approved}.values())

    def matters(self, operator: str, family: str, told: datetime, now: datetime) -> bool:
        """Whether purpose, method or type changed after a person was told and until now."""
        return any(
            told < edition.since <= now and edition.change in MATERIAL
            for edition in self.of(operator, family)
        )
