"""The operator's own lists, read from configuration: signed agreements, valid tickets.

Real, if plain: whoever keeps these lists elsewhere writes another implementation of the ports.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from liangming.clock import china_date
from liangming.method import Answer, Confirmed, Denied


class ListedAgreements:
    """Signed safety agreements by operator and reference, each with its last day (安全协议)."""

    simulated = False

    def __init__(self, signed: Mapping[tuple[str, str], date]) -> None:
        self._signed = dict(signed)

    async def confirm(self, agreement: str, *, operator: str, at: datetime) -> Answer:
        """Confirm an agreement of this operator that is in force today."""
        until = self._signed.get((operator, agreement))
        return Confirmed() if until is not None and china_date(at) <= until else Denied()


class ListedEntitlements:
    """Tickets and bookings by scene and reference, each with its last day."""

    simulated = False

    def __init__(self, valid: Mapping[tuple[str, str], date]) -> None:
        self._valid = dict(valid)

    async def confirm(self, reference: str, *, scene: str, at: datetime) -> Answer:
        """Confirm a reference that is valid at this scene today."""
        until = self._valid.get((scene, reference))
        return Confirmed() if until is not None and china_date(at) <= until else Denied()
