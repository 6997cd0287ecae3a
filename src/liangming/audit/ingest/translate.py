"""Another vendor's file becomes canonical events, by a mapping; what cannot be read is named.

Every value is taken as text and read by our own rules, so that a file's types and an engine's
time zone do not matter. A value that cannot be read is *not known* and counted with its row; it is
never guessed. A list of ways with one unknown word is not known as a whole: the unknown way might
be a face.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import duckdb

from liangming.audit.engines.duck import plain
from liangming.audit.ingest.faults import FIRST_ROWS, Fault
from liangming.audit.ingest.look import FILE_UNREADABLE
from liangming.audit.ingest.mapping import LIST_OF, MOMENTS, OWN, Mapping
from liangming.audit.ingest.texts import column, constant, moment, offset, value_of, yes_or_no
from liangming.audit.questions.profile import FITTING, REQUIRED
from liangming.audit.schema import EVENT_COLUMNS, EVENT_VERSION, FACTS, Shape
from liangming.errors import Kind, Misuse, declare

COLUMN_ABSENT = declare(
    "audit.mapped-column-absent",
    Kind.INVALID,
    zh="映射文件里写的这一列，文件里没有。",
    en="A column that the mapping file names is not in the file.",
)
SQL_TYPES: Final = {
    Shape.INT64: "BIGINT",
    Shape.INT32: "INTEGER",
    Shape.INT16: "SMALLINT",
    Shape.INT8: "TINYINT",
    Shape.TEXT: "VARCHAR",
}


@dataclass(frozen=True, slots=True)
class Translated:
    """What became of one file.

    Attributes:
        path: its canonical events.
        faults: values that could not be read.
        malformed: lines that are no rows, left out.
    """

    path: Path
    faults: tuple[Fault, ...]
    malformed: int


def clerk_key(folder: Path) -> str:
    """The key that makes clerks pseudonymous in a folder of partials; made when first needed."""
    path = folder / "clerk.key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32), "ascii")
    return path.read_text("ascii")


def translate(path: Path, mapping: Mapping, target: Path, *, key: str) -> Translated:
    """Write the canonical events of one CSV or Parquet file.

    Args:
        target: the Parquet file to write.
        key: makes clerks pseudonymous.

    Raises:
        Misuse: the file cannot be read, or a column of the mapping is not in it.
    """
    with duckdb.connect() as connection:
        try:
            _open(connection, path)
            there = {name for name, *_ in connection.execute("DESCRIBE source").fetchall()}
            asked = dict(_expressions(_only(mapping, there, path.name), key))
            rows = ", ".join(f'{said} AS "{name}"' for name, (said, _) in asked.items())
            connection.execute(f"CREATE TEMP TABLE read AS SELECT {rows}, _row FROM source")  # noqa: S608
            faults = tuple(_unread(connection, path.name, asked))
            columns = ", ".join(_final(asked))
            connection.execute(
                f"COPY (SELECT {columns} FROM read) TO ? (FORMAT parquet, COMPRESSION zstd,"  # noqa: S608
                f" KV_METADATA {{'liangming.events': '{EVENT_VERSION}'}})",
                [str(target)],
            )
            malformed = connection.execute(
                "SELECT count(DISTINCT line) FROM reject_errors"
                if path.suffix.lower() == ".csv"
                else "SELECT 0"
            ).fetchone()
        except duckdb.Error:
            raise Misuse(FILE_UNREADABLE, field=path.name) from None
    return Translated(target, faults, malformed[0] if malformed else 0)


def _open(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """The file as a view of texts with numbered rows."""
    name = plain(path).replace("'", "''")
    if path.suffix.lower() == ".csv":
        connection.execute(
            f"CREATE TEMP TABLE texts AS FROM read_csv('{name}', all_varchar = true,"
            " header = true, store_rejects = true, rejects_limit = 0, null_padding = false)"
        )
    else:
        connection.execute(f"CREATE VIEW texts AS FROM read_parquet('{name}')")
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(
        "CREATE VIEW source AS SELECT CAST(COLUMNS(*) AS VARCHAR), row_number() OVER () AS _row FROM texts"
    )


def _only(mapping: Mapping, there: set[str], name: str) -> Mapping:
    """The mapping with the columns that the file has; our own columns may be missing."""
    absent = {ours: theirs for ours, theirs in mapping.columns.items() if theirs not in there}
    absent |= {ours: theirs for ours, theirs in mapping.present.items() if theirs not in there}
    if mapping is not OWN and absent:
        raise Misuse(COLUMN_ABSENT, field=f"{name}: {min(absent.values())}")
    columns = {ours: theirs for ours, theirs in mapping.columns.items() if ours not in absent}
    return Mapping(
        columns, mapping.constants, mapping.present, mapping.zone, mapping.moment, mapping.unit,
        mapping.separator, mapping.pseudonymous, mapping.values,
    )  # fmt: skip


Asked = tuple[str, tuple[str, str]]
"""What is read, the expression that reads it, and the text it is read from ('' for none)."""


def _expressions(mapping: Mapping, key: str) -> Iterator[Asked]:
    for ours in EVENT_COLUMNS:
        if ours.name in ("facts", "known", "zone"):
            continue
        if ours.name in mapping.constants:
            yield ours.name, (constant(ours.name, mapping), "")
        elif ours.name in mapping.columns:
            text = column(mapping.columns[ours.name])
            yield ours.name, (value_of(ours.name, text, mapping, key), text)
    yield from _zones(mapping)
    yield from _facts(mapping)
    for name in MOMENTS:
        if name in mapping.columns:
            text = column(mapping.columns[name])
            yield name, (moment(text, mapping), text)


def _facts(mapping: Mapping) -> Iterator[Asked]:
    for fact in FACTS:
        if fact.name in mapping.constants:
            yield fact.name, (str(mapping.constants[fact.name] == "yes").lower(), "")
        elif fact.name in mapping.present:
            text = column(mapping.present[fact.name])
            yield fact.name, (f"coalesce({text}, '') <> ''", "")
        elif fact.name in mapping.columns:
            text = column(mapping.columns[fact.name])
            yield fact.name, (yes_or_no(text), text)


def _zones(mapping: Mapping) -> Iterator[Asked]:
    """Minutes ahead of UTC: a column, the moment's own offset, or the mapping's."""
    if "zone" in mapping.columns:
        text = column(mapping.columns["zone"])
        yield "zone", (f"coalesce(TRY_CAST({text} AS INTEGER), {offset(text)})", text)
        return
    constant = mapping.constants.get("zone", mapping.zone)
    usual = "NULL" if constant is None else str(int(constant))
    if "at" in mapping.columns and mapping.moment == "iso":
        yield "zone", (f"coalesce({offset(column(mapping.columns['at']))}, {usual})", "")
    else:
        yield "zone", (usual, "")


def _unread(
    connection: duckdb.DuckDBPyConnection, file: str, asked: dict[str, tuple[str, str]]
) -> Iterator[Fault]:
    """Texts that were there and could not be read, or read to something that does not fit."""
    told = {name: text for name, (_, text) in asked.items() if text}
    wanted = []
    for name, text in told.items():
        bad = f"r.\"{name}\" IS NULL AND coalesce(s.{text}, '') <> ''"
        if name in FITTING and name not in LIST_OF:
            low, high = FITTING[name]
            bad = f'({bad}) OR r."{name}" NOT BETWEEN {low} AND {high}'
        wanted.append(f"count(*) FILTER ({bad}), min(r._row, {FIRST_ROWS}) FILTER ({bad})")
    if not wanted:
        return
    found = connection.execute(
        f"SELECT {', '.join(wanted)} FROM read r JOIN source s USING (_row)"  # noqa: S608
    ).fetchone()
    answers = found or ()
    for name, rows, first in zip(told, answers[::2], answers[1::2], strict=True):
        if rows:
            yield Fault(file, name, "unreadable", name in REQUIRED, rows, tuple(first or ()))


def _final(asked: dict[str, tuple[str, str]]) -> Iterator[str]:
    """The canonical columns; facts as two words."""
    for ours in EVENT_COLUMNS:
        if ours.name in asked:
            kind = SQL_TYPES[ours.shape]
            yield f'TRY_CAST("{ours.name}" AS {kind}) AS "{ours.name}"'
    said, known = ["0"], ["0"]
    derived = dict(_derived(asked))
    for number, fact in enumerate(FACTS):
        condition = f'"{fact.name}"' if fact.name in asked else derived.get(fact.name)
        if condition is not None:
            said.append(f"CASE WHEN {condition} THEN {1 << number} ELSE 0 END")
            known.append(f"CASE WHEN ({condition}) IS NOT NULL THEN {1 << number} ELSE 0 END")
    yield f"CAST({' + '.join(said)} AS INTEGER) AS facts"
    yield f"CAST({' + '.join(known)} AS INTEGER) AS known"


def _derived(asked: dict[str, tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Facts about the order of moments; null where either moment is not known."""
    if {"capture_at", "notice_at"} <= asked.keys():
        yield "capture_before_notice", "capture_at < notice_at"
    if {"capture_at", "consent_at"} <= asked.keys():
        yield "capture_before_consent", "capture_at < consent_at"
    if {"capture_at", "consent_expires_at"} <= asked.keys():
        yield "consent_current", "capture_at <= consent_expires_at"
