"""Who approves a packet: an Ed25519 key for each person, and a role. Accounts come later.

A key file holds the secret half and stays with its person (mode 0600); the mandate lists the public
half. An approval is a signed note over the digest of a plan, so that it fits one packet only.
"""

from __future__ import annotations

import base64
import enum
import re
import secrets
from dataclasses import dataclass
from typing import Final

import msgspec

from liangming.errors import Misuse
from liangming.inspection.codes import PEOPLE_KEY_MALFORMED
from liangming.ledger import KeyKind, SigningKey
from liangming.ledger.keys import SEED_BYTES
from liangming.ledger.note import Note

LARGEST_KEY: Final = 4096
_FORMAT: Final = "liangming-approver/1"
_PERSON: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,62}")
_TEXT: Final = "liangming/inspection/approval/1\n{digest}\n{role}\n"


class Role(enum.StrEnum):
    """On whose behalf a person approves."""

    AUTHORITY = "authority"  # 检查机关
    OPERATOR = "operator"  # 企业


class _KeyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: str
    person: str
    role: Role
    seed: str


@dataclass(frozen=True, slots=True)
class Approver:
    """A person with the secret half of their key."""

    person: str
    role: Role
    key: SigningKey

    def approve(self, plan_digest: str) -> bytes:
        """The approval of a plan: a signed note."""
        text = approval_text(plan_digest, self.role)
        return Note(text, (self.key.sign(text, 0),)).encode()

    def encode(self) -> bytes:
        """The key file."""
        seed = base64.b64encode(self.key.seed).decode()
        file = _KeyFile(_FORMAT, self.person, self.role, seed)
        return msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n"


def new_approver(person: str, role: Role) -> Approver:
    """A new key for a person.

    Args:
        person: a short name or badge number in lower case, the same in every mandate.
        role: on whose behalf they approve.

    Raises:
        Misuse: ``inspection.approver-key-malformed``: the name cannot name a key.
    """
    return _approver(person, role, secrets.token_bytes(SEED_BYTES))


def read_approver(data: bytes) -> Approver:
    """Read a key file.

    Raises:
        Misuse: ``inspection.approver-key-malformed``.
    """
    try:
        file = msgspec.json.decode(data, type=_KeyFile)
        seed = base64.b64decode(file.seed, validate=True)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError):
        raise Misuse(PEOPLE_KEY_MALFORMED) from None
    if file.format != _FORMAT:
        raise Misuse(PEOPLE_KEY_MALFORMED)
    return _approver(file.person, file.role, seed)


def is_person(text: str) -> bool:
    """Whether a text may name an approver."""
    return _PERSON.fullmatch(text) is not None


def approval_text(plan_digest: str, role: Role) -> str:
    """What an approver signs; it can be no checkpoint, whose second line is a number."""
    return _TEXT.format(digest=plan_digest, role=role.value)


def _approver(person: str, role: Role, seed: bytes) -> Approver:
    if not is_person(person) or len(seed) != SEED_BYTES:
        raise Misuse(PEOPLE_KEY_MALFORMED)
    return Approver(person, role, SigningKey(KeyKind.LOG_ED25519, person, seed))
