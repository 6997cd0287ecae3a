"""Identifiers and the numbers they are made of, one by one and many at once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangming import ids

CHECK = "chk_01m8gs2rrg7nzt6h9sgj2b9vvt"
BODY = CHECK[4:]
UNFIT = ("", "0", BODY[:-1], BODY + "0", "8" + BODY[1:], BODY.upper(), BODY[:-1] + "\n")


@given(st.lists(st.binary(min_size=16, max_size=16), max_size=70))
def test_many_identifiers_are_those_of_one_by_one(blocks: list[bytes]) -> None:
    one_by_one = [ids.of_number("chk", int.from_bytes(block)) for block in blocks]
    assert ids.of_blocks("chk", b"".join(blocks)) == one_by_one
    assert [ids.number_of(text).to_bytes(16) for text in one_by_one] == blocks
    assert ids.blocks_of(one_by_one) == blocks


def test_an_identifier_is_its_number_and_back() -> None:
    for number in (0, 1, 1 << 80, (1 << 128) - 1, ids.number_of(CHECK)):
        assert ids.number_of(ids.of_number("chk", number)) == number
    assert ids.of_number("chk", ids.number_of(CHECK)) == CHECK


@pytest.mark.parametrize(
    "body", [*UNFIT, *(BODY[:-1] + wrong for wrong in "ilou_-+! \xe9\ud800\0")]
)
def test_what_is_no_identifier_has_no_number(body: str) -> None:
    with pytest.raises(ValueError, match="not an identifier"):
        ids.number_of(f"chk_{body}")
    for place in range(3):
        texts = [CHECK, CHECK]
        texts.insert(place, f"chk_{body}")
        with pytest.raises(ValueError, match="not an identifier"):
            ids.blocks_of(texts)
    assert not ids.is_id("chk", f"chk_{body}")
