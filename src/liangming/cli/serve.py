"""``liangming serve``: pages and API on one port."""

from __future__ import annotations

import asyncio
import errno
import logging
import signal
import socket
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator, MutableMapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from liangming.assembly import (
    Evidence,
    Keeping,
    KeptApart,
    KeptHere,
    Settings,
    evidence,
    load_keys,
    premises,
    rights_desk,
    watch_file,
    webhook_networks,
)
from liangming.assembly.daily import Daily
from liangming.check import Premises
from liangming.check.premises import Record
from liangming.cli.audit import needs_audit
from liangming.cli.speech import err
from liangming.cli.sweeping import sweep
from liangming.clock import SystemClock
from liangming.errors import Kind, LiangmingError, Misuse, declare
from liangming.governance import gates
from liangming.governance.scene_history import note_scenes
from liangming.rights import Replayed, RightsDesk, replay
from liangming.storage import open_docket
from liangming.storage.collector import set_aside
from liangming.vault import BACKUP_NOTICE
from liangming.web.staff.migrate import installed, migrate
from liangming.web.staff.settings import StaffSettings, staff_settings
from liangming.webhook import Courier, Networks
from liangming.webhook.post import HttpPost

if TYPE_CHECKING:
    from liangming.api import Api
    from liangming.web import Web

Scope = MutableMapping[str, Any]
Asgi = Callable[
    [Scope, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]
]
UNSENT: Final = (
    65_536  # bytes that the kernel keeps for who has no room; 3.8 MB a connection without it
)

API_PATHS: Final = ("/v1", "/docs", "/healthz", "/readyz", "/metrics")
ROLL_SECONDS: Final = 2  # how old the list of a scene's devices may be, of other processes
PORT_IN_USE = declare(
    "cli.port-in-use",
    Kind.OUT_OF_ORDER,
    zh="这个端口正被别的程序使用。请换一个端口，或先停止那个程序。",
    en="Another program uses this port; choose another one, or stop that program first.",
)
ADDRESS_UNFIT = declare(
    "cli.address-unfit",
    Kind.INVALID,
    zh="不能在这个地址或端口上监听，请检查监听地址、端口和权限。",
    en="This address or port cannot be listened on; please check address, port and rights.",
)
_log = logging.getLogger("liangming.serve")


def serve(
    host: Annotated[str, typer.Option(help="监听地址 / address")] = "",
    port: Annotated[int, typer.Option(help="监听端口 / port", max=65_535)] = -1,
    *,
    shared: Annotated[
        bool,
        typer.Option(
            "--shared",
            help="与其他带 --shared 的进程共用端口（须用 PostgreSQL） / share the port with other"
            " processes that say so (PostgreSQL)",
        ),
    ] = False,
) -> None:
    """启动服务：页面与 API。 / Serve the pages and the API."""
    settings = Settings.read()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    if load_keys(settings, SystemClock()).created:
        err.print(BACKUP_NOTICE["zh"], style="bold yellow", markup=False)
        err.print(BACKUP_NOTICE["en"], style="yellow", markup=False)

    staff = None
    if installed():
        staff = staff_settings(settings)
        migrate(staff.database)

    async def run() -> None:
        async with premises(
            settings, allow_test_region=not settings.production, apart=settings.apart
        ) as house:
            desk = rights_desk(settings, house)
            _say(await replay(desk))  # before anything is served: the database may be an old copy
            await note_scenes(desk)
            for scene in await gates.settle(desk):
                _log.warning(
                    "the face of scene %s is shut: its file changed since it was assessed", scene
                )
            with evidence(settings, house) as record:
                kept = (
                    KeptApart(record.circle.standing)
                    if settings.apart
                    else KeptHere(house.store, house.clock, record)
                )
                await run_server(
                    compose(
                        house,
                        record,
                        kept,
                        desk=desk,
                        hosts=settings.hosts,
                        address=settings.address,
                        staff=staff,
                        networks=webhook_networks(settings),
                        packets=settings.data / "packets",
                    ),
                    house,
                    kept,
                    desk=desk,
                    daily=daily(settings, house),
                    host=host or settings.host,
                    port=settings.port if port < 0 else port,
                    shared=shared,
                    newcomers=settings.newcomers,
                )

    _loop(run())


