"""The station's door: Starlette on loopback, one picture at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from liangming.edge.agent.guard import Guard
from liangming.edge.agent.loopback import STATUS
from liangming.edge.agent.pages import back
from liangming.edge.reading import codes
from liangming.edge.reading.fields import Reading
from liangming.edge.reading.given import wipe
from liangming.edge.station import pages
from liangming.edge.station.desk import FIELDS, Desk
from liangming.edge.station.upload import gathered, parts_of
from liangming.errors import LiangmingError

STATIC: Final = Path(__file__).resolve().parent.parent / "static"
LONGEST: Final = 16_384
TYPED: Final = ("核对后发送", "Check, correct, send")
View = Callable[[Request], Awaitable[Response]]


class StationDoor:
    """Every page of a station."""

    def __init__(self, desk: Desk, guard: Guard) -> None:
        self._desk, self._guard = desk, guard
        self._alone = asyncio.Lock()

    def app(self) -> Starlette:
        """The ASGI application."""
        return Starlette(
            routes=[
                Route("/static/station.css", self._style),
                Route("/", self._guarded(self.home), methods=["GET"]),
                Route("/type", self._guarded(self.typing), methods=["GET"]),
                Route("/read", self._guarded(self.read, writes=True), methods=["POST"]),
                Route("/take", self._guarded(self.take, writes=True), methods=["POST"]),
                Route("/scan", self._guarded(self.scan, writes=True), methods=["POST"]),
                Route("/send", self._guarded(self.send, writes=True), methods=["POST"]),
            ]
        )

    def _guarded(self, view: View, *, writes: bool = False) -> View:
        async def serve(request: Request) -> Response:
            try:
                host, origin = request.headers.get("host", ""), request.headers.get("origin")
                self._guard.admit(host, origin, writes=writes)
                return await view(request)
            except LiangmingError as error:
                return self._page(
                    ("没有办成，请再来一次", "Not done; please try again"),
                    back(),
                    fault=pages.fault_of(error),
                    status=_status(error),
                )

        return serve

    def _page(
        self, title: tuple[str, str], body: str, *, fault: str = "", status: int = 200
    ) -> Response:
        text = pages.page(title, body, fault=fault)
        return HTMLResponse(text, status, headers=pages.HEADERS)

    def _form_page(
        self,
        told: Reading | None,
        typed: dict[str, str],
        *,
        fault: str = "",
        status: int = 200,
        wrong: str = "",
    ) -> Response:
        token = self._guard.token()
        body = pages.typing(
            token, told, typed, wrong, takes=self._desk.takes, scans=self._desk.scans
        )
        return self._page(TYPED, body, fault=fault, status=status)

    async def _style(self, request: Request) -> Response:  # noqa: ARG002
        return Response((STATIC / "station.css").read_bytes(), media_type="text/css")

    async def home(self, request: Request) -> Response:  # noqa: ARG002
        """Pictures, or typing."""
        token = self._guard.token()
        body = pages.home(
            token, reads=self._desk.reads, takes=self._desk.takes, scans=self._desk.scans
        )
        return self._page(("看证件", "A document"), body)

    async def typing(self, request: Request) -> Response:  # noqa: ARG002
        """The empty form."""
        return self._form_page(None, {})

    async def take(self, request: Request) -> Response:
        """Take a picture and read it; what stood in the form stays, what was empty is filled."""
        return await self._looked(request, self._desk.take)

    async def scan(self, request: Request) -> Response:
        """Scan a page and read it; the same."""
        return await self._looked(request, self._desk.scan)

    async def _looked(self, request: Request, look: Callable[[], Reading]) -> Response:
        given = await _form(request)
        self._guard.redeem(given.get("token", ""))
        typed = {name: given[name] for name in FIELDS if given.get(name, "").strip()}
        fault, status, told = "", 200, Reading()
        try:
            async with self._alone:
                told = await asyncio.to_thread(look)
            if not (told.fields or told.codes):
                fault = pages.said_code(codes.NOTHING)
        except LiangmingError as error:
            fault, status = pages.fault_of(error), _status(error)
        return self._form_page(told, typed, fault=fault, status=status)

    async def read(self, request: Request) -> Response:
        """Read pictures; whatever is wrong with them, the form stands there to be typed."""
        parts = parts_of(await gathered(request.stream()), request.headers.get("content-type", ""))
        fault, status, told = "", 200, Reading()
        try:
            self._guard.redeem(parts.pop("token", bytearray()).decode("ascii", "replace"))
            pictures = {name: parts[name] for name, _, _ in pages.PICTURES if name in parts}
            async with self._alone:
                told = await asyncio.to_thread(self._desk.read, pictures)
            if self._desk.reads and not (told.fields or told.codes):
                fault = pages.said_code(codes.NOTHING)
        except LiangmingError as error:
            fault, status = pages.fault_of(error), _status(error)
        finally:
            for part in parts.values():
                wipe(part)
        return self._form_page(told, {}, fault=fault, status=status)

    async def send(self, request: Request) -> Response:
        """Send what the clerk confirmed; a fault leaves the form as it was."""
        given = await _form(request)
        self._guard.redeem(given.get("token", ""))
        if given.get("agrees") not in {"yes", "no"}:
            return RedirectResponse("/type", 303)
        typed: dict[str, str] = {name: given[name] for name in FIELDS if name in given}
        agrees = given["agrees"] == "yes"
        try:
            told = await asyncio.to_thread(lambda: self._desk.send(typed, agrees=agrees))
        except LiangmingError as error:
            fault = pages.fault_of(error)
            return self._form_page(
                None, typed, fault=fault, status=_status(error), wrong=error.field or ""
            )
        title, body = pages.sent(told)
        return self._page(title, body)


def _status(error: LiangmingError) -> int:
    return STATUS.get(error.code.kind, 400)


async def _form(request: Request) -> dict[str, str]:
    data = b""
    async for part in request.stream():
        data += part
        if len(data) > LONGEST:
            return {}
    return dict(parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True))
