"""Selling at a machine: an order and its ways to pay, and what the centre hears of a face that was left."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from liangming.clock import Clock, micros
from liangming.edge import codes
from liangming.edge.agent.shop import NO_ORDER, WRONG_PAYMENT, Goods, Order, Release, Shop
from liangming.edge.agent.till import FACE, WAYS, Till
from liangming.errors import LiangmingError, Misuse
from liangming.method import PaymentShown
from liangming.method.payment import Payment, sign

if TYPE_CHECKING:
    from liangming.edge.agent.machine import Machine
    from liangming.edge.agent.visit import Visit


class Sales:
    """What a machine sells; a locker sells nothing.

    Args:
        goods: empty: nothing is sold here.
        till: where the money goes in.
        release: lets goods out.
    """

    def __init__(
        self,
        goods: tuple[Goods, ...],
        till: Till | None,
        release: Release,
        machine: Machine,
        clock: Clock,
    ) -> None:
        self._machine, self._clock, self.goods, self.till = machine, clock, goods, till
        self._shop: Shop | None = None
        if goods and till is not None:
            self._shop = Shop(goods, till, release, machine.memory, machine.journal)
        self._left = ""  # the check of a look that led to another way

    @property
    def by_face(self) -> bool:
        """Whether accounts stand behind a face here, that agreed to it."""
        return self._shop is not None and FACE in self._shop.till.takes

    def left(self, check: str) -> None:
        """A look was left for another way: its check may still end with a payment."""
        self._left = check

    def order(self) -> Order | None:
        """What somebody chose and has not paid for."""
        return self._shop.order(self._clock.now()) if self._shop is not None else None

    def choose(self, slot: str) -> Order:
        """Begin an order.

        Raises:
            Misuse: ``edge.goods-unknown``; ``edge.no-order`` where nothing is sold;
                ``edge.switched-off``.
        """
        self._left = ""
        return self._selling().choose(slot, self._clock.now())

    def sweep(self) -> None:
        """End an order that nobody went on with."""
        if self._shop is not None:
            self._shop.sweep(self._clock.now())

    def pause(self) -> None:
        """Back to all ways: money that came in goes back, the order stands."""
        order = self.order()
        if order is not None and self.till is not None:
            self.till.cancel(order.id)

    def cancel(self) -> None:
        """End the order; money that came in goes back."""
        if self._shop is not None:
            self._shop.cancel()

    def ask(self, by: str) -> Order:
        """Ask for an order's money in one way; by whom it comes is nobody's business.

        Raises:
            Misuse: ``edge.no-order``, ``edge.payment-unknown``.
            Outage: ``edge.till-down``.
        """
        if by not in WAYS:
            raise Misuse(WRONG_PAYMENT, field="by")
        return self._selling().ask(by, self._clock.now())

    def settle(self, by: str) -> Order | None:
        """Let the goods out once the till has all of the money; None until then.

        A check that the person began with a face and left ends with this payment, by the machine's
        signed word; where the centre does not hear it, it expires by itself.

        Raises:
            Misuse: ``edge.no-order``, ``edge.not-paid``.
            Outage: ``edge.goods-stuck``, ``edge.disk-full``: the money was given back.
        """
        at, check = self._clock.now(), self._left
        done = self._selling().settle(by, at)
        if done is not None and check:
            self._left = ""
            about = self._machine.enrolment
            told = Payment(about.device, about.scene, done.id, by, done.goods.fen, micros(at))  # type: ignore[arg-type]
            with contextlib.suppress(LiangmingError):
                shown = PaymentShown(reference=sign(about.key, told), by=told.by)
                self._machine.centre.paid(check, shown)
        return done

    def charge_face(self) -> Visit:
        """Charge the order to the account behind a face whose check passed; the visit is over with it.

        Raises:
            Misuse: it did not pass; ``edge.no-order``.
            Outage: as :meth:`settle`.
        """
        visit, at = self._machine.paid_by_face(), self._clock.now()
        shop = self._selling()
        shop.ask(FACE, at)
        shop.settle(FACE, at)
        return visit

    def _selling(self) -> Shop:
        if self._shop is None:
            raise Misuse(NO_ORDER)
        if self._machine.disabled():
            raise Misuse(codes.SWITCHED_OFF)
        return self._shop
