"""``liangming erase``: a person asked to be erased."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from liangming.assembly import Settings, premises
from liangming.check.desk import held
from liangming.check.erase import Why, erase_person
from liangming.check.faults import NOTHING_REGISTERED
from liangming.cli.speech import err
from liangming.errors import Misuse


def erase(check: Annotated[str, typer.Argument(help="回执上的查验编号 / check id")]) -> None:
    """应本人要求删除登记信息。 / Erase what was registered, at the person's request."""

    async def run() -> None:
        async with premises(Settings.read()) as house:
            person = (await held(house, check)).row.person
            if person is None or not await erase_person(house, person, Why.ASKED, "cli"):
                raise Misuse(NOTHING_REGISTERED)

    asyncio.run(run())
    err.print("已删除并留下记录；旧备份还要运行 liangming keys forget 才读不出。")
    err.print("Erased and recorded; `liangming keys forget` closes old backups too.")
