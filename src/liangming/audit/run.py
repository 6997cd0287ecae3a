"""One audit run: files in, units out.

1 every file is looked at; one that cannot be read is named and left, the others go on
2 files that were counted before, by the digest of their bytes, are not counted again
3 files whose spans of time touch form a unit: an event that stands twice is found among them
4 repeats are cleaned, also of what earlier units of the same days counted; faults are counted, the
  engine reads the rows once
5 the unit is committed; stopping before loses only the unit at work
6 a file that changed while it was read does not count, for nobody could say what did; what was not
  read is kept beside the chain, so that a report says it
7 days are added together, seven by seven: what is asked later reads fewer bytes

What a vendor's file became waits in the folder of partials: a run that goes on takes it from there.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from liangming.audit.engines import Engine
from liangming.audit.engines.database import MEMORY
from liangming.audit.engines.duck import ENGINE_FAILED
from liangming.audit.engines.fold import fold
from liangming.audit.ingest.faults import Fault, faults
from liangming.audit.ingest.form import is_parquet
from liangming.audit.ingest.look import FILE_ABSENT, FILE_UNREADABLE, Look, look, refused
from liangming.audit.ingest.mapping import OWN, Mapping
from liangming.audit.ingest.repeats import repeats
from liangming.audit.ingest.translate import Translated, clerk_key, translated
from liangming.audit.partials import Line, Partials, Source, numbers
from liangming.audit.partials.files import file_digest
from liangming.audit.partials.unread import Missed
from liangming.audit.questions.profile import DAY, FIRST_MOMENT, FITTING, LAST_MOMENT, MINUTE
from liangming.audit.questions.words import DAY_BIT, LEFT_OUT
from liangming.audit.schema import EVENT_COLUMNS
from liangming.errors import Code, Kind, LiangmingError, Misuse, Outage, declare

Progress = Callable[[int, int], None]
"""Called with rows done and rows in all."""

State = tuple[int, int, int]

FILE_CHANGING = declare(
    "audit.file-changing",
    Kind.OUT_OF_ORDER,
    zh="这个文件在读的时候变了，没有计入。请等它写完，再运行一次。",
    en="This file changed while it was read, and was not counted. Please run again once it is whole.",
)
AHEAD: Final = "moment-ahead"
"""Why a row is left out that says it happened after it was read."""


@dataclass(slots=True)
class Ran:
    """What a run did.

    Attributes:
        units: the lines it added.
        before: names of files that were counted before.
        unreadable: files that could not be read, with why.
        faults: rows whose values could not be read.
        again: days that had been counted from other files before, as days since 1970.
        blind: those of them of which it cannot be told whether an event came again.
        unnumbered: rows without a number.
        noticed: about how many rows count whose number had been counted on other days, or so long
            ago that only a sample of it is left.
    """

    units: list[Line] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    unreadable: list[tuple[str, LiangmingError]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    again: set[int] = field(default_factory=set)
    blind: set[int] = field(default_factory=set)
    unnumbered: int = 0
    noticed: int = 0


@dataclass(frozen=True, slots=True)
class Taken:
    """One file that is to be counted.

    Attributes:
        look: its canonical events, or those it became.
        source: the file as it came.
        path: where it came from.
        state: by which it is seen that it changed.
        malformed: lines of it that are no rows.
    """

    look: Look
    source: Source
    path: Path
    state: State | None
    malformed: int = 0


def run(
    files: Iterable[Path],
    partials: Partials,
    engine: Engine,
    *,
    mapping: Mapping | None = None,
    latest: int | None = None,
    memory: str = MEMORY,
    progress: Progress = lambda done, total: None,  # noqa: ARG005
    reading: Callable[[str], None] = lambda name: None,  # noqa: ARG005
) -> Ran:
    """Count some files of events into partials.

    Args:
        mapping: how the files' columns become ours; CSV without one has our own columns.
        latest: the last day that can have been; rows after it are left out. None: any.
        memory: bound of what is needed beside the engine.
        reading: told the name of each file before it is looked at.

    Raises:
        Outage: ``audit.engine-failed``, ``audit.partials-failed``. What was committed stays.
    """
    ran, paths = Ran(), sorted(set(files))
    called = names_of(paths)
    with partials.work() as folder:

        def take(path: Path, digest: str, state: State | None) -> Taken:
            malformed: int = 0
            unread: tuple[Fault, ...] = ()
            if is_parquet(path) and mapping is None:
                found = look(path)  # 1
            else:
                key = clerk_key(partials.folder)
                became = translated(path, mapping or OWN, digest, folder, key=key, memory=memory)
                found, malformed, unread = _look(became, path), became.malformed, became.faults
            if state_of(path) != state:  # 6
                raise Misuse(FILE_CHANGING, field=path.name)
            ran.faults += (replace(one, file=called[path]) for one in unread)
            source = Source(called[path], digest, found.rows)
            return Taken(found, source, path, state, malformed)

        taken = list(_taken(called, partials.counted(), ran, take, reading))
        total, done = sum(one.source.rows for one in taken), 0
        progress(done, total)
        for unit in touching(taken):  # 3
            done += sum(one.source.rows for one in unit)
            _commit(unit, partials, engine, ran, latest=latest, memory=memory, folder=folder)
            _tell(ran, partials)
            progress(done, total)
        _tell(ran, partials)
        partials.add_weeks()  # 7
    return ran


def names_of(paths: Sequence[Path]) -> dict[Path, str]:
    """What each file is called: its name, with its folder where others are called the same."""
    many = Counter(path.name for path in paths)
    return {
        path: path.name if many[path.name] == 1 else f"{path.parent.name}/{path.name}"
        for path in paths
    }


def _tell(ran: Ran, partials: Partials) -> None:
    """Keep what was not read so far, and forget what was."""
    read = [*ran.before, *(one.name for line in ran.units for one in line.sources)]
    files = [
        (name, why.code.name) for name, why in ran.unreadable if why.code is not FILE_ABSENT
    ]  # what is not there is no file; whoever mistyped a name saw it
    Missed(partials.folder).tell(files, ran.faults, read)


def _commit(
    unit: Sequence[Taken],
    partials: Partials,
    engine: Engine,
    ran: Ran,
    *,
    latest: int | None,
    memory: str,
    folder: Path,
) -> None:
    """Count a unit; a file of it that is damaged or changing is named, and the others count."""
    while unit:
        with tempfile.TemporaryDirectory(prefix="unit-", dir=folder) as name:
            try:
                found = [fault for one in unit for fault in faults(one.look, one.source.name)]
                count = _count(
                    unit, partials, engine, latest=latest, memory=memory, folder=Path(name)
                )
            except Outage as failure:
                bad = _changed(unit)
                if not bad and failure.code is ENGINE_FAILED:
                    bad = {one.path: FILE_UNREADABLE for one in unit if _is_damaged(one.look)}
                if not bad:
                    raise
            else:
                bad = _changed(unit)  # 6
                if not bad:
                    count.tell(ran, partials.lines)
                    ran.faults += found
                    ran.units.append(count.add(unit, partials))  # 5
                    return
        for path, code in bad.items():
            name = next(one.source.name for one in unit if one.path == path)
            ran.unreadable.append((name, Misuse(code, field=name)))
        unit = [one for one in unit if one.path not in bad]


def _taken(
    files: dict[Path, str],
    known: set[str],
    ran: Ran,
    take: Callable[[Path, str, State | None], Taken],
    reading: Callable[[str], None],
) -> Iterator[Taken]:
    for path, called in files.items():
        reading(called)
        try:
            state = state_of(path)
            digest = file_digest(path)
            if digest in known:  # 2
                ran.before.append(called)
                continue
            found = take(path, digest, state)
            known.add(digest)
            yield found
        except OSError as failure:
            ran.unreadable.append((called, refused(failure, path)))
        except Misuse as failure:
            ran.unreadable.append((called, failure))


def _look(became: Translated, path: Path) -> Look:
    """What a file became, looked at; a failure names the file as it came, for nobody knows another."""
    try:
        return look(became.path)
    except Misuse as failure:
        told = (failure.field or "").replace(became.path.name, path.name)
        raise Misuse(failure.code, field=told) from None


def state_of(path: Path) -> State | None:
    """By what a file is seen to have changed; None where it is gone."""
    try:
        seen = path.stat()
    except OSError:
        return None
    return seen.st_ino, seen.st_size, seen.st_mtime_ns


def _changed(unit: Sequence[Taken]) -> dict[Path, Code]:
    return {one.path: FILE_CHANGING for one in unit if state_of(one.path) != one.state}


def _is_damaged(seen: Look) -> bool:
    """Whether rows of a file cannot be read although it says that they are there."""
    try:
        with pq.ParquetFile(seen.path) as file:
            for _ in file.iter_batches(columns=sorted(seen.profile.present), use_threads=False):
                pass
    except (OSError, pa.ArrowException, UnicodeDecodeError):
        return True
    return False


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


@dataclass(slots=True)
class _Counted:
    """A unit, counted and not yet committed."""

    cells: pa.Table
    words: pa.Table
    left_out: dict[str, int]
    missing: set[str]
    numbers: list[Path]
    unnumbered: int
    noticed: int
    complete: bool

    def tell(self, ran: Ran, lines: Sequence[Line]) -> None:
        """Say what stood in the chain before."""
        days = set(pc.unique(self.cells["day"]).to_pylist())
        units = (line for line in lines if line.kind == "unit")
        again = days & {part.day for line in units for part in line.cells}
        ran.again |= again
        ran.blind |= again if self.unnumbered or not self.complete else set()
        ran.unnumbered += self.unnumbered
        ran.noticed += self.noticed

    def add(self, unit: Sequence[Taken], partials: Partials) -> Line:
        """Commit it."""
        return partials.add(
            [one.source for one in unit],
            self.cells,
            self.words,
            left_out=self.left_out,
            missing=self.missing,
            numbers=self.numbers,
            unnumbered=self.unnumbered,
        )


def _count(
    unit: Sequence[Taken],
    partials: Partials,
    engine: Engine,
    *,
    latest: int | None,
    memory: str,
    folder: Path,
) -> _Counted:
    left_out = dict.fromkeys(("duplicate", "conflict", AHEAD, *LEFT_OUT), 0)
    left_out["malformed-row"] = sum(one.malformed for one in unit)
    tables: list[pa.Table] = []
    missing: set[str] = set()
    first, last = _days(unit)
    before, complete = partials.memory.of_days(first, last)
    new: list[Path] = []
    unnumbered = noticed = 0
    by_columns = sorted((one.look for one in unit), key=lambda one: sorted(one.profile.present))
    for present, group in groupby(by_columns, key=lambda one: one.profile.present):
        some = list(group)
        missing |= {column.name for column in EVENT_COLUMNS} - present
        paths = [one.path for one in some]
        profile = some[0].profile
        for one in some[1:]:
            profile |= one.profile
        place = folder / str(len(tables))
        place.mkdir()
        found = repeats(  # 4
            paths,
            place,
            profile,
            key=clerk_key(partials.folder),
            latest=latest if latest is not None and last > latest else None,
            before=before,
            memory=memory,
        )
        unnumbered += found.unnumbered
        complete &= not found.foreign
        for reason, rows in found.left_out.items():
            left_out[reason] = left_out.get(reason, 0) + rows
        if found.numbers is not None:
            seen = numbers.opened(found.numbers)
            noticed += partials.memory.noticed(seen)
            before = [*before, seen]
            new.append(found.numbers)
        if found.cleaned is not None:
            paths, profile = [found.cleaned], look(found.cleaned).profile
        tables.append(engine.words(paths, profile))
    words = pa.concat_tables(tables).unify_dictionaries().combine_chunks()
    bad = words.filter(pc.less(words["place"], 0))
    for number, rows in zip(bad["place"].to_pylist(), bad["n"].to_pylist(), strict=True):
        left_out[LEFT_OUT[-1 - number]] += rows
    words = words.filter(pc.greater_equal(words["place"], 0))
    if latest is not None:
        ahead = pc.greater(pc.shift_right(words["place"], DAY_BIT), latest)
        left_out[AHEAD] = pc.sum(words.filter(ahead)["n"]).as_py() or 0
        words = words.filter(pc.invert(ahead))
    return _Counted(fold(words), words, left_out, missing, new, unnumbered, noticed, complete)


def _days(unit: Sequence[Taken]) -> tuple[int, int]:
    """The first and last day that may be met in some files, by the places' own calendars."""
    least, greatest = FITTING["zone"]
    first, last = LAST_MOMENT, FIRST_MOMENT
    for one in unit:
        zone = dict(one.look.profile.constant).get("zone")
        low, high = (zone, zone) if isinstance(zone, int) else (least, greatest)
        first = min(first, one.look.first + low * MINUTE)
        last = max(last, one.look.last + high * MINUTE)
    return first // DAY, last // DAY
