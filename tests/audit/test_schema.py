"""The lists behind the integers: they follow the law's words, and the pages name every column."""

import hashlib
import re
from pathlib import Path

from liangming.audit.questions.profile import LEAN_BITS
from liangming.audit.questions.reading import BITS_OF
from liangming.audit.questions.words import (
    COUNTED_WORD,
    FACTS_WORD,
    LEAN_WORD,
    PLACE_WORD,
    WAYS_WORD,
)
from liangming.audit.schema import (
    CELL_COLUMNS,
    CELL_KEYS,
    CHANNELS,
    FACTS,
    FINDING_CODES,
    OUTCOMES,
    REASONS,
    SCENE_KINDS,
    WAYS,
    way_column,
)
from liangming.audit.schema.cells import WAY_DEEDS
from liangming.law.words import Channel, Method, RefusalReason, SceneKind

ROOT = Path(__file__).resolve().parent.parent.parent
WAYS_KINDS_CHANNELS = ["d35c3acb1fcbdc5d", "e0f09c6b3f2b417f", "26c50e32d872a96d"]
REASONS_OUTCOMES_FACTS = ["b62b960ea4f75bc5", "fe141281225e6aa5", "4203356bb0337fac"]


def test_every_word_of_the_law_has_a_code() -> None:
    for codes, words in (
        (WAYS, Method),
        (SCENE_KINDS, SceneKind),
        (CHANNELS, Channel),
        (REASONS, RefusalReason),
    ):
        assert {word.value for word in words} - set(codes) == set()


def test_a_code_once_given_stays() -> None:
    def known(codes: tuple[str, ...]) -> str:
        return hashlib.sha256("\n".join(codes).encode()).hexdigest()[:16]

    facts = tuple(fact.name for fact in FACTS)
    assert [known(WAYS[:14]), known(SCENE_KINDS[:16]), known(CHANNELS[:6])] == WAYS_KINDS_CHANNELS
    assert [known(REASONS[:8]), known(OUTCOMES[:6]), known(facts[:28])] == REASONS_OUTCOMES_FACTS


def test_no_column_stands_twice() -> None:
    assert len(set(CELL_COLUMNS)) == len(CELL_COLUMNS)
    assert len({fact.name for fact in FACTS}) == len(FACTS) <= 30


def test_the_page_names_every_column_of_a_cell() -> None:
    page = (ROOT / "docs" / "spec" / "cells.md").read_text("utf-8")
    named = set(re.findall(r"`(\w+)`", page))
    ways = {way_column(way, deed) for way in WAYS for deed in WAY_DEEDS}
    findings = {*FINDING_CODES, *(f"{code}_tested" for code in FINDING_CODES)}
    assert set(CELL_COLUMNS) - ways - findings <= named
    assert {*CELL_KEYS, *FINDING_CODES, *(way_column(way, "x")[:-2] for way in WAYS)} <= named


def test_the_two_locks_agree() -> None:
    def pins(name: str) -> set[str]:
        text = (ROOT / name).read_text("utf-8")
        return set(re.findall(r"^([\w.\[\]-]+==[^ \\;]+)", text, re.MULTILINE))

    assert pins("requirements-demo.lock") < pins("requirements.lock")
    assert not {p for p in pins("requirements-demo.lock") if p.startswith(("pyspark", "duckdb"))}


def test_no_two_parts_of_a_word_share_a_bit() -> None:
    for layout in (PLACE_WORD, WAYS_WORD, FACTS_WORD, COUNTED_WORD, LEAN_WORD):
        bits = BITS_OF | ({"facts": LEAN_BITS} if layout is LEAN_WORD else {})
        ends = [0]
        for name, bit, _ in layout:
            assert bit >= ends[-1], name
            ends.append(bit + bits[name])
        assert ends[-1] <= 53