def daily(settings: Settings, house: Premises) -> Daily | None:
    """What looks after the daily audit, where it is asked for and its parts are there."""
    if settings.daily_audit is None:
        return None
    try:
        needs_audit()
    except Misuse as failure:
        _log.warning("no daily audit: %s", failure.code.name)
        return None
    records = open_docket(house.store)
    return Daily(records, house.clock, settings.daily_audit, watch_file(settings))


def _loop(main: Coroutine[Any, Any, None]) -> None:
    """Run on uvloop, about twice as fast on a socket; where it does not exist, on asyncio's own."""
    try:
        import uvloop
    except ImportError:
        asyncio.run(main)
    else:
        uvloop.run(main)


def compose(
    house: Premises,
    record: Evidence,
    kept: Keeping,
    *,
    desk: RightsDesk,
    demo: bool = False,
    hosts: tuple[str, ...] = (),
    address: str = "",
    staff: StaffSettings | None = None,
    networks: Networks | None = None,
    packets: Path | None = None,
    machine: Callable[[str], str] | None = None,
) -> Composed:
    """Pages, API and the log's files in one, chosen by path before any framework's middleware.

    ``machine`` tells the demo where a device of a kind beside it shows its own screen, once it does.
    """
    from liangming.api import Settings as ApiSettings
    from liangming.api import build_api
    from liangming.api.log_files import PREFIX, LogFiles
    from liangming.web import build_web

    house = replace(house, record=Record(record.tiles, record.trust, lambda: kept.standing))
    reach = networks or Networks()
    limits = ApiSettings(networks=reach)
    api = build_api(house, limits, desk=desk)
    web = build_web(
        house,
        desk=desk,
        demo=demo,
        hosts=hosts,
        address=address,
        staff=staff,
        packets=packets,
        machine=machine,
        networks=reach,
    )
    files: Asgi = LogFiles(record.tiles)

    return Composed(api, web, files, PREFIX)


class Composed:
    """Pages, API and files behind one port.

    Attributes:
        api: what a server may reach by a shorter way (:mod:`liangming.api.wire`).
        web: what has pages to keep ready beside.
    """

    def __init__(self, api: Api, web: Web, files: Asgi, prefix: str) -> None:
        self.api = api
        self.web = web
        self._files = files
        self._prefix = prefix

    async def __call__(
        self,
        scope: Scope,
        receive: Callable[[], Awaitable[Any]],
        send: Callable[[Any], Awaitable[None]],
    ) -> None:
        """Choose the door by path."""
        if scope["type"] == "lifespan":
            return
        path: str = scope.get("path", "")
        of_files = path.startswith(self._prefix) and path != self._prefix  # that one is a page
        if of_files and scope["type"] == "http":
            await self._files(scope, receive, send)
            return
        to_api = path.startswith(("/v1/", "/docs/")) or path in API_PATHS
        door: Asgi = self.api if to_api else self.web
        await door(scope, receive, send)


