"""One audit run: files in, units out.

1 every file is looked at; one that cannot be read is named and left, the others go on
2 files that were counted before, by the digest of their bytes, are not counted again
3 files whose spans of time touch form a unit: an event that stands twice is found among them
4 repeats are cleaned, faults are counted, the engine reads the rows once
5 the unit is committed; stopping before loses only the unit at work
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from liangming.audit.engines import Engine
from liangming.audit.engines.fold import fold
from liangming.audit.ingest.faults import Fault, faults
from liangming.audit.ingest.look import FILE_UNREADABLE, Look, look, try_look
from liangming.audit.ingest.repeats import repeats
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


def run(
    files: Iterable[Path],
    partials: Partials,
    engine: Engine,
    *,
    progress: Progress = lambda done, total: None,  # noqa: ARG005
) -> Ran:
    """Count some files of canonical events into partials.

    Raises:
        Outage: ``audit.engine-failed``, ``audit.partials-failed``. What was committed stays.
    """
    ran = Ran()
    known = partials.counted()
    seen: list[tuple[Look, Source]] = []
    for path in sorted(set(files)):
        found = try_look(path)  # 1
        if isinstance(found, LiangmingError):
            ran.unreadable.append((path.name, found))
            continue
        try:
            digest = file_digest(path)
        except OSError:
            ran.unreadable.append((path.name, Misuse(FILE_UNREADABLE, field=path.name)))
            continue
        if digest in known:  # 2
            ran.before.append(path.name)
            continue
        known.add(digest)
        seen.append((found, Source(path.name, digest, found.rows)))
    total = sum(source.rows for _, source in seen)
    done = 0
    progress(done, total)
    for unit in touching(seen):  # 3
        ran.faults += [fault for one, _ in unit for fault in faults(one)]
        ran.units.append(_count([one for one, _ in unit], [s for _, s in unit], partials, engine))
        done += sum(source.rows for _, source in unit)
        progress(done, total)
    return ran


def touching(seen: Sequence[tuple[Look, Source]]) -> list[list[tuple[Look, Source]]]:
    """Files in order of time, together where their spans touch."""
    units: list[list[tuple[Look, Source]]] = []
    end = -1
    for one in sorted(seen, key=lambda pair: (pair[0].first, pair[0].last, pair[1].name)):
        if units and one[0].first <= end:
            units[-1].append(one)
        else:
            units.append([one])
        end = max(end, one[0].last)
    return units


def _count(
    looks: Sequence[Look], sources: Sequence[Source], partials: Partials, engine: Engine
) -> Line:
    left_out = dict.fromkeys(("duplicate", "conflict", *LEFT_OUT), 0)
    tables: list[pa.Table] = []
    missing: set[str] = set()
    by_columns = sorted(looks, key=lambda one: sorted(one.profile.present))
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
    words = pa.concat_tables(tables).combine_chunks()
    bad = words.filter(pc.less(words["place"], 0))
    for place, rows in zip(bad["place"].to_pylist(), bad["n"].to_pylist(), strict=True):
        left_out[LEFT_OUT[-1 - place]] += rows
    words = words.filter(pc.greater_equal(words["place"], 0))
    return partials.add(sources, fold(words), words, left_out=left_out, missing=missing)  # 5
