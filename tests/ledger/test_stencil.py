"""The leaves of stencils are the leaves, to the byte, whatever the events."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ledger.test_leaf import EVENT, KEY, SHOWN

from liangming.errors import Misuse
from liangming.ledger import leaf
from liangming.ledger.leaf import Event
from liangming.ledger.stencil import Stencils, spell

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


@settings(deadline=None)
@given(
    st.lists(FACTS, min_size=1, max_size=4),
    st.sets(st.sampled_from(["count", "notice"])),
    st.integers(0, 99),
    st.lists(st.tuples(KEYS, WHOLE, IDS, WHOLE, WORDS), min_size=2, max_size=3),
)
def test_one_set_of_stencils_makes_the_leaves_of_every_check(told, named, first, checks):
    more = tuple((n, name) for n, facts in enumerate(told) for name in named if name in facts)
    _, at, check, _, _ = checks[0]
    stencils = Stencils([Event(SHOWN, at, check, facts) for facts in told], more, first)
    for key, moment, name, count, notice in checks:
        fresh = {"count": count, "notice": notice}
        own = [{k: fresh[k] if (n, k) in more else v for k, v in facts.items()}
               for n, facts in enumerate(told)]  # fmt: skip
        expected = b"".join(
            leaf.commit(Event(SHOWN, moment, name, facts), key, first + n)
            for n, facts in enumerate(own)
        )
        spelled = [spell("at", moment), spell("check", name)]
        assert stencils.leaves(key, *spelled, *(spell(k, own[n][k]) for n, k in more)) == expected


def test_stencils_refuse_what_a_leaf_refuses():
    for event in (
        Event("test:never:declared", 0, ""),
        Event(SHOWN, 0, "", {"colour": "red"}),
        Event(SHOWN, 0, "", {"notice": "two words"}),
    ):
        with pytest.raises(Misuse) as plain:
            leaf.commit(event, KEY, 0)
        with pytest.raises(Misuse) as prepared:
            Stencils([event])
        assert prepared.value.code == plain.value.code
    for key in (b"", KEY[:-1], KEY + b"\x00"):
        with pytest.raises(Misuse) as plain:
            leaf.commit(EVENT, key, 0)
        with pytest.raises(Misuse) as prepared:
            Stencils([EVENT]).leaves(key, spell("at", 0), spell("check", ""))
        assert prepared.value.code == plain.value.code
    for value in (1 << 53, "990101199003071237", "chk_ with a space", 0.5):
        with pytest.raises(Misuse):
            spell("check", value)
