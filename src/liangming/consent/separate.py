"""Separate consent (单独同意) as an act of its own."""

from __future__ import annotations

import enum
from datetime import datetime

import msgspec

from liangming import ids
from liangming.errors import Kind, Misuse, declare
from liangming.notice import Shown

NOTICE_NOT_SHOWN = declare(
    "consent.notice-not-shown",
    Kind.OUT_OF_ORDER,
    zh="要先完整告知，才能请人同意。",
    en="The notice must be shown before anyone is asked to consent.",
)
NOTICE_SUPERSEDED = declare(
    "consent.notice-superseded",
    Kind.OUT_OF_ORDER,
    zh="告知内容已更新，请先阅读新的告知。",
    en="The notice has changed; please read the new one first.",
)
NOT_GIVEN = declare(
    "consent.not-given",
    Kind.OUT_OF_ORDER,
    zh="没有可以撤回的同意。",
    en="There is no consent to withdraw.",
)


class State(enum.StrEnum):
    """What became of a consent."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"  # never stored: read from the clock


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """One separate consent.

    Attributes:
        purpose: one purpose, e.g. ``"face-match"``.
        notice: digest of the notice that was shown before.
        device: the device it is given for; a consent does not travel.
        by_guardian: given by a parent or guardian for a child under 14.
        until: the first moment at which it counts no more: the end of its check's time.
    """

    id: str
    check: str
    purpose: str
    notice: str
    device: str
    by_guardian: bool
    state: State
    at: datetime
    until: datetime | None = None

    def standing(self, at: datetime) -> State:
        """What it is at a moment: given, withdrawn, or expired."""
        over = self.until is not None and at >= self.until
        return State.EXPIRED if self.state is State.GIVEN and over else self.state


def give(
    shown: Shown | None,
    *,
    expected_digest: str,
    check: str,
    purpose: str,
    device: str,
    by_guardian: bool,
    at: datetime,
    until: datetime | None = None,
) -> Consent:
    """Take a separate consent.

    Args:
        shown: the proof that the notice was shown, or None.
        expected_digest: the digest of the notice in force now.
        until: when it ends by itself.

    Raises:
        Misuse: ``consent.notice-not-shown``, ``consent.notice-superseded``.

    Law: pipl.17, pipl.29
    """
    if shown is None or shown.at > at:
        raise Misuse(NOTICE_NOT_SHOWN, citations=("pipl.17",))
    if shown.digest != expected_digest:
        raise Misuse(NOTICE_SUPERSEDED, citations=("pipl.14",))
    return Consent(
        id=ids.new(ids.CONSENT, at),
        check=check,
        purpose=purpose,
        notice=shown.digest,
        device=device,
        by_guardian=by_guardian,
        state=State.GIVEN,
        at=at,
        until=until,
    )


def withdraw(consent: Consent | None, at: datetime) -> Consent:
    """Withdraw: always possible, in one act; what was done before stays valid.

    Raises:
        Misuse: there is none, or it was withdrawn before (``consent.not-given``).

    Law: pipl.15
    """
    if consent is None or consent.state is not State.GIVEN:
        raise Misuse(NOT_GIVEN, citations=("pipl.15",))
    return msgspec.structs.replace(consent, state=State.WITHDRAWN, at=at)


def covers(
    consent: Consent | None, *, purpose: str, notice: str, device: str, at: datetime
) -> bool:
    """Whether a consent stands at a moment for exactly this purpose, notice and device."""
    return (
        consent is not None
        and consent.standing(at) is State.GIVEN
        and (consent.purpose, consent.notice, consent.device) == (purpose, notice, device)
    )
