"""What the docket does, on SQLite and on PostgreSQL alike."""

import asyncio
from datetime import timedelta

import msgspec
import pytest
from tests.storage.rows import AT, HOUR, NOW, bytes_of, check_row, leaf_row, person_row

from liangming.check.ports import MOVED_ON, Change
from liangming.docket import Record, Records
from liangming.errors import Misuse
from liangming.storage import deeds, open_docket
from liangming.storage.sqlite import SqliteStore

replace = msgspec.structs.replace


def record(number: int, **more: object) -> Record:
    plain = Record(
        id=f"req_{number:026}",
        kind="right",
        operator="demo",
        about="chk_1",
        state="asked",
        version=1,
        opened_at=AT + number,
        changed_at=AT,
        due_at=AT + HOUR * number,
        keep_until=None,
        leaf_key=bytes_of("leaf", 32),
        body=b"{}",
        wrapped_key=b"\x00wrapped",
        sealed=b"\xffsealed",
    )
    return replace(plain, **more)


@pytest.fixture
def docket(store) -> Records:
    return open_docket(store)


async def test_what_is_absent_is_none_or_left_out(docket):
    assert await docket.get("req_none") is None
    assert await docket.about("right", "chk_1") == []
    assert await docket.due("right", NOW, 10) == []
    assert await docket.open("right", 10) == []
    assert await docket.walk("right", "", 10) == []
    assert await docket.over(NOW, 10) == []
    assert await docket.count("right") == 0
    await docket.commit([], drop=["req_none"])


async def test_a_record_comes_back_as_it_was_written_with_its_leaves_in_the_log(docket, store):
    first = record(1)
    await docket.commit([first], [leaf_row(first.id, 0), leaf_row(first.id, 1)])
    assert await docket.get(first.id) == first
    assert [leaf.number for leaf in await store.leaves(first.id)] == [0, 1]
    assert [place for place, _ in await store.tail(-1, 10)] == [0, 1]


async def test_several_are_looked_up_at_once_and_those_that_are_not_there_are_left_out(docket):
    there = [record(n) for n in range(1, 4)]
    await docket.commit(there)
    wanted = [there[2].id, "req_none", there[0].id, there[0].id]
    assert await docket.several(wanted) == {there[0].id: there[0], there[2].id: there[2]}
    assert await docket.several([]) == {}


async def test_only_words_that_went_are_cut_out_of_the_write_ahead_log(store, docket, monkeypatch):
    cut = []
    monkeypatch.setattr(deeds, "truncate_log", cut.append)
    plain, worded = record(1, sealed=b"", wrapped_key=b""), record(2)
    await docket.commit([plain, worded])
    await docket.commit([replace(plain, version=2, state="answered")])
    await docket.commit([replace(worded, version=2, sealed=b"other words")])
    assert cut == []
    with pytest.raises(Misuse):  # nothing landed, nothing went
        await docket.commit([replace(worded, version=2, sealed=b"")])
    on_sqlite = isinstance(store, SqliteStore)
    await docket.commit([replace(worded, version=3, sealed=b"", wrapped_key=b"")])
    assert len(cut) == on_sqlite
    await docket.commit([replace(worded, version=4, sealed=b"", wrapped_key=b"")])
    assert len(cut) == on_sqlite
    await docket.commit([], drop=[worded.id])
    assert len(cut) == 2 * on_sqlite


async def test_every_field_moves_but_its_id_kind_and_first_day(docket):
    first = record(1)
    await docket.commit([first])
    second = replace(
        first, version=2, state="answered", about="chk_2", operator="other", changed_at=AT + 9,
        due_at=None, keep_until=AT + 10, leaf_key=b"", body=b"[]", wrapped_key=b"", sealed=b"",
    )  # fmt: skip
    await docket.commit([second])
    assert await docket.get(first.id) == second


async def test_of_two_steps_from_one_version_one_lands_and_the_other_leaves_nothing(docket, store):
    first = record(1)
    await docket.commit([first])
    steps = [
        docket.commit([replace(first, version=2, state=state), record(n)], [leaf_row(first.id, n)])
        for n, state in ((2, "answered"), (3, "refused"))
    ]
    outcomes = await asyncio.gather(*steps, return_exceptions=True)
    lost = [o for o in outcomes if o is not None]
    assert [o.code for o in lost] == [MOVED_ON]
    assert await docket.count("right") == 2
    assert len(await store.leaves(first.id)) == 1


async def test_of_several_records_all_land_or_none_whichever_of_them_is_late(docket, store):
    one, two = record(1), record(2)
    await docket.commit([one, two])
    later = [replace(one, version=2, state="answered"), replace(two, version=2, state="answered")]
    late = [replace(two, version=3, state="refused"), record(2, state="new"), record(1)]
    for wrong in late:
        with pytest.raises(Misuse) as caught:
            await docket.commit([later[0], wrong, record(3)], [leaf_row("dev_1", 0)])
        assert caught.value.code == MOVED_ON
        assert await docket.get(one.id) == one
        assert await docket.count("right") == 2
        assert await store.leaves("dev_1") == []
    await docket.commit([*reversed(later), record(3)], [leaf_row("dev_1", 0)])
    assert [await docket.get(each.id) for each in (one, two, record(3))] == [*later, record(3)]
    await docket.commit([record(4), record(4, version=2, state="answered")])  # the same one twice
    assert (await docket.get(record(4).id)) == record(4, version=2, state="answered")
    assert [place for place, _ in await store.tail(-1, 10)] == [0]


