"""A body of a whole check is read alike by both ways."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from liangming.api.bodies import WholeBody
from liangming.api.whole import WHOLE, Reader
from liangming.check.whole import WholeCheck
from liangming.errors import Misuse

KNOWN = {"scene": "demo.counter", "notice": "a" * 64}
GOOD: dict[str, Any] = {
    **KNOWN,
    "method": "document.seen",
    "evidence": {"kind": "document", "number": "990101199003071237", "name": "演示甲"},
}
_VALUES = st.sampled_from(
    ["demo.counter", "other", "-", "", "a" * 64, "A" * 64, "\ud800", 1, None, True, [], {}]
) | st.sampled_from(
    ["person", "spoken", "en", "cash", ["cash"], ["cash"] * 17, {"kind": "document"}, {"kind": "unwilling"}]
)  # fmt: skip
_CHANGES = st.dictionaries(st.sampled_from([*WholeBody.__struct_fields__, "more"]), _VALUES)


def told(read: Any, raw: bytes) -> object:
    try:
        return {name: getattr(read(raw), name) for name in WholeCheck.__struct_fields__}
    except Misuse as failure:
        return failure.code.name, failure.field


@given(_CHANGES, st.sampled_from(["", "utf-8", "cut", "behind"]))
@settings(max_examples=400)
def test_a_body_is_read_alike_by_both_ways(changes: dict[str, Any], harm: str) -> None:
    reader = Reader()
    reader.read(json.dumps(GOOD).encode())  # this scene and notice passed before
    raw = json.dumps({**GOOD, **changes}).encode()
    raw = {"utf-8": raw + b"\xff", "cut": raw[:-1], "behind": raw + b"{}"}.get(harm, raw)
    assert told(reader.read, raw) == told(WHOLE.decode, raw)
    assert told(reader.read, raw) == told(WHOLE.decode, raw)  # now perhaps it passed


@given(st.lists(st.tuples(_CHANGES, st.sampled_from(["", "utf-8", "cut", "behind"])), max_size=4))
@settings(max_examples=300)
def test_bodies_that_are_read_together_are_read_as_each_alone(
    some: list[tuple[dict[str, Any], str]],
) -> None:
    reader = Reader()
    reader.read(json.dumps(GOOD).encode())
    raws = [json.dumps({**GOOD, **changes}).encode() for changes, _ in some]
    raws = [
        {"utf-8": raw + b"\xff", "cut": raw[:-1], "behind": raw + b"{}"}.get(harm, raw)
        for raw, (_, harm) in zip(raws, some, strict=True)
    ]
    together = reader.read_all(raws)
    if together is not None:
        each = [{n: getattr(one, n) for n in WholeCheck.__struct_fields__} for one in together]
        assert each == [told(WHOLE.decode, raw) for raw in raws]
    elif all(type(one) is WholeCheck for one in map(_alone(reader), raws)):
        raise AssertionError("what could be read together was not")


def _alone(reader: Reader) -> Any:
    def read(raw: bytes) -> object:
        try:
            return reader.read(raw)
        except Misuse as failure:
            return failure

    return read


def test_only_what_reading_looks_at_has_bounds_of_its_own_at_the_door() -> None:
    """What the documented type adds to the plain one: forms of two, a length, and words for people."""
    own = {
        field.name
        for field, plain in zip(
            msgspec.structs.fields(WholeBody), msgspec.structs.fields(WholeCheck), strict=True
        )
        if msgspec.inspect.type_info(field.type) != msgspec.inspect.type_info(plain.type)
    }
    assert own == {"scene", "notice", "by", "declined"}


def test_what_passed_is_bounded() -> None:
    reader = Reader()
    for n in range(4_100):
        reader.read(json.dumps({**GOOD, "scene": f"scene-{n}"}).encode())
    assert len(reader._passed) <= 4_096
