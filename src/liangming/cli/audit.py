"""``liangming audit``: questions asked of event files, of any vendor."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.progress import Progress
from rich.table import Table

from liangming.cli.audit_said import nothing_fits, say
from liangming.cli.bar import rising
from liangming.cli.event_files import EventFiles
from liangming.cli.loading import loaded
from liangming.cli.speech import err, out, print_json
from liangming.clock import SystemClock, china_date
from liangming.errors import Kind, Misuse, declare

if TYPE_CHECKING:
    from liangming.audit.partials import Line
    from liangming.audit.run import Ran
    from liangming.audit.summary import Told
    from liangming.rules import Article

EXTRA_MISSING = declare(
    "cli.audit-extra-missing",
    Kind.INVALID,
    zh="审计需要 DuckDB 等部件，请安装 liangming[audit]（源码目录中：make setup）。",
    en="An audit needs DuckDB and more: install liangming[audit] (in a checkout: make setup).",
)
PARTS: Final = ("duckdb", "ibis", "pyarrow", "numpy", "scipy")
LOADED: Final = (
    *PARTS,
    "pandas",
    "pyarrow.parquet",
    "scipy.special",
    "scipy.stats",
    "scipy.sparse",
)
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
        counted = sum(line.counted for line in kept.lines)
        answers = told(kept.cells(keys=("operator",)), missing)
        head = kept.head
    if as_json:
        print_json(_as_json(ran, answers, head, found))
    else:
        say(ran, answers, found)
        if counted:
            out.print(f"链条 chain: {head}", markup=False)
    if report is not None and counted:
        import pyarrow as pa

        pa.default_memory_pool().release_unused()  # what counting freed is kept for it otherwise
        from liangming.cli.audit_report import report as write_report

        write_report(to=report, partials=partials)
    elif report is not None:
        err.print(
            "没有一次查验可以计入，所以没有写报告。 / Not one check counts, so no report was written.",
            markup=False,
        )
    elif counted and not as_json:
        out.print(f"接着 next: liangming audit report --partials {partials}", markup=False)
    raise typer.Exit(1 if ran.unreadable or found.partly or nothing_fits(ran) else 0)


@app.command("findings")
def findings() -> None:
    """日志能够直接显示的问题，以及不能的。 / What rows can show by themselves, and what they cannot."""
    needs_audit(load=False)
    from liangming.audit.questions.findings import FINDINGS
    from liangming.audit.summary import articles, not_in_logs

    table = Table(box=None, pad_edge=False)
    for head in ("编号", "问题 finding", "条文 articles（等级 grade）", "需要 needs"):
        table.add_column(head, overflow="fold")  # cut off, nobody reads which article
    for one in FINDINGS:
        named = "\n".join(map(cited, articles(one)))
        table.add_row(one.code, f"{one.zh}\n{one.en}", named, "\n".join(one.needs))
    out.print(table)
    for number, (zh, en) in not_in_logs().items():
        out.print(f"{number}  日志看不出 not in logs：{zh} / {en}", markup=False)


def cited(article: Article) -> str:
    """An article with its grade; a standard is no law."""
    from liangming.law import CORPUS
    from liangming.rules import Rank

    standard = CORPUS.instruments[article.instrument].rank is Rank.STANDARD
    mark = "，推荐性标准，不是法律 standard, not law" if standard else ""
    return f"{article.id}（{article.grade.value}{mark}）"


def today() -> int:
    """Today in China, as days since 1970."""
    return (china_date(SystemClock().now()) - date(1970, 1, 1)).days


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
        "own_files": found.own,
        "folders_not_looked_into": found.closed,
        "links_not_followed": found.linked,
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


def needs_audit(*, load: bool = True) -> None:
    """Say what to install where the parts of an audit are missing; load them, where they will be asked.

    Raises:
        Misuse: ``cli.audit-extra-missing``.
    """
    if any(importlib.util.find_spec(part) is None for part in PARTS):
        raise Misuse(EXTRA_MISSING)
    if load:
        loaded(LOADED)


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A bar on standard error, where that is a terminal; Ctrl-C inside it is said in words."""
    try:
        with rising() as bar:
            yield bar
    except KeyboardInterrupt:
        err.print(
            "已停下：写好的都是完整的，同一命令再运行一次即可继续。\n"
            "Stopped: what is written is whole; the same command goes on from there.",
            markup=False,
        )
        raise typer.Exit(INTERRUPTED) from None
