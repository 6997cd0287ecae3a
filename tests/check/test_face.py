"""The face: only offered, never pushed; every gate before the camera."""

from datetime import timedelta

import pytest
from tests.world import World, card

from liangming import consent as consents
from liangming.check import Opening, WholeCheck, faults, open_check, present, whole
from liangming.check import states as s
from liangming.check.confirmed import face_message
from liangming.check.journey import (
    choose,
    consent,
    decline,
    show_face_notice,
    show_notice,
    withdraw,
)
from liangming.errors import LiangmingError, Refusal
from liangming.law.words import Method
from liangming.method import FaceShown


async def at_face(house: World) -> str:
    state = await open_check(house.premises, Opening(scene="demo.face"))
    await show_notice(house.premises, state.about.id)
    await choose(house.premises, state.about.id, Method.FACE)
    return state.about.id


async def consented(house: World, age: int = 30) -> s.Consented:
    check = await at_face(house)
    await show_face_notice(house.premises, check, device="dev-1")
    state = await consent(house.premises, check, device="dev-1", age=age)
    assert isinstance(state, s.Consented)
    return state


def outcome(house: World, state: s.Consented, result: str, **changes: str) -> FaceShown:
    said = {"check": state.about.id, "nonce": state.nonce, "device": "dev-1", "outcome": result}
    signed = {**said, **changes}
    signature = house.device_key.sign(
        face_message(said["check"], said["nonce"], said["device"], said["outcome"])
    )
    return FaceShown(
        device=signed["device"],
        outcome=signed["outcome"],  # type: ignore[arg-type]
        nonce=signed["nonce"],
        signature=signature.hex(),
        document=card() if result == "match" else None,
    )


async def code_of(call: object) -> str:
    with pytest.raises(LiangmingError) as caught:
        await call  # type: ignore[misc]
    return caught.value.code.name


async def test_the_face_is_offered_last_beside_the_other_ways(house: World) -> None:
    state = await open_check(house.premises, Opening(scene="demo.face"))
    assert [o.method for o in state.about.offers] == [
        Method.DOCUMENT_SEEN,
        Method.REGISTERED_SENDER,
        Method.FACE,
    ]


async def test_the_face_is_not_offered_without_an_enrolled_device(house: World) -> None:
    house.premises.devices.clear()  # type: ignore[attr-defined]
    state = await open_check(house.premises, Opening(scene="demo.face"))
    assert Method.FACE not in [o.method for o in state.about.offers]


async def test_the_face_is_not_offered_once_its_assessment_has_run_out(house: World) -> None:
    house.clock.move(timedelta(days=365))
    state = await open_check(house.premises, Opening(scene="demo.face"))
    assert Method.FACE not in [o.method for o in state.about.offers]


async def test_no_outcome_is_taken_before_separate_consent(house: World) -> None:
    check = await at_face(house)
    shown = FaceShown(device="dev-1", outcome="match", nonce="", signature="00")
    assert await code_of(present(house.premises, check, shown)) == faults.CONSENT_FIRST.name


async def test_consent_is_not_taken_before_the_face_notice(house: World) -> None:
    check = await at_face(house)
    call = consent(house.premises, check, device="dev-1", age=30)
    assert await code_of(call) == consents.NOTICE_NOT_SHOWN.name


async def test_a_child_needs_a_guardian_or_another_way(house: World) -> None:
    check = await at_face(house)
    await show_face_notice(house.premises, check, device="dev-1")
    with pytest.raises(Refusal) as caught:
        await consent(house.premises, check, device="dev-1", age=13)
    assert "pipl.31" in caught.value.citations
    state = await consent(house.premises, check, device="dev-1", age=13, by_guardian=True)
    assert isinstance(state, s.Consented)


async def test_an_unknown_age_keeps_the_camera_shut(house: World) -> None:
    check = await at_face(house)
    await show_face_notice(house.premises, check, device="dev-1")
    call = consent(house.premises, check, device="dev-1", age=None)
    assert await code_of(call) == faults.CAPTURE_BARRED.name


async def test_a_device_that_is_not_enrolled_keeps_the_camera_shut(house: World) -> None:
    check = await at_face(house)
    call = show_face_notice(house.premises, check, device="dev-9")
    assert await code_of(call) == faults.DEVICE_UNKNOWN.name
    await show_face_notice(house.premises, check, device="dev-1")
    call = consent(house.premises, check, device="dev-9", age=30)
    assert await code_of(call) == faults.CAPTURE_BARRED.name


async def test_a_signed_match_with_the_document_passes_and_registers_no_face(house: World) -> None:
    state = await consented(house)
    passed = await present(house.premises, state.about.id, outcome(house, state, "match"))
    assert isinstance(passed, s.Passed)
    assert passed.method is Method.FACE
    await house.verify(state.about.id)
    house.nothing_leaked()


@pytest.mark.parametrize("change", ["nonce", "outcome", "device"])
async def test_an_outcome_with_one_thing_altered_is_refused(house: World, change: str) -> None:
    state = await consented(house)
    altered = {"nonce": "0" * 32, "outcome": "match", "device": "dev-2"}[change]
    shown = outcome(house, state, "no-match", **{change: altered})
    assert await code_of(present(house.premises, state.about.id, shown)) == (
        faults.OUTCOME_UNSIGNED.name
    )


async def test_a_face_that_does_not_match_costs_one_tap_never_the_parcel(house: World) -> None:
    state = await consented(house)
    check = state.about.id
    after = await present(house.premises, check, outcome(house, state, "no-match"))
    assert isinstance(after, s.Undetermined)
    await choose(house.premises, check, Method.DOCUMENT_SEEN)
    assert isinstance(await present(house.premises, check, card()), s.Passed)


async def test_withdrawing_is_one_act_and_the_face_is_not_asked_again(house: World) -> None:
    state = await consented(house)
    check = state.about.id
    after = await withdraw(house.premises, check)
    assert isinstance(after, s.Choosing)
    row = await house.premises.store.consent(state.journey.consent.id)  # type: ignore[union-attr]
    assert row is not None
    assert row.state == "withdrawn"
    assert await code_of(choose(house.premises, check, Method.FACE)) == (
        faults.DECLINED_BEFORE.name
    )
    await choose(house.premises, check, Method.DOCUMENT_SEEN)
    assert isinstance(await present(house.premises, check, card()), s.Passed)


async def test_declining_the_face_and_never_being_offered_it_end_the_same(house: World) -> None:
    declined = await at_face(house)
    await decline(house.premises, declined, Method.FACE)
    await choose(house.premises, declined, Method.DOCUMENT_SEEN)
    one = await present(house.premises, declined, card())
    state = await open_check(house.premises, Opening(scene="demo.counter"))
    await show_notice(house.premises, state.about.id)
    await choose(house.premises, state.about.id, Method.DOCUMENT_SEEN)
    other = await present(house.premises, state.about.id, card())
    assert isinstance(one, s.Passed)
    assert isinstance(other, s.Passed)
    assert (one.grounds, one.citations) == (other.grounds, other.citations)


async def test_a_face_never_comes_in_one_call(house: World) -> None:
    scene = house.premises.scenes["demo.face"]
    check = WholeCheck(
        scene="demo.face",
        method=Method.FACE,
        evidence=FaceShown(device="dev-1", outcome="match", nonce="", signature=""),
        notice=house.premises.notice(scene).digest,
    )
    assert await code_of(whole(house.premises, check)) == faults.CONSENT_FIRST.name