async def run_server(
    app: Composed,
    house: Premises,
    kept: Keeping,
    *,
    host: str,
    port: int,
    desk: RightsDesk,
    on_ready: Callable[[int], None] | None = None,
    shared: bool = False,
    daily: Daily | None = None,
    newcomers: int | None = None,
) -> None:
    """Serve until stopped; drains what was accepted, then lets the log catch up.

    Raises:
        Misuse: ``cli.port-in-use``, ``cli.address-unfit``.
    """
    import uvicorn

    from liangming.api import crowd
    from liangming.api.entrance import Attended, Entrance
    from liangming.api.log import Gathered, gather
    from liangming.api.wire import wire

    listening = listen(host, port, shared=shared)
    entrance = Entrance(newcomers)
    config = uvicorn.Config(
        app,
        http=wire(app.api, crowd.most(), entrance),
        lifespan="off",
        access_log=False,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=20,
        h11_max_incomplete_event_size=64 * 1024,
        log_level="warning",
    )
    server = Attended(config)
    server.outside = crowd.outside()
    entrance.keep(server)
    bound = listening.getsockname()[1]
    keeping = asyncio.create_task(kept.run())
    sweeper = asyncio.create_task(sweep(house, desk))
    following = asyncio.create_task(_follow(desk))
    calling = asyncio.create_task(_call_the_roll(house))
    writing = asyncio.create_task(gather(Gathered(sys.stderr.write, house.clock)))
    lobby = app.api.lobby
    noting = asyncio.create_task(lobby.diary.run())
    courier = Courier(house, desk.docket, lobby.outbox, HttpPost(lobby.networks))
    posting = asyncio.create_task(courier.run())
    readying = asyncio.create_task(app.web.keep_ready())
    auditing = [asyncio.create_task(daily.run())] if daily is not None else []
    try:
        with obeyed():
            serving = asyncio.create_task(server.serve([listening]))
            while not server.started and not serving.done():  # noqa: ASYNC110
                await asyncio.sleep(0.02)  # the server offers no event to wait for
            with set_aside():
                if server.started:
                    err.print(f"亮明 http://{host}:{bound}/", style="bold", markup=False)
                    if on_ready is not None:
                        on_ready(bound)
                await serving
    finally:
        for beside in (sweeper, following, calling, writing, noting, posting, readying, *auditing):
            beside.cancel()
            with suppress(asyncio.CancelledError):
                await beside
        kept.stop()
        await keeping


def listen(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """A listening socket, so that an address that cannot be had is told in plain words.

    ``shared`` lets the kernel deal connections out among all processes of this user that listen so.

    Raises:
        Misuse: ``cli.port-in-use``, ``cli.address-unfit``.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # The protocol is named: only then asyncio sets TCP_NODELAY, without which answers wait 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if shared:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        if hasattr(socket, "TCP_NOTSENT_LOWAT"):  # who is let in there has it, too
            listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, UNSENT)
        listening.bind((host, port))
        listening.listen(2048)
    except OSError as failure:
        listening.close()
        taken = failure.errno == errno.EADDRINUSE
        raise Misuse(PORT_IN_USE if taken else ADDRESS_UNFIT, field="--port") from None
    return listening


@contextmanager
def obeyed() -> Iterator[None]:
    """Let a stop end in order: the server stops on SIGTERM or SIGINT, then raises it once more.

    That second one would end the process before the store is closed and the exit status is 0.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [(number, signal.signal(number, lambda *_: None)) for number in numbers]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


def _say(done: Replayed) -> None:
    """A restore that brought people back is told on the spot, and stands in the log."""
    if done.resurrected or done.overdue:
        _log.warning(
            "before serving: %d erased registrations had come back and were erased again, "
            "%d were beyond their day",
            done.resurrected,
            done.overdue,
        )


async def _follow(desk: RightsDesk) -> None:
    """See within seconds what another process approved, withdrew or ended."""
    seen = None
    while True:
        try:
            now = await gates.stamp(desk)
            if now != seen:
                await gates.refresh(desk)
                seen = now
        except LiangmingError as error:
            _log.warning("looking at assessments failed: %s", error.code.name)
        await asyncio.sleep(gates.SECONDS)


async def _call_the_roll(house: Premises) -> None:
    """Read again which devices stand where: another process may have enrolled or disabled one."""
    while True:
        await asyncio.sleep(ROLL_SECONDS)
        try:
            await house.devices.refresh()
        except LiangmingError as error:
            _log.warning("reading the list of devices failed: %s", error.code.name)
