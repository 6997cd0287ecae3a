"""What a person does on the way: read, choose, say no, change their mind, take help, consent."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime

from liangming import consent as consents
from liangming.check import facts, faults, moves
from liangming.check.desk import Remember, held, move, scene_of
from liangming.check.premises import Premises
from liangming.check.states import Consented, State
from liangming.clock import china_date
from liangming.errors import Misuse, Refusal
from liangming.law import values
from liangming.law.words import Method, Question
from liangming.notice import FACE, Notice
from liangming.rules import Allowed, Refused, Undetermined


async def _step(
    premises: Premises,
    check_id: str,
    deed: Callable[[State, datetime], moves.Moved],
    remember: Remember | None,
) -> State:
    """Read the check and the clock once, move, make it durable."""
    at = premises.clock.now()
    before = await held(premises, check_id)
    return await move(premises, before, deed(before.state, at), at, remember=remember)


async def show_notice(
    premises: Premises, check_id: str, *, language: str = "zh", remember: Remember | None = None
) -> State:
    """The notice was shown. Law: pipl.17."""
    at = premises.clock.now()
    before = await held(premises, check_id)
    notice = premises.notice(
        scene_of(premises, before.state.about.scene), at=before.state.about.opened_at
    ).notice
    moved = moves.show_notice(before.state, notice, language, at)
    return await move(premises, before, moved, at, remember=remember)


async def choose(
    premises: Premises,
    check_id: str,
    method: Method,
    *,
    by: str = "person",
    remember: Remember | None = None,
) -> State:
    """The person chooses a way, or changes their mind."""
    return await _step(
        premises, check_id, lambda state, at: moves.choose(state, method, by, at), remember
    )


async def decline(
    premises: Premises,
    check_id: str,
    method: Method,
    *,
    by: str = "person",
    remember: Remember | None = None,
) -> State:
    """The person says no to a way; it costs nothing and is not asked again. Law: pipl.16."""
    return await _step(
        premises, check_id, lambda state, at: moves.decline(state, method, by, at), remember
    )


async def help_given(
    premises: Premises, check_id: str, *, by: str = "staff", remember: Remember | None = None
) -> State:
    """Staff helped."""
    return await _step(
        premises, check_id, lambda state, at: moves.help_given(state, by, at), remember
    )


async def show_face_notice(
    premises: Premises,
    check_id: str,
    *,
    device: str,
    language: str = "zh",
    remember: Remember | None = None,
) -> State:
    """The face's own notice was shown on the device. Law: pipl.30, face.5.

    Raises:
        Misuse: the device is not enrolled at this scene (``check.device-unknown``).
    """
    at = premises.clock.now()
    before = await held(premises, check_id)
    scene = scene_of(premises, before.state.about.scene)
    enrolled = await premises.devices.find(device)
    if enrolled is None or not enrolled.enabled or enrolled.scene != scene.id:
        raise Misuse(faults.DEVICE_UNKNOWN, field="device")
    notice = premises.notice_of(scene, before.state.about.opened_at, FACE, at=at).notice
    moved = moves.show_face_notice(before.state, notice, language, device, at)
    return await move(premises, before, moved, at, remember=remember)


async def consent(
    premises: Premises,
    check_id: str,
    *,
    device: str,
    age: int | None,
    by_guardian: bool = False,
    remember: Remember | None = None,
) -> State:
    """Take separate consent, then ask the law whether the camera may open (I2, I7).

    Args:
        device: the device it is given for.
        age: as the person states it, in full years; unknown means the camera stays shut.
        by_guardian: a parent or guardian consents for a child under 14.

    Raises:
        Misuse: order of things, or the notice is missing or superseded.
        Refusal: ``check.capture-barred`` with the articles; nothing was recorded as consent.

    Law: pipl.29, pipl.31, face.6, face.7
    """
    at = premises.clock.now()
    before = await held(premises, check_id)
    scene = scene_of(premises, before.state.about.scene)
    notice = premises.notice_of(scene, before.state.about.opened_at, FACE, at=at).notice
    child = age is not None and age < values.child_age.at(china_date(at))
    moved = moves.give_consent(
        before.state,
        expected_digest=notice.digest,
        device=device,
        nonce=secrets.token_hex(16),
        age=age,
        by_guardian=by_guardian,
        child=child,
        at=at,
    )
    assert isinstance(moved.state, Consented)  # noqa: S101  (what the move returns)
    await _may_capture(premises, moved.state, notice, at)
    return await move(premises, before, moved, at, remember=remember)


async def withdraw(premises: Premises, check_id: str, *, remember: Remember | None = None) -> State:
    """Withdraw the consent to the face: one act, back to the other ways. Law: pipl.15."""
    return await _step(premises, check_id, moves.withdraw_consent, remember)


async def _may_capture(premises: Premises, state: Consented, notice: Notice, at: datetime) -> None:
    scene = scene_of(premises, state.about.scene)
    device = await premises.devices.find(state.device)
    stands = consents.covers(
        state.journey.consent,
        purpose=moves.FACE_PURPOSE,
        notice=notice.digest,
        device=state.device,
        at=at,
    )
    verdict = premises.decisions.ask(
        Question.CAPTURE,
        facts.capture(
            state,
            scene,
            assessed=premises.gates.assessed(scene, china_date(at)),
            device_enrolled=device is not None and device.enabled and device.scene == scene.id,
            consent_stands=stands,
            age=state.age,
            by_guardian=state.by_guardian,
        ),
        on=china_date(at),
    )
    match verdict:
        case Allowed():
            return
        case Refused() | Undetermined():  # unknown never opens a camera (I11)
            raise Refusal(faults.CAPTURE_BARRED, citations=verdict.citations)
