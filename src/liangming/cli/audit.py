"""``liangming audit``: questions asked of event files, of any vendor."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from liangming.cli.speech import err, out, print_json, say_error
from liangming.clock import SystemClock, china_date
from liangming.errors import Kind, Misuse, declare

if TYPE_CHECKING:
    from liangming.audit.partials import Line
    from liangming.audit.run import Ran
    from liangming.audit.summary import Told

EXTRA_MISSING = declare(
    "cli.audit-extra-missing",
    Kind.INVALID,
    zh="审计需要 DuckDB 等部件，请安装 liangming[audit]（源码目录中：make setup）。",
    en="An audit needs DuckDB and more: install liangming[audit] (in a checkout: make setup).",
)
NO_EVENTS = declare(
    "cli.audit-no-events",
    Kind.ABSENT,
    zh="没有可以审计的文件。",
    en="There is no file to audit.",
)

PARTS: Final = ("duckdb", "ibis", "pyarrow", "numpy", "scipy")
SHOWN_FAULTS: Final = 20
INTERRUPTED: Final = 130

app = typer.Typer(
    help="审计事件文件：哪里的人其实被迫刷脸。 / Audit event files: where people are in fact forced.",
    no_args_is_help=True,
)
AsJson = Annotated[bool, typer.Option("--json", help="机器可读 / machine-readable")]


@app.command("run")
def run(  # noqa: PLR0917  (options of a command)
    files: Annotated[
        list[Path], typer.Argument(help="事件文件或目录 / event files, or folders of them")
    ],
    partials: Annotated[
        Path, typer.Option(help="每日中间结果的目录 / folder of the daily partial files")
    ] = Path("audit-partials"),
    mapping: Annotated[
        Path | None,
        typer.Option(help="其他厂商文件的映射 / mapping file, for files of other vendors"),
    ] = None,
    engine: Annotated[
        str, typer.Option(help="duckdb、arrow 或 spark / duckdb, arrow or spark")
    ] = "duckdb",
    threads: Annotated[int, typer.Option(help="线程数，0 为全部 / threads, 0 for all")] = 0,
    memory: Annotated[str, typer.Option(help="内存上限 / bound of memory")] = "3GB",
    report: Annotated[
        Path | None,
        typer.Option(help="接着把报告写到这个目录 / then write the report to this folder"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """读一遍文件，计入每日中间结果；可随时中断再续。 / Count files into daily partials; resumable."""
    needs_audit()
    if as_json and report is not None:
        raise typer.BadParameter("--json, --report")
    from liangming.audit.engines import open_engine
    from liangming.audit.ingest.mapping import read_mapping
    from liangming.audit.partials import Partials
    from liangming.audit.run import run as count
    from liangming.audit.summary import told

    mapped = read_mapping(mapping) if mapping is not None else None
    with progress_bar() as bar, Partials(partials) as kept:
        task = bar.add_task("读取 reading", total=None)
        found = EventFiles.of(files)
        running = open_engine(engine, threads=threads, memory=memory)
        try:
            ran = count(
                found.there,
                kept,
                running,
                mapping=mapped,
                latest=today() + 1,
                progress=lambda done, total: bar.update(
                    task, description="读取 reading", completed=done, total=total
                ),
                reading=lambda name: bar.update(task, description=f"转换 preparing {name}"),
            )
        finally:
            running.close()
        missing = _missing_everywhere(kept.lines)
        answers = told(kept.cells(keys=("operator",)), missing)
        head = kept.head
    if as_json:
        print_json(_as_json(ran, answers, head, found))
    else:
        say(ran, answers, found)
        out.print(f"链条 chain: {head}", markup=False)
    if report is not None:
        import pyarrow as pa

        pa.default_memory_pool().release_unused()  # what counting freed is kept for it otherwise
        from liangming.cli.audit_report import report as write_report

        write_report(to=report, partials=partials)
    elif not as_json:
        out.print(f"接着 next: liangming audit report --partials {partials}", markup=False)
    raise typer.Exit(1 if ran.unreadable or found.closed else 0)


@app.command("findings")
def findings() -> None:
    """日志能够直接显示的问题，以及不能的。 / What rows can show by themselves, and what they cannot."""
    needs_audit()
    from liangming.audit.questions.findings import FINDINGS
    from liangming.audit.summary import articles, not_in_logs

    table = Table("编号", "问题 finding", "条文 articles（等级 grade）", "需要 needs", box=None)
    for one in FINDINGS:
        cited = "、".join(f"{a.id}（{a.grade.value}）" for a in articles(one))
        table.add_row(one.code, f"{one.zh}\n{one.en}", cited, ", ".join(one.needs))
    out.print(table)
    for number, (zh, en) in not_in_logs().items():
        out.print(f"{number}  日志看不出 not in logs：{zh} / {en}", markup=False)


@dataclass(frozen=True, slots=True)
class EventFiles:
    """The files that some paths name.

    Attributes:
        there: those that may hold events.
        other: how many stand in folders and are of no kind that does.
        closed: folders that could not be looked into.
    """

    there: list[Path]
    other: int
    closed: list[str]

    @classmethod
    def of(cls, given: list[Path]) -> EventFiles:
        """Look into folders, and take files as they are.

        Raises:
            Misuse: ``cli.audit-no-events``.
        """
        from liangming.audit.ingest.form import may_hold_events

        found = cls([], 0, [])
        there = found.there
        other = 0
        for path in given:
            if not path.is_dir():
                there.append(path)
                continue
            for folder, folders, names in os.walk(
                path, onerror=lambda failure: found.closed.append(Path(failure.filename).name)
            ):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                fit = [name for name in names if may_hold_events(Path(name))]
                other += len(names) - len(fit)
                there += [Path(folder, name) for name in fit]
        if not there:
            raise Misuse(NO_EVENTS, field="FILES")
        return cls(sorted(there), other, found.closed)


def today() -> int:
    """Today in China, as days since 1970."""
    return (china_date(SystemClock().now()) - date(1970, 1, 1)).days


def say(ran: Ran, answers: list[Told], found: EventFiles) -> None:
    """Tell what a run counted and did not, and what it can answer."""
    rows = sum(line.counted for line in ran.units)
    out.print(f"计入 counted: {rows} 次查验 checks，{len(ran.units)} 批 units", markup=False)
    reasons: dict[str, int] = {}
    for line in ran.units:
        for reason, number in line.left_out.items():
            reasons[reason] = reasons.get(reason, 0) + number
    for reason, number in sorted(reasons.items()):
        out.print(f"未计入 left out: {number} 行 rows，{reason}", markup=False)
    _say_beside(ran, found)
    for name in ran.before:
        out.print(f"以前计过 counted before: {name}", markup=False)
    for fault in ran.faults[:SHOWN_FAULTS]:
        what = "该行不计 row left out" if fault.leaves_out else "该值视为未知 value not known"
        first = ", ".join(map(str, fault.first))
        err.print(
            f"{fault.file} {fault.column}: {fault.reason}，{fault.rows} 行 rows"
            f"（第 {first} 行…）{what}",
            markup=False,
        )
    if len(ran.faults) > SHOWN_FAULTS:
        err.print(f"… 另有 and {len(ran.faults) - SHOWN_FAULTS} more")
    table = Table(box=None, pad_edge=False)
    for title in ("问题 finding", "显示 shown", "检验 tested", ""):
        table.add_column(title, overflow="fold")
    for one in answers:
        lack = ", ".join(one.missing)
        why = (
            f"不可检验 not testable：{lack or '没有相关的行 no row says it'}"
            if not one.tested
            else ""
        )
        table.add_row(f"{one.finding.code} {one.finding.zh}", str(one.shown), str(one.tested), why)
    out.print(table)
    for name, failure in ran.unreadable:
        err.print(f"未读 not read: {name}", markup=False)
        say_error(failure)


def _say_beside(ran: Ran, found: EventFiles) -> None:
    """What no row says: days that were counted before, files and folders that were not read."""
    if ran.again:
        err.print(
            f"有 {len(ran.again)} 天以前已从别的文件计过，这次是补充；同编号的不再计入。\n"
            f"{len(ran.again)} days had been counted from other files before; this adds to them, and numbers"
            " that were counted do not count again.",
            markup=False,
        )
    if ran.blind:
        err.print(
            f"其中 {len(ran.blind)} 天看不全是否重复（有的行没有编号，或者编号没有留下）；若是同样的查验，就计了两次。\n"
            f"Of {len(ran.blind)} of them it cannot be told wholly what came again (rows without a number, or"
            " numbers that were not kept); the same checks would count twice.",
            markup=False,
        )
    if ran.unnumbered:
        err.print(
            f"{ran.unnumbered} 行没有编号，以后重复出现也认不出 / {ran.unnumbered} rows have no number;"
            " if they come again, it cannot be seen",
            markup=False,
        )
    if ran.noticed:
        err.print(
            f"约 {ran.noticed} 行的编号在别的日子或者很久以前出现过，仍然计入：编号若每天从头开始就没有问题，否则就重复了。\n"
            f"About {ran.noticed} rows carry numbers that were counted on other days, or long ago, and count:"
            " right where numbers begin anew each day, twice otherwise.",
            markup=False,
        )
    if found.other:
        err.print(
            f"目录里另有 {found.other} 个文件不是事件文件，没有看 / {found.other} other files in the"
            " folders were not looked at",
            markup=False,
        )
    for name in found.closed:
        err.print(f"目录打不开，没有看 / folder not looked into: {name}", markup=False)


def _as_json(ran: Ran, answers: list[Told], head: str, found: EventFiles) -> object:
    import msgspec

    return {
        "units": [msgspec.to_builtins(line) for line in ran.units],
        "counted_before": ran.before,
        "days_counted_again": sorted(ran.again),
        "days_with_repeats_unseen": sorted(ran.blind),
        "rows_without_number": ran.unnumbered,
        "rows_with_numbers_of_other_days": ran.noticed,
        "other_files": found.other,
        "folders_not_looked_into": found.closed,
        "unreadable": [{"file": name, "code": why.code.name} for name, why in ran.unreadable],
        "faults": [msgspec.to_builtins(fault) for fault in ran.faults],
        "findings": [
            {
                "code": one.finding.code,
                "shown": one.shown,
                "tested": one.tested,
                "missing": list(one.missing),
                "citations": list(one.finding.citations),
            }
            for one in answers
        ],
        "chain": head,
    }


def _missing_everywhere(lines: list[Line]) -> set[str]:
    units = [set(line.missing) for line in lines if line.kind == "unit"]
    return set.intersection(*units) if units else set()


def needs_audit() -> None:
    """Say what to install where the parts of an audit are missing.

    Raises:
        Misuse: ``cli.audit-extra-missing``.
    """
    if any(importlib.util.find_spec(part) is None for part in PARTS):
        raise Misuse(EXTRA_MISSING)


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar on standard error, where that is a terminal; Ctrl-C inside it is said in words."""
    try:
        with Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
            console=err,
            transient=True,
            disable=not sys.stderr.isatty(),
        ) as bar:
            yield bar
    except KeyboardInterrupt:
        err.print(
            "已停下：写好的都是完整的，同一命令再运行一次即可继续。\n"
            "Stopped: what is written is whole; the same command goes on from there.",
            markup=False,
        )
        raise typer.Exit(INTERRUPTED) from None
