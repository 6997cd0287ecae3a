"""``liangming finding``: what an inspection found, and how it is put right; each step is a leaf.

These leave evidence, so they open the house for themselves: with SQLite the service is stopped first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from liangming.assembly import Settings, beside, reading_house
from liangming.cli.given import trust_in
from liangming.cli.packet import mandate_in
from liangming.cli.speech import cited, err, out
from liangming.clock import SystemClock, china_date
from liangming.inspection import Inspected, Mandate
from liangming.inspection import findings as found
from liangming.inspection.catalogue import VIOLATIONS, by_id
from liangming.inspection.register import Finding
from liangming.law import CORPUS
from liangming.storage import open_docket

_STATES = {
    "open": "待整改 open",
    "rectified": "已整改，待确认 rectified",
    "closed": "已确认 closed",
}

app = typer.Typer(
    help="检查发现的问题与整改。 / Findings of an inspection, and putting them right.",
    no_args_is_help=True,
)

MandateFile = Annotated[Path, typer.Argument(metavar="MANDATE", help="检查任务文件 / the mandate")]
Number = Annotated[int, typer.Argument(min=1, help="问题编号 / number of the finding")]
Due = Annotated[
    datetime, typer.Option(formats=["%Y-%m-%d"], help="整改期限 / the last day to put it right")
]


@app.command("catalogue")
def catalogue() -> None:
    """列出 V01–V30：看什么、依据、等级。 / List V01 to V30: what to look at, articles, grade."""
    for violation in VIOLATIONS:
        out.print(
            f"{violation.id} [{violation.grade(CORPUS)}] {violation.zh} / {violation.en}"
            + ("（标准，不是法律 a standard, not law）" if violation.standard_only(CORPUS) else ""),
            style="bold",
            markup=False,
        )
        out.print(f"    看 look at: {violation.look_zh} / {violation.look_en}", markup=False)
        for line in cited(violation.citations):
            out.print(f"    {line}", style="dim", markup=False)


@app.command("record")
def record(
    mandate: MandateFile,
    violation: Annotated[str, typer.Option(help="V01–V30")],
    due: Due,
    place: Annotated[
        int | None, typer.Option(help="能说明问题的存证序号 / place of the leaf that shows it")
    ] = None,
) -> None:
    """登记一个问题。 / Record a finding."""
    given = mandate_in(mandate)
    _say(
        given,
        lambda house: found.record(house, given, violation, due=due.date(), place=place),
    )


@app.command("rectify")
def rectify(
    mandate: MandateFile,
    number: Number,
    evidence: Annotated[str, typer.Option(help="整改材料的 SHA-256 / digest of what shows it")],
) -> None:
    """企业：已整改。 / The operator: it was put right."""
    given = mandate_in(mandate)
    _say(given, lambda house: found.rectify(house, given, number, evidence))


@app.command("close")
def close(mandate: MandateFile, number: Number) -> None:
    """检查人员：确认已整改。 / The inspector: accepted."""
    given = mandate_in(mandate)
    _say(given, lambda house: found.close(house, given, number, accepted=True))


@app.command("reopen")
def reopen(mandate: MandateFile, number: Number, due: Due) -> None:
    """检查人员：没有到位，重新限期。 / The inspector: not accepted; a new day."""
    given = mandate_in(mandate)
    _say(given, lambda house: found.close(house, given, number, accepted=False, due=due.date()))


@app.command("list")
def list_(mandate: MandateFile) -> None:
    """列出问题和期限。 / List the findings and their days."""
    given, settings = mandate_in(mandate), Settings.read()

    async def run() -> tuple[Finding, ...]:
        async with reading_house(settings, trust_in(None, None, 0)) as house:
            return await found.findings(Inspected(house, open_docket(house.store)), given)

    all_of_them = asyncio.run(run())
    if not all_of_them:
        err.print("还没有登记问题。 / No findings yet.")
    today = china_date(SystemClock().now())
    for finding in all_of_them:
        _line(finding, today)


def _say(mandate: Mandate, deed: Callable[[Inspected], Awaitable[Finding]]) -> None:
    settings = Settings.read()

    async def run() -> Finding:
        async with beside(settings) as house:
            return await deed(Inspected(house, open_docket(house.store)))

    finding = asyncio.run(run())
    out.print(mandate.id, style="dim", markup=False)
    _line(finding, china_date(SystemClock().now()))


def _line(finding: Finding, today: date) -> None:
    violation = by_id[finding.violation]
    late = "，已逾期 overdue" if found.overdue(finding, today) else ""
    out.print(
        f"{finding.number}  {finding.violation} {violation.zh} / {violation.en}  "
        f"{_STATES[finding.state]}，{finding.due}{late}",
        markup=False,
    )
