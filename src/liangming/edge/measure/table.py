"""The tables of a labelled folder: lines with the columns that are asked, and files inside it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from liangming.errors import Kind, Misuse, declare

FOLDER_UNFIT: Final = declare(
    "edge.folder-unfit",
    Kind.INVALID,
    zh="这个目录要有 pairs.csv 或 clips.csv，各列和路径要写对（见 docs/edge.md）。",
    en="The folder needs pairs.csv or clips.csv with the right columns and paths (docs/edge.md).",
)


def rows_of(
    path: Path, columns: tuple[str, ...], optional: tuple[str, ...] = ()
) -> Iterator[tuple[int, dict[str, str]]]:
    """Lines with their numbers; optional columns that are not there are empty.

    Raises:
        Misuse: ``edge.folder-unfit`` with file and line.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not set(columns) <= set(reader.fieldnames or ()):
                raise Misuse(FOLDER_UNFIT, field=f"{path.name}:1")
            for row in reader:
                if None in row.values():
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
    target = (path.parent / name).resolve()
    if not name or not target.is_relative_to(path.parent.resolve()) or not target.exists():
        raise Misuse(FOLDER_UNFIT, field=f"{path.name}:{line}")
    return target
