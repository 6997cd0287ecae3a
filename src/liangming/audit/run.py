"""One audit run: files in, units out.

1 every file is looked at; one that cannot be read is named and left, the others go on
2 files that were counted before, by the digest of their bytes, are not counted again
3 files whose spans of time touch form a unit: an event that stands twice is found among them
4 repeats are cleaned, faults are counted, the engine reads the rows once
5 the unit is committed; stopping before loses only the unit at work
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from liangming.audit.engines import Engine
from liangming.audit.engines.fold import fold
from liangming.audit.ingest.faults import Fault, faults
from liangming.audit.ingest.look import FILE_UNREADABLE, Look, look
from liangming.audit.ingest.mapping import OWN, Mapping
from liangming.audit.ingest.repeats import repeats
from liangming.audit.ingest.translate import clerk_key, translate
from liangming.audit.partials import Line, Partials, Source
from liangming.audit.partials.folder import file_digest
from liangming.audit.questions.words import LEFT_OUT
from liangming.audit.schema import EVENT_COLUMNS
from liangming.errors import LiangmingError, Misuse

Progress = Callable[[int, int], None]
"""Called with rows done and rows in all."""


@dataclass(slots=True)
class Ran:
    """What a run did.

    Attributes:
        units: the lines it added.
        before: names of files that were counted before.
        unreadable: files that could not be read, with why.
        faults: rows whose values could not be read.
    """

    units: list[Line] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    unreadable: list[tuple[str, LiangmingError]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Taken:
    """One file that is to be counted.

    Attributes:
        look: its canonical events, or those it became.
        source: the file as it came.
        malformed: lines of it that are no rows.
    """

    look: Look
    source: Source
    malformed: int = 0


def run(
    files: Iterable[Path],
    partials: Partials,
    engine: Engine,
    *,
    mapping: Mapping | None = None,
    progress: Progress = lambda done, total: None,  # noqa: ARG005
) -> Ran:
    """Count some files of events into partials.

    Args:
        mapping: how the files' columns become ours; CSV without one has our own columns.

    Raises:
        Outage: ``audit.engine-failed``, ``audit.partials-failed``. What was committed stays.
    """
    ran = Ran()
    with tempfile.TemporaryDirectory(prefix="liangming-audit-") as name:
        taken = list(_taken(sorted(set(files)), partials, ran, mapping, Path(name)))
        total, done = sum(one.source.rows for one in taken), 0
        progress(done, total)
        for unit in touching(taken):  # 3
            for one in unit:
                ran.faults += faults(one.look, one.source.name)
            ran.units.append(_count(unit, partials, engine))
            done += sum(one.source.rows for one in unit)
            progress(done, total)
    return ran


def _taken(
    files: Iterable[Path], partials: Partials, ran: Ran, mapping: Mapping | None, folder: Path
) -> Iterator[Taken]:
    known = partials.counted()
    for number, path in enumerate(files):
        try:
            digest = file_digest(path)
            if digest in known:  # 2
                ran.before.append(path.name)
                continue
            if mapping is None and path.suffix.lower() != ".csv":
                found, malformed = look(path), 0  # 1
            else:
                target = folder / f"{number}.parquet"
                key = clerk_key(partials.folder)
                became = translate(path, mapping or OWN, target, key=key)
                found, malformed = look(target), became.malformed
                ran.faults += became.faults
            known.add(digest)
            yield Taken(found, Source(path.name, digest, found.rows), malformed)
        except OSError:
            ran.unreadable.append((path.name, Misuse(FILE_UNREADABLE, field=path.name)))
        except Misuse as failure:
            # what was translated has a name of its own, that nobody outside knows
            where = (failure.field or "").replace(f"{number}.parquet", path.name)
            ran.unreadable.append((path.name, Misuse(failure.code, field=where or path.name)))


def touching(taken: Sequence[Taken]) -> list[list[Taken]]:
    """Files in order of time, together where their spans touch."""
    units: list[list[Taken]] = []
    end = -1
    order = sorted(taken, key=lambda one: (one.look.first, one.look.last, one.source.name))
    for one in order:
        if units and one.look.first <= end:
            units[-1].append(one)
        else:
            units.append([one])
        end = max(end, one.look.last)
    return units


def _count(unit: Sequence[Taken], partials: Partials, engine: Engine) -> Line:
    left_out = dict.fromkeys(("duplicate", "conflict", *LEFT_OUT), 0)
    left_out["malformed-row"] = sum(one.malformed for one in unit)
    tables: list[pa.Table] = []
    missing: set[str] = set()
    by_columns = sorted((one.look for one in unit), key=lambda one: sorted(one.profile.present))
    with tempfile.TemporaryDirectory(prefix="liangming-audit-") as name:
        for present, group in groupby(by_columns, key=lambda one: one.profile.present):
            some = list(group)
            missing |= {column.name for column in EVENT_COLUMNS} - present
            paths = [one.path for one in some]
            profile = some[0].profile
            for one in some[1:]:
                profile |= one.profile
            if "event" in present:  # 4
                found = repeats(paths, Path(name))
                left_out["duplicate"] += found.duplicates
                left_out["conflict"] += found.conflicts
                if found.cleaned is not None:
                    paths, profile = [found.cleaned], look(found.cleaned).profile
            tables.append(engine.words(paths, profile))
    words = pa.concat_tables(tables).unify_dictionaries().combine_chunks()
    bad = words.filter(pc.less(words["place"], 0))
    for place, rows in zip(bad["place"].to_pylist(), bad["n"].to_pylist(), strict=True):
        left_out[LEFT_OUT[-1 - place]] += rows
    words = words.filter(pc.greater_equal(words["place"], 0))
    sources = [one.source for one in unit]
    return partials.add(sources, fold(words), words, left_out=left_out, missing=missing)  # 5
