"""Add the events of the log to counts, in the order of the log, each once.

A check is counted when it ends, under the way it chose last; until then its beginning is carried
along. What ended before it chose is counted under no way. Undetermined is no end: another way stays
open. Of a check that began before the counting did, nothing is known, and nothing is counted.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

import msgspec

from liangming.check import events
from liangming.check.ports import LeafRow
from liangming.clock import CHINA, from_micros
from liangming.device import events as devices
from liangming.device.enrol import DEVICE

NO_WAY: Final = ""
_DEVICE: Final = f"{DEVICE}_"


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """A check that has not ended."""

    operator: str
    scene: str
    outlet: str
    kind: str
    way: str = NO_WAY
    chosen_at: int = 0  # µs
    purpose: str = ""  # of a consent that stands in this check
    notice: str = ""


class Cell(msgspec.Struct, frozen=True):
    """One month at one scene by one way."""

    operator: str
    month: int  # 202611, in China
    scene: str
    outlet: str
    kind: str
    way: str


class ConsentCell(msgspec.Struct, frozen=True):
    """Consents to one purpose under one notice at one scene."""

    operator: str
    scene: str
    purpose: str
    notice: str


class Heard(msgspec.Struct, frozen=True):
    """What was heard of a device.

    Attributes:
        came: how many numbers.
        last: the highest number; what is missing below it did not come yet.
        last_at: the device's own time of its latest event, µs.
        forks: second contents of a number.
    """

    came: int = 0
    last: int = -1
    last_at: int = 0
    forks: int = 0


@dataclass(slots=True)
class Counts:
    """What is counted in a cell.

    Attributes:
        ended: checks that ended.
        passed, refused, left, expired: how.
        timed: those that passed and took a measurable time from the last choice.
        log_sum, log_squares: of the logarithm of that time in seconds.
    """

    ended: int = 0
    passed: int = 0
    refused: int = 0
    left: int = 0
    expired: int = 0
    timed: int = 0
    log_sum: float = 0.0
    log_squares: float = 0.0

    def add(self, other: Counts) -> None:
        """Put another's counts to these."""
        self.ended += other.ended
        self.passed += other.passed
        self.refused += other.refused
        self.left += other.left
        self.expired += other.expired
        self.timed += other.timed
        self.log_sum += other.log_sum
        self.log_squares += other.log_squares


_ENDS: Final = {
    events.PASSED.tag: "passed",
    events.REFUSED.tag: "refused",
    events.ABANDONED.tag: "left",
    events.EXPIRED.tag: "expired",
}
_facts = msgspec.json.Decoder(dict[str, object]).decode


@dataclass(slots=True)
class Fold:
    """The counting of a run of leaves.

    Attributes:
        begun: checks that have not ended, by id; give those that may go on in this run.
        counts: what to add to each cell.
        given: consents to add, by cell.
        over: consents that ended with their check, not withdrawn before, by cell.
        withdrawn: ids of consents that were withdrawn after their check.
        taken_back: consents withdrawn within their check, by cell.
        ended: checks of ``begun`` that ended.
        heard: what to add of each device.
    """

    begun: dict[str, Begun] = field(default_factory=dict)
    counts: defaultdict[Cell, Counts] = field(default_factory=lambda: defaultdict(Counts))
    given: defaultdict[ConsentCell, int] = field(default_factory=lambda: defaultdict(int))
    over: defaultdict[ConsentCell, int] = field(default_factory=lambda: defaultdict(int))
    taken_back: defaultdict[ConsentCell, int] = field(default_factory=lambda: defaultdict(int))
    withdrawn: list[str] = field(default_factory=list)
    ended: set[str] = field(default_factory=set)
    heard: defaultdict[str, Heard] = field(default_factory=lambda: defaultdict(Heard))

    def take(self, leaf: LeafRow) -> None:
        """One more leaf."""
        match leaf.tag:
            case events.OPENED.tag:
                self._open(leaf)
            case events.CHOSEN.tag:
                self._choose(leaf)
            case events.DECLINED.tag:
                self._decline(leaf)
            case events.CONSENT_GIVEN.tag:
                self._consent(leaf)
            case events.CONSENT_WITHDRAWN.tag:
                self._withdraw(leaf)
            case tag if tag in _ENDS:
                self._end(leaf, _ENDS[tag])
            case devices.FORKED.tag:
                device = str(_facts(leaf.facts)["device"])
                heard = self.heard[device]
                self.heard[device] = msgspec.structs.replace(heard, forks=heard.forks + 1)
            case _ if leaf.check.startswith(_DEVICE):
                heard = self.heard[leaf.check]
                self.heard[leaf.check] = Heard(
                    heard.came + 1,
                    max(heard.last, leaf.number),
                    max(heard.last_at, leaf.at),
                    heard.forks,
                )
            case _:
                pass

    def _open(self, leaf: LeafRow) -> None:
        facts = _facts(leaf.facts)
        self.begun[leaf.check] = Begun(
            operator=str(facts["operator"]),
            scene=str(facts["scene"]),
            outlet=str(facts["outlet"]),
            kind=str(facts["kind"]),
        )

    def _choose(self, leaf: LeafRow) -> None:
        begun = self.begun.get(leaf.check)
        if begun is not None:
            way = str(_facts(leaf.facts)["method"])
            self.begun[leaf.check] = msgspec.structs.replace(begun, way=way, chosen_at=leaf.at)

    def _decline(self, leaf: LeafRow) -> None:
        begun = self.begun.get(leaf.check)
        if begun is not None and begun.way == _facts(leaf.facts)["method"]:
            self.begun[leaf.check] = msgspec.structs.replace(begun, way=NO_WAY, chosen_at=0)

    def _consent(self, leaf: LeafRow) -> None:
        begun = self.begun.get(leaf.check)
        if begun is not None:
            facts = _facts(leaf.facts)
            purpose, notice = str(facts["purpose"]), str(facts["notice"])
            self.given[ConsentCell(begun.operator, begun.scene, purpose, notice)] += 1
            self.begun[leaf.check] = msgspec.structs.replace(begun, purpose=purpose, notice=notice)

    def _withdraw(self, leaf: LeafRow) -> None:
        begun = self.begun.get(leaf.check)
        if begun is None:
            self.withdrawn.append(str(_facts(leaf.facts)["consent"]))
        elif begun.purpose:
            self.taken_back[_consented(begun)] += 1
            self.begun[leaf.check] = msgspec.structs.replace(begun, purpose="", notice="")

    def _end(self, leaf: LeafRow, how: str) -> None:
        begun = self.begun.pop(leaf.check, None)
        if begun is None:
            return
        self.ended.add(leaf.check)
        if begun.purpose:
            self.over[_consented(begun)] += 1
        cell = Cell(
            begun.operator, month_of(leaf.at), begun.scene, begun.outlet, begun.kind, begun.way
        )
        counts = self.counts[cell]
        counts.ended += 1
        setattr(counts, how, getattr(counts, how) + 1)
        took = leaf.at - begun.chosen_at
        if how == "passed" and begun.way and took > 0:
            seconds = math.log(took / 1e6)
            counts.timed += 1
            counts.log_sum += seconds
            counts.log_squares += seconds * seconds


def _consented(begun: Begun) -> ConsentCell:
    return ConsentCell(begun.operator, begun.scene, begun.purpose, begun.notice)


def month_of(at: int) -> int:
    """The month in China of a moment in µs: 202611."""
    local = from_micros(at).astimezone(CHINA)
    return local.year * 100 + local.month
