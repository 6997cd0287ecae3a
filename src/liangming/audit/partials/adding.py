"""Part files added up, with bounded memory: some millions of rows at a time.

A sum that is 0 in every row of a part is left out of its file; what is absent is 0.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from liangming.audit.at_hand import keep_at_hand
from liangming.audit.partials.cell_file import PLACE, Cells
from liangming.audit.partials.cell_file import keys as keys_of
from liangming.audit.schema import CELL_KEYS

AT_ONCE: Final = 2_000_000
"""Rows that are read before they are added up."""


def add_up(
    parts: Iterable[Cells],
    keys: Sequence[str],
    sums: Sequence[str],
    *,
    apart: bool = False,
    one: bool = False,
) -> pa.Table:
    """Some cells, added over what is not among the keys.

    Parts with the same places, as of the days of one fleet, are added column by column; others are
    grouped.

    Args:
        parts: one after another; none is looked at again once the next is asked for.
        keys: what is told apart.
        sums: what is added.
        apart: whether no two rows of all the parts have the same keys; nothing is added then.
        one: whether there is one part only, which need not be added in narrow numbers.
    """
    keep_at_hand()
    each = set(keys) >= set(PLACE)
    stacks = _stacked(parts, keys, frozenset(sums), one=one)
    some = list(islice(stacks, 2))
    if each and len(some) == 1:
        return some[0].whole(keys, sums)
    tables = (stack.table(keys) for stack in chain(some, stacks))
    return gathered(tables, keys, sums, apart=apart, each=each)


def gathered(
    tables: Iterable[pa.Table],
    keys: Sequence[str],
    sums: Sequence[str],
    *,
    apart: bool = False,
    each: bool = True,
) -> pa.Table:
    """Some tables added over what is not among the keys, as they come.

    Args:
        tables: one after another.
        keys: what is told apart.
        sums: what is added; an absent one is 0.
        apart: whether no two rows of all the tables have the same keys.
        each: whether no two rows of one table have the same keys.
    """
    held: list[pa.Table] = []
    rows = 0
    for table in tables:
        held.append(table)
        rows += table.num_rows
        if rows >= AT_ONCE and not apart:
            held, rows = [added(held, keys, sums)], 0
    if held and (apart or (each and len(held) == 1)):
        return _filled(pa.concat_tables(held, promote_options="default"), keys, sums)
    return added(held, keys, sums)


def _stacked(
    parts: Iterable[Cells], keys: Sequence[str], wanted: frozenset[str], *, one: bool
) -> Iterator[_Stack]:
    stack: _Stack | None = None
    for part in parts:
        if stack is not None and stack.takes(part, by_day="day" in keys):
            stack.add(part)
            continue
        if stack is not None:
            yield stack
        stack = _Stack(part, wanted, one=one)
    if stack is not None:
        yield stack


class _Stack:
    """Parts of the same places, column on column.

    Columns that stand alike are added together, in numbers of the next width, and a column at a time
    in 64 bits only when that may overflow or the next part has other columns.

    Args:
        part: the first of them.
        wanted: the sums that are added.
        one: whether no other comes.
    """

    def __init__(self, part: Cells, wanted: frozenset[str], *, one: bool = False) -> None:
        self._day = part.day
        self._places = bytes(part.places)
        self._keys = keys_of(self._places)
        self._wanted = wanted
        self._wider = dict.fromkeys(_WIDER, np.int64) if one else _WIDER
        self._whole: dict[tuple[str, ...], NDArray[np.int64]] = {}
        self._parts = 0
        self._start(part)

    def takes(self, part: Cells, *, by_day: bool) -> bool:
        """Whether a part has the same places, and days need not be told apart."""
        return bytes(part.places) == self._places and not (by_day and self._day != part.day)

    def add(self, part: Cells) -> None:
        """Put one more part on top."""
        if self._parts == _PARTS or part.sums != self._sums:
            self._settle()
            self._start(part)
            return
        for total, some, block in zip(self._totals, self._some, part.blocks, strict=True):
            np.add(total, block if some is None else block[some], out=total)
        self._parts += 1

    def table(self, keys: Sequence[str]) -> pa.Table:
        """All of them added, with some keys, and the sums that are not 0 in every row."""
        return pa.table({**self._places_of(keys), **self._found()})

    def whole(self, keys: Sequence[str], sums: Sequence[str]) -> pa.Table:
        """All of them added, with some keys and all of some sums; what is the same stands once."""
        found = self._found()
        nothing = np.zeros(self._keys.num_rows, np.int64)
        arrays: dict[int, pa.Array] = {}
        columns = list(self._places_of(keys).values())
        for name in sums:
            values = found.get(name, nothing)
            if id(values) not in arrays:
                arrays[id(values)] = pa.array(values)
            columns.append(arrays[id(values)])
        return pa.Table.from_arrays(columns, names=[*keys, *sums])

    def _found(self) -> dict[str, NDArray[np.int64]]:
        """The sums by name."""
        self._settle()
        found: dict[str, NDArray[np.int64]] = {}
        for names, values in self._whole.items():
            for name in names:  # which sums are the same may differ from day to day
                found[name] = found[name] + values if name in found else values
        return found

    def _places_of(self, keys: Sequence[str]) -> dict[str, pa.Array | pa.ChunkedArray]:
        day = pa.array(np.full(self._keys.num_rows if "day" in keys else 0, self._day, np.int32))
        return {name: day if name == "day" else self._keys[name] for name in keys}

    def _start(self, part: Cells) -> None:
        self._sums = part.sums
        self._parts = 1
        self._names: list[list[tuple[str, ...]]] = []
        self._some: list[list[int] | None] = []
        self._totals: list[NDArray[Any]] = []
        columns = iter(part.sums)
        for block in part.blocks:
            kept = [
                (at, some)
                for at, column in enumerate(islice(columns, len(block)))
                if (some := tuple(name for name in column.names if name in self._wanted))
            ]
            rows = None if len(kept) == len(block) else [at for at, _ in kept]
            self._names.append([names for _, names in kept])
            self._some.append(rows)
            wider = self._wider[block.dtype.itemsize]
            self._totals.append((block if rows is None else block[rows]).astype(wider))

    def _settle(self) -> None:
        for names, total in zip(self._names, self._totals, strict=True):
            for some, values in zip(names, total.astype(np.int64, copy=False), strict=True):
                if some in self._whole:
                    self._whole[some] += values
                else:
                    self._whole[some] = values
        self._names, self._totals = [], []


_WIDER: Final[Mapping[int, Any]] = {1: np.uint16, 2: np.uint32, 4: np.int64, 8: np.int64}
_PARTS: Final = 256
"""Parts that can be added in the next width."""

MANY: Final = 500_000
"""Rows from which on they are grouped by one thread."""


def added(tables: Sequence[pa.Table], keys: Sequence[str], sums: Sequence[str]) -> pa.Table:
    """Some tables added over what is not among the keys; an absent sum is 0."""
    if not tables:
        return _empty(keys, sums)
    rows = pa.concat_tables(tables, promote_options="default")
    there = [name for name in sums if name in rows.column_names]
    few = (
        rows.num_rows < MANY
    )  # else each thread would hold groups of its own, as many as there are
    found = rows.group_by(list(keys), use_threads=few).aggregate([(name, "sum") for name in there])
    names = [*keys, *there]
    plain = found.select([*keys, *(f"{name}_sum" for name in there)]).rename_columns(names)
    return _filled(plain, keys, sums)


def _filled(rows: pa.Table, keys: Sequence[str], sums: Sequence[str]) -> pa.Table:
    """The same with every sum; one that no part holds is the same zeros for all."""
    nothing = pa.chunked_array([pa.array(np.zeros(rows.num_rows, np.int64))])
    there = dict(zip(rows.column_names, rows.columns, strict=True))
    columns = [there[name] for name in keys]
    for name in sums:
        column = there.get(name, nothing)
        columns.append(pc.fill_null(column, 0) if column.null_count else column)
    return pa.Table.from_arrays(columns, names=[*keys, *sums])


def _empty(keys: Sequence[str], sums: Sequence[str]) -> pa.Table:
    kinds = {"int32": pa.int32(), "string": pa.string()}
    fields = [(name, kinds.get(CELL_KEYS.get(name, ""), pa.int64())) for name in keys]
    return pa.schema([*fields, *((name, pa.int64()) for name in sums)]).empty_table()
