"""The machine's own door: Starlette on loopback, one person at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from liangming.edge import codes
from liangming.edge.agent import pages, still
from liangming.edge.agent.looking import Looking
from liangming.edge.agent.loopback import STATUS
from liangming.edge.agent.machine import Machine
from liangming.edge.agent.remembering import Remembering
from liangming.edge.agent.selling import Selling
from liangming.edge.agent.sending import CARD, ORDER
from liangming.errors import LiangmingError

STATIC: Final = Path(__file__).resolve().parent.parent / "static"
FILES: Final = {
    "machine.css": "text/css",
    "machine.js": "text/javascript",
    "look.js": "text/javascript",
}
LONGEST: Final = 4096
TYPED: Final = ("/collect", "/collect-for", "/staff", "/deposit")
COLLECT: Final = (
    ("/collect", "凭取件码取件", "Collect with a code"),
    ("/collect-for", "替别人取件", "Collect for somebody"),
    ("/staff", "工作人员开柜", "Opened by the staff"),
)
AT_THE_COUNTER: Final = (
    "这里现在办不了，请到旁边的柜台，收寄员会帮您。",
    "Nothing can be done here now; please go to the counter beside, the clerk will help you.",
)
SEND_CARD: Final = ("/card", "证件放读卡器", "Card on the reader")
SEND_ORDER: Final = ("/order-code", "下单码加证件", "Order code and card")
SEND_KEPT: Final = ("/kept", "证件和已存脸", "Card and kept face")
SEND_FACE: Final = ("/face", "证件和本机人脸", "Card and face, here")
View = Callable[[Request, dict[str, str]], Awaitable[Response]]


class Door:
    """Every page of a machine."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._alone = asyncio.Lock()
        self._large = (
            False  # letters, for the visit that runs; no cookie, nothing that follows anybody
        )
        self._remembering = Remembering(machine, self._page)
        self._selling = Selling(machine, self._page)
        self._looking = Looking(machine, self._page, self._remembering)

    def app(self) -> Starlette:
        """The ASGI application."""
        got = {
            "/": self.home,
            "/collect": self.ask_code,
            "/collect-for": self.ask_code,
            "/staff": self.ask_staff,
            "/deposit": self.ask_deposit,
            "/card": self.ask_card,
            "/order-code": self.ask_order,
            "/mine": self.mine,
            "/pay": self._selling.pay,
            "/face": self._looking.face,
            "/face/look": self._looking.face_look,
            "/face/end": self._looking.face_end,
            "/face/state": self._looking.face_state,
            "/health": self.health,
            "/state": self.state,
            "/remember": self._remembering.ask,
            "/kept": self._remembering.number,
            still.STILL: self.still,
            still.LEFT: self.left,
        }
        posted = {
            "/collect": self.collect,
            "/collect-for": self.collect,
            "/staff": self.staff,
            "/card": self.card,
            "/deposit": self.deposit,
            "/order": self._selling.choose,
            "/order-code": self.by_order,
            "/pay": self._selling.paid,
            "/mine": self.stop_all,
            "/mine/delete": self._remembering.delete,
            "/remember": self._remembering.answered,
            "/face/claim": self._remembering.claim,
            "/face/consent": self._looking.consent,
            "/face/again": self._looking.again,
            "/face/stop": self._looking.stop,
            "/size": self.size,
        }
        routes = [Route("/static/{name}", self._static)]
        routes += [Route(path, self._guarded(view), methods=["GET"]) for path, view in got.items()]
        routes += [
            Route(path, self._guarded(view, writes=True), methods=["POST"])
            for path, view in posted.items()
        ]
        return Starlette(routes=routes)

    def _guarded(
        self, view: View, *, writes: bool = False
    ) -> Callable[[Request], Awaitable[Response]]:
        async def serve(request: Request) -> Response:
            try:
                host, origin = request.headers.get("host", ""), request.headers.get("origin")
                self._machine.guard.admit(host, origin, writes=writes)
                sent: dict[str, str] = {}
                if writes:
                    sent = await _form(request)
                    self._machine.guard.redeem(sent.get("token", ""))
                if view in {self._looking.face_state, self.health, self.size}:  # no other way
                    return await view(request, sent)
                async with self._alone:
                    if view not in self._looking.views:
                        await self._left_the_look()
                    answer = await view(request, sent)
            except LiangmingError as error:
                answer = self._page(
                    ("没有办成，请再试或用其他方式", "Not done: again, or another way"),
                    pages.back(request.url.path if request.url.path in TYPED else ""),
                    fault=pages.said(error),
                    status=STATUS.get(error.code.kind, 400),
                )
            return still.watch(request, answer, slow=self._large)

        return serve

    async def _left_the_look(self) -> None:
        """Any other page is another way: no camera runs behind it, no consent stays for the next."""
        with suppress(LiangmingError):  # a full disk must not stand in the other way's way
            await asyncio.to_thread(self._machine.leave)

    def _page(
        self,
        title: tuple[str, str],
        body: str,
        *,
        fault: str = "",
        status: int = 200,
        refresh: str = "",
    ) -> Response:
        text = pages.page(
            title,
            body,
            simulated=self._machine.simulated,
            fault=fault,
            token=self._machine.guard.token(),
            large=self._large,
        )
        more = {"Refresh": refresh} if refresh else {}
        return HTMLResponse(text, status, headers={**pages.HEADERS, **more})

    async def _static(self, request: Request) -> Response:
        name = request.path_params["name"]
        if name not in FILES:
            return Response(status_code=404)
        return Response((STATIC / name).read_bytes(), media_type=FILES[name])

    async def home(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """Every way, the same size; the face last, and only where it can be."""
        offers_face = await asyncio.to_thread(self._machine.offers_face)
        links = '<a class="back" href="/mine">我的授权与删除 My consents, and deletion</a>'
        if self._machine.kind == "vending":
            return await self._selling.home()
        off = codes.SWITCHED_OFF
        body = f"<p>{pages.both(off.zh, off.en)}</p>" if self._machine.disabled() else ""
        if self._machine.enrolment.has_cells:
            body += pages.group("取件", "Collect") + pages.ways(COLLECT)
        send = [SEND_CARD] if self._machine.sends(CARD) else []
        send += [SEND_ORDER] if self._machine.sends(ORDER) else []
        send += [SEND_FACE] if offers_face else []
        if await asyncio.to_thread(self._machine.claims):
            send.append(SEND_KEPT)
        if send:
            body += pages.group("寄件", "Send") + pages.ways(send)
        elif not self._machine.enrolment.has_cells:
            body += f"<p>{pages.both(*AT_THE_COUNTER)}</p>"
        return self._page(
            ("选一种方式，价格和速度都一样", "Choose a way; none costs more"), body + links
        )

    async def ask_card(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """Send with the card alone."""
        token = self._machine.guard.token()
        body = pages.form("/card", "", token, ("已放好，读卡", "It lies there: read it"))
        title = ("把身份证放在读卡器上", "Lay your card on the reader")
        return self._page(title, body + pages.back())

    async def card(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """Read, checked, a free cell."""
        cell = await asyncio.to_thread(self._machine.by_card)
        return self._page(pages.checked(cell), pages.back())

    async def ask_order(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """Send an order that was verified in the app."""
        fields = pages.field(
            "code",
            "应用里的交接码，扫描即可",
            "The order's code, scanned",
            numeric=False,
            longest=512,
        )
        go = ("已放好证件，核对", "My card lies there: check")
        body = pages.form("/order-code", fields, self._machine.guard.token(), go)
        title = ("扫下单码，把身份证放在读卡器上", "Scan the order's code, card on the reader")
        words = "下单时已登记过，这里只看一眼证件，不再采集。"
        told = pages.both(
            words, "Registered when ordering: the card is only seen, nothing is collected."
        )
        return self._page(title, f"<p>{told}</p>{body}{pages.back()}")

    async def by_order(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """Code and card agree: a free cell."""
        cell = await asyncio.to_thread(self._machine.by_order, sent.get("code", ""))
        return self._page(pages.checked(cell), pages.back())

    async def ask_code(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """Ask for the code."""
        other = request.url.path == "/collect-for"
        title = (
            ("替别人取件：输入对方的取件码", "For somebody else: their code")
            if other
            else ("输入 8 位取件码", "Enter the eight digits")
        )
        fields = pages.field("code", "取件码，或扫描二维码", "The code, or scan its QR code")
        go = ("打开格口", "Open the cell")
        token = self._machine.guard.token()
        return self._page(title, pages.form(request.url.path, fields, token, go) + pages.back())

    async def collect(self, request: Request, sent: dict[str, str]) -> Response:
        """Open a cell by its code, once."""
        other = request.url.path == "/collect-for"
        cell = self._machine.collect(sent.get("code", ""), for_another=other)
        return self._page((f"{cell} 号格口已打开", f"Cell {cell} is open"), pages.back())

    async def ask_staff(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """Staff: a code and a cell, or a parcel to place."""
        fields = pages.field("code", "工作人员码", "Staff code", secret=True)
        fields += pages.field("cell", "格口号", "Cell")
        token = self._machine.guard.token()
        body = pages.form("/staff", fields, token, ("打开格口", "Open the cell"))
        body += '<a class="back" href="/deposit">投放快件 Place a parcel</a><br>'
        return self._page(("工作人员", "Staff"), body + pages.back())

    async def staff(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """Open a cell by staff."""
        cell = self._machine.by_staff(sent.get("code", ""), sent.get("cell", ""))
        return self._page((f"{cell} 号格口已打开", f"Cell {cell} is open"), pages.back())

    async def ask_deposit(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """A courier places a parcel."""
        fields = pages.field("code", "工作人员码", "Staff code", secret=True)
        fields += pages.field("parcel", "快件编号", "Parcel", numeric=False)
        token = self._machine.guard.token()
        body = pages.form("/deposit", fields, token, ("打开空格口", "Open a free cell"))
        return self._page(("投放快件", "Place a parcel"), body + pages.back())

    async def deposit(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """The cell, and the recipient's code, shown this once."""
        cell, code = self._machine.deposit(sent.get("code", ""), sent.get("parcel", ""))
        words = pages.both("收件人的取件码，只显示这一次", "The recipient's code, shown once")
        told = f"<p>{words}</p>"
        told += f'<p class="code">{code[:4]} {code[4:]}</p>{pages.SHOWN}'
        title = (f"{cell} 号格口已打开", f"Cell {cell} is open")
        return self._page(title, told + pages.back(), refresh=still.shown_once())

    async def mine(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """What this machine holds of anyone's face, and the switches to end it."""
        body = await asyncio.to_thread(self._remembering.mine)
        return self._page(("我的授权", "My consents"), body + pages.back())

    async def still(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """Is anybody there? Unanswered, the screen begins anew."""
        items = [
            (still.back_to(request), "继续办理", "Go on"),
            (still.LEFT, "结束，请下一位", "Finish, for the next person"),
        ]
        words = pages.both(
            f"{still.WARNED_SECONDS} 秒后回到开始。没有办完的不算数，放入的钱会退回。",
            f"Back to the start in {still.WARNED_SECONDS} seconds. Nothing unfinished counts, and money"
            " put in comes back.",
        )
        body = f'<p role="status">{words}</p>{pages.ways(items)}'
        return self._page(("还在办理吗？", "Is anybody there?"), body, refresh=still.warned())

    async def left(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """For the next person: no order, no look, no number on the screen."""
        self._machine.sales.cancel()
        self._large = False
        return RedirectResponse("/", 303)

    async def size(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """Larger letters, or not, until this visit is over: beside whatever goes on."""
        self._large = sent.get("large") == "1"
        return JSONResponse({"token": self._machine.guard.token()}, headers=pages.HEADERS)

    async def stop_all(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """One touch: the visit ends, its consent is withdrawn, nothing of it stays."""
        await asyncio.to_thread(self._machine.leave)
        return self._page(("已撤回并删除", "Withdrawn and deleted"), pages.back())

    async def state(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """The same in words, for whoever stands before the machine."""
        now = await asyncio.to_thread(self._machine.health)
        return self._page(
            ("本机状况", "How this machine is"),
            pages.state(now, self._machine.lags()) + pages.back(),
        )

    async def health(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """For whoever looks after the machine."""
        import msgspec

        return JSONResponse(msgspec.to_builtins(self._machine.health()), headers=pages.HEADERS)


async def _form(request: Request) -> dict[str, str]:
    from urllib.parse import parse_qsl

    data = b""
    async for part in request.stream():
        data += part
        if len(data) > LONGEST:
            return {}
    return dict(parse_qsl(data.decode("utf-8", "replace")))
