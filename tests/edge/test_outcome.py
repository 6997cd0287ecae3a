"""What a device says of a face, and what the centre makes of it."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import get_args, get_type_hints

import msgspec
import pytest
from tests.world import World, card, face_scene, world

from liangming.check import Opening, faults, open_check, present
from liangming.check import states as s
from liangming.check.confirmed import face_message
from liangming.check.journey import choose, consent, show_face_notice, show_notice
from liangming.edge.face import order
from liangming.edge.face.order import Agreed, Ended, Looked, Result, Why, close_camera, open_camera
from liangming.edge.face.outcome import sign
from liangming.errors import LiangmingError
from liangming.law.words import Method
from liangming.method import FaceReport, FaceShown

LAYERS = ("binding", "challenge", "continuity", "flash", "gates", "rectangle", "relief",
          "sequence", "solid")  # fmt: skip


@pytest.fixture
async def strict(tmp_path: Path) -> AsyncIterator[World]:
    """A place that opens by a face from level 3 upwards."""
    scene = face_scene()
    assert scene.face is not None
    terms = replace(scene.face, pad_level=3)
    async with world(tmp_path, replace(scene, face=terms)) as house:
        yield house


async def consented(house: World) -> s.Consented:
    state = await open_check(house.premises, Opening(scene="demo.face"))
    check = state.about.id
    await show_notice(house.premises, check)
    await choose(house.premises, check, Method.FACE)
    await show_face_notice(house.premises, check, device="dev-1")
    after = await consent(house.premises, check, device="dev-1", age=30)
    assert isinstance(after, s.Consented)
    return after


def ended(state: s.Consented, **changes: object) -> Ended:
    looked = Looked(
        result=Result.MATCH, why=Why.SAME, layers=LAYERS, pad_level=3, taken=70, models=("m@0",)
    )
    agreed = Agreed(
        check=state.about.id, device="dev-1", notice="n", consent="c", nonce=state.nonce
    )
    over = close_camera(open_camera(agreed), msgspec.structs.replace(looked, **changes))
    assert isinstance(over, Ended)
    return over


def signed(house: World, over: Ended) -> FaceShown:
    return sign(
        over,
        house.device_key,
        house.clock,
        key_kept_in="software",
        backend="cpu float32",
        document=card(),
    )


async def code_of(call: object) -> str:
    with pytest.raises(LiangmingError) as caught:
        await call  # type: ignore[misc]
    return caught.value.code.name


async def test_a_signed_match_of_a_sufficient_level_passes(strict: World) -> None:
    state = await consented(strict)
    shown = signed(strict, ended(state))
    passed = await present(strict.premises, state.about.id, shown)
    assert isinstance(passed, s.Passed)
    await strict.verify(state.about.id)
    strict.nothing_leaked()
    leaves = await strict.premises.store.leaves(state.about.id)
    (shown_leaf,) = [leaf for leaf in leaves if leaf.tag == "check:evidence:presented"]
    facts = msgspec.json.decode(shown_leaf.facts)
    assert (facts["frames_taken"], facts["frames_kept"], facts["pad_level"]) == (70, 0, 3)


@pytest.mark.parametrize("level", [0, 1, 2])
async def test_a_match_of_a_lower_level_opens_nothing_and_costs_one_tap(
    strict: World, level: int
) -> None:
    state = await consented(strict)
    over = ended(state, pad_level=level)
    after = await present(strict.premises, state.about.id, signed(strict, over))
    assert isinstance(after, s.Undetermined)
    await choose(strict.premises, state.about.id, Method.DOCUMENT_SEEN)
    assert isinstance(await present(strict.premises, state.about.id, card()), s.Passed)


async def test_a_match_without_a_report_is_of_level_nothing(strict: World) -> None:
    state = await consented(strict)
    message = face_message(state.about.id, state.nonce, "dev-1", "match")
    shown = FaceShown(
        device="dev-1",
        outcome="match",
        nonce=state.nonce,
        signature=strict.device_key.sign(message).hex(),
        document=card(),
    )
    assert isinstance(await present(strict.premises, state.about.id, shown), s.Undetermined)


async def test_a_device_that_says_it_kept_frames_is_refused(strict: World) -> None:
    state = await consented(strict)
    shown = signed(strict, ended(state, kept=1))
    call = present(strict.premises, state.about.id, shown)
    assert await code_of(call) == faults.FRAMES_KEPT.name


@pytest.mark.parametrize("field", FaceReport.__struct_fields__)
async def test_a_report_altered_in_any_field_is_refused(strict: World, field: str) -> None:
    state = await consented(strict)
    shown = signed(strict, ended(state))
    assert shown.report is not None
    value = getattr(shown.report, field)
    other = {int: 2, str: "other", tuple: ("other",)}[type(value)]
    report = msgspec.structs.replace(shown.report, **{field: other})
    assert report != shown.report
    altered = msgspec.structs.replace(shown, report=report)
    call = present(strict.premises, state.about.id, altered)
    assert await code_of(call) == faults.OUTCOME_UNSIGNED.name


async def test_a_report_taken_away_is_refused(strict: World) -> None:
    state = await consented(strict)
    bare = msgspec.structs.replace(signed(strict, ended(state)), report=None)
    call = present(strict.premises, state.about.id, bare)
    assert await code_of(call) == faults.OUTCOME_UNSIGNED.name


async def test_an_outcome_of_another_check_opens_nothing_here(strict: World) -> None:
    first = await consented(strict)
    shown = signed(strict, ended(first))
    await present(strict.premises, first.about.id, shown)
    second = await consented(strict)
    call = present(strict.premises, second.about.id, shown)
    assert await code_of(call) == faults.OUTCOME_UNSIGNED.name


async def test_a_revoked_device_key_opens_nothing(strict: World) -> None:
    state = await consented(strict)
    devices = strict.premises.devices
    assert isinstance(devices, dict)
    devices["dev-1"] = replace(devices["dev-1"], enabled=False)
    call = present(strict.premises, state.about.id, signed(strict, ended(state)))
    assert await code_of(call) == faults.OUTCOME_UNSIGNED.name
    await choose(strict.premises, state.about.id, Method.DOCUMENT_SEEN)
    assert isinstance(await present(strict.premises, state.about.id, card()), s.Passed)


def test_the_result_words_are_the_evidence_s_words() -> None:
    words = get_args(get_type_hints(FaceShown)["outcome"])
    assert set(words) == {result.value for result in order.Result}
