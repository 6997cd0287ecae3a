"""Events that stand twice, here or in files that were counted before.

1 the numbers of all rows that count become entries, in order, in a file of their own;
2 two rows with one number here: equal ones are one event, others are none;
3 a number that an earlier file of the same days brought: the first stays, this row is left out, and
  whether it said the same is told;
4 what is new goes beside the unit, for the files that come after.

Rows are read again only where there is such a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from liangming.audit.engines.database import MEMORY, database, heeding
from liangming.audit.engines.duck import ENGINE_FAILED, plain
from liangming.audit.ingest.look import VERSION_KEY
from liangming.audit.ingest.numbered import Numbered
from liangming.audit.partials import numbers
from liangming.audit.partials.numbers import Counted, Entries
from liangming.audit.questions.profile import Profile
from liangming.audit.schema import EVENT_COLUMNS, EVENT_VERSION, Shape
from liangming.errors import Outage

AT_ONCE: Final = 50_000_000
"""Entries that are sorted together; of more, those of one range of digests after another."""
COUNTED_BEFORE: Final = "counted-before"
"""Why a row is left out whose number an earlier file brought, saying the same."""
CONTRADICTING: Final = "contradicting"
"""The same, saying something else."""


@dataclass(frozen=True, slots=True)
class Repeats:
    """What was found.

    Attributes:
        left_out: rows left out, by reason.
        cleaned: the rows that count, in a file of their own; None if there was nothing to clean.
        numbers: the new ones, in order; None where no row can have one.
        unnumbered: rows without a number.
        foreign: whether an earlier file was made under another key, and could not be asked.
    """

    left_out: dict[str, int] = field(default_factory=dict)
    cleaned: Path | None = None
    numbers: Path | None = None
    unnumbered: int = 0
    foreign: bool = False


def repeats(
    files: Sequence[Path],
    folder: Path,
    profile: Profile,
    *,
    key: str = "",
    latest: int | None = None,
    before: Sequence[Counted] = (),
    memory: str = MEMORY,
) -> Repeats:
    """Find events that stand twice in some files together, or in files that were counted before.

    Args:
        files: canonical events, all with the same columns.
        folder: an empty one, for what comes out and what is needed meanwhile.
        profile: of all the files.
        key: under which numbers are digested.
        latest: the last day that can have been; numbers of rows after it are not kept.
        before: the numbers of earlier files of the same days.
        memory: bound of the database's memory.

    Raises:
        Outage: ``audit.engine-failed``.
    """
    if "event" not in profile.present:
        return Repeats(unnumbered=sum(pq.read_metadata(file).num_rows for file in files))
    numbered = Numbered(profile, key, latest)
    ours = [one for one in before if one.header.key == numbered.key]
    foreign = len(ours) < len(before)
    found = Repeats()
    try:
        new = folder / "numbers"
        unnumbered = _write(files, numbered, new)  # 1
        entries = numbers.opened(new).entries
        paths = files
        twice = numbers.repeated(entries)
        if len(twice):  # 2
            found = _cleaned(files, folder, numbered, twice, memory=memory)
            paths = [found.cleaned] if found.cleaned is not None else files
        if ours or len(twice):
            new = folder / "new"
            if _write_new(entries, ours, numbered, new):  # 3
                found = _without(paths, folder, numbered, ours, found)
    except (OSError, pa.ArrowException):
        raise Outage(ENGINE_FAILED) from None
    return Repeats(found.left_out, found.cleaned, new, unnumbered, foreign)  # 4


def _write(files: Sequence[Path], numbered: Numbered, target: Path) -> int:
    """All entries of some files, in order; how many rows have none for want of a number."""
    shares = sum(pq.read_metadata(file).num_rows for file in files) // AT_ONCE + 1
    unnumbered = 0

    def blocks() -> Iterator[Entries]:
        nonlocal unnumbered
        for share in range(shares):
            low = (share << 64) // shares
            high = ((share + 1) << 64) // shares - 1
            parts = [np.zeros(0, np.uint64)]
            for rows in numbered.read(files):
                some = rows.entries
                if shares > 1:
                    some = some[(some >= np.uint64(low)) & (some <= np.uint64(high))]
                parts.append(some)
                unnumbered += 0 if share else rows.unnumbered
            entries = np.concatenate(parts)
            entries.sort()
            yield entries

    numbers.write(target, blocks(), numbered.key, numbered.said)
    return unnumbered


def _write_new(
    entries: Entries, before: Sequence[Counted], numbered: Numbered, target: Path
) -> bool:
    """The entries whose number no earlier file brought, each once; whether there are others."""
    met = False

    def new() -> Iterator[Entries]:
        nonlocal met
        for block in numbers.blocks(entries):
            known, _ = numbers.known_to(before, block, numbered.said)
            met |= bool(known.any())
            yield np.unique(block[~known])

    numbers.write(target, new(), numbered.key, numbered.said)
    return met


def _cleaned(
    files: Sequence[Path], folder: Path, numbered: Numbered, twice: Entries, *, memory: str
) -> Repeats:
    """2 Compare the rows that may be the same; the numbers are compared themselves, not digests."""
    suspects = [np.zeros(0, np.int64)]
    for rows in numbered.read(files):
        mine = numbers.among(rows.entries, twice)
        if mine.any():
            events = rows.batch.column("event").take(pa.array(rows.places[mine]))
            suspects.append(events.cast(pa.int64()).to_numpy(zero_copy_only=False))
    present = pq.read_schema(files[0]).names
    columns = ", ".join(f'"{c.name}"' for c in EVENT_COLUMNS if c.name in present)
    cleaned = folder / "cleaned.parquet"
    try:
        with database(folder, memory=memory) as connection:
            connection.register(
                "suspects", pa.table({"event": np.unique(np.concatenate(suspects))})
            )
            read = connection.read_parquet([plain(f) for f in files], union_by_name=True)
            read.create_view("rows")
            counts = heeding(connection, lambda: _compared(connection, columns, cleaned))
    except duckdb.Error:
        raise Outage(ENGINE_FAILED) from None
    suspected, duplicates, kept = counts
    left_out = {"duplicate": duplicates, "conflict": suspected - duplicates - kept}
    return Repeats(left_out, cleaned if any(left_out.values()) else None)


def _compared(
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


def _without(
    files: Sequence[Path],
    folder: Path,
    numbered: Numbered,
    before: Sequence[Counted],
    found: Repeats,
) -> Repeats:
    """3 Write the rows whose number is new, or that have none."""
    schema = _wide(pq.read_schema(files[0]).names)
    target = folder / "new.parquet"
    left_out = {**found.left_out, COUNTED_BEFORE: 0, CONTRADICTING: 0}
    with pq.ParquetWriter(target, schema, compression="lz4") as writer:
        for rows in numbered.read(files, whole=True):
            order = np.argsort(rows.entries)  # each is then looked for near the one before
            known, other = numbers.known_to(before, rows.entries[order], numbered.said)
            kept = np.ones(rows.batch.num_rows, np.bool_)
            kept[rows.places[order[known]]] = False
            left_out[CONTRADICTING] += int(other.sum())
            left_out[COUNTED_BEFORE] += int(known.sum() - other.sum())
            some = rows.batch.select(schema.names).filter(pa.array(kept))
            writer.write_table(pa.Table.from_batches([some]).cast(schema))
    return Repeats(left_out, target)


def _wide(there: Sequence[str]) -> pa.Schema:
    """The columns of events that are there, each so wide that every file's fits."""
    kinds = {column.name: column.shape for column in EVENT_COLUMNS if column.name in there}
    fields = [
        (name, pa.string() if shape is Shape.TEXT else pa.int64()) for name, shape in kinds.items()
    ]
    return pa.schema(fields, metadata={VERSION_KEY: str(EVENT_VERSION)})
