"""What a check needs from the world: a store. Implementations stand in ``storage``.

Its rows stand in :mod:`liangming.check.rows`, and may be had from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from liangming.check.rows import (
    Change,
    CheckRow,
    Client,
    ConsentRow,
    LeafRow,
    PersonRow,
    PickupCode,
    Redemption,
    Remembered,
    Run,
)
from liangming.errors import Kind, LiangmingError, declare

__all__ = [
    "CODE_USED",
    "KEY_REUSED",
    "MOVED_ON",
    "PASTS_DIFFER",
    "STORE_BUSY",
    "STORE_DOWN",
    "STORE_FULL",
    "Change",
    "CheckRow",
    "Client",
    "ConsentRow",
    "LeafRow",
    "PersonRow",
    "PickupCode",
    "Redemption",
    "Remembered",
    "Run",
    "Store",
]

MOVED_ON = declare(
    "check.moved-on",
    Kind.OUT_OF_ORDER,
    zh="这次查验已被另一操作更新，请重新读取后再试。",
    en="Another step changed this check meanwhile; read it again and retry.",
)
CODE_USED = declare(
    "method.code-already-used",
    Kind.REFUSED,
    zh="这个码已经用过了，请换一种方式。",
    en="This code has been used before; please choose another way.",
)
STORE_DOWN = declare(
    "storage.unavailable",
    Kind.OUTAGE,
    zh="暂时无法确认已经保存，请稍后原样再试；用同一个幂等键重试不会办理两次。",
    en="It could not be confirmed that this was saved. Please try the same again shortly; under the same Idempotency-Key nothing is done twice.",
)
STORE_FULL = declare(
    "storage.full",
    Kind.OUTAGE,
    zh="存储空间不足，本次操作未生效。请通知管理员。",
    en="The disk is full; nothing took effect. Please tell the operator of this system.",
)
STORE_BUSY = declare(
    "storage.busy",
    Kind.LIMITED,
    zh="当前请求过多，请稍后再试。",
    en="Too many requests at this moment; please try again shortly.",
)
PASTS_DIFFER = declare(
    "check.store-and-log-differ",
    Kind.REFUSED,
    zh="数据库与存证对不上，像是其中一个从旧备份恢复。存证已停，查验照常；请核查备份。",
    en="The database and the log disagree, as if one was restored from an old backup. The log "
    "stands still while checks go on; please look at the backups.",
)
KEY_REUSED = declare(
    "api.idempotency-key-reused",
    Kind.INVALID,
    zh="同一个 Idempotency-Key 不能用于不同的请求内容。",
    en="This Idempotency-Key was used before with a different body.",
)


class Store(Protocol):
    """Durable memory.

    Durability: ``commit`` returns only after the transaction is on stable storage (fsync, or the
    database's synchronous commit). Concurrent commits share one transaction; one that fails on
    its own (MOVED_ON, CODE_USED, KEY_REUSED) does not take others with it.
    Retries: after an Outage the caller does not know whether the change landed and may repeat it
    under the same idempotency key.
    Absence: reads return None or leave the key out; nothing is raised.
    """

    async def open(self) -> None:
        """Connect and recover; migrations have run before."""
        ...

    async def close(self) -> None:
        """Drain what was accepted, then close."""
        ...

    async def commit(self, change: Change) -> None:
        """Make one change durable.

        Raises:
            Misuse: MOVED_ON, KEY_REUSED (the key exists with another digest).
            Refusal: CODE_USED.
            Outage: STORE_DOWN, STORE_FULL; STORE_BUSY when the queue is full.
        """
        ...

    async def commit_many(self, changes: Sequence[Change]) -> list[LiangmingError | None]:
        """Make many durable in one transaction; per change None or why it alone failed."""
        ...

    async def check(self, check_id: str) -> CheckRow | None:
        """One check."""
        ...

    async def leaves(self, check_id: str) -> list[LeafRow]:
        """The events of one check in order."""
        ...

    async def persons(self, keys: Sequence[bytes]) -> dict[bytes, PersonRow]:
        """The registered persons among these indexes."""
        ...

    def perhaps(self, persons: Sequence[bytes]) -> Sequence[bytes]:
        """Those of these persons who may be registered, from memory.

        Who is left out may be there nevertheless, and is then found by the commit (MOVED_ON).
        """
        ...

    async def remembered(self, client: str, route: str, key: str) -> Remembered | None:
        """The stored answer for an idempotency key, if within 24 h of its writing."""
        ...

    async def remembered_many(
        self, keys: Sequence[tuple[str, str, str]]
    ) -> dict[tuple[str, str, str], Remembered]:
        """The stored answers among these (client, route, key), as :meth:`remembered`."""
        ...

    async def consent(self, consent_id: str) -> ConsentRow | None:
        """One consent."""
        ...

    async def issue_pickup_code(self, code: PickupCode) -> None:
        """Store a code's digest, durable; the same digest again is a Misuse (CODE_USED)."""
        ...

    async def pickup_code(self, digest: bytes, now: datetime) -> PickupCode | None:
        """The code with this keyed digest, if it has neither expired nor been used."""
        ...

    async def redeemed(self, code: bytes) -> bool:
        """Whether a single-use code was used."""
        ...

    async def client(self, client_id: str) -> Client | None:
        """One API client, revoked or not."""
        ...

    async def clients(self) -> list[Client]:
        """All API clients, oldest first."""
        ...

    async def due_for_expiry(self, now: datetime, limit: int) -> list[CheckRow]:
        """Unfinished checks whose time is over."""
        ...

    async def due_for_erasure(self, now: datetime, limit: int) -> list[PersonRow]:
        """Persons whose retention is over."""
        ...

    async def postpone(self, now: datetime) -> int:
        """See that persons who came back are looked at when their later term is over.

        A check of a person known before moves the end of their retention and not the day on which it is
        looked at. Only speed depends on this call: nobody is erased early, or late, without it. Some
        hundred rows at a time; returns how many were put off. Call again until it returns 0.
        """
        ...

    async def erase(
        self, person: bytes, leaves: Sequence[LeafRow], *, due: int | None = None
    ) -> bool:
        """Shred: drop the wrapped key and sealed record, the index in checks, their leaf keys.

        ``leaves`` (the erasure's own evidence) land in the same transaction. With ``due`` (µs)
        only if ``keep_until`` is not after it. False if absent, or kept longer.
        """
        ...

    async def wrapped_keys(self, after: bytes, limit: int) -> list[tuple[bytes, bytes]]:
        """Persons after this one (``b""``: from the first), in order, with their wrapped keys."""
        ...

    async def rewrap(self, moved: Sequence[tuple[bytes, bytes, bytes]]) -> None:
        """Person, old and new wrapped key: replaced together, where the old one still stands."""
        ...

    async def passing_keys(self, after: str, limit: int) -> list[tuple[str, bytes]]:
        """Unfinished checks after this one (``""``: from the first), with their leaf keys."""
        ...

    async def keep_keys(self, moved: Sequence[tuple[str, bytes, bytes]]) -> None:
        """Check, old and new kept leaf key: replaced together, where the old one still stands."""
        ...

    async def checks_after(self, after: str, limit: int) -> list[CheckRow]:
        """Checks after this one (``""``: from the first), finished or not, in the order of ids."""
        ...

    async def checks_of(self, person: bytes, limit: int) -> list[CheckRow]:
        """Checks of a registered person, newest first; none after an erasure."""
        ...

    async def sweep(self, now: datetime) -> int:
        """Forget idempotency keys after 24 h and pick-up codes a day after they expired.

        Some thousands of rows at a time; returns how many went. Call again until it returns 0.
        """
        ...

    async def tail(self, after: int, limit: int) -> list[tuple[int, bytes]]:
        """Leaves after a place in the log (-1: from its start), in order, with their places."""
        ...

    async def leaves_from(self, place: int, limit: int) -> Sequence[bytes]:
        """The leaves from a place on, none missing, for the ledger's tiles; durable before this returns.

        Raises:
            Refusal: ``check.store-and-log-differ``: one is missing.
        """
        ...

    async def leaves_after(self, after: int, limit: int) -> list[tuple[int, LeafRow]]:
        """As :meth:`tail`, with the events; for an inspection's census, beside a running service."""
        ...

    async def places(self, check_id: str) -> list[int]:
        """Where the leaves of one check stand in the log, one for each of its :meth:`leaves`."""
        ...

    async def leaves_like(
        self, prefix: str, number: int, limit: int = 50
    ) -> list[tuple[int, LeafRow]]:
        """Leaves with this number of whatever has an id that begins so, with their places."""
        ...

    async def counts(self) -> dict[str, int]:
        """Rows by table, for health and demos."""
        ...

    async def ready(self) -> None:
        """Prove that reading and writing work.

        Raises:
            Outage: STORE_DOWN.
        """
        ...
