"""A mapping file: how another vendor's columns become ours. A small TOML file, read once.

Anything in it that is not understood is an error that names the place: a mapping half understood
would count wrongly and say nothing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from liangming.audit.ingest.form import ENCODINGS
from liangming.audit.schema import (
    CHANNELS,
    EVENT_COLUMNS,
    FACTS,
    OUTCOMES,
    REASONS,
    SCENE_KINDS,
    WAYS,
)
from liangming.errors import Kind, Misuse, declare

MAPPING_UNREADABLE = declare(
    "audit.mapping-unreadable",
    Kind.MALFORMED,
    zh="映射文件读不了：不存在，或者不是 TOML。",
    en="The mapping file cannot be read: it is not there, or it is no TOML.",
)
MAPPING_UNFIT = declare(
    "audit.mapping-unfit",
    Kind.INVALID,
    zh="映射文件里这一处不认识或者不合规定，请对照文档。",
    en="This place of the mapping file is not known or does not fit; please see the documentation.",
)

MAPPING_LACKS = declare(
    "audit.mapping-lacks",
    Kind.INVALID,
    zh="映射文件里缺这一项，没有它一行也不能计入：在 [columns] 里写它是哪一列，或者在 [constants] 里写它是什么。",
    en="The mapping lacks this, and without it no row can count: say in [columns] which column it is, or"
    " in [constants] what it is.",
)

LISTS: Final = {
    "way": WAYS,
    "scene_kind": SCENE_KINDS,
    "channel": CHANNELS,
    "outcome": OUTCOMES,
    "reason": REASONS,
}
"""The closed lists a vendor's words are mapped to, by the name of their table of values."""

WORDS: Final = {**LISTS, "fact": ("yes", "no")}
"""The tables of values that a mapping may have; those of facts say which words are a yes or a no."""

LIST_OF: Final = {
    "ways_offered": "way", "ways_down": "way", "ways_failed": "way", "way_first": "way",
    "way_chosen": "way", "way_completed": "way", "scene_kind": "scene_kind",
    "channel": "channel", "outcome": "outcome", "reason": "reason",
}  # fmt: skip
MOMENTS: Final = ("notice_at", "consent_at", "capture_at", "consent_expires_at")
"""Moments that a vendor may log; facts about their order are derived from them."""

UNITS: Final = {"ms": 1, "s": 1000, "min": 60_000}
EPOCHS: Final = {"epoch-s": 1_000_000, "epoch-ms": 1000, "epoch-us": 1}
EXCEL: Final = "excel"
"""Moments as a spreadsheet counts them: days since 1899-12-30, in the place's own time."""

STEP: Final = "@"
"""Between a column and the step in whose row it is meant."""
OF_FILE: Final = ("operator", "outlet", "province")
"""What the name of a file may say."""
WAYS_APART: Final = ("ways_offered", "ways_down", "ways_failed")

