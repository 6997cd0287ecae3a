"""What a vending machine sells: an order first, its price fixed, and only then a way to pay.

    goods → order → a way (any, as often as one likes) → paid → written down → goods released

The price belongs to the order, so no way can change it. An order that nobody goes on with is over
after three minutes and money that lies in the till is given back. Who pays is nobody's business.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Final, Protocol

import msgspec

from liangming import ids
from liangming.edge import codes
from liangming.edge.agent.journal import Journal
from liangming.edge.agent.memory import Memory
from liangming.edge.agent.till import NOT_PAID, Till
from liangming.errors import Kind, LiangmingError, Misuse, Outage, declare

NO_ORDER: Final = declare(
    "edge.no-order",
    Kind.OUT_OF_ORDER,
    zh="还没有选货，或者等得太久已取消；钱没有扣，请重新选。",
    en="Nothing is chosen, or it took too long and was cancelled; nothing was taken. Please choose again.",
)
NO_GOODS: Final = declare(
    "edge.goods-unknown", Kind.ABSENT, zh="没有这种货。", en="There are no such goods."
)
STUCK: Final = declare(
    "edge.goods-stuck",
    Kind.OUTAGE,
    zh="没能出货，钱已退回；请换一件或联系工作人员。",
    en="The goods did not come out and the money was given back; choose another, or ask the staff.",
)
WRONG_PAYMENT: Final = declare(
    "edge.payment-unknown", Kind.INVALID, zh="没有这种付款方式。", en="There is no such payment."
)
GOODS: Final = "goods.json"
ORDER: Final = "ord"
LIFE: Final = timedelta(minutes=3)
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class Goods(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One slot of the machine."""

    slot: Annotated[int, msgspec.Meta(ge=1, le=999)]
    zh: Name
    en: Name
    fen: Annotated[int, msgspec.Meta(ge=1, le=10_000_000)]

    @property
    def price(self) -> str:
        """As people read it."""
        return f"¥{self.fen // 100}.{self.fen % 100:02}"


SAMPLE: Final = (
    Goods(1, "样品矿泉水", "Sample water", 200),
    Goods(2, "样品绿茶", "Sample green tea", 350),
    Goods(3, "样品饼干", "Sample biscuits", 580),
)


class Order(msgspec.Struct, frozen=True):
    """What somebody chose, and what it costs whatever the way."""

    id: str
    goods: Goods
    until: datetime


class Release(Protocol):
    """What lets goods out: the machine's lock board."""

    def open(self, cell: int) -> None:
        """Release one slot. Raises: ``edge.door-stuck``."""
        ...


class Shop:
    """One order at a time.

    Args:
        goods: as :func:`stock` read them.
    """

    def __init__(
        self,
        goods: tuple[Goods, ...],
        till: Till,
        release: Release,
        memory: Memory,
        journal: Journal,
    ) -> None:
        self.goods, self.till = goods, till
        self._release, self._memory, self._journal = release, memory, journal
        self._order: Order | None = None

    def choose(self, slot: str, at: datetime) -> Order:
        """Begin an order; one that ran before is cancelled.

        Raises:
            Misuse: ``edge.goods-unknown``.
        """
        self.cancel()
        found = next((one for one in self.goods if str(one.slot) == slot), None)
        if found is None:
            raise Misuse(NO_GOODS, field="slot")
        self._order = Order(ids.new(ORDER, at), found, at + LIFE)
        return self._order

    def order(self, at: datetime) -> Order | None:
        """The order that runs, for three minutes more; one that is over is cancelled."""
        if not self.sweep(at) and self._order is not None:
            self._order = msgspec.structs.replace(self._order, until=at + LIFE)
        return self._order

    def sweep(self, at: datetime) -> bool:
        """Cancel an order that nobody went on with; whether there was one."""
        over = self._order is not None and self._order.until <= at
        if over:
            self.cancel()
        return over

    def ask(self, by: str, at: datetime) -> Order:
        """Ask for the money in this way, which may still be changed.

        Raises:
            Misuse: ``edge.no-order``, ``edge.payment-unknown``.
            Outage: ``edge.till-down``.
        """
        order = self.order(at)
        if order is None:
            raise Misuse(NO_ORDER)
        if by not in self.till.takes:
            raise Misuse(WRONG_PAYMENT, field="by")
        self.till.ask(order.id, order.goods.fen, by)
        return order

    def settle(self, by: str, at: datetime) -> Order | None:
        """Let the goods out once all is paid; None while money is missing.

        1 paid · 2 written down, durable · 3 released. A crash between 2 and 3 leaves an order that
        was paid and not released: its number is in the journal, staff give the money back.

        Raises:
            Misuse: ``edge.no-order``, ``edge.not-paid``.
            Outage: ``edge.disk-full``, ``edge.goods-stuck``: the money was given back.
        """
        order = self.order(at)
        if order is None:
            raise Misuse(NO_ORDER)
        due = self.till.due(order.id)
        if due.refused:
            self.till.cancel(order.id)
            raise Misuse(NOT_PAID)
        if not due.paid:  # 1
            return None
        try:
            self._write("device:goods:sold", at, by=by, fen=order.goods.fen, order=order.id)  # 2
        except Outage:
            self.cancel()
            raise
        try:
            self._release.open(order.goods.slot)  # 3
        except LiangmingError:
            self.cancel()
            self._write("device:goods:returned", at, fen=order.goods.fen, order=order.id)
            raise Outage(STUCK) from None
        self._order = None
        return order

    def cancel(self) -> None:
        """End the order; the money goes back."""
        order, self._order = self._order, None
        if order is not None:
            self.till.cancel(order.id)

    def _write(self, tag: str, at: datetime, **facts: str | int) -> None:
        with self._memory.together():
            self._journal.append(tag, at, **facts)


def stock(folder: Path) -> tuple[Goods, ...]:
    """What the machine's ``goods.json`` lists; samples where there is none.

    Raises:
        Misuse: ``edge.goods-unreadable``.
    """
    try:
        data = (folder / GOODS).read_bytes()
    except FileNotFoundError:
        return SAMPLE
    except OSError:
        raise Misuse(codes.GOODS_UNREADABLE, field=GOODS) from None
    try:
        goods = msgspec.json.decode(data, type=tuple[Goods, ...])
    except msgspec.DecodeError:
        raise Misuse(codes.GOODS_UNREADABLE, field=GOODS) from None
    if not goods or len({one.slot for one in goods}) < len(goods):
        raise Misuse(codes.GOODS_UNREADABLE, field=GOODS)
    return goods
