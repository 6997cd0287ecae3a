"""One file of cells: written once, read in every audit after, and so laid out for reading.

An Arrow file without compression: a reader maps it and touches only the columns it asks for. What
keeps it small is that a whole number takes the fewest bytes that hold its column, and a name
stands once (``docs/spec/partials.md``).
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

SUFFIX: Final = ".arrow"
_WIDTHS: Final = tuple(
    (kind, 1 << kind.bit_width - 1) for kind in (pa.int8(), pa.int16(), pa.int32())
)


def write(cells: pa.Table, path: Path) -> None:
    """Write some cells.

    Raises:
        OSError: the file cannot be written.
    """
    columns = {name: _small(cells[name].combine_chunks()) for name in cells.column_names}
    narrow = pa.table(columns).combine_chunks()
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, narrow.schema) as file:
        file.write_table(narrow)


def read(path: Path, names: Collection[str]) -> pa.Table:
    """Those of some columns that the file has, as they lie there: narrow, names coded.

    Raises:
        OSError: the file cannot be read.
        pa.ArrowException: it is damaged.
    """
    with pa.memory_map(str(path)) as source:
        file = pa.ipc.open_file(source)
        if file.num_record_batches == 0:
            return file.schema.empty_table().select([n for n in file.schema.names if n in names])
        rows = file.get_batch(0)  # mapped: what is not asked for is not touched
        there = [name for name in rows.schema.names if name in names]
        return pa.Table.from_batches([rows.select(there)])


def columns(path: Path) -> list[str]:
    """The names of the columns of a file.

    Raises:
        OSError: the file cannot be read.
        pa.ArrowException: it is damaged.
    """
    with pa.memory_map(str(path)) as source:
        found: list[str] = pa.ipc.open_file(source).schema.names
        return found


def _small(column: pa.Array) -> pa.Array:
    if pa.types.is_string(column.type):
        return column.dictionary_encode()
    if column.type != pa.int64() or not len(column):
        return column
    bounds = pc.min_max(column).as_py()
    for kind, limit in _WIDTHS:
        if -limit <= bounds["min"] and bounds["max"] < limit:
            return column.cast(kind)
    return column
