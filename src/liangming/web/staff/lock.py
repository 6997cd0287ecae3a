"""The idle lock of a shared counter: a session that nobody used is closed until its owner is back."""

from __future__ import annotations

from collections.abc import MutableMapping
from datetime import datetime
from typing import Any, Final

SEEN: Final = "seen"
LOCKED: Final = "locked"
_RECORDS: Final = "account_authentication_methods"
Session = MutableMapping[str, Any]


def seen(session: Session, at: datetime) -> None:
    """A page was asked for."""
    session[SEEN] = at.timestamp()


def lock(session: Session, at: datetime) -> None:
    """Lock now."""
    session[LOCKED] = at.timestamp()


def locked(session: Session, at: datetime, idle: int) -> bool:
    """Whether the session is locked; locks it when it was idle, unlocks it after a new proof.

    Args:
        session: of a signed-in member.
        at: now.
        idle: seconds that a session may stand unused.
    """
    since = session.get(LOCKED)
    last = session.get(SEEN)
    if since is None and last is not None and at.timestamp() - last > idle:
        session[LOCKED] = since = last + idle
    if since is None:
        return False
    proofs = [r["at"] for r in session.get(_RECORDS, []) if r.get("reauthenticated")]
    if proofs and max(proofs) > since:
        del session[LOCKED]
        return False
    return True
