"""One decision.

    1 take the rules for the question that are in force on the day
    2 evaluate each term: fired, quiet, unknown, or erred
    3 exemptions that fired switch rules off; one that is unknown leaves its rules unknown
    4 a rule that erred, and a bar that fired: refused
    5 a bar or a demand that is unknown: undetermined, with the missing facts
    6 two values for one slot: undetermined, a conflict (a defect of the corpus)
    7 no ground fired: undetermined, by missing facts or because the law is silent
    8 allowed, with grounds, demands and citations

Law: the default is never *allowed*.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from liangming.rules.corpus import Corpus
from liangming.rules.rule import Bar, Demand, Ground, Rule
from liangming.rules.terms import Facts
from liangming.rules.verdict import (
    Allowed,
    Finding,
    Outcome,
    Refused,
    Step,
    Undetermined,
    Verdict,
)

ERRED: Final = "rules.erred"


def decide(corpus: Corpus, question: str, facts: Facts, *, on: date) -> Verdict:
    """Answer one question on one day.

    Args:
        corpus: the law.
        question: e.g. ``"offer"``.
        facts: name → value; a missing name or ``None`` is unknown.
        on: the day in China.

    Returns:
        Allowed, Refused or Undetermined, each with its trace.
    """
    rules = corpus.in_force(question, on)  # 1
    outcomes = {rule.id: _evaluate(rule, facts, on) for rule in rules}  # 2
    lifting = corpus.lifting(question, on)  # 3
    _exempt(lifting, outcomes)
    return settle(rules, lifting, outcomes, facts)


def settle(
    rules: tuple[Rule, ...],
    lifting: tuple[tuple[Rule, tuple[str, ...]], ...],
    outcomes: dict[str, Outcome],
    facts: Facts,
) -> Verdict:
    """The verdict that the rules' outcomes give, exemptions already applied (steps 4 to 8)."""
    trace = tuple([Step(rule_id, outcome) for rule_id, outcome in outcomes.items()])
    open_ = _Open(facts, lifting, outcomes, trace)

    findings = []  # 4
    for rule in rules:
        if outcomes[rule.id] is Outcome.ERRED:
            findings.append(Finding.of(rule, ERRED))
        elif outcomes[rule.id] is Outcome.FIRED and isinstance(rule.effect, Bar):
            findings.append(Finding.of(rule, rule.effect.reason))
    if findings:
        return Refused(tuple(findings), trace)

    waiting = [  # 5
        rule
        for rule in rules
        if outcomes[rule.id] is Outcome.UNKNOWN and isinstance(rule.effect, (Bar, Demand))
    ]
    if waiting:
        return open_.verdict("unknown", waiting)

    demands: dict[str, str] = {}  # 6
    bearing: list[Rule] = []
    for rule in rules:
        if outcomes[rule.id] is not Outcome.FIRED or not isinstance(rule.effect, Demand):
            continue
        slot, value = rule.effect.slot, rule.effect.value
        if demands.setdefault(slot, value) != value:
            clash = [
                r
                for r in (*bearing, rule)
                if isinstance(r.effect, Demand) and r.effect.slot == slot
            ]
            return open_.verdict("conflict", clash)
        bearing.append(rule)

    grounds = [  # 7
        rule
        for rule in rules
        if outcomes[rule.id] is Outcome.FIRED and isinstance(rule.effect, Ground)
    ]
    if not grounds:
        unknown = [
            rule
            for rule in rules
            if outcomes[rule.id] is Outcome.UNKNOWN and isinstance(rule.effect, Ground)
        ]
        return open_.verdict("unknown" if unknown else "silent", unknown)

    fired = [*grounds, *bearing]  # 8
    return Allowed(
        grounds=tuple(
            dict.fromkeys(r.effect.name for r in grounds if isinstance(r.effect, Ground))
        ),
        demands=demands,
        citations=tuple(dict.fromkeys(c for r in fired for c in r.citations)),
        rules=tuple(r.id for r in fired),
        trace=trace,
    )


def _evaluate(rule: Rule, facts: Facts, on: date) -> Outcome:
    try:
        value = rule.when.evaluate(facts, on)
    except Exception:  # noqa: BLE001  (whatever it was: an erring rule never allows)
        return Outcome.ERRED
    if value is None:
        return Outcome.UNKNOWN
    return Outcome.FIRED if value else Outcome.QUIET


def _exempt(
    lifting: tuple[tuple[Rule, tuple[str, ...]], ...], outcomes: dict[str, Outcome]
) -> None:
    for rule, lifted in lifting:
        mine = outcomes[rule.id]
        for target in lifted:
            theirs = outcomes.get(target)
            if mine is Outcome.FIRED and theirs in (Outcome.FIRED, Outcome.UNKNOWN):
                outcomes[target] = Outcome.EXEMPTED
            elif mine is Outcome.UNKNOWN and theirs is Outcome.FIRED:
                outcomes[target] = Outcome.UNKNOWN


@dataclass(frozen=True, slots=True)
class _Open:
    """Which facts an undetermined verdict waits for: those of its rules and of what may lift them."""

    facts: Facts
    lifting: tuple[tuple[Rule, tuple[str, ...]], ...]
    outcomes: dict[str, Outcome]
    trace: tuple[Step, ...]

    def verdict(self, reason: str, rules: list[Rule]) -> Undetermined:
        names = {rule.id for rule in rules}
        waiting = list(rules)
        for rule, lifted in reversed(self.lifting):
            if self.outcomes[rule.id] is Outcome.UNKNOWN and names & set(lifted):
                names.add(rule.id)
                waiting.append(rule)
        missing = dict.fromkeys(
            name for rule in waiting for name in rule.when.facts() if self.facts.get(name) is None
        )
        citations = dict.fromkeys(c for rule in waiting for c in rule.citations)
        return Undetermined(reason, tuple(missing), tuple(citations), self.trace)
