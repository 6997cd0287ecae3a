"""Believe a receipt, or refuse: with the file and the log's public key, and nothing else.

In this order: 1 the signed head → 2 each event's leaf leads to it → 3 what each leaf opens →
4 all events are of the one check, none is missing → 5 each notice is one that an event names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from liangming.check import events as kinds
from liangming.check.receipt.camera import Seen, camera_of
from liangming.check.receipt.codes import EVENTS_MISSING, MALFORMED, NOTICE_DIFFERS, OTHER_CHECK
from liangming.check.receipt.file import Part, Receipt
from liangming.errors import Misuse, Refusal
from liangming.ledger import (
    Checkpoint,
    LogProof,
    Trust,
    encode_disclosure,
    leaf_of_disclosure,
    open_checkpoint,
    verify_disclosure,
    verify_proof,
)
from liangming.ledger.events import OWN_FIELDS
from liangming.ledger.leaf import FactValue
from liangming.notice import Notice

OUTCOMES: Final = frozenset(
    kind.tag for kind in (kinds.PASSED, kinds.REFUSED, kinds.EXPIRED, kinds.ABANDONED)
)
ABOUT_CONSENT: Final = frozenset(
    kind.tag
    for kind in (
        kinds.OPENED,
        kinds.FACE_NOTICE_SHOWN,
        kinds.CONSENT_GIVEN,
        kinds.CONSENT_WITHDRAWN,
        kinds.DECLINED,
    )
)


@dataclass(frozen=True, slots=True)
class ProvenEvent:
    """An event that is in the log as told."""

    index: int
    tag: str
    at: int  # µs since 1970, UTC
    facts: Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class ProvenReceipt:
    """What a receipt proved.

    Attributes:
        check: the check.
        part: which events it shows.
        checkpoint: the signed head that all of it leads to.
        events: in order.
        notices: the notices that were shown, by digest.
        finished: the last event is an outcome.
    """

    check: str
    part: Part
    checkpoint: Checkpoint
    events: tuple[ProvenEvent, ...]
    notices: Mapping[str, Notice]

    @property
    def camera(self) -> Seen:
        """What is proven about cameras."""
        return camera_of((event.tag, event.facts) for event in self.events)

    @property
    def finished(self) -> bool:
        """Whether an outcome is among the events."""
        return any(event.tag in OUTCOMES for event in self.events)


def verify_receipt(receipt: Receipt, trust: Trust) -> ProvenReceipt:
    """What a receipt proves.

    Args:
        receipt: as read.
        trust: whose signatures count.

    Raises:
        Refusal, Misuse: the first thing that does not hold, by its own code.
    """
    note = receipt.checkpoint.encode()
    checkpoint = open_checkpoint(note, trust)  # 1
    proven = []
    for number, entry in enumerate(receipt.events):
        leaf = leaf_of_disclosure(entry.disclosure)
        verify_proof(LogProof(entry.index, entry.path, note), leaf=leaf, trust=trust)  # 2
        facts = verify_disclosure(entry.disclosure, leaf)  # 3
        proven.append(_event(receipt, entry.index, facts, number))  # 4
    if not proven or proven[0].tag != kinds.OPENED.tag:
        raise Refusal(EVENTS_MISSING)
    if any(event.tag in OUTCOMES for event in proven[:-1]):
        raise Refusal(EVENTS_MISSING)  # a check ends once, with its last event
    if receipt.part is Part.CONSENT and not {event.tag for event in proven} <= ABOUT_CONSENT:
        raise Refusal(EVENTS_MISSING)
    return ProvenReceipt(
        receipt.check, receipt.part, checkpoint, tuple(proven), _notices(receipt, proven)
    )


def tlog_proofs(receipt: Receipt) -> list[bytes]:
    """Each event of a receipt as a ``.tlog-proof`` file, which software of others reads."""
    return [
        LogProof(
            entry.index,
            entry.path,
            receipt.checkpoint.encode(),
            encode_disclosure(entry.disclosure),
        ).encode()
        for entry in receipt.events
    ]


def _event(
    receipt: Receipt, index: int, facts: Mapping[str, FactValue], number: int
) -> ProvenEvent:
    tag, at, check, seq = (facts.get(name) for name in ("tag", "at", "check", "seq"))
    if check != receipt.check:
        raise Refusal(OTHER_CHECK)
    if not isinstance(tag, str) or not isinstance(at, int) or not isinstance(seq, int):
        raise Refusal(EVENTS_MISSING)
    first_or_next = seq == number if receipt.part is Part.CHECK or number == 0 else seq >= number
    if not first_or_next:
        raise Refusal(EVENTS_MISSING)
    told = {name: value for name, value in facts.items() if name not in OWN_FIELDS}
    return ProvenEvent(index, tag, at, told)


def _notices(receipt: Receipt, proven: list[ProvenEvent]) -> dict[str, Notice]:  # 5
    named = {event.facts["notice"] for event in proven if "notice" in event.facts}
    shown: dict[str, Notice] = {}
    for text in receipt.notices:
        digest = hashlib.sha256(text.encode()).hexdigest()
        if digest not in named:
            raise Refusal(NOTICE_DIFFERS)
        try:
            shown[digest] = msgspec.json.decode(text.encode(), type=Notice)
        except msgspec.DecodeError:
            raise Misuse(MALFORMED) from None
    return shown
