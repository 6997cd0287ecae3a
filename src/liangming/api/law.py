"""How an article of law appears in an answer: its id, and one line in the asked language."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

import msgspec

from liangming.api.language import Language
from liangming.law.article_number import in_english
from liangming.rules import Corpus


class Citation(msgspec.Struct, frozen=True):
    """An article and what it says, in one line; more at ``/v1/law/articles/{id}``.

    Attributes:
        id: stable, e.g. ``"courier.23"``.
        title: the instrument and the article's number, in the language of the answer.
        text: our paraphrase in the language of the answer; never the official text.
    """

    id: str
    title: str
    text: str


class Citer:
    """Finds articles for answers; remembers what it built.

    Attributes:
        told: problems that were spelled with these articles (:func:`liangming.api.problem.reply`).
    """

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._built: dict[tuple[str, Language], Citation] = {}
        self.told: dict[Hashable, Any] = {}

    def cite(self, articles: Iterable[str], language: Language) -> tuple[Citation, ...]:
        """The citations of these articles, in their order, each once."""
        return tuple(self._one(article, language) for article in dict.fromkeys(articles))

    def _one(self, article_id: str, language: Language) -> Citation:
        built = self._built.get((article_id, language))
        if built is None:
            built = self._built[article_id, language] = self._build(article_id, language)
        return built

    def _build(self, article_id: str, language: Language) -> Citation:
        article = self._corpus.articles.get(article_id)
        if article is None:  # an error may cite what this corpus does not hold
            return Citation(article_id, "", "")
        instrument = self._corpus.instruments[article.instrument]
        if language == "zh":
            return Citation(article_id, f"{instrument.zh}{article.number}", article.zh)
        title = f"{instrument.en} {in_english(article.number)}".strip()
        return Citation(article_id, title, article.en)
