"""Cells folded into what the questions are asked of: places, their clerks, their stretches of time.

A *place* is one outlet for one kind of scene through one channel. Sums are exact integers and the
order of places is that of their names, so the same cells in any order, split or merged, give the
same result to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from liangming.audit.schema import BANDS, CELL_KEYS, FINDING_CODES, WAYS, way_column
from liangming.audit.statistics.tails import Ints

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]

STRETCHES: Final = 12
"""Into how many stretches of equal length the days are cut, to see a sudden change."""

PAIRS: Final = ("pair_to_face", "pair_from_face")
"""People seen elsewhere before: other way there and face here, and the reverse."""

NEEDED: Final = (
    "checks", "chosen_known", "face_chosen", "face_first", "first_known", "face_chosen_first",
    "face_chosen_other", "decline_known", "declined", "declined_passed", "declined_refused",
    "declined_undetermined", "declined_abandoned", "declined_face_used", "declined_way_down",
    "kept_passed", "kept_refused", "kept_undetermined", "kept_abandoned", "kept_way_down",
    "declined_timed", "declined_ln", "declined_ln2", "kept_timed", "kept_ln", "kept_ln2",
    *PAIRS, "pair_known", "pair_face_there",
    *(f"face_{deed}_{band}" for deed in ("offered", "chosen") for band in BANDS),
    *(
        way_column(way, deed)
        for way in WAYS
        if way != "face"
        for deed in ("offered", "down", "passed", "failed")
    ),
)  # fmt: skip
_CHOSEN: Final = ("face_chosen", "chosen_known")
STRETCHED: Final = (*_CHOSEN, *PAIRS)
"""What is also told apart by time."""

_PLACE: Final = ("operator", "outlet", "scene_kind", "province", "channel")
_KEYS: Final = [*_PLACE, "clerk"]
_MOST_CODES: Final = 1 << 62


@dataclass(frozen=True, slots=True)
class Places:
    """Everything that the questions read; arrays in the order of the places.

    Attributes:
        operator: by place.
        outlet: by place.
        scene_kind: code, by place.
        province: six digits or 0, by place.
        channel: code, by place.
        family: what is comparable at all: kind of scene × channel.
        cell: family × province.
        sums: every needed sum; a column that no file had is absent.
        clerk: names of clerks, by row of the two below.
        clerk_place: place of each clerk.
        clerk_chosen: face chosen, chosen known, by clerk.
        by_stretch: the sums of ``STRETCHED``: 4 × places × stretches.
        first_day: of the cells, as days since 1970.
        last_day: of the cells.
    """

    operator: list[str]
    outlet: list[str]
    scene_kind: Ints
    province: Ints
    channel: Ints
    family: Ints
    cell: Ints
    sums: dict[str, Ints]
    clerk: list[str] = field(default_factory=list)
    clerk_place: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    clerk_chosen: Ints = field(default_factory=lambda: np.zeros((2, 0), np.int64))
    by_stretch: Ints = field(default_factory=lambda: np.zeros((4, 0, STRETCHES), np.int64))
    first_day: int = 0
    last_day: int = 0

    def __len__(self) -> int:
        return len(self.scene_kind)

    def get(self, name: str) -> Ints:
        """A sum by place; zeros where no file had the column."""
        held = self.sums.get(name)
        return np.zeros(len(self), np.int64) if held is None else held


def stretch_of(day: Ints, first: int, last: int) -> Ints:
    """The stretch that each day lies in."""
    found: Ints = (day - first) * STRETCHES // max(last - first + 1, 1)
    return found


@dataclass(frozen=True, slots=True)
class ByTime:
    """Cells by stretch of time.

    Attributes:
        first_day: of all, as days since 1970.
        last_day: of all.
        parts: a stretch, and its cells with the sums of :data:`STRETCHED`.
    """

    first_day: int
    last_day: int
    parts: Sequence[tuple[int, pa.Table]]

    @classmethod
    def of(cls, cells: pa.Table) -> ByTime:
        """Cells with their days, parted."""
        day = _whole(cells["day"])
        if not len(day):
            return cls(0, 0, ())
        first, last = int(day.min()), int(day.max())
        stretch = stretch_of(day, first, last)
        names = [name for name in (*_KEYS, *STRETCHED) if name in cells.column_names]
        cells = cells.select(names)  # a part need not hold what nobody asks of it
        parts = [(n, cells.filter(pa.array(stretch == n))) for n in np.unique(stretch).tolist()]
        return cls(first, last, parts)


def places(
    cells: pa.Table,
    *,
    by_time: ByTime | None = None,
    findings: Iterable[str] = FINDING_CODES,
) -> Places:
    """Fold cells of any number of days into places.

    Args:
        cells: a table in the cells schema; columns of sums may be missing, keys may not.
        by_time: the same cells by stretch of time; ``cells`` need then have no day, and a year is
            folded without holding every sum of every day.
        findings: the hard findings to carry along with how often they could be tested.
    """
    rows = _sorted(cells, tuple(_KEYS))
    at, at_clerk = rows.first_of(_PLACE), rows.first_of(_KEYS)
    place = np.cumsum(at) - 1
    wanted = [*NEEDED, *findings, *(f"{code}_tested" for code in findings)]
    sums = {name: rows.added(cells, name, at) for name in wanted if name in cells.column_names}
    nothing = np.zeros(int(at_clerk.sum()), np.int64)
    chosen = [
        rows.added(cells, name, at_clerk) if name in cells.column_names else nothing
        for name in _CHOSEN
    ]
    named = rows.ranks["clerk"][at_clerk]
    clerks = rows.words["clerk"]
    there = np.array([bool(name) for name in clerks], bool)[named] if len(clerks) else named > 0
    time = ByTime.of(cells) if by_time is None else by_time
    kind, province, channel = (rows.ranks[n][at] for n in ("scene_kind", "province", "channel"))
    family = np.unique(kind * 1_000 + channel, return_inverse=True)[1]
    cell = np.unique(family * 10_000_000 + province, return_inverse=True)[1]
    operators, outlets = rows.words["operator"], rows.words["outlet"]
    return Places(
        operator=[operators[i] for i in rows.ranks["operator"][at]],
        outlet=[outlets[i] for i in rows.ranks["outlet"][at]],
        scene_kind=kind,
        province=province,
        channel=channel,
        family=family,
        cell=cell,
        sums=sums,
        clerk=[clerks[i] for i in named[there]],
        clerk_place=place[at_clerk][there],
        clerk_chosen=np.stack(chosen)[:, there],
        by_stretch=_stretched(cells, rows, at, time),
        first_day=time.first_day,
        last_day=time.last_day,
    )


def _stretched(cells: pa.Table, rows: _Rows, at: Mask, time: ByTime) -> Ints:
    """The sums of :data:`STRETCHED` by place and stretch."""
    found = np.zeros((len(STRETCHED), int(at.sum()), STRETCHES), np.int64)
    keys = cells.select(_KEYS)
    for stretch, part in time.parts:
        if not part.num_rows:
            continue
        if part.select(_KEYS).equals(keys):  # the same places in the same order, as in most fleets
            for row, name in enumerate(STRETCHED):
                if name in part.column_names:
                    found[row, :, stretch] += rows.added(part, name, at)
            continue
        place = _placed(keys, part)
        for row, name in enumerate(STRETCHED):
            if name in part.column_names:
                np.add.at(found[row, :, stretch], place, _whole(part[name]))
    return found


def _placed(keys: pa.Table, part: pa.Table) -> Ints:
    """The number of the place of each row of a part; all its places are among the keys."""
    both = pa.concat_tables([keys, part.select(_KEYS)])
    rows = _sorted(both, _PLACE)
    number = np.empty(len(rows.order), np.int64)
    number[rows.order] = np.cumsum(rows.first_of(_PLACE)) - 1
    return number[keys.num_rows :]


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows in the order of their places.

    Attributes:
        order: of the rows as they came.
        words: distinct texts of each key that is one, in their own order.
        ranks: each key by row, in the new order; a text by its rank.
        ordered: whether the rows came in that order.
    """

    order: Ints
    words: dict[str, list[str]]
    ranks: dict[str, Ints]
    ordered: bool

    def first_of(self, keys: Iterable[str]) -> Mask:
        """A mark on the first row of each different place."""
        changed: Mask = np.arange(len(self.order)) == 0
        for name in keys:
            changed[1:] |= self.ranks[name][1:] != self.ranks[name][:-1]
        return changed

    def added(self, cells: pa.Table, name: str, first: Mask) -> Ints:
        """One sum, over the rows from each mark to the next."""
        column = _whole(cells[name])
        if not self.ordered:
            column = column[self.order]
        found: Ints = np.add.reduceat(column, np.flatnonzero(first)) if len(first) else column
        return found


