"""Identifiers that are written many at once are those of one by one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from liangming import ids


@given(st.lists(st.binary(min_size=16, max_size=16), max_size=70))
def test_many_identifiers_are_those_of_one_by_one(blocks: list[bytes]) -> None:
    one_by_one = [ids.of_number("chk", int.from_bytes(block)) for block in blocks]
    assert ids.of_blocks("chk", b"".join(blocks)) == one_by_one
    assert [ids.number_of(text).to_bytes(16) for text in one_by_one] == blocks