async def test_an_id_that_exists_cannot_be_new_again(docket):
    await docket.commit([record(1)])
    with pytest.raises(Misuse) as caught:
        await docket.commit([record(1, state="other")])
    assert caught.value.code == MOVED_ON
    found = await docket.get(record(1).id)
    assert found is not None
    assert found.state == "asked"


async def test_records_are_found_by_what_they_are_about_by_their_day_and_by_id(docket):
    rows = [record(n, kind="right" if n % 2 else "hold") for n in range(1, 7)]
    await docket.commit([*rows, record(9, due_at=None)])
    odd = [row for row in rows if row.kind == "right"]
    assert await docket.about("right", "chk_1") == [*odd, record(9, due_at=None)]
    assert await docket.due("right", NOW + timedelta(hours=3), 10) == odd[:2]
    assert await docket.due("right", NOW + timedelta(hours=3), 1) == odd[:1]
    assert await docket.open("right", 10) == odd
    assert await docket.walk("right", odd[0].id, 1) == [odd[1]]
    assert await docket.count("hold") == 3


async def test_what_has_been_kept_long_enough_is_named_and_dropped(docket):
    await docket.commit([record(1, keep_until=AT), record(2, keep_until=AT + 1), record(3)])
    assert await docket.over(NOW, 10) == [record(1).id]
    await docket.commit([record(4)], drop=await docket.over(NOW, 10))
    assert [row.id for row in await docket.walk("right", "", 10)] == [
        record(n).id for n in (2, 3, 4)
    ]


async def test_keys_of_words_move_only_from_where_they_stand(docket):
    first, second = record(1), record(2, wrapped_key=b"", sealed=b"")
    await docket.commit([first, second])
    key = first.id.encode()
    assert await docket.wrapped_keys(b"", 10) == [(key, first.wrapped_key)]
    assert await docket.wrapped_keys(key, 10) == []
    await docket.rewrap([(key, b"another", b"lost"), (key, first.wrapped_key, b"moved")])
    assert await docket.get(first.id) == replace(first, wrapped_key=b"moved")


async def test_a_sealed_record_is_replaced_only_from_where_it_stands(docket, store):
    from tests.storage.rows import opening, person_row

    person = person_row("p")
    await store.commit(opening(person=person))
    await docket.reseal(person.person, person.sealed, b"corrected")
    found = (await store.persons([person.person]))[person.person]
    assert found == replace(person, sealed=b"corrected")
    with pytest.raises(Misuse) as caught:
        await docket.reseal(person.person, person.sealed, b"again")
    assert caught.value.code == MOVED_ON
    assert (await store.persons([person.person]))[person.person].sealed == b"corrected"


async def test_erasures_are_counted_by_why_and_time(docket):
    def erased(number: int, why: str, at: int):
        leaf = leaf_row(f"era_{number}", 0, tag="check:register:erased")
        return replace(leaf, at=at, facts=f'{{"actor":"a","why":"{why}"}}'.encode())

    await docket.commit(
        [], [erased(1, "asked", AT), erased(2, "asked", AT + 1), erased(3, "term-over", AT + 2)]
    )
    await docket.commit([], [leaf_row("chk_1", 0)])
    assert await docket.erased(AT, AT + 2) == [b'{"actor":"a","why":"asked"}'] * 2
    assert len(await docket.erased(AT, AT + 3)) == 3
    assert await docket.erased(AT + 3, AT + 9) == []


async def test_events_come_by_kind_and_span_with_whoever_is_behind_their_check(docket, store):
    kept = person_row("someone")
    person = kept.person
    row = check_row(person=person)
    tag = "check:register:opened"
    leaves = tuple(leaf_row(row.id, n, tag=tag, at=AT + n) for n in range(4))
    await store.commit(Change(check=row, leaves=leaves, person=kept, holder_key=kept.wrapped_key))
    await docket.commit([], [leaf_row("req_1", 0, tag=tag, at=AT + 9)])
    found = await docket.events(tag, AT + 1, AT + 4)
    assert [(each.check, each.at, each.person) for each in found] == [
        (row.id, AT + n, person) for n in (1, 2, 3)
    ]
    assert found[0].operator == row.operator
    page = await docket.events(tag, AT, AT + 10, after=found[0].seq, limit=1)
    assert [each.at for each in page] == [AT + 2]
    (alone,) = await docket.events(tag, AT + 9, AT + 10)
    assert (alone.check, alone.person, alone.scene) == ("req_1", None, "")
    assert await docket.persons_of(row.operator, row.opened_at + 1) == [(person, row.id)]
    assert await docket.persons_of(row.operator, row.opened_at) == []
    assert await docket.persons_of(row.operator, row.opened_at + 1, after=person) == []
    assert await docket.persons_of("another", row.opened_at + 1) == []


async def test_a_stamp_changes_with_every_change_of_its_kind(docket):
    assert await docket.stamp("right") == (0, 0)
    first = record(1)
    await docket.commit([first])
    assert await docket.stamp("right") == (1, AT)
    await docket.commit([replace(first, version=2, changed_at=AT + 5)])
    assert await docket.stamp("right") == (1, AT + 5)
    assert await docket.stamp("hold") == (0, 0)
