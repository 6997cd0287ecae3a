"""``liangming export``: what others may read, without anything about a person."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final

import typer

from liangming.assembly import Settings, lawful_scenes, load_keys, needs_store, reading
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
FLOOR: Final = 10

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
    ] = FLOOR,
    *,
    again: Annotated[
        bool,
        typer.Option(
            "--again", help="已经导出的日子也重写 / write days anew that were exported before"
        ),
    ] = False,
    late: Annotated[
        bool,
        typer.Option(
            "--late",
            help="已经导出、之后又有查验办完的日子重写 / write days anew of which checks came late",
        ),
    ] = False,
) -> None:
    """按天导出查验事件，不含个人信息。 / Export the events of checks by day, nothing about a person."""
    needs_audit()
    first, last = _days(since, until, china_date(SystemClock().now()))
    asked = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    there = [] if again else [on for on in asked if event_file(to, on).exists()]
    for on in there:
        out.print(f"已经导出 exported before: {event_file(to, on)}", markup=False)
    missing = [on for on in asked if on not in there]
    before = _exported(to, there) if late else {}
    export_days(Settings.read(), missing, to, floor, before=before)


def _exported(to: Path, days: list[date]) -> dict[date, int]:
    """How many events the files of some days hold.

    Raises:
        Outage: ``cli.export-failed``.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return {on: pq.read_metadata(event_file(to, on)).num_rows for on in days}
    except (OSError, pa.ArrowException):
        raise Outage(EXPORT_FAILED, field="--out") from None


def export_days(
    settings: Settings,
    days: list[date],
    to: Path,
    floor: int,
    *,
    from_first: bool = False,
    before: Mapping[date, int] = MappingProxyType({}),
) -> list[Path]:
    """Export some days, each as soon as it is whole; stopping loses only those not yet written.

    Args:
        settings: where the checks are.
        days: in order.
        to: the folder; made if it is not there.
        floor: the least number of checks that an outlet has on a day to stand for itself.
        from_first: leave out days before the first of which there is a check.
        before: how many events were exported of some other days: they are exported again where at least
            ``floor`` more came, for whoever has both exports can tell the difference apart.

    Raises:
        Misuse: ``storage.absent``.
        Outage: ``cli.export-failed``.
    """
    from liangming.audit.event_files import write_day
    from liangming.audit.export import Spool, export_key, finished, gather

    needs_store(settings)
    key = export_key(load_keys(settings, SystemClock()).keys.signing)
    written: list[Path] = []
    try:
        to.mkdir(parents=True, exist_ok=True)
        with progress_bar() as bar, Spool(to) as spool:
            task = bar.add_task("读取 reading", total=None)

            def told(read: int) -> None:
                bar.update(task, completed=read)

            async def read() -> tuple[set[date], dict[date, int]]:
                async with reading(settings) as store:
                    now = await finished(store, before, progress=told)
                    more = {on: many - before[on] for on, many in now.items()}
                    grown = {on for on, many in more.items() if many >= floor}
                    province = _provinces(settings).get
                    wanted = {*days, *grown}
                    await gather(store, wanted, spool, key=key, province=province, progress=told)
                return grown, more

            grown, more = asyncio.run(read())
            for on in sorted(on for on, many in more.items() if 0 < many < floor):
                _waiting(on, more[on], floor)
            first = min(spool.days, default=date.max) if from_first else date.min
            for on in sorted({*grown, *(on for on in days if on >= first)}):
                day = spool.day(on, floor)
                if on in grown and len(day.rows) - before[on] < floor:
                    _waiting(on, more[on], floor)
                    continue
                written.append(write_day(to, on, day.rows))
                out.print(
                    f"{written[-1]}: {len(day.rows)} 个事件 events，其中合并 merged {day.merged}；"
                    f"因太少未导出 left out as too few {day.suppressed}，"
                    f"去掉收寄员代号 without their clerk's code {day.unnamed}",
                    markup=False,
                )
    except OSError:
        raise Outage(EXPORT_FAILED, field="--out") from None
    return written


def _waiting(on: date, many: int, floor: int) -> None:
    """Say how many checks of an exported day are in no file: they came late, or were too few at their place."""
    out.print(
        f"{on}: {many} 次查验办完而不在文件里（晚到的，或因太少未导出的），另外不足 {floor} 次，暂不重写 finished and in"
        f" no file (they came late, or were left out as too few): fewer than {floor} more, so the day waits",
        markup=False,
    )


def event_file(folder: Path, on: date) -> Path:
    """Where the events of a day go."""
    return folder / f"events-{on.isoformat()}.parquet"


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
