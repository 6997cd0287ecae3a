"""Opening what was registered leaves evidence, or does not happen."""

import pytest
from tests.world import CARD, NAME, World, card

from liangming.check import Opening, open_check, present
from liangming.check.disclose import disclose
from liangming.check.journey import choose, show_notice
from liangming.errors import LiangmingError
from liangming.law.words import Method
from liangming.vault import Purpose


async def passed(house: World) -> str:
    state = await open_check(house.premises, Opening(scene="demo.counter"))
    await show_notice(house.premises, state.about.id)
    await choose(house.premises, state.about.id, Method.DOCUMENT_SEEN)
    await present(house.premises, state.about.id, card())
    return state.about.id


async def test_fields_are_handed_out_for_a_purpose_and_leave_an_event(house: World) -> None:
    check = await passed(house)
    fields = await disclose(
        house.premises, check, purpose=Purpose.INSPECTION, case="REQ-2026-7", actor="cli"
    )
    assert fields == {"type": "resident_card", "number": CARD, "name": NAME}
    leaves = await house.premises.store.leaves(check)
    assert leaves[-1].tag == "check:register:opened"
    assert b"REQ-2026-7" in leaves[-1].facts
    await house.verify(check)
    house.nothing_leaked()


async def test_only_the_fields_that_are_needed_are_handed_out(house: World) -> None:
    check = await passed(house)
    fields = await disclose(
        house.premises,
        check,
        purpose=Purpose.RIGHTS_REQUEST,
        case="REQ-8",
        actor="cli",
        only=("type",),
    )
    assert fields == {"type": "resident_card"}


@pytest.mark.parametrize("case", ["", "张三要看", CARD])
async def test_without_a_fitting_case_nothing_is_opened(house: World, case: str) -> None:
    check = await passed(house)
    before = await house.premises.store.leaves(check)
    with pytest.raises(LiangmingError):
        await disclose(house.premises, check, purpose=Purpose.DISPUTE, case=case, actor="cli")
    assert await house.premises.store.leaves(check) == before


async def test_a_check_without_a_registration_has_nothing_to_open(house: World) -> None:
    state = await open_check(house.premises, Opening(scene="demo.counter"))
    with pytest.raises(LiangmingError) as caught:
        await disclose(
            house.premises, state.about.id, purpose=Purpose.DRILL, case="D-1", actor="cli"
        )
    assert caught.value.code.name == "check.nothing-registered"