def _sorted(cells: pa.Table, names: tuple[str, ...]) -> _Rows:
    words: dict[str, list[str]] = {}
    keys: dict[str, Ints] = {}
    for name in names:
        if CELL_KEYS[name] == "string":
            words[name], keys[name] = _ranked(cells[name].combine_chunks())
        else:
            keys[name] = _whole(cells[name])
    order = _order(tuple(keys.values()))
    if order is None:
        return _Rows(np.arange(len(cells)), words, keys, ordered=True)
    return _Rows(order, words, {name: key[order] for name, key in keys.items()}, ordered=False)


def _whole(column: pa.Array | pa.ChunkedArray) -> Ints:
    filled = pc.fill_null(pc.cast(column, pa.int64()), 0)
    return np.asarray(filled.to_numpy(zero_copy_only=False), np.int64)


def _ranked(column: pa.Array) -> tuple[list[str], Ints]:
    """Distinct words in their own order, and each row's rank among them.

    Words that a dictionary holds are looked at once each, not once for every row.
    """
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    words = pc.fill_null(pc.cast(column.dictionary, pa.string()), "")
    if column.null_count or column.dictionary.null_count:
        words = pa.concat_arrays([words, pa.array([""])])
    known = words.unique()
    known = known.take(pc.array_sort_indices(known))  # by bytes: the order of their characters
    rank = np.asarray(pc.index_in(words, known), np.int64)
    row = pc.fill_null(column.indices, len(words) - 1)
    return known.to_pylist(), rank[np.asarray(row)]


def _order(keys: tuple[Ints, ...]) -> Ints | None:
    """An order that brings equal keys together, the first key first; none where they are so."""
    code = np.zeros(len(keys[0]), np.int64)
    size = 1
    for key in keys:
        low = int(key.min()) if len(key) else 0
        wide = int(key.max()) - low + 1 if len(key) else 1
        size *= wide
        if size >= _MOST_CODES:
            return np.lexsort(keys[::-1])
        code = code * wide + (key - low)
    if (code[1:] >= code[:-1]).all():
        return None
    return np.argsort(code, kind="stable")
