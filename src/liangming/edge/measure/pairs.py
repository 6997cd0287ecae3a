"""Matching errors of pairs of pictures: FMR and FNMR, each case apart, and how far pairs hang together.

Clopper–Pearson takes pairs for independent; pairs that share a picture are not. So beside the exact
interval stands a cautious one: as if there were only as many pairs as the pictures could make without
using one twice. With no error seen its upper end is about three (3.7 for both sides) divided by that
number: the rule of three.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, NamedTuple

import cv2
import msgspec

from liangming.edge.face import match
from liangming.edge.face.ports import Vector
from liangming.edge.measure.intervals import Share, share
from liangming.edge.measure.table import FOLDER_UNFIT, inside, once, rows_of
from liangming.edge.models.engine import Engine
from liangming.errors import Misuse

REMEMBERED: Final = 20_000  # pictures: some 10 MB
EVERY: Final = 100  # pairs between two words of progress


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of pair, such as a card's photo against a dim frame.

    Attributes:
        name: as the table says it; empty where it says nothing.
        cautious_false_matches: with pairs that share no picture, as many as there could be.
        unusable: pairs without a face that was found: in neither rate.
        unreadable: pairs with a file that is no picture: in neither rate.
        identical: pairs whose two files are the same bytes, which prove nothing: in neither rate.
        pictures: different ones among the pairs that counted.
    """

    name: str
    false_matches: Share
    false_non_matches: Share
    cautious_false_matches: Share
    cautious_false_non_matches: Share
    unusable: int
    unreadable: int
    identical: int
    pictures: int


class Pairs(msgspec.Struct, frozen=True, kw_only=True):
    """All cases together, and each apart, the one with most false non-matches first."""

    all: Case
    cases: tuple[Case, ...]
    threshold: str  # metric and value, as the model's card states it


@dataclass
class _Count:
    total: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    wrong: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    pictures: dict[bool, set[str]] = field(default_factory=lambda: {True: set(), False: set()})
    unusable: int = 0
    unreadable: int = 0
    identical: int = 0

    def add(self, *, same: bool, matched: bool, pictures: tuple[str, str]) -> None:
        self.total[same] += 1
        self.wrong[same] += matched is not same
        self.pictures[same].update(pictures)

    def case(self, name: str) -> Case:
        return Case(
            name=name,
            false_matches=share(self.wrong[False], self.total[False]),
            false_non_matches=share(self.wrong[True], self.total[True]),
            cautious_false_matches=self._cautious(same=False),
            cautious_false_non_matches=self._cautious(same=True),
            unusable=self.unusable,
            unreadable=self.unreadable,
            identical=self.identical,
            pictures=len(self.pictures[True] | self.pictures[False]),
        )

    def _cautious(self, *, same: bool) -> Share:
        total, wrong = self.total[same], self.wrong[same]
        apart = min(total, max(1, len(self.pictures[same]) // 2)) if total else 0
        # Rounded up: an error seen is never counted away.
        return share(-(-wrong * apart // total) if total else 0, apart)


def measured(path: Path, engine: Engine, say: Callable[[str], None]) -> Pairs:
    """Compare every pair of the table.

    Raises:
        Misuse: ``edge.folder-unfit``, ``edge.folder-row-twice`` with file and line,
            ``edge.folder-empty``; all before the first pair is looked at.
    """
    every, cases = _Count(), dict[str, _Count]()
    pictures = _Pictures(engine)
    rows = list(pairs_of(path))
    for done, pair in enumerate(rows, 1):
        counts = (every, cases.setdefault(pair.case, _Count()))
        matched = _matched(pair, pictures, engine)
        if done % EVERY == 0:
            say(f"{done}/{len(rows)} 对 pairs")
        for count in counts:
            if isinstance(matched, bool):
                files = (str(pair.one), str(pair.other))
                count.add(same=pair.same, matched=matched, pictures=files)
            else:
                setattr(count, matched, getattr(count, matched) + 1)
    told = [count.case(name) for name, count in cases.items()]
    told.sort(key=lambda case: (-case.false_non_matches.high, case.name))
    bound = engine.threshold
    return Pairs(
        all=every.case(""),
        cases=tuple(told) if set(cases) - {""} else (),
        threshold=f"{bound.metric} {bound.at}",
    )


class Pair(NamedTuple):
    """A row of the table."""

    one: Path
    other: Path
    same: bool
    case: str


def pairs_of(path: Path) -> Iterator[Pair]:
    """The rows of ``pairs.csv``; a pair may stand once, in either order, with one label."""
    before: set[object] = set()
    for line, row in rows_of(path, ("one", "other", "same"), ("case",)):
        if row["same"] not in {"0", "1"}:
            raise Misuse(FOLDER_UNFIT, field=f"{path.name}:{line}")
        one, other = (inside(path, row[name], line) for name in ("one", "other"))
        once(path, line, (frozenset((one, other)), row["case"]), before)
        yield Pair(one, other, row["same"] == "1", row["case"])


class _Seen(NamedTuple):
    """What is remembered of a picture: no pixels."""

    digest: bytes
    vector: Vector | None  # None: no face was found


class _Pictures:
    """Looks at each picture once, however many pairs it stands in; the oldest are forgotten."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: OrderedDict[Path, _Seen | None] = OrderedDict()

    def seen(self, path: Path) -> _Seen | None:
        """What it showed; None: it is no picture."""
        if path not in self._known:
            self._known[path] = self._look(path)
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return self._known[path]

    def _look(self, path: Path) -> _Seen | None:
        pixels = cv2.imread(str(path))
        if pixels is None:
            return None
        digest = hashlib.sha256(repr(pixels.shape).encode() + pixels.tobytes()).digest()
        faces = self._engine.finder.find(pixels)
        return _Seen(digest, self._engine.embedder.embed(pixels, faces[0]) if faces else None)


def _matched(
    pair: Pair, pictures: _Pictures, engine: Engine
) -> bool | Literal["unusable", "unreadable", "identical"]:
    one, other = pictures.seen(pair.one), pictures.seen(pair.other)
    if one is None or other is None:
        return "unreadable"
    if one.digest == other.digest:  # a copy of a picture matches whatever the model is worth
        return "identical"
    if one.vector is None or other.vector is None:
        return "unusable"
    return match.same(one.vector, other.vector, engine.threshold)
