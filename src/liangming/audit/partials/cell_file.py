"""One file of cells: written once, read in every audit after, and so laid out for reading.

A header in JSON says what follows: the places, as an Arrow stream, then one column of whole numbers
after another, each in the fewest bytes that hold it. Sums that are the same in every row stand once,
and those that are 0 in every row not at all (``docs/spec/partials.md``). So a day is added to
another by one vectorised addition for each column, from the very bytes whose digest was taken.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from liangming.audit.partials.chain import PARTIALS_FAILED
from liangming.audit.schema import CELL_KEYS
from liangming.errors import Outage

SUFFIX: Final = ".cells"
VERSION: Final = 1
PLACE: Final = tuple(key for key in CELL_KEYS if key != "day")
_KINDS: Final = {"<i8": 1 << 63, "<u4": 1 << 32, "<u2": 1 << 16, "u1": 1 << 8}
"""How columns stand, the widest first, and what is too large for them."""
_PAGE: Final = 64
_LENGTH: Final = 8
"""Bytes of the number, the lowest first, that says how long the header is."""


class Sums(msgspec.Struct, frozen=True, array_like=True):
    """One column: how its numbers stand, and the names of all sums that they are."""

    kind: str
    names: tuple[str, ...]


class Header(msgspec.Struct, frozen=True):
    """What follows it in the file, in order."""

    version: int
    day: int
    rows: int
    places: int
    sums: tuple[Sums, ...]


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one day, as they lie in memory.

    Attributes:
        day: of all of them.
        rows: how many.
        places: their other keys, as an Arrow stream; the same bytes are the same places.
        sums: how columns stand and which sums they are.
        blocks: the columns, those that stand alike together.
    """

    day: int
    rows: int
    places: memoryview
    sums: tuple[Sums, ...]
    blocks: tuple[NDArray[Any], ...]


def keys(places: bytes) -> pa.Table:
    """Places, read; these bytes are held on to."""
    with pa.ipc.open_stream(pa.py_buffer(places)) as stream:
        found = stream.read_all()
    return pa.table({name: found[name].cast(getattr(pa, CELL_KEYS[name])()) for name in PLACE})


def write(cells: pa.Table, path: Path) -> None:
    """Write the cells of one day.

    Raises:
        OSError: the file cannot be written.
    """
    places = io.BytesIO()
    keys = pa.table({name: _small(cells[name].combine_chunks()) for name in PLACE})
    with pa.ipc.new_stream(places, keys.schema) as stream:
        stream.write_table(keys)
    places.write(bytes(-places.tell() % _PAGE))
    alike: dict[tuple[str, bytes], list[str]] = {}
    for name in cells.column_names:
        if name not in CELL_KEYS:
            values = cells[name].to_numpy()
            if values.any():
                kind = _kind(int(values.min()), int(values.max()))
                alike.setdefault((kind, values.astype(kind).tobytes()), []).append(name)
    order = sorted(alike, key=lambda column: list(_KINDS).index(column[0]))  # so all are aligned
    sums = tuple(Sums(column[0], tuple(alike[column])) for column in order)
    day = cells["day"][0].as_py() if cells.num_rows else 0
    head = msgspec.json.encode(Header(VERSION, day, cells.num_rows, places.tell(), sums))
    head += b" " * (-(len(head) + _LENGTH) % _PAGE)
    with path.open("wb") as file:
        file.write(len(head).to_bytes(_LENGTH, "little") + head)
        file.write(places.getbuffer())
        file.writelines(data for _, data in order)


def read(data: memoryview) -> Cells:
    """The cells that some bytes are; they are not copied.

    Raises:
        Outage: ``audit.partials-failed``; they are damaged.
    """
    end = _LENGTH + int.from_bytes(data[:_LENGTH], "little")
    header = _header(data[_LENGTH:end])
    at = end + header.places
    blocks: list[NDArray[Any]] = []
    for kind, alike in groupby(header.sums, key=lambda column: column.kind):
        many = len(list(alike))
        try:
            values = np.frombuffer(data, kind, many * header.rows, at)
            blocks.append(values.reshape(many, header.rows))
        except (ValueError, TypeError):
            raise Outage(PARTIALS_FAILED) from None
        at += values.nbytes
    places = data[end : end + header.places]
    return Cells(header.day, header.rows, places, header.sums, tuple(blocks))


def columns(path: Path) -> list[str]:
    """The names of the sums that a file holds.

    Raises:
        OSError: the file cannot be read.
        Outage: ``audit.partials-failed``; it is damaged.
    """
    with path.open("rb") as file:
        length = int.from_bytes(file.read(_LENGTH), "little")
        header = _header(file.read(length))
    return [name for column in header.sums for name in column.names]


def _header(data: bytes | memoryview) -> Header:
    try:
        header = msgspec.json.decode(data, type=Header)
    except msgspec.MsgspecError:
        raise Outage(PARTIALS_FAILED) from None
    if header.version != VERSION:
        raise Outage(PARTIALS_FAILED)
    return header


def _kind(least: int, greatest: int) -> str:
    fitting = [kind for kind, limit in _KINDS.items() if greatest < limit]
    return fitting[-1] if least >= 0 else "<i8"


def _small(column: pa.Array) -> pa.Array:
    """A key in few bytes: names coded, numbers narrow."""
    if pa.types.is_string(column.type):
        coded = column.dictionary_encode()
        return pa.DictionaryArray.from_arrays(_small(coded.indices), coded.dictionary)
    greatest = pc.max(column).as_py() or 0
    kinds = ((pa.int8(), 1 << 7), (pa.int16(), 1 << 15), (pa.int32(), 1 << 31))
    return column.cast(next(kind for kind, limit in kinds if greatest < limit))
