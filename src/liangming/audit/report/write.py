"""From partial files to a folder of reports: read, ask, gather, write; each file whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from glob import escape
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from liangming.audit import channels
from liangming.audit.partials import Partials
from liangming.audit.partials.folder import MONTH_KEYS
from liangming.audit.partials.unread import Missed
from liangming.audit.report.content import Content, Read, gather
from liangming.audit.report.page import page
from liangming.audit.report.press import Printer
from liangming.audit.report.table import FINDINGS_VERSION, as_csv, shown, table
from liangming.audit.schema import FINDING_CODES
from liangming.audit.statistics.axis import bulk
from liangming.audit.statistics.judging import LEVEL, judge
from liangming.audit.statistics.places import NEEDED, STRETCHED, ByTime, Places, places, stretch_of
from liangming.audit.statistics.words import Tongue
from liangming.audit.summary import told
from liangming.errors import Kind, Misuse, Outage, declare

NOTHING_COUNTED = declare(
    "audit.nothing-counted",
    Kind.ABSENT,
    zh="这里还没有计入任何查验，请先运行 liangming audit run。",
    en="No check has been counted here yet; run liangming audit run first.",
)
REPORT_UNWRITABLE = declare(
    "audit.report-unwritable",
    Kind.OUTAGE,
    zh="报告写不进这个目录：可能没有权限，或者磁盘已满。以前的报告没有动。",
    en="The report cannot be written to this folder: no permission, or the disk is full. "
    "An earlier report is as it was.",
)
TONGUES: Final[tuple[Tongue, ...]] = ("zh", "en")
MOST_LINES: Final = 1_000_000
"""Rows that a spreadsheet holds; more are in the Parquet file alone."""
BY_MONTH: Final = 180
"""Days beyond which whole months are read, where they have been added together."""

_ASKED: Final = tuple(
    dict.fromkeys(
        (
            *NEEDED,
            *STRETCHED,
            *channels.SUMS,
            *FINDING_CODES,
            *(f"{code}_tested" for code in FINDING_CODES),
        )
    )
)
"""The sums that a report asks for; others would only take room."""

Said = Callable[[str], None]


def content_of(
    kept: Partials,
    made_at: datetime,
    *,
    since: int | None = None,
    level: float = LEVEL,
    said: Said = lambda _: None,
) -> Content:
    """Ask everything of what has been counted.

    Args:
        kept: the folder of partial files.
        made_at: the moment of the report.
        since: first day, None for all.
        level: nominal share of false flags.
        said: told what is being done.

    Raises:
        Misuse: ``audit.nothing-counted``.
    """
    units = [line for line in kept.lines if line.kind == "unit"]
    days = bulk(kept.rows_by_day())
    if not days:
        raise Misuse(NOTHING_COUNTED, field="--partials")
    said("读取 reading")
    long = days[-1] - days[0] > BY_MONTH and since is None
    cells, here = standing(kept, since=since, months=long)
    missing = set.intersection(*(set(line.missing) for line in units))
    hard = tuple(told(cells, missing))
    apart = channels.unequal(cells)
    del cells  # of a million places as large as everything else
    pa.default_memory_pool().release_unused()  # it keeps what was freed, and all else then comes on top
    with np.errstate(
        invalid="ignore", divide="ignore"
    ):  # where nobody has a peer: no number, no warning
        judged = judge(here, level=level, progress=said)
    left: dict[str, int] = {}
    for line in units:
        for reason, rows in line.left_out.items():
            left[reason] = left.get(reason, 0) + rows
    read = Read(
        counted=int(here.get("checks").sum()),
        left_out=left,
        files=sum(len(line.sources) for line in units),
        head=kept.head,
        made_at=made_at,
        astray=_astray(kept, since=since, months=long),
        told=Missed(kept.folder).told(),
    )
    return gather(here, judged, hard, read, apart)


def standing(
    kept: Partials, *, since: int | None = None, months: bool = False
) -> tuple[pa.Table, Places]:
    """What has been counted, without days, and the places it folds into.

    Args:
        kept: the folder of partial files.
        since: first day, None for all.
        months: read whole months where they are added together.
    """
    cells = kept.cells(keys=MONTH_KEYS, sums=_ASKED, since=since, months=months)
    days = np.array(bulk(kept.rows_by_day(since=since, months=months)), np.int64)
    if not len(days):
        return cells, places(cells, by_time=ByTime(0, 0, ()))
    first, last = int(days[0]), int(days[-1])
    stretch = stretch_of(days, first, last)
    parts = []
    for number in np.unique(stretch).tolist():
        some = days[stretch == number]
        of_it = kept.cells(
            keys=MONTH_KEYS,
            sums=STRETCHED,
            since=int(some[0]),
            until=int(some[-1]),
            months=months,
            verify=False,
        )
        parts.append((number, of_it))
        pa.default_memory_pool().release_unused()
    held = set(kept.held(months=months))
    there = [*MONTH_KEYS, *(name for name in _ASKED if name in held)]
    return cells, places(cells.select(there), by_time=ByTime(first, last, parts))


def _astray(kept: Partials, *, since: int | None, months: bool) -> int:
    """Checks of days far from all others: counted, and not on the axis of time."""
    rows = kept.rows_by_day(since=since, months=months)
    far = sorted(set(rows) - set(bulk(rows)))
    found = (
        kept.cells(keys=("day",), sums=("checks",), since=day, until=day, months=months)
        for day in far
    )
    return sum(pc.sum(cells["checks"]).as_py() or 0 for cells in found)


def ready(folder: Path) -> None:
    """See that a report could be written, before minutes are spent on it; nothing is made yet.

    Raises:
        Outage: ``audit.report-unwritable``.
    """
    try:
        there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    except OSError:  # it lies in a folder that cannot be looked into
        raise Outage(REPORT_UNWRITABLE, field="--to") from None
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise Outage(REPORT_UNWRITABLE, field="--to")


def write(
    content: Content, folder: Path, *, press: Printer | None, said: Said = lambda _: None
) -> list[Path]:
    """Write pages, prints, tables and a summary.

    Args:
        content: what to say.
        folder: made if it is not there; files of an earlier report are replaced.
        press: for the PDF; None leaves it out.
        said: told what is being done.

    Raises:
        Outage: ``audit.report-unwritable``.
    """
    files: dict[str, bytes] = {}
    for tongue in TONGUES:
        said(f"report.{tongue}")
        files[f"report.{tongue}.html"] = page(content, tongue).encode()
        if press is not None:
            files[f"report.{tongue}.pdf"] = press.pdf(content, tongue)
    found = table(content)
    sink = pa.BufferOutputStream()
    pq.write_table(found, sink, compression="zstd")
    files["findings.parquet"] = sink.getvalue().to_pybytes()
    files["findings.csv"] = as_csv(found).encode("utf-8-sig")
    rows = shown(content)
    sink = pa.BufferOutputStream()
    pq.write_table(rows, sink, compression="zstd")
    files["shown.parquet"] = sink.getvalue().to_pybytes()
    if rows.num_rows <= MOST_LINES:
        files["shown.csv"] = as_csv(rows).encode("utf-8-sig")
    files["summary.json"] = msgspec.json.format(msgspec.json.encode(summary(content)), indent=1)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return put({folder / name: data for name, data in files.items()})
    except OSError:
        raise Outage(REPORT_UNWRITABLE, field="--to") from None


def put(files: Mapping[Path, bytes]) -> list[Path]:
    """Files in their places, all of them whole; where one does not fit, none is touched."""
    beside = {place: place.with_name(f".{place.name}.{os.getpid()}") for place in files}
    for place in files:
        _tidy(place)
    try:
        for place, data in files.items():
            beside[place].write_bytes(data)
        for place, made in beside.items():
            made.replace(place)
    finally:
        for made in beside.values():
            made.unlink(missing_ok=True)
    return list(files)


def _tidy(place: Path) -> None:
    """Remove what writers that were killed left beside a file."""
    for left in place.parent.glob(f".{escape(place.name)}.*"):
        writer = left.suffix[1:]
        if writer.isdecimal() and not Path("/proc", writer).exists():
            left.unlink(missing_ok=True)


def summary(content: Content) -> dict[str, object]:
    """A report in numbers, for programs."""
    judged, here = content.judged, content.here
    return {
        "version": FINDINGS_VERSION,
        "first_day": here.first_day,
        "last_day": here.last_day,
        "chain": content.read.head,
        "checks": content.read.counted,
        "left_out": content.read.left_out,
        "astray": content.read.astray,
        "files_not_read": [one.name for one in content.read.told.files],
        "values_not_read": sum(one.rows for one in content.read.told.faults),
        "outlets": content.outlets,
        "outlets_standing_out": content.flagged,
        "leads": len({flag.place for flag, _ in judged.leads}),
        "whole_scenes": len(judged.scenes),
        "unequal_channels": len(content.channels),
        "by_question": {name: len(flags) for name, flags in content.by_question.items()},
        "tested": judged.tested,
        "too_few": judged.thin,
        "not_testable": judged.silent,
    }
