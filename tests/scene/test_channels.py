from __future__ import annotations

from dataclasses import replace

import pytest

from liangming.law.words import Method, SceneKind
from liangming.scene import Kept, Operator, Text, Way, departures, load_scene_file

from .places import LAWFUL

COUNTER, DOORSTEP, LOCKER = load_scene_file(LAWFUL / "express.toml")
PLAIN = replace(COUNTER, channel_reason="")


def sister(number, **changes):
    outlet = replace(PLAIN.outlet, id=f"o{number}", name=Text(f"{number}号店", f"Shop {number}"))
    return replace(PLAIN, id=f"s{number}", outlet=outlet, **changes)


LESS = {"ways": tuple(way for way in PLAIN.ways if way.method is not Method.ORDER_CODE)}


def test_equal_demands_on_all_channels_depart_from_nothing():
    assert departures([COUNTER, DOORSTEP]) == {}


def test_a_card_seen_and_a_card_read_are_one_demand():
    seen = sister(1, ways=(Way(method=Method.DOCUMENT_SEEN),))
    read = sister(2, ways=(Way(method=Method.DOCUMENT_READ),))
    assert departures([seen, read]) == {}


def test_the_odd_one_out_is_named_with_the_outlets_it_differs_from():
    odd = sister(3, **LESS)
    found = departures([sister(1), sister(2), odd])
    assert set(found) == {"s3"}
    assert found["s3"].others == ("s1", "s2")
    assert [name.zh for name in found["s3"].outlets] == ["1号店", "2号店"]
    assert [aspect.en for aspect in found["s3"].aspects] == ["ways to show identity"]


def test_where_no_demand_is_more_common_each_departs_from_the_other():
    assert set(departures([sister(1), sister(2, **LESS)])) == {"s1", "s2"}


def test_a_scene_with_a_written_reason_is_no_measure_for_others():
    reasoned = sister(2, **LESS, channel_reason="这个网点没有扫码设备，暂不能用交接码")
    assert set(departures([sister(1), reasoned])) == {"s2"}


def test_a_reason_that_says_nothing_does_not_count():
    assert set(departures([sister(1), sister(2, **LESS, channel_reason="  略  ")])) == {"s1", "s2"}


@pytest.mark.parametrize(
    ("changes", "aspect"),
    [
        ({"fields": (*PLAIN.fields, "pickup")}, "fields collected"),
        ({"retention": (Kept(field="document", days=1, article="pipl.19"),)}, "retention"),
        ({"accepted": PLAIN.accepted[:-1]}, "accepted documents"),
        ({"phone_forced": True}, "forced phone number"),
    ],
)
def test_each_aspect_of_a_demand_is_compared(changes, aspect):
    found = departures([sister(1), sister(2), sister(3, **changes)])
    assert [each.en for each in found["s3"].aspects] == [aspect]


def test_operators_are_not_compared_with_each_other():
    other = Operator(id="other", name=Text("别家", "Other"), contact=Text("x", "x"))
    assert departures([sister(1), sister(2, **LESS, operator=other)]) == {}


def test_different_duties_are_not_compared():
    letter = sister(2, **LESS, kind=SceneKind.SEND_LETTER)
    assert departures([sister(1), letter]) == {}
