"""Who confirms what a person shows. Implementations stand in ``providers``.

Every source answers with one of three values; *down* is never *no* (I4). A source does not raise
for outages of its own: it returns :class:`Down`, after its own short time-out.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import msgspec

from liangming.method.evidence import CredentialShown, DocumentShown


class Confirmed(msgspec.Struct, frozen=True):
    """The source confirms.

    ``document`` carries type and number only where a law makes the operator keep them and the
    person agreed to hand them over; otherwise the source says no more than yes.
    """

    document: DocumentShown | None = None

    def __repr__(self) -> str:
        return "<Confirmed>"


class Denied(msgspec.Struct, frozen=True):
    """The source does not confirm."""


class Down(msgspec.Struct, frozen=True):
    """The source did not answer; the check stays undetermined."""

    retry_after: int = 30  # seconds


Answer = Confirmed | Denied | Down


class CredentialSource(Protocol):
    """The national network identity authentication service (国家网络身份认证公共服务)."""

    simulated: bool

    async def confirm(self, shown: CredentialShown, *, at: datetime) -> Answer:
        """Ask whether the presentation is genuine. Idempotent; may be asked again."""
        ...


class EntitlementSource(Protocol):
    """The operator's own system for tickets, bookings, memberships and payments."""

    simulated: bool

    async def confirm(self, reference: str, *, scene: str, at: datetime) -> Answer:
        """Ask whether the reference entitles its holder here. Idempotent."""
        ...


class AgreementSource(Protocol):
    """The operator's list of signed safety agreements (安全协议)."""

    simulated: bool

    async def confirm(self, agreement: str, *, operator: str, at: datetime) -> Answer:
        """Ask whether the agreement is signed and in force. Idempotent."""
        ...


class CardReader(Protocol):
    """A certified reader for second-generation ID cards at the counter (证件阅读器)."""

    simulated: bool

    async def read(self) -> DocumentShown | Down:
        """Read the card that lies on the reader, photo excluded."""
        ...


class Sources(msgspec.Struct, frozen=True, kw_only=True):
    """The sources this installation has; None: the way is not offered.

    Attributes:
        entrusted: which of them (``credential``, ``entitlement``, ``agreement``) is run by somebody
            else, and the id of that party in the list of processors: it is asked only while its
            contract stands. What is not named here is the operator's own.
    """

    credential: CredentialSource | None = None
    entitlement: EntitlementSource | None = None
    agreement: AgreementSource | None = None
    entrusted: dict[str, str] = msgspec.field(default_factory=dict)
