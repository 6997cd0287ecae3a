"""``liangming demo``: the incidents, played on the real thing."""

from __future__ import annotations

import asyncio
import logging
import tempfile
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from liangming.assembly import Evidence, KeptHere, Settings, evidence, premises
from liangming.check import Premises
from liangming.cli.demo_machine import beside
from liangming.cli.serve import compose, run_server
from liangming.cli.speech import cited, err, out
from liangming.errors import Kind, Misuse, declare
from liangming.method import Sources
from liangming.providers import (
    SimulatedAgreementSource,
    SimulatedCredentialSource,
    SimulatedEntitlementSource,
)
from liangming.rights import RightsDesk
from liangming.storage import open_docket

if TYPE_CHECKING:
    from liangming.web.plays import Play

NO_EXAMPLES = declare(
    "cli.no-examples",
    Kind.ABSENT,
    zh="没有找到示例场景。请从完整的源码目录或安装包运行。",
    en="The example scenes are missing; run from a full checkout or an installed package.",
)


def demo(
    once: Annotated[
        bool, typer.Option("--once", help="不开浏览器，演完即止 / play all, no browser")
    ] = False,
    port: Annotated[int, typer.Option(help="端口，0 为自动 / port, 0 for any")] = 8600,
    browser: Annotated[bool, typer.Option(help="打开浏览器 / open a browser")] = True,
) -> None:
    """演示：新闻里的事件，在这里会怎样。数据随退出删除。 / The incidents, played; data is removed on exit."""
    logging.getLogger("liangming.providers").setLevel(logging.ERROR if once else logging.WARNING)
    ok = asyncio.run(_once() if once else _live(port, browser=browser))
    raise typer.Exit(0 if ok else 1)


async def _once() -> bool:
    async with simulated_house() as (house, _):
        played = await _played(house)
    held = sum(play.held for play in played)
    err.print(f"{held}/{len(played)} 个事件按应有的方式结束 ended as they must", style="bold")
    return held == len(played)


async def _live(port: int, *, browser: bool) -> bool:
    async with simulated_house() as (house, record), beside() as machines:

        def ready(bound: int) -> None:
            address = f"http://127.0.0.1:{bound}/demo"
            err.print(
                f"打开 open {address}   （Ctrl-C 结束并删除数据 to stop and remove the data）"
            )
            machines.start(house, bound)
            if browser:
                with suppress(webbrowser.Error):
                    webbrowser.open(address)

        # Nothing is kept here, so erasures need no file that outlives the database.
        desk = RightsDesk(premises=house, docket=open_docket(house.store))
        kept = KeptHere(house.store, house.clock, record)
        await run_server(
            compose(house, record, kept, demo=True, desk=desk, machine=machines.address),
            house,
            kept,
            desk=desk,
            host="127.0.0.1",
            port=port,
            on_ready=ready,
        )
        played = await _played(house)
    return all(play.held for play in played)


async def _played(house: Premises) -> list[Play]:
    from liangming.web.plays import ALL

    played = [await play(house) for play in ALL]
    for play in played:
        _print(play)
    return played


@asynccontextmanager
async def simulated_house() -> AsyncIterator[tuple[Premises, Evidence]]:
    """Embedded defaults in a folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="liangming-demo-") as folder:
        place = Path(folder)
        settings = Settings(
            data=place,
            database=f"sqlite:///{place / 'demo.sqlite3'}",
            keys=place / "keys.json",
            scenes=(examples(),),
            production=False,
        )
        sources = Sources(
            credential=SimulatedCredentialSource(),
            entitlement=SimulatedEntitlementSource(),
            agreement=SimulatedAgreementSource(),
        )
        async with premises(settings, sources=sources, allow_test_region=True) as house:
            with evidence(settings, house) as record:
                yield house, record


def examples() -> Path:
    """The example scenes, in an installed package or in a checkout.

    Raises:
        Misuse: ``cli.no-examples``.
    """
    inside = Path(str(resources.files("liangming"))) / "examples" / "scenes"
    checkout = Path(__file__).resolve().parents[3] / "examples" / "scenes"
    for folder in (inside, checkout):
        if folder.is_dir():
            return folder
    raise Misuse(NO_EXAMPLES)


def _print(play: Play) -> None:
    out.print(f"{'✓' if play.held else '✗'} {play.incident}  {play.title.zh}", style="bold")
    out.print(f"  {play.title.en}", style="dim", markup=False)
    for step in play.steps:
        out.print(f"  · {step.zh}", markup=False)
    out.print(f"  → {play.outcome.zh} / {play.outcome.en}", markup=False)
    out.print(f"  防止了 prevented：{play.prevented.zh}", markup=False)
    for line in cited(play.citations[:2]):
        out.print(f"    {line}", style="dim", markup=False)
