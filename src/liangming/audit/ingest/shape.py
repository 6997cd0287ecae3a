"""A vendor's table that has not one row for each check, nor one column for each of ours, becomes one that has.

1 what the file's own name says, such as the outlet, is the same in every row;
2 a row for each step of a check: the steps are gathered by the number of the check;
3 a moment in two columns, its day and its time: they are put together;
4 a column for each way, with a yes or no: they become a list.

What is not said stays not known. Steps are gathered within one file: of a check that two files hold, each has a part.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import duckdb

from liangming.audit.ingest.mapping import EXCEL, STEP, Mapping
from liangming.audit.ingest.texts import column, quoted, yes_or_no
from liangming.errors import Kind, Misuse, declare

FILE_NAME_UNFIT = declare(
    "audit.file-name-unfit",
    Kind.INVALID,
    zh="映射文件的 [file] 要从文件名取这一项，这个文件的名字（连同所在目录）里没有。",
    en="The mapping's [file] takes this from the file's name, and the name of this file, with its folder, does not have it.",
)
_PROVINCE: Final = 2
"""Digits of a province; of GB/T 2260 it has six."""
_NONE: Final = ("ways_down", "ways_failed")
"""Lists of which a check without such a step says *none*, where others in its file have one."""
_NOT_READ: Final = "?"
"""Stands for a text of which a part is missing or not understood: no word, and no moment."""


def of_file(mapping: Mapping, path: Path) -> Mapping:
    """1 The mapping with what the name of a file says.

    Raises:
        Misuse: ``audit.file-name-unfit``.
    """
    if not mapping.file:
        return mapping
    said, name = {}, f"{path.parent.name}/{path.name}"
    for ours, form in mapping.file.items():
        found = re.search(form, name)
        value = (found[1] or "").strip() if found else ""
        if not value or (ours == "province" and not value.isdecimal()):
            raise Misuse(FILE_NAME_UNFIT, field=f"{path.name}: {ours}")
        short = ours == "province" and len(value) == _PROVINCE
        said[ours] = f"{value}0000" if short else value
    return replace(mapping, constants={**mapping.constants, **said}, file={})


def is_plain(mapping: Mapping) -> bool:
    """Whether a mapping asks for one row a check and one column for each of ours."""
    return not (mapping.steps or mapping.joined or mapping.ways)


def wanted(mapping: Mapping) -> dict[str, str]:
    """Every column that a mapping names, under its own name; of a step the column without it."""
    names = [*mapping.columns.values(), *mapping.present.values()]
    names += [theirs for some in mapping.joined.values() for theirs in some]
    names += [theirs for some in mapping.ways.values() for theirs in some.values()]
    if not mapping.steps:
        return {name: name for name in names}
    return {name: name for name in (*mapping.steps, *(_apart(name)[0] for name in names))}


@dataclass(frozen=True, slots=True)
class Shaped:
    """What a table became.

    Attributes:
        view: its name.
        mapping: of it: one row a check, one column for each of ours.
        unnumbered: rows of steps that name no check.
        absent: ours that the mapping names by steps of which the file has none.
    """

    view: str
    mapping: Mapping
    unnumbered: int = 0
    absent: tuple[str, ...] = ()


def shaped(connection: duckdb.DuckDBPyConnection, mapping: Mapping, view: str) -> Shaped:
    """Put a view on a table in which a mapping that is not plain becomes one that is.

    Args:
        connection: has the table.
        mapping: all whose columns are there.
        view: the table's name.

    Raises:
        duckdb.Error: it cannot be read.
    """
    if is_plain(mapping):
        return Shaped(view, mapping)
    unnumbered = 0
    absent: tuple[str, ...] = ()
    if mapping.steps:
        unnumbered, absent = _gathered(connection, mapping, view)
        view, mapping = "gathered", _without(mapping, absent)
    made = {**dict(_moments(mapping)), **dict(_lists(mapping))}
    columns = "".join(f", {said} AS {column(_made(ours))}" for ours, said in made.items())
    connection.execute(f"CREATE TEMP VIEW shaped AS SELECT *{columns} FROM {view}")  # noqa: S608
    named = {**mapping.columns, **{ours: _made(ours) for ours in made}}
    plain = replace(mapping, columns=named, joined={}, ways={}, steps=())
    return Shaped("shaped", plain, unnumbered, absent)


def _gathered(
    connection: duckdb.DuckDBPyConnection, mapping: Mapping, view: str
) -> tuple[int, tuple[str, ...]]:
    """2 One row for each number of a check, in the order of their first rows."""
    check, step = map(column, mapping.steps)
    asked = {name: _apart(name) for name in _named(mapping)}
    steps = sorted({said for _, said in asked.values() if said})
    counts = "".join(f", count(*) FILTER (trim({step}) = {quoted(one)})" for one in steps)
    unnumbered, *found = connection.execute(
        f"SELECT count(*) FILTER (coalesce(trim({check}), '') = ''){counts} FROM {view}"  # noqa: S608
    ).fetchone() or (0,)
    gone = {one for one, rows in zip(steps, found, strict=True) if not rows}
    listed = {name for ours, name in mapping.columns.items() if ours.startswith("ways_")}
    none = {name for ours, name in mapping.columns.items() if ours in _NONE}
    columns = ", ".join(
        f"{_first(name, asked[name], step, mapping, listed=name in listed, none=name in none)}"
        for name in asked
    )
    connection.execute(
        f"CREATE TEMP VIEW gathered AS SELECT {columns} FROM"  # noqa: S608
        f' (SELECT *, row_number() OVER () AS "=row" FROM {view})'
        f" WHERE coalesce(trim({check}), '') <> '' GROUP BY trim({check}) ORDER BY min(\"=row\")"
    )
    return unnumbered, tuple(_of_steps(mapping, gone))


def _first(
    name: str,
    parts: tuple[str, str],
    step: str,
    mapping: Mapping,
    *,
    listed: bool,
    none: bool,
) -> str:
    """What a check's rows say in a column: the first that says something; of a list of ways, all."""
    theirs, of_step = parts
    text = column(theirs)
    asked = f"coalesce(trim({text}), '') <> ''"
    asked += f" AND trim({step}) = {quoted(of_step)}" if of_step else ""
    if not listed:
        return f'arg_min({text}, "=row") FILTER ({asked}) AS {column(name)}'
    mark = quoted(mapping.separator)
    said = f'string_agg({text}, {mark} ORDER BY "=row") FILTER ({asked})'
    if none and of_step:
        said = f"coalesce({said}, 'none')"
    return f"{said} AS {column(name)}"


