"""``liangming export``: what others may read, without anything about a person."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer

from liangming.assembly import Settings, lawful_scenes, load_keys, reading
from liangming.cli.audit import needs_audit, progress_bar
from liangming.cli.speech import out
from liangming.clock import SystemClock, china_date
from liangming.errors import Kind, LiangmingError, Misuse, Outage, declare

DAY_UNFIT = declare(
    "cli.export-day-unfit",
    Kind.INVALID,
    zh="日期写成 YYYY-MM-DD，先后有序，而且只能导出已经过完的日子。",
    en="Days are written YYYY-MM-DD, in order; only days that are over can be exported.",
)
EXPORT_FAILED = declare(
    "cli.export-failed",
    Kind.OUTAGE,
    zh="导出文件写不进这个目录，请检查路径、权限和磁盘空间。",
    en="The export cannot be written to this folder; please check path, rights and disk space.",
)
LEAST_FLOOR: Final = 5

app = typer.Typer(help="导出。 / Export.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """导出。 / Export."""


@app.command("events")
def export_events(
    since: Annotated[str, typer.Option("--from", help="第一天 / first day, YYYY-MM-DD")],
    until: Annotated[str, typer.Option("--to", help="最后一天 / last day, YYYY-MM-DD")],
    to: Annotated[Path, typer.Option("--out", help="写到哪个目录 / folder to write to")],
    floor: Annotated[
        int,
        typer.Option(
            min=LEAST_FLOOR,
            help="少于这么多次查验的网点合并 / outlets with fewer checks a day are put together",
        ),
    ] = 10,
) -> None:
    """按天导出查验事件，不含个人信息。 / Export the events of checks by day, nothing about a person."""
    needs_audit()
    from liangming.audit.event_files import write_day
    from liangming.audit.export import events, export_key

    clock = SystemClock()
    first, last = _days(since, until, china_date(clock.now()))
    settings = Settings.read()
    key = export_key(load_keys(settings, clock).keys.signing)
    provinces = _provinces(settings)

    async def read() -> list:  # type: ignore[type-arg]
        with progress_bar() as bar:
            task = bar.add_task("读取 reading", total=None)
            async with reading(settings) as store:
                return await events(
                    store,
                    first,
                    last,
                    key=key,
                    floor=floor,
                    province=provinces.get,
                    progress=lambda read: bar.update(task, completed=read),
                )

    days = {day.on: day for day in asyncio.run(read())}
    try:
        to.mkdir(parents=True, exist_ok=True)
        for number in range((last - first).days + 1):
            on = first + timedelta(days=number)
            day = days.get(on)
            rows = day.rows if day else []
            path = write_day(to, on, rows)
            merged, suppressed = (day.merged, day.suppressed) if day else (0, 0)
            unnamed = day.unnamed if day else 0
            out.print(
                f"{path}: {len(rows)} 个事件 events，其中合并 merged {merged}；"
                f"因太少未导出 left out as too few {suppressed}，"
                f"去掉收寄员代号 without their clerk's code {unnamed}",
                markup=False,
            )
    except OSError:
        raise Outage(EXPORT_FAILED, field="--out") from None


def _provinces(settings: Settings) -> dict[str, int]:
    """Province codes by scene; a scene that cannot be read has none."""
    try:
        scenes = lawful_scenes(settings, SystemClock())
    except LiangmingError:
        return {}
    return {
        scene.id: int(scene.outlet.province)
        for scene in scenes.values()
        if scene.outlet.province.isdecimal()
    }


def _days(since: str, until: str, today: date) -> tuple[date, date]:
    try:
        first, last = date.fromisoformat(since), date.fromisoformat(until)
    except ValueError:
        raise Misuse(DAY_UNFIT) from None
    if not first <= last < today:
        raise Misuse(DAY_UNFIT)
    return first, last
