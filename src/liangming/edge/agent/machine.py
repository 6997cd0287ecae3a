"""One machine, plugged together: what its pages may ask of it."""

from __future__ import annotations

import contextlib
import re
from collections import deque
from datetime import timedelta
from pathlib import Path
from typing import Final

from liangming.clock import Clock
from liangming.edge import codes
from liangming.edge.agent.cells import Cells, Door
from liangming.edge.agent.centre import Centre
from liangming.edge.agent.counter import Counter
from liangming.edge.agent.enrolment import Enrolment
from liangming.edge.agent.guard import Guard
from liangming.edge.agent.health import SAID, Health, due, health, latest_of
from liangming.edge.agent.joining import attest
from liangming.edge.agent.journal import Journal, event_of
from liangming.edge.agent.memory import Memory
from liangming.edge.agent.obeying import DISABLED, STOPPED, obey
from liangming.edge.agent.sales import Sales
from liangming.edge.agent.sending import CARD, Sending
from liangming.edge.agent.shop import stock
from liangming.edge.agent.till import Till
from liangming.edge.agent.visit import Parts, Visit
from liangming.edge.codes import NOT_OFFERED
from liangming.edge.face.order import TRIES
from liangming.edge.template.kept import Held, Templates
from liangming.errors import Kind, LiangmingError, Misuse, declare
from liangming.method import AttemptLimiter

HOUR: Final = timedelta(hours=1)
WRONG_CELL: Final = declare(
    "edge.cell-unknown", Kind.INVALID, zh="没有这个格口。", en="There is no such cell."
)
WRONG_PARCEL: Final = declare(
    "edge.parcel-form",
    Kind.INVALID,
    zh="快件编号只能用字母、数字、点和横线，最多 32 位。",
    en="A parcel's reference has letters, digits, dots and hyphens, 32 at most.",
)
_PARCEL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,31}")


