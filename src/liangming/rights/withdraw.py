"""Withdraw the consent to a face, at any time, as easily as it was given.

1 the consent itself, in the check's own record: from here no camera opens under it
2 a command for every device that it concerns (``stopping``)
A crash between the two is mended when the request is done again: it is still open.

Law: pipl.15
"""

from __future__ import annotations

import msgspec

from liangming import consent as consents
from liangming.check import events, journey
from liangming.check.desk import held, move
from liangming.check.moves import Moved, event
from liangming.check.states import Abandoned, Expired, Passed, Refused, State
from liangming.errors import Misuse
from liangming.rights import faults
from liangming.rights.desk import RightsDesk
from liangming.rights.stopping import stop


async def given(desk: RightsDesk, check: str) -> bool:
    """Whether a consent to a face stands, or its device has still to be told."""
    consent = (await held(desk.premises, check)).state.journey.consent
    return consent is not None and consent.state is consents.State.GIVEN


async def withdraw(desk: RightsDesk, check: str) -> None:
    """Withdraw, and tell the devices.

    Raises:
        Misuse: ``rights.no-consent``, ``check.moved-on``.
    """
    at = desk.premises.clock.now()
    before = await held(desk.premises, check)
    state, consent = before.state, before.state.journey.consent
    if consent is None:
        raise Misuse(faults.NO_CONSENT, citations=("pipl.15",))
    if consent.state is consents.State.GIVEN:  # 1
        over = at >= state.about.expires_at
        if over or isinstance(state, (Passed, Refused, Expired, Abandoned)):
            ended = consents.withdraw(consent, at)
            left = event(state.about, events.CONSENT_WITHDRAWN, at, consent=consent.id)
            went = msgspec.structs.replace(
                state.journey, consent=ended, events=state.journey.events + 1
            )
            moved = Moved(msgspec.structs.replace(state, journey=went), (left,))
            await move(desk.premises, before, moved, at)
        else:
            await journey.withdraw(desk.premises, check)
    await stop(desk, (await held(desk.premises, check)).state)  # 2


async def take_back(desk: RightsDesk, check: str, *, said_by: str = "") -> State:
    """Withdraw in the middle of a check: back to the other ways, and the devices are told.

    Raises:
        Misuse: as :func:`liangming.check.journey.withdraw`.
    """
    state = await journey.withdraw(desk.premises, check)
    await stop(desk, state, said_by=said_by)
    return state
