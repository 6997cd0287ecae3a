"""Another vendor's file becomes canonical events, by a mapping; what cannot be read is named.

Every value is taken as text and read by our own rules, so that a file's types and an engine's
time zone do not matter. A value that cannot be read is *not known* and counted with its row; it is
never guessed. A list of ways with one unknown word is not known as a whole: the unknown way might
be a face.
"""

from __future__ import annotations

import errno
import hashlib
import secrets
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import duckdb

from liangming.audit.engines.database import MEMORY, database, heeding
from liangming.audit.engines.duck import ENGINE_FAILED, plain
from liangming.audit.ingest.faults import ABSENT, NAMED, UNREAD, Fault, unread
from liangming.audit.ingest.form import (
    UNREADABLE,
    as_utf8,
    is_json,
    is_parquet,
    is_whole,
    is_workbook,
    packing,
    refuse_other,
)
from liangming.audit.ingest.look import FILE_UNREADABLE, refused
from liangming.audit.ingest.mapping import MOMENTS, OWN, Mapping
from liangming.audit.ingest.nested import TEXTS, Flat, as_lines, blamed, flat, required
from liangming.audit.ingest.shape import is_plain, of_file, shaped, wanted
from liangming.audit.ingest.texts import (
    column,
    constant,
    moment,
    offset,
    quoted,
    value_of,
    yes_or_no,
)
from liangming.audit.ingest.workbook import as_text
from liangming.audit.partials.chain import PARTIALS_FAILED
from liangming.audit.schema import EVENT_COLUMNS, EVENT_VERSION, FACTS, Shape
from liangming.errors import Kind, Misuse, Outage, declare

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
KINDS: Final = {column.name: SQL_TYPES[column.shape] for column in EVENT_COLUMNS}
WRITTEN: Final = "rows.csv"
OURS: Final = ", delim = ',', quote = '\"', escape = '\"'"
"""How the text of a workbook is written here: nothing about it need be guessed."""


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
    """The key that makes clerks pseudonymous in a folder of partials; made when first needed.

    It is there whole or not at all: an empty key would hide nobody.

    Raises:
        Outage: ``audit.partials-failed``.
    """
    path = folder / "clerk.key"
    try:
        if not path.exists():
            made = path.with_suffix(".loose")
            made.unlink(missing_ok=True)
            made.touch(mode=0o600)
            made.write_text(secrets.token_hex(32), "ascii")
            made.rename(path)
        return path.read_text("ascii")
    except OSError:
        raise Outage(PARTIALS_FAILED) from None


def translated(
    path: Path, mapping: Mapping, digest: str, folder: Path, *, key: str, memory: str = MEMORY
) -> Translated:
    """The same, or what an earlier run made of the same bytes by the same mapping.

    Args:
        digest: of the file's bytes.
        folder: where it lies until the run is over.

    Raises:
        Misuse, Outage: as :func:`translate`.
    """
    mapping = of_file(mapping, path)
    asked = f"{EVENT_VERSION} {mapping} {hashlib.sha256(key.encode()).hexdigest()}"
    name = f"{digest[:32]}-{hashlib.sha256(asked.encode()).hexdigest()[:16]}"
    for made in folder.glob(f"{name}-*.parquet"):
        malformed = int(made.stem.rpartition("-")[2])
        return Translated(made, tuple(unread(made, path.name)), malformed)
    loose = folder / f"{name}.loose"
    became = translate(path, mapping, loose, key=key, memory=memory)
    made = folder / f"{name}-{became.malformed}.parquet"
    loose.rename(made)
    return Translated(made, became.faults, became.malformed)


def translate(
    path: Path, mapping: Mapping, target: Path, *, key: str, memory: str = MEMORY
) -> Translated:
    """Write the canonical events of one text or Parquet file, in one pass and bounded memory.

    Args:
        target: the Parquet file to write; what is needed meanwhile lies beside it.
        key: makes clerks pseudonymous.
        memory: bound of the working memory.

    Raises:
        Misuse: the file cannot be read, is in another encoding than was said, or a column of the
            mapping is not in it.
        Outage: ``audit.engine-failed``: there was too little room, on the disk or in memory.
    """
    plain_text, mapping = not is_parquet(path), of_file(mapping, path)
    with tempfile.TemporaryDirectory(prefix="text-", dir=target.parent) as name:
        source, folder = path, Path(name)
        json = False
        try:
            if plain_text and is_workbook(path):
                source = folder / WRITTEN
                as_text(path, mapping, source)
                mapping = replace(mapping, skip=0) if mapping.skip else mapping
            elif plain_text and mapping.encoding != "utf-8":
                source = folder / "text.csv"
                as_utf8(path, mapping.encoding, source)
            elif plain_text:
                refuse_other(path)
                _refuse_cut(path)
            json = plain_text and source.name != WRITTEN and is_json(source)
            plainly = source
            if json:
                source = as_lines(source, folder, mapping.rows, path.name)
            with database(folder, memory=memory) as connection:
                return heeding(
                    connection,
                    lambda: _translated(
                        connection, (path, source, folder, target), mapping, json=json, key=key
                    ),
                )
        except UNREADABLE as failure:
            raise _blamed(failure, path) from None
        except Misuse as failure:
            raise (blamed(failure, plainly, mapping) if json else failure) from None


