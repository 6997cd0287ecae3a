"""Situations of scenes, faces and keeping, written for lawyers."""

from __future__ import annotations

import pytest
from tests.law.situation import Situation, load

from liangming.law import CORPUS

SITUATIONS = load("face")


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda s: s.name)
def test_the_corpus_says_what_the_situation_expects(situation: Situation) -> None:
    situation.check(CORPUS)


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda s: s.name)
def test_what_a_situation_cites_is_in_the_corpus(situation: Situation) -> None:
    named = {*situation.expect.get("citations", ()), *situation.expect.get("not_cited", ())}
    assert named - set(CORPUS.articles) == set()
