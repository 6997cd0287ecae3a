"""JSON becomes a table of texts: one object a line, one array of objects, or a list inside an object.

A mapping names what it wants by dots (``auth.chosen``); ``[]`` goes into a list (``auth.ways[].code``).
A key that itself has dots is met first. A line that is no object is no row, and is counted; an array
that does not end is refused whole, for nobody could say how many rows were lost.

A key that no row of a file has is *not known*, and told: a vendor leaves keys out where there is
nothing to say, and whoever wrote the mapping may have misspelt it.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import duckdb

from liangming.audit.engines.duck import plain
from liangming.audit.ingest.form import UNREADABLE, opened, packing
from liangming.audit.ingest.mapping import OWN, Mapping
from liangming.audit.ingest.objects import (
    FILE_JSON,
    FILE_JSON_INSIDE,
    FILE_JSON_LARGE,
    beginning,
    objects,
)
from liangming.audit.ingest.texts import NESTED, quoted
from liangming.audit.questions.profile import REQUIRED
from liangming.errors import Kind, Misuse, declare

VALUE_NESTED = declare(
    "audit.mapped-column-nested",
    Kind.INVALID,
    zh="映射文件里写的这一项，在这个 JSON 里还套着别的。请用点写到里面的一项，例如 auth.chosen；列表写成 ways[].code。",
    en="What the mapping names here has more inside it in this JSON. Please name one thing in it by dots, such as"
    " auth.chosen, or ways[].code in a list.",
)

LINES: Final = "lines.jsonl"
TEXTS: Final = "texts.parquet"
_AT_ONCE: Final = 1 << 20
_NONE: Final = ("ways_down", "ways_failed")
"""Lists that say *none* where they are empty; no way at all is hardly what was offered."""
_ONE: Final = (
    f"CREATE TEMP MACRO one(v) AS CASE WHEN v IS NULL THEN NULL"
    f" WHEN CAST(v AS VARCHAR) IN ('null', '[]', '{{}}') THEN ''"
    f" WHEN starts_with(CAST(v AS VARCHAR), '\"') THEN v ->> '$'"
    f" WHEN left(CAST(v AS VARCHAR), 1) IN ('[', '{{') THEN {quoted(NESTED)}"
    f" ELSE CAST(v AS VARCHAR) END"
)
"""One value as the text that a mapping reads: empty for null, missing where the key is."""


@dataclass(frozen=True, slots=True)
class Flat:
    """What became of the objects of a file.

    Attributes:
        path: a Parquet file of texts, with our names.
        mapping: of it.
        malformed: lines that are no objects.
        absent: ours that the mapping names and no row has.
    """

    path: Path
    mapping: Mapping
    malformed: int
    absent: tuple[str, ...]


def as_lines(path: Path, folder: Path, rows: str, name: str) -> Path:
    """The same objects one a line: the file itself, or one that is written.

    Args:
        rows: the list that has them, where they are inside an object; otherwise empty.
        name: what the file is called where it came from.

    Raises:
        OSError, EOFError, zlib.error: one of them cannot be read or written.
        Misuse: as :func:`~liangming.audit.ingest.objects.objects`.
    """
    if not rows:
        with opened(path) as file:
            head = file.read(_AT_ONCE).removeprefix(codecs.BOM_UTF8)
        if not is_array(head.decode("utf-8", "replace")):
            return path
    made = folder / LINES
    with made.open("w", encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        for item in objects(path, name, rows):
            # Only between tokens does JSON have a line's end.
            file.write(item.replace("\n", " ").replace("\r", " ") + "\n")
    return made


def is_array(head: str) -> bool:
    """Whether the first line is no object of its own: an array, or an object over several lines.

    Args:
        head: how a text begins, without a mark.
    """
    first, _, more = head.lstrip().partition("\n")
    if first.startswith("["):
        return True
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        # A damaged line among others stands before one that begins anew.
        return bool(more) and not more.lstrip().startswith("{")
    return False


def blamed(failure: Misuse, path: Path, mapping: Mapping) -> Misuse:
    """A failure to find rows, or that they are in a list of which the mapping knows nothing.

    Args:
        path: the file, in UTF-8.
        mapping: by which it was read.
    """
    try:
        with opened(path) as file:
            head = file.read(_AT_ONCE).removeprefix(codecs.BOM_UTF8)
    except UNREADABLE:
        return failure
    begun = beginning(head.decode("utf-8", "replace"))
    known = {
        name.partition(".")[0] for name in (*mapping.columns.values(), *mapping.present.values())
    }
    if mapping.rows or not begun.alone or begun.longest.partition(".")[0] in {"", *known}:
        return failure
    return Misuse(FILE_JSON_INSIDE, field=(failure.field or "").partition(": ")[0])


def flat(
    connection: duckdb.DuckDBPyConnection, lines: Path, mapping: Mapping, target: Path, name: str
) -> Flat:
    """Write the texts that a mapping names, of a file with one object a line.

    Args:
        target: the Parquet file to write.
        name: what the file is called where it came from.

    Raises:
        duckdb.Error: it cannot be read or written.
        Misuse: ``audit.mapped-column-nested``; ``audit.file-json``: no line is an object.
    """
    columns = {**mapping.columns, **mapping.present}
    packed = packing(lines) or "uncompressed"
    read = f"read_ndjson_objects({quoted(plain(lines))}, ignore_errors = true, compression = '{packed}')"
    paths = {ours: _paths(theirs) for ours, theirs in columns.items()}
    asked = list(dict.fromkeys(path for some in paths.values() for path in some))
    texts = ", ".join(
        f'{_said(ours, columns[ours], [asked.index(one) + 1 for one in paths[ours]], mapping)} AS "{ours}"'
        for ours in columns
    )
    connection.execute(_ONE)
    try:
        connection.execute(
            f"COPY (SELECT {texts} FROM (SELECT json_extract(json, [{', '.join(map(quoted, asked))}]) AS v"  # noqa: S608
            f" FROM {read} WHERE json_type(json) = 'OBJECT')) TO {quoted(plain(target))}"
            " (FORMAT parquet, COMPRESSION zstd)"
        )
    except duckdb.InvalidInputException as failure:
        if "maximum_object_size" not in str(failure):
            raise
        raise Misuse(FILE_JSON_LARGE, field=name) from None
    (lines_read,) = connection.execute(f"SELECT count(*) FROM {read}").fetchone() or (0,)  # noqa: S608
    counts = ", ".join(
        f'count("{ours}"), count(*) FILTER ("{ours}" = {quoted(NESTED)}),'
        f" count(*) FILTER (\"{ours}\" NOT IN ('', {quoted(NESTED)}))"
        for ours in columns
    )
    rows, *found = connection.execute(
        f"SELECT count(*), {counts} FROM read_parquet({quoted(plain(target))})"  # noqa: S608
    ).fetchone() or (0,)
    if lines_read and not rows:
        raise Misuse(FILE_JSON, field=name)
    absent = []
    for ours, there, nested, plainly in zip(
        columns, found[::3], found[1::3], found[2::3], strict=True
    ):
        if ours in mapping.columns and nested and not plainly:
            raise Misuse(VALUE_NESTED, field=f"{name}: {columns[ours]}")
        if rows and not there:
            absent.append(ours)
    told = () if mapping is OWN else tuple(absent)  # ours may be missing
    return Flat(target, _ours(mapping, absent), lines_read - rows, told)


def _ours(mapping: Mapping, absent: Iterable[str]) -> Mapping:
    """The mapping of what was written: our names, and only those that a row has."""
    gone = set(absent)
    return replace(
        mapping,
        columns={ours: ours for ours in mapping.columns if ours not in gone},
        present={ours: ours for ours in mapping.present if ours not in gone},
    )


def _paths(theirs: str) -> list[str]:
    """Where a value may be: under a key with its dots, then by its steps; of a list, the list itself."""
    whole = theirs.partition("[]")[0]
    return list(dict.fromkeys((_pointer([whole]), _pointer(whole.split(".")))))


def _pointer(steps: Iterable[str]) -> str:
    """RFC 6901, so that no letter of a key means anything."""
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


def _said(ours: str, theirs: str, places: list[int], mapping: Mapping) -> str:
    """The text of one of ours; of a list, its words with the separator between them."""
    value = (
        f"v[{places[0]}]"
        if len(places) == 1
        else f"coalesce({', '.join(f'v[{p}]' for p in places)})"
    )
    _, listed, inner = theirs.partition("[]")
    if not listed and not ours.startswith("ways_"):
        return f"one({value})"
    item = (
        f"json_extract(x, {quoted(_pointer(inner.removeprefix('.').split('.')))})" if inner else "x"
    )
    mark = "" if ours in mapping.present else mapping.separator
    words = f"list_transform(CAST({value} AS JSON[]), lambda x: coalesce(one({item}), ''))"
    none = f" WHEN CAST({value} AS VARCHAR) = '[]' THEN 'none'" if ours in _NONE else ""
    return (
        f"CASE{none} WHEN starts_with(CAST({value} AS VARCHAR), '[')"
        f" THEN array_to_string({words}, {quoted(mark)}) ELSE one({value}) END"
    )


def required(absent: Iterable[str], mapping: Mapping) -> str | None:
    """The first of theirs that no row has and no row can count without; None if there is none."""
    lacking = [ours for ours in absent if ours in REQUIRED]
    if not lacking:
        return None
    return mapping.columns.get(min(lacking)) or " ".join(mapping.joined[min(lacking)])
