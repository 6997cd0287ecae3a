"""``liangming duties``: what is due, whose it is, and a calendar of it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Final, TypeVar

import msgspec
import typer

from liangming.assembly import Settings, beside, premises, rights_desk
from liangming.cli.speech import cited, err, out, print_json
from liangming.clock import rfc3339
from liangming.errors import Kind, Misuse, declare
from liangming.governance import board, calendar
from liangming.governance.periodic import done as task_done
from liangming.governance.retention import SPAN_UNFIT, report
from liangming.governance.watching import PREFIX, look
from liangming.rights import RightsDesk

T = TypeVar("T")
NOT_WRITTEN: Final = declare(
    "cli.calendar-unwritable",
    Kind.INVALID,
    zh="日历写不进这个文件，请换一个路径。",
    en="The calendar cannot be written there; please choose another path.",
)

app = typer.Typer(help="义务看板：到期日、经办人、条文。 / The duties board.", no_args_is_help=True)


@app.command("list")
def list_(
    *,
    late: Annotated[bool, typer.Option("--late", help="只看逾期 / only what is late")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine-readable")] = False,
) -> None:
    """列出全部义务，最先到期的在前；有逾期时以状态 1 结束。 / All duties; status 1 if one is late."""

    async def run(desk: RightsDesk) -> bool:
        now = desk.premises.clock.now()
        duties = [d for d in await board(desk) if not late or d.is_late(now)]
        if as_json:
            print_json(
                [
                    {
                        "id": duty.id,
                        "kind": duty.kind.value,
                        "title": {"zh": duty.title.zh, "en": duty.title.en},
                        "owner": duty.owner,
                        "due": rfc3339(duty.due),
                        "late": duty.is_late(now),
                        "article": duty.article,
                        "not_law": duty.standard,
                        "may_move": duty.may_move,
                        "at_once": duty.at_once,
                        "do": duty.do,
                    }
                    for duty in duties
                ]
            )
            return any(duty.is_late(now) for duty in duties)
        if not duties:
            err.print("没有。 / None.")
        for duty in duties:
            mark = "逾期 LATE  " if duty.is_late(now) else ""
            moves = "  （日期可能变动 may move）" if duty.may_move else ""
            day = "立即 at once" if duty.at_once else f"{duty.day}"
            out.print(f"{mark}{day}  {duty.title.zh} / {duty.title.en}{moves}", markup=False)
            out.print(f"    {duty.owner}  {duty.id}  → {duty.do}", markup=False)
            out.print(f"    逾期 if late: {duty.late.zh} / {duty.late.en}", markup=False)
            if duty.gate:
                out.print(f"    关口 gate: {duty.gate.zh} / {duty.gate.en}", markup=False)
            ours = (
                "（期限出自标准或亮明自定，不是法律 the term is not law）" if duty.standard else ""
            )
            for line in cited((duty.article,)):
                out.print(f"    {line}{ours}", markup=False)
        return any(duty.is_late(now) for duty in duties)

    if _at_desk(run):
        raise typer.Exit(1)


@app.command("calendar")
def feed(
    to: Annotated[
        Path | None, typer.Option(help="写入文件 / file to write; default: stdout")
    ] = None,
    *,
    english: Annotated[bool, typer.Option("--english", help="英文 / in English")] = False,
) -> None:
    """ICalendar 日历（RFC 5545）。 / The board as an iCalendar feed."""

    async def run(desk: RightsDesk) -> bytes:
        return calendar(await board(desk), desk.premises.clock.now(), english=english)

    data = _at_desk(run)
    if to is None:
        sys.stdout.buffer.write(data)
        return
    try:
        to.write_bytes(data)
    except OSError:
        raise Misuse(NOT_WRITTEN, field="--to") from None


@app.command("retention")
def retention(
    since: Annotated[str, typer.Option("--from", help="第一日 / first day, YYYY-MM-DD")],
    until: Annotated[str, typer.Option("--to", help="最后一日 / last day, YYYY-MM-DD")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine-readable")] = False,
) -> None:
    """保存期限报告：每个字段多久、凭哪一条、删了多少；有过期未删的以状态 1 结束。 / The retention report."""
    try:
        first, last = date.fromisoformat(since), date.fromisoformat(until)
    except ValueError:
        raise Misuse(SPAN_UNFIT, field="--from") from None
    made = _at_desk(lambda desk: report(desk, first, last))
    if as_json:
        print_json(msgspec.to_builtins(made))
    else:
        out.print(f"{made.first} – {made.last}", markup=False)
        for term in made.terms:
            out.print(
                f"  {term.scene}  {term.field}  {term.days} 日 days  {term.article}", markup=False
            )
        for why, count in made.erased.items():
            out.print(f"已删除 erased ({why}): {count}", markup=False)
        out.print(f"在册 registered: {made.registered}", markup=False)
        out.print(f"过期未删 beyond their day: {made.beyond}", markup=False)
        out.print(
            f"保全 held: {made.held}  限制 stored only: {made.restricted}"
            f"  删除记录 tombstones: {made.tombstones}",
            markup=False,
        )
    if made.beyond:
        raise typer.Exit(1)


@app.command("done")
def done(
    task: Annotated[
        str, typer.Argument(help="定期义务 / a duty that comes again, e.g. restore-drill")
    ],
    by: Annotated[str, typer.Option("--by", help="岗位或账号 / role or account")],
    reference: Annotated[str, typer.Option(help="材料编号 / reference of the papers")] = "",
    outcome: Annotated[
        str,
        typer.Option(
            help="只用于每日审计的突出之处：explained 有如实的原因，mended 已经改正 /"
            " of what the daily audit found only: explained or mended"
        ),
    ] = "",
) -> None:
    """记录一项定期义务已完成，或者一处突出已经查看。 / Record that a periodic duty, or a look, was done."""
    if task.startswith(PREFIX):
        again = asyncio.run(_look(task, outcome, by, reference))
        err.print(
            f"已记录；{again} 仍突出的再看。 / Recorded; asked again on {again}.", markup=False
        )
        return
    day = _at_desk(
        lambda desk: task_done(desk.premises, desk.docket, task, actor=by, reference=reference)
    )
    err.print(f"已记录；下一次最迟 {day}。 / Recorded; next by {day}.", markup=False)


async def _look(name: str, outcome: str, by: str, reference: str) -> date:
    """A look concerns no person, so that it may be left beside a running service."""
    settings = Settings.read()
    async with beside(settings) as house:
        desk = rights_desk(settings, house)
        return await look(house, desk, name, outcome=outcome, actor=by, reference=reference)


def _at_desk(use: Callable[[RightsDesk], Awaitable[T]]) -> T:
    settings = Settings.read()

    async def run() -> T:
        async with premises(settings, allow_test_region=not settings.production) as house:
            return await use(rights_desk(settings, house))

    return asyncio.run(run())
