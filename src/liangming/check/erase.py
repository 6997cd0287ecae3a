"""Erase what was registered about a person: when its time is over, or when the person asks.

1 ask the law whether it may still be kept      nothing happened yet
2 one transaction: the person's key, the sealed record, the index and the leaf keys of their
  checks go; the evidence that this was done comes. A crash leaves all of it or nothing.

From then on the live database cannot read the person. A backup made before still holds the
wrapped key: what it takes to close that as well is in ``docs/adr/0004-vault.md``.
"""

from __future__ import annotations

import enum
from collections.abc import Awaitable, Callable, Collection, Sequence
from datetime import datetime
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from liangming import ids
from liangming.check import events
from liangming.check.desk import leaf_of
from liangming.check.ports import LeafRow, PersonRow
from liangming.check.premises import Premises
from liangming.clock import china_date, from_micros, micros
from liangming.law.words import Question
from liangming.ledger import Event
from liangming.ledger.leaf import KEY_BYTES
from liangming.rules import Refused

ERASURE: Final = "era"  # names an erasure in the log; says nothing of whom
RETENTION: Final = "retention"  # the actor when nobody asked and the day has come

_LABEL: Final = b"liangming/check/erasure-leaf/1\x00"


Holds = Callable[[Sequence[bytes]], Awaitable[Collection[bytes]]]
"""Which of these persons the law keeps beyond their day."""


class Why(enum.StrEnum):
    """Why a registration was erased.

    Law: pipl.47
    """

    TERM_OVER = "term-over"  # 保存期限届满
    ASKED = "asked"  # 本人要求


async def erase_person(
    premises: Premises,
    person: bytes,
    why: Why,
    actor: str,
    *,
    due: datetime | None = None,
    leaf: LeafRow | None = None,
) -> bool:
    """Erase one person's registration and leave evidence of it.

    Args:
        person: the keyed index.
        why: from the closed list.
        actor: id of the account, or of the duty, that asks.
        due: erase only if retention is over at this moment; always when absent.
        leaf: the evidence, where the caller has named the erasure before.

    Returns:
        False if nobody is registered there, or retention was prolonged meanwhile.

    Law: pipl.47
    """
    left = leaf or erasure_leaf(premises, why, actor, premises.clock.now())
    return await premises.store.erase(person, [left], due=None if due is None else micros(due))  # 2


def erasure_leaf(premises: Premises, why: Why, actor: str, at: datetime) -> LeafRow:
    """The evidence of one erasure, under an id of its own that says nothing of whom."""
    erasure = ids.new(ERASURE, at)
    left = Event(events.ERASED.tag, micros(at), erasure, {"why": why.value, "actor": actor})
    return leaf_of(left, leaf_key(premises.keys.leaf, erasure), 0)


async def erase_due(
    premises: Premises, at: datetime, limit: int = 100, *, holds: Holds | None = None
) -> int:
    """Erase whose retention is over, as far as the law does not hold them; returns how many.

    Safe to repeat and to run twice at once. A sender who returned since they were read has a
    later day, and stays.

    Args:
        limit: how many are looked at; above the number of persons held, or none may be reached.
        holds: who is kept by law; nobody when absent.

    Law: pipl.47, pipl.19
    """
    gone = 0
    while await premises.store.postpone(at):
        continue
    due = await premises.store.due_for_erasure(at, limit)
    held = await holds([row.person for row in due]) if holds is not None and due else ()
    for row in due:
        if _must_go(premises, row, at, held=row.person in held):  # 1
            gone += await erase_person(premises, row.person, Why.TERM_OVER, RETENTION, due=at)
    return gone


def leaf_key(secret: bytes, erasure: str) -> bytes:
    """The leaf key of one erasure.

    An erasure outlives the keys of the person's checks, so its leaf is salted from the operator's
    secret: the operator can open it later, and nobody else can guess at it.

    Args:
        secret: ``OperatorKeys.leaf``.
        erasure: id of the erasure; each has a key of its own.
    """
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=_LABEL + erasure.encode()).derive(secret)


def _must_go(premises: Premises, row: PersonRow, at: datetime, *, held: bool) -> bool:
    kept = at - from_micros(row.registered_at)
    verdict = premises.decisions.ask(
        Question.RETAIN,
        {
            "retention_kind": "identity",
            "days_kept": max(kept.days, 0),
            "purpose_done": True,
            "legal_hold": held,
        },
        on=china_date(at),
    )
    return isinstance(verdict, Refused)
