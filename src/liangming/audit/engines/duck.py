"""DuckDB, in process: the default engine."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import duckdb
import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from liangming.audit.at_hand import keep_at_hand
from liangming.audit.engines.database import heeding
from liangming.audit.questions.cells import cells
from liangming.audit.questions.profile import Profile
from liangming.audit.questions.words import (
    EVENTS,
    KEYS,
    counts,
    event_columns,
    event_table,
    question,
    shared,
    whole,
    words,
)
from liangming.errors import Kind, Outage, declare

if TYPE_CHECKING:
    from liangming.audit.questions.words import Counted

ENGINE_FAILED = declare(
    "audit.engine-failed",
    Kind.OUTAGE,
    zh="引擎没能读完这些文件：文件损坏、磁盘已满或者内存不足。已完成的部分保留，可以重新运行。",
    en="The engine could not read these files to the end: a damaged file, a full disk or too little"
    " memory. What was finished is kept; it can be run again.",
)


EACH: Final = 2_000_000
"""Rows for which one more thread pays: groups of several threads must be grouped once more."""
AT_ONCE: Final = 1 << 20
"""Rows of an answer in one piece: pieces would have to be copied together."""


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
        self._most = self._threads = int(self._setting("threads"))
        keep_at_hand()

    def words(self, files: Sequence[Path], profile: Profile) -> pa.Table:
        """The words of some files that have the same columns."""
        counted = self._asked(files, profile, lambda asked: _counts(question(asked)))
        return whole_words(counted, profile)

    def cells(self, files: Sequence[Path], profile: Profile) -> pa.Table:
        """The cells of the same files, by the whole expression."""
        return self._asked(files, profile, _cells)

    def _asked(
        self, files: Sequence[Path], profile: Profile, sql_of: Callable[[Profile], str]
    ) -> pa.Table:
        columns = ", ".join(event_columns(profile, '"'))
        read = ", ".join("'{}'".format(plain(file).replace("'", "''")) for file in files)
        view = f"SELECT {columns} FROM read_parquet([{read}], union_by_name = true)"  # noqa: S608
        asked = f"WITH {EVENTS} AS ({view}) {sql_of(profile)}"
        self._use(self._most if profile.rows is None else 1 + profile.rows // EACH)
        try:
            return heeding(
                self.connection, lambda: self.connection.sql(asked).to_arrow_table(AT_ONCE)
            )
        except duckdb.Error:
            raise Outage(ENGINE_FAILED) from None

    def _use(self, threads: int) -> None:
        threads = min(threads, self._most)
        if threads != self._threads:
            self.connection.execute(f"SET threads = {threads}")
            self._threads = threads

    def _setting(self, name: str) -> str:
        found = self.connection.execute("SELECT current_setting(?)", [name]).fetchall()
        return str(found[0][0])

    def close(self) -> None:
        """Stop, and remove what was spilt."""
        self.connection.close()
        self._folder.cleanup()


def whole_words(counted: pa.Table, profile: Profile) -> pa.Table:
    """Words from counts, as ``questions.words`` says it: names coded, all else in 64 bits."""
    same = shared(profile)
    names: dict[str, pa.Array] = {}
    for name in KEYS[:3]:
        if name in same:
            none = pa.array(np.zeros(counted.num_rows, np.int32))
            names[name] = pa.DictionaryArray.from_arrays(none, pa.array([same[name]], pa.string()))
        else:
            names[name] = counted[name].combine_chunks().dictionary_encode()
    numbers = {
        name: counted[name].to_numpy().astype(np.int64, copy=False)
        for name in counted.column_names
        if name not in names
    }
    return pa.table({**names, **whole(cast("Counted", numbers), profile)})


def plain(file: Path) -> str:
    """A path that DuckDB reads as written, not as a pattern."""
    return re.sub(r"([\[*?])", r"[\1]", str(file))
