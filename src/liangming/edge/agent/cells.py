"""A locker's cells: placed by a courier, opened once by a code, by whoever was given it, or by staff.

Codes are made here, so that the locker opens without any network. Only a keyed digest is kept. The
door opens after the entry is on disk; a crash in between leaves the cell closed and its code used:
staff open it then, and the journal says why.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from typing import Final, Protocol

from liangming.clock import micros
from liangming.edge.agent.journal import Journal
from liangming.edge.agent.memory import Memory
from liangming.errors import Kind, Misuse, declare
from liangming.method import AttemptLimiter, pickup

NO_CELL: Final = declare(
    "edge.no-free-cell",
    Kind.LIMITED,
    zh="没有空格口了，请改到柜台寄存。",
    en="No cell is free; please use the counter.",
)
STAFF_UNKNOWN: Final = declare(
    "edge.staff-code-wrong",
    Kind.UNAUTHENTICATED,
    zh="工作人员码不对，请核对。",
    en="The staff code is not right; please check it.",
)
CELL_EMPTY: Final = declare(
    "edge.cell-empty",
    Kind.ABSENT,
    zh="这个格口是空的。",
    en="This cell is empty.",
)
LIFE: Final = timedelta(days=7)


class Door(Protocol):
    """The lock board. Foreign errors are wrapped: only ``edge.door-stuck`` leaves."""

    simulated: bool

    def open(self, cell: int) -> None:
        """Open one cell."""
        ...


class SimulatedDoor:
    """Remembers which cells were opened."""

    simulated = True

    def __init__(self) -> None:
        self.opened: list[int] = []

    def open(self, cell: int) -> None:
        """Open."""
        self.opened.append(cell)


class Cells:
    """The cells of one locker.

    Args:
        secret: keys the digests; a stolen file gives no code away.
        staff: digest of the staff code, by :func:`pickup.digest`; empty: no staff code is set.
    """

    def __init__(
        self,
        memory: Memory,
        journal: Journal,
        door: Door,
        *,
        place: str,
        secret: bytes,
        count: int = 24,
        staff: bytes = b"",
    ) -> None:
        self._memory, self._journal, self._door = memory, journal, door
        self._place, self._secret, self._count, self._staff = place, secret, count, staff
        self._limiter = AttemptLimiter()

    def place(self, parcel: str, at: datetime) -> tuple[int, str]:
        """Take a parcel in; returns the cell and the code for its recipient, shown this once.

        Raises:
            Misuse: ``edge.no-free-cell``.
        """
        taken = {cell for (cell,) in self._memory.rows("SELECT cell FROM cells")}
        free = next((n for n in range(1, self._count + 1) if n not in taken), None)
        if free is None:
            raise Misuse(NO_CELL)
        code = self._fresh()
        with self._memory.together():
            self._memory.rows(
                "INSERT INTO cells VALUES (?, ?, ?, ?)",
                (free, parcel, self._digest(code), micros(at + LIFE)),
            )
            self._journal.append("device:cell:placed", at, cell=free, parcel=parcel)
        self._door.open(free)
        return free, code

    def collect(self, code: str, at: datetime, *, for_another: bool = False) -> int:
        """Open the cell of a code, once.

        Raises:
            Misuse: malformed, unknown, used or expired, all alike; too many tries.
        """
        digest = self._digest(code)
        self._limiter.admit(self._place, at)
        found = self._memory.rows(
            "SELECT cell, parcel, until FROM cells WHERE digest = ?", (digest,)
        )
        if not found or found[0][2] <= micros(at):
            self._limiter.failed(self._place, at)
            raise Misuse(pickup.CODE_UNKNOWN, field="code")
        cell, parcel, _ = found[0]
        self._release(cell, digest, parcel, at, by="another" if for_another else "code")
        return int(cell)

    def by_staff(self, code: str, cell: int, at: datetime) -> None:
        """Staff open a cell, and the journal says so.

        Raises:
            Misuse: ``edge.staff-code-wrong``, ``edge.cell-empty``, too many tries.
        """
        self.staffed(code, at)
        found = self._memory.rows("SELECT digest, parcel FROM cells WHERE cell = ?", (cell,))
        if not found:
            raise Misuse(CELL_EMPTY, field="cell")
        self._release(cell, found[0][0], found[0][1], at, by="staff")

    def staffed(self, code: str, at: datetime) -> None:
        """Let staff or a courier in.

        Raises:
            Misuse: ``edge.staff-code-wrong``, too many tries.
        """
        self._limiter.admit("staff", at)
        if not self._staff or not hmac.compare_digest(self._digest(code, "staff"), self._staff):
            self._limiter.failed("staff", at)
            raise Misuse(STAFF_UNKNOWN, field="code")

    def taken(self) -> list[int]:
        """The cells with something in them."""
        return [c for (c,) in self._memory.rows("SELECT cell FROM cells ORDER BY cell")]

    def _release(self, cell: int, digest: bytes, parcel: str, at: datetime, *, by: str) -> None:
        with self._memory.together():
            self._memory.rows("DELETE FROM cells WHERE cell = ?", (cell,))
            self._memory.rows("INSERT INTO used VALUES (?, ?)", (digest, micros(at)))
            self._journal.append("device:cell:opened", at, cell=cell, parcel=parcel, by=by)
        self._door.open(cell)

    def _fresh(self) -> str:
        while True:
            code = pickup.new_code()
            used = self._memory.rows("SELECT 1 FROM used WHERE digest = ?", (self._digest(code),))
            held = self._memory.rows("SELECT 1 FROM cells WHERE digest = ?", (self._digest(code),))
            if not used and not held:
                return code

    def _digest(self, code: str, place: str = "") -> bytes:
        return pickup.digest(self._secret, place or self._place, code)
