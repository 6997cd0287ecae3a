"""What the hard findings of some cells amount to: shown, tested, or not testable and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from liangming.audit.questions.findings import FINDINGS, NOT_IN_LOGS, Finding
from liangming.audit.schema import FACTS
from liangming.law import CORPUS
from liangming.rules import Article


@dataclass(frozen=True, slots=True)
class Told:
    """One hard finding over everything that was read.

    Attributes:
        finding: which.
        shown: checks that show it.
        tested: checks in which it could be tested; 0 is *not testable*, never *passed*.
        missing: columns and facts that no row gave, where it could not be tested.
    """

    finding: Finding
    shown: int
    tested: int
    missing: tuple[str, ...]


def told(cells: pa.Table, missing: Iterable[str] = ()) -> list[Told]:
    """Every hard finding, in the order of the catalogue.

    Args:
        cells: with the columns of the findings.
        missing: columns that were in none of the files.
    """
    gone = set(missing)
    if gone & {"facts", "known"}:
        gone |= {need for one in FINDINGS for need in one.needs if _is_fact(need)}
    answers = []
    for finding in FINDINGS:
        shown = pc.sum(cells[finding.code]).as_py() or 0
        tested = pc.sum(cells[f"{finding.code}_tested"]).as_py() or 0
        lacking = tuple(need for need in finding.needs if need in gone)
        answers.append(Told(finding, shown, tested, () if tested else lacking))
    return answers


def articles(finding: Finding) -> tuple[Article, ...]:
    """The articles that a finding rests on, the first of them first."""
    found = []
    for citation in finding.citations:
        name = citation.partition("/")[0]
        found.append(CORPUS.articles[name])
        if citation in CORPUS.rules:
            found += [
                CORPUS.articles[also.partition("/")[0]] for also in CORPUS.rules[citation].also
            ]
    return tuple(dict.fromkeys(found))


def not_in_logs() -> dict[str, tuple[str, str]]:
    """Numbers of the catalogue that no event file can show, and where to look."""
    return dict(NOT_IN_LOGS)


def _is_fact(name: str) -> bool:
    return name in {fact.name for fact in FACTS}
