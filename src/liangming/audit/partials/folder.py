"""The folder of partial files: counted units go in, cells and words come out."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Final, Self

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from liangming.audit.partials import cell_file, chain, weeks
from liangming.audit.partials.adding import add_up, added, gathered
from liangming.audit.partials.cell_file import Cells
from liangming.audit.partials.chain import PARTIALS_FAILED, Line, Part, Source
from liangming.audit.partials.files import file_digest, settled
from liangming.audit.partials.memory import FOLDER, PART_CHANGED, Memory
from liangming.audit.questions.words import COUNTS, DAY_BIT
from liangming.audit.schema import CELL_KEYS, CELL_SUMS
from liangming.errors import Kind, LiangmingError, Misuse, Outage, Refusal, declare

PARTIALS_BUSY = declare(
    "audit.partials-busy",
    Kind.OUT_OF_ORDER,
    zh="另一个审计正在写这个目录，请等它结束。",
    en="Another audit is writing to this folder; please wait until it ends.",
)
PARTIALS_OLDER = declare(
    "audit.partials-older",
    Kind.OUT_OF_ORDER,
    zh="这个目录里的中间结果是旧格式，不再读取；请另选一个目录，用 liangming audit run 重新计入原来的文件。",
    en="The partial results in this folder have an older form that is no longer read. Please choose"
    " another folder and count the original files again with liangming audit run.",
)
SUMS: Final = tuple(column.name for column in CELL_SUMS)
MONTH_KEYS: Final = tuple(key for key in CELL_KEYS if key != "day")
WORD_KEYS: Final = ("operator", "outlet", "place", "ways", "facts", "known")


class Partials:
    """One folder of partial files, held by one process at a time.

    Args:
        folder: made if it is not there.

    Raises:
        Misuse: ``audit.partials-busy``, ``audit.partials-older``.
        Refusal: ``audit.chain-broken``.
        Outage: ``audit.partials-failed``.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            raise Outage(PARTIALS_FAILED) from None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._lock)
            raise Misuse(PARTIALS_BUSY) from None
        self._chain = folder / "chain.jsonl"
        try:
            self.lines = chain.read(self._chain)
            self._refuse_older()
        except LiangmingError:
            os.close(self._lock)
            raise
        self.memory = Memory(folder, self.lines)
        self._proven: set[str] = set()
        self._tidy()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._lock)

    @contextmanager
    def work(self) -> Iterator[Path]:
        """A place for what is needed until files are counted; it goes when that ends well.

        What an interrupted run made of a vendor's files stays, so that the next one need not make it
        again; everything else that it left is removed first.

        Raises:
            Outage: ``audit.partials-failed``.
        """
        folder = self.folder / "work"
        try:
            folder.mkdir(exist_ok=True)
            for left in folder.iterdir():
                if left.is_dir():
                    shutil.rmtree(left)
                elif left.suffix != ".parquet":
                    left.unlink()
        except OSError:
            raise Outage(PARTIALS_FAILED) from None
        yield folder
        shutil.rmtree(folder, ignore_errors=True)

    @property
    def head(self) -> str:
        """The digest of the last line: whoever keeps it can prove all before."""
        return chain.digest(self.lines[-1]) if self.lines else chain.BEGINNING

    def counted(self) -> set[str]:
        """Digests of the files that are counted already."""
        return {source.digest for line in self.lines for source in line.sources}

    def add(
        self,
        sources: Sequence[Source],
        cells: pa.Table,
        words: pa.Table,
        *,
        left_out: dict[str, int],
        missing: Iterable[str],
        numbers: Sequence[Path] = (),
        unnumbered: int = 0,
    ) -> Line:
        """Count a unit: all of it, durably, or nothing.

        Args:
            numbers: files of the new events' numbers; they are moved.
            unnumbered: rows that have none.

        Raises:
            Outage: ``audit.partials-failed``.
        """
        cells = cells.select([name for name in cells.column_names if _says(name, cells[name])])
        days = sorted(pc.unique(cells["day"]).to_pylist())
        day_of_word = pc.shift_right(words["place"], DAY_BIT)
        number = len(self.lines)
        cell_parts, word_parts = [], []
        for day in days:
            part = cells if len(days) == 1 else cells.filter(pc.equal(cells["day"], day))
            part = part.sort_by(_order(CELL_KEYS))
            name = f"cells/{_date(day)}/{number:06}{cell_file.SUFFIX}"
            cell_parts.append(self._write(name, part, day))
            of_day = words.filter(pc.equal(day_of_word, day))
            part = added([_plain(of_day)], WORD_KEYS, COUNTS).sort_by(_order(WORD_KEYS))
            name = f"words/{_date(day)}/{number:06}.parquet"
            word_parts.append(self._write(name, part, day))
        try:
            kept = self.memory.keep(numbers, number, days[0]) if days else ()
        except OSError:
            raise Outage(PARTIALS_FAILED) from None
        line = self._append(
            Line(
                previous=self.head,
                kind="unit",
                sources=tuple(sources),
                cells=tuple(cell_parts),
                words=tuple(word_parts),
                counted=pc.sum(cells["checks"]).as_py() or 0,
                left_out={reason: rows for reason, rows in sorted(left_out.items()) if rows},
                missing=tuple(sorted(missing)),
                numbers=kept,
                unnumbered=unnumbered,
            )
        )
        self.memory.thin()
        return line

    def add_months(self) -> list[Line]:
        """Add the days of each month together that no month covers yet.

        Raises:
            Outage: ``audit.partials-failed``.
        """
        covered = self._covered("month")
        months: dict[str, list[Part]] = {}
        for part in self._parts("unit"):
            if part.path not in covered:
                months.setdefault(_date(part.day)[:7], []).append(part)
        lines = []
        for month, parts in sorted(months.items()):
            first = (date.fromisoformat(f"{month}-01") - date(1970, 1, 1)).days
            lines.append(self._together("month", month, first, parts))
        return lines

    def add_weeks(self) -> list[Line]:
        """Add days together, seven by seven as they came, where seven are in no such sum yet.

        Raises:
            Outage: ``audit.partials-failed``.
        """
        covered = self._covered("week")
        left = [part for part in self._parts("unit") if part.path not in covered]
        lines = []
        for parts in weeks.whole(left):
            first = min(part.day for part in parts)
            lines.append(self._together("week", _date(first), first, parts))
        return lines

    def cells(
        self,
        *,
        keys: Sequence[str] = tuple(CELL_KEYS),
        sums: Sequence[str] = SUMS,
        since: int | None = None,
        until: int | None = None,
        months: bool = False,
        single: bool = False,
        verify: bool = True,
    ) -> pa.Table:
        """Cells, added over what is not among the keys.

        Args:
            since: first day, as in ``day``; None for the first there is.
            until: last day, inclusive.
            months: read whole months where they are added together; a day is then the first of its
                month, and ``since`` and ``until`` choose months by it.
            single: read each day by itself, also where seven are added together and nothing tells
                them apart.
            verify: hold every file that is read against its digest; else only those that were not,
                since the folder was opened.

        Raises:
            Refusal: ``audit.part-changed``.
            Outage: ``audit.partials-failed``.
        """
        wanted = self._between(since, until, months=months)
        if not single and "day" not in keys:
            wanted = weeks.instead(wanted, [line for line in self.lines if line.kind == "week"])
        apart = set(keys) == set(CELL_KEYS) and len({part.day for part in wanted}) == len(wanted)
        try:
            parts = self._read(wanted, verify=verify)
            return add_up(parts, keys, sums, apart=apart, one=len(wanted) == 1)
        except pa.ArrowException:
            raise Outage(PARTIALS_FAILED) from None

    def days(self, *, since: int | None = None, months: bool = False) -> list[int]:
        """The days of the parts that :meth:`cells` reads, in order."""
        return sorted({part.day for part in self._between(since, None, months=months)})

    def rows_by_day(self, *, since: int | None = None, months: bool = False) -> dict[int, int]:
        """How many rows of cells each of these days has."""
        found: dict[int, int] = {}
        for part in self._between(since, None, months=months):
            found[part.day] = found.get(part.day, 0) + part.rows
        return found

    def held(self, *, months: bool = False) -> tuple[str, ...]:
        """The sums that are not 0 in every part: what :meth:`cells` need be asked for."""
        found: set[str] = set()
        for part in self._parts("unit") + (self._parts("month") if months else []):
            try:
                found.update(cell_file.columns(self.folder / part.path))
            except OSError:
                raise Outage(PARTIALS_FAILED) from None
        return tuple(name for name in SUMS if name in found)

    def words(self, *, since: int | None = None, until: int | None = None) -> pa.Table:
        """Words of days, for rules that were invented later; without clerks."""
        parts = [
            part
            for line in self.lines
            for part in line.words
            if (since is None or since <= part.day) and (until is None or part.day <= until)
        ]
        self.verify(parts)
        table = gathered(map(self._read_words, parts), WORD_KEYS, COUNTS)
        return table.add_column(2, "clerk", pa.array([""] * table.num_rows, pa.string()))

    def verify(self, parts: Iterable[Part]) -> None:
        """Hold part files against their digests.

        Raises:
            Refusal: ``audit.part-changed`` naming the part.
        """
        for part in parts:
            try:
                same = file_digest(self.folder / part.path) == part.digest
            except OSError:
                same = False
            if not same:
                raise Refusal(PART_CHANGED, field=part.path)

    def _read(self, parts: Sequence[Part], *, verify: bool = True) -> Iterator[Cells]:
        """Cells from part files, each in the place of the one before; what is verified is what is read."""
        paths = [self.folder / part.path for part in parts]
        try:
            room = memoryview(bytearray(max((path.stat().st_size for path in paths), default=0)))
        except OSError:
            self.verify(parts)  # one is gone: it is named
            raise Outage(PARTIALS_FAILED) from None
        for part, path in zip(parts, paths, strict=True):
            try:
                with path.open("rb", buffering=0) as file:
                    data = room[: file.readinto(room)]
                if verify or part.path not in self._proven:
                    if hashlib.sha256(data).hexdigest() != part.digest:
                        raise Refusal(PART_CHANGED, field=part.path)
                    self._proven.add(part.path)
                yield cell_file.read(data)
            except OSError:
                raise Outage(PARTIALS_FAILED) from None

    def _read_words(self, part: Part) -> pa.Table:
        try:
            with pq.ParquetFile(self.folder / part.path) as file:
                return file.read(use_threads=False)
        except (OSError, pa.ArrowException):
            raise Outage(PARTIALS_FAILED) from None

    def _between(self, since: int | None, until: int | None, *, months: bool) -> list[Part]:
        parts = self._parts("unit")
        if months:
            covered = self._covered("month")
            parts = [part for part in parts if part.path not in covered] + self._parts("month")
        return [
            part
            for part in parts
            if (since is None or since <= part.day) and (until is None or part.day <= until)
        ]

    def _parts(self, kind: str) -> list[Part]:
        return [part for line in self.lines if line.kind == kind for part in line.cells]

    def _covered(self, kind: str) -> set[str]:
        """The paths of the day parts that lines of a kind add together."""
        return {path for line in self.lines if line.kind == kind for path in line.covers}

    def _together(self, kind: str, name: str, first: int, parts: Sequence[Part]) -> Line:
        """Add some day parts together; what they become has the first of their days."""
        total = add_up(self._read(parts), MONTH_KEYS, SUMS)
        total = total.add_column(0, "day", pa.array([first] * total.num_rows, pa.int32()))
        path = f"{kind}s/{name}/{len(self.lines):06}{cell_file.SUFFIX}"
        written = self._write(path, total.sort_by(_order(CELL_KEYS)), first)
        covers = tuple(part.path for part in parts)
        return self._append(Line(previous=self.head, kind=kind, cells=(written,), covers=covers))

    def _write(self, name: str, table: pa.Table, day: int) -> Part:
        path = self.folder / name
        loose = path.with_suffix(".loose")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix == cell_file.SUFFIX:
                cell_file.write(table, loose)
            else:
                pq.write_table(table, loose, compression="lz4")
            settled(loose, path)
            return Part(name, file_digest(path), table.num_rows, day)
        except (OSError, pa.ArrowException):
            raise Outage(PARTIALS_FAILED) from None

    def _append(self, line: Line) -> Line:
        size = sum(len(chain.encoded(before)) + 1 for before in self.lines)
        chain.append(self._chain, line, size=size)
        self.lines.append(line)
        return line

    def _refuse_older(self) -> None:
        """Cells were Parquet once, then Arrow; nothing in such a folder is touched."""
        for line in self.lines:
            if any(not part.path.endswith(cell_file.SUFFIX) for part in line.cells):
                raise Misuse(PARTIALS_OLDER, field=self.folder.name)

    def _tidy(self) -> None:
        """Remove part files that no line names: an interrupted run left them."""
        known = {
            part.path
            for line in self.lines
            for part in (*line.cells, *line.words, *(line.numbers or ()))
        }
        for kind in ("cells", "words", "weeks", "months", FOLDER):
            for path in sorted((self.folder / kind).glob("*/*")):
                if str(path.relative_to(self.folder)) not in known:
                    path.unlink(missing_ok=True)
        self.memory.thin()


def _plain(words: pa.Table) -> pa.Table:
    """Names as texts, however an engine gives them."""
    columns = {name: words[name].cast(pa.string()) for name in ("operator", "outlet")}
    return pa.table({**columns, **{name: words[name] for name in (*WORD_KEYS[2:], *COUNTS)}})


def _says(name: str, column: pa.ChunkedArray) -> bool:
    """Whether a column of cells is needed: a key, what is counted, or a sum that is not 0 in every row."""
    return name in (*CELL_KEYS, "checks") or any(pc.min_max(column).as_py().values())


def _order(keys: Iterable[str]) -> list[tuple[str, str]]:
    return [(key, "ascending") for key in keys]


def _date(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(day)).isoformat()
