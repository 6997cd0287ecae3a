"""The tables of a labelled folder: lines with the columns that are asked, and files inside it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from liangming.errors import Kind, Misuse, declare

NO_ROWS: Final = declare(
    "edge.folder-empty",
    Kind.INVALID,
    zh="这张表里一行也没有，没有可评测的。",
    en="This table has no rows; there is nothing to evaluate.",
)
TWICE: Final = declare(
    "edge.folder-row-twice",
    Kind.INVALID,
    zh="这一行前面已经有了；每对图片、每段片段只能出现一次，否则会数两遍。",
    en="This row stood before; each pair and each clip may stand once, or it would count twice.",
)
FOLDER_UNFIT: Final = declare(
    "edge.folder-unfit",
    Kind.INVALID,
    zh="这个目录要有 pairs.csv 或 clips.csv，各列和路径要写对（见 docs/edge.md）。",
    en="The folder needs pairs.csv or clips.csv with the right columns and paths (docs/edge.md).",
)


def rows_of(
    path: Path, columns: tuple[str, ...], optional: tuple[str, ...] = ()
) -> list[tuple[int, dict[str, str]]]:
    """Every line with its number, before any is measured; optional columns not there are empty.

    Raises:
        Misuse: ``edge.folder-unfit`` with file and line; ``edge.folder-empty``.
    """
    rows = list(_rows(path, columns, optional))
    if not rows:
        raise Misuse(NO_ROWS, field=path.name)
    return rows


def _rows(
    path: Path, columns: tuple[str, ...], optional: tuple[str, ...]
) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not set(columns) <= set(reader.fieldnames or ()):
                raise Misuse(FOLDER_UNFIT, field=f"{path.name}:1")
            for row in reader:
                if None in row or None in row.values():  # more or fewer fields than the head
                    raise Misuse(FOLDER_UNFIT, field=f"{path.name}:{reader.line_num}")
                yield (
                    reader.line_num,
                    {name: row.get(name, "").strip() for name in (*columns, *optional)},
                )
    except (OSError, UnicodeDecodeError, csv.Error):
        raise Misuse(FOLDER_UNFIT, field=path.name) from None


def inside(path: Path, name: str, line: int) -> Path:
    """A file beside the table; nothing outside the folder is opened.

    Raises:
        Misuse: ``edge.folder-unfit`` with the line.
    """
    try:
        target = (path.parent / name).resolve()
        fits = bool(name) and target.is_relative_to(path.parent.resolve()) and target.exists()
    except (OSError, ValueError):  # too long, or signs that no name has
        fits = False
    if not fits:
        raise Misuse(FOLDER_UNFIT, field=f"{path.name}:{line}")
    return target


def once(path: Path, line: int, key: object, before: set[object]) -> None:
    """Note that a row stood.

    Raises:
        Misuse: ``edge.folder-row-twice`` with the line.
    """
    if key in before:
        raise Misuse(TWICE, field=f"{path.name}:{line}")
    before.add(key)
