"""A stencil's leaf is the leaf, to the byte, whatever the event."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.ledger.test_leaf import EVENT, KEY, SHOWN

from liangming.errors import Misuse
from liangming.ledger import leaf
from liangming.ledger.leaf import Event
from liangming.ledger.stencil import Stencil, spell

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


@given(
    FACTS,
    st.sets(st.sampled_from(["count", "notice"])),
    st.integers(0, 99),
    st.lists(st.tuples(KEYS, WHOLE, IDS, WHOLE, WORDS), min_size=2, max_size=3),
)
def test_one_stencil_makes_the_leaves_of_every_check(facts, named, index, checks):
    more = tuple(name for name in named if name in facts)
    _, at, check, _, _ = checks[0]
    stencil = Stencil(Event(SHOWN, at, check, facts), index, more)
    for key, moment, name, count, notice in checks:
        own = facts | {k: v for k, v in {"count": count, "notice": notice}.items() if k in more}
        expected = leaf.commit(Event(SHOWN, moment, name, own), key, index)
        spelled = [spell("at", moment), spell("check", name), *(spell(k, own[k]) for k in more)]
        assert stencil.leaf(key, *spelled) == expected


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
            Stencil(EVENT, 0).leaf(key, spell("at", 0), spell("check", ""))
        assert prepared.value.code == plain.value.code
    for value in (1 << 53, "990101199003071237", "chk_ with a space", 0.5):
        with pytest.raises(Misuse):
            spell("check", value)
