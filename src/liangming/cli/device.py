"""``liangming device``: which devices there are, how one comes in, what it is told, how it goes.

``liangming ledger devices`` asks another question: what is wrong with their own records.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final, NamedTuple, TypeVar, cast, get_args

import msgspec
import typer

from liangming import device as room
from liangming.assembly import Settings, beside, lawful_scenes, load_keys, reading, rights_desk
from liangming.cli.speech import err, out, print_json
from liangming.clock import SystemClock, from_micros, rfc3339
from liangming.device.invite import Kind as DeviceKind
from liangming.errors import Kind, Misuse, declare
from liangming.ledger.device import Fault, Found
from liangming.rights import RightsDesk
from liangming.rights.commands import KIND as COMMAND
from liangming.rights.commands import Command, Deed, command_key, issue, read
from liangming.storage import open_docket

DOES_NOT_HOLD: Final = 1
ACTOR: Final = "cli"
LATEST: Final = 5  # commands of a device that are shown
DEEDS: Final = get_args(Deed)
KINDS: Final = get_args(DeviceKind)
NOT_ONE_OF: Final = declare(
    "cli.device-word-unknown",
    Kind.INVALID,
    zh="这个词不在清单里，请看 --help。",
    en="This word is not on the list; see --help.",
)
_SAID: Final = {
    Fault.GAP: ("缺号", "never came"),
    Fault.FORK: ("同号不同内容", "two contents of one number"),
    Fault.BACK: ("时钟倒退", "the clock ran back"),
    Fault.AHEAD: ("时钟超前", "the clock is ahead"),
}
T = TypeVar("T")

app = typer.Typer(
    help="终端的登记、指令和停用。 / Devices: enrolled once, told, disabled at once.",
    no_args_is_help=True,
)


@app.command("invite")
def invite(
    name: Annotated[str, typer.Argument(help="给人看的名称 / a name for people")],
    scene: Annotated[str, typer.Option(help="所在场景 / the scene where it will stand")],
    kind: Annotated[str, typer.Option(help="locker、kiosk、vending 或 station / or")] = "locker",
    centre: Annotated[
        str, typer.Option(help="终端访问中心的地址 / address of this centre for the device")
    ] = "",
) -> None:
    """给一台终端签发一次性登记码，一天内有效；服务运行时也可以。 / A one-time code, good for a day."""
    _one_of(kind, KINDS, "--kind")
    settings = Settings.read()
    clock = SystemClock()
    scenes = lawful_scenes(settings, clock)
    address = centre or settings.address or f"http://127.0.0.1:{settings.port}"
    code = room.invite(
        load_keys(settings, clock).keys.token,
        scenes,
        clock.now(),
        scene=scene,
        name=name,
        kind=cast("DeviceKind", kind),
        actor=ACTOR,
        centre=address,
    )
    out.print(code, markup=False, soft_wrap=True)
    err.print(
        "在终端上运行 on the device: liangming edge enrol --code …   只能用一次 works once",
        markup=False,
    )


@app.command("list")
def listed(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine-readable")] = False,
) -> None:
    """已登记的终端：自述的模型和设置、最近报告的状况。 / Devices: what they state, and how they are."""

    async def run() -> list[_Shown]:
        async with reading(Settings.read()) as store:
            docket = open_docket(store)
            return [
                _Shown(
                    device,
                    await room.health(docket, device.id),
                    [read(row) for row in await docket.about(COMMAND, device.id)][-LATEST:],
                )
                for device in await room.enrolled(docket)
            ]

    rows = asyncio.run(run())
    if as_json:
        print_json([_told(row) for row in rows])
        return
    if not rows:
        err.print("还没有登记终端。 / No devices are enrolled yet.")
    for row in rows:
        device, state = row.device, "" if row.device.enabled else "  已停用 disabled"
        out.print(f"{device.id}  {device.name}  {device.scene}{state}", markup=False)
        for line in _lines(row):
            out.print(f"  {line}", style="dim", markup=False)


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="给人看的名称 / a name for people")],
    scene: Annotated[str, typer.Option(help="所在场景 / the scene where it stands")],
    key: Annotated[str, typer.Option(help="Ed25519 公钥，base64 / public key in base 64")],
    *,
    camera: Annotated[bool, typer.Option("--camera", help="它带摄像头 / it has a camera")] = False,
) -> None:
    """登记自己签名的站点或别家终端的公钥，打印编号。 / Enrol the key of a station that signs by itself."""

    async def run(desk: RightsDesk) -> str:
        made = await room.enrol(
            desk.premises,
            desk.docket,
            name=name,
            scene=scene,
            key=key,
            actor=ACTOR,
            camera=camera,
        )
        return made.id

    out.print(_at_desk(run), markup=False)


@app.command("revoke")
def revoke(device: Annotated[str, typer.Argument(help="终端编号 / device id")]) -> None:
    """立即停用：它签的结果、事件和确认从此不算数。 / At once: nothing that its key signs counts any more."""

    async def run(desk: RightsDesk) -> bool:
        return await room.disable(desk.premises, desk.docket, device, actor=ACTOR)

    if not _at_desk(run):
        err.print("它早已停用。 / It was disabled before.")


@app.command("tell")
def tell(
    device: Annotated[str, typer.Argument(help="终端编号 / device id")],
    deed: Annotated[str, typer.Argument(help=" | ".join(DEEDS))],
    consent: Annotated[
        str, typer.Option(help="模板编号，只用于 stop-and-delete / one template's id")
    ] = "",
) -> None:
    """给终端下一条签名指令，打印指令编号。 / Queue a signed command for a device; prints its id."""
    _one_of(deed, DEEDS, "DEED")

    async def run(desk: RightsDesk) -> str:
        found = await room.find(desk.docket, device)
        if found is None:
            raise Misuse(room.codes.UNKNOWN)
        return await issue(desk, found.operator, found.id, consent, deed=cast("Deed", deed))

    out.print(_at_desk(run), markup=False)


@app.command("key")
def key() -> None:
    """打印中心指令的验证钥匙。 / Print the key that verifies the centre's commands."""
    settings = Settings.read()
    signing = load_keys(settings, SystemClock()).keys.signing
    out.print(command_key(signing, settings.log_origin).verifying.encode(), markup=False)


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


