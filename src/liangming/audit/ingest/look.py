"""What a Parquet file says of itself: columns, rows, span of time, and which values are proven."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from liangming.audit.questions.profile import (
    DAY,
    FIRST_MOMENT,
    FITTING,
    LAST_MOMENT,
    LEAN_BITS,
    MINUTE,
    QUARTER,
    Profile,
)
from liangming.audit.schema import EVENT_COLUMNS, EVENT_VERSION, LONGEST_MS, SHORTEST_MS, Shape
from liangming.errors import Kind, Misuse, declare

VERSION_KEY: Final = b"liangming.events"

FILE_UNREADABLE = declare(
    "audit.file-unreadable",
    Kind.MALFORMED,
    zh="这个文件读不了：被截断、损坏，或者不是它的名字所说的那种文件。",
    en="This file cannot be read: it is cut off, damaged, or not of the kind that its name says.",
)
FILE_ABSENT = declare(
    "audit.file-absent",
    Kind.ABSENT,
    zh="没有这个文件，请核对路径。",
    en="There is no such file; please look at the path.",
)
FILE_CLOSED = declare(
    "audit.file-closed",
    Kind.FORBIDDEN,
    zh="没有读取这个文件的权限。",
    en="There is no right to read this file.",
)
VERSION_UNKNOWN = declare(
    "audit.version-unknown",
    Kind.INVALID,
    zh="这个文件的事件格式版本不认识，请升级。",
    en="This file has a version of the event format that is not known here; please upgrade.",
)
COLUMN_UNFIT = declare(
    "audit.column-unfit",
    Kind.INVALID,
    zh="这一列的类型不合规定；其他厂商的文件需要映射文件（--mapping）。",
    en="This column has an unfit type; files of other vendors need a mapping file (--mapping).",
)
COLUMN_MISSING = declare(
    "audit.column-missing",
    Kind.INVALID,
    zh="缺少必需的列，没有一行可以计入；其他厂商的文件需要映射文件（--mapping）。",
    en="A required column is missing, so no row can count; files of other vendors need a mapping"
    " file (--mapping).",
)


@dataclass(frozen=True, slots=True)
class Look:
    """One file, before its rows are read.

    Attributes:
        path: where it is.
        rows: how many it has.
        profile: what may be met in it.
        first: its earliest moment, where that is proven, otherwise the earliest of all.
        last: its latest moment.
    """

    path: Path
    rows: int
    profile: Profile
    first: int
    last: int


def refused(failure: Exception, path: Path) -> Misuse:
    """Why a file cannot be read: it is not there, it is closed to us, or it is damaged."""
    if isinstance(failure, FileNotFoundError):
        return Misuse(FILE_ABSENT, field=path.name)
    if isinstance(failure, PermissionError):
        return Misuse(FILE_CLOSED, field=path.name)
    return Misuse(FILE_UNREADABLE, field=path.name)


def look(path: Path) -> Look:
    """Read what a file says of itself.

    Raises:
        Misuse: the file cannot be read, has another version, or a column has an unfit type.
    """
    try:
        with pq.ParquetFile(path) as file:
            schema, metadata = file.schema_arrow, file.metadata
    except (OSError, pa.ArrowException) as failure:
        raise refused(failure, path) from None
    version = (schema.metadata or {}).get(VERSION_KEY, str(EVENT_VERSION).encode())
    if version != str(EVENT_VERSION).encode():
        raise Misuse(VERSION_UNKNOWN, field=path.name)
    found = _profile(_present(schema, path.name), metadata)
    return Look(path, metadata.num_rows, *found)


def _profile(present: frozenset[str], metadata: pq.FileMetaData) -> tuple[Profile, int, int]:
    """What the bounds that a file states prove; and its first and last moment."""
    nullable, unproven, constant, bounded, lean = set(), set(), set(), False, False
    span = (FIRST_MOMENT, LAST_MOMENT)
    for name in present:
        found = _proven(metadata, name)
        if found is None:
            nullable.add(name)
            unproven.add(name)
            continue
        least, greatest, nulls = found
        if nulls:
            nullable.add(name)
        if not _in_bounds(name, least, greatest):
            unproven.add(name)
        elif name == "at" and least is not None:
            span = (least, greatest)
        if name in nullable | unproven or least is None:
            continue
        if least == greatest:
            constant.add((name, least))
        if name == "duration_ms":
            bounded = least >= SHORTEST_MS and greatest <= LONGEST_MS
        if name == "facts":
            lean = greatest < 1 << LEAN_BITS
    sets = (frozenset(nullable), frozenset(unproven), frozenset(constant))
    profile = Profile(present, *sets, bounded=bounded, lean=lean, rows=metadata.num_rows)
    return _within(profile, span), *span


def _within(profile: Profile, span: tuple[int, int]) -> Profile:
    """The same with the day of all rows by the place's own calendar, if it is one."""
    zone = dict(profile.constant).get("zone")
    if not isinstance(zone, int) or not profile.proven("at"):
        return profile
    first, last = (at + zone * MINUTE for at in span)
    if first // DAY != last // DAY:
        return profile
    return replace(profile, day=first // DAY, quarter=first % DAY // QUARTER)


def _present(schema: pa.Schema, name: str) -> frozenset[str]:
    present = frozenset(c.name for c in EVENT_COLUMNS if c.name in schema.names)
    for column in EVENT_COLUMNS:
        if column.name in present and not _fits(schema.field(column.name).type, column.shape):
            raise Misuse(COLUMN_UNFIT, field=f"{name}: {column.name}")
        if column.required and column.name not in present:
            raise Misuse(COLUMN_MISSING, field=f"{name}: {column.name}")
    return present


def _fits(kind: pa.DataType, shape: Shape) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if shape is Shape.TEXT:
        return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
    return bool(pa.types.is_signed_integer(kind))


def _proven(metadata: pq.FileMetaData, name: str) -> tuple[Any, Any, int] | None:
    """Least and greatest value and the number of nulls, if every row group states them."""
    index = metadata.schema.names.index(name)
    low: Any = None
    high: Any = None
    nulls = 0
    for group in range(metadata.num_row_groups):
        column = metadata.row_group(group).column(index)
        said = column.statistics
        if said is None or not said.has_null_count:
            return None
        nulls += said.null_count
        if said.has_min_max:
            low = said.min if low is None else min(low, said.min)
            high = said.max if high is None else max(high, said.max)
        elif said.null_count < column.num_values:
            return None
    return low, high, nulls


def _in_bounds(name: str, least: Any, greatest: Any) -> bool:
    if least is None:  # no value at all
        return True
    if name in FITTING:
        low, high = FITTING[name]
        return bool(low <= least and greatest <= high)
    if name in ("operator", "outlet"):
        return bool(least != "")
    return True
