"""The machine's own door: Starlette on loopback, one person at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from liangming.edge.agent import pages
from liangming.edge.agent.machine import Machine
from liangming.edge.agent.remembering import Remembering
from liangming.edge.agent.selling import THANKS, Selling
from liangming.edge.face import order
from liangming.errors import Kind, LiangmingError

STATIC: Final = Path(__file__).resolve().parent.parent / "static"
FILES: Final = {"machine.css": "text/css", "look.js": "text/javascript"}
LONGEST: Final = 4096
TYPED: Final = ("/collect", "/collect-for", "/staff", "/deposit")
COLLECT: Final = (
    ("/collect", "凭取件码取件", "Collect with a code"),
    ("/collect-for", "替别人取件", "Collect for somebody"),
    ("/staff", "工作人员开柜", "Opened by the staff"),
)
SEND_CARD: Final = ("/card", "证件放读卡器", "Card on the reader")
SEND_ORDER: Final = ("/order-code", "下单码加证件", "Order code and card")
SEND_KEPT: Final = ("/kept", "证件和已存脸", "Card and kept face")
SEND_FACE: Final = ("/face", "证件和本机人脸", "Card and face, here")
STATUS: Final = {
    Kind.FORBIDDEN: 403,
    Kind.LIMITED: 429,
    Kind.OUTAGE: 503,
    Kind.OUT_OF_ORDER: 409,
    Kind.ABSENT: 404,
    Kind.UNAUTHENTICATED: 401,
}
View = Callable[[Request, dict[str, str]], Awaitable[Response]]


class Door:
    """Every page of a machine."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine
        self._alone = asyncio.Lock()
        self._remembering = Remembering(machine, self._page)
        self._selling = Selling(machine, self._page)

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
            "/face": self.face,
            "/face/look": self.face_look,
            "/face/end": self.face_end,
            "/face/state": self.face_state,
            "/health": self.health,
            "/state": self.state,
            "/remember": self._remembering.ask,
            "/kept": self._remembering.number,
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
            "/face/consent": self.consent,
            "/face/again": self.again,
            "/face/stop": self.stop,
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
                if view in {self.face_state, self.health}:
                    return await view(request, sent)
                async with self._alone:
                    return await view(request, sent)
            except LiangmingError as error:
                return self._page(
                    ("没有办成，请再试或用其他方式", "Not done: again, or another way"),
                    pages.back(request.url.path if request.url.path in TYPED else ""),
                    fault=pages.said(error),
                    status=STATUS.get(error.code.kind, 400),
                )

        return serve

    def _page(
        self,
        title: tuple[str, str],
        body: str,
        *,
        fault: str = "",
        status: int = 200,
        refresh: int = 0,
    ) -> Response:
        simulated = self._machine.simulated
        text = pages.page(title, body, simulated=simulated, fault=fault, refresh=refresh)
        return HTMLResponse(text, status, headers=pages.HEADERS)

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
        body = pages.group("取件", "Collect") + pages.ways(COLLECT)
        if self._machine.sends():
            send = [SEND_CARD, SEND_ORDER, *([SEND_FACE] if offers_face else [])]
            if await asyncio.to_thread(self._machine.claims):
                send.append(SEND_KEPT)
            body += pages.group("寄件", "Send") + pages.ways(send)
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
        return self._page(
            (f"核验通过，{cell} 号格口已打开", f"Checked; cell {cell} is open"), pages.back()
        )

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
        return self._page(
            (f"核验通过，{cell} 号格口已打开", f"Checked; cell {cell} is open"), pages.back()
        )

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
        fields = pages.field("code", "工作人员码", "Staff code")
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
        fields = pages.field("code", "工作人员码", "Staff code")
        fields += pages.field("parcel", "快件编号", "Parcel", numeric=False)
        token = self._machine.guard.token()
        body = pages.form("/deposit", fields, token, ("打开空格口", "Open a free cell"))
        return self._page(("投放快件", "Place a parcel"), body + pages.back())

    async def deposit(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """The cell, and the recipient's code, shown this once."""
        cell, code = self._machine.deposit(sent.get("code", ""), sent.get("parcel", ""))
        words = pages.both("收件人的取件码，只显示这一次", "The recipient's code, shown once")
        told = f"<p>{words}</p>"
        told += f'<p class="code">{code[:4]} {code[4:]}</p>'
        return self._page((f"{cell} 号格口已打开", f"Cell {cell} is open"), told + pages.back())

    async def mine(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """What this machine holds of anyone's face, and the switches to end it."""
        body = await asyncio.to_thread(self._remembering.mine)
        return self._page(("我的授权", "My consents"), body + pages.back())

    async def stop_all(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """One touch: the visit ends, its consent is withdrawn, nothing of it stays."""
        await asyncio.to_thread(self._machine.leave)
        return self._page(("已撤回并删除", "Withdrawn and deleted"), pages.back())

    async def face(self, request: Request, sent: dict[str, str]) -> Response:
        """The face's own notice, on this screen, before anything is asked."""
        if self._machine.kind == "vending":
            return await self._remembering.number(request, sent)
        items = await asyncio.to_thread(self._machine.begin_face)
        token = self._machine.guard.token()
        return self._page(
            ("关于刷脸，请先看这里", "About the face: please read"), pages.notice(items, token)
        )

    async def consent(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """Separate consent, or none."""
        answer = sent.get("answer", "no")
        visit = self._machine.visit_now()
        if answer not in {"yes", "guardian"}:
            await asyncio.to_thread(self._machine.leave)
            return RedirectResponse("/", 303)
        await asyncio.to_thread(lambda: visit.agree(by_guardian=answer == "guardian"))
        return RedirectResponse("/face/look", 303)

    async def face_look(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """While the camera is open."""
        visit = self._machine.visit_now()
        if not isinstance(visit.look, order.Watching):
            return RedirectResponse("/face/end", 303)
        return self._page(
            ("请看着屏幕", "Look at the screen"), pages.looking(self._machine.guard.token())
        )

    async def face_state(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """What the page shall show now."""
        visit = self._machine.visit_now()
        drawn = request.query_params.get("drawn", "0")
        shown = visit.screen.now(int(drawn) if drawn.isdecimal() and len(drawn) < 9 else 0)  # noqa: PLR2004
        told = {
            "number": shown.number,
            "ask": shown.ask,
            "colour": shown.colour,
            "over": visit.over.is_set(),
        }
        return JSONResponse(told, headers=pages.HEADERS)

    async def stop(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """The stop button."""
        await asyncio.to_thread(self._machine.leave)
        return RedirectResponse("/", 303)

    async def again(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """One more try, of three."""
        await asyncio.to_thread(self._machine.visit_now().watch)
        return RedirectResponse("/face/look", 303)

    async def face_end(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """What came of it; whatever it was, every other way is there."""
        visit = self._machine.visit_now()
        told = pages.looked(visit.last)
        if visit.keep and visit.over.is_set() and not isinstance(visit.look, order.Agreed):
            self._machine.done()
            return self._remembering.kept(visit)
        if visit.passed and visit.claim is not None and self._machine.kind == "vending":
            await asyncio.to_thread(self._machine.sales.charge_face)
            out = self._remembering.out(visit.claim.template)
            return self._page(THANKS, told + out + pages.back())
        if visit.passed:
            cell = self._machine.opened_by_face()
            if visit.claim is not None:
                told += self._remembering.out(visit.claim.template)
            return self._page(
                (f"核验通过，{cell} 号格口已打开", f"Checked; cell {cell} is open"),
                told + pages.back(),
            )
        if isinstance(visit.look, order.Agreed):
            token = self._machine.guard.token()
            items = [("/face/again", "again", "再试一次", "Try once more")]
            return self._page(
                ("没有成功，换一种方式也一样", "Not this time; another way does the same"),
                told
                + pages.ways([("/", "用其他方式", "Another way")])
                + pages.choices(items, token),
            )
        await asyncio.to_thread(self._machine.leave)
        return self._page(
            ("请用其他方式，效果一样", "Another way does the same"), told + pages.back()
        )

    async def state(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """The same in words, for whoever stands before the machine."""
        now = await asyncio.to_thread(self._machine.health)
        return self._page(("本机状况", "How this machine is"), pages.state(now) + pages.back())

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
