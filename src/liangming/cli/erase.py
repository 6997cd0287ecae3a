"""``liangming erase``: a person asked to be erased."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from liangming.assembly import Settings, premises, rights_desk
from liangming.check.faults import NOTHING_REGISTERED
from liangming.cli.speech import err
from liangming.errors import Misuse, Refusal
from liangming.rights.erasing import erase as erase_registered
from liangming.rights.faults import RESTRICTED
from liangming.rights.holds import holding
from liangming.rights.possession import registered


def erase(check: Annotated[str, typer.Argument(help="回执上的查验编号 / check id")]) -> None:
    """应本人要求删除登记信息。 / Erase what was registered, at the person's request."""
    settings = Settings.read()

    async def run() -> None:
        async with premises(settings) as house:
            desk = rights_desk(settings, house)
            person = await registered(desk, check)
            if person is None:
                raise Misuse(NOTHING_REGISTERED)
            if await holding(desk, person.person, house.clock.now()) is not None:
                raise Refusal(RESTRICTED, citations=("pipl.47",))
            await erase_registered(desk, person, "cli")

    asyncio.run(run())
    err.print("已删除并留下记录；旧备份还要运行 liangming keys forget 才读不出。")
    err.print("Erased and recorded; `liangming keys forget` closes old backups too.")
