"""``liangming ledger devices``: which devices keep a record of their own, and what is wrong with it."""

from __future__ import annotations

import asyncio
from typing import Annotated, Final

import typer

from liangming import device as room
from liangming.assembly import Settings, beside, reading
from liangming.cli.speech import err, out, print_json
from liangming.clock import from_micros, rfc3339
from liangming.ledger.device import Fault, Found
from liangming.storage import open_docket

DOES_NOT_HOLD: Final = 1
ACTOR: Final = "cli"
_SAID: Final = {
    Fault.GAP: ("缺号", "never came"),
    Fault.FORK: ("同号不同内容", "two contents of one number"),
    Fault.BACK: ("时钟倒退", "the clock ran back"),
    Fault.AHEAD: ("时钟超前", "the clock is ahead"),
}


def devices(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine-readable")] = False,
) -> None:
    """终端自己的记录：缺号、同号不同内容、时钟跳变；有问题时状态为 1。 / What is wrong with devices' own records."""
    plain: list[dict[str, object]] = []

    async def run() -> tuple[int, bool]:
        seen, faulty = 0, False
        async with reading(Settings.read()) as store:
            async for row in room.each_device(open_docket(store)):
                if as_json:
                    plain.append(_plain(row))
                else:
                    _print(row)
                seen, faulty = seen + 1, faulty or bool(row.faults)
        return seen, faulty

    seen, faulty = asyncio.run(run())
    if as_json:
        print_json(plain)
    elif not seen:
        err.print("还没有登记终端。 / No devices are enrolled yet.")
    if faulty:
        raise typer.Exit(DOES_NOT_HOLD)


def add(
    name: Annotated[str, typer.Argument(help="给人看的名称 / a name for people")],
    scene: Annotated[str, typer.Option(help="所在场景 / the scene where it stands")],
    key: Annotated[str, typer.Option(help="Ed25519 公钥，base64 / public key in base 64")],
) -> None:
    """登记一台终端的签名公钥，打印它的编号。 / Enrol a device's signing key; prints its id."""

    async def run() -> str:
        async with beside(Settings.read()) as house:
            docket = open_docket(house.store)
            made = await room.enrol(house, docket, name=name, scene=scene, key=key, actor=ACTOR)
            return made.id

    out.print(asyncio.run(run()), markup=False)


def disable(device: Annotated[str, typer.Argument(help="终端编号 / device id")]) -> None:
    """停用一台终端：不再接收它的事件。 / Take no more events of a device."""

    async def run() -> bool:
        async with beside(Settings.read()) as house:
            return await room.disable(house, open_docket(house.store), device, actor=ACTOR)

    if not asyncio.run(run()):
        err.print("它早已停用。 / It was disabled before.")


def _print(row: room.Row) -> None:
    device = row.device
    state = "" if device.enabled else "  已停用 disabled"
    seen = rfc3339(from_micros(row.last_received)) if row.last_received is not None else "—"
    out.print(
        f"{device.id}  {device.name}  {device.scene}  {row.count} 件 events"
        f"  最近 last {seen}{state}",
        markup=False,
    )
    for found in row.faults:
        zh, en = _SAID[found.fault]
        out.print(f"  {zh} {en}: {_numbers(found)}", markup=False)


def _numbers(found: Found) -> str:
    which = f"{found.first}" if found.first == found.last else f"{found.first}–{found.last}"
    return f"{which}  {found.micros / 1_000_000:.1f} s" if found.micros else which


def _plain(row: room.Row) -> dict[str, object]:
    return {
        "device": row.device.id,
        "name": row.device.name,
        "scene": row.device.scene,
        "enabled": row.device.enabled,
        "events": row.count,
        "next": row.next,
        "last_received": row.last_received,
        "faults": [
            {"fault": f.fault.value, "first": f.first, "last": f.last, "micros": f.micros}
            for f in row.faults
        ],
    }
