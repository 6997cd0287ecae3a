"""DuckDB, in process: the default engine."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Final

import duckdb
import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from liangming.audit.engines.database import heeding
from liangming.audit.questions.cells import cells
from liangming.audit.questions.profile import Profile
from liangming.audit.questions.words import (
    COUNTS,
    EVENTS,
    KEYS,
    counts,
    event_columns,
    event_table,
    shared,
    words,
)
from liangming.errors import Kind, Outage, declare

ENGINE_FAILED = declare(
    "audit.engine-failed",
    Kind.OUTAGE,
    zh="引擎没能读完这些文件：文件损坏、磁盘已满或者内存不足。已完成的部分保留，可以重新运行。",
    en="The engine could not read these files to the end: a damaged file, a full disk or too little"
    " memory. What was finished is kept; it can be run again.",
)


def sql(expression: ir.Table) -> str:
    """An expression in DuckDB's words, with every sum as a 64-bit integer.

    Ibis takes sums for 64-bit already and drops the cast; DuckDB adds in 128 bits.
    """
    types = {"int64": "BIGINT", "int32": "INTEGER"}
    columns = (
        f'CAST("{name}" AS {types[str(kind)]}) AS "{name}"' if str(kind) in types else f'"{name}"'
        for name, kind in expression.schema().items()
    )
    inner = ibis.to_sql(expression, dialect="duckdb")
    return f"SELECT {', '.join(columns)} FROM ({inner})"  # noqa: S608  (names are our own)


@cache
def _counts(profile: Profile) -> str:
    return sql(counts(event_table(profile), profile))


@cache
def _cells(profile: Profile) -> str:
    return sql(cells(words(event_table(profile), profile)))


class DuckEngine:
    """One DuckDB database in memory; temporary files go to a folder that ends with it.

    Args:
        threads: how many; 0 for all of the machine.
        memory: bound of its buffers; beyond it, it spills to the folder.
        folder: where the folder is made; None for the system's place.
    """

    name: Final = "duckdb"

    def __init__(
        self, *, threads: int = 0, memory: str = "3GB", folder: Path | None = None
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="liangming-audit-", dir=folder)
        options: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": memory,
            "temp_directory": self._folder.name,
            "preserve_insertion_order": False,
        }
        if threads:
            options["threads"] = threads
        self.connection = duckdb.connect(config=options)

    def words(self, files: Sequence[Path], profile: Profile) -> pa.Table:
        """The words of some files that have the same columns."""
        return whole_words(self._asked(files, profile, _counts), profile)

    def cells(self, files: Sequence[Path], profile: Profile) -> pa.Table:
        """The cells of the same files, by the whole expression."""
        return self._asked(files, profile, _cells)

    def _asked(
        self, files: Sequence[Path], profile: Profile, question: Callable[[Profile], str]
    ) -> pa.Table:
        any_day = None if profile.day is None else 0  # days differ, their questions do not
        asked = question(replace(profile, day=any_day))
        try:
            events = self.connection.read_parquet(
                [plain(file) for file in files], union_by_name=True
            )
            events.project(", ".join(event_columns(profile, '"'))).create_view(EVENTS, replace=True)
            return heeding(self.connection, lambda: self.connection.sql(asked).to_arrow_table())
        except duckdb.Error:
            raise Outage(ENGINE_FAILED) from None

    def close(self) -> None:
        """Stop, and remove what was spilt."""
        self.connection.close()
        self._folder.cleanup()


def whole_words(counted: pa.Table, profile: Profile) -> pa.Table:
    """Words from counts, as ``questions.words`` says it: names coded, all else in 64 bits."""
    rows = counted.num_rows
    same = shared(profile)
    found: dict[str, pa.Array | pa.ChunkedArray | np.ndarray] = {}
    for name in KEYS[:3]:
        if name in same:
            none = pa.array(np.zeros(rows, np.int32))
            found[name] = pa.DictionaryArray.from_arrays(none, pa.array([same[name]], pa.string()))
        else:
            found[name] = counted[name].combine_chunks().dictionary_encode()
    numbers = {name: counted[name].to_numpy() for name in counted.column_names if name not in found}
    numbers = {name: values.astype(np.int64, copy=False) for name, values in numbers.items()}
    first, second, third = (numbers[f"from_{hour}"] for hour in (1, 2, 3))
    numbers |= {"morning": first - second, "afternoon": second - third, "evening": third}
    numbers.setdefault("timed", numbers["n"])
    if "known" in same:
        numbers["known"] = np.full(rows, same["known"], np.int64)
    return pa.table({**found, **{name: numbers[name] for name in (*KEYS[3:], *COUNTS)}})


def plain(file: Path) -> str:
    """A path that DuckDB reads as written, not as a pattern."""
    return re.sub(r"([\[*?])", r"[\1]", str(file))
