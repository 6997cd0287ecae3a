"""Codes that this house issues: for an order verified in the app, and for a parcel that waits.

A code is told once, in the answer. It is never remembered for replays (the store would then hold
what opens a locker): asking again gives another code, and neither call takes an Idempotency-Key.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import msgspec

from liangming.api.answers import Time
from liangming.api.bodies import NothingBody, PickupCodeBody
from liangming.api.body import Body
from liangming.api.call import Call
from liangming.api.lobby import Lobby
from liangming.api.reply import Reply, ok
from liangming.api.steps import body_of, own, scene_for
from liangming.check.codes import issue_order_code, issue_pickup_code
from liangming.clock import rfc3339

PICKUP: Final = Body(PickupCodeBody)
ORDER: Final = Body(NothingBody, optional=True)


class CodeAnswer(msgspec.Struct, frozen=True):
    """A code, told this once: show it as text or QR; single use."""

    code: str
    expires_at: Time


async def order_code(lobby: Lobby, call: Call) -> Reply:
    """A hand-over code for a check that passed with a registration."""
    await body_of(lobby, call, ORDER)
    check = (await own(lobby, call)).about.id
    until = lobby.premises.clock.now() + lobby.premises.order_code_life
    code = await issue_order_code(lobby.premises, check)
    return ok(CodeAnswer(code, rfc3339(until)), status=201)


async def pickup_code(lobby: Lobby, call: Call) -> Reply:
    """A pick-up code for a parcel that waits at a scene."""
    body = await body_of(lobby, call, PICKUP)
    scene = scene_for(lobby, call, body.scene)
    until = lobby.premises.clock.now() + timedelta(minutes=body.minutes)
    code = await issue_pickup_code(lobby.premises, scene.id, body.parcel, body.minutes)
    return ok(CodeAnswer(code, rfc3339(until)), status=201)
