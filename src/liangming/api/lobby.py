"""What every call finds when it comes in: the premises, and this door's own tools."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from liangming.access import Clients
from liangming.access.calls import Diary, Numbers
from liangming.api.hall import Hall
from liangming.api.idempotency import Idempotency
from liangming.api.law import Citer
from liangming.api.limits import Buckets
from liangming.api.metrics import Metrics
from liangming.api.pressroom import PressRoom
from liangming.api.settings import Settings
from liangming.check.premises import Premises
from liangming.device.intake import Intake
from liangming.rights import RightsDesk
from liangming.storage import open_docket, open_outbox
from liangming.webhook import Networks, Outbox


@dataclass(slots=True)
class Lobby:
    """Plugged together once; no state of a request lives here."""

    premises: Premises
    settings: Settings
    citer: Citer
    clients: Clients
    buckets: Buckets
    idempotency: Idempotency
    metrics: Metrics
    labels: PressRoom
    hall: Hall
    desk: RightsDesk
    diary: Diary
    outbox: Outbox
    networks: Networks
    intake: Intake
    simulated: bool
    numbers: Numbers = field(default_factory=Numbers)


def furnish(
    premises: Premises,
    settings: Settings,
    tick: Callable[[], float],
    desk: RightsDesk | None = None,
) -> Lobby:
    """The lobby of one API process."""
    token = premises.keys.token
    docket = open_docket(premises.store)
    desk = desk or RightsDesk(premises=premises, docket=docket)
    return Lobby(
        premises=premises,
        settings=settings,
        citer=Citer(premises.corpus),
        clients=Clients(
            premises.store,
            token,
            seconds=settings.client_seconds,
            tick=tick,
            clock=premises.clock,
        ),
        buckets=Buckets(settings.rate, settings.burst, tick=tick),
        idempotency=Idempotency(premises.store, token, premises.clock),
        metrics=Metrics(),
        labels=PressRoom(),
        hall=Hall(
            seats=settings.batches_at_once,
            room=settings.batches_bytes,
            line=settings.batches_waiting,
            seconds=settings.batches_patience,
        ),
        desk=desk,
        diary=Diary(docket, premises.clock),
        outbox=open_outbox(premises.store),
        networks=settings.networks,
        intake=Intake(premises, desk.docket),
        simulated=premises.simulated,
    )