def _named(mapping: Mapping) -> list[str]:
    names = [*mapping.columns.values(), *mapping.present.values()]
    names += [theirs for some in mapping.joined.values() for theirs in some]
    names += [theirs for some in mapping.ways.values() for theirs in some.values()]
    return list(dict.fromkeys(names))


def _apart(name: str) -> tuple[str, str]:
    """A column, and the step in whose row it is meant; "" for any."""
    theirs, mark, step = name.rpartition(STEP)
    return (theirs, step.strip()) if mark and theirs else (name, "")


def _of_steps(mapping: Mapping, gone: set[str]) -> Iterator[str]:
    """Ours that rest on steps of which a file has none."""
    for ours, some in _by_ours(mapping):
        if any(_apart(theirs)[1] in gone for theirs in some):
            yield ours


def _by_ours(mapping: Mapping) -> Iterator[tuple[str, tuple[str, ...]]]:
    for ours, theirs in (*mapping.columns.items(), *mapping.present.items()):
        yield ours, (theirs,)
    yield from mapping.joined.items()
    for ours, some in mapping.ways.items():
        yield ours, tuple(some.values())


def _without(mapping: Mapping, gone: tuple[str, ...]) -> Mapping:
    return replace(
        mapping,
        columns={ours: one for ours, one in mapping.columns.items() if ours not in gone},
        present={ours: one for ours, one in mapping.present.items() if ours not in gone},
        joined={ours: one for ours, one in mapping.joined.items() if ours not in gone},
        ways={ours: one for ours, one in mapping.ways.items() if ours not in gone},
    )


def _moments(mapping: Mapping) -> Iterator[tuple[str, str]]:
    """3 A day and a time as one text; where one of them is missing it cannot be read."""
    for ours, theirs in mapping.joined.items():
        parts = [f"trim(coalesce({column(name)}, ''))" for name in theirs]
        empty = " AND ".join(f"{part} = ''" for part in parts)
        some = " OR ".join(f"{part} = ''" for part in parts)
        if mapping.moment == EXCEL:
            numbers = (f"TRY_CAST({part} AS DOUBLE)" for part in parts)
            whole = f"coalesce(CAST({' + '.join(numbers)} AS VARCHAR), {quoted(_NOT_READ)})"
        else:
            # A workbook's day is a moment at midnight.
            bare = [f"regexp_replace({part}, '[ T]00:00:00$', '')" for part in parts[:-1]]
            whole = f"concat_ws(' ', {', '.join([*bare, parts[-1]])})"
        yield (
            ours,
            f"CASE WHEN {empty} THEN '' WHEN {some} THEN {quoted(_NOT_READ)} ELSE {whole} END",
        )


def _lists(mapping: Mapping) -> Iterator[tuple[str, str]]:
    """4 The ways whose columns say yes; a list with one that says neither is not known as a whole."""
    for ours, ways in mapping.ways.items():
        said = [(way, yes_or_no(column(theirs), mapping)) for way, theirs in ways.items()]
        texts = [f"coalesce({column(theirs)}, '')" for theirs in ways.values()]
        blank = " AND ".join(f"{text} = ''" for text in texts)
        unknown = " OR ".join(f"({answer}) IS NULL" for _, answer in said)
        words = ", ".join(f"CASE WHEN {answer} THEN {quoted(way)} END" for way, answer in said)
        listed = f"concat_ws({quoted(mapping.separator)}, {words})"
        some = (
            f"WHEN {unknown} THEN {quoted(_NOT_READ)} WHEN {listed} = '' THEN 'none' ELSE {listed}"
        )
        yield ours, f"CASE WHEN ({unknown}) AND {blank} THEN '' {some} END"


def _made(ours: str) -> str:
    """What a column that is made here is called; no vendor's is called so."""
    return f"={ours}"
