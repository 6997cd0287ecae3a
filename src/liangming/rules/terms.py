"""Terms: conditions over named facts, as data.

A term is a small tree, so the same condition can be evaluated with a trace, explained in words,
compiled, or asked of a column of events. Evaluation knows three values (Kleene): a fact that is
not given is *unknown*, never false.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

FactValue = bool | int | str
Facts = Mapping[str, FactValue | None]


class Number(Protocol):
    """A number that may depend on the day (``Dated``)."""

    @property
    def id(self) -> str:
        """Its stable name."""
        ...

    def at(self, day: date) -> int:
        """The value in force on a day."""
        ...


class Term(ABC):
    """A condition. ``&``, ``|`` and ``~`` combine terms; ``evaluate`` answers in three values."""

    __slots__ = ()

    @abstractmethod
    def evaluate(self, facts: Facts, on: date) -> bool | None:
        """True, False, or None where an unknown fact decides."""

    @abstractmethod
    def facts(self) -> Iterator[str]:
        """The names of the facts it reads, in reading order."""

    def __and__(self, other: Term) -> Term:
        return AllOf((*_parts(self, AllOf), *_parts(other, AllOf)))

    def __or__(self, other: Term) -> Term:
        return AnyOf((*_parts(self, AnyOf), *_parts(other, AnyOf)))

    def __invert__(self) -> Term:
        return self.of if isinstance(self, Not) else Not(self)

    def __bool__(self) -> bool:
        raise TypeError("a term is not a truth value; combine terms with & | ~")


def _parts(term: Term, kind: type[AllOf | AnyOf]) -> tuple[Term, ...]:
    return term.of if isinstance(term, kind) else (term,)


@dataclass(frozen=True, slots=True)
class AllOf(Term):
    """Every part holds."""

    of: tuple[Term, ...]

    def evaluate(self, facts: Facts, on: date) -> bool | None:
        """False wins over unknown."""
        answer: bool | None = True
        for term in self.of:
            value = term.evaluate(facts, on)
            if value is False:
                return False
            if value is None:
                answer = None
        return answer

    def facts(self) -> Iterator[str]:
        """The facts of its parts."""
        for term in self.of:
            yield from term.facts()

    def __str__(self) -> str:
        return "(" + " 且 ".join(map(str, self.of)) + ")" if self.of else "恒真"


@dataclass(frozen=True, slots=True)
class AnyOf(Term):
    """At least one part holds."""

    of: tuple[Term, ...]

    def evaluate(self, facts: Facts, on: date) -> bool | None:
        """True wins over unknown."""
        answer: bool | None = False
        for term in self.of:
            value = term.evaluate(facts, on)
            if value is True:
                return True
            if value is None:
                answer = None
        return answer

    def facts(self) -> Iterator[str]:
        """The facts of its parts."""
        for term in self.of:
            yield from term.facts()

    def __str__(self) -> str:
        return "(" + " 或 ".join(map(str, self.of)) + ")"


@dataclass(frozen=True, slots=True)
class Not(Term):
    """The part does not hold."""

    of: Term

    def evaluate(self, facts: Facts, on: date) -> bool | None:
        """Unknown stays unknown."""
        value = self.of.evaluate(facts, on)
        return None if value is None else not value

    def facts(self) -> Iterator[str]:
        """The facts of its part."""
        return self.of.facts()

    def __str__(self) -> str:
        return f"非 {self.of}"


@dataclass(frozen=True, slots=True)
class Among(Term):
    """A fact has one of the given values."""

    name: str
    values: frozenset[FactValue]

    def evaluate(self, facts: Facts, on: date) -> bool | None:  # noqa: ARG002  (one signature)
        """Unknown while the fact is not given."""
        value = facts.get(self.name)
        return None if value is None else value in self.values

    def facts(self) -> Iterator[str]:
        """Its one fact."""
        yield self.name

    def __str__(self) -> str:
        if self.values == {True}:
            return self.name
        return f"{self.name} ∈ {{{', '.join(sorted(map(str, self.values)))}}}"


@dataclass(frozen=True, slots=True)
class Below(Term):
    """A number is below a bound; the bound may be dated."""

    name: str
    bound: int | Number

    def evaluate(self, facts: Facts, on: date) -> bool | None:
        """Unknown while the fact is not given; a fact that is no number is an error."""
        value = facts.get(self.name)
        if value is None:
            return None
        if isinstance(value, (bool, str)):
            raise TypeError(f"{self.name} is not a number")
        return value < (self.bound if isinstance(self.bound, int) else self.bound.at(on))

    def facts(self) -> Iterator[str]:
        """Its one fact."""
        yield self.name

    def __str__(self) -> str:
        return f"{self.name} < {self.bound if isinstance(self.bound, int) else self.bound.id}"


@dataclass(frozen=True, slots=True)
class AtMost(Term):
    """A number is at or below a bound; the bound may be dated."""

    name: str
    bound: int | Number

    def evaluate(self, facts: Facts, on: date) -> bool | None:
        """Unknown while the fact is not given; a fact that is no number is an error."""
        value = facts.get(self.name)
        if value is None:
            return None
        if isinstance(value, (bool, str)):
            raise TypeError(f"{self.name} is not a number")
        return value <= (self.bound if isinstance(self.bound, int) else self.bound.at(on))

    def facts(self) -> Iterator[str]:
        """Its one fact."""
        yield self.name

    def __str__(self) -> str:
        return f"{self.name} ≤ {self.bound if isinstance(self.bound, int) else self.bound.id}"


@dataclass(frozen=True, slots=True)
class Fact(Among):
    """A declared fact: its name, what it means, and the values it may take.

    A boolean fact is itself a term. Others are compared: ``kind.one_of(…)``, ``age.below(14)``.
    """

    type: type[FactValue] = bool
    zh: str = ""
    en: str = ""

    def one_of(self, *values: FactValue) -> Term:
        """The fact has one of these values."""
        return Among(self.name, frozenset(values))

    def below(self, bound: int | Number) -> Term:
        """The number is below a bound."""
        return Below(self.name, bound)

    def at_least(self, bound: int | Number) -> Term:
        """The number is at or above a bound."""
        return Not(Below(self.name, bound))

    def at_most(self, bound: int | Number) -> Term:
        """The number is at or below a bound."""
        return AtMost(self.name, bound)

    def above(self, bound: int | Number) -> Term:
        """The number is above a bound."""
        return Not(AtMost(self.name, bound))


class Vocabulary:
    """The facts a corpus may speak of; anything else is a mistake caught at once."""

    def __init__(self) -> None:
        self._facts: dict[str, Fact] = {}

    def fact(self, name: str, kind: type[FactValue] = bool, *, zh: str, en: str) -> Fact:
        """Declare a fact."""
        if name in self._facts:
            raise ValueError(f"fact declared twice: {name}")
        fact = Fact(name, frozenset({True}), kind, zh, en)
        self._facts[name] = fact
        return fact

    def __getitem__(self, name: str) -> Fact:
        return self._facts[name]

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._facts.values())

    def checked(self, facts: Facts) -> Facts:
        """The same facts, or an error naming the first unknown name or wrong type.

        Raises:
            TypeError: a name is not declared, or a value has another type. Programming error.
        """
        for name, value in facts.items():
            fact = self._facts.get(name)
            if fact is None:
                raise TypeError(f"no such fact: {name}")
            if value is not None and not (
                type(value) is fact.type or (isinstance(value, str) and fact.type is str)
            ):
                raise TypeError(f"{name} is not of type {fact.type.__name__}")
        return facts


always: Term = AllOf(())
