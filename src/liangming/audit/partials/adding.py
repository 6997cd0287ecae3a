"""Part files added up, with bounded memory: some millions of rows at a time.

A sum that is 0 in every row of a part is left out of its file; what is absent is 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from liangming.audit.partials.chain import PARTIALS_FAILED
from liangming.audit.schema import CELL_KEYS
from liangming.errors import Outage

AT_ONCE: Final = 2_000_000
"""Rows that are read before they are added up."""


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
    waiting: list[pa.Table] = []
    rows = 0
    wanted = {*keys, *sums}
    try:
        for path in paths:
            with pq.ParquetFile(path) as file:
                columns = [name for name in file.schema_arrow.names if name in wanted]
                part = file.read(columns=columns, use_threads=False)
            if apart:
                total.append(part)
                continue
            if waiting and waiting[-1].select(keys).equals(part.select(keys)):
                waiting[-1] = _onto(waiting[-1], part, keys)
                continue
            waiting.append(part)
            rows += part.num_rows
            if rows >= AT_ONCE:
                total = [added([*total, *waiting], keys, sums)]
                waiting, rows = [], 0
    except (OSError, pa.ArrowException):
        raise Outage(PARTIALS_FAILED) from None
    if apart and total:
        return _filled(pa.concat_tables(total, promote_options="default"), keys, sums)
    return added([*total, *waiting], keys, sums)


def _onto(one: pa.Table, other: pa.Table, keys: Sequence[str]) -> pa.Table:
    """Two tables of the same places, column on column."""
    columns = {name: one[name] for name in keys}
    for name in dict.fromkeys((*one.column_names, *other.column_names)):
        if name not in columns:
            both = [table[name] for table in (one, other) if name in table.column_names]
            columns[name] = pc.add_checked(*both) if len(both) > 1 else both[0]
    return pa.table(columns)


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


def _filled(rows: pa.Table, keys: Sequence[str], sums: Sequence[str]) -> pa.Table:
    """The same with every sum; one that no part holds is the same zeros for all."""
    nothing = pa.repeat(pa.scalar(0, pa.int64()), rows.num_rows)
    columns = {name: rows[name] for name in keys}
    for name in sums:
        columns[name] = pc.fill_null(rows[name], 0) if name in rows.column_names else nothing
    return pa.table(columns)


def _empty(keys: Sequence[str], sums: Sequence[str]) -> pa.Table:
    kinds = {"int32": pa.int32(), "string": pa.string()}
    fields = [(name, kinds.get(CELL_KEYS.get(name, ""), pa.int64())) for name in keys]
    return pa.schema([*fields, *((name, pa.int64()) for name in sums)]).empty_table()
