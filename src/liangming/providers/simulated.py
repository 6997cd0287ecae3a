"""Stand-ins that confess. They implement the real ports and nothing in them is real."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Final

from liangming.errors import Kind, Misuse, declare
from liangming.method import (
    Answer,
    Confirmed,
    CredentialShown,
    Denied,
    DocumentShown,
    Down,
    Sources,
)

SIMULATED: Final = declare(
    "providers.simulated-in-production",
    Kind.OUT_OF_ORDER,
    zh="生产模式不能使用模拟的核验来源，请接入真实来源或不提供该方式。",
    en="Production mode cannot run on simulated sources; connect a real one or leave the way out.",
)
_log = logging.getLogger("liangming.providers")


class SimulatedCredentialSource:
    """A national network credential service that is made up.

    A presentation ``demo-yes…`` is confirmed, ``demo-no…`` denied, ``demo-down…`` does not
    answer. ``demo-document:<number>`` also hands over a resident card of that number.
    """

    simulated = True

    async def confirm(self, shown: CredentialShown, *, at: datetime) -> Answer:  # noqa: ARG002
        """Answer by the made-up presentation."""
        _confess("network credential")
        head, _, rest = shown.presentation.partition(":")
        if head == "demo-document" and rest:
            return Confirmed(DocumentShown(document="resident_card", number=rest))
        if head.startswith("demo-yes"):
            return Confirmed()
        return Down() if head.startswith("demo-down") else Denied()


class SimulatedEntitlementSource:
    """Tickets and payments that are made up: ``demo-paid…``, ``demo-ticket…``, ``demo-down…``."""

    simulated = True

    async def confirm(self, reference: str, *, scene: str, at: datetime) -> Answer:  # noqa: ARG002
        """Answer by the made-up reference."""
        _confess("entitlement")
        if reference.startswith("demo-down"):
            return Down()
        return Confirmed() if reference.startswith(("demo-paid", "demo-ticket")) else Denied()


class SimulatedAgreementSource:
    """Signed agreements that are made up: every reference ``demo-agreement…`` is signed."""

    simulated = True

    async def confirm(self, agreement: str, *, operator: str, at: datetime) -> Answer:  # noqa: ARG002
        """Answer by the made-up reference."""
        _confess("agreement")
        return Confirmed() if agreement.startswith("demo-agreement") else Denied()


class SimulatedCardReader:
    """A card reader that always finds the card it was given."""

    simulated = True

    def __init__(self, card: DocumentShown | None = None) -> None:
        self._card = card

    async def read(self) -> DocumentShown | Down:
        """The card, or down when none was laid on it."""
        _confess("card reader")
        return self._card if self._card is not None else Down()


def refuse_in_production(sources: Sources, *, production: bool) -> None:
    """Let production start only on real sources.

    Raises:
        Misuse: ``providers.simulated-in-production`` naming the source.
    """
    if not production:
        return
    named = {
        "credential": sources.credential,
        "entitlement": sources.entitlement,
        "agreement": sources.agreement,
    }
    for name, source in named.items():
        if source is not None and source.simulated:
            raise Misuse(SIMULATED, field=f"sources.{name}")


def _confess(what: str) -> None:
    _log.warning("simulated source in use: %s; its answers prove nothing", what)
