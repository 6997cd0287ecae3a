"""Who approves a packet: an Ed25519 key for each person, and a role. Accounts come later.

A key file holds the secret half, under a passphrase if its person wishes, and stays with them (mode
0600); the mandate lists the public half. An approval is a signed note over the digest of a plan, so that it fits one packet only.
"""

from __future__ import annotations

import base64
import enum
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import msgspec

from liangming.errors import Misuse
from liangming.inspection.codes import PASSPHRASE_NEEDED, PEOPLE_KEY_MALFORMED
from liangming.ledger import KeyKind, SigningKey
from liangming.ledger.keys import SEED_BYTES
from liangming.ledger.note import Note
from liangming.vault.passphrase import Locked, lock, unlock
from liangming.vault.redaction import Redacted

LARGEST_KEY: Final = 4096
_FORMAT: Final = "liangming-approver/1"
_LOCKED: Final = "liangming-approver/2"  # under a passphrase
_PERSON: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,62}")
_TEXT: Final = "liangming/inspection/approval/1\n{digest}\n{role}\n"


class Role(enum.StrEnum):
    """On whose behalf a person approves."""

    AUTHORITY = "authority"  # 检查机关
    OPERATOR = "operator"  # 企业


class _KeyFile(
    Redacted, msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True
):
    format: str
    person: str
    role: Role
    seed: str = ""
    locked: Locked | None = None


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

    def encode(self, passphrase: str = "") -> bytes:
        """The key file.

        Args:
            passphrase: under which the secret half is put; it stands there plain without one.

        Raises:
            Misuse: ``vault.passphrase-unfit``.
        """
        if passphrase:
            locked = lock(self.key.seed, passphrase, _about(self.person, self.role))
            file = _KeyFile(_LOCKED, self.person, self.role, locked=locked)
        else:
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


def read_approver(data: bytes, passphrase: Callable[[], str] | None = None) -> Approver:
    """Read a key file.

    Args:
        data: the file.
        passphrase: asked for one, where the file is under one.

    Raises:
        Misuse: ``inspection.approver-key-malformed``; ``inspection.passphrase-needed``.
        Refusal: ``vault.passphrase-wrong``.
    """
    try:
        file = msgspec.json.decode(data, type=_KeyFile)
        if file.format == _LOCKED and file.locked is not None and not file.seed:
            if passphrase is None:
                raise Misuse(PASSPHRASE_NEEDED, field="passphrase")
            about = _about(file.person, file.role)
            return _approver(file.person, file.role, unlock(file.locked, passphrase(), about))
        seed = base64.b64decode(file.seed, validate=True)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError):
        raise Misuse(PEOPLE_KEY_MALFORMED) from None
    if file.format != _FORMAT or file.locked is not None:
        raise Misuse(PEOPLE_KEY_MALFORMED)
    return _approver(file.person, file.role, seed)


def is_person(text: str) -> bool:
    """Whether a text may name an approver."""
    return _PERSON.fullmatch(text) is not None


def approval_text(plan_digest: str, role: Role) -> str:
    """What an approver signs; it can be no checkpoint, whose second line is a number."""
    return _TEXT.format(digest=plan_digest, role=role.value)


def _about(person: str, role: Role) -> bytes:
    return f"{_LOCKED}\x00{person}\x00{role.value}".encode()


def _approver(person: str, role: Role, seed: bytes) -> Approver:
    if not is_person(person) or len(seed) != SEED_BYTES:
        raise Misuse(PEOPLE_KEY_MALFORMED)
    return Approver(person, role, SigningKey(KeyKind.LOG_ED25519, person, seed))
