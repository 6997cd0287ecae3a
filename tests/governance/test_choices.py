"""Counting choices from the log: each check once, few people never, and words only where they hold."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.world import card, numbers, scene, world

from liangming.check import Opening, events, open_check
from liangming.check.journey import choose, show_notice
from liangming.check.ports import LeafRow
from liangming.check.present import present
from liangming.clock import micros
from liangming.governance.choices import FLOOR, Cell, Counts, Fold, rows_of, wilson
from liangming.governance.choices.fold import month_of
from liangming.governance.choices.intervals import difference, geometric, ratio, z_of
from liangming.governance.choices.look import OTHERS
from liangming.law.words import Method

MAY = 1_778_000_000_000_000  # a moment in May 2026, µs


def leaf(check: str, tag: str, at: int = MAY, facts: bytes = b"{}", number: int = 0) -> LeafRow:
    return LeafRow(check=check, number=number, tag=tag, at=at, facts=facts, leaf=b"")


OPENED = b'{"operator":"o","scene":"s","outlet":"t","kind":"parcel.send.locker"}'


def told(check: str, *ways: str, end: str = events.PASSED.tag, took: int = 4_000_000):
    yield leaf(check, events.OPENED.tag, facts=OPENED)
    for way in ways:
        yield leaf(check, events.CHOSEN.tag, facts=f'{{"method":"{way}"}}'.encode())
    yield leaf(check, end, MAY + took)


def cell(way: str, scene: str = "s") -> Cell:
    return Cell("o", 202605, scene, "t", "parcel.send.locker", way)


def counts(ended: int, passed: int | None = None, seconds: float = 9.0) -> Counts:
    done = ended if passed is None else passed
    log = math.log(seconds)
    squares = done * log * log + done * 0.01
    return Counts(ended, done, 0, ended - done, 0, done, done * log, squares)


async def test_what_real_checks_leave_is_counted_under_the_way_they_chose(tmp_path: Path):
    async with world(tmp_path, scene()) as house:
        for number in numbers(2):
            check = (await open_check(house.premises, Opening(scene=scene().id))).about.id
            await show_notice(house.premises, check)
            await choose(house.premises, check, Method.DOCUMENT_SEEN)
            await present(house.premises, check, card(number))
        fold = Fold()
        for _, row in await house.premises.store.leaves_after(-1, 1000):
            fold.take(row)
    [(where, found)] = fold.counts.items()
    assert (where.scene, where.way) == (scene().id, "document.seen")
    assert (found.ended, found.passed) == (2, 2)
    assert len(fold.ended) == 2
    assert fold.begun == {}


def test_a_check_is_counted_once_when_it_ends_under_its_last_choice():
    fold = Fold()
    for row in told("a", "face", "ticket"):
        fold.take(row)
    assert fold.counts == {cell("ticket"): fold.counts[cell("ticket")]}
    found = fold.counts[cell("ticket")]
    assert (found.ended, found.passed, found.timed) == (1, 1, 1)
    assert math.isclose(math.exp(found.log_sum), 4.0)
    fold.take(leaf("a", events.PASSED.tag))  # said twice: the beginning is gone
    assert fold.counts[cell("ticket")].ended == 1


def test_a_declined_way_is_not_the_choice_and_leaving_before_a_choice_is_no_way():
    fold = Fold()
    rows = list(told("a", "face", end=events.ABANDONED.tag))
    rows.insert(2, leaf("a", events.DECLINED.tag, facts=b'{"method":"face","by":"person"}'))
    for row in rows:
        fold.take(row)
    assert {each.way: c.left for each, c in fold.counts.items()} == {"": 1}


def test_undetermined_is_no_end_and_a_beginning_unseen_is_not_counted():
    fold = Fold()
    for row in told("a", "face", end=events.UNDETERMINED.tag):
        fold.take(row)
    fold.take(leaf("b", events.PASSED.tag))
    assert not fold.counts
    assert set(fold.begun) == {"a"}


def test_months_are_months_in_china():
    midnight = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)  # of the first of December in China
    assert month_of(micros(midnight)) == 202612
    assert month_of(micros(midnight) - 1) == 202611


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(list(Method)), st.integers(1, 120), min_size=1))
def test_no_figure_is_about_fewer_than_the_floor_and_none_follows_by_subtraction(ways):
    [row] = rows_of([(cell(way.value), counts(n)) for way, n in ways.items()])
    total = sum(ways.values())
    if total < FLOOR:
        assert (row.ended, row.ways) == (None, ())
        return
    assert row.ended == total
    if row.ways[0].at_least:
        [only] = row.ways
        assert (only.ended, only.share.at) == (None, 1 - FLOOR / total)
        return
    assert all(each.ended >= FLOOR for each in row.ways)
    assert sum(each.ended for each in row.ways) == total  # nothing is left to be subtracted
    assert sum(each.ways for each in row.ways) == len(ways)


def test_the_face_stays_in_sight_when_small_ways_are_put_together():
    [row] = rows_of(
        [(cell("face"), counts(30)), (cell("ticket"), counts(60)), (cell("cash"), counts(4))]
    )
    assert {each.way for each in row.ways} == {"face", OTHERS}
    assert row.face is not None


def test_what_stands_out_is_said_and_an_even_operator_says_nothing():
    even = [
        (cell(way, f"s{n}"), counts(100, 95, seconds))
        for n in range(20)
        for way, seconds in (("face", 9.0), ("document.read", 9.5))
    ]
    assert [row for row in rows_of(even) if row.stands_out] == []
    forced = [
        (cell("face", "s99"), counts(400, 396, 8.0)),
        (cell("document.read", "s99"), counts(60, 30, 40.0)),
    ]
    [row] = [row for row in rows_of([*even, *forced]) if row.stands_out]
    assert row.scene == "s99"
    assert len(row.stands_out) == 3
    assert all(words.zh and words.en for words in row.stands_out)


def test_what_is_said_of_a_few_is_a_bound():
    few = [(cell("face", "s9"), counts(300)), (cell("cash", "s9"), counts(3))]
    even = [(cell(w, f"s{n}"), counts(100)) for n in range(5) for w in ("face", "cash")]
    [row] = [row for row in rows_of([*even, *few]) if row.stands_out]
    [words] = row.stands_out
    assert "93% 以上" in words.zh
    assert "99" not in words.zh + words.en


def test_the_more_is_compared_the_more_it_takes_to_stand_out():
    assert z_of(1) == pytest.approx(1.95996, abs=1e-4)
    assert z_of(30_000) > 4.7


def test_intervals_are_those_of_the_books():
    share = wilson(0, 20)
    assert (share.low, round(share.high, 4)) == (0.0, 0.1611)
    gap = difference(56, 70, 48, 80, z_of())  # Newcombe 1998, example a of method 10
    assert (round(gap.low, 4), round(gap.high, 4)) == (0.0524, 0.3339)
    assert geometric(1, 1.0, 1.0) is None
    even = geometric(3, 3 * math.log(5), 3 * math.log(5) ** 2)
    assert even is not None
    assert (round(even.at, 6), round(even.low, 6)) == (5.0, 5.0)
    assert ratio((1, 0.0, 0.0), (9, 0.0, 0.0), 2.0) is None


def consented(check: str):
    yield leaf(check, events.OPENED.tag, facts=OPENED)
    yield leaf(check, events.CHOSEN.tag, facts=b'{"method":"face"}')
    facts = b'{"consent":"cns_1","purpose":"face-match","notice":"n","device":"d"}'
    yield leaf(check, events.CONSENT_GIVEN.tag, facts=facts)


def test_a_consent_is_given_and_then_over_with_its_check_or_taken_back_once():
    fold = Fold()
    ends = {
        "a": [leaf("a", events.PASSED.tag)],
        "b": [leaf("b", events.CONSENT_WITHDRAWN.tag, facts=b'{"consent":"cns_1"}'),
              leaf("b", events.ABANDONED.tag)],
        "c": [leaf("c", events.PASSED.tag),
              leaf("c", events.CONSENT_WITHDRAWN.tag, facts=b'{"consent":"cns_3"}')],
        "d": [],
    }  # fmt: skip
    for check, end in ends.items():
        for row in (*consented(check), *end):
            fold.take(row)
    [given], [over], [back] = (
        list(part.values()) for part in (fold.given, fold.over, fold.taken_back)
    )
    assert (given, over, back) == (4, 2, 1)
    assert fold.withdrawn == ["cns_3"]  # after its check: looked up, and no longer merely over
