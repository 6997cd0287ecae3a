"""A parcel at a counter, step by step, on the real store."""

from datetime import timedelta
from pathlib import Path

import pytest
from tests.world import CARD, DENIED, DOWN, NAME, World, card, scene, world

from liangming.check import Opening, faults, open_check, present
from liangming.check import states as s
from liangming.check.codes import issue_order_code, issue_pickup_code
from liangming.check.conclude import conclude, expire_due
from liangming.check.journey import choose, decline, help_given, show_notice
from liangming.check.states import Sender, Subject, Thing
from liangming.errors import LiangmingError
from liangming.law.words import Method, RefusalReason
from liangming.method import (
    AgreementShown,
    CredentialShown,
    OrderCodeShown,
    OrganisationShown,
    RegisteredShown,
    Unwilling,
)
from liangming.scene.model import Kept


async def chosen(house: World, method: Method = Method.DOCUMENT_SEEN, **opening: object) -> str:
    state = await open_check(house.premises, Opening(scene="demo.counter", **opening))
    await show_notice(house.premises, state.about.id)
    await choose(house.premises, state.about.id, method)
    return state.about.id


async def code_of(call: object) -> str:
    with pytest.raises(LiangmingError) as caught:
        await call  # type: ignore[misc]
    return caught.value.code.name


async def test_a_first_time_sender_is_checked_and_registered_once(house: World) -> None:
    first = await present(house.premises, await chosen(house), card())
    assert isinstance(first, s.Passed)
    assert (first.register, first.fields) == ("collected", ("document", "name"))
    assert "courier.23" in first.citations
    again = await present(house.premises, await chosen(house), card())
    assert isinstance(again, s.Passed)
    assert again.register == "kept"
    assert (await house.premises.store.counts())["persons"] == 1
    await house.verify(first.about.id)
    await house.verify(again.about.id)
    house.nothing_leaked()


async def test_the_shortest_term_of_the_sealed_fields_ends_the_whole_record(
    tmp_path: Path,
) -> None:
    short = scene(
        retention=(
            Kept(field="document", days=365, article="pipl.19"),
            Kept(field="name", days=30, article="pipl.19"),
        )
    )
    async with world(tmp_path, short) as house:
        state = await present(house.premises, await chosen(house), card())
        assert isinstance(state, s.Passed)
        assert state.keep_until == state.at + timedelta(days=30)


async def test_a_returning_sender_shows_the_document_and_nothing_is_collected(
    house: World,
) -> None:
    await present(house.premises, await chosen(house), card())
    check = await chosen(house, Method.REGISTERED_SENDER)
    state = await present(
        house.premises,
        check,
        RegisteredShown(document="resident_card", number=CARD, agrees=True),
    )
    assert isinstance(state, s.Passed)
    assert state.register == "kept"


async def test_a_sender_who_never_registered_is_sent_to_the_document(house: World) -> None:
    check = await chosen(house, Method.REGISTERED_SENDER)
    shown = RegisteredShown(document="resident_card", number=CARD, agrees=True)
    assert await code_of(present(house.premises, check, shown)) == faults.NOT_REGISTERED.name


async def test_nothing_may_be_chosen_before_the_notice(house: World) -> None:
    state = await open_check(house.premises, Opening(scene="demo.counter"))
    call = choose(house.premises, state.about.id, Method.DOCUMENT_SEEN)
    assert await code_of(call) == faults.NOTICE_FIRST.name


async def test_a_document_that_disagrees_with_the_waybill_is_not_accepted(house: World) -> None:
    state = await present(house.premises, await chosen(house), card(waybill_name="演示乙"))
    assert isinstance(state, s.Refused)
    assert state.reason is RefusalReason.MISMATCH
    assert state.citations == ("realname.refusal",)
    assert (await house.premises.store.counts())["persons"] == 0


async def test_a_sender_who_shows_no_document_is_not_accepted_with_the_article(
    house: World,
) -> None:
    state = await present(house.premises, await chosen(house), Unwilling())
    assert isinstance(state, s.Refused)
    assert state.reason is RefusalReason.NO_DOCUMENT
    assert "courier.23" in state.citations


async def test_an_expired_document_is_refused_by_law_not_by_an_error(house: World) -> None:
    state = await present(house.premises, await chosen(house), card(expires="2020-01-01"))
    assert isinstance(state, s.Refused)
    assert state.reason is RefusalReason.INVALID_DOCUMENT


async def test_a_first_generation_number_is_refused_with_its_reason(house: World) -> None:
    state = await present(house.premises, await chosen(house), card(number="110105491231002"))
    assert isinstance(state, s.Refused)
    assert state.reason is RefusalReason.INVALID_DOCUMENT


async def test_a_slip_of_the_hand_changes_nothing_and_can_be_put_right(house: World) -> None:
    check = await chosen(house)
    wrong = CARD[:-1] + "0"
    assert await code_of(present(house.premises, check, card(number=wrong))) == (
        "document.check-digit"
    )
    state = await present(house.premises, check, card())
    assert isinstance(state, s.Passed)


async def test_a_source_that_is_down_leaves_the_check_undetermined_and_every_way_open(
    house: World,
) -> None:
    house.source.answer = DOWN
    check = await chosen(house, Method.NETWORK_CREDENTIAL)
    state = await present(house.premises, check, CredentialShown(presentation="x"))
    assert isinstance(state, s.Undetermined)
    assert state.why == "source-down"
    await choose(house.premises, check, Method.DOCUMENT_SEEN)
    assert isinstance(await present(house.premises, check, card()), s.Passed)


