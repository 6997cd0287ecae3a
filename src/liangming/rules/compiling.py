"""The same decision as :func:`~liangming.rules.decide`, for a question asked many times.

``compiled`` writes one Python function for a question on a day: its terms as plain comparisons,
dated values as numbers, facts that never change (the kind of a scene) already folded in. The
function gives each rule's outcome; the outcomes are settled by the same code as in the plain
engine, once for each pattern of outcomes, so the verdict and its trace are the same by
construction and by property test.

Only terms of known forms are written; names and values enter as constants, never as source text
of someone else's making.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Final

from liangming.rules.corpus import Corpus
from liangming.rules.engine import settle
from liangming.rules.rule import Rule
from liangming.rules.terms import AllOf, Among, AnyOf, AtMost, Below, Facts, FactValue, Not, Term
from liangming.rules.verdict import Allowed, Outcome, Undetermined, Verdict

_OUTCOMES: Final = tuple(Outcome)
_CODE: Final = {outcome: place for place, outcome in enumerate(_OUTCOMES)}
_FIRED, _QUIET, _UNKNOWN, _EXEMPTED, _ERRED = (
    _CODE[outcome]
    for outcome in (
        Outcome.FIRED, Outcome.QUIET, Outcome.UNKNOWN, Outcome.EXEMPTED, Outcome.ERRED,
    )
)  # fmt: skip
_MOST_PATTERNS: Final = 4096
_MOST_FUNCTIONS: Final = 512


def prepared(
    corpus: Corpus, question: str, *, on: date, fixed: tuple[tuple[str, FactValue], ...]
) -> Callable[[Facts], Verdict]:
    """:func:`compiled`, written once for all days of a stretch in which the law stands still.

    Writing it costs as much as fifty plain decisions, so it is kept, for every house of the process.

    Args:
        corpus: the law.
        question: e.g. ``"offer"``.
        on: the day in China.
        fixed: facts that hold in every call, as pairs.
    """
    return _written(corpus, question, corpus.since(on), fixed)


@lru_cache(maxsize=_MOST_FUNCTIONS)
def _written(
    corpus: Corpus, question: str, since: date, fixed: tuple[tuple[str, FactValue], ...]
) -> Callable[[Facts], Verdict]:
    return compiled(corpus, question, on=since, fixed=dict(fixed))


def compiled(
    corpus: Corpus, question: str, *, on: date, fixed: Facts | None = None
) -> Callable[[Facts], Verdict]:
    """Prepare a decision.

    Args:
        corpus: the law.
        question: e.g. ``"offer"``.
        on: the day in China.
        fixed: facts that hold in every call; a call need not give them and cannot change them.

    Returns:
        A function from the remaining facts to the verdict that ``decide`` would give.
    """
    known = {name: value for name, value in (fixed or {}).items() if value is not None}
    rules = corpus.in_force(question, on)
    lifting = corpus.lifting(question, on)
    writer = _Writer(on, known)
    evaluate = writer.function(rules, [(rule.id, lifted) for rule, lifted in lifting])
    names = [rule.id for rule in rules]
    patterns: dict[tuple[int, ...], Verdict] = {}

    def decided(facts: Facts) -> Verdict:
        pattern = evaluate(facts)
        verdict = patterns.get(pattern)
        if verdict is None:
            outcomes = dict(zip(names, (_OUTCOMES[code] for code in pattern), strict=True))
            verdict = settle(rules, lifting, outcomes, {**facts, **known})
            if isinstance(verdict, Undetermined):
                return verdict  # names what is missing in these facts, so it is not shared
            if len(patterns) >= _MOST_PATTERNS:
                patterns.clear()
            patterns[pattern] = verdict
        if isinstance(verdict, Allowed):  # a mapping of its own for each caller
            return Allowed(
                verdict.grounds, dict(verdict.demands), verdict.citations, verdict.rules,
                verdict.trace,
            )  # fmt: skip
        return verdict

    return decided


@dataclass(slots=True)
class _Writer:
    """Writes the source of one function; every name or value of the law is a bound constant."""

    on: date
    known: Facts
    lines: list[str] = field(default_factory=list)
    constants: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    temporaries: int = 0

    def function(
        self, rules: tuple[Rule, ...], lifting: list[tuple[str, tuple[str, ...]]]
    ) -> Callable[[Facts], tuple[int, ...]]:
        place = {rule.id: number for number, rule in enumerate(rules)}
        for number, rule in enumerate(rules):
            self._rule(number, rule.when)
        for name, lifted in lifting:
            for target in lifted:
                if target in place:
                    self._lift(place[name], place[target])
        outcomes = "".join(f"o{number}, " for number in range(len(rules)))
        head = ["def evaluate(facts):", " get = facts.get"]
        head += [
            f" {variable} = get({self._constant(name)})" for name, variable in self.facts.items()
        ]
        source = "\n".join([*head, *self.lines, f" return ({outcomes})"])
        made: dict[str, Any] = {}
        exec(compile(source, "<rules>", "exec"), self.constants, made)  # noqa: S102  (our own text: see the module)
        function: Callable[[Facts], tuple[int, ...]] = made["evaluate"]
        return function

    def _rule(self, number: int, term: Term) -> None:
        self._write(1, "try:")
        answer = self._term(2, term)
        self._write(
            2,
            f"o{number} = {_FIRED} if {answer} else {_UNKNOWN} if {answer} is None else {_QUIET}",
        )
        self._write(1, "except Exception:")
        self._write(2, f"o{number} = {_ERRED}")

    def _lift(self, mine: int, theirs: int) -> None:
        self._write(1, f"if o{mine} == {_FIRED}:")
        self._write(
            2, f"if o{theirs} == {_FIRED} or o{theirs} == {_UNKNOWN}: o{theirs} = {_EXEMPTED}"
        )
        self._write(
            1, f"elif o{mine} == {_UNKNOWN} and o{theirs} == {_FIRED}: o{theirs} = {_UNKNOWN}"
        )

    def _term(self, depth: int, term: Term) -> str:  # noqa: PLR0911  (one case for each form)
        """Write a term; the variable or constant that then holds its answer."""
        match term:
            case AllOf(of=parts):
                return self._joined(depth, parts, stop="False", end="True")
            case AnyOf(of=parts):
                return self._joined(depth, parts, stop="True", end="False")
            case Not(of=part):
                inner = self._term(depth, part)
                if inner in {"True", "False"}:
                    return "False" if inner == "True" else "True"
                answer = self._temporary()
                self._write(depth, f"{answer} = None if {inner} is None else not {inner}")
                return answer
            case Among(name=name, values=values):
                if name in self.known:
                    return str(self.known[name] in values)
                return self._atom(depth, name, f"{{}} in {self._constant(values)}")
            case Below(name=name):
                return self._compared(depth, term, name, "<")
            case AtMost(name=name):
                return self._compared(depth, term, name, "<=")
            case _:
                raise TypeError(f"no such form of term: {type(term).__name__}")

    def _joined(self, depth: int, parts: tuple[Term, ...], *, stop: str, end: str) -> str:
        """``stop`` ends it at once; unknown is remembered; ``end`` is the answer otherwise."""
        answer = self._temporary()
        at, constant, opened = len(self.lines), end, False
        for part in parts:
            value = self._term(depth, part)
            if value == end:
                continue
            if value == stop:
                if not opened:
                    del self.lines[at:]
                    return stop
                self._write(depth, f"{answer} = {stop}")
                return answer
            if not opened:
                self._write(depth, f"{answer} = {end}")
                opened = True
            self._write(depth, f"if {value} is {stop}: {answer} = {stop}")
            self._write(depth, "else:")
            depth += 1
            self._write(depth, f"if {value} is None: {answer} = None")
        return answer if opened else constant

    def _compared(self, depth: int, term: Below | AtMost, name: str, sign: str) -> str:
        if name in self.known:
            try:
                return str(term.evaluate(self.known, self.on))
            except Exception:  # noqa: BLE001  (it errs whenever it is reached, as in the plain engine)
                self._write(depth, "raise TypeError")
                return "None"
        try:
            bound = term.bound if isinstance(term.bound, int) else term.bound.at(self.on)
        except Exception:  # noqa: BLE001  (a value before its first day: an error once the fact is known)
            answer = self._atom(depth, name, "None")
            self._write(depth, f"if {self._fact(name)} is not None: raise TypeError")
            return answer
        variable = self._fact(name)
        answer = self._temporary()
        self._write(depth, f"if {variable} is None: {answer} = None")
        self._write(
            depth, f"elif type({variable}) is bool or isinstance({variable}, str): raise TypeError"
        )
        self._write(depth, f"else: {answer} = {variable} {sign} {self._constant(bound)}")
        return answer

    def _atom(self, depth: int, name: str, test: str) -> str:
        variable = self._fact(name)
        answer = self._temporary()
        self._write(depth, f"{answer} = None if {variable} is None else {test.format(variable)}")
        return answer

    def _fact(self, name: str) -> str:
        return self.facts.setdefault(name, f"f{len(self.facts)}")

    def _constant(self, value: object) -> str:
        for name, known in self.constants.items():
            if type(known) is type(value) and known == value:
                return name
        name = f"k{len(self.constants)}"
        self.constants[name] = value
        return name

    def _temporary(self) -> str:
        self.temporaries += 1
        return f"t{self.temporaries}"

    def _write(self, depth: int, line: str) -> None:
        self.lines.append(" " * depth + line)
