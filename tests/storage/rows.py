"""Made-up rows for the store's tests: no person stands behind any of them."""

from __future__ import annotations

import hashlib
import itertools
from datetime import UTC, datetime

from liangming.check.ports import (
    Change,
    CheckRow,
    Client,
    ConsentRow,
    LeafRow,
    PersonRow,
    PickupCode,
    Redemption,
    Remembered,
)
from liangming.clock import micros

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
AT = micros(NOW)
HOUR = 3_600_000_000
_numbers = itertools.count()


def bytes_of(text: str, size: int) -> bytes:
    return hashlib.shake_256(text.encode()).digest(size)


def check_row(id_: str | None = None, **other) -> CheckRow:
    id_ = f"chk_{next(_numbers):026d}" if id_ is None else id_
    fields = {
        "operator": "op",
        "scene": "counter",
        "outlet": "outlet-1",
        "kind": "parcel-send-counter",
        "state": "opened",
        "version": 1,
        "person": None,
        "opened_at": AT,
        "changed_at": AT,
        "expires_at": AT + HOUR,
        "leaf_key": b"\1\0\0\0\1" + bytes_of("key" + id_, 32),
        "body": b'{"state":"opened"}',
    }
    return CheckRow(id=id_, **(fields | other))


def leaf_row(check: str, number: int = 0, **other) -> LeafRow:
    fields = {
        "tag": "check:check:opened",
        "at": AT,
        "facts": b'{"scene":"counter"}',
        "leaf": bytes_of(f"leaf{check}{number}", 96),
    }
    return LeafRow(check=check, number=number, **(fields | other))


def person_row(name: str, **other) -> PersonRow:
    fields = {
        "operator": "op",
        "index_version": 1,
        "wrapped_key": bytes_of("wrapped" + name, 75),
        "sealed": bytes_of("sealed" + name, 200),
        "registered_at": AT,
        "last_seen_at": AT,
        "keep_until": AT + 24 * HOUR,
    }
    return PersonRow(person=bytes_of(name, 16), **(fields | other))


def consent_row(id_: str, check: str, **other) -> ConsentRow:
    fields = {
        "scene": "counter",
        "purpose": "face",
        "notice": "n" * 64,
        "device": "dev-1",
        "state": "given",
        "at": AT,
    }
    return ConsentRow(id=id_, check=check, **(fields | other))


def note(key: str, **other) -> Remembered:
    fields = {
        "client": "cli_1",
        "route": "/v1/checks",
        "digest": bytes_of("body", 32),
        "status": 201,
        "answer": b"{}",
        "at": AT,
    }
    return Remembered(key=key, **(fields | other))


def client_row(id_: str, **other) -> Client:
    fields = {
        "operator": "op",
        "name": "一号网点",
        "digest": bytes_of(id_, 32),
        "scopes": ("checks:read", "checks:write"),
        "created_at": AT,
    }
    return Client(id=id_, **(fields | other))


def pickup(name: str, **other) -> PickupCode:
    fields = {"scene": "locker", "parcel": "parcel-1", "expires_at": AT + HOUR}
    return PickupCode(digest=bytes_of(name, 32), **(fields | other))


def redemption(name: str) -> Redemption:
    return Redemption(bytes_of(name, 32), AT)


def opening(
    *, check: CheckRow | None = None, leaves: int | tuple[LeafRow, ...] = 1, **other
) -> Change:
    """A new check with so many leaves, or with these."""
    check = check_row() if check is None else check
    if isinstance(leaves, int):
        leaves = tuple(leaf_row(check.id, n) for n in range(leaves))
    holder = other.get("person") or other.get("seen")
    if isinstance(holder, PersonRow):
        other.setdefault("holder_key", holder.wrapped_key)
        if other.get("seen") is holder:
            other["seen"] = holder.person
    return Change(check=check, leaves=leaves, **other)
