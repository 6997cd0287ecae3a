"""Unequal channels: the same duty of one operator asks for another thing at another kind of place.

No single row shows it, and peers do not either: the shares of all checks of an operator are laid side
by side, by kind of scene and channel. What nearly everybody meets here and nearly nobody there is
told with its numbers. A written reason clears it (the scene file has a place for one).

Law: pipl.5, pipl.6 (that a difference between channels needs its reason in writing is our own, I10)
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import pyarrow as pa

from liangming.audit.schema import CHANNELS, SCENE_KINDS, way_column
from liangming.law.words import SceneKind
from liangming.scene.kinds import KINDS

FEWEST: Final = 500
"""Checks that each side needs."""
MANY: Final = 0.9
FEW: Final = 0.1
ARTICLES: Final = ("pipl.5", "pipl.6")

ASPECTS: Final = {
    "face": ("提供刷脸", "the face is offered"),
    "document": ("可以出示证件", "a document may be shown"),
    "network-credential": ("可以用网络身份凭证", "the network credential may be used"),
    "pickup-code": ("可以用取件码", "the pick-up code may be used"),
    "phone": ("强制提供手机号", "a phone number is forced"),
    "again": ("已登记者被再次采集", "registered senders' data are collected again"),
}
"""What is compared, in Chinese and English."""

_OFFERED: Final = {
    "face": ("face",),
    "document": ("document.seen", "document.read"),  # the same demand by another tool
    "network-credential": ("network-credential",),
    "pickup-code": ("pickup-code",),
}
_SHOWN: Final = {"phone": "v28", "again": "again"}
SUMS: Final = (
    "ways_known",
    *(way_column(way, "offered") for ways in _OFFERED.values() for way in ways),
    *(name for code in _SHOWN.values() for name in (code, f"{code}_tested")),
)
"""The sums of a cell that are read."""


@dataclass(frozen=True, slots=True)
class Side:
    """One kind of place.

    Attributes:
        scene_kind: code.
        channel: code.
        k: checks in which it was so.
        n: checks that can tell.
    """

    scene_kind: int
    channel: int
    k: int
    n: int

    @property
    def share(self) -> float:
        """Of the checks."""
        return self.k / self.n


@dataclass(frozen=True, slots=True)
class Unequal:
    """One demand that an operator makes at one kind of place and not at another.

    Attributes:
        operator: whose.
        duty: which.
        aspect: what; a key of :data:`ASPECTS`.
        here: where nearly everybody meets it.
        there: where nearly nobody does.
    """

    operator: str
    duty: str
    aspect: str
    here: Side
    there: Side


def unequal(cells: pa.Table) -> tuple[Unequal, ...]:
    """Every difference between two kinds of place of one operator that carry the same duty.

    Args:
        cells: with the keys of a cell and :data:`SUMS`; a column that is missing is not compared.
    """
    found = []
    for (operator, duty), sides in sorted(_by_duty(cells).items()):
        for aspect in ASPECTS:
            told = [side for side in (_side(row, aspect) for row in sides) if side is not None]
            for one, other in combinations(told, 2):
                here, there = (one, other) if one.share > other.share else (other, one)
                if here.share >= MANY and there.share <= FEW:
                    found.append(Unequal(operator, duty, aspect, here, there))
    return tuple(found)


Row = dict[str, int]


def _by_duty(cells: pa.Table) -> dict[tuple[str, str], list[Row]]:
    there = [name for name in SUMS if name in cells.column_names]
    keys = ["operator", "scene_kind", "channel"]
    added = cells.group_by(keys).aggregate([(name, "sum") for name in there])
    names = {f"{name}_sum": name for name in there}
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in added.sort_by([(key, "ascending") for key in keys]).to_pylist():
        duty = _duty(row["scene_kind"])
        if duty:
            said = {names.get(name, name): value for name, value in row.items()}
            groups[said.pop("operator"), duty].append(said)
    return groups


def _side(row: Row, aspect: str) -> Side | None:
    code = _SHOWN.get(aspect)
    if code is not None:
        k, n = row.get(code, 0), row.get(f"{code}_tested", 0)
    else:
        k = max(row.get(way_column(way, "offered"), 0) for way in _OFFERED[aspect])
        n = row.get("ways_known", 0)
    return Side(row["scene_kind"], row["channel"], k, n) if n >= FEWEST else None


def _duty(code: int) -> str:
    if not 0 <= code < len(SCENE_KINDS) or SCENE_KINDS[code] not in set(SceneKind):
        return ""
    return KINDS[SceneKind(SCENE_KINDS[code])].duty


def rows(found: tuple[Unequal, ...]) -> Iterator[dict[str, object]]:
    """The same as rows of the table of findings, without its version."""
    for one in found:
        yield {
            "standing": "unequal-channels", "question": one.aspect, "operator": one.operator,
            "scene_kind": SCENE_KINDS[one.here.scene_kind], "channel": CHANNELS[one.here.channel],
            "seen": one.here.share, "usual": one.there.share, "k": one.here.k, "n": one.here.n,
        }  # fmt: skip
