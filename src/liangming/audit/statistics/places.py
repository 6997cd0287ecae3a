"""Cells folded into what the questions are asked of: places, their clerks, their stretches of time.

A *place* is one outlet for one kind of scene through one channel. Sums are exact integers and the
order of places is that of their names, so the same cells in any order, split or merged, give the
same result to the last bit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from liangming.audit.schema import CELL_KEYS, FINDING_CODES, WAYS, way_column
from liangming.audit.statistics.tails import Ints

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
    *PAIRS,
    *(
        way_column(way, deed)
        for way in WAYS
        if way != "face"
        for deed in ("offered", "down", "passed", "failed")
    ),
)  # fmt: skip
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
        by_stretch: face chosen, chosen known, and the two of ``PAIRS``: 4 × places × stretches.
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


def places(cells: pa.Table, *, findings: Iterable[str] = FINDING_CODES) -> Places:
    """Fold cells of any number of days into places.

    Args:
        cells: a table in the cells schema; columns of sums may be missing, keys may not.
        findings: the hard findings to carry along with how often they could be tested.
    """
    keys = {name: cells.column(name).combine_chunks() for name in CELL_KEYS}
    operators, operator = _ranked(keys["operator"])
    outlets, outlet = _ranked(keys["outlet"])
    clerks, clerk = _ranked(keys["clerk"])
    kind, province, channel = (_whole(keys[n]) for n in ("scene_kind", "province", "channel"))
    day = _whole(keys["day"])
    order, starts = _runs((operator, outlet, kind, province, channel, clerk))
    sorted_ = {
        "operator": operator[order], "outlet": outlet[order], "kind": kind[order],
        "province": province[order], "channel": channel[order], "clerk": clerk[order],
    }  # fmt: skip
    new_place = _changes(starts, *(v for k, v in sorted_.items() if k != "clerk"))
    new_clerk = new_place | _changes(starts, sorted_["clerk"])
    at = np.flatnonzero(new_place)
    at_clerk = np.flatnonzero(new_clerk)
    names = [*NEEDED, *findings, *(f"{code}_tested" for code in findings)]
    held = set(cells.column_names)
    sums: dict[str, Ints] = {}
    values: dict[str, Ints] = {}
    for name in names:
        if name not in held:
            continue
        column = _whole(cells.column(name).combine_chunks())[order]
        sums[name] = np.add.reduceat(column, at) if len(at) else column
        if name in ("face_chosen", "chosen_known", *PAIRS):
            values[name] = column
    chosen, known = (values.get(n, np.zeros(len(order), np.int64)) for n in _CHOSEN)
    place = np.cumsum(new_place) - 1
    per_clerk = np.zeros((2, 0), np.int64)
    if len(at_clerk):
        per_clerk = np.stack([np.add.reduceat(v, at_clerk) for v in (chosen, known)])
    named = sorted_["clerk"][at_clerk]
    there = np.array([bool(name) for name in clerks], bool)[named] if len(clerks) else named > 0
    first = int(day.min()) if len(day) else 0
    last = int(day.max()) if len(day) else 0
    named_sums = ("face_chosen", "chosen_known", *PAIRS)
    stretch = ((day[order] - first) * STRETCHES) // max(last - first + 1, 1)
    by_stretch = np.zeros((len(named_sums), len(at), STRETCHES), np.int64)
    for row, name in enumerate(named_sums):
        if name in values:
            np.add.at(by_stretch[row].reshape(-1), place * STRETCHES + stretch, values[name])
    kind_at, province_at, channel_at = (sorted_[n][at] for n in ("kind", "province", "channel"))
    family = np.unique(kind_at * 1_000 + channel_at, return_inverse=True)[1]
    cell = np.unique(family * 10_000_000 + province_at, return_inverse=True)[1]
    return Places(
        operator=[operators[i] for i in sorted_["operator"][at]],
        outlet=[outlets[i] for i in sorted_["outlet"][at]],
        scene_kind=kind_at,
        province=province_at,
        channel=channel_at,
        family=family,
        cell=cell,
        sums=sums,
        clerk=[clerks[i] for i in named[there]],
        clerk_place=place[at_clerk][there],
        clerk_chosen=per_clerk[:, there],
        by_stretch=by_stretch,
        first_day=first,
        last_day=last,
    )


_CHOSEN: Final = ("face_chosen", "chosen_known")


def _whole(column: pa.Array | pa.ChunkedArray) -> Ints:
    filled = pc.fill_null(pc.cast(column, pa.int64()), 0)
    return np.asarray(filled.to_numpy(zero_copy_only=False), np.int64)


def _ranked(column: pa.Array) -> tuple[list[str], Ints]:
    """Distinct words in their own order, and each row's rank among them."""
    if pa.types.is_dictionary(column.type):
        column = pc.cast(column, pa.string())
    coded = pc.fill_null(column, "").dictionary_encode()
    words = coded.dictionary.to_pylist()
    by_word = sorted(range(len(words)), key=words.__getitem__)
    rank = np.empty(len(words), np.int64)
    rank[by_word] = np.arange(len(words))
    return [words[i] for i in by_word], rank[np.asarray(coded.indices)]


def _runs(keys: tuple[Ints, ...]) -> tuple[Ints, Ints]:
    """An order that brings equal keys together, and a mark on its first row."""
    code = np.zeros(len(keys[0]), np.int64)
    size = 1
    for key in keys:
        low = int(key.min()) if len(key) else 0
        wide = int(key.max()) - low + 1 if len(key) else 1
        size *= wide
        if size >= _MOST_CODES:
            order = np.lexsort(keys[::-1])
            break
        code = code * wide + (key - low)
    else:
        order = np.argsort(code, kind="stable")
    return order, np.arange(len(order)) == 0


def _changes(first: Ints, *keys: Ints) -> Ints:
    changed = np.asarray(first, bool).copy()
    for key in keys:
        changed[1:] |= key[1:] != key[:-1]
    return changed
