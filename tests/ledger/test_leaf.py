"""Leaves hide, open one field at a time, and refuse every other reading."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangming.errors import LiangmingError, Misuse, Refusal
from liangming.ledger import events, leaf
from liangming.ledger.leaf import Event

KEY = bytes(range(32))
SHOWN = "test:notice:shown"
if SHOWN not in events.kinds:
    events.declare_event(
        SHOWN,
        facts=("notice", "lang", "ways", "count", "equal"),
        zh="（测试）已展示告知",
        en="(test) a notice was shown",
    )
EVENT = Event(
    tag=SHOWN,
    at_micros=1_800_000_000_000_000,
    check_id="chk_01jd9q00000000000000000000",
    facts={"notice": "sha256:ab12", "lang": "zh-CN", "ways": ("card", "code"), "count": 2},
)


def test_a_leaf_is_a_version_byte_and_a_commitment():
    made = leaf.commit(EVENT, KEY, 0)
    assert len(made) == 33
    assert made[0] == 1


def test_the_leaf_of_the_specification_is_made_as_it_is_printed_there():
    text = (Path(__file__).parents[2] / "docs/spec/leaf.md").read_text()
    example = json.loads(text.split("```json vector\n")[1].split("```")[0])
    event = leaf.decode_event(json.dumps(example["event"]).encode())
    if event.tag not in events.kinds:
        events.declare_event(event.tag, facts=tuple(event.facts), zh="（规范示例）", en="(example)")
    key = bytes.fromhex(example["leaf_key"])
    made = leaf.commit(event, key, example["index"])
    assert made.hex() == example["leaf"]
    shown = leaf.disclose(event, key, example["index"], example["shown"])
    assert json.loads(leaf.encode_disclosure(shown)) == example["disclosure"]
    proven = leaf.verify_disclosure(shown, made)
    assert sorted(proven) == sorted(example["shown"])


def test_the_order_of_facts_does_not_change_the_leaf():
    turned = msgspec.structs.replace(EVENT, facts=dict(reversed(EVENT.facts.items())))
    assert leaf.commit(turned, KEY, 0) == leaf.commit(EVENT, KEY, 0)


def test_the_same_event_with_another_key_or_number_is_another_leaf():
    made = {
        leaf.commit(EVENT, KEY, 0),
        leaf.commit(EVENT, KEY, 1),
        leaf.commit(EVENT, bytes(32), 0),
    }
    assert len(made) == 3


def test_one_field_opens_without_the_others():
    made = leaf.commit(EVENT, KEY, 7)
    shown = leaf.disclose(EVENT, KEY, 7, ["ways"])
    assert leaf.verify_disclosure(shown, made) == {"ways": ("card", "code")}
    written = leaf.encode_disclosure(shown)
    for hidden in (b"zh-CN", b"sha256:ab12", b"chk_01jd9q", SHOWN.encode(), b"1800000000"):
        assert hidden not in written


@given(st.sets(st.sampled_from(["notice", "lang", "ways", "count", "at", "check", "seq", "tag"])))
def test_any_choice_of_fields_opens_and_survives_its_wire_form(names):
    made = leaf.commit(EVENT, KEY, 3)
    shown = leaf.decode_disclosure(leaf.encode_disclosure(leaf.disclose(EVENT, KEY, 3, names)))
    proven = leaf.verify_disclosure(shown, made)
    everything = {
        **EVENT.facts,
        "at": EVENT.at_micros,
        "check": EVENT.check_id,
        "seq": 3,
        "tag": EVENT.tag,
    }
    assert proven == {name: everything[name] for name in names}


def test_an_event_survives_its_stored_form():
    assert leaf.decode_event(leaf.encode_event(EVENT)) == EVENT


@given(st.data())
def test_one_flipped_bit_in_a_leaf_is_refused(data):
    made = bytearray(leaf.commit(EVENT, KEY, 0))
    shown = leaf.disclose(EVENT, KEY, 0, ["lang"])
    bit = data.draw(st.integers(0, len(made) * 8 - 1))
    made[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Refusal) as caught:
        leaf.verify_disclosure(shown, bytes(made))
    expected = "ledger.leaf-version" if bit < 8 else "ledger.disclosure-failed"
    assert caught.value.code.name == expected


@given(st.data())
def test_one_flipped_bit_in_a_disclosure_never_proves_anything_else(data):
    made = leaf.commit(EVENT, KEY, 0)
    good = leaf.disclose(EVENT, KEY, 0, ["lang", "count"])
    written = bytearray(leaf.encode_disclosure(good))
    bit = data.draw(st.integers(0, len(written) * 8 - 1))
    written[bit // 8] ^= 1 << bit % 8
    try:
        proven = leaf.verify_disclosure(leaf.decode_disclosure(bytes(written)), made)
    except LiangmingError as failure:
        code = failure.code.name
    else:  # a flip that JSON or base64 does not see
        code = "" if proven == {"lang": "zh-CN", "count": 2} else "something else was proven"
    assert code in {
        "",
        "ledger.disclosure-malformed",
        "ledger.disclosure-failed",
        "ledger.leaf-version",
    }


@pytest.mark.parametrize(
    "value",
    ["张三", "Li Lei", "11010519491231002X", "110105491231002", "13800138000", "a\nb", "x" * 201,
     1.5, None, {"a": 1}, 1 << 53, ("ok", "李四"), ("ok", True), ("13800138000",), ("x",) * 65],
)  # fmt: skip
def test_a_value_that_could_be_a_person_or_a_text_is_refused(value):
    event = msgspec.structs.replace(EVENT, facts={"notice": value})
    with pytest.raises(Misuse) as caught:
        leaf.commit(event, KEY, 0)
    assert caught.value.code.name == "ledger.fact-unfit"
    assert str(value) not in str(caught.value)


def test_an_undeclared_kind_fact_or_key_is_refused():
    for event, key, code in (
        (msgspec.structs.replace(EVENT, tag="test:no:such"), KEY, "ledger.event-undeclared"),
        (msgspec.structs.replace(EVENT, facts={"name": "x"}), KEY, "ledger.fact-undeclared"),
        (EVENT, KEY[:31], "ledger.leaf-key-unfit"),
    ):
        with pytest.raises(Misuse) as caught:
            leaf.commit(event, key, 0)
        assert caught.value.code.name == code
    with pytest.raises(Misuse) as caught:
        leaf.disclose(EVENT, KEY, 0, ["equal"])  # declared, but not in this event
    assert caught.value.code.name == "ledger.field-unknown"


@pytest.mark.parametrize("tag", ["a:b", "A:b:c", "a:b:c:d", "a::c", "a:b:c-", "审:b:c", SHOWN])
def test_a_tag_outside_the_grammar_or_declared_twice_is_refused(tag):
    with pytest.raises(ValueError, match=r"event"):
        events.declare_event(tag, zh="x", en="x")


@pytest.mark.parametrize("fact", ["tag", "at", "seq", "check", "Name", "", "a b", "x" * 41])
def test_a_fact_with_a_reserved_or_odd_name_is_refused(fact):
    with pytest.raises(ValueError, match=r"fact"):
        events.declare_event("test:odd:fact", facts=(fact,), zh="x", en="x")
    assert "test:odd:fact" not in events.kinds


def test_every_declared_kind_has_both_texts():
    for kind in events.event_kinds():
        assert kind.zh
        assert kind.en
