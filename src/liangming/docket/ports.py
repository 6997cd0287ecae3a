"""How a record of the docket becomes durable, together with the evidence it leaves.

A record is a frozen state under an id: columns to find it by, its body as tagged JSON without
personal data, and, where somebody wrote words, those words sealed under a key of the record's own.
Implementations stand in ``storage``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import msgspec

from liangming.check.ports import Client, LeafRow


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One record as stored."""

    id: str  # prefixed: req_…, hld_…
    kind: str  # what it is: "right", "hold", "erasure" …
    operator: str
    about: str  # what it is linked to: a check, a device, a keyed index in hexadecimal
    state: str  # tag of the state
    version: int  # 1 when new, +1 per change
    opened_at: int  # µs since 1970, UTC
    changed_at: int
    due_at: int | None  # µs: when the next step is due; None when nothing is
    keep_until: int | None  # µs: when the record goes; None while it is open
    leaf_key: bytes  # of its leaves, never plain: see docket.leaf_keys; empty when it leaves none
    body: bytes  # JSON of the state, no personal data
    wrapped_key: bytes = b""  # key of the words, under the operator's
    sealed: bytes = b""  # words somebody wrote


class Left(msgspec.Struct, frozen=True, kw_only=True):
    """One event of the log as stored, with the check it belongs to, if that is one."""

    seq: int
    check: str  # the check, record or device it is about
    at: int  # µs
    facts: bytes  # JSON
    person: bytes | None = None  # whoever is registered behind the check now
    scene: str = ""
    operator: str = ""


class Records(Protocol):
    """Durable memory of the docket.

    Durability and retries as :class:`liangming.check.ports.Store`: ``commit`` returns after the
    disk has it, and a failed one may be repeated, for a record's version tells whether it landed.
    Absence: reads return None or nothing; nothing is raised.
    """

    async def commit(
        self,
        records: Sequence[Record],
        leaves: Sequence[LeafRow] = (),
        *,
        drop: Sequence[str] = (),
        clients: Sequence[Client] = (),
    ) -> None:
        """Write records, their leaves and removals in one transaction, all or nothing.

        ``version == 1`` inserts; otherwise the stored version must be ``version - 1``. An id in
        ``drop`` that is not there is no failure. ``clients`` are API clients that change with the
        records, by the same rule of versions.

        Raises:
            Misuse: ``check.moved-on``: another step changed one of the records; nothing landed.
            Outage: ``storage.unavailable``, ``storage.full``, ``storage.busy``.
        """
        ...

    async def get(self, record_id: str) -> Record | None:
        """One record."""
        ...

    async def several(self, record_ids: Sequence[str]) -> dict[str, Record]:
        """Those of these records that are there; some hundreds at most, in one look-up."""
        ...

    async def about(self, kind: str, about: str) -> list[Record]:
        """The records of a kind that are linked to something, oldest first."""
        ...

    async def latest(self, kind: str, about: str, before: str, limit: int) -> list[Record]:
        """Records of a kind that are linked to something, the highest id first, below ``before``.

        With ``before`` empty from the newest; for pages of a long list.
        """
        ...

    async def due(self, kind: str, now: datetime, limit: int) -> list[Record]:
        """Records of a kind whose next step was due by now, the longest due first."""
        ...

    async def open(self, kind: str, limit: int) -> list[Record]:
        """Records of a kind with a next step, the earliest due first."""
        ...

    async def walk(self, kind: str, after: str, limit: int) -> list[Record]:
        """Records of a kind by id, after this one."""
        ...

    async def count(self, kind: str) -> int:
        """How many records of a kind there are."""
        ...

    async def stamp(self, kind: str) -> tuple[int, int]:
        """How many records of a kind there are, and when one last changed (µs; 0 without any)."""
        ...

    async def over(self, now: datetime, limit: int) -> list[str]:
        """Ids of records whose time to be kept is over."""
        ...

    async def used(self, clients: Sequence[str], day: int) -> None:
        """Note the day (µs of its beginning) on which API clients were used last."""
        ...

    async def erased(self, since: int, until: int) -> list[bytes]:
        """The facts of every erasure in a span of µs, as JSON; walks the log of events once."""
        ...

    async def events(
        self, tag: str, since: int, until: int, *, after: int = -1, limit: int = 2000
    ) -> list[Left]:
        """Events of a kind in a span of µs, by their place in the log, after one of these.

        A call walks the log of events once; made for reports and incidents, not for every day.
        """
        ...

    async def persons_of(
        self, operator: str, opened_before: int, *, after: bytes = b"", limit: int = 2000
    ) -> list[tuple[bytes, str]]:
        """Who is registered with an operator by checks opened before a moment of µs, by index.

        Returns:
            Each person once, with their newest such check.
        """
        ...

    async def reseal(self, person: bytes, old: bytes, new: bytes) -> None:
        """Replace a person's sealed record, if the old one still stands.

        Raises:
            Misuse: ``check.moved-on``.
        """
        ...

    async def wrapped_keys(self, after: bytes, limit: int) -> list[tuple[bytes, bytes]]:
        """Ids of records with words after this one, in order, with the keys of their words."""
        ...

    async def rewrap(self, moved: Sequence[tuple[bytes, bytes, bytes]]) -> None:
        """Replace keys of words where the old ones still stand: id, old key, new key."""
        ...
