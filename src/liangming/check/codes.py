"""Codes that we issue: for an order verified in the app, and for a parcel that waits."""

from __future__ import annotations

import secrets
from datetime import timedelta

import msgspec

from liangming.check import events, faults
from liangming.check.desk import held, move, scene_of
from liangming.check.moves import Moved, event
from liangming.check.ports import PickupCode
from liangming.check.premises import Premises
from liangming.check.states import Passed
from liangming.clock import micros
from liangming.errors import Misuse
from liangming.method import handover, pickup

MOST_MINUTES = 7 * 24 * 60


async def issue_order_code(premises: Premises, check_id: str) -> str:
    """A signed hand-over code for an order whose sender was verified and registered online.

    Raises:
        Misuse: the check has not passed with a registration (``check.not-passed``).
    """
    at = premises.clock.now()
    before = await held(premises, check_id)
    state = before.state
    if not isinstance(state, Passed) or before.row.person is None:
        raise Misuse(faults.NOT_PASSED)
    until = at + premises.order_code_life
    code = handover.issue(
        premises.signer,
        handover.HandOver(
            check=check_id,
            operator=state.about.operator,
            expires_at=micros(until),
            nonce=secrets.token_bytes(16),
        ),
    )
    left = event(state.about, events.CODE_ISSUED, at, expires=micros(until))
    journey = msgspec.structs.replace(state.journey, events=state.journey.events + 1)
    moved = Moved(msgspec.structs.replace(state, journey=journey), (left,))
    await move(premises, before, moved, at)
    return code


async def issue_pickup_code(premises: Premises, scene_id: str, parcel: str, minutes: int) -> str:
    """A fresh pick-up code for a parcel that waits at a scene.

    Args:
        parcel: the operator's opaque reference, never a phone number or name.
        minutes: how long it stays valid, at most a week.

    Raises:
        Misuse: unknown scene, or a life that does not fit.
    """
    scene = scene_of(premises, scene_id)
    if not 1 <= minutes <= MOST_MINUTES:
        raise Misuse(faults.LIFE_UNFIT, field="minutes")
    at = premises.clock.now()
    while True:
        code = pickup.new_code()
        digest = pickup.digest(premises.keys.token, scene.id, code)
        if await premises.store.pickup_code(digest, at) is not None:
            continue  # one in a hundred million: that code waits for another parcel
        await premises.store.issue_pickup_code(
            PickupCode(
                digest=digest,
                scene=scene.id,
                parcel=parcel,
                expires_at=micros(at + timedelta(minutes=minutes)),
            )
        )
        return code
