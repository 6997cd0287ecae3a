"""A notice is drafted by one, approved by another, in force from a midnight on, and never changed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import given
from hypothesis import strategies as st
from tests.check.test_face import at_face, consented, outcome
from tests.rights.people import Desk, code_of
from tests.world import NOON, card, face_scene, scene, world

from liangming import consent as consents
from liangming.check import Opening, WholeCheck, open_check, present, whole
from liangming.check import states as s
from liangming.check.journey import choose, consent, show_face_notice, show_notice
from liangming.clock import china_date
from liangming.errors import LiangmingError
from liangming.governance import Kind, board, notices
from liangming.governance.notices.difference import difference
from liangming.governance.notices.states import begins
from liangming.law.words import Method
from liangming.notice import FACE, Change, Edition, ItemKind, Shelf, Wording, families, in_force
from liangming.notice.fit import must_fit
from liangming.rights import RightsDesk
from liangming.rights.consent_record import consent_record
from liangming.storage import open_docket

TOMORROW = china_date(NOON) + timedelta(days=1)
BASE = families()[FACE]


@pytest_asyncio.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with world(tmp_path, scene(), face_scene()) as house:
        made = RightsDesk(premises=house.premises, docket=open_docket(house.premises.store))
        yield Desk(house, made)


def said(**changed: str) -> dict[str, dict[str, str]]:
    """The face's wording with changed items in Chinese."""
    return {"zh": {**BASE.zh, **changed}, "en": dict(BASE.en)}


async def approved(desk: Desk, change: Change = Change.FIRST, **changed: str) -> notices.Approved:
    """Drafted today and approved for tomorrow."""
    today = china_date(desk.house.clock.now())
    state = await notices.draft(
        desk.desk, operator="demo", family=FACE, change=change, since=today + timedelta(days=1),
        by="officer-a", **said(**changed),
    )  # fmt: skip
    return await notices.approve(desk.desk, state.id, by="officer-b")


async def test_it_takes_two_and_holds_from_midnight_in_china(desk: Desk):
    state = await notices.draft(
        desk.desk, operator="demo", family=FACE, change=Change.FIRST, since=TOMORROW,
        by="officer-a", key="k1", **said(need="刷脸不是必需的，由您决定。"),
    )  # fmt: skip
    again = {"by": "officer-a"}, {"by": "officer-c", "key": "k1"}
    for who in again:
        got = await code_of(notices.approve(desk.desk, state.id, **who))
        assert got == "governance.notice-same-hands"
    await notices.approve(desk.desk, state.id, by="officer-b", key="k2")
    late = notices.approve(desk.desk, state.id, by="officer-c")
    assert await code_of(late) == "governance.notice-decided"
    place, premises = desk.house.premises.scenes["demo.face"], desk.house.premises
    begun = begins(TOMORROW)
    assert begun == datetime(2026, 11, 24, 16, tzinfo=UTC)
    just_before = premises.notice(place, FACE, at=begun - timedelta(microseconds=1)).notice
    assert (just_before.version, premises.notice(place, FACE, at=begun).notice.version) == (
        "face@1",
        "face@1001",
    )
    assert await desk.tags(state.id) == ["governance:notice:drafted", "governance:notice:approved"]


async def test_no_day_in_the_past_and_none_before_an_approved_one(desk: Desk):
    for since in (TOMORROW - timedelta(days=1), date(2020, 1, 1)):
        draft = notices.draft(
            desk.desk, operator="demo", family=FACE, change=Change.FIRST, since=since,
            by="officer-a", **said(),
        )  # fmt: skip
        assert await code_of(draft) == "governance.notice-too-soon"
    state = await notices.draft(
        desk.desk, operator="demo", family=FACE, change=Change.FIRST, since=TOMORROW,
        by="officer-a", **said(),
    )  # fmt: skip
    desk.house.clock.set(begins(TOMORROW))  # the day has begun: it can no longer be approved
    late = notices.approve(desk.desk, state.id, by="officer-b")
    assert await code_of(late) == "governance.notice-too-soon"
    await notices.decline(desk.desk, state.id, by="officer-a")
    assert (await notices.listed(desk.desk, "demo", FACE))[0].digest == state.digest


async def test_only_what_is_used_is_drafted_and_the_change_is_said(desk: Desk):
    told = {"change": Change.FIRST, "since": TOMORROW, "by": "a", **said()}
    for operator, family in (("else", FACE), ("demo", "vending"), ("demo", "x")):
        call = notices.draft(desk.desk, operator=operator, family=family, **told)
        assert await code_of(call) == "governance.notice-family"
    for change in set(Change) - {Change.FIRST}:
        call = notices.draft(desk.desk, operator="demo", family=FACE, **{**told, "change": change})
        assert await code_of(call) == "governance.notice-change"
    await approved(desk)
    call = notices.draft(
        desk.desk, operator="demo", family=FACE, **{**told, "since": TOMORROW + timedelta(days=9)}
    )
    assert await code_of(call) == "governance.notice-change"
    same = {**told, "change": Change.WORDING, "since": TOMORROW + timedelta(days=9)}
    call = notices.draft(desk.desk, operator="demo", family=FACE, **same)
    assert await code_of(call) == "governance.notice-same"


