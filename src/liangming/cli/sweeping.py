"""What a service does twice a minute: whatever has had its time ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from liangming.check import Premises
from liangming.check.conclude import expire_due, forget_served
from liangming.errors import LiangmingError
from liangming.governance import faces
from liangming.governance.notices import shelve
from liangming.governance.thresholds import note
from liangming.rights import RightsDesk
from liangming.rights.retain import retain

SWEEP_SECONDS: Final = 30

_log = logging.getLogger("liangming.serve")


async def sweep(house: Premises, desk: RightsDesk) -> None:
    """Close checks, end holds, erase registrations and drop records whose time is over; read notices."""
    deeds: tuple[tuple[str, Callable[[], Awaitable[object]]], ...] = (
        ("closing expired checks", lambda: _expire(house)),
        ("forgetting idempotency keys", lambda: forget_served(house, house.clock.now())),
        # what another process approved meanwhile
        ("reading approved notices", lambda: shelve(house, desk.docket)),
        ("counting for thresholds", lambda: _count(desk)),
        ("erasing what is due", lambda: _erase(desk)),
        ("counting stored faces", lambda: faces.watch(desk)),
    )
    while True:
        await asyncio.sleep(SWEEP_SECONDS)
        for what, deed in deeds:
            try:
                await deed()
            except LiangmingError as error:
                _log.warning("%s failed: %s", what, error.code.name)


async def _expire(house: Premises) -> None:
    for code, count in (await expire_due(house, house.clock.now())).stuck.items():
        _log.warning("%d checks whose time is over cannot be closed: %s", count, code)


async def _count(desk: RightsDesk) -> None:
    for reached in await note(desk):
        _log.warning("threshold reached: %s", reached)


async def _erase(desk: RightsDesk) -> None:
    gone = await retain(desk)
    if gone:
        _log.info("erased %d registrations whose time is over", gone)
