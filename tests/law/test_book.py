"""The printed law is the law that runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from liangming.law import CORPUS
from liangming.law.book import pages, write
from liangming.law.coverage import coverage, explain, open_articles
from liangming.law.wording import VALUES_IN_WORDS, in_words
from liangming.law.words import Method, SceneKind
from liangming.rules import Rank

FOLDER = Path(__file__).parents[2] / "docs" / "law"


def test_the_pages_on_file_are_those_that_the_rules_give() -> None:
    on_file = {page.name: page.read_text(encoding="utf-8") for page in FOLDER.glob("*.md")}
    assert on_file == pages(CORPUS)


def test_writing_the_book_removes_pages_that_no_longer_belong(tmp_path: Path) -> None:
    stale = tmp_path / "repealed.md"
    stale.write_text("old", encoding="utf-8")
    write(tmp_path, CORPUS)
    assert {page.name for page in tmp_path.iterdir()} == set(pages(CORPUS))


@pytest.mark.parametrize(
    "instrument", [i.id for i in CORPUS.instruments.values() if i.rank is Rank.STANDARD]
)
def test_a_page_of_a_standard_says_at_once_that_it_is_no_law(instrument: str) -> None:
    head = "\n".join(pages(CORPUS)[f"{instrument}.md"].splitlines()[:8])
    assert "推荐性标准，不是法律" in head


def test_every_article_and_every_rule_is_printed() -> None:
    book = "\n".join(pages(CORPUS).values())
    names = [*CORPUS.articles, *CORPUS.rules, *CORPUS.values]
    assert [name for name in names if f"`{name}`" not in book] == []


def test_every_unverified_article_is_on_the_open_list() -> None:
    page = pages(CORPUS)["open.md"]
    assert [a.id for a in open_articles(CORPUS) if f"`{a.id}`" not in page] == []


@pytest.mark.parametrize("tongue", ["zh", "en"])
def test_conditions_are_printed_in_words_not_in_identifiers(tongue: str) -> None:
    spoken = {
        rule.id: in_words(rule.when, CORPUS, tongue)  # type: ignore[arg-type]
        for rule in CORPUS.rules.values()
    }
    names = {fact.name for fact in CORPUS.vocabulary if "_" in fact.name}
    assert [rule for rule, words in spoken.items() if any(name in words for name in names)] == []


def test_every_kind_and_way_has_a_name() -> None:
    named = (set(VALUES_IN_WORDS["kind"]), set(VALUES_IN_WORDS["method"]))
    assert named == ({k.value for k in SceneKind}, {m.value for m in Method})


def test_coverage_lists_every_article_once_in_order() -> None:
    assert [row.article.id for row in coverage(CORPUS)] == list(CORPUS.articles)


@pytest.mark.parametrize("tongue", ["zh", "en"])
def test_every_article_and_rule_can_be_explained(tongue: str) -> None:
    texts = [
        explain(name, CORPUS, tongue)  # type: ignore[arg-type]
        for name in (*CORPUS.articles, *CORPUS.rules)
    ]
    assert all(len(text.splitlines()) >= 3 for text in texts)
