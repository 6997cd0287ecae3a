"""The catalogue: every number is answered for, every citation exists."""

from liangming.audit.questions.findings import FINDINGS, NOT_IN_LOGS
from liangming.audit.schema import EVENT_COLUMNS, FACTS, FINDING_CODES
from liangming.audit.statistics.words import citation as cited
from liangming.audit.summary import articles
from liangming.inspection.catalogue import VIOLATIONS
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


def test_a_rule_of_the_law_that_a_finding_cites_has_the_findings_number() -> None:
    for finding in FINDINGS:
        for citation in finding.citations:
            if citation in CORPUS.rules:
                assert citation.rpartition("/")[2].upper() == finding.number, finding.code


def test_every_rule_of_observation_with_a_number_rests_on_what_the_inspectors_catalogue_says() -> (
    None
):
    catalogue = {one.id: set(one.citations) for one in VIOLATIONS}
    seen = set()
    for name, rule in CORPUS.rules.items():
        number = name.rpartition("/")[2].upper()
        if number in catalogue:
            seen.add(number)
            mine = {rule.article, *(also.partition("/")[0] for also in rule.also)}
            assert mine & catalogue[number], name
    assert "V17" in seen


def test_an_english_citation_names_the_article_in_english() -> None:
    said = cited("face.10", "en")
    assert "Article 10" in said
    assert "第" not in said
