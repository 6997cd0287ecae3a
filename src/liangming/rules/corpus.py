"""A corpus: instruments, articles, rules and values, checked for wholeness when it is built."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property, lru_cache
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

from liangming.rules.articles import Article, Grade, Instrument
from liangming.rules.dated import Dated
from liangming.rules.rule import Exempt, Rule
from liangming.rules.terms import Vocabulary

T = TypeVar("T")


class Corpus:
    """Everything the engine may apply.

    Args:
        vocabulary: the facts that terms may name.
        instruments: each with its articles, in the order of the text.
        values: dated values.

    Raises:
        ValueError: an id is used twice, an article stands under the wrong instrument, a rule
            names an unknown fact, an exemption or a value points nowhere, or exemptions lift
            each other in a circle.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        instruments: Iterable[tuple[Instrument, Iterable[Article]]],
        values: Iterable[Dated] = (),
    ) -> None:
        self.vocabulary = vocabulary
        self.instruments: dict[str, Instrument] = {}
        self.articles: dict[str, Article] = {}
        self.rules: dict[str, Rule] = {}
        self.values: dict[str, Dated] = {}
        for instrument, articles in instruments:
            _once(self.instruments, instrument.id, instrument)
            for article in articles:
                if article.instrument != instrument.id:
                    raise ValueError(f"{article.id} stands under {instrument.id}")
                _once(self.articles, article.id, article)
                for rule in article.rules:
                    if rule.article != article.id:
                        raise ValueError(f"{rule.id} stands under {article.id}")
                    _once(self.rules, rule.id, rule)
        for value in values:
            _once(self.values, value.id, value)
        self._whole()
        self._lifts = {
            rule.id: rule.effect.rules
            for rule in self.rules.values()
            if isinstance(rule.effect, Exempt)
        }
        self._lifts_first = _lifters_first(self._lifts)
        self._in_force = lru_cache(maxsize=4096)(self._find_in_force)
        self._lifting = lru_cache(maxsize=4096)(self._find_lifting)

    def _whole(self) -> None:
        known = {fact.name for fact in self.vocabulary}
        for rule in self.rules.values():
            strange = set(rule.when.facts()) - known
            if strange:
                raise ValueError(f"{rule.id} names unknown facts: {sorted(strange)}")
            if isinstance(rule.effect, Exempt):
                _point(rule.effect.rules, self.rules, f"{rule.id} exempts")
            _point(rule.citations, self.articles, f"{rule.id} cites")
            if any(self.articles[c].grade is Grade.C for c in rule.citations):
                raise ValueError(f"{rule.id} cites an unverified article")
        for value in self.values.values():
            _point((s.article for s in value.values), self.articles, f"{value.id} cites")
        for article in self.articles.values():
            _point(article.values, self.values, f"{article.id} fixes")

    def in_force(self, question: str, on: date) -> tuple[Rule, ...]:
        """The rules for a question on a day, in the order of the corpus."""
        return self._in_force(question, on)

    def _find_in_force(self, question: str, on: date) -> tuple[Rule, ...]:
        return tuple(
            self._as_of(rule, on)
            for rule in self.rules.values()
            if rule.question == question
            and on in self.articles[rule.article].force
            and (rule.until is None or on < rule.until)
        )

    def lifting(self, question: str, on: date) -> tuple[tuple[Rule, tuple[str, ...]], ...]:
        """The exemptions among those rules with what they lift.

        An exemption that lifts another exemption comes before it, so that one pass settles all.
        """
        return self._lifting(question, on)

    def _find_lifting(self, question: str, on: date) -> tuple[tuple[Rule, tuple[str, ...]], ...]:
        here = {rule.id: rule for rule in self.in_force(question, on)}
        order = [name for name in self._lifts_first if name in here]
        return tuple((here[name], self._lifts[name]) for name in order)

    def _as_of(self, rule: Rule, on: date) -> Rule:
        """The rule, citing only what is in force on the day (numbers change with revisions)."""
        also = tuple(name for name in rule.also if on in self.articles[name].force)
        return rule if also == rule.also else replace(rule, also=also)

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """Every question that some rule answers."""
        return tuple(dict.fromkeys(rule.question for rule in self.rules.values()))

    @cached_property
    def turning_days(self) -> tuple[date, ...]:
        """Every day on which the rules change, rising: starts and ends of force, new values."""
        days = {a.force.start for a in self.articles.values() if a.rules}
        days |= {a.force.end for a in self.articles.values() if a.rules and a.force.end}
        days |= {rule.until for rule in self.rules.values() if rule.until}
        days |= {since.day for value in self.values.values() for since in value.values}
        return tuple(sorted(days))

    def since(self, on: date) -> date:
        """The day from which the corpus has said what it says on this one, citations included."""
        place = bisect_right(self._stretches, on)
        return self._stretches[place - 1] if place else date.min

    @cached_property
    def _stretches(self) -> tuple[date, ...]:
        """Turning days, and those on which only what a rule cites begins or ends."""
        cited = [self.articles[name].force for rule in self.rules.values() for name in rule.also]
        days = {span.start for span in cited} | {span.end for span in cited if span.end}
        return tuple(sorted(days.union(self.turning_days)))

    def days_around_changes(self) -> tuple[date, ...]:
        """The day before, of and after each change: where coverage in time is tested."""
        day = timedelta(days=1)
        return tuple(sorted({d + n * day for d in self.turning_days for n in (-1, 0, 1)}))


def _once(table: dict[str, T], key: str, value: T) -> None:
    if key in table:
        raise ValueError(f"declared twice: {key}")
    table[key] = value


def _point(names: Iterable[str], table: dict[str, T], who: str) -> None:
    for name in names:
        if name not in table:
            raise ValueError(f"{who} an unknown {name}")


def _lifters_first(lifts: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    order: TopologicalSorter[str] = TopologicalSorter()
    for name, lifted in lifts.items():
        order.add(name)
        for target in lifted:
            order.add(target, name)
    try:
        return tuple(name for name in order.static_order() if name in lifts)
    except CycleError as error:
        raise ValueError("exemptions lift each other in a circle") from error