@pytest.mark.parametrize(
    ("item", "text", "code"),
    [
        ("why", "", "item-missing"),
        ("why", "x" * 401, "item-missing"),
        ("why", "没有写目的。", "place-unfit"),
        ("need", "{operator.__class__}", "place-unfit"),
        ("need", "{number}", "place-unfit"),
        ("need", "{outlet!r}", "place-unfit"),
        ("need", "{outlet:>9}", "place-unfit"),
        ("need", "{", "place-unfit"),
        ("choice", "推荐刷脸，更快。", "bait"),
    ],
)
def test_a_wording_leaves_no_hole_and_pushes_nobody(item: str, text: str, code: str):
    with pytest.raises(LiangmingError) as caught:
        must_fit({**BASE.zh, item: text}, BASE.en)
    assert caught.value.code.name == f"notice.{code}"


@pytest.mark.parametrize("family", sorted(families()))
def test_every_wording_of_the_release_fits(family: str):
    must_fit(families()[family].zh, families()[family].en)
    with pytest.raises(LiangmingError):
        must_fit(families()[family].zh, {})


async def test_a_check_in_flight_keeps_the_wording_it_opened_with(desk: Desk):
    await approved(desk, need="由您自己决定。")
    house = desk.house
    house.clock.set(begins(TOMORROW) - timedelta(minutes=2))
    check = await at_face(house)
    house.clock.move(timedelta(minutes=5))  # over midnight: a mere first version
    await show_face_notice(house.premises, check, device="dev-1")
    state = await consent(house.premises, check, device="dev-1", age=30)
    assert isinstance(state, s.Consented)
    assert state.journey.face_notice is not None
    assert state.journey.face_notice.version == "face@1"
    passed = await present(house.premises, check, outcome(house, state, "match"))
    assert isinstance(passed, s.Passed)
    new = await at_face(house)
    shown = await show_face_notice(house.premises, new, device="dev-1")
    assert shown.journey.face_notice is not None
    assert shown.journey.face_notice.version == "face@1001"


@pytest.mark.parametrize("change", [Change.WORDING, Change.PURPOSE, Change.METHOD, Change.TYPE])
async def test_a_consent_counts_no_more_when_purpose_method_or_type_changed(
    desk: Desk, change: Change
):
    house = desk.house
    await approved(desk, need="由您自己决定。")
    house.clock.set(begins(TOMORROW))
    after = await approved(desk, change, why="目的：{purpose}。用于一对一比对。")
    house.clock.set(begins(after.since) - timedelta(minutes=2))
    state = await consented(house)
    house.clock.move(timedelta(minutes=4))
    call = present(house.premises, state.about.id, outcome(house, state, "match"))
    if change is Change.WORDING:
        assert isinstance(await call, s.Passed)
        return
    assert await code_of(call) == consents.NOTICE_SUPERSEDED.name
    # Asked anew, under the notice in force: the face again, its notice, a consent of its own.
    await choose(house.premises, state.about.id, Method.FACE)
    stale = consent(house.premises, state.about.id, device="dev-1", age=30)
    assert await code_of(stale) == consents.NOTICE_SUPERSEDED.name
    await show_face_notice(house.premises, state.about.id, device="dev-1")
    again = await consent(house.premises, state.about.id, device="dev-1", age=30)
    assert isinstance(again, s.Consented)
    passed = await present(house.premises, state.about.id, outcome(house, again, "match"))
    assert isinstance(passed, s.Passed)


async def test_a_consent_ends_with_its_check_and_its_record_says_so(desk: Desk):
    await approved(desk, need="由您自己决定。")
    house = desk.house
    house.clock.set(begins(TOMORROW))
    state = await consented(house)
    told = state.journey.consent
    assert told is not None
    assert told.until == state.about.expires_at
    record = await consent_record(desk.desk, state.about.id)
    assert record["dpv:hasConsentStatus"] == {"@id": "dpv:ConsentGiven"}
    assert record["dpv:hasNotice"]["dct:hasVersion"] == "face@1001"
    assert record["dpv:hasNotice"]["dct:dateAccepted"]["@value"].startswith("2026-11-24")
    house.clock.set(state.about.expires_at - timedelta(microseconds=1))
    assert told.standing(house.clock.now()) is consents.State.GIVEN
    house.clock.set(state.about.expires_at)
    assert told.standing(house.clock.now()) is consents.State.EXPIRED
    record = await consent_record(desk.desk, state.about.id)
    assert record["dpv:hasConsentStatus"] == {"@id": "dpv:ConsentExpired"}


