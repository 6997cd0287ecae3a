"""Situations a lawyer can read: YAML files with facts on a day, and the verdict they must get.

One file may hold several situations, separated by ``---``. Keys:

``title``     zh and en
``date``      the day in China
``question``  configure, ask, offer, capture, accept, refuse, retain, observe
``facts``     name: value, as declared in ``liangming.law.facts``
``expect``    ``verdict`` (allowed, refused, undetermined) and, as far as it matters,
              ``grounds`` and ``demands`` (exactly these), ``citations`` (at least these),
              ``not_cited`` (none of these), ``reasons`` (finding codes, exactly these),
              ``reason`` (unknown, silent, conflict), ``missing`` (at least these)
``note``      zh and en: why
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from liangming.law.words import Question
from liangming.rules import Allowed, Corpus, FactValue, Refused, Undetermined, Verdict, decide

SITUATIONS = Path(__file__).parent / "situations"
KEYS = {"title", "date", "question", "facts", "expect", "note"}
EXPECTED = {
    "allowed": {"verdict", "grounds", "demands", "citations", "not_cited"},
    "refused": {"verdict", "reasons", "citations", "not_cited"},
    "undetermined": {"verdict", "reason", "missing", "citations", "not_cited"},
}


@dataclass(frozen=True, slots=True)
class Situation:
    """One situation, as written."""

    name: str
    date: date
    question: Question
    facts: Mapping[str, FactValue | None]
    expect: Mapping[str, Any]

    def decide(self, corpus: Corpus) -> Verdict:
        """What the corpus says of it."""
        facts = corpus.vocabulary.checked(self.facts)
        return decide(corpus, self.question.value, facts, on=self.date)

    def check(self, corpus: Corpus) -> None:
        """Compare the verdict with the expected one, part by part, in one comparison."""
        verdict = self.decide(corpus)
        assert self._said(verdict) == self._meant()

    def _said(self, verdict: Verdict) -> dict[str, Any]:
        said: dict[str, Any] = {"verdict": type(verdict).__name__.lower()}
        match verdict:
            case Allowed():
                said |= {"grounds": set(verdict.grounds), "demands": dict(verdict.demands)}
            case Refused():
                said |= {"reasons": {finding.reason for finding in verdict.findings}}
            case Undetermined():
                said |= {"reason": verdict.reason}
        wanted = self.expect.keys() - {"citations", "not_cited", "missing"}
        # A verdict of another kind is shown whole, so that a failing test explains itself.
        known = said if said["verdict"] != self.expect["verdict"] else _only(said, wanted)
        cited = set(verdict.citations)
        return known | {
            "citations lacking": set(self.expect.get("citations", ())) - cited,
            "cited wrongly": set(self.expect.get("not_cited", ())) & cited,
            "missing lacking": set(self.expect.get("missing", ()))
            - (set(verdict.missing) if isinstance(verdict, Undetermined) else set()),
        }

    def _meant(self) -> dict[str, Any]:
        meant: dict[str, Any] = {"verdict": self.expect["verdict"]}
        for key in ("grounds", "reasons"):
            if key in self.expect:
                meant[key] = set(self.expect[key])
        for key in ("demands", "reason"):
            if key in self.expect:
                meant[key] = self.expect[key]
        return meant | {
            "citations lacking": set(),
            "cited wrongly": set(),
            "missing lacking": set(),
        }


def _only(said: dict[str, Any], keys: set[str]) -> dict[str, Any]:
    return {key: value for key, value in said.items() if key in keys}


def load(folder: str) -> list[Situation]:
    """Every situation in ``situations/<folder>/*.yaml``, in order of file and place.

    Raises:
        ValueError: a situation lacks a part or has one that nobody would read.
    """
    found: list[Situation] = []
    for path in sorted((SITUATIONS / folder).glob("*.yaml")):
        documents = yaml.safe_load_all(path.read_text(encoding="utf-8"))
        for place, written in enumerate(filter(None, documents), start=1):
            found.append(_read(written, f"{path.stem}-{place}"))
    return found


def _read(written: dict[str, Any], where: str) -> Situation:
    if set(written) != KEYS:
        raise ValueError(f"{where}: parts missing or unknown: {set(written) ^ KEYS}")
    for part in ("title", "note"):
        if set(written[part]) != {"zh", "en"} or not all(written[part].values()):
            raise ValueError(f"{where}: {part} is written in zh and en")
    expect = written["expect"]
    strange = set(expect) - EXPECTED[expect["verdict"]]
    if strange:
        raise ValueError(f"{where}: a verdict {expect['verdict']} has no {strange}")
    return Situation(
        name=f"{where}-{written['title']['en'].replace(' ', '-')}",
        date=written["date"],
        question=Question(written["question"]),
        facts=written["facts"],
        expect=expect,
    )