def _refuse_cut(path: Path) -> None:
    """Refuse what is packed by zstd and cut off: DuckDB would read what is there and not say so."""
    if packing(path) == "zstd" and not is_whole(path):
        raise Misuse(FILE_UNREADABLE, field=path.name)


def _translated(
    connection: duckdb.DuckDBPyConnection,
    paths: tuple[Path, Path, Path, Path],
    mapping: Mapping,
    *,
    json: bool,
    key: str,
) -> Translated:
    path, source, folder, target = paths
    text = not json and not is_parquet(source)
    ours = source.name == WRITTEN
    malformed, foreign = 0, False
    absent: tuple[str, ...] = ()
    try:
        if json:
            plain = _flat(connection, source, mapping, folder / TEXTS, path.name)
            source, mapping, malformed = plain.path, plain.mapping, plain.malformed
            text, foreign, absent = False, malformed > 0, plain.absent
        _open(connection, source, mapping, text=text, dialect=OURS if ours else "")
        there = {name for name, *_ in connection.execute("DESCRIBE source").fetchall()}
        if not is_plain(mapping) and (gone := wanted(mapping).keys() - there):
            raise Misuse(COLUMN_ABSENT, field=f"{path.name}: {min(gone)}")
        became = shaped(connection, mapping, "source")
        absent += became.absent
        if lacking := required(became.absent, mapping):
            raise Misuse(COLUMN_ABSENT, field=f"{path.name}: {lacking}")
        if became.view != "source":
            there = {name for name, *_ in connection.execute("DESCRIBE shaped").fetchall()}
        asked = dict(_expressions(_only(became.mapping, there, path.name), key))
        rows = ", ".join(f'{said} AS "{name}"' for name, (said, _) in asked.items())
        columns = ", ".join(_final(asked))
        connection.execute(
            f"COPY (SELECT {columns} FROM (SELECT *, {_unread(asked)} AS {UNREAD}"  # noqa: S608
            f" FROM (SELECT {rows}, {_texts(asked)} FROM {became.view}))) TO ?"
            " (FORMAT parquet, COMPRESSION zstd,"
            f" KV_METADATA {{'liangming.events': '{EVENT_VERSION}', {quoted(ABSENT)}: {quoted(','.join(absent))}}})",
            [str(target)],
        )
        if text:
            malformed, foreign = connection.execute(
                "SELECT count(DISTINCT line), coalesce(bool_or(error_type = 'INVALID ENCODING'), false)"
                " FROM reject_errors"
            ).fetchone() or (0, False)
    except (duckdb.OutOfMemoryException, duckdb.IOException):
        if not is_whole(path):
            raise Misuse(FILE_UNREADABLE, field=path.name) from None
        raise Outage(ENGINE_FAILED) from None
    except duckdb.Error:
        raise Misuse(FILE_UNREADABLE, field=path.name) from None
    if foreign and source == path:
        refuse_other(path, whole=True)
    return Translated(target, tuple(unread(target, path.name)), malformed + became.unnumbered)


def _flat(
    connection: duckdb.DuckDBPyConnection, lines: Path, mapping: Mapping, target: Path, name: str
) -> Flat:
    """The texts of a file of JSON, under our names or, where they must be shaped yet, under theirs."""
    if not is_plain(mapping):
        theirs = replace(mapping, columns=wanted(mapping), present={})
        became = flat(connection, lines, theirs, target, name)
        if became.absent:
            raise Misuse(COLUMN_ABSENT, field=f"{name}: {min(became.absent)}")
        return replace(became, mapping=mapping)
    became = flat(connection, lines, mapping, target, name)
    if lacking := required(became.absent, mapping):
        raise Misuse(COLUMN_ABSENT, field=f"{name}: {lacking}")
    return became


def _blamed(failure: Exception, path: Path) -> Exception:
    """Whether a file or the room for what becomes of it is at fault."""
    if isinstance(failure, OSError) and failure.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Outage(ENGINE_FAILED)
    return refused(failure, path)


