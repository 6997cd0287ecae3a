"""``liangming keys``: the operator's keys and the API clients."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Annotated

import typer

from liangming import access as clients
from liangming.assembly import Settings, beside, load_keys, premises
from liangming.check import forget as forgetting
from liangming.check.ports import Client
from liangming.cli.speech import err, out
from liangming.clock import SystemClock, from_micros, micros, rfc3339
from liangming.errors import Kind, Misuse, declare
from liangming.storage import open_docket
from liangming.vault import BACKUP_NOTICE, KeyFile

FORGET_ALONE = declare(
    "cli.forget-needs-stopped-servers",
    Kind.OUT_OF_ORDER,
    zh="PostgreSQL 上请先停止所有服务进程，再加 --servers-stopped：仍用旧密钥的进程会丢失新登记。",
    en="On PostgreSQL stop every server first, then add --servers-stopped: one that still holds the"
    " old keys would lose new registrations.",
)
_MOVED = (
    "已换用新的桶密钥：{} 人。现在请备份数据库和密钥文件，核对后运行 liangming keys forget --destroy。",
    (
        "Moved to new bucket keys: {}. Now back up the database and the key file, verify both, then run "
        "liangming keys forget --destroy."
    ),
)
_DESTROYED = (
    (
        "已销毁旧桶密钥：{} 把。现在就用新的密钥文件覆盖它的每一份副本；旧副本留着，已删除的人仍能从"
        "旧备份中读出。更早的数据库备份从此谁也打不开。"
    ),
    (
        "Old bucket keys destroyed: {}. Overwrite every copy of the key file with the new one now: with "
        "an old copy, the erased can still be read from old backups. Earlier database backups open for "
        "nobody from now on."
    ),
)

app = typer.Typer(
    help="密钥与 API 客户端。 / The operator's keys and API clients.", no_args_is_help=True
)


@app.command("init")
def init() -> None:
    """创建密钥文件（若还没有）。 / Create the key file unless there is one."""
    settings = Settings.read()
    loaded = load_keys(settings, SystemClock())
    if loaded.created:
        err.print(BACKUP_NOTICE["zh"], style="bold yellow", markup=False)
        err.print(BACKUP_NOTICE["en"], style="yellow", markup=False)
    out.print(f"{settings.keys}", markup=False)


@app.command("rotate")
def rotate() -> None:
    """换一把新的主密钥；旧记录仍可打开。 / Start a new wrapping key; old records still open."""
    settings = Settings.read()
    clock = SystemClock()
    custody = KeyFile(settings.keys)
    ring = custody.load(clock.now()).keys
    custody.store(ring.rotate(clock.now()), replacing=ring)
    err.print(BACKUP_NOTICE["zh"], style="bold yellow", markup=False)
    err.print(BACKUP_NOTICE["en"], style="yellow", markup=False)


@app.command("forget")
def forget(
    *,
    destroy: Annotated[
        bool,
        typer.Option("--destroy", help="第二步：销毁旧桶密钥 / step two: destroy the old keys"),
    ] = False,
    servers_stopped: Annotated[
        bool,
        typer.Option("--servers-stopped", help="已停止所有服务进程 / every server is stopped"),
    ] = False,
) -> None:
    """让已删除的人在备份里也读不出（先停服务）。 / Close old backups to the erased (server stopped)."""
    settings = Settings.read()
    if not settings.database.startswith("sqlite:") and not servers_stopped:
        raise Misuse(FORGET_ALONE)  # SQLite's own lock shows it; there only the operator can say
    custody, at = KeyFile(settings.keys), SystemClock().now()

    async def run() -> int:
        async with premises(settings) as house:  # holds the database for itself
            also = (open_docket(house.store),)
            if destroy:
                return await forgetting.destroy(house.store, custody, at, also=also)
            return await forgetting.move(house.store, custody, at, house.vault.suite, also=also)

    count = asyncio.run(run())
    for line in _DESTROYED if destroy else _MOVED:
        err.print(line.format(count), style="bold yellow", markup=False)


@app.command("add")
def add(
    name: Annotated[str, typer.Argument(help="给人看的名称 / a name for people")],
    *,
    operator: Annotated[str, typer.Option(help="企业编号 / operator id")],
    scope: Annotated[
        list[str] | None, typer.Option(help="权限，可多次 / a scope; may be repeated")
    ] = None,
    scene: Annotated[
        list[str] | None,
        typer.Option(help="只限这个场景，可多次 / only this scene; may be repeated"),
    ] = None,
    outlet: Annotated[
        list[str] | None,
        typer.Option(help="只限这个网点，可多次 / only this outlet; may be repeated"),
    ] = None,
    days: Annotated[int, typer.Option(help="密钥的期限，0 为不限 / term of the key; 0: none")] = 0,
) -> None:
    """新建 API 客户端，密钥只显示这一次。 / Create an API client; its key is shown only once."""

    async def run() -> str:
        async with beside(Settings.read()) as house:
            return await clients.create(
                house,
                name=name,
                operator=operator,
                scopes=tuple(scope or clients.DEFAULT_SCOPES),
                scenes=tuple(scene or ()),
                outlets=tuple(outlet or ()),
                days=days,
            )

    out.print(asyncio.run(run()), markup=False)
    err.print("请立即妥善保存；它不会再次显示。 / Keep it safe now; it is not shown again.")


@app.command("list")
def list_() -> None:
    """列出 API 客户端。 / List the API clients."""

    async def run() -> None:
        async with beside(Settings.read()) as house:
            found, at = await house.store.clients(), micros(house.clock.now())
        if not found:
            err.print("还没有 API 客户端。 / No API clients yet.")
        for client in found:
            made = rfc3339(from_micros(client.created_at))
            out.print(
                f"{client.id}  {client.hint}…  {client.operator}  {client.name}  "
                f"{','.join(client.scopes)}  {made}  {_state(client, at)}",
                markup=False,
            )

    asyncio.run(run())


def _state(client: Client, at: int) -> str:
    if client.revoked_at is not None:
        return "已停用 revoked"
    if client.waits:
        return "等另一个人同意 waits for a second person"
    if not client.digest:
        return "还没有密钥 has no key yet"
    return "可用 active" if client.opens(at) else "已到期 expired"


@app.command("renew")
def renew(
    client: Annotated[str, typer.Argument(help="客户端编号 / client id")],
    overlap: Annotated[
        int,
        typer.Option(help="旧密钥还能用几小时 / hours that the old key goes on", min=0, max=720),
    ] = 24,
) -> None:
    """给 API 客户端换一把新密钥，只显示这一次。 / Give an API client a new key, shown only once."""

    async def run() -> str:
        async with beside(Settings.read()) as house:
            return await clients.issue(
                house, client, actor=clients.HOST, overlap=timedelta(hours=overlap)
            )

    out.print(asyncio.run(run()), markup=False)
    err.print("请立即妥善保存；它不会再次显示。 / Keep it safe now; it is not shown again.")


@app.command("revoke")
def revoke(client: Annotated[str, typer.Argument(help="客户端编号 / client id")]) -> None:
    """停用 API 客户端。 / Revoke an API client."""

    async def run() -> None:
        async with beside(Settings.read()) as house:
            await clients.revoke(house, client)

    asyncio.run(run())
