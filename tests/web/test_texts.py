"""Every text in both languages; cards of one length; no word that pulls."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from liangming.law import CORPUS
from liangming.law.article_number import in_english
from liangming.law.words import Method
from liangming.web.ways import _HELP_LINE, _HELP_NAME, LINES, NAMES

ROOT = Path(__file__).resolve().parents[2]
BAIT = (
    "推荐|最快|更快|快捷|便捷|一秒|秒过|更安全|最安全|免单|优惠|首选|智能|轻松|无感|尊享|立减|奖励"
    "|recommend|fastest|faster|quick|safer|easy|easier|best|free|reward|instant|smart"
)


def _translations():
    spec = importlib.util.spec_from_file_location("translations", ROOT / "tools/translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_no_text_is_missing_fuzzy_unused_or_stale_in_english():
    assert _translations().faults() == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_cards_are_equally_long_within_a_fifth(language):
    texts = [(NAMES[m], LINES[m]) for m in Method] + [(_HELP_NAME, _HELP_LINE)]
    lengths = [len(getattr(n, language)) + len(getattr(line, language)) for n, line in texts]
    assert max(lengths) <= 1.2 * min(lengths), lengths


def test_every_way_has_words():
    assert (set(NAMES), set(LINES)) == (set(Method), set(Method))


def test_no_card_has_a_word_that_pulls():
    words = (
        " ".join(f"{t.zh} {t.en}" for m in Method for t in (NAMES[m], LINES[m]))
        + f"{_HELP_NAME} {_HELP_LINE}"
    )
    assert re.findall(BAIT, words, re.IGNORECASE) == []


@pytest.mark.parametrize(
    ("number", "english"),
    [
        ("第二十三条", "Article 23"),
        ("第一千零二十四条", "Article 1024"),
        ("第四条、第二十条、第四十条", "Articles 4, 20, 40"),
        ("第四十六条至第四十八条", "Articles 46–48"),
        ("第十三条第（二）项", "Article 13(2)"),
        ("六", "6"),
        ("附录A", "Annex A"),
        ("附件", "Annex"),
        ("10.1", "10.1"),
        ("", ""),
    ],
)
def test_an_article_has_its_number_in_the_page_s_own_language(number: str, english: str):
    assert in_english(number) == english


def test_no_article_of_the_law_keeps_a_chinese_number_on_an_english_page():
    said = {in_english(article.number) for article in CORPUS.articles.values()}
    assert {each for each in said if not each.replace("–", "-").isascii()} == set()
