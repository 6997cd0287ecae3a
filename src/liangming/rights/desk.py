"""The desk where requests come in, and how a move of a request becomes durable.

Crash story: a request is durable before anything is done about it. What it asks is done before it
is marked answered; a crash in between leaves an open request with its day, which is done again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import msgspec

from liangming import ids
from liangming.check.desk import leaf_of
from liangming.check.ports import LeafRow
from liangming.check.premises import Premises
from liangming.clock import china_date, micros
from liangming.docket import Record, Records, leaf_keys
from liangming.docket.leaf_keys import LeafKey
from liangming.errors import Misuse
from liangming.law.values import identity_retention_ceiling_days
from liangming.method import AttemptLimiter
from liangming.rights import faults, states
from liangming.rights.moves import Moved
from liangming.rights.ports import ErasureFile, MemoryErasures
from liangming.vault import Binding, Purpose

KIND: Final = "right"
OWNER: Final = "rights-desk"  # 信息权利岗
REVIEWER: Final = "privacy-officer"  # 个人信息保护负责人
PERSON: Final = "person"  # the actor when the person did it on their own page

_PURPOSE: Final = "rights-request"
_WORDS: Final = "words"


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsDesk:
    """Everything a request needs around it.

    Attributes:
        erasures: the file that is replayed after a restore.
        origin: the log's name, by which certificates are signed.
        tries: how often a wrong document may be entered for one receipt.
        watch: reads the newest result of the daily audit (``docs/spec/watch.md``); empty when
            there is none. The board of duties asks each time.
        approvals: which looks at a registered record take a second person (``looks.needs``).
    """

    premises: Premises
    docket: Records
    erasures: ErasureFile = field(default_factory=MemoryErasures)
    origin: str = "liangming.local/log"
    tries: AttemptLimiter = field(
        default_factory=lambda: AttemptLimiter(failures=5, window=timedelta(minutes=10))
    )
    watch: Callable[[], bytes] = bytes
    approvals: frozenset[str] = frozenset()


class Held(msgspec.Struct, frozen=True):
    """A request as read: its record and its state."""

    row: Record
    state: states.State


async def held(desk: RightsDesk, request: str) -> Held:
    """Read a request.

    Raises:
        Misuse: ``rights.request-unknown``.
    """
    row = await desk.docket.get(request) if ids.is_id(ids.REQUEST, request) else None
    if row is None or row.kind != KIND:
        raise Misuse(faults.UNKNOWN)
    return Held(row, states.decode(row.body))


async def requests_of(desk: RightsDesk, check: str) -> list[states.State]:
    """The requests made with one receipt, oldest first."""
    return [states.decode(row.body) for row in await desk.docket.about(KIND, check)]


async def new_record(desk: RightsDesk, moved: Moved, words: str) -> tuple[Record, list[LeafRow]]:
    """A new request with its first leaf; what was written is sealed under a key of its own."""
    about = moved.state.about
    wrapped, sealed = b"", b""
    if words:
        own = desk.premises.vault.new_person_key(about.id.encode())
        wrapped, sealed = (
            own.wrapped,
            desk.premises.vault.seal_fields(own, _binding(about.id), {_WORDS: words}),
        )
    key = await leaf_keys.of_check(desk.premises, about.id, about.check)
    row = Record(
        id=about.id,
        kind=KIND,
        operator=about.operator,
        about=about.check,
        state="",
        version=0,
        opened_at=micros(about.asked_at),
        changed_at=micros(about.asked_at),
        due_at=None,
        keep_until=None,
        leaf_key=key.kept,
        body=b"",
        wrapped_key=wrapped,
        sealed=sealed,
    )
    return moved_record(row, 0, moved, about.asked_at, key)


def moved_record(
    row: Record, events_before: int, moved: Moved, at: datetime, key: LeafKey
) -> tuple[Record, list[LeafRow]]:
    """The record and leaves of one move.

    A closed request has no next step. It goes when the ceiling for identity records has passed;
    words about a correction go at once, for the register says now what is right.
    """
    state = moved.state
    closed = isinstance(state, (states.Answered, states.Refused, states.TakenBack))
    days = identity_retention_ceiling_days.at(china_date(at))
    correction = closed and state.about.right.value == "correct"
    leaves = [leaf_of(e, key.key, events_before + n) for n, e in enumerate(moved.events)]
    return (
        msgspec.structs.replace(
            row,
            state=states.tag(state),
            version=row.version + 1,
            changed_at=micros(at),
            due_at=None if closed else micros(state.due.at),
            keep_until=micros(at + timedelta(days=days)) if closed else None,
            leaf_key=key.kept,
            body=states.encode(state),
            wrapped_key=b"" if correction else row.wrapped_key,
            sealed=b"" if correction else row.sealed,
        ),
        leaves,
    )


async def move(
    desk: RightsDesk,
    before: Held,
    moved: Moved,
    at: datetime,
    *,
    beside: Sequence[Record] = (),
    leaves: Sequence[LeafRow] = (),
) -> states.State:
    """Make a move durable, together with other records, and return the new state."""
    key = await leaf_keys.again(desk.premises, before.row)
    row, left = moved_record(before.row, before.state.events, moved, at, key)
    await desk.docket.commit([row, *beside], [*left, *leaves])
    return moved.state


def words_of(desk: RightsDesk, row: Record, actor: str, at: datetime) -> str:
    """What was written; the caller has made the opening durable.

    Raises:
        Refusal: the key is gone, or the bytes were altered.
    """
    if not row.wrapped_key:
        return ""
    vault = desk.premises.vault
    key = vault.unwrap(row.wrapped_key, row.id.encode())
    fields, _ = vault.open_fields(
        key,
        _binding(row.id),
        row.sealed,
        purpose=Purpose.RIGHTS_REQUEST,
        reason=row.id,
        actor=actor,
        at=at,
    )
    return fields.get(_WORDS, "")


def _binding(request: str) -> Binding:
    return Binding(request.encode(), _PURPOSE, _WORDS)
