"""Whole checks in one call and in batches: the same states, the same law, one commit."""

import asyncio

import msgspec
import pytest
from tests.world import CARD, World, card, numbers

from liangming.check import WholeCheck, whole, whole_many
from liangming.check import states as s
from liangming.errors import LiangmingError
from liangming.law.words import Method
from liangming.method import Unwilling


def check_of(house: World, number: str = CARD, **more: object) -> WholeCheck:
    digest = house.premises.notice(house.premises.scenes["demo.counter"]).digest
    made = WholeCheck(
        scene="demo.counter",
        method=Method.DOCUMENT_SEEN,
        evidence=card(number),
        notice=digest,
    )
    return msgspec.structs.replace(made, **more)


async def test_one_call_leaves_the_same_events_as_step_by_step(house: World) -> None:
    state = await whole(house.premises, check_of(house, helped=True))
    assert isinstance(await house.verify(state.about.id), s.Passed)
    leaves = await house.premises.store.leaves(state.about.id)
    assert [leaf.tag for leaf in leaves] == [
        "check:check:opened",
        "check:notice:shown",
        "check:staff:helped",
        "check:method:chosen",
        "check:evidence:presented",
        "check:outcome:passed",
    ]


async def test_a_batch_keeps_order_and_one_bad_check_fails_alone(house: World) -> None:
    good = numbers(3)
    batch = [
        check_of(house, good[0]),
        check_of(house, good[0]),
        check_of(house, scene="nowhere"),
        check_of(house, evidence=Unwilling()),
        check_of(house, notice="0" * 64),
        check_of(house, good[1]),
    ]
    results = await whole_many(house.premises, batch)
    told = [
        r.code.name
        if isinstance(r, LiangmingError)
        else s.tag(r) + ":" + getattr(r, "register", "")
        for r in results
    ]
    assert told == [
        "passed:collected",
        "passed:kept",
        "check.scene-unknown",
        "refused:",
        "check.notice-changed",
        "passed:collected",
    ]
    assert (await house.premises.store.counts())["persons"] == 2
    for result in results:
        if not isinstance(result, LiangmingError):
            await house.verify(result.about.id)


async def test_a_hundred_at_once_for_one_new_person_register_once(house: World) -> None:
    states = await asyncio.gather(*(whole(house.premises, check_of(house)) for _ in range(100)))
    assert all(isinstance(state, s.Passed) for state in states)
    assert (await house.premises.store.counts())["persons"] == 1


async def test_a_declined_way_is_in_the_record_of_one_call_too(house: World) -> None:
    check = check_of(house, declined=(Method.NETWORK_CREDENTIAL,))
    state = await whole(house.premises, check)
    assert state.journey.declined == (Method.NETWORK_CREDENTIAL,)


async def test_choosing_what_was_declined_in_one_call_is_refused(house: World) -> None:
    with pytest.raises(LiangmingError) as caught:
        await whole(house.premises, check_of(house, declined=(Method.DOCUMENT_SEEN,)))
    assert caught.value.code.name == "check.declined-before"
    assert (await house.premises.store.counts())["checks"] == 0
