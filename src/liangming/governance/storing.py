"""A duty's record and the leaf of each of its moves: what assessments, incidents and the like share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from liangming.check.desk import leaf_of
from liangming.check.ports import LeafRow
from liangming.check.premises import Premises
from liangming.clock import micros
from liangming.docket import Record, leaf_keys
from liangming.ledger import Event
from liangming.ledger.events import EventKind


@dataclass(frozen=True, slots=True)
class Deed:
    """One move as the log will have it.

    Attributes:
        kind: a declared event.
        facts: codes, ids and numbers.
        at: now.
        number: how many events the record had before.
    """

    kind: EventKind
    facts: Mapping[str, Any]
    at: datetime
    number: int


def fresh(  # noqa: PLR0917  (the columns of a record)
    premises: Premises, kind: str, record_id: str, operator: str, about: str, at: datetime
) -> Record:
    """A record that is not stored yet; its first move makes it version 1."""
    return Record(
        id=record_id,
        kind=kind,
        operator=operator,
        about=about,
        state="",
        version=0,
        opened_at=micros(at),
        changed_at=micros(at),
        due_at=None,
        keep_until=None,
        leaf_key=leaf_keys.lasting(premises, record_id).kept,
        body=b"",
    )


async def moved(
    premises: Premises,
    row: Record,
    state: str,
    body: Any,
    deed: Deed,
    *,
    due: datetime | None = None,
    keep: datetime | None = None,
) -> tuple[Record, LeafRow]:
    """The record after a move, and the leaf that it leaves.

    Args:
        premises: the house.
        row: as read, or fresh.
        state: its new state.
        body: what is kept, without personal data.
        deed: what happened.
        due: when its next step is due.
        keep: when the record goes; None while it is open.
    """
    key = await leaf_keys.again(premises, row)
    stored = msgspec.structs.replace(
        row,
        state=state,
        version=row.version + 1,
        changed_at=micros(deed.at),
        due_at=micros(due) if due is not None else None,
        keep_until=micros(keep) if keep is not None else None,
        body=msgspec.json.encode(body),
    )
    event = Event(deed.kind.tag, micros(deed.at), row.id, dict(deed.facts))
    return stored, leaf_of(event, key.key, deed.number)
