"""Events that stand twice: equal rows are one event; rows that differ under one number are none.

The numbers of the events are sorted, which is quick; only where two are equal are rows compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from liangming.audit.engines.database import MEMORY, database, heeding
from liangming.audit.engines.duck import ENGINE_FAILED, plain
from liangming.audit.schema import EVENT_COLUMNS
from liangming.errors import Outage

Numbers = np.ndarray[tuple[int], np.dtype[np.int64]]

AT_ONCE: Final = 50_000_000
"""Numbers that are sorted together; of more events, those of one remainder after another."""


@dataclass(frozen=True, slots=True)
class Repeats:
    """What was found.

    Attributes:
        duplicates: rows left out because an equal row counts already.
        conflicts: rows left out because they differ under one number.
        cleaned: the rows that count, in a file of their own; None if there was nothing to clean.
    """

    duplicates: int
    conflicts: int
    cleaned: Path | None


def repeats(files: Sequence[Path], folder: Path, *, memory: str = MEMORY) -> Repeats:
    """Find events that stand twice in some files together.

    Args:
        files: canonical events, all with the same columns; ``event`` among them.
        folder: where the cleaned file goes, if one is needed, and what is needed meanwhile.
        memory: bound of the database's memory.

    Raises:
        Outage: ``audit.engine-failed``.
    """
    suspects = _suspects(files)
    if not len(suspects):
        return Repeats(0, 0, None)
    present = pq.read_schema(files[0]).names
    columns = ", ".join(f'"{c.name}"' for c in EVENT_COLUMNS if c.name in present)
    cleaned = folder / "cleaned.parquet"
    try:
        with database(folder, memory=memory) as connection:
            connection.register("suspects", pa.table({"event": suspects}))
            rows = connection.read_parquet([plain(f) for f in files], union_by_name=True)
            rows.create_view("rows")
            counts = heeding(connection, lambda: _cleaned(connection, columns, cleaned))
    except duckdb.Error:
        raise Outage(ENGINE_FAILED) from None
    suspected, duplicates, kept = counts
    return Repeats(duplicates, suspected - duplicates - kept, cleaned)


def _cleaned(
    connection: duckdb.DuckDBPyConnection, columns: str, target: Path
) -> tuple[int, int, int]:
    """Write the rows that count; how many were suspected, are duplicates, and stay of them."""
    connection.execute(
        f"CREATE TABLE same AS SELECT {columns}, count(*) AS times FROM rows"  # noqa: S608
        " WHERE event IN (FROM suspects) GROUP BY ALL"
    )
    connection.execute(
        "CREATE TABLE one AS SELECT * FROM same"
        " QUALIFY count(*) OVER (PARTITION BY operator, event) = 1"
    )
    connection.execute(
        f"COPY (SELECT {columns} FROM rows WHERE event IS NULL"  # noqa: S608
        f" OR event NOT IN (FROM suspects) UNION ALL SELECT {columns} FROM one)"
        " TO ? (FORMAT parquet, COMPRESSION zstd)",
        [str(target)],
    )
    return connection.execute(
        "SELECT (SELECT coalesce(sum(times), 0)::BIGINT FROM same),"
        " (SELECT coalesce(sum(times - 1), 0)::BIGINT FROM one),"
        " (SELECT count(*) FROM one)"
    ).fetchone() or (0, 0, 0)


def _suspects(files: Sequence[Path]) -> Numbers:
    """Numbers that stand more than once, of whatever operator."""
    try:
        shares = sum(pq.read_metadata(file).num_rows for file in files) // AT_ONCE + 1
        return np.concatenate([_twice(files, share, shares) for share in range(shares)])
    except (OSError, pa.ArrowException):
        raise Outage(ENGINE_FAILED) from None


def _twice(files: Sequence[Path], share: int, shares: int) -> Numbers:
    """Of the numbers that leave one remainder, those that stand more than once."""
    parts = [np.zeros(0, np.int64)]
    for file in files:
        with pq.ParquetFile(file, pre_buffer=False, buffer_size=1 << 20) as opened:
            for batch in opened.iter_batches(1 << 20, columns=["event"], use_threads=False):
                column = batch.column(0).drop_null()
                some = column.to_numpy(zero_copy_only=False).astype(np.int64)
                parts.append(some if shares == 1 else some[some % shares == share])
    numbers = np.concatenate(parts)
    numbers.sort()
    return np.unique(numbers[1:][numbers[1:] == numbers[:-1]])
