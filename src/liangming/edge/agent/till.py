"""Where the money goes in: a machine's code scanner, coin box and card terminal, behind one port."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final, Protocol

import msgspec

from liangming.errors import Kind, Outage, declare

TILL_DOWN: Final = declare(
    "edge.till-down",
    Kind.OUTAGE,
    zh="这种付款方式暂时用不了，没有扣款；请用其他方式，价格一样。",
    en="This way of paying does not work now and nothing was taken; please use another, at the same"
    " price.",
)
NOT_PAID: Final = declare(
    "edge.not-paid",
    Kind.REFUSED,
    zh="这次付款没有成功，没有扣款；请再试，或用其他方式。",
    en="This payment was not made and nothing was taken; please try again, or another way.",
)
WAYS: Final = ("payment-code", "cash", "bank-card")
FACE: Final = "face"
_log = logging.getLogger("liangming.edge")


class Due(msgspec.Struct, frozen=True):
    """How far a payment is."""

    asked: int  # fen
    received: int = 0
    refused: bool = False

    @property
    def paid(self) -> bool:
        """Whether all of it is there."""
        return not self.refused and self.received >= self.asked


class Till(Protocol):
    """Takes money for one order at a time.

    It remembers an order until :meth:`cancel` or the next order, across calls that are repeated: asking
    twice takes nothing twice. Change is the till's own matter. Calls answer within a second.

    Raises:
        Outage: ``edge.till-down``; nothing was taken.
    """

    simulated: bool
    takes: tuple[
        str, ...
    ]  # of WAYS, and ``face`` only where accounts that agreed to it stand behind it

    def ask(self, order: str, fen: int, by: str) -> None:
        """Begin to take this sum in this way; for another way of the same order the first is given back."""
        ...

    def due(self, order: str) -> Due:
        """How far it is."""
        ...

    def cancel(self, order: str) -> None:
        """Give back whatever came in; harmless where nothing did."""
        ...


@dataclass
class _Running:
    order: str
    by: str
    asked: int
    received: int = 0
    refused: bool = False


class SimulatedTill:
    """Implements Till; its money is made up, and so are the accounts behind a face.

    Args:
        down: ways that do not work.
    """

    simulated = True
    takes: tuple[str, ...] = (*WAYS, FACE)

    def __init__(self, down: tuple[str, ...] = ()) -> None:
        self.down = down
        self.given_back: list[tuple[str, int]] = []  # order, fen
        self._now: _Running | None = None

    def ask(self, order: str, fen: int, by: str) -> None:
        """Begin."""
        if by in self.down:
            raise Outage(TILL_DOWN)
        now = self._now
        if now is not None and (now.order, now.by) == (order, by) and not now.refused:
            return
        if now is not None:
            self.cancel(now.order)
        _log.warning("simulated till: no money is taken")
        self._now = _Running(order, by, fen, received=fen if by == FACE else 0)

    def due(self, order: str) -> Due:
        """How far it is."""
        now = self._now
        if now is None or now.order != order:
            return Due(asked=1, refused=True)
        return Due(now.asked, now.received, now.refused)

    def cancel(self, order: str) -> None:
        """Give back."""
        now, self._now = self._now, None
        if now is not None and now.order == order and now.received:
            self.given_back.append((order, now.received))

    def put_in(self, fen: int | None = None) -> None:
        """The person's part: so much money, or all of it."""
        if self._now is not None:
            self._now.received += self._now.asked if fen is None else fen

    def refuse(self) -> None:
        """The bank says no."""
        if self._now is not None:
            self._now.refused = True
