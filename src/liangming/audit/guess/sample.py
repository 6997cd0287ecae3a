"""The names of a file's columns and its first rows, as texts; and how the file is to be read."""

from __future__ import annotations

import codecs
import csv
import tempfile
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

import duckdb

from liangming.audit.engines.duck import plain
from liangming.audit.guess.inside import list_of, rows_of
from liangming.audit.guess.moments import written
from liangming.audit.guess.personal import like_a_number
from liangming.audit.ingest.form import (
    FILE_NOT_TEXT,
    UNREADABLE,
    begins_as_json,
    is_parquet,
    is_workbook,
    opened,
    wide,
    without_mark,
)
from liangming.audit.ingest.look import FILE_UNREADABLE, refused
from liangming.audit.ingest.mapping import Mapping
from liangming.audit.ingest.objects import FILE_JSON
from liangming.audit.ingest.workbook import as_text, filled
from liangming.errors import Kind, Misuse, declare

NO_NAMES = declare(
    "audit.map-no-names",
    Kind.INVALID,
    zh="在文件开头找不到列名：至少要有两列，列名一行，下面有数据。",
    en="No names of columns were found at the file's beginning: it takes two columns, their names in"
    " one row, and data below.",
)
ROWS: Final = 2_000
_HEAD: Final = 1 << 22
_BEGINNING: Final = 64
_LONGEST: Final = 4
"""Bytes of one letter, which may be cut where no line ends."""
_ABOVE: Final = 20
_SEPARATORS: Final = (",", "\t", ";", "|")


@dataclass(frozen=True, slots=True)
class Sample:
    """What was read.

    Attributes:
        file: its name.
        names: of its columns.
        columns: the values of each, as texts; empty where there is none.
        encoding: as a mapping names it.
        skip: lines above the names.
        sheet: of a workbook, where it was named.
        inside: the list that has the rows, where JSON has them inside an object.
    """

    file: str
    names: tuple[str, ...]
    columns: dict[str, list[str]] = field(repr=False)
    encoding: str = "utf-8"
    skip: int = 0
    sheet: str = ""
    inside: str = ""

    @property
    def rows(self) -> int:
        """How many."""
        return len(self.columns[self.names[0]])


def sample(path: Path, *, sheet: str = "") -> Sample:
    """Read a file's beginning.

    Args:
        path: a table of text, JSON, a workbook, or Parquet.
        sheet: of a workbook with several.

    Raises:
        Misuse: the file cannot be read, or has no names.
    """
    try:
        if is_parquet(path):
            return _parquet(path)
        if is_workbook(path):
            return _workbook(path, sheet)
        return _text(path)
    except (*UNREADABLE, csv.Error) as failure:
        raise refused(failure, path) from None


def _parquet(path: Path) -> Sample:
    try:
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            name = plain(path).replace("'", "''")
            asked = f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_parquet('{name}') LIMIT {ROWS}"  # noqa: S608
            found = connection.execute(asked)
            names = [str(column[0]) for column in found.description or ()]
            rows = [["" if one is None else str(one) for one in row] for row in found.fetchall()]
    except duckdb.Error:
        raise Misuse(FILE_UNREADABLE, field=path.name) from None
    return _made(path, names, rows)


def _workbook(path: Path, sheet: str) -> Sample:
    skip = _above(filled(path, sheet, _ABOVE * 2))
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "rows.csv"
        as_text(path, Mapping({}, sheet=sheet, skip=skip), made, most=ROWS)
        with made.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))
    return _made(path, *_apart(rows, 0), skip=skip, sheet=sheet)


def _text(path: Path) -> Sample:
    with opened(path) as file:
        head = file.read(_HEAD)
    encoding, codec, text = _decoded(path, head)
    lines = text.splitlines(keepends=True)
    if len(head) == _HEAD:
        lines.pop()  # cut somewhere
    if begins_as_json(text[:_BEGINNING].encode()):
        inside = list_of(text)
        found = rows_of(path, lines, ROWS, inside=inside, codec=codec)
        if not found[1]:
            raise Misuse(FILE_JSON, field=path.name)
        return _made(path, *found, encoding=encoding, inside=inside)
    separator = max(_SEPARATORS, key=lambda mark: _evenly(lines, mark))
    rows = list(islice(csv.reader(lines, delimiter=separator), ROWS + _ABOVE))
    skip = _above([sum(bool(field.strip()) for field in row) for row in rows[: _ABOVE * 2]])
    return _made(path, *_apart(rows, skip), encoding=encoding, skip=skip)


def _decoded(path: Path, head: bytes) -> tuple[str, str, str]:
    """The encoding as a mapping names it, its codec, and the text."""
    if codec := wide(head):
        return "utf-16", codec, head[: len(head) // 2 * 2].decode(codec, "replace")
    if b"\0" in head[:_BEGINNING]:
        raise Misuse(FILE_NOT_TEXT, field=path.name)
    whole = head if len(head) < _HEAD else head[: max(head.rfind(b"\n") + 1, len(head) - _LONGEST)]
    for name, codec in (("utf-8", "utf-8-sig"), ("gbk", "gb18030")):
        try:
            decoder = codecs.getincrementaldecoder(codec)()
            text = decoder.decode(without_mark(whole, codec), final=whole is head)
        except UnicodeDecodeError:
            continue
        return name, codec, text
    raise Misuse(FILE_NOT_TEXT, field=path.name)


def _evenly(lines: list[str], mark: str) -> tuple[int, int]:
    """How many of the first rows have as many fields as most, and how many fields."""
    counts = [len(row) for row in csv.reader(lines[:200], delimiter=mark)]
    usual = max(set(counts), key=counts.count, default=0)
    return (counts.count(usual), usual) if usual > 1 else (0, 0)


def _above(filled: list[int]) -> int:
    """How many rows stand above the names: titles, which fill fewer fields than rows do.

    Args:
        filled: how many fields of each of the first rows hold something.
    """
    wide = max(filled, default=0)
    return next((n for n, many in enumerate(filled[:_ABOVE]) if many * 2 > wide), 0)


def _apart(rows: list[list[str]], skip: int) -> tuple[list[str], list[list[str]]]:
    return (rows[skip] if len(rows) > skip else []), rows[skip + 1 : skip + 1 + ROWS]


def _like_a_value(name: str) -> bool:
    """Whether what should be a column's name is a moment or a number: then the names are missing."""
    return like_a_number(name) or bool(written([name]).form)


def _made(
    path: Path,
    names: list[str],
    rows: list[list[str]],
    *,
    encoding: str = "utf-8",
    skip: int = 0,
    sheet: str = "",
    inside: str = "",
) -> Sample:
    names = [name.strip().lstrip("\ufeff") for name in names]
    known = [place for place, name in enumerate(names) if name]
    whole = len(known) > 1 and len({names[place] for place in known}) == len(known) and rows
    if not whole or any(_like_a_value(name) for name in names):  # a row, which may name a person
        raise Misuse(NO_NAMES, field=path.name)
    columns = {
        names[place]: [row[place].strip() if place < len(row) else "" for row in rows]
        for place in known
    }
    return Sample(path.name, tuple(columns), columns, encoding, skip, sheet, inside)
