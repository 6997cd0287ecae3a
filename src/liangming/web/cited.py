"""Articles as a person reads them: instrument, number, our own paraphrase."""

from __future__ import annotations

from dataclasses import dataclass

from liangming.rules import Corpus, Rank


@dataclass(frozen=True, slots=True)
class Cited:
    """One article in both languages."""

    id: str
    instrument_zh: str
    instrument_en: str
    number: str
    zh: str
    en: str
    standard: bool  # a recommended standard is never shown as law


def cited(corpus: Corpus, citations: tuple[str, ...], most: int = 12) -> tuple[Cited, ...]:
    """The articles behind these ids, each once, in the order given."""
    found = []
    for citation in dict.fromkeys(citations):
        article = corpus.articles.get(citation)
        if article is None:
            continue
        instrument = corpus.instruments[article.instrument]
        found.append(
            Cited(
                id=citation,
                instrument_zh=instrument.zh,
                instrument_en=instrument.en,
                number=article.number,
                zh=article.zh,
                en=article.en,
                standard=instrument.rank is Rank.STANDARD,
            )
        )
    return tuple(found[:most])


def sentence(corpus: Corpus, citations: tuple[str, ...]) -> Cited | None:
    """The one article to read out when somebody asks why (N3).

    A regulation says most exactly what is asked at a counter; without one, the first article.
    """
    found = cited(corpus, citations)
    for each in found:
        instrument = corpus.instruments[corpus.articles[each.id].instrument]
        if instrument.rank is Rank.REGULATION:
            return each
    return found[0] if found else None