def _at_desk(deed: Callable[[RightsDesk], Awaitable[T]]) -> T:
    async def run() -> T:
        settings = Settings.read()
        async with beside(settings) as house:
            return await deed(rights_desk(settings, house))

    return asyncio.run(run())


def _one_of(word: str, words: tuple[str, ...], field: str) -> None:
    if word not in words:
        raise Misuse(NOT_ONE_OF, field=field)


class _Shown(NamedTuple):
    device: room.Enrolled
    health: room.Health | None
    commands: list[Command]  # the latest, oldest first


def _lines(row: _Shown) -> list[str]:
    lines, device, said = [], row.device, row.health
    if device.stated is not None:
        stated = device.stated
        lines.append(
            f"{stated.kind}  agent {stated.agent}  key {stated.key_kept_in}"
            f"  pad_level ≥ {stated.least}  {stated.camera or '无摄像头 no camera'}"
        )
        lines += [f"模型 model {name}" for name in stated.models]
    if said is not None:
        facts = "  ".join(f"{name} {value}" for name, value in sorted(said.facts.items()))
        lines.append(f"{rfc3339(from_micros(said.at))}  {facts}")
    for command in row.commands:
        took = command.milliseconds
        done = "尚未确认 not acknowledged" if took is None else f"{took / 1000:.1f} s"
        lines.append(f"指令 command {command.deed}  {rfc3339(command.issued_at)}  {done}")
    return lines


def _told(row: _Shown) -> dict[str, Any]:
    device, said = row.device, row.health
    return {
        "device": device.id,
        "name": device.name,
        "scene": device.scene,
        "enabled": device.enabled,
        "stated": msgspec.to_builtins(device.stated),
        "health": None if said is None else said.facts,
        "health_at": None if said is None else said.at,
        "commands": [
            {"id": each.id, "deed": each.deed, "milliseconds": each.milliseconds}
            for each in row.commands
        ],
    }


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
