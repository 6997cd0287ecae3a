"""One machine, plugged together: what its pages may ask of it."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path
from typing import Final

from liangming.clock import Clock
from liangming.edge.agent.cells import Cells, Door
from liangming.edge.agent.centre import SAID_NO, Centre
from liangming.edge.agent.enrolment import Enrolment
from liangming.edge.agent.guard import Guard
from liangming.edge.agent.health import Health, health
from liangming.edge.agent.journal import Journal, event_of
from liangming.edge.agent.memory import Memory
from liangming.edge.agent.visit import Parts, Visit, shown_of
from liangming.errors import Kind, LiangmingError, Misuse, declare

NOT_OFFERED: Final = declare(
    "edge.face-not-offered",
    Kind.OUT_OF_ORDER,
    zh="这里现在不提供刷脸，其他方式照常。",
    en="The face is not offered here now; every other way is.",
)
WRONG_CELL: Final = declare(
    "edge.cell-unknown", Kind.INVALID, zh="没有这个格口。", en="There is no such cell."
)
WRONG_PAYMENT: Final = declare(
    "edge.payment-unknown", Kind.INVALID, zh="没有这种付款方式。", en="There is no such payment."
)
WRONG_PARCEL: Final = declare(
    "edge.parcel-form",
    Kind.INVALID,
    zh="快件编号只能用字母、数字、点和横线，最多 32 位。",
    en="A parcel's reference has letters, digits, dots and hyphens, 32 at most.",
)
_PARCEL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,31}")
PAYMENTS: Final = ("payment-code", "cash", "bank-card")


class Machine:
    """A locker or a vending machine.

    Args:
        parts: camera, models and reader; None: the face is not offered.
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
    ) -> None:
        self.guard, self._clock, self._parts, self._folder = guard, clock, parts, folder
        self.enrolment = enrolment
        self.memory = Memory(folder / "device.sqlite3")
        self.journal = Journal(self.memory, enrolment.device, enrolment.key)
        self.cells = Cells(
            self.memory,
            self.journal,
            door,
            place=enrolment.scene,
            secret=bytes.fromhex(enrolment.secret),
            count=enrolment.cells,
            staff=bytes.fromhex(enrolment.staff),
        )
        self.centre = Centre(enrolment)
        self._door = door
        self._visit: Visit | None = None
        self.simulated = door.simulated or (parts is not None and parts.simulated)

    @property
    def kind(self) -> str:
        """``locker`` or ``vending``."""
        return self.enrolment.kind

    def collect(self, code: str, *, for_another: bool) -> int:
        """By code, once."""
        return self.cells.collect(code, self._clock.now(), for_another=for_another)

    def by_staff(self, code: str, cell: str) -> int:
        """By staff."""
        if not (cell.isdecimal() and 0 < int(cell[:4]) <= self.enrolment.cells):
            raise Misuse(WRONG_CELL, field="cell")
        self.cells.by_staff(code, int(cell), self._clock.now())
        return int(cell)

    def sends(self) -> bool:
        """Whether a parcel can be sent here now: a locker with a reader and a centre."""
        return self.kind == "locker" and self.centre.known and self._parts is not None

    def by_card(self) -> int:
        """Send with the card alone: read, checked by the centre, a free cell opens.

        Raises:
            Misuse: not offered here, or the centre did not take it.
            Outage: no card, or no centre; nothing was opened.
        """
        if not self.sends() or self._parts is None:
            raise Misuse(NOT_OFFERED)
        card = self._parts.reader().read()
        check = self.centre.open("document.read")
        if not check:
            raise Misuse(NOT_OFFERED)
        self.centre.choose(check, "document.read")
        if self.centre.present(check, shown_of(card)) != "passed":
            raise Misuse(SAID_NO)
        cell, _ = self.cells.place(check, self._clock.now())
        return cell

    def deposit(self, code: str, parcel: str) -> tuple[int, str]:
        """A courier places a parcel; the code for its recipient is shown this once."""
        at = self._clock.now()
        self.cells.staffed(code, at)
        if not _PARCEL.fullmatch(parcel):
            raise Misuse(WRONG_PARCEL, field="parcel")
        return self.cells.place(parcel, at)

    def paid(self, by: str) -> None:
        """A payment was taken; by whom is nobody's business."""
        if by not in PAYMENTS:
            raise Misuse(WRONG_PAYMENT, field="by")
        with self.memory.together():
            self.journal.append("device:goods:sold", self._clock.now(), by=by)

    def health(self) -> Health:
        """How it is."""
        return health(
            self._folder,
            self.memory,
            self.journal,
            self._clock.now(),
            parts=self._parts is not None,
            centre=self.centre.known,
        )

    def offers_face(self) -> bool:
        """Only a locker whose parts, clock and centre are all there, and only until a no."""
        return self.kind == "locker" and self.centre.known and self.health().opens_by_face

    def begin_face(self) -> list[tuple[str, str]]:
        """A visit of its own, and the face's notice.

        Raises:
            Misuse: the face is not offered here now.
            Outage: the centre cannot be reached.
        """
        self.leave()
        if not self.offers_face() or self._parts is None:
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
            parts=self._parts,
            check=check,
        )
        items = visit.notice()
        self._visit = visit
        return items

    def visit_now(self) -> Visit:
        """The visit that runs.

        Raises:
            Misuse: there is none.
        """
        if self._visit is None:
            raise Misuse(NOT_OFFERED)
        return self._visit

    def leave(self) -> None:
        """The person goes on another way or away: camera shut, consent withdrawn, all dropped."""
        visit, self._visit = self._visit, None
        if visit is not None and not visit.passed:
            visit.stop()

    def opened_by_face(self) -> int:
        """Open a free cell for the person whose check passed; the visit is over with it."""
        visit, self._visit = self.visit_now(), None
        if not visit.passed:
            raise Misuse(NOT_OFFERED)
        cell, _ = self.cells.place(visit.check, self._clock.now())
        return cell

    def report(self) -> int:
        """Send what waits; what the centre has is not sent again. A cut in between is harmless.

        Raises:
            Outage: the centre cannot be reached; it waits on.
        """
        waiting = self.journal.waiting() if self.enrolment.journal else []
        if not waiting:
            return 0
        key, device = self.enrolment.key, self.enrolment.journal
        held = self.centre.send([event_of(one, key, device) for one in waiting])
        if held:
            self.journal.confirmed(waiting[held - 1].entry.seq)
        return held

    def obey(self) -> int:
        """Fetch the centre's signed commands and do them; doing one twice is no harm.

        Raises:
            Outage: the centre cannot be reached; they wait there.
        """
        done = 0
        for command, consent in self.centre.commands():
            visit = self._visit
            if visit is not None:
                self.leave()
            with self.memory.together():
                self.journal.append(
                    "device:command:done", self._clock.now(), command=command, consent=consent
                )
            self.centre.acknowledge(command, self.enrolment.key)
            done += 1
        return done

    def disable_face(self) -> None:
        """Stop the face here; every other way goes on."""
        self.leave()
        with self.memory.together():
            self.memory.remember("face", "stopped")
            self.journal.append("device:face:stopped", self._clock.now())

    def close(self) -> None:
        """End the visit and let the file go."""
        with contextlib.suppress(LiangmingError):
            self.leave()
        self.memory.close()
