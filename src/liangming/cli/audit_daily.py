"""``liangming audit daily``: the house's own checks of the last days, exported, counted, looked at."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from liangming.assembly import Settings, needs_store, reading, watch_file
from liangming.cli.audit import needs_audit, progress_bar
from liangming.cli.audit_report import look
from liangming.cli.export import FLOOR, event_file, export_days
from liangming.clock import SystemClock, china_date
from liangming.governance import daily as turns
from liangming.storage import open_docket
from liangming.storage.child import attend

if TYPE_CHECKING:
    from liangming.audit.partials import Partials

DAYS: Final = 90
LOWEST: Final = 19
MEMORY: Final = "1GB"


def daily(
    parent: Annotated[
        int,
        typer.Argument(
            help="由服务启动时，它的进程号；单独运行时不写 / number of the service that starts it; nothing by hand"
        ),
    ] = 0,
) -> None:
    """自己的查验每天一看：导出、计入、看哪里新突出。 / Once a day: own checks exported, counted, looked at.

    服务在 LIANGMING_DAILY_AUDIT 所写的时刻自动运行它。 / The service runs it at LIANGMING_DAILY_AUDIT.
    """
    if parent:
        attend(parent)
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # end as after Ctrl-C: in order
        _yield_to_all()
    needs_audit()

    settings = Settings.read()
    needs_store(settings)
    folder = settings.data / "audit"
    _caught_up(settings, folder / "events", folder / "partials")
    _count(folder / "events", folder / "partials")
    result = look(
        watch_file(settings), folder / "partials", DAYS, record=True, until=_number(_yesterday())
    )
    raise typer.Exit(1 if result.new else 0)


def _yesterday() -> date:
    return china_date(SystemClock().now()) - timedelta(days=1)


def _number(on: date) -> int:
    return (on - date(1970, 1, 1)).days


def _caught_up(settings: Settings, events: Path, partials: Path) -> None:
    """Export the days that are not counted yet, and those of which checks came late.

    The newest result is taken from another service.
    """
    from liangming.audit.partials import Partials

    days = [_yesterday() - timedelta(days=number) for number in reversed(range(DAYS))]
    with Partials(partials) as kept:
        done = _counted(kept, events, days)
    missing = [on for on in days if on not in done and (not done or on > min(done))]
    late = {on: many for on, many in done.items() if many is not None}
    export_days(settings, missing, events, FLOOR, from_first=not done, before=late)

    async def newest() -> bytes:
        async with reading(settings) as store:
            return await turns.newest(open_docket(store))

    theirs = asyncio.run(newest())
    from liangming.audit import watch as watching

    place = watch_file(settings)
    mine = watching.read(place)
    other = watching.decoded(theirs) if theirs else None
    if other is not None and (mine is None or mine.until < other.until):
        watching.keep(place, other)


def _counted(kept: Partials, events: Path, days: list[date]) -> dict[date, int | None]:
    """Days that are counted; with how many events, where more may come and those would not count twice."""
    from liangming.audit.export import LATE

    counted: dict[str, int] = {}
    for line in kept.lines:
        for source in line.sources:
            counted[source.name] = max(counted.get(source.name, 0), source.rows)
    found: dict[date, int | None] = {}
    for on in days:
        name = event_file(events, on).name
        if name in counted:
            may_grow = (_yesterday() - on).days <= LATE
            known = may_grow and kept.memory.of_days(_number(on), _number(on))[1]
            found[on] = counted[name] if known else None
    return found


def _count(events: Path, partials: Path) -> None:
    """Count what was exported; a file that counts is not needed any more."""
    from liangming.audit.engines import open_engine
    from liangming.audit.partials import Partials
    from liangming.audit.run import run

    with progress_bar(), Partials(partials) as kept:
        engine = open_engine("arrow")
        try:
            files = sorted(events.glob("events-*.parquet"))
            ran = run(files, kept, engine, latest=_number(_yesterday()), memory=MEMORY)
        finally:
            engine.close()
        if ran.unreadable:
            raise ran.unreadable[0][1]
        kept.add_months()
        for path in events.glob("events-*.parquet"):
            path.unlink()


def _yield_to_all() -> None:
    """Run only when nothing else wants the processor."""
    with suppress(OSError, AttributeError):
        os.nice(LOWEST)
    with suppress(OSError, AttributeError):  # Linux
        os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