async def test_a_check_in_one_call_names_the_notice_of_its_day(desk: Desk):
    today = china_date(desk.house.clock.now())
    base = families()["parcel-send"]
    state = await notices.draft(
        desk.desk, operator="demo", family="parcel-send", change=Change.FIRST,
        since=today + timedelta(days=1), by="officer-a",
        zh={**base.zh, "need": "依法必需。"}, en=dict(base.en),
    )  # fmt: skip
    await notices.approve(desk.desk, state.id, by="officer-b")
    place = desk.house.premises.scenes["demo.counter"]

    def sent(digest: str) -> WholeCheck:
        return WholeCheck(
            scene="demo.counter", method=Method.DOCUMENT_SEEN, evidence=card(), notice=digest
        )

    old = desk.house.premises.notice(place).digest
    assert isinstance(await whole(desk.house.premises, sent(old)), s.Passed)
    desk.house.clock.set(begins(today + timedelta(days=1)))
    assert await code_of(whole(desk.house.premises, sent(old))) == "check.notice-changed"
    new = desk.house.premises.notice(place).digest
    assert isinstance(await whole(desk.house.premises, sent(new)), s.Passed)
    opened = await open_check(desk.house.premises, Opening(scene="demo.counter"))
    await show_notice(desk.house.premises, opened.about.id)
    assert opened.about.notice == new
    assert {each.digest for each in desk.house.premises.every_notice(place)} == {old, new}


async def test_what_was_approved_is_there_again_after_a_restart(desk: Desk):
    state = await approved(desk, need="由您自己决定。")
    desk.house.premises.shelf.put(())
    await notices.shelve(desk.house.premises, desk.desk.docket)
    edition = desk.house.premises.shelf.edition("demo", FACE, begins(state.since))
    assert edition == state.edition


async def test_the_board_names_what_nobody_approved_and_what_waits(desk: Desk):
    async def mine() -> set[str]:
        return {d.id for d in await board(desk.desk) if d.kind is Kind.NOTICE}

    assert await mine() == {"notice/demo/face", "notice/demo/parcel-send"}
    state = await notices.draft_release(
        desk.desk, operator="demo", family=FACE, change=Change.FIRST, since=TOMORROW, by="a"
    )
    assert state.wording.version == 1
    assert await mine() == {"notice/demo/face", "notice/demo/parcel-send", state.id}
    await notices.approve(desk.desk, state.id, by="b")
    assert await mine() == {"notice/demo/parcel-send"}


def test_a_difference_shows_what_went_and_what_came_and_never_cuts_a_place():
    after = Wording(FACE, 2, {**BASE.zh, "need": BASE.zh["need"] + "请放心。"}, BASE.en)
    changed = [each for each in difference(BASE, after) if not each.same]
    assert [(each.kind, each.language) for each in changed] == [(ItemKind.NEED, "zh")]
    assert "".join(p.text for p in changed[0].pieces if p.how != "gone") == after.zh["need"]
    assert "".join(p.text for p in changed[0].pieces if p.how != "new") == BASE.zh["need"]
    other = Wording(FACE, 2, {**BASE.zh, "who": "{operator}与{contact}"}, BASE.en)
    who = next(each for each in difference(BASE, other) if each.kind is ItemKind.WHO)
    assert all(p.text.count("{") == p.text.count("}") for p in who.pieces)


DAYS = st.integers(0, 3000).map(lambda n: date(2026, 1, 1) + timedelta(days=n))


@given(st.lists(st.tuples(DAYS, st.sampled_from(Change)), unique_by=lambda x: x[0]), DAYS)
def test_at_every_moment_exactly_the_last_edition_that_began_is_in_force(
    made: list[tuple[date, Change]], day: date
):
    editions = [
        Edition(
            operator="o", wording=Wording(FACE, 1001 + n, {}, {}), change=change,
            since=begins(since), approved_at=begins(since) - timedelta(days=1),
        )
        for n, (since, change) in enumerate(made)
    ]  # fmt: skip
    at = begins(day) + timedelta(hours=13)
    found = in_force(editions, at)
    begun = [each for each in editions if each.since <= at]
    assert (found is None) is (not begun)
    if found is not None:
        assert all(each.since <= found.since for each in begun)
    shelf = Shelf(editions)
    told = at - timedelta(days=400)
    between = [
        e
        for e in editions
        if told < e.since <= at and e.change not in {Change.FIRST, Change.WORDING}
    ]
    assert shelf.matters("o", FACE, told, at) is bool(between)
    assert shelf.matters("o", FACE, at, at) is False