class Machine:
    """A locker, a kiosk or a vending machine.

    Args:
        parts: camera, models and reader; None: the face is not offered.
        till: of a vending machine; None: it sells nothing.
    """

    def __init__(
        self,
        folder: Path,
        enrolment: Enrolment,
        *,
        clock: Clock,
        door: Door,
        guard: Guard,
        parts: Parts | None = None,
        till: Till | None = None,
    ) -> None:
        self.guard, self._clock, self.parts, self._folder = guard, clock, parts, folder
        self.enrolment = enrolment
        self.memory = Memory(folder / "device.sqlite3")
        self.journal = Journal(self.memory, enrolment.device, enrolment.key)
        self.counter = Counter(self.memory, self.journal, clock)
        self.cells = Cells(
            self.memory,
            self.journal,
            door,
            place=enrolment.scene,
            secret=bytes.fromhex(enrolment.secret),
            count=enrolment.cells,
            staff=bytes.fromhex(enrolment.staff),
        )
        self.templates = Templates(
            self.memory,
            self.journal,
            secret=bytes.fromhex(enrolment.secret),
            device=enrolment.device,
        )
        self.centre = Centre(enrolment)
        self.sending = Sending(self)
        self._tries = AttemptLimiter(failures=TRIES, window=HOUR)
        self.sales = Sales(
            stock(folder) if till is not None and enrolment.kind == "vending" else (),
            till,
            door,
            self,
            clock,
        )
        self._visit: Visit | None = None
        self._lags: deque[float] = deque(maxlen=5)
        self.simulated = door.simulated or (parts is not None and parts.simulated)

    @property
    def kind(self) -> str:
        """``locker``, ``kiosk`` or ``vending``."""
        return self.enrolment.kind

    def collect(self, code: str, *, for_another: bool) -> int:
        """By code, once."""
        self._needs_cells()
        return self.cells.collect(code, self._clock.now(), for_another=for_another)

    def by_staff(self, code: str, cell: str) -> int:
        """By staff."""
        self._needs_cells()
        if not (cell.isdecimal() and 0 < int(cell[:4]) <= self.enrolment.cells):
            raise Misuse(WRONG_CELL, field="cell")
        self.cells.by_staff(code, int(cell), self._clock.now())
        return int(cell)

    def sends(self, method: str = CARD) -> bool:
        """Whether a parcel can be sent here now: a locker or a kiosk, with a reader and a centre."""
        return self.sending.here(method)

    def by_card(self) -> int:
        """Send with the card alone; the cell, or 0 where a clerk takes it. As :meth:`Sending.by_card`."""
        return self.sending.by_card(self._clock.now())

    def by_order(self, code: str) -> int:
        """Send an order verified in the app. As :meth:`Sending.by_order`."""
        return self.sending.by_order(code, self._clock.now())

    def deposit(self, code: str, parcel: str) -> tuple[int, str]:
        """A courier places a parcel; the code for its recipient is shown this once."""
        self._needs_cells()
        at = self._clock.now()
        self.cells.staffed(code, at)
        if self.disabled():
            raise Misuse(codes.SWITCHED_OFF)
        if not _PARCEL.fullmatch(parcel):
            raise Misuse(WRONG_PARCEL, field="parcel")
        return self.cells.place(parcel, at)

    def _needs_cells(self) -> None:
        if not self.enrolment.has_cells:
            raise Misuse(WRONG_CELL, field="cell")

    def health(self) -> Health:
        """How it is."""
        camera, reader = self.parts.there() if self.parts is not None else (False, False)
        return health(
            self._folder,
            self.memory,
            self.journal,
            self._clock.now(),
            camera=camera,
            reader=reader,
            centre=self.centre.known,
            templates=self.templates.count(),
        )

    def say_health(self) -> bool:
        """Write a signed health event when something changed, or an hour after the last."""
        at, now = self._clock.now(), self.health()
        said = due(self.memory, now, at)
        if said:
            with self.memory.together():
                self.journal.append(
                    "device:health:reported", at, waiting=now.waiting, **now.facts()
                )
                self.memory.remember(SAID, said)
        return bool(said)

    def offers_face(self) -> bool:
        """Only where parts, clock and centre are all there; a vending machine also needs days to keep."""
        here = self.centre.known and not self.disabled()
        able = self.enrolment.reads_cards or self.enrolment.remember_days > 0
        return here and able and self.sending.offered("face") and self.health().opens_by_face

    def pays_by_face(self) -> bool:
        """Whether a face can pay here: only where somebody once asked to be remembered."""
        return self.kind == "vending" and self.claims()

    def remembers(self) -> bool:
        """Whether this machine may keep a template for who asks for it."""
        return self.enrolment.remember_days > 0 and self.offers_face()

    def claims(self) -> bool:
        """Whether a number may claim a template here: only where somebody once asked to be kept."""
        able = self.enrolment.reads_cards or self.sales.by_face
        return able and self.remembers() and self.templates.count() > 0

    def begin_face(self, *, claim: Held | None = None, keep: bool = False) -> list[tuple[str, str]]:
        """A visit of its own, and the face's notice.

        Args:
            claim: the template that the person's number opened; without one the card is the reference.
            keep: the person asked to be remembered, and agreed to that apart.

        Raises:
            Misuse: the face is not offered here now.
            Outage: the centre cannot be reached.
        """
        self.leave()
        if not self.offers_face() or self.parts is None:
            raise Misuse(NOT_OFFERED)
        check = self.centre.open("face")
        if not check:
            raise Misuse(NOT_OFFERED)
        visit = Visit(
            enrolment=self.enrolment,
            centre=self.centre,
            journal=self.journal,
            memory=self.memory,
            clock=self._clock,
            parts=self.parts,
            check=check,
            templates=self.templates,
            counter=self.counter,
            limit=self._tries,
            claim=claim,
            keep=keep,
            lags=self._lags,
        )
        items = visit.notice()
        self._visit = visit
        return items

    def paid_by_face(self) -> Visit:
        """The visit whose check passed, over with this call: its order may be charged.

        Raises:
            Misuse: it did not pass.
        """
        visit = self.visit_now()
        if not visit.passed or visit.claim is None:
            raise Misuse(NOT_OFFERED)
        self._visit = None
        return visit

    def visit_now(self) -> Visit:
        """The visit that runs.

        Raises:
            Misuse: there is none.
        """
        if self._visit is None:
            raise Misuse(NOT_OFFERED)
        return self._visit

    def lags(self) -> tuple[float, ...]:
        """Seconds after which the screen's light was seen in the last looks; of no person, and never sent."""
        return tuple(self._lags)

    def done(self) -> None:
        """The visit came to its end; nothing of it is withdrawn."""
        self._visit = None

    def leave(self) -> None:
        """The person goes on another way or away: camera shut, consent withdrawn, all dropped."""
        visit, self._visit = self._visit, None
        if visit is not None and not visit.passed:
            if not visit.keep:
                self.sales.left(visit.check)
            visit.stop()

    def opened_by_face(self) -> int:
        """Take in what the person sends whose check passed; the visit is over with it.

        Returns:
            The cell that opened; 0: a clerk takes it.
        """
        visit, self._visit = self.visit_now(), None
        if not visit.passed:
            raise Misuse(NOT_OFFERED)
        return self.sending.received(visit.check, self._clock.now())

    def attest(self, passphrase: str = "") -> None:
        """Tell the centre anew what this device is, where that changed since it last heard.

        Raises:
            Outage: the centre cannot be reached; told in the next round.
        """
        parts = self.parts
        self.enrolment = attest(
            self._folder,
            self.enrolment,
            models=parts.models if parts is not None else (),
            camera=parts.camera if parts is not None else "",
            passphrase=passphrase,
        )

    def claimed(self, number: str) -> Held:
        """The template that a number claims: one, or none.

        Raises:
            Misuse: ``edge.face-not-offered``, ``edge.number-unknown``, too many tries.
        """
        if not self.claims():
            raise Misuse(NOT_OFFERED)
        return self.templates.claim(number, self._clock.now())

    def forget(self, *, number: str = "", template: str = "") -> None:
        """Delete one template, at its person's wish; needs no centre.

        Raises:
            Misuse: ``edge.number-unknown``.
        """
        at = self._clock.now()
        self.leave()
        if not template:
            held = self.templates.claim(number, at)
            template = held.template
            held.wipe()
        self.templates.delete(template, at, why="withdrawn")

    def sweep(self) -> int:
        """Delete the templates whose day has come, by the latest moment that was ever seen here."""
        return self.templates.sweep(latest_of(self.memory, self._clock.now()))

    def report(self) -> int:
        """Send what waits; what the centre has is not sent again. A cut in between is harmless.

        Raises:
            Outage: the centre cannot be reached; it waits on.
        """
        waiting = self.journal.waiting() if self.enrolment.reports else []
        if not waiting:
            return 0
        key, device = self.enrolment.key, self.enrolment.device
        held = self.centre.send([event_of(one, key, device) for one in waiting])
        if held:
            self.journal.confirmed(waiting[held - 1].entry.seq)
        return held

    def obey(self) -> int:
        """Do what the centre commands.

        Raises:
            Outage: the centre cannot be reached; it waits there.
        """
        return obey(self, self._clock.now())

    def disabled(self) -> bool:
        """Whether the centre switched this device off: what lies in it can still be collected."""
        return self.memory.fact("state") == DISABLED

    def disable_face(self) -> None:
        """Stop the face here; every other way goes on."""
        self.leave()
        with self.memory.together():
            self.memory.remember("face", STOPPED)
            self.journal.append("device:face:stopped", self._clock.now())

    def close(self) -> None:
        """End the visit and let the file go."""
        with contextlib.suppress(LiangmingError):
            self.leave()
        self.memory.close()