async def test_a_source_that_says_no_is_not_a_pass(house: World) -> None:
    house.source.answer = DENIED
    check = await chosen(house, Method.NETWORK_CREDENTIAL)
    state = await present(house.premises, check, CredentialShown(presentation="x"))
    assert not isinstance(state, s.Passed)


async def test_an_order_verified_in_the_app_is_seen_but_not_collected_at_the_counter(
    house: World,
) -> None:
    online = await present(house.premises, await chosen(house), card())
    code = await issue_order_code(house.premises, online.about.id)
    shown = OrderCodeShown(code=code, document_seen=True, agrees=True)
    check = await chosen(house, Method.ORDER_CODE)
    state = await present(house.premises, check, shown)
    assert isinstance(state, s.Passed)
    assert state.register == "kept"
    again = await chosen(house, Method.ORDER_CODE)
    assert await code_of(present(house.premises, again, shown)) == "method.code-already-used"


async def test_a_machine_s_reader_sees_the_card_of_who_ordered_and_no_other(house: World) -> None:
    online = await present(house.premises, await chosen(house), card())
    code = await issue_order_code(house.premises, online.about.id)
    other = card(number="990101199003071210", name="旁人乙", waybill_name="旁人乙")
    foreign = OrderCodeShown(code=code, document_seen=True, document=other)
    no = await present(house.premises, await chosen(house, Method.ORDER_CODE), foreign)
    assert not isinstance(no, s.Passed)
    expired = OrderCodeShown(code=code, document_seen=True, document=card(expires="2020-01-01"))
    no = await present(house.premises, await chosen(house, Method.ORDER_CODE), expired)
    assert not isinstance(no, s.Passed)
    own = OrderCodeShown(code=code, document_seen=True, document=card())
    state = await present(house.premises, await chosen(house, Method.ORDER_CODE), own)
    assert isinstance(state, s.Passed)
    assert state.register == "kept"
    assert (await house.premises.store.counts())["persons"] == 1
    house.nothing_leaked()


async def test_a_parcel_left_unseen_is_undetermined_never_passed(house: World) -> None:
    check = await chosen(house, unseen=True)
    state = await present(house.premises, check, card())
    assert isinstance(state, s.Undetermined)


async def test_a_letter_needs_no_document(house: World) -> None:
    state = await open_check(house.premises, Opening(scene="demo.counter", thing=Thing.LETTER))
    assert state.about.demands.get("show", "nothing") == "nothing"


async def test_an_organisation_is_registered_with_its_representative(house: World) -> None:
    check = await chosen(house, Method.ORGANISATION, sender=Sender.ORGANISATION)
    shown = OrganisationShown(
        uscc="91350100M000100Y43",
        name="示例公司",
        representative=card(waybill_name="", agrees=True),
        waybill_name="示例公司",
    )
    house.planted |= {"91350100M000100Y43", "示例公司"}
    state = await present(house.premises, check, shown)
    assert isinstance(state, s.Passed)
    assert state.register == "collected"
    house.nothing_leaked()


async def test_sending_for_another_checks_whoever_hands_the_parcel_over(house: World) -> None:
    check = await chosen(house, subject=Subject.FOR_ANOTHER)
    assert isinstance(await present(house.premises, check, card()), s.Passed)


async def test_declining_a_way_costs_nothing_and_is_never_asked_again(house: World) -> None:
    check = await chosen(house)
    await decline(house.premises, check, Method.NETWORK_CREDENTIAL)
    call = choose(house.premises, check, Method.NETWORK_CREDENTIAL)
    assert await code_of(call) == faults.DECLINED_BEFORE.name
    await choose(house.premises, check, Method.DOCUMENT_SEEN)
    assert isinstance(await present(house.premises, check, card()), s.Passed)


async def test_help_is_recorded_once_and_changes_nothing(house: World) -> None:
    check = await chosen(house, subject=Subject.HELPED)
    await help_given(house.premises, check)
    state = await help_given(house.premises, check)
    assert state.journey.helped
    assert isinstance(await present(house.premises, check, card()), s.Passed)


async def test_a_person_who_walks_away_leaves_nothing(house: World) -> None:
    state = await conclude(house.premises, await chosen(house), "walked-away")
    assert isinstance(state, s.Abandoned)
    assert (await house.premises.store.counts())["persons"] == 0


async def test_a_check_whose_time_is_over_expires_and_collects_nothing(house: World) -> None:
    check = await chosen(house)
    house.clock.move(timedelta(minutes=16))
    assert await code_of(present(house.premises, check, card())) == faults.EXPIRED.name
    assert (await expire_due(house.premises, house.clock.now())).closed == 1
    assert isinstance(await house.verify(check), s.Expired)


async def test_a_finished_check_does_not_move(house: World) -> None:
    check = await chosen(house)
    await present(house.premises, check, card())
    assert await code_of(present(house.premises, check, card())) == faults.FINISHED.name


async def test_a_pickup_code_of_an_unknown_scene_is_not_issued(house: World) -> None:
    call = issue_pickup_code(house.premises, "nowhere", "p-1", 10)
    assert await code_of(call) == faults.SCENE_UNKNOWN.name


async def test_evidence_of_another_way_is_refused_as_unfit(house: World) -> None:
    check = await chosen(house)
    call = present(house.premises, check, AgreementShown(agreement="a"))
    assert await code_of(call) == faults.EVIDENCE_UNFIT.name
    assert NAME in house.planted
