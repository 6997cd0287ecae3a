"""What every store does, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import msgspec
import pytest
from tests.storage.rows import (
    AT,
    HOUR,
    NOW,
    bytes_of,
    check_row,
    client_row,
    consent_row,
    leaf_row,
    note,
    opening,
    person_row,
    pickup,
    redemption,
)

from liangming.check.ports import CODE_USED, KEY_REUSED, MOVED_ON, STORE_BUSY, STORE_DOWN
from liangming.errors import LiangmingError, Misuse, Outage, Refusal
from liangming.storage import open_docket, open_store
from liangming.storage.codes import UNFIT

replace = msgspec.structs.replace


def moved_on(change, *, leaves=1, **other):
    """The next move of the same check."""
    check = replace(change.check, version=change.check.version + 1, **other)
    first = len(change.leaves)
    rows = tuple(leaf_row(check.id, first + n, tag="check:method:chosen") for n in range(leaves))
    return replace(change, check=check, leaves=rows, person=None, remember=None, redeem=())


async def outcomes(tasks) -> list[str]:
    results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if result is not None and not isinstance(result, LiangmingError):
            raise result
    return ["landed" if result is None else result.code.name for result in results]


async def code_of(awaitable) -> str:
    with pytest.raises(LiangmingError) as caught:
        await awaitable
    return caught.value.code.name


async def test_what_is_absent_is_none_or_left_out(store):
    assert await store.check("chk_none") is None
    assert await store.leaves("chk_none") == []
    assert await store.persons([bytes_of("nobody", 16)]) == {}
    assert await store.persons([]) == {}
    assert await store.remembered("c", "r", "k") is None
    assert await store.consent("cns_none") is None
    assert await store.pickup_code(bytes_of("none", 32), NOW) is None
    assert await store.redeemed(bytes_of("none", 32)) is False
    assert await store.client("cli_none") is None
    assert await store.clients() == []
    assert await store.due_for_expiry(NOW, 10) == []
    assert await store.due_for_erasure(NOW, 10) == []
    assert await store.erase(bytes_of("nobody", 16), []) is False
    assert await store.tail(-1, 10) == []
    assert await store.commit_many([]) == []


async def test_a_change_comes_back_as_it_was_written(store):
    person = person_row("a")
    check = check_row(person=person.person)
    leaves = (leaf_row(check.id, 0), leaf_row(check.id, 1))
    consent = consent_row("cns_1", check.id)
    remember = note("k1")
    await store.commit(
        opening(
            check=check,
            leaves=leaves,
            person=person,
            consent=consent,
            redeem=(redemption("handover"),),
            remember=remember,
        )
    )
    assert await store.check(check.id) == check
    assert await store.leaves(check.id) == list(leaves)
    assert await store.persons([person.person, bytes_of("b", 16)]) == {person.person: person}
    assert await store.consent("cns_1") == consent
    assert await store.remembered("cli_1", "/v1/checks", "k1") == remember
    assert await store.redeemed(redemption("handover").code) is True
    assert await store.tail(-1, 10) == [(0, leaves[0].leaf), (1, leaves[1].leaf)]


async def test_a_move_changes_state_and_keeps_what_was_settled_at_opening(store):
    first = opening()
    await store.commit(first)
    second = moved_on(
        first,
        state="passed",
        changed_at=AT + 5,
        body=b'{"state":"passed"}',
        leaf_key=b"\3" + b"k" * 32,
        scene="elsewhere",
    )
    await store.commit(second)
    expected = replace(second.check, scene=first.check.scene)
    assert await store.check(first.check.id) == expected


async def test_a_move_from_an_old_version_is_refused_and_writes_nothing(store):
    first = opening()
    await store.commit(first)
    await store.commit(moved_on(first, state="choosing"))
    stale = replace(
        moved_on(first, state="abandoned"), person=person_row("late"), remember=note("late")
    )
    assert await code_of(store.commit(stale)) == MOVED_ON.name
    assert (await store.check(first.check.id)).state == "choosing"
    assert await store.persons([person_row("late").person]) == {}
    assert await store.remembered("cli_1", "/v1/checks", "late") is None
    assert len(await store.tail(-1, 10)) == 2


async def test_a_second_opening_of_one_check_and_a_move_of_none_are_refused(store):
    first = opening()
    await store.commit(first)
    assert await code_of(store.commit(first)) == MOVED_ON.name
    assert await code_of(store.commit(moved_on(opening()))) == MOVED_ON.name
    assert (await store.counts())["checks"] == 1


async def test_of_a_hundred_movers_of_one_check_exactly_one_wins(store):
    first = opening()
    await store.commit(first)
    movers = [store.commit(moved_on(first, outlet=f"o{n}")) for n in range(100)]
    results = await outcomes(movers)
    assert results.count("landed") == 1
    assert results.count(MOVED_ON.name) == 99
    assert len(await store.leaves(first.check.id)) == 2


async def test_of_a_hundred_posts_under_one_key_exactly_one_opens_a_check(store):
    results = await outcomes(store.commit(opening(remember=note("same"))) for _ in range(100))
    assert results.count("landed") == 1
    assert results.count(MOVED_ON.name) == 99
    assert (await store.counts())["checks"] == 1


async def test_a_key_with_another_body_is_refused_by_its_own_code(store):
    await store.commit(opening(remember=note("k")))
    other = opening(remember=note("k", digest=bytes_of("other body", 32)))
    assert await code_of(store.commit(other)) == KEY_REUSED.name
    assert await store.check(other.check.id) is None


async def test_of_a_hundred_uses_of_one_code_exactly_one_opens_something(store):
    results = await outcomes(store.commit(opening(redeem=(redemption("one"),))) for _ in range(100))
    assert results.count("landed") == 1
    assert results.count(CODE_USED.name) == 99


async def test_a_used_code_is_a_refusal_and_a_stale_version_a_misuse(store):
    first = opening(redeem=(redemption("c"),))
    await store.commit(first)
    with pytest.raises(Refusal):
        await store.commit(opening(redeem=(redemption("c"),)))
    with pytest.raises(Misuse):
        await store.commit(first)


async def test_a_code_twice_in_one_change_is_refused(store):
    twice = opening(redeem=(redemption("t"), redemption("t")))
    assert await code_of(store.commit(twice)) == CODE_USED.name
    assert await store.redeemed(redemption("t").code) is False


async def test_a_change_that_fails_takes_no_other_with_it_and_order_is_kept(store):
    await store.commit(opening(remember=note("taken"), redeem=(redemption("used"),)))
    good = [opening(leaves=2) for _ in range(4)]
    changes = [
        good[0],
        opening(redeem=(redemption("used"),)),
        good[1],
        opening(remember=note("taken", digest=bytes_of("x", 32))),
        good[2],
        moved_on(opening()),
        good[3],
        moved_on(good[3], state="choosing"),
    ]
    results = await store.commit_many(changes)
    assert [result and result.code.name for result in results] == [
        None,
        CODE_USED.name,
        None,
        KEY_REUSED.name,
        None,
        MOVED_ON.name,
        None,
        None,
    ]
    landed = [leaf.leaf for change in (*good, changes[-1]) for leaf in change.leaves]
    assert [leaf for _, leaf in await store.tail(0, 100)] == landed
    assert (await store.check(good[3].check.id)).state == "choosing"
    assert (await store.check(good[3].check.id)).version == 2


@pytest.mark.parametrize("text", ["\ud800", "x" * 200 + "\0" * 3])
async def test_a_value_that_cannot_be_stored_fails_alone_and_is_not_repeated(store, url, text):
    if "\0" in text and url.startswith("sqlite"):
        text = "\udfff"  # SQLite takes long texts and NUL; a lone surrogate is nowhere a text
    good = [opening(), opening()]
    bad = opening(check=check_row(outlet=text))
    results = await store.commit_many([good[0], bad, good[1]])
    assert [result and result.code.name for result in results] == [None, UNFIT.name, None]
    assert await store.check(good[1].check.id) == good[1].check
    assert len(await store.tail(-1, 9)) == 2


async def test_a_leaf_number_that_exists_fails_alone(store):
    first = opening()
    await store.commit(first)
    again = replace(moved_on(first), leaves=(leaf_row(first.check.id, 0),))
    good = opening()
    results = await store.commit_many([again, good])
    assert [result and result.code.name for result in results] == [MOVED_ON.name, None]
    assert (await store.check(first.check.id)).version == 1
    assert [seq for seq, _ in await store.tail(-1, 9)] == [0, 1]


async def test_leaves_come_with_their_events_in_the_order_of_the_log(store):
    assert await store.leaves_after(-1, 10) == []
    for _ in range(3):
        await store.commit(opening())
    rows = await store.leaves_after(-1, 1000)
    assert [(place, row.leaf) for place, row in rows] == await store.tail(-1, 1000)
    assert await store.leaves_after(rows[0][0], 2) == rows[1:3]
    for _, row in rows:
        assert row in await store.leaves(row.check)


async def test_places_in_the_log_are_dense_and_keep_each_checks_order(store):
    async def one() -> None:
        change = opening(leaves=2)
        await store.commit(change)
        change = moved_on(change, leaves=3)
        await store.commit(change)
        with pytest.raises(Misuse):
            await store.commit(change)

    await asyncio.gather(*(one() for _ in range(60)))
    places = await store.tail(-1, 1000)
    assert [seq for seq, _ in places] == list(range(300))
    assert [seq for seq, _ in await store.tail(41, 3)] == [42, 43, 44]
    assert len({leaf for _, leaf in places}) == 300


async def test_a_person_met_again_keeps_the_first_record_and_moves_forward_only(store):
    first = person_row("p")
    await store.commit(opening(person=first))
    again = person_row("p", keep_until=AT + 48 * HOUR, last_seen_at=AT + 7)
    await store.commit(opening(person=replace(again, sealed=b"collected again")))
    await store.commit(opening(person=person_row("p", keep_until=AT, last_seen_at=AT - 9)))
    expected = replace(first, keep_until=AT + 48 * HOUR, last_seen_at=AT + 7)
    assert await store.persons([first.person]) == {first.person: expected}


async def test_a_check_lands_only_under_the_key_its_person_has_in_the_end(store):
    """Its leaf key is kept under that key: under another it would be lost."""
    first, second = (person_row("p", wrapped_key=key) for key in (b"first", b"second"))
    results = await store.commit_many([opening(person=first), opening(person=second)])
    assert [no and no.code for no in results] == [None, MOVED_ON]
    late, stale = opening(person=second), opening(seen=second)
    assert await code_of(store.commit(late)) == MOVED_ON.name
    assert await code_of(store.commit(stale)) == MOVED_ON.name
    assert [await store.check(no.check.id) for no in (late, stale)] == [None, None]
    await store.commit(opening(seen=first))
    assert await store.persons([first.person]) == {first.person: first}
    await store.rewrap([(first.person, b"first", b"moved")])
    assert await code_of(store.commit(opening(seen=first))) == MOVED_ON.name
    await store.commit(opening(seen=replace(first, wrapped_key=b"moved")))


async def test_a_person_seen_again_moves_forward_only_also_within_one_group(store):
    person = person_row("q")
    later = check_row(person=person.person, changed_at=AT + 50)
    results = await store.commit_many(
        [
            opening(person=person),
            opening(check=later, leaves=(), seen=person, seen_keep_until=AT + 99 * HOUR),
            opening(seen=person, seen_keep_until=AT),
        ]
    )
    assert results == [None, None, None]
    expected = replace(person, last_seen_at=AT + 50, keep_until=AT + 99 * HOUR)
    assert await store.persons([person.person]) == {person.person: expected}
    await store.commit(opening(seen=person, seen_keep_until=AT + 100 * HOUR))
    assert (await store.persons([person.person]))[person.person].keep_until == AT + 100 * HOUR


async def test_a_person_who_was_erased_meanwhile_is_not_merely_seen(store):
    gone = opening(seen=person_row("erased"))
    assert await code_of(store.commit(gone)) == MOVED_ON.name
    assert await store.check(gone.check.id) is None


async def test_an_answer_is_remembered_for_a_day_and_then_the_key_is_free(store, clock):
    await store.commit(opening(remember=note("k")))
    clock.move(timedelta(hours=24) - timedelta(microseconds=1))
    assert await store.remembered("cli_1", "/v1/checks", "k") is not None
    clock.move(timedelta(microseconds=1))
    assert await store.remembered("cli_1", "/v1/checks", "k") is None
    fresh = note("k", at=AT + 24 * HOUR, digest=bytes_of("other", 32), status=200)
    await store.commit(opening(remember=fresh))
    assert await store.remembered("cli_1", "/v1/checks", "k") == fresh


async def test_many_answers_are_found_at_once_each_under_its_own_key(store, clock):
    await store.commit(opening(remember=note("old")))
    clock.move(timedelta(hours=24))
    notes = [note(f"k{n}", at=AT + 24 * HOUR) for n in range(600)]
    notes += [note("k1", at=AT + 24 * HOUR, client="cli_2")]
    await store.commit_many([opening(remember=each) for each in notes])
    places = [(each.client, each.route, each.key) for each in notes]
    asked = [*places, ("cli_1", "/v1/checks", "old"), ("cli_2", "/v1/checks", "k2"), places[0]]
    assert await store.remembered_many(asked) == dict(zip(places, notes, strict=True))
    assert await store.remembered_many([]) == {}


async def test_a_leap_of_the_clock_frees_no_key(store, clock, monkeypatch):
    await store.commit(opening(remember=note("k")))
    clock.move(timedelta(days=30))
    monkeypatch.setattr(clock, "settled", lambda: False)
    assert await store.remembered("cli_1", "/v1/checks", "k") == note("k")
    monkeypatch.undo()
    assert await store.remembered("cli_1", "/v1/checks", "k") is None


async def test_a_key_belongs_to_its_client_and_route(store):
    await store.commit(opening(remember=note("k")))
    await store.commit(opening(remember=note("k", client="cli_2")))
    await store.commit(opening(remember=note("k", route="/v1/other")))
    assert (await store.counts())["remembered"] == 3


async def test_a_sweep_forgets_old_keys_and_codes_and_nothing_else(store):
    await store.commit(opening(remember=note("old"), redeem=(redemption("handover"),)))
    await store.commit(opening(remember=note("new", at=AT + HOUR)))
    await store.issue_pickup_code(pickup("old", expires_at=AT))
    await store.issue_pickup_code(pickup("new"))
    await store.commit(opening(redeem=(redemption("old"),)))
    assert await store.sweep(NOW + timedelta(hours=24)) == 2
    assert await store.redeemed(redemption("old").code) is False
    assert await store.redeemed(redemption("handover").code) is True
    counts = await store.counts()
    assert (counts["remembered"], counts["pickup_codes"], counts["checks"]) == (1, 1, 3)


async def test_a_consent_keeps_its_last_word(store):
    first = opening()
    given = consent_row("cns_2", first.check.id)
    await store.commit(replace(first, consent=given))
    withdrawn = replace(given, state="withdrawn", at=AT + 3)
    await store.commit(replace(moved_on(first), consent=withdrawn))
    assert await store.consent("cns_2") == withdrawn


async def test_a_pickup_code_opens_until_it_expires_or_was_used(store):
    code = pickup("x")
    await store.issue_pickup_code(code)
    assert await store.pickup_code(code.digest, NOW) == code
    assert await store.pickup_code(code.digest, NOW + timedelta(hours=1)) is None
    with pytest.raises(Misuse) as caught:
        await store.issue_pickup_code(code)
    assert caught.value.code == CODE_USED
    await store.commit(opening(redeem=(redemption("x"),)))
    assert await store.pickup_code(code.digest, NOW) is None


async def test_a_digest_that_was_redeemed_is_not_issued(store):
    await store.commit(opening(redeem=(redemption("used"),)))
    assert await code_of(store.issue_pickup_code(pickup("used"))) == CODE_USED.name


async def test_clients_are_listed_oldest_first_and_each_change_wins_once(store):
    docket = open_docket(store)
    younger = client_row("cli_b", scenes=("s1", "s2"), days=30, expires_at=AT + 1, hint="ab12")
    older = client_row("cli_c", created_at=AT - 1, scopes=())
    await docket.commit([], clients=[younger])
    await docket.commit([], clients=[older])
    assert await store.clients() == [older, younger]
    assert await store.client("cli_b") == younger
    revoked = replace(younger, revoked_at=AT, former=b"", version=2)
    await docket.commit([], [leaf_row("cli_b", 0)], clients=[revoked])
    assert await store.client("cli_b") == revoked
    for late in (revoked, older):
        lost = docket.commit([], [leaf_row("cli_late", 0)], clients=[late])
        assert await code_of(lost) == MOVED_ON.name
    assert await store.leaves("cli_late") == []  # nothing of it landed


async def test_the_day_of_last_use_only_moves_forward(store):
    docket = open_docket(store)
    await docket.commit([], clients=[client_row("cli_b")])
    for day, found in ((AT, AT), (AT - 1, AT), (AT + 1, AT + 1)):
        await docket.used(["cli_b", "cli_none"], day)
        assert (await store.client("cli_b")).used_on == found
    assert (await store.client("cli_b")).version == 1  # it races with no change


async def test_unfinished_checks_are_due_when_their_time_is_over_and_finished_never(store):
    late = opening(check=check_row(expires_at=AT - 1))
    later = opening(check=check_row(expires_at=AT - 5))
    undetermined = opening(check=check_row(expires_at=AT, state="undetermined"))
    ends = ("passed", "refused", "expired", "abandoned")
    done = [opening(check=check_row(expires_at=AT - 1, state=state)) for state in ends]
    await store.commit_many([late, later, undetermined, opening(), *done])
    due = await store.due_for_expiry(NOW, 10)
    assert due == [later.check, late.check, undetermined.check]
    assert await store.due_for_expiry(NOW, 1) == [later.check]
    await store.commit(moved_on(late, state="expired"))
    assert late.check.id not in {check.id for check in await store.due_for_expiry(NOW, 10)}


async def test_persons_are_due_for_erasure_when_their_retention_is_over(store):
    over, longer = person_row("1", keep_until=AT), person_row("2", keep_until=AT - 4)
    await store.commit_many(
        [opening(person=over), opening(person=longer), opening(person=person_row("3"))]
    )
    assert await store.due_for_erasure(NOW, 10) == [longer, over]


async def test_erasing_leaves_no_key_no_index_and_every_leaf(store):
    person, other = person_row("gone"), person_row("stays")
    mine = [opening(check=check_row(person=person.person), person=person) for _ in range(2)]
    theirs = opening(check=check_row(person=other.person), person=other)
    await store.commit_many([*mine, theirs])
    evidence = leaf_row("era_1", 0, tag="register:person:erased")
    assert await store.erase(person.person, [evidence]) is True
    assert await store.persons([person.person, other.person]) == {other.person: other}
    for change in mine:
        expected = replace(change.check, person=None, leaf_key=b"", version=2)
        assert await store.check(change.check.id) == expected
        assert await store.leaves(change.check.id) == list(change.leaves)
    assert await store.check(theirs.check.id) == theirs.check
    assert await store.tail(2, 9) == [(3, evidence.leaf)]
    assert await store.erase(person.person, [leaf_row("era_2")]) is False
    assert len(await store.tail(-1, 9)) == 4


async def test_an_erasure_that_came_due_spares_whoever_is_kept_longer_meanwhile(store):
    person = person_row("back", keep_until=AT + 1)
    await store.commit(opening(person=person))
    assert await store.erase(person.person, [leaf_row("era_1")], due=AT) is False
    assert await store.persons([person.person]) == {person.person: person}
    assert await store.erase(person.person, [leaf_row("era_1")], due=AT + 1) is True
    assert await store.persons([person.person]) == {}


async def test_wrapped_keys_are_walked_in_order_and_replaced_only_where_they_stand(store):
    rows = sorted((person_row(n) for n in "abc"), key=lambda row: row.person)
    await store.commit_many([opening(person=row) for row in rows])
    one, two, three = ((row.person, row.wrapped_key) for row in rows)
    assert await store.wrapped_keys(b"", 2) == [one, two]
    assert await store.wrapped_keys(two[0], 2) == [three]
    await store.rewrap([(*one, b"new"), (two[0], b"another", b"new")])
    assert await store.wrapped_keys(b"", 9) == [(one[0], b"new"), two, three]


async def test_checks_are_walked_in_the_order_of_their_ids(store):
    rows = [check_row(f"chk_{n}", state="passed" if n == "b" else "choosing") for n in "cab"]
    await store.commit_many([opening(check=row) for row in rows])
    assert [row.id for row in await store.checks_after("", 2)] == ["chk_a", "chk_b"]
    assert await store.checks_after("chk_b", 9) == [rows[0]]
    assert await store.checks_after("chk_c", 9) == []


async def test_checks_of_a_person_come_newest_first_and_none_after_an_erasure(store):
    person = person_row("p")
    a, b, c, d = (f"chk_{n:0>26}" for n in "abcd")
    await store.commit(opening(check=check_row(a, person=person.person), person=person))
    for n in (c, b):
        await store.commit(opening(check=check_row(n, person=person.person), person=person))
    await store.commit(opening(check=check_row(d)))
    found = await store.checks_of(person.person, 2)
    assert [row.id for row in found] == [c, b]
    assert len(await store.checks_of(person.person, 9)) == 3
    assert await store.checks_of(person_row("q").person, 9) == []
    await store.erase(person.person, [leaf_row("era_1")])
    assert await store.checks_of(person.person, 9) == []


async def test_leaf_keys_of_unfinished_checks_are_walked_and_replaced_where_they_stand(store):
    ids = [f"chk_{n}" for n in "abcd"]
    rows = [check_row(n, state="passed" if n == ids[2] else "choosing") for n in ids]
    await store.commit_many([opening(check=row) for row in rows])
    one, two, four = ((row.id, row.leaf_key) for row in (rows[0], rows[1], rows[3]))
    assert await store.passing_keys("", 2) == [one, two]
    assert await store.passing_keys(two[0], 2) == [four]
    await store.keep_keys([(*one, b"new"), (two[0], b"another", b"new")])
    assert await store.passing_keys("", 9) == [(one[0], b"new"), two, four]
    assert (await store.check(ids[2])).leaf_key == rows[2].leaf_key


async def test_a_mover_who_read_before_an_erasure_brings_nothing_back(store):
    person = person_row("gone")
    first = opening(check=check_row(person=person.person), person=person)
    await store.commit(first)
    await store.erase(person.person, [])
    assert await code_of(store.commit(moved_on(first))) == MOVED_ON.name
    assert (await store.check(first.check.id)).person is None


async def test_counts_name_every_table(store):
    await store.commit(opening(leaves=3, person=person_row("p")))
    assert await store.counts() == {
        "checks": 1,
        "persons": 1,
        "leaves": 3,
        "patterns": 0,
        "consents": 0,
        "pickup_codes": 0,
        "redemptions": 0,
        "remembered": 0,
        "clients": 0,
        "records": 0,
    }


async def test_ready_writes_and_changes_nothing(store):
    await store.commit(opening())
    await store.ready()
    assert [seq for seq, _ in await store.tail(-1, 9)] == [0]
    await store.commit(opening())
    assert [seq for seq, _ in await store.tail(-1, 9)] == [0, 1]


async def test_everything_is_there_after_closing_and_opening_again(store, url, clock):
    changes = [opening(leaves=2, person=person_row(f"p{n}")) for n in range(30)]
    await asyncio.gather(*map(store.commit, changes))
    await store.close()
    again = open_store(url, clock=clock)
    await again.open()
    try:
        for change in changes:
            assert await again.check(change.check.id) == change.check
        await again.commit(opening())
        assert [seq for seq, _ in await again.tail(-1, 100)] == list(range(61))
    finally:
        await again.close()


async def test_closing_writes_what_was_accepted_and_refuses_what_comes_later(store, url, clock):
    changes = [opening() for _ in range(200)]
    tasks = [asyncio.ensure_future(store.commit(change)) for change in changes]
    await asyncio.sleep(0)
    await store.close()
    assert await outcomes(tasks) == ["landed"] * 200
    for refused in (store.commit(opening()), store.ready(), store.counts()):
        with pytest.raises(Outage) as caught:
            await refused
        assert caught.value.code == STORE_DOWN


async def test_a_caller_who_goes_away_disturbs_nobody(store):
    leaving = [asyncio.ensure_future(store.commit(opening())) for _ in range(20)]
    staying = [asyncio.ensure_future(store.commit(opening())) for _ in range(20)]
    await asyncio.sleep(0)
    for task in leaving:
        task.cancel()
    assert await outcomes(staying) == ["landed"] * 20
    assert [seq for seq, _ in await store.tail(-1, 99)][-1] == len(await store.tail(-1, 99)) - 1


async def test_a_full_queue_sends_callers_away_with_a_time_to_come_back(store):
    store._limit = 10
    if hasattr(store, "_committer"):
        store._committer._limit = 10
    results = await asyncio.gather(
        *(store.commit(opening()) for _ in range(50)), return_exceptions=True
    )
    busy = [result for result in results if result is not None]
    assert len(busy) == 40
    assert {error.code for error in busy} == {STORE_BUSY}
    assert {error.retry_after for error in busy} == {1}
    assert (await store.counts())["checks"] == 10
    await store.commit(opening())


async def test_a_batch_larger_than_the_queue_lands_when_nothing_waits(store):
    results = await store.commit_many([opening() for _ in range(2_345)])
    assert results == [None] * 2_345
    assert (await store.tail(2_343, 9))[0][0] == 2_344


async def test_many_who_ask_at_once_for_persons_get_each_what_they_asked_for(store):
    people = [person_row(f"asked{n}") for n in range(4)]
    await store.commit_many([opening(check=check_row(person=p.person), person=p) for p in people])
    keys = [person.person for person in people]
    asked = [keys[:1], keys[1:3], [], [b"nobody here here"], keys, [keys[0], keys[0]]]
    found = await asyncio.gather(*(store.persons(some) for some in asked))
    assert [set(each) for each in found] == [set(some) & set(keys) for some in asked]
    assert found[4] == {person.person: person for person in people}
    gone = asyncio.ensure_future(store.persons(keys))
    await asyncio.sleep(0)
    gone.cancel()
    assert (await store.persons(keys[:1])).keys() == {keys[0]}
