"""Sending at a locker or a kiosk: the centre checks, then a cell opens or a clerk takes the parcel.

A kiosk has no cells: it stands beside a counter, and what passed there is handed over. Which ways there
are is the scene's matter; the machine asks the centre for them and remembers the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liangming.edge.agent.centre import SAID_NO
from liangming.edge.agent.visit import shown_of
from liangming.edge.codes import NOT_OFFERED
from liangming.errors import Misuse
from liangming.method import DocumentShown, OrderCodeShown

if TYPE_CHECKING:
    from datetime import datetime

    from liangming.edge.agent.machine import Machine
    from liangming.edge.reader.simulated import Reader

WAYS: Final = "ways"
CARD: Final = "document.read"
ORDER: Final = "order-code"


class Sending:
    """Belongs to a :class:`~liangming.edge.agent.machine.Machine`."""

    def __init__(self, machine: Machine) -> None:
        self._machine = machine

    def learn(self) -> None:
        """Ask which ways the scene has, and remember them.

        Raises:
            Outage: the centre cannot be reached; what was remembered stands.
            Misuse: it did not answer this device.
        """
        ways = " ".join(self._machine.centre.ways())
        if ways != self._machine.memory.fact(WAYS):
            self._machine.memory.remember(WAYS, ways)

    def offered(self, method: str) -> bool:
        """Whether the scene has this way; while nothing is known, it is asked when somebody takes it."""
        known = self._machine.memory.fact(WAYS).split()
        return not known or method in known

    def here(self, method: str) -> bool:
        """Whether a parcel can be sent this way, at this machine, now."""
        machine = self._machine
        able = machine.enrolment.reads_cards and machine.centre.known and machine.parts is not None
        return able and self.offered(method) and not machine.disabled()

    def by_card(self, at: datetime) -> int:
        """With the card alone: read, and checked by the centre.

        Raises:
            Misuse: not offered here, or the centre did not take it.
            Outage: no card, or no centre; nothing was opened.
        """
        return self._sent(CARD, shown_of(self._reader(CARD).read()), at)

    def by_order(self, code: str, at: datetime) -> int:
        """An order that was verified in the app: its code, and the card is seen again by the reader.

        The centre compares the card with who ordered; nothing is collected a second time.

        Raises:
            Misuse: not offered here, or the centre did not take it.
            Outage: no card, or no centre; nothing was opened.
        """
        card = shown_of(self._reader(ORDER).read())
        shown = OrderCodeShown(code=code.strip(), document_seen=True, document=card)
        return self._sent(ORDER, shown, at)

    def received(self, check: str, at: datetime) -> int:
        """What passed is taken in: the number of the cell that opened; 0: a clerk takes it."""
        if not self._machine.enrolment.has_cells:
            return 0
        return self._machine.cells.place(check, at)[0]

    def _reader(self, method: str) -> Reader:
        if not self.here(method) or self._machine.parts is None:
            raise Misuse(NOT_OFFERED)
        return self._machine.parts.reader()

    def _sent(self, method: str, shown: DocumentShown | OrderCodeShown, at: datetime) -> int:
        """A check of this way from its opening to its end."""
        centre = self._machine.centre
        check = centre.open(method)
        if not check:
            raise Misuse(NOT_OFFERED)
        centre.choose(check, method)
        try:
            if centre.present(check, shown) != "passed":
                raise Misuse(SAID_NO)
        finally:
            self._machine.counter.stir()
        return self.received(check, at)
