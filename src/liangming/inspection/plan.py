"""The plan of a packet: everything that the two approve, before anything is handed out.

It says exactly what will be opened and follows from log, mandate and secret alone, so a verifier
computes it again from the packet. Approvals sign its digest.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import msgspec

from liangming.errors import Misuse, Refusal
from liangming.inspection.codes import (
    APPROVAL_MISSING,
    APPROVAL_SAME,
    APPROVAL_STRANGER,
    APPROVAL_WRONG,
    PLAN_MALFORMED,
    PLAN_OTHER,
)
from liangming.inspection.mandate import LEAST_APPROVERS, Mandate
from liangming.inspection.people import Role, approval_text
from liangming.ledger.note import Note, read_note

FORMAT: Final = "liangming-packet-plan/1"
LARGEST: Final = 4 << 20


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a packet will hold.

    Attributes:
        mandate: digest of the mandate.
        begin: place of the first leaf of the census.
        end: the place after its last, which is the mandate's registration.
        peaks: perfect subtrees before ``begin``, largest first; empty when it begins at 0.
        root: of the log of ``end`` leaves, hex.
        consistency: that this log is a beginning of the signed one.
        checkpoint: the signed head, with the cosignatures it had.
        secret: the inspector's, hex; shown from now on.
        seed: hex.
        in_scope, outside, before: checks in scope, out of scope, opened before the range.
        erased: leaves whose key is gone; what they said cannot be known.
        erased_since: leaves among them whose key went after the registration had counted them.
        erasures: erasures of persons in the range.
        others: leaves that belong to no check, by tag.
        sample: place and id of each check drawn, in the order drawn.
        notices: digests of the notices in the packet.
        notices_gone: digests of notices that were shown and whose text is no longer held.
        rules: digest of the articles and rules of the program that made it, hex.
    """

    format: str
    mandate: str
    begin: int
    end: int
    peaks: tuple[bytes, ...]
    root: str
    consistency: tuple[bytes, ...]
    checkpoint: str
    secret: str
    seed: str
    in_scope: int
    outside: int
    before: int
    erased: int
    erased_since: int
    erasures: int
    others: dict[str, int]
    sample: tuple[tuple[int, str], ...]
    notices: tuple[str, ...]
    notices_gone: tuple[str, ...]
    rules: str

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical form, hex: what is approved."""
        return hashlib.sha256(encode_plan(self)).hexdigest()


_encode = msgspec.json.Encoder(order="sorted").encode


def encode_plan(plan: Plan) -> bytes:
    """The canonical form."""
    return _encode(plan)


def decode_plan(data: bytes) -> Plan:
    """The inverse of :func:`encode_plan`; any other spelling is refused.

    Raises:
        Misuse: ``inspection.plan-malformed``.
    """
    try:
        plan = msgspec.json.decode(data, type=Plan)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Misuse(PLAN_MALFORMED) from None
    if plan.format != FORMAT or encode_plan(plan) != data:
        raise Misuse(PLAN_MALFORMED)
    return plan


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's good approval of one plan."""

    person: str
    role: Role
    key_id: str
    note: bytes


@dataclass(frozen=True, slots=True)
class FourEyes:
    """Two people's approvals of one plan; there is no other way to make one than :func:`approved`.

    Whatever hands a packet out takes this, so it cannot be forgotten.
    """

    plan: Plan
    first: Approval
    second: Approval

    def __post_init__(self) -> None:
        """Two approvals by one person are one."""
        if self.first.person == self.second.person:
            raise Refusal(APPROVAL_SAME)


def approved(mandate: Mandate, plan: Plan, notes: tuple[bytes, ...]) -> FourEyes:
    """Hold approvals against mandate and plan.

    Raises:
        Refusal: ``inspection.plan-other-mandate``, ``inspection.approval-missing``,
            ``inspection.approval-stranger``, ``inspection.approval-wrong``,
            ``inspection.approval-same-person``.
        Misuse: ``ledger.note-malformed``.
    """
    if plan.mandate != mandate.digest:
        raise Refusal(PLAN_OTHER)
    if len(notes) < LEAST_APPROVERS:
        raise Refusal(APPROVAL_MISSING)
    first, second, *_ = [approval_of(mandate, plan.digest, note) for note in notes]
    return FourEyes(plan, first, second)


def approval_of(mandate: Mandate, plan_digest: str, data: bytes) -> Approval:
    """One approval, if it is by a listed person for this plan.

    Raises:
        Refusal: ``inspection.approval-stranger``, ``inspection.approval-wrong``.
        Misuse: ``ledger.note-malformed``.
    """
    note = read_note(data)
    [line, *more] = note.signatures
    listed = mandate.keys().get(line.name)
    if listed is None or not listed[1].made(line):
        raise Refusal(APPROVAL_STRANGER)
    each, key = listed
    if more or note.text != approval_text(plan_digest, each.role):
        raise Refusal(APPROVAL_WRONG)
    if key.verifies(note.text, line) is None or Note(note.text, (line,)).encode() != data:
        raise Refusal(APPROVAL_WRONG)
    return Approval(each.person, each.role, line.key_id.hex(), data)
