"""Why sealed data may be opened, and the events that opening and shredding leave behind."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from liangming.errors import Misuse
from liangming.vault import codes
from liangming.vault.envelope import KeyRef
from liangming.vault.keys import OperatorKeys
from liangming.vault.redaction import Redacted

MAX_REASON: Final = 200

# Our own identifiers may stand in a reason although their bodies can hold digits in a row.
_CASE_ID: Final = re.compile(r"\b[a-z]{3}_[0-7][0-9a-hjkmnp-tv-z]{25}\b")
# Seven digits in a row, spaces and dashes aside: every telephone and document number has them.
_NUMBER: Final = re.compile(r"(?:\d[\s\-‐-―－]*){7}")


class Purpose(enum.StrEnum):
    """The closed list of purposes for which sealed personal data may be opened.

    Law: 个人信息保护法 6, 51(2) (purpose limitation; access by stated authority).
    """

    INSPECTION = "inspection"  # 监督检查: the authority's visit, within its mandate
    RIGHTS_REQUEST = "rights-request"  # 权利请求: the person asks for access, a copy, erasure
    CORRECTION = "correction"  # 更正
    STATUTORY_REPORT = "statutory-report"  # 依法报送
    DISPUTE = "dispute"  # 投诉与争议
    DRILL = "drill"  # 恢复演练: proving that a restored backup opens


@dataclass(frozen=True, slots=True, repr=False)
class Opened(Redacted):
    """Somebody saw plaintext. The caller stores it in the same commit as what it did with it.

    Attributes:
        actor: id of the account that asked; never a person's name.
        person: the person's key bytes, as given.
        record: the kind of record.
        fields: names of the fields that were handed out, never their values.
        purpose: from the closed list.
        reason: why now, without personal data.
        at: when.
    """

    actor: str
    person: bytes
    record: str
    fields: tuple[str, ...]
    purpose: Purpose
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class Shredded(Redacted):
    """A person's key was deleted from the live store; copies die with its bucket's generation.

    Attributes:
        person: the person's key bytes, as given; drop it when the proof no longer needs it.
        ref: the keys that wrapped the person's key.
        actor: id of the account, or of the retention duty, that asked.
        at: when.

    Law: 个人信息保护法 47.
    """

    person: bytes
    ref: KeyRef
    actor: str
    at: datetime

    def is_final(self, keys: OperatorKeys) -> bool:
        """Whether these keys can no longer unwrap any copy of the person's key.

        True of the only living ring means: no copy of the record, in any backup, can be read.
        It says nothing about older copies of the key file; those must be gone too.
        """
        if self.ref.bucket >= len(keys.buckets):
            return False  # another ring, or an older one: nothing is proven
        return keys.buckets[self.ref.bucket][0].generation > self.ref.generation


def state_reason(purpose: Purpose, reason: str, actor: str) -> None:
    """Hold back an opening whose why or who is missing.

    Checked before anything is decrypted, and never against the plaintext: a comparison would
    tell a guesser whether the guess was right without leaving an event.

    Raises:
        Misuse: ``vault.purpose-required``, ``vault.reason-required``, ``vault.reason-personal``.
    """
    if not isinstance(purpose, Purpose):
        raise Misuse(codes.PURPOSE_REQUIRED)
    if not reason.strip() or len(reason) > MAX_REASON or not actor.strip():
        raise Misuse(codes.REASON_REQUIRED)
    if _NUMBER.search(_CASE_ID.sub("", reason)):
        raise Misuse(codes.REASON_PERSONAL)
