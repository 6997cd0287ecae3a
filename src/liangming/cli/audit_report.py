"""``liangming audit report`` and ``watch``: what stands out, for people and for programs."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from liangming.assembly import Settings, beside
from liangming.cli.audit import AsJson, needs_audit, progress_bar
from liangming.cli.speech import err, out, print_json
from liangming.clock import SystemClock
from liangming.errors import Kind, Misuse, Outage, declare
from liangming.storage import open_docket

if TYPE_CHECKING:
    from liangming.audit.watch import Watched

LEVEL_UNFIT = declare(
    "cli.audit-level-unfit",
    Kind.INVALID,
    zh="误标率须在 0.001 到 0.2 之间；天数须在 1 到 3660 之间。",
    en="The level lies between 0.001 and 0.2, the days between 1 and 3660.",
)
LOWEST, HIGHEST, MOST_DAYS = 0.001, 0.2, 3_660
SHOWN_NEW = 20
"""What newly stands out, named line by line."""
Folder = Annotated[
    Path, typer.Option(help="每日中间结果的目录 / folder of the daily partial files")
]


def report(
    to: Annotated[Path, typer.Option(help="写到哪个目录 / folder to write to")] = Path(
        "audit-report"
    ),
    partials: Folder = Path("audit-partials"),
    level: Annotated[float, typer.Option(help="误标率 / nominal share of false flags")] = 0.05,
    pdf: Annotated[bool, typer.Option(help="同时写 PDF / a PDF too")] = True,
    as_json: AsJson = False,
) -> None:
    """写出报告：哪里值得去看（中英文网页、PDF、表格）。 / Write the report: where to look."""
    needs_audit()
    from liangming.audit.partials import Partials
    from liangming.audit.report.press import Press, chinese
    from liangming.audit.report.write import content_of, ready, summary, write

    if not LOWEST <= level <= HIGHEST:
        raise Misuse(LEVEL_UNFIT, field="--level")
    counted_there(partials)
    ready(to)
    press = None
    with progress_bar() as bar:
        task = bar.add_task("准备 preparing", total=None)
        with Partials(partials) as kept:
            content = content_of(
                kept,
                SystemClock().now(),
                level=level,
                said=lambda what: bar.update(task, description=what),
            )
        if pdf:
            try:
                press = Press()
            except Outage as missing:
                err.print(f"{missing.code.zh}\n{missing.code.en}", markup=False)
        written = write(
            content, to, press=press, said=lambda what: bar.update(task, description=what)
        )
    if press is not None and not chinese():
        err.print(
            "没有中文字体，PDF 中的汉字可能缺失：apt install fonts-noto-cjk / "
            "no Chinese font: Chinese may be missing in the PDF",
            markup=False,
        )
    if as_json:
        print_json(summary(content))
        return
    out.print(
        f"{content.outlets} 个网点 outlets，{content.flagged} 个突出 stand out，"
        f"{len(content.judged.scenes)} 个场景整体超限 whole scenes",
        markup=False,
    )
    for place in written:
        out.print(str(place), markup=False)


def counted_there(partials: Path) -> None:
    """A folder that is not there stays so: whoever mistypes its name finds no empty one afterwards.

    Raises:
        Misuse: ``audit.nothing-counted``.
    """
    from liangming.audit.report.write import NOTHING_COUNTED

    if not partials.is_dir():
        raise Misuse(NOTHING_COUNTED, field=f"--partials {partials.name}")


def watch(
    to: Annotated[Path, typer.Option(help="结果文件 / the result")] = Path("audit-watch.json"),
    partials: Folder = Path("audit-partials"),
    days: Annotated[int, typer.Option(help="看最近多少天 / how many of the last days")] = 90,
    record: Annotated[
        bool,
        typer.Option("--record", help="摘要记入本系统存证 / leave its digest in our own log"),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """每日一看：哪些网点新突出了。 / Once a day: which places newly stand out.

    有新的突出之处时退出状态为 1。 / Exit status 1 when something newly stands out.
    """
    needs_audit()
    from liangming.audit.watch import facts

    if not 1 <= days <= MOST_DAYS:
        raise Misuse(LEVEL_UNFIT, field="--days")
    counted_there(partials)
    result = look(to, partials, days, record=record)
    if as_json:
        print_json(dict(facts(result)))
    else:
        _say_watched(result, to)
    _say_missed(partials)
    raise typer.Exit(1 if result.new else 0)


def _say_watched(result: Watched, to: Path) -> None:
    out.print(
        f"{len(result.standing)} 处突出 stand out，{result.new} 处新 new，"
        f"{len(result.gone)} 处不再 gone：{to}",
        markup=False,
    )
    new = [one for one in result.standing if one.since == result.until]
    for one in new[:SHOWN_NEW]:
        place = one.outlet or f"{one.scene_kind}（整类场景 a whole scene）"
        of = f"{one.operator} " if one.operator else ""
        out.print(f"  新 new：{of}{place}：{' / '.join(one.title)}", markup=False)
    if len(new) > SHOWN_NEW:
        out.print(f"  … 另有 and {len(new) - SHOWN_NEW} more", markup=False)


def _say_missed(partials: Path) -> None:
    """Files that were not read are in no result, and whoever looks each day sees nothing else of them."""
    from liangming.audit.partials.unread import Missed

    files = Missed(partials).told().files
    if files:
        named = "、".join(one.name for one in files[:SHOWN_NEW])
        err.print(
            f"{len(files)} 个文件没有读成，不在结果里 / files that could not be read: {len(files)}; they are in no result: {named}",
            markup=False,
        )


def look(to: Path, partials: Path, days: int, *, record: bool, until: int | None = None) -> Watched:
    """Look at the last days, and keep what came out.

    Args:
        to: the result's place; the one before lies there.
        partials: what was counted.
        days: how many.
        record: leave the digest in our own log.
        until: the last of them; None for the last of which there is a check.
    """
    from liangming.audit.partials import Partials
    from liangming.audit.report.write import content_of
    from liangming.audit.watch import keep, nothing, read, watched

    before = read(to)
    with progress_bar() as bar, Partials(partials) as kept:
        task = bar.add_task("读取 reading", total=None)
        held = [part.day for line in kept.lines for part in line.cells]
        last = max(held) if until is None and held else until
        if until is not None and not held:
            result = nothing(until - days + 1, until)
        else:
            content = content_of(
                kept,
                SystemClock().now(),
                since=None if last is None else last - days + 1,
                said=lambda what: bar.update(task, description=what),
            )
            result = watched(content, before, until=until)
    keep(to, result)
    if record:
        asyncio.run(_record(result))
    return result


async def _record(result: Watched) -> None:
    from liangming.audit.evidence import record

    async with beside(Settings.read()) as house:
        await record(house, open_docket(house.store), result)
