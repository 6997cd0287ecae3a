"""``liangming sandbox``: the whole service on simulated sources, for whoever writes to its API."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Annotated, Final

import typer
from rich.table import Table

from liangming import access
from liangming.assembly import KeptHere
from liangming.check import Premises
from liangming.cli.demo import simulated_house
from liangming.cli.serve import compose, run_server
from liangming.cli.speech import err, out
from liangming.providers.simulated_people import LEFT_MINUTES, LEFT_SCENE, PEOPLE, SCENE
from liangming.rights import RightsDesk
from liangming.storage import open_docket
from liangming.webhook import Networks

OPERATOR: Final = "shili-express"
SCOPES: Final = (
    *access.DEFAULT_SCOPES,
    access.Scope.RIGHTS.value,
    access.Scope.WEBHOOKS.value,
    access.Scope.KEY_ROTATE.value,
)


def sandbox(
    *,
    port: Annotated[int, typer.Option(help="端口，0 为自动 / port, 0 for any", max=65_535)] = 8600,
    people: Annotated[
        bool, typer.Option("--people", help="只列出测试人物 / only list the test persons")
    ] = False,
    key_only: Annotated[
        bool, typer.Option("--key-only", help="标准输出只有密钥 / print the key alone")
    ] = False,
) -> None:
    """沙箱：模拟来源上的整套接口，给接入的工程师。数据随退出删除。 / The API on simulated sources; data is removed on exit."""
    if not key_only:
        _table()
    if not people:
        logging.getLogger("liangming.providers").setLevel(logging.WARNING)
        asyncio.run(_serve(port, key_only=key_only))


async def _serve(port: int, *, key_only: bool) -> None:
    async with simulated_house() as (made, record):
        house = _hurried(made)
        key = await access.create(house, name="sandbox", operator=OPERATOR, scopes=SCOPES)

        def ready(bound: int) -> None:
            if key_only:
                out.print(key, markup=False)
                return
            out.print(f"export LM=http://127.0.0.1:{bound} KEY={key}", markup=False)
            out.print('curl -s $LM/v1/client -H "Authorization: Bearer $KEY"', markup=False)
            err.print("Ctrl-C 结束并删除数据 / stops and removes the data", style="dim")

        # Nothing is kept here, so erasures need no file that outlives the database.
        desk = RightsDesk(premises=house, docket=open_docket(house.store))
        kept = KeptHere(house.store, house.clock, record)
        await run_server(
            compose(house, record, kept, desk=desk, networks=Networks(loopback=True)),
            house,
            kept,
            desk=desk,
            host="127.0.0.1",
            port=port,
            on_ready=ready,
        )


def _hurried(house: Premises) -> Premises:
    """The same house with one scene whose checks are over soon, so that an expiry can be tried."""
    scene = replace(house.scenes[LEFT_SCENE], check_minutes=LEFT_MINUTES)
    return replace(house, scenes={**house.scenes, LEFT_SCENE: scene})


def _table() -> None:
    table = Table(title=f"测试人物 Test persons · {SCENE}", title_justify="left")
    for head in ("", "做什么 what they do", "method", "outcome", "reason / code"):
        table.add_column(head)
    for person in PEOPLE:
        table.add_row(
            person.id,
            f"{person.does.zh}\n{person.does.en}",
            person.method,
            person.outcome,
            person.reason,
        )
    err.print(table)
