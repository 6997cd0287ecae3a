"""The pages of a vending machine: goods first, then every way to pay at the same price, the face last."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from html import escape
from typing import Final

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from liangming.edge import codes
from liangming.edge.agent import pages, still
from liangming.edge.agent.machine import Machine
from liangming.edge.agent.shop import NO_ORDER, Order
from liangming.errors import Misuse

Say = Callable[..., Response]
PAY: Final = (
    ("payment-code", "付款码来付款", "Pay with phone code"),
    ("cash", "使用现金付款", "Pay with some cash"),
    ("bank-card", "银行卡来付款", "Pay with bank card"),
)
PAY_FACE: Final = ("/face", "号码和本机人脸", "Number and face, here")
DO: Final = {
    "payment-code": ("把付款码对准扫码口", "Hold your code to the scanner"),
    "cash": ("把纸币或硬币放进入口", "Put notes or coins in the slot"),
    "bank-card": ("把银行卡贴近感应区", "Tap your card"),
}
LOOKS: Final = 2  # seconds between two looks for the money
THANKS: Final = ("谢谢，请取货", "Thank you, please take it")
MINE: Final = '<a class="back" href="/mine">我的授权与删除 My consents, and deletion</a>'


class Selling:
    """Belongs to a :class:`~liangming.edge.agent.server.Door`."""

    def __init__(self, machine: Machine, say: Say) -> None:
        self._machine, self._say = machine, say

    async def home(self) -> Response:
        """The goods; once one is chosen, the ways to pay for it."""
        if self._machine.disabled():
            off = codes.SWITCHED_OFF
            return self._say(
                ("暂停服务", "Out of service"), f"<p>{pages.both(off.zh, off.en)}</p>{MINE}"
            )
        self._machine.sales.pause()
        order, token = self._machine.sales.order(), self._machine.guard.token
        if order is None:
            goods = [
                ("/order", str(one.slot), f"{one.zh}  {one.price}", one.en)
                for one in self._machine.sales.goods
            ]
            body = pages.choices(goods, token())
            return self._say(
                ("先选货，价格对谁都一样", "Choose first; the price is the same for all"),
                body + MINE,
            )
        ways = [(f"/pay?by={by}", zh, en) for by, zh, en in PAY]
        if await asyncio.to_thread(self._machine.pays_by_face):
            ways.append(PAY_FACE)
        other = pages.form(
            "/order", "", token(), ("换一件，不买这个", "Another one, not this"), quiet=True
        )
        title = ("选一种付款方式，价格都一样", "Choose how to pay; the price is the same")
        body = _chosen(order) + pages.ways(ways) + other + MINE
        return self._say(title, body, refresh=f"{still.STILL_SECONDS}; url={still.STILL}?to=/")

    async def choose(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """Begin an order, or end it."""
        slot = sent.get("way", "")
        if slot:
            self._machine.sales.choose(slot)
        else:
            await asyncio.to_thread(self._machine.leave)
            self._machine.sales.cancel()
        return RedirectResponse("/", 303)

    async def pay(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """Ask for the money; the page looks again until it is there. Nobody is asked who they are."""
        by = request.query_params.get("by", "")
        order = self._machine.sales.ask(by)
        done = await asyncio.to_thread(self._machine.sales.settle, by)
        if done is not None:
            return self._thanks(done)
        body, again = _chosen(order), still.waiting(request, LOOKS, f"/pay?by={by}")
        if self._machine.sales.till is not None and self._machine.sales.till.simulated:
            hidden = f'<input type="hidden" name="by" value="{escape(by)}">'
            go = ("已付（模拟）", "Paid (simulated)")
            body += pages.form("/pay", hidden, self._machine.guard.token(), go)
            again = ""
        back = '<a class="back" href="/">← 换一种方式，已放入的钱退回 Another way; money put in comes back</a>'
        return self._say(DO[by], body + back, refresh=again)

    async def paid(self, request: Request, sent: dict[str, str]) -> Response:  # noqa: ARG002
        """The simulated person pays; a real till is told by money."""
        by, till = sent.get("by", ""), self._machine.sales.till
        self._machine.sales.ask(by)
        put_in = getattr(till, "put_in", None)
        if put_in is not None:
            put_in()
        done = await asyncio.to_thread(self._machine.sales.settle, by)
        if done is None:
            raise Misuse(NO_ORDER)
        return self._thanks(done)

    def _thanks(self, order: Order) -> Response:
        return self._say(THANKS, _chosen(order) + _number(order) + pages.back())


def _chosen(order: Order) -> str:
    goods = order.goods
    return f"<p>{pages.both(f'{goods.zh}  {goods.price}', goods.en)}</p>"


def _number(order: Order) -> str:
    """What staff need if something went wrong; it names nobody."""
    return f"<p>{pages.both('订单号', 'Order')} <code>{escape(order.id)}</code></p>"
