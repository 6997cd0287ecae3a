"""The idle lock and the rule of two, without a browser."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from liangming.web.staff.lock import lock, locked, seen
from liangming.web.staff.roles import AT_THE_DESK, RISKY, Role

NOON = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)


def test_a_session_locks_when_it_stood_unused_and_not_before():
    session: dict[str, Any] = {}
    seen(session, NOON)
    assert not locked(session, NOON + timedelta(seconds=300), 300)
    assert locked(session, NOON + timedelta(seconds=301), 300)
    assert locked(session, NOON, 300)  # a clock that goes back opens nothing


def test_only_a_new_proof_of_its_owner_opens_it():
    session: dict[str, Any] = {"account_authentication_methods": []}
    seen(session, NOON)
    lock(session, NOON)
    old = {"at": (NOON - timedelta(seconds=1)).timestamp(), "reauthenticated": True}
    first = {"at": (NOON + timedelta(seconds=9)).timestamp()}  # a sign-in is no confirmation
    session["account_authentication_methods"] = [old, first]
    assert locked(session, NOON + timedelta(seconds=10), 300)
    new = {"at": (NOON + timedelta(seconds=9)).timestamp(), "reauthenticated": True}
    session["account_authentication_methods"].append(new)
    assert not locked(session, NOON + timedelta(seconds=10), 300)


def test_who_gives_rights_does_not_use_them():
    assert frozenset() == AT_THE_DESK & RISKY
    assert set(Role) == AT_THE_DESK | RISKY