MOST_SKIPPED: Final = 100
_FEW: Final = 16
"""Words that are all named where one does not fit."""
_KEYS: Final = (
    "version", "columns", "constants", "present", "values", "zone", "moment", "unit", "separator",
    "pseudonymous", "encoding", "skip", "sheet", "rows", "file", "steps", "ways",
)  # fmt: skip
YES: Final = ("1", "true", "t", "yes", "y", "是", "有")
NO: Final = ("0", "false", "f", "no", "n", "否", "无")
_FACTS: Final = frozenset(fact.name for fact in FACTS)
_COLUMNS: Final = frozenset(column.name for column in EVENT_COLUMNS) - {"facts", "known"}


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping, as read.

    Attributes:
        columns: our column (also a fact or a moment) to the vendor's.
        constants: our column to what it is in every row, in our words; facts are "yes" or "no".
        present: facts that are so where the vendor's column is not empty.
        zone: minutes ahead of UTC where a moment has no offset of its own.
        moment: ``iso``, an epoch, ``excel``, or patterns such as ``%Y/%m/%d %H:%M:%S``, of which the
            first that fits is taken.
        unit: of the duration.
        separator: between the ways of a list.
        pseudonymous: whether clerks already are; otherwise they are hashed with a key.
        values: for each list, the vendor's word to ours; of facts, the vendor's word to yes or no.
        encoding: of a text; one of :data:`~liangming.audit.ingest.form.ENCODINGS`.
        skip: lines above the names of the columns.
        sheet: of a workbook; empty for the only one that has rows.
        rows: the list that has them, by dots, where JSON has them inside an object.
        joined: moments that stand in several columns, a day and a time, in their order.
        ways: lists of ways that stand in a column for each way.
        steps: of a table with a row for each step, the columns that name the check and the step.
        file: what the file's name says, as a regular expression with one group.
    """

    columns: dict[str, str]
    constants: dict[str, str] = field(default_factory=dict)
    present: dict[str, str] = field(default_factory=dict)
    zone: int | None = None
    moment: str | tuple[str, ...] = "iso"
    unit: str = "ms"
    separator: str = "|"
    pseudonymous: bool = False
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    encoding: str = "utf-8"
    skip: int = 0
    sheet: str = ""
    rows: str = ""
    joined: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ways: dict[str, dict[str, str]] = field(default_factory=dict)
    steps: tuple[str, ...] = ()
    file: dict[str, str] = field(default_factory=dict)


OWN: Final = Mapping(
    columns={name: name for name in (*sorted(_COLUMNS), *sorted(_FACTS))},
    pseudonymous=True,
)
"""Our own columns in CSV: words for codes, ``|`` between ways, a column for each fact."""


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file.

    Raises:
        Misuse: ``audit.mapping-unreadable``; ``audit.mapping-unfit`` naming the place;
            ``audit.mapping-lacks`` naming what no row can count without.
    """
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as failure:
        line = re.search(r"line (\d+)", str(failure))
        where = f"{path.name}: 行 line {line[1]}" if line else path.name
        raise Misuse(MAPPING_UNREADABLE, field=where) from None
    except (OSError, UnicodeDecodeError):
        raise Misuse(MAPPING_UNREADABLE, field=path.name) from None
    if told.pop("version", None) != 1:
        raise _misfit("version", "", ("1",))
    values = told.pop("values", {})
    if not isinstance(values, dict) or set(values) - set(WORDS):
        raise _misfit("values", "", WORDS)
    joined = _joined(told)
    mapping = Mapping(
        columns=_texts(told, "columns", _COLUMNS | _FACTS | set(MOMENTS)),
        constants=_texts(told, "constants", _COLUMNS | _FACTS),
        present=_texts(told, "present", _FACTS),
        zone=_zone(told.pop("zone", None)),
        moment=_moment(told.pop("moment", "iso")),
        unit=_text(told, "unit", "ms"),
        separator=_text(told, "separator", "|"),
        pseudonymous=told.pop("pseudonymous", False) is True,
        values={name: _words(name, table) for name, table in values.items()},
        encoding=_text(told, "encoding", "utf-8").lower(),
        skip=told.pop("skip", 0),
        sheet=_text(told, "sheet", "") if "sheet" in told else "",
        rows=_text(told, "rows", "") if "rows" in told else "",
        joined=joined,
        ways=_ways(told.pop("ways", {})),
        steps=_steps(told.pop("steps", None)),
        file=_file(told),
    )
    if told:
        raise _misfit(min(told), min(told), _KEYS)
    for misfit in _unfit(mapping):
        raise misfit
    for name in ("at", "operator", "outlet"):
        if not any(name in some for some in _places(mapping)):
            raise Misuse(MAPPING_LACKS, field=name)
    return mapping


def _places(mapping: Mapping) -> tuple[dict[str, Any], ...]:
    """Where a mapping may say one of ours."""
    return (
        mapping.columns, mapping.joined, mapping.ways, mapping.present, mapping.constants, mapping.file,
    )  # fmt: skip


def _misfit(place: str, said: str, allowed: Iterable[str]) -> Misuse:
    """What does not fit, with the words that would: those that are like it, or all if they are few."""
    words = list(allowed)
    shown = get_close_matches(said, words) or (words if len(words) <= _FEW else [])
    return Misuse(MAPPING_UNFIT, field=f"{place}: {' | '.join(shown)}" if shown else place)


