"""The catalogue: every number is answered for, every citation exists."""

from liangming.audit.questions.findings import FINDINGS, NOT_IN_LOGS
from liangming.audit.schema import EVENT_COLUMNS, FACTS, FINDING_CODES
from liangming.audit.summary import articles
from liangming.law import CORPUS
from liangming.rules import Grade


def test_every_number_of_the_catalogue_is_a_finding_or_has_a_reason() -> None:
    numbers = {finding.number for finding in FINDINGS} - {"–"}
    assert numbers | set(NOT_IN_LOGS) == {f"V{number:02}" for number in range(1, 31)}
    assert numbers & set(NOT_IN_LOGS) == set()


def test_findings_stand_in_the_order_of_their_columns() -> None:
    assert tuple(finding.code for finding in FINDINGS) == FINDING_CODES


def test_every_citation_is_in_the_corpus_and_of_verified_text() -> None:
    for finding in FINDINGS:
        for citation in finding.citations:
            assert citation in CORPUS.rules or citation in CORPUS.articles, citation
        assert all(article.grade is not Grade.C for article in articles(finding)), finding.code


def test_every_need_is_a_column_or_a_fact() -> None:
    names = {column.name for column in EVENT_COLUMNS} | {fact.name for fact in FACTS}
    for finding in FINDINGS:
        assert set(finding.needs) <= names, finding.code
