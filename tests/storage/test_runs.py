"""Poured checks rest in short rows, and are read as whole as any other: on both databases."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.storage.rows import AT, NOW, bytes_of, check_row, leaf_row, opening, person_row

from liangming.check.pattern import MOST_STEPS, Pattern, plain
from liangming.check.ports import PASTS_DIFFER, STORE_DOWN, Change, LeafRow, Run, Store
from liangming.errors import Outage, Refusal
from liangming.storage import open_docket, open_outbox, runs

ROOT = Path(__file__).parents[2]
TAGS = ("check:check:opened", "check:method:chosen", "check:outcome:passed")
SPANS = (0, 900_000_000)


def events(check: str, tags: tuple[str, ...]) -> tuple[LeafRow, ...]:
    """Events with facts of their own, and one of them with a moment in it."""
    facts = [b'{"scene":"counter","n":%d,"share":"5%%"}' % n for n in range(len(tags))]
    facts[-1] = b'{"keep_until":%d}' % (AT + SPANS[1])
    return tuple(
        leaf_row(check, n, tag=tag, facts=facts[n], leaf=bytes_of(f"{check}{n}", 33))
        for n, tag in enumerate(tags)
    )


def whole(tags: tuple[str, ...] = TAGS, **more: object) -> Change:
    """A check of the plain way."""
    row = check_row(**more)
    body = b'{"state":"passed","id":"%b","at":"2026-11-24T08:00:00Z"}' % row.id.encode()
    check = replace(row, state="passed", body=body)
    return Change(check=check, leaves=events(row.id, tags))


def poured(change: Change) -> Change:
    """The same as it is poured."""
    check = change.check
    pattern = Pattern.of(check.id, NOW, check.body, change.leaves, SPANS)
    joined = b"".join(leaf.leaf for leaf in change.leaves)
    return replace(
        change,
        check=replace(check, body=pattern.mark),
        leaves=(),
        run=Run(pattern.key, pattern.data, joined, pattern.tags),
    )


@pytest.fixture
async def made(store: Store) -> list[Change]:
    """Plain and poured checks in turn; as the plain way would have made them."""
    every = [whole(TAGS[: 1 + n % 3]) for n in range(9)]
    for n, change in enumerate(every):
        given_ = poured(change) if n % 2 else change
        assert plain(given_) == change
        await store.commit(given_)
    return every


async def test_a_poured_check_is_read_as_the_plain_one(store, made):
    for change in made:
        assert await store.check(change.check.id) == change.check
        assert await store.leaves(change.check.id) == list(change.leaves)
    ids = sorted(change.check.id for change in made)
    assert [row.id for row in await store.checks_after("", 100)] == ids
    assert {row.body for row in await store.checks_after("", 100)} == {
        change.check.body for change in made
    }


async def test_every_leaf_has_its_place_wherever_one_begins_to_read(store, made):
    leaves = [leaf for change in made for leaf in change.leaves]
    for after in range(-1, len(leaves)):
        for limit in (1, 2, 5, 100):
            wanted = list(enumerate(leaves))[after + 1 :][:limit]
            assert await store.leaves_after(after, limit) == wanted
            assert await store.tail(after, limit) == [(n, leaf.leaf) for n, leaf in wanted]
            assert await store.leaves_from(after + 1, limit) == [leaf.leaf for _, leaf in wanted]
    place = 0
    for change in made:
        assert await store.places(change.check.id) == list(range(place, place + len(change.leaves)))
        place += len(change.leaves)
    assert (await store.counts())["leaves"] == await open_outbox(store).head() == place
    assert (await store.counts())["patterns"] == 3


async def test_events_of_a_kind_are_found_in_runs_too(store, made):
    docket = open_docket(store)
    leaves = [leaf for change in made for leaf in change.leaves]
    for tag in TAGS:
        wanted = [(n, leaf.check, leaf.facts) for n, leaf in enumerate(leaves) if leaf.tag == tag]
        for limit in (1, 2, 100):
            found, after = [], -1
            while rows := await docket.events(tag, AT, AT + 1, after=after, limit=limit):
                assert len(rows) <= limit
                found += [(row.seq, row.check, row.facts) for row in rows]
                after = rows[-1].seq
            assert found == wanted
    assert await docket.events("check:outcome", AT, AT + 1) == []
    assert await docket.events(TAGS[0], AT + 1, AT + 2) == []


async def test_the_outbox_tells_of_steps_in_runs(store, made):
    outbox = open_outbox(store)
    leaves = list(enumerate(leaf for change in made for leaf in change.leaves))
    for begin, end in ((0, len(leaves)), (2, 9), (4, 5)):
        told = await outbox.happened(begin, end, TAGS[1:])
        assert [(each.seq, each.owner, each.number, each.tag, each.facts) for each in told] == [
            (n, leaf.check, leaf.number, leaf.tag, leaf.facts)
            for n, leaf in leaves[begin:end]
            if leaf.tag in TAGS[1:]
        ]
        assert all(each.follows and each.scene == "counter" for each in told)


async def test_a_step_after_a_run_has_the_next_number_and_the_next_place(store):
    first = whole(state="undetermined")
    await store.commit(poured(first))
    later = leaf_row(first.check.id, 3, tag="check:method:chosen")
    held = await store.check(first.check.id)
    await store.commit(Change(check=replace(held, version=2), leaves=(later,)))
    assert await store.leaves(first.check.id) == [*first.leaves, later]
    assert await store.places(first.check.id) == [0, 1, 2, 3]
    assert (await store.check(first.check.id)).body == first.check.body
    (told,) = await open_outbox(store).happened(3, 4, ["check:method:chosen"])
    assert told.follows


async def test_what_was_poured_twice_lands_once_with_its_pattern(store):
    change = poured(whole())
    results = await store.commit_many([change, change, poured(whole()), opening(leaves=1)])
    assert [result is None for result in results] == [True, False, True, True]
    assert [place for place, _ in await store.tail(-1, 99)] == list(range(7))
    assert (await store.counts())["patterns"] == 1


async def test_an_erasure_leaves_a_poured_check_readable_and_without_a_person(store):
    person = person_row("p")
    change = whole(person=person.person)
    both = replace(poured(change), person=person, holder_key=person.wrapped_key)
    await store.commit(both)
    assert await store.erase(person.person, [leaf_row("era_1", 0)])
    row = await store.check(change.check.id)
    assert (row.person, row.leaf_key, row.body) == (None, b"", change.check.body)
    assert [leaf.tag for _, leaf in await store.leaves_after(-1, 9)][:3] == list(TAGS)


async def test_a_moved_check_has_a_state_of_its_own_again(store):
    change = whole(state="undetermined")
    await store.commit(poured(change))
    moved = replace(change.check, version=2, state="abandoned", body=b'{"state":"abandoned"}')
    await store.commit(Change(check=moved, leaves=(leaf_row(moved.id, 3),)))
    assert await store.check(moved.id) == moved


async def test_a_pattern_that_is_gone_is_an_outage_and_no_half_check(store):
    change = poured(whole())
    lost = replace(change, run=replace(change.run, key=b"?" * 16))
    await store.commit(lost)
    with pytest.raises(Outage) as failure:
        await store.check(change.check.id)
    assert failure.value.code is STORE_DOWN


@settings(deadline=None, max_examples=50)
@given(
    st.text(max_size=20),
    st.lists(st.text(max_size=20), min_size=1, max_size=5),
    st.integers(0, 1 << 40),
)
def test_a_pattern_gives_back_what_it_was_cut_from(said, facts, later):
    check = f"chk_{7:026}"
    body = msgspec.json.encode({"id": check, "said": said, "at": NOW})
    leaves = tuple(
        leaf_row(
            check,
            n,
            facts=msgspec.json.encode({"fact": fact, "until": AT + SPANS[1]}),
            leaf=bytes_of(f"{n}", 33),
        )
        for n, fact in enumerate(facts)
    )
    pattern = Pattern.of(check, NOW, body, leaves, SPANS)
    again = Pattern(pattern.data)
    joined = b"".join(leaf.leaf for leaf in leaves)
    assert (again.key, again.tags) == (pattern.key, pattern.tags)
    assert again.body(check, AT) == body
    assert again.leaves(check, AT, joined) == leaves
    moved = again.leaves("chk_x", AT + later, joined)
    assert [leaf.at for leaf in moved] == [AT + later] * len(leaves)
    assert msgspec.json.decode(moved[0].facts)["until"] == AT + later + SPANS[1]


def test_a_pattern_refuses_what_it_does_not_know():
    change = poured(whole())
    read = msgspec.json.decode(change.run.pattern)
    many = [read["steps"][0]] * (MOST_STEPS + 1)
    for other in ({"version": 2}, {"steps": []}, {"steps": many}, {"moments": "now"}):
        with pytest.raises((ValueError, msgspec.ValidationError)):
            Pattern(msgspec.json.encode(read | other))
    with pytest.raises(ValueError, match="leaves"):
        Pattern(change.run.pattern).leaves("chk_x", AT, change.run.leaves + b"\0")


def test_the_example_in_the_specification_is_what_a_pattern_is():
    check = "chk_01jd9q00000000000000000000"
    leaf = LeafRow(
        check=check, number=0, tag="check:outcome:expired", at=AT, facts=b"{}", leaf=bytes(33)
    )
    body = b'{"state":"expired","id":"%b","at":"2026-11-24T08:00:00Z"}' % check.encode()
    pattern = Pattern.of(check, NOW, body, [leaf], [0])
    text = (ROOT / "docs/spec/schema.md").read_text("utf-8")
    assert pattern.data.decode() in text
    assert pattern.key.hex() in text
    digest = hashlib.sha256(b"liangming/check/pattern/1\0" + pattern.data)
    assert pattern.key == digest.digest()[:16]
    assert runs.before(0) == -MOST_STEPS


SIZE = 33


def laid(lengths: list[int], first: int = 0) -> tuple[list[tuple[int, str, bytes]], list[bytes]]:
    """Rows of so many leaves each, 0 for one that is alone, and the leaves."""
    rows, leaves = [], []
    for length in lengths:
        own = [bytes_of(f"{len(leaves) + n}", SIZE) for n in range(length or 1)]
        tag = runs.RUN if length else "check:check:opened"
        rows.append((first + len(leaves), tag, b"".join(own)))
        leaves += own
    return rows, leaves


@given(
    lengths=st.lists(st.integers(0, 5), max_size=12),
    place=st.integers(0, 40),
    limit=st.integers(1, 40),
)
@settings(max_examples=60, deadline=None)
def test_leaves_cut_as_one_are_those_cut_row_by_row(lengths, place, limit):
    rows, leaves = laid(lengths)
    assert runs.stretch(rows, place, limit) == leaves[place:][:limit]
    assert [leaf for _, leaf in runs.split(rows, place - 1, limit)] == leaves[place:][:limit]


@pytest.mark.parametrize("missing", range(4))
@pytest.mark.parametrize("lengths", [[5, 5, 5, 5], [0, 0, 0, 0], [5, 0, 3, 0]])
def test_a_leaf_that_is_missing_is_never_passed_over(lengths, missing):
    rows, leaves = laid(lengths)
    del rows[missing]
    if missing == len(lengths) - 1:  # the last is not there yet
        assert runs.stretch(rows, 0, 99) == leaves[: rows[-1][0] + (lengths[-2] or 1)]
        return
    with pytest.raises(Refusal) as caught:
        runs.stretch(rows, 0, 99)
    assert caught.value.code is PASTS_DIFFER


def test_a_row_longer_than_a_leaf_and_alone_is_one_leaf_all_the_same():
    """Whatever a leaf's length, its place is one: the row behind it says so."""
    rows = [(0, "check:check:opened", bytes(2 * SIZE)), (2, runs.RUN, bytes(SIZE))]
    with pytest.raises(Refusal):
        runs.stretch(rows, 0, 99)
    rows = [(0, "check:check:opened", bytes(2 * SIZE)), (1, runs.RUN, bytes(SIZE))]
    assert runs.stretch(rows, 0, 99) == [bytes(2 * SIZE), bytes(SIZE)]
