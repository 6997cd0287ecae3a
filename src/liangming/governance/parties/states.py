"""A processor or recipient as stored. Names of companies, never of persons."""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Final

import msgspec

from liangming.docket import Record
from liangming.scene.model import Text

KIND: Final = "party"
PARTY_ID: Final = "pty"


class Role(enum.StrEnum):
    """What it is to the operator."""

    PROCESSOR = "processor"  # 受托处理
    RECIPIENT = "recipient"  # 接收方（另一处理者）


class Stage(enum.StrEnum):
    """Where it stands."""

    PROPOSED = "proposed"
    IN_FORCE = "in-force"
    ENDED = "ended"


ROLES: Final = {
    Role.PROCESSOR: Text("受托处理", "processes on our behalf"),
    Role.RECIPIENT: Text("接收个人信息", "receives personal data"),
}
STAGES: Final = {
    Stage.PROPOSED: Text("等待另一人批准", "waits for a second person"),
    Stage.IN_FORCE: Text("合同有效", "under contract"),
    Stage.ENDED: Text("已结束", "ended"),
}


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What was agreed.

    Attributes:
        code: short name, by which a provider is tied to it.
        fields: what of people it sees; words of ``scene.FIELDS``.
        contract: reference of the contract.
        assessment: reference of the assessment made before.
        subcontracts: it may entrust others, with the operator's consent.
    """

    code: str
    name: str
    contact: str
    role: Role
    purpose: str
    way: str
    fields: tuple[str, ...]
    measures: str
    contract: str
    assessment: str
    since: date
    until: date
    subcontracts: bool = False


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """A party."""

    id: str
    operator: str
    terms: Terms
    stage: Stage
    proposed_by: str
    proposed_at: datetime
    agreed_by: str = ""
    agreed_at: datetime | None = None
    ended_by: str = ""
    ended_at: datetime | None = None
    how: str = ""  # "returned" or "deleted"
    events: int = 0

    def stands(self, on: date) -> bool:
        """Whether it may be used on a day."""
        return self.stage is Stage.IN_FORCE and self.terms.since <= on <= self.terms.until


def read(row: Record) -> Party:
    """The party of a record."""
    return msgspec.json.decode(row.body, type=Party)
