"""Event files as we write them: one for each day, sorted by place, with their version inside."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from liangming.audit.ingest.look import VERSION_KEY
from liangming.audit.schema import EVENT_COLUMNS, EVENT_VERSION, Shape

_TYPES: Final = {
    Shape.INT64: pa.int64(),
    Shape.INT32: pa.int32(),
    Shape.INT16: pa.int16(),
    Shape.INT8: pa.int8(),
    Shape.TEXT: pa.string(),
}
SCHEMA: Final = pa.schema(
    [pa.field(column.name, _TYPES[column.shape]) for column in EVENT_COLUMNS],
    metadata={VERSION_KEY: str(EVENT_VERSION)},
)


def write_day(folder: Path, on: date, rows: Sequence[dict[str, Any]]) -> Path:
    """Write the events of one day; the file is there whole or not at all.

    Raises:
        OSError: it cannot be written.
    """
    path = folder / f"events-{on.isoformat()}.parquet"
    loose = path.with_suffix(".loose")
    table = pa.Table.from_pylist(list(rows), schema=SCHEMA)
    pq.write_table(table, loose, compression="zstd")
    with loose.open("rb") as file:
        os.fsync(file.fileno())
    loose.rename(path)
    return path