def _unfit(mapping: Mapping) -> Iterator[Misuse]:
    """The places that do not fit the others."""
    for name, value in mapping.constants.items():
        if not _known_constant(name, value):
            fit = LISTS[LIST_OF[name]] if name in LIST_OF else ("yes", "no")
            yield _misfit(f"constants.{name}", value, fit)
    said = [name for some in _places(mapping) for name in some]
    for name in said:
        if said.count(name) > 1:
            yield _misfit(name, "", ())
    if mapping.ways and any(mapping.separator in way for way in WAYS):
        yield _misfit("separator", "", ())
    if mapping.unit not in UNITS:
        yield _misfit("unit", "", UNITS)
    if mapping.encoding not in ENCODINGS:
        yield _misfit("encoding", "", ENCODINGS)
    if type(mapping.skip) is not int or not 0 <= mapping.skip <= MOST_SKIPPED:
        yield _misfit("skip", "", ())


def _texts(told: dict[str, Any], name: str, allowed: frozenset[str] | set[str]) -> dict[str, str]:
    table = told.pop(name, {})
    if not isinstance(table, dict):
        raise Misuse(MAPPING_UNFIT, field=name)
    for key, value in table.items():
        if key not in allowed or not isinstance(value, str) or not value:
            raise _misfit(f"{name}.{key}", key, () if key in allowed else allowed)
    return table


def _joined(told: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Moments of several columns; they leave the table of columns."""
    columns = told.get("columns")
    found: dict[str, tuple[str, ...]] = {}
    if not isinstance(columns, dict):
        return found
    for name in [name for name, theirs in columns.items() if isinstance(theirs, list)]:
        theirs = columns.pop(name)
        fit = len(theirs) > 1 and all(isinstance(one, str) and one for one in theirs)
        if name not in ("at", *MOMENTS) or not fit:
            raise _misfit(f"columns.{name}", "", ())
        found[name] = tuple(theirs)
    return found


def _ways(told: Any) -> dict[str, dict[str, str]]:
    """Lists of ways with a column for each way."""
    if not isinstance(told, dict) or set(told) - set(WAYS_APART):
        raise _misfit("ways", "", WAYS_APART)
    return {name: _texts(told, name, set(WAYS)) for name in list(told)}


def _steps(told: Any) -> tuple[str, ...]:
    if told is None:
        return ()
    fit = isinstance(told, dict) and set(told) == {"check", "step"}
    if not fit or not all(isinstance(one, str) and one for one in told.values()):
        raise _misfit("steps", "", ("check", "step"))
    return told["check"], told["step"]


def _file(told: dict[str, Any]) -> dict[str, str]:
    table = _texts(told, "file", set(OF_FILE))
    for name, form in table.items():
        try:
            fit = re.compile(form).groups == 1
        except re.error:
            fit = False
        if not fit:
            raise _misfit(f"file.{name}", "", ("(…)",))
    return table


def _text(told: dict[str, Any], name: str, usual: str) -> str:
    value = told.pop(name, usual)
    if not isinstance(value, str) or not value:
        raise Misuse(MAPPING_UNFIT, field=name)
    return value


def _moment(value: Any) -> str | tuple[str, ...]:
    if isinstance(value, str) and value in ("iso", EXCEL, *EPOCHS):
        return value
    patterns = (value,) if isinstance(value, str) else value
    fit = isinstance(patterns, (list, tuple)) and all(
        isinstance(pattern, str) and "%" in pattern for pattern in patterns
    )
    if not fit or not patterns:
        raise _misfit("moment", "", ("iso", EXCEL, *EPOCHS, "%Y-%m-%d %H:%M:%S"))
    return tuple(patterns)


def _words(name: str, table: Any) -> dict[str, str]:
    if not isinstance(table, dict):
        raise Misuse(MAPPING_UNFIT, field=f"values.{name}")
    for word, ours in table.items():
        if ours not in WORDS[name]:
            raise _misfit(f"values.{name}.{word}", str(ours), WORDS[name])
    return table


def _known_constant(name: str, value: str) -> bool:
    if name in _FACTS:
        return value in ("yes", "no")
    if name in LIST_OF:
        return all(word in LISTS[LIST_OF[name]] for word in value.split("|"))
    return True


def _zone(value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, str) and len(value) == len("+08:00") and value[0] in "+-":
        hours, _, minutes = value[1:].partition(":")
        if hours.isdecimal() and minutes.isdecimal() and int(hours) <= 14 and int(minutes) < 60:  # noqa: PLR2004
            ahead = int(hours) * 60 + int(minutes)
            return ahead if value[0] == "+" else -ahead
    raise _misfit("zone", "", ("+08:00",))
