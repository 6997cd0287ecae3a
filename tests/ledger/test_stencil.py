"""A stencil's leaf is the leaf, to the byte, whatever the event."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.test_leaf import EVENT, KEY, SHOWN

from liangming.errors import Misuse
from liangming.ledger import leaf
from liangming.ledger.leaf import Event
from liangming.ledger.stencil import Stencil, spelled

WORDS = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=10)
WHOLE = st.integers(min_value=-(1 << 53) + 1, max_value=(1 << 53) - 1)
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "notice": WORDS,
        "lang": WORDS | st.booleans(),
        "ways": st.lists(WORDS | WHOLE, max_size=5).map(tuple),
        "count": WHOLE,
        "equal": st.booleans(),
    },
)
KEYS = st.binary(min_size=32, max_size=32)
IDS = st.from_regex(r"\Achk_[0-9a-hjkmnp-tv-z]{26}\Z") | st.just("")


@given(FACTS, st.integers(0, 99), st.lists(st.tuples(KEYS, WHOLE, IDS), min_size=2, max_size=3))
def test_one_stencil_makes_the_leaves_of_every_check(facts, index, checks):
    _, at, check = checks[0]
    stencil = Stencil(Event(SHOWN, at, check, facts), index)
    for use, moment, name in checks:
        expected = leaf.commit(Event(SHOWN, moment, name, facts), use, index)
        assert stencil.leaf(use, *spelled(moment, name)) == expected


def test_a_stencil_refuses_what_a_leaf_refuses():
    for event in (
        Event("test:never:declared", 0, ""),
        Event(SHOWN, 0, "", {"colour": "red"}),
        Event(SHOWN, 0, "", {"notice": "two words"}),
    ):
        with pytest.raises(Misuse) as plain:
            leaf.commit(event, KEY, 0)
        with pytest.raises(Misuse) as prepared:
            Stencil(event, 0)
        assert prepared.value.code == plain.value.code
    for key in (b"", KEY[:-1], KEY + b"\x00"):
        with pytest.raises(Misuse) as plain:
            leaf.commit(EVENT, key, 0)
        with pytest.raises(Misuse) as prepared:
            Stencil(EVENT, 0).leaf(key, *spelled(0, ""))
        assert prepared.value.code == plain.value.code
    for at, check in ((1 << 53, ""), (0, "990101199003071237"), (0, "chk_ with a space")):
        with pytest.raises(Misuse):
            spelled(at, check)
