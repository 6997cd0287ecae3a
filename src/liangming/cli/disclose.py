"""``liangming disclose``: open what was registered, for a purpose, leaving evidence."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from liangming.assembly import Settings, premises, rights_desk
from liangming.check.disclose import disclose as open_registered
from liangming.cli.speech import err, print_json
from liangming.rights.holds import must_be_open_to
from liangming.vault import Purpose


def disclose(
    check: Annotated[str, typer.Argument(help="查验编号 / check id")],
    purpose: Annotated[Purpose, typer.Option(help="目的 / purpose")],
    case: Annotated[str, typer.Option(help="任务或请求编号 / reference of the mandate or request")],
    only: Annotated[
        list[str] | None, typer.Option(help="只要这些字段 / only these fields; may be repeated")
    ] = None,
) -> None:
    """为写明的目的查看登记信息；先留下记录，再给出内容。 / Open registered data for a purpose."""
    settings = Settings.read()

    async def run() -> dict[str, str]:
        async with premises(settings) as house:
            await must_be_open_to(rights_desk(settings, house), check, purpose)
            return await open_registered(
                house, check, purpose=purpose, case=case, actor="cli", only=tuple(only or ())
            )

    fields = asyncio.run(run())
    err.print("已留下记录。 / This opening was recorded.")
    print_json(fields)
