"""Rows whose values cannot be read, by column: how many, the first of them, and why.

Only columns that a file's statistics do not prove are looked at. A value outside its list counts
as *not known*; a row without a moment or a place is left out. Both go on; both are counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb
import pyarrow.parquet as pq

from liangming.audit.engines.database import heeding
from liangming.audit.engines.duck import ENGINE_FAILED, plain
from liangming.audit.ingest.look import Look
from liangming.audit.ingest.mapping import MOMENTS
from liangming.audit.questions.profile import FITTING, REQUIRED
from liangming.audit.schema import EVENT_COLUMNS, FACTS
from liangming.errors import Outage

FIRST_ROWS: Final = 5
UNREAD: Final = "_unread"
"""A column beside the canonical ones, that no reader of events knows: a bit for each unread text."""
NAMED: Final = (
    *(column.name for column in EVENT_COLUMNS), *(fact.name for fact in FACTS), *MOMENTS,
)  # fmt: skip
"""What a bit of it stands for."""
ABSENT: Final = "liangming.absent"
"""What a translated file says of ours that no row of its source had, though the mapping names them."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason why values of one column cannot be read.

    Attributes:
        file: name of the file.
        column: which column.
        reason: ``missing``, ``out-of-range``, ``unreadable`` or ``absent``.
        leaves_out: whether such a row is left out, or only this value counts as not known.
        rows: how many.
        first: the numbers of the first of them, from 1.
    """

    file: str
    column: str
    reason: str
    leaves_out: bool
    rows: int
    first: tuple[int, ...]


def faults(seen: Look, file: str) -> list[Fault]:
    """The faults of one file.

    Args:
        file: what it is called where it came from.

    Raises:
        Outage: ``audit.engine-failed``.
    """
    asked: list[tuple[str, str, str]] = []
    told = UNREAD in pq.read_schema(seen.path).names
    for name in sorted(seen.profile.present):
        column = f'"{name}"'
        if name in REQUIRED and name in seen.profile.nullable:
            # A text that was there and could not be read is told as that.
            unsaid = f" AND {UNREAD} & {1 << NAMED.index(name)} = 0" if told else ""
            asked.append((name, "missing", f"{column} IS NULL{unsaid}"))
        if name in seen.profile.unproven:
            if name in FITTING:
                low, high = FITTING[name]
                asked.append((name, "out-of-range", f"{column} < {low} OR {column} > {high}"))
            elif name in REQUIRED:
                asked.append((name, "missing", f"{column} = ''"))
    if not asked:
        return []
    source = f"read_parquet('{_quoted(seen.path)}', file_row_number = true)"
    wanted = ", ".join(
        f"count(*) FILTER ({condition}),"
        f" min(file_row_number + 1, {FIRST_ROWS}) FILTER ({condition})"
        for _, _, condition in asked
    )
    try:
        with duckdb.connect() as connection:
            question = f"SELECT {wanted} FROM {source}"  # noqa: S608
            found = heeding(connection, lambda: connection.execute(question).fetchone())
    except duckdb.Error:
        raise Outage(ENGINE_FAILED) from None
    answers = found or ()
    result: dict[tuple[str, str], Fault] = {}
    for (name, reason, _), rows, first in zip(asked, answers[::2], answers[1::2], strict=True):
        if rows:
            before = result.get((name, reason))
            result[name, reason] = Fault(
                file,
                name,
                reason,
                name in REQUIRED,
                rows + (before.rows if before else 0),
                tuple(sorted({*(first or ()), *(before.first if before else ())}))[:FIRST_ROWS],
            )
    return list(result.values())


def unread(path: Path, file: str) -> Iterator[Fault]:
    """The texts that a translated file could not take over, by column.

    Args:
        path: the translated file.
        file: what it is called where it came from.

    Raises:
        Outage: ``audit.engine-failed``.
    """
    said = pq.read_metadata(path)
    for name in (said.metadata or {}).get(ABSENT.encode(), b"").decode().split(","):
        if name:
            yield Fault(file, name, "absent", name in REQUIRED, said.num_rows, (1,))
    source = f"read_parquet('{_quoted(path)}', file_row_number = true)"
    try:
        with duckdb.connect() as connection:
            (met,) = connection.execute(
                f"SELECT coalesce(bit_or({UNREAD}), 0) FROM {source}"  # noqa: S608
            ).fetchone() or (0,)
            for number, name in enumerate(NAMED):
                if not met >> number & 1:
                    continue
                rows, first = connection.execute(
                    f"SELECT count(*), min(file_row_number + 1, {FIRST_ROWS}) FROM {source}"  # noqa: S608
                    f" WHERE {UNREAD} & {1 << number} > 0"
                ).fetchone() or (0, ())
                yield Fault(file, name, "unreadable", name in REQUIRED, rows, tuple(first))
    except duckdb.Error:
        raise Outage(ENGINE_FAILED) from None


def _quoted(path: Path) -> str:
    return plain(path).replace("'", "''")
