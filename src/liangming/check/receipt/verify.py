"""Believe a receipt, or refuse: with the file and the log's public key, and nothing else.

In this order: 1 the signed head → 2 each event's leaf leads to it → 3 what each leaf opens →
4 all events are of the one check, none is missing → 5 each notice is one that an event names →
6 each device's counts are signed by the key that the operator enrolled for it, and are leaves too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import msgspec

from liangming.check import events as kinds
from liangming.check.counters import COUNTED, ENROLLED
from liangming.check.receipt.camera import Seen, camera_of, count_of
from liangming.check.receipt.codes import (
    COUNT_DIFFERS,
    EVENTS_MISSING,
    MALFORMED,
    NOTICE_DIFFERS,
    OTHER_CHECK,
)
from liangming.check.receipt.file import Count, Entry, Part, Receipt
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
from liangming.ledger.device import read_event, read_key_text, verify_event
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
        counted: for each device whose signed counts are in it, what they say of the check.
    """

    check: str
    part: Part
    checkpoint: Checkpoint
    events: tuple[ProvenEvent, ...]
    notices: Mapping[str, Notice]
    counted: Mapping[str, Seen | None] = field(default_factory=dict)

    @property
    def camera(self) -> Seen:
        """What is proven about cameras."""
        return camera_of(((event.tag, event.facts) for event in self.events), self.counted)

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
        receipt.check,
        receipt.part,
        checkpoint,
        tuple(proven),
        _notices(receipt, proven),
        dict(_count(receipt, count, proven, trust) for count in receipt.counts),  # 6
    )


def _count(
    receipt: Receipt, count: Count, proven: list[ProvenEvent], trust: Trust
) -> tuple[str, Seen | None]:  # 6
    """A device's counts, believed as far as its enrolled key goes.

    Raises:
        Refusal: ``check.receipt-count-differs``; codes of proofs and disclosures.
    """
    named = _leaf(receipt, count.enrolled, trust)
    digest = hashlib.sha256(read_key_text(count.key).public_bytes_raw()).hexdigest()
    if (named.get("tag"), named.get("device"), named.get("key")) != (
        ENROLLED,
        count.device,
        digest,
    ):
        raise Refusal(COUNT_DIFFERS)
    lines = []
    for each in count.lines:
        event = read_event(each.line.encode())
        verify_event(event, read_key_text(count.key))
        told = {**event.facts, "at": event.at, "check": event.device, "seq": event.seq}
        leaf = _leaf(receipt, each.leaf, trust)
        if event.device != count.device or leaf != {**told, "tag": COUNTED}:
            raise Refusal(COUNT_DIFFERS)
        lines.append(event)
    finished = proven[-1].tag in OUTCOMES
    since, until = proven[0].at, proven[-1].at
    said = count_of(lines, receipt.check, since, until) if finished else None
    return count.device, said


def _leaf(receipt: Receipt, entry: Entry, trust: Trust) -> dict[str, FactValue]:
    """A leaf beside the check's own, proven and opened."""
    leaf = leaf_of_disclosure(entry.disclosure)
    note = receipt.checkpoint.encode()
    verify_proof(LogProof(entry.index, entry.path, note), leaf=leaf, trust=trust)
    return dict(verify_disclosure(entry.disclosure, leaf))


def tlog_proofs(receipt: Receipt) -> list[bytes]:
    """Each event of a receipt as a ``.tlog-proof`` file, which software of others reads."""
    return [
        LogProof(
            entry.index,
            entry.path,
            receipt.checkpoint.encode(),
            encode_disclosure(entry.disclosure),
        ).encode()
        for entry in (
            *receipt.events,
            *(each.enrolled for each in receipt.counts),
            *(line.leaf for each in receipt.counts for line in each.lines),
        )
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
