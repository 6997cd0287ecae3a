"""How one value of a vendor's text is read, as an expression of DuckDB."""

from __future__ import annotations

from typing import Final

from liangming.audit.ingest.mapping import EPOCHS, EXCEL, LIST_OF, LISTS, NO, UNITS, YES, Mapping
from liangming.audit.schema import NONE_CHOSEN

_EXCEL_1970: Final = 25_569
"""1970-01-01 as a spreadsheet counts days."""
_OFFSET: Final = r"(Z|[+-][0-9]{2}:?[0-9]{2})$"
_SHORT: Final = r":[0-9]{2}(?:[.][0-9]+)?([+-][0-9]{2})$"
"""Only after a time: a date ends so, too."""

NESTED: Final = "\ufdd0"
"""Stands for what has more inside it, where one value is meant: no text reads so."""


def value_of(name: str, text: str, mapping: Mapping, key: str) -> str:
    """One of our columns, read from a text; null where it cannot be read."""
    if name in LIST_OF:
        return _listed(name, text, mapping)
    plainly = f"nullif(nullif({text}, ''), {quoted(NESTED)})"
    clerk = plainly
    if not mapping.pseudonymous:
        clerk = f"substr(sha256('{key}' || {clerk}), 1, 16)"
    number = f"TRY_CAST({text} AS INTEGER)"
    hashed = f"CAST('0x' || substr(md5({plainly}), 1, 15) AS BIGINT)"
    return {
        "at": moment(text, mapping),
        "event": f"coalesce(TRY_CAST({text} AS BIGINT), {hashed})",
        "operator": plainly,
        "outlet": plainly,
        "clerk": clerk,
        "duration_ms": f"CAST(round(TRY_CAST({text} AS DOUBLE) * {UNITS[mapping.unit]}) AS BIGINT)",
        "province": f"CASE WHEN {number} < 100 THEN {number} * 10000 ELSE {number} END",
    }[name]


def _listed(name: str, text: str, mapping: Mapping) -> str:
    if not name.startswith("ways_"):
        none = name.startswith("way_")
        number = word_number(text, LIST_OF[name], mapping, bits=False, none=none)
        return f"nullif({number}, -1)"
    words = f"list_distinct(string_split({text}, {quoted(mapping.separator)}))"
    bits = f"list_transform({words}, lambda x: {word_number('x', 'way', mapping, bits=True)})"
    return (
        f"CASE WHEN trim({text}) = 'none' THEN 0 WHEN list_contains({bits}, -1) THEN NULL"
        f" ELSE list_sum(list_distinct({bits})) END"
    )


def word_number(text: str, name: str, mapping: Mapping, *, bits: bool, none: bool = False) -> str:
    """A word's number in its list (or its bit), -1 where it is not in it."""
    ours = {word: number for number, word in enumerate(LISTS[name])}
    words = dict(ours)
    words |= {theirs: ours[word] for theirs, word in mapping.values.get(name, {}).items()}
    if none:
        words["none"] = NONE_CHOSEN
    cases = " ".join(
        f"WHEN {quoted(word)} THEN {1 << number if bits else number}"
        for word, number in words.items()
    )
    return f"CASE trim({text}) {cases} ELSE -1 END"


def constant(name: str, mapping: Mapping) -> str:
    """What is the same in every row."""
    value = mapping.constants[name]
    if name in LIST_OF:
        numbers = [LISTS[LIST_OF[name]].index(word) for word in value.split("|")]
        return str(sum(1 << n for n in numbers) if name.startswith("ways_") else numbers[0])
    return quoted(value) if name in ("operator", "outlet", "clerk") else str(int(value))


def moment(text: str, mapping: Mapping) -> str:
    """Microseconds of UTC."""
    if isinstance(mapping.moment, str) and mapping.moment in EPOCHS:
        return (
            f"CAST(round(TRY_CAST({text} AS DECIMAL(38, 6)) * {EPOCHS[mapping.moment]}) AS BIGINT)"
        )
    behind = f"CAST(coalesce({offset(text)}, {mapping.zone or 0}) AS BIGINT) * 60000000"
    zone = "NULL" if mapping.zone is None else str(mapping.zone * 60_000_000)
    if mapping.moment == EXCEL:
        since_1970 = f"TRY_CAST({text} AS DOUBLE) - {_EXCEL_1970}"
        return f"CAST(round(({since_1970}) * 86400000) AS BIGINT) * 1000 - {zone}"
    if isinstance(mapping.moment, tuple):
        patterns = ", ".join(map(quoted, mapping.moment))
        return f"epoch_us(try_strptime(trim({text}), [{patterns}])) - {zone}"
    bare = f"left({text}, length({text}) - length({_said_offset(text)}))"
    said = f"TRY_CAST({bare} AS TIMESTAMP)"
    known = f"({offset(text)} IS NOT NULL OR {mapping.zone is not None})"
    whole = f"TRY_CAST({text} AS BIGINT)"
    return f"coalesce({whole}, CASE WHEN {known} THEN epoch_us({said}) - {behind} END)"


def offset(text: str) -> str:
    """Minutes that a written moment says it is ahead of UTC, null where it says nothing."""
    said = _said_offset(text)
    minutes = (
        f"TRY_CAST(substr({said}, 2, 2) AS INTEGER) * 60"
        f" + CASE WHEN length({said}) > 3 THEN TRY_CAST(right({said}, 2) AS INTEGER) ELSE 0 END"
    )
    return (
        f"CASE WHEN {said} = 'Z' THEN 0 WHEN {said} = '' OR {text} IS NULL THEN NULL"
        f" WHEN left({said}, 1) = '-' THEN -({minutes}) ELSE {minutes} END"
    )


def _said_offset(text: str) -> str:
    """The offset as it is written, '' for none; null for no text."""
    return (
        f"coalesce(nullif(regexp_extract({text}, '{_OFFSET}'), ''),"
        f" regexp_extract({text}, '{_SHORT}', 1))"
    )


def yes_or_no(text: str, mapping: Mapping) -> str:
    """A fact: true, false, or null; the mapping's own words come first, and an empty text may be one."""
    own = mapping.values.get("fact", {})
    whole = f"trim(coalesce({text}, ''))"
    said = f"lower({whole})"
    theirs = "".join(
        f" WHEN {whole} = {quoted(word.strip())} THEN {str(ours == 'yes').lower()}"
        for word, ours in own.items()
    )
    return (
        f"CASE{theirs} WHEN {said} IN ({', '.join(map(quoted, YES))}) THEN true"
        f" WHEN {said} IN ({', '.join(map(quoted, NO))}) THEN false END"
    )


def column(name: str) -> str:
    """A column's name, quoted."""
    return '"' + name.replace('"', '""') + '"'


def quoted(text: str) -> str:
    """A text, quoted."""
    return "'" + text.replace("'", "''") + "'"
