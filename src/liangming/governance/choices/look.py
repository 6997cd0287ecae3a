"""One row for each scene: shares, times and completion by way, and what stands out, in words.

Never shown: a cell of fewer than :data:`FLOOR` checks. Small ways of a scene are put together, and
where even together they are few, the next larger joins them (the face last, for it is what is
looked at), so that nothing follows by subtraction. Where all but a few took one way, that way is shown as *more than* a share, or the
outlets that matter most would be hidden. A scene with fewer checks in all shows nothing. None of
this is cover against somebody who looks twice and knows who came in between.

What stands out is asked of a whole operator at once, so the level holds over all questions
together. A margin that matters is asked besides: with enough checks every difference is certain.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from liangming.governance.choices.fold import NO_WAY, Cell, Counts
from liangming.governance.choices.intervals import (
    Interval,
    difference,
    geometric,
    ratio,
    wilson,
    z_of,
)
from liangming.law.words import Method
from liangming.scene.model import Text

FLOOR: Final = 20  # checks: fewer are never shown
OTHERS: Final = "others"
"""Ways of a scene that few people took, together."""
_PEERS: Final = 200  # checks elsewhere, to compare with
_SHARE: Final = 0.10  # points above the others
_NEARLY_ALL: Final = 0.90
_SLOWER: Final = 1.25
_FEWER: Final = 0.05


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One way of a scene as it may be shown.

    Attributes:
        way: a method, :data:`OTHERS`, or empty for those who left before they chose.
        ways: how many ways are in it.
        ended: checks; None where only a bound is shown.
        share: of all checks of the scene.
        at_least: the share is at least this; the few others are not shown.
        time: seconds from the choice to the end of those that passed; None where too few.
        completion: passed, of those that ended.
    """

    way: str
    ways: int
    ended: int | None
    share: Interval
    time: Interval | None
    completion: Interval | None
    at_least: bool = False


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One scene.

    Attributes:
        ended: checks in all; None when fewer than :data:`FLOOR`.
        ways: largest first; empty when there are too few to show.
        face: share of the face; None where none is shown.
        stands_out: what, in words; empty when nothing does.
    """

    scene: str
    outlet: str
    kind: str
    ended: int | None
    ways: tuple[Shown, ...]
    face: Interval | None = None
    stands_out: tuple[Text, ...] = ()


@dataclass(slots=True)
class _Scene:
    outlet: str
    kind: str
    ways: dict[str, Counts]

    @property
    def ended(self) -> int:
        return sum(counts.ended for counts in self.ways.values())

    @property
    def chose(self) -> int:
        return sum(counts.ended for way, counts in self.ways.items() if way != NO_WAY)


def rows_of(cells: Iterable[tuple[Cell, Counts]]) -> list[Row]:
    """Rows of one operator, in the order of scenes' ids.

    Args:
        cells: of the months that are looked at.
    """
    scenes: dict[str, _Scene] = {}
    for cell, counts in cells:
        scene = scenes.get(cell.scene)
        if scene is None:
            scene = scenes[cell.scene] = _Scene(cell.outlet, cell.kind, {})
        scene.ways.setdefault(cell.way, Counts()).add(counts)
    peers = _peers(scenes.values())
    asked = 3 * sum(1 for scene in scenes.values() if _has_face(scene))
    z = z_of(asked)
    return [_row(name, scenes[name], peers, z) for name in sorted(scenes)]


def _peers(scenes: Iterable[_Scene]) -> Mapping[str, tuple[int, int]]:
    """By kind: how many chose a face and how many chose, where a face is among the ways."""
    found: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for scene in scenes:
        if _has_face(scene):
            face, chose = found[scene.kind]
            found[scene.kind] = (face + _face(scene).ended, chose + scene.chose)
    return found


def _row(name: str, scene: _Scene, peers: Mapping[str, tuple[int, int]], z: float) -> Row:
    if scene.ended < FLOOR:
        return Row(scene=name, outlet=scene.outlet, kind=scene.kind, ended=None, ways=())
    ways = _shown(scene)
    face = next((each.share for each in ways if each.way == Method.FACE), None)
    return Row(
        scene=name,
        outlet=scene.outlet,
        kind=scene.kind,
        ended=scene.ended,
        ways=ways,
        face=face,
        stands_out=_words(scene, peers, z) if face is not None else (),
    )


def _shown(scene: _Scene) -> tuple[Shown, ...]:
    order = sorted(scene.ways.items(), key=lambda each: (-each[1].ended, each[0]))
    large = [each for each in order if each[1].ended >= FLOOR]
    small = [each for each in order if 0 < each[1].ended < FLOOR]
    while small and sum(counts.ended for _, counts in small) < FLOOR:
        if len(large) == 1:
            return (_nearly(*large[0], scene.ended),)
        joins = max(n for n, (way, _) in enumerate(large) if way != Method.FACE)
        small.append(large.pop(joins))
    told = [_way(way, 1, counts, scene.ended) for way, counts in large]
    if small:
        together = Counts()
        for _, counts in small:
            together.add(counts)
        told.append(_way(OTHERS, len(small), together, scene.ended))
    return tuple(told)


def _way(way: str, ways: int, counts: Counts, total: int) -> Shown:
    timed = counts.timed >= FLOOR
    return Shown(
        way=way,
        ways=ways,
        ended=counts.ended,
        share=wilson(counts.ended, total),
        time=geometric(counts.timed, counts.log_sum, counts.log_squares) if timed else None,
        completion=wilson(counts.passed, counts.ended) if way != NO_WAY else None,
    )


def _nearly(way: str, counts: Counts, total: int) -> Shown:
    bound = 1.0 - FLOOR / total
    share = Interval(bound, bound, 1.0)
    return msgspec.structs.replace(
        _way(way, 1, counts, total), ended=None, share=share, at_least=True
    )


def _words(scene: _Scene, peers: Mapping[str, tuple[int, int]], z: float) -> tuple[Text, ...]:
    """What stands out about the face at a scene.

    1 more of a face than elsewhere · 2 the other ways take longer · 3 and are completed less often
    """
    face, rest = _face(scene), _rest(scene)
    said: list[Text] = []
    few = 0 < scene.chose - face.ended < FLOOR
    told = Text(_percent(face.ended / scene.chose), _percent(face.ended / scene.chose))
    if few:
        bound = _percent(1.0 - FLOOR / scene.chose)
        told = Text(f"{bound} 以上", f"more than {bound}")
    share = wilson(face.ended, scene.chose, z)
    all_face, all_chose = peers[scene.kind]
    others = (all_face - face.ended, all_chose - scene.chose)
    usual = others[0] / others[1] if others[1] >= _PEERS else None
    if usual is not None and share.low > usual + _SHARE:  # 1
        said.append(
            Text(
                f"刷脸占 {told.zh}，同类场景其他网点合计 {_percent(usual)}",
                f"A face in {told.en}; in other outlets of this kind {_percent(usual)}",
            )
        )
    elif share.low > _NEARLY_ALL:
        said.append(
            Text(
                f"几乎所有人都刷脸：{told.zh}",
                f"Nearly everybody uses a face: {told.en}",
            )
        )
    if min(face.timed, rest.timed) >= FLOOR:
        longer = ratio(_times(rest), _times(face), z)
        if longer is not None and longer.low > _SLOWER:  # 2
            said.append(
                Text(
                    f"其他方式用时是刷脸的 {longer.at:.1f} 倍",
                    f"The other ways take {longer.at:.1f} times as long as a face",
                )
            )
    if rest.ended >= FLOOR:
        gap = difference(face.passed, face.ended, rest.passed, rest.ended, z)
        if gap.low > _FEWER:  # 3
            said.append(
                Text(
                    f"选其他方式的人办成的比刷脸少 {gap.at * 100:.0f} 个百分点",
                    f"Of those who choose another way {gap.at * 100:.0f} points fewer get through",
                )
            )
    return tuple(said)


def _has_face(scene: _Scene) -> bool:
    return scene.ways.get(Method.FACE, Counts()).ended >= FLOOR


def _face(scene: _Scene) -> Counts:
    return scene.ways[Method.FACE]


def _rest(scene: _Scene) -> Counts:
    rest = Counts()
    for way, counts in scene.ways.items():
        if way not in {NO_WAY, Method.FACE}:
            rest.add(counts)
    return rest


def _times(counts: Counts) -> tuple[int, float, float]:
    return counts.timed, counts.log_sum, counts.log_squares


def _percent(share: float) -> str:
    return f"{share * 100:.0f}%"
