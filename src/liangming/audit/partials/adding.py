"""Part files added up, with bounded memory: some millions of rows at a time.

A sum that is 0 in every row of a part is left out of its file; what is absent is 0.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from liangming.audit.partials import cell_file
from liangming.audit.partials.chain import PARTIALS_FAILED
from liangming.audit.schema import CELL_KEYS
from liangming.errors import Outage

AT_ONCE: Final = 2_000_000
"""Rows that are read before they are added up."""

OF_A_DAY: Final = frozenset(CELL_KEYS) - {"day"}
"""Keys that no two rows of one part share."""


def add_up(
    paths: Sequence[Path], keys: Sequence[str], sums: Sequence[str], *, apart: bool = False
) -> pa.Table:
    """The rows of some part files, added over what is not among the keys.

    Parts with the same places in the same order, as of the days of one fleet, are added column by
    column; others are grouped.

    Args:
        paths: the part files.
        keys: what is told apart.
        sums: what is added.
        apart: whether no two rows of all the parts have the same keys; nothing is added then.

    Raises:
        Outage: ``audit.partials-failed``.
    """
    total: list[pa.Table] = []
    stacks: list[_Stack] = []
    rows = 0
    wanted = {*keys, *sums}
    try:
        for path in paths:
            part = _read(path, wanted)
            if apart:
                total.append(plain(part))
                continue
            places = part.select(keys)
            if stacks and stacks[-1].places.equals(places):
                stacks[-1].add(part)
                continue
            stacks.append(_Stack(places, part))
            rows += part.num_rows
            if rows >= AT_ONCE:
                total = [added([*total, *(stack.table() for stack in stacks)], keys, sums)]
                stacks, rows = [], 0
    except (OSError, pa.ArrowException):
        raise Outage(PARTIALS_FAILED) from None
    if apart and total:
        return _filled(pa.concat_tables(total, promote_options="default"), keys, sums)
    if len(stacks) == 1 and not total and set(keys) >= OF_A_DAY:
        return _filled(stacks[0].table(), keys, sums)
    return added([*total, *(stack.table() for stack in stacks)], keys, sums)


class _Stack:
    """Parts of the same places, column on column.

    Args:
        places: the keys, in the order of the rows.
        part: the first part.
    """

    def __init__(self, places: pa.Table, part: pa.Table) -> None:
        self.places = places
        self._sums: dict[str, NDArray[np.int64]] = {}
        self.add(part)

    def add(self, part: pa.Table) -> None:
        """Put one more part on top."""
        for name in part.column_names:
            if name in self.places.column_names:
                continue
            more = part[name].to_numpy().astype(np.int64)  # adding narrow numbers as such is slow
            if name in self._sums:
                self._sums[name] += more
            else:
                self._sums[name] = more

    def table(self) -> pa.Table:
        """All of them added."""
        places = plain(self.places)
        return pa.table({**{name: places[name] for name in places.column_names}, **self._sums})


def added(tables: Sequence[pa.Table], keys: Sequence[str], sums: Sequence[str]) -> pa.Table:
    """Some tables added over what is not among the keys; an absent sum is 0."""
    if not tables:
        return _empty(keys, sums)
    rows = pa.concat_tables(tables, promote_options="default")
    there = [name for name in sums if name in rows.column_names]
    found = rows.group_by(list(keys)).aggregate([(name, "sum") for name in there])
    names = [*keys, *there]
    plain = found.select([*keys, *(f"{name}_sum" for name in there)]).rename_columns(names)
    return _filled(plain, keys, sums)


def _read(path: Path, names: Collection[str]) -> pa.Table:
    if path.suffix == cell_file.SUFFIX:
        return cell_file.read(path, names)
    with pq.ParquetFile(path) as file:
        there = [name for name in file.schema_arrow.names if name in names]
        return file.read(columns=there, use_threads=False)


def plain(part: pa.Table) -> pa.Table:
    """Names as texts and sums as 64-bit integers, however a file holds them."""
    columns = {}
    for name, column in zip(part.column_names, part.columns, strict=True):
        if pa.types.is_dictionary(column.type):
            columns[name] = column.cast(pa.string())
        elif name in CELL_KEYS:
            columns[name] = column
        else:
            columns[name] = column.cast(pa.int64())
    return pa.table(columns)


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