def _open(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    mapping: Mapping,
    *,
    text: bool,
    dialect: str,
) -> None:
    """The file as a view of texts."""
    name = plain(path).replace("'", "''")
    connection.execute("SET TimeZone = 'UTC'")
    if text:
        read = (
            f"read_csv('{name}', all_varchar = true, header = true, store_rejects = true,"
            f" rejects_limit = 0, null_padding = false, compression = '{packing(path) or 'none'}',"
            f" skip = {mapping.skip}{dialect})"
        )
    else:
        read = f"read_parquet('{name}')"
    connection.execute(
        f"CREATE TEMP VIEW source AS SELECT CAST(COLUMNS(*) AS VARCHAR) FROM {read}"  # noqa: S608
    )


def _only(mapping: Mapping, there: set[str], name: str) -> Mapping:
    """The mapping with the columns that the file has; our own columns may be missing."""
    absent = {ours: theirs for ours, theirs in mapping.columns.items() if theirs not in there}
    absent |= {ours: theirs for ours, theirs in mapping.present.items() if theirs not in there}
    if mapping is not OWN and absent:
        raise Misuse(COLUMN_ABSENT, field=f"{name}: {min(absent.values())}")
    columns = {ours: theirs for ours, theirs in mapping.columns.items() if ours not in absent}
    return replace(mapping, columns=columns)


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
            yield ours.name, (f"TRY({value_of(ours.name, text, mapping, key)})", text)
    yield from _zones(mapping)
    yield from _facts(mapping)
    for name in MOMENTS:
        if name in mapping.columns:
            text = column(mapping.columns[name])
            yield name, (f"TRY({moment(text, mapping)})", text)


def _facts(mapping: Mapping) -> Iterator[Asked]:
    for fact in FACTS:
        if fact.name in mapping.constants:
            yield fact.name, (str(mapping.constants[fact.name] == "yes").lower(), "")
        elif fact.name in mapping.present:
            text = column(mapping.present[fact.name])
            yield fact.name, (f"coalesce({text}, '') <> ''", "")
        elif fact.name in mapping.columns:
            text = column(mapping.columns[fact.name])
            yield fact.name, (yes_or_no(text, mapping), text)


def _zones(mapping: Mapping) -> Iterator[Asked]:
    """Minutes ahead of UTC: a column, the mapping's, or the moment's own offset.

    A moment in UTC does not say where the place is, unless nothing else does.
    """
    if "zone" in mapping.columns:
        text = column(mapping.columns["zone"])
        yield "zone", (f"coalesce(TRY_CAST({text} AS INTEGER), {offset(text)})", text)
        return
    constant = mapping.constants.get("zone")
    usual = "NULL" if mapping.zone is None else str(mapping.zone)
    if constant is not None:
        yield "zone", (str(int(constant)), "")
    elif "at" in mapping.columns and mapping.moment == "iso":
        said = offset(column(mapping.columns["at"]))
        yield "zone", (f"coalesce(nullif({said}, 0), {usual}, {said})", "")
    else:
        yield "zone", (usual, "")


def _texts(asked: dict[str, tuple[str, str]]) -> str:
    """Whether each text was there, under a name of its own."""
    told = [
        f"coalesce({text}, '') <> '' AS \"_{name}\"" for name, (_, text) in asked.items() if text
    ]
    return ", ".join(told) or "true AS _"


def _unread(asked: dict[str, tuple[str, str]]) -> str:
    """A bit for each text that was there and could not be read, or to more than its column holds."""
    bits = ["CAST(0 AS BIGINT)"]
    for name, (_, text) in asked.items():
        if text:
            read = f'TRY_CAST("{name}" AS {KINDS[name]})' if name in KINDS else f'"{name}"'
            bits.append(
                f'CASE WHEN {read} IS NULL AND "_{name}" THEN {1 << NAMED.index(name)} ELSE 0 END'
            )
    return " + ".join(bits)


def _final(asked: dict[str, tuple[str, str]]) -> Iterator[str]:
    """The canonical columns; facts as two words."""
    for ours in EVENT_COLUMNS:
        if ours.name in asked:
            yield f'TRY_CAST("{ours.name}" AS {KINDS[ours.name]}) AS "{ours.name}"'
    said, known = ["0"], ["0"]
    derived = dict(_derived(asked))
    for number, fact in enumerate(FACTS):
        condition = f'"{fact.name}"' if fact.name in asked else derived.get(fact.name)
        if condition is not None:
            said.append(f"CASE WHEN {condition} THEN {1 << number} ELSE 0 END")
            known.append(f"CASE WHEN ({condition}) IS NOT NULL THEN {1 << number} ELSE 0 END")
    yield UNREAD
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
