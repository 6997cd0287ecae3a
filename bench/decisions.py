"""One decision of law, with its trace, beside the engines of others: microseconds of CPU.

    python bench/decisions.py [--rounds 7]

The question is *ask* over the real law of one day (32 rules), at a counter. The others get rules of
the same number and shape (an effect, a condition over the same facts, some of them of three or four
parts), generated from ours: each term as the engine's own expression, prepared beforehand as far as
the engine can. What they do less: none has unknown facts as a third value, dated values, exemptions
or a trace of every rule; Cedar, Rego and CEL give which rules held, Casbin only whether one did.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable
from datetime import date

from liangming.check.decisions import Decisions
from liangming.law import CORPUS
from liangming.law.words import Question
from liangming.rules import FactValue, decide
from liangming.rules.compiling import compiled
from liangming.rules.terms import AllOf, Among, AnyOf, AtMost, Below, Not, Term

ON = date(2026, 11, 24)
FACTS: dict[str, FactValue] = {
    "kind": "parcel.send.counter",
    "channel": "counter",
    "letter": False,
    "agreement_signed": False,
    "organisation": False,
    "for_another": False,
    "handed_over_unseen": False,
    "returning": False,
    "verified_at_order": False,
}
RULES = CORPUS.in_force("ask", ON)


def spelled(term: Term, fact: str, op: dict[str, str], literal: Callable[[object], str]) -> str:
    """A term in another language's words."""
    match term:
        case AllOf(of=()):
            return op["true"]
        case AllOf(of=parts):
            return "(" + op["and"].join(spelled(p, fact, op, literal) for p in parts) + ")"
        case AnyOf(of=parts):
            return "(" + op["or"].join(spelled(p, fact, op, literal) for p in parts) + ")"
        case Not(of=part):
            return f"{op['not']}({spelled(part, fact, op, literal)})"
        case Among(name=name, values=values):
            ways = [f"{fact}{name} == {literal(value)}" for value in sorted(values, key=str)]
            return "(" + op["or"].join(ways) + ")"
        case Below(name=name, bound=bound) | AtMost(name=name, bound=bound):
            number = bound if isinstance(bound, int) else bound.at(ON)
            return f"{fact}{name} {'<' if isinstance(term, Below) else '<='} {number}"
        case _:
            raise TypeError(term)


C_LIKE = {"true": "true", "and": " && ", "or": " || ", "not": "!"}


def literal(value: object) -> str:
    return json.dumps(value)


def whole_facts() -> dict[str, FactValue]:
    """Every fact that some rule reads; what the check does not say is false or empty."""
    names = {name for rule in RULES for name in rule.when.facts()}
    types = {fact.name: fact.type for fact in CORPUS.vocabulary}
    empty: dict[type, FactValue] = {bool: False, int: 0, str: ""}
    return {name: FACTS.get(name, empty[types[name]]) for name in sorted(names)}


def cedar(facts: dict[str, FactValue]) -> Callable[[], object]:
    import cedarpy

    policies = "\n".join(
        f"permit(principal, action, resource) when {{ {spelled(rule.when, 'context.', C_LIKE, literal)} }};"
        for rule in RULES
    )
    request = {
        "principal": 'User::"u"',
        "action": 'Action::"ask"',
        "resource": 'Scene::"s"',
        "context": facts,
    }
    held = cedarpy.PolicySet.from_str(policies)
    return lambda: cedarpy.is_authorized(request, held, [])


def cel(facts: dict[str, FactValue]) -> Callable[[], object]:
    import cel as engine

    texts = ", ".join(spelled(rule.when, "", C_LIKE, literal) for rule in RULES)
    program = engine.compile(f"[{texts}]")
    return lambda: program.execute(facts)


def rego(facts: dict[str, FactValue]) -> Callable[[], object]:
    import regopy

    lines = ["package law"]
    for n, rule in enumerate(RULES):
        for way in disjuncts(rule.when):
            body = "\n".join(f"    {part}" for part in way) or "    true"
            lines.append(f'held["r{n}"] {{\n{body}\n}}')
    engine = regopy.Interpreter()
    engine.add_module("law", "\n".join(lines))

    def ask() -> object:
        engine.set_input(facts)
        return engine.query("data.law.held")

    return ask


def disjuncts(term: Term) -> list[list[str]]:
    """A term as ways, each a list of conditions: Rego writes *or* as another rule."""
    match term:
        case AllOf(of=parts):
            ways: list[list[str]] = [[]]
            for part in parts:
                ways = [one + other for one in ways for other in disjuncts(part)]
            return ways
        case AnyOf(of=parts):
            return [way for part in parts for way in disjuncts(part)]
        case Not(of=Among(name=name, values=values)):
            return [[f"input.{name} != {literal(value)}" for value in sorted(values, key=str)]]
        case Among(name=name, values=values):
            return [[f"input.{name} == {literal(value)}"] for value in sorted(values, key=str)]
        case Not(of=Not(of=part)):
            return disjuncts(part)
        case Not(of=AllOf(of=parts)):
            return [way for part in parts for way in disjuncts(Not(part))]
        case Not(of=AnyOf(of=parts)):
            return disjuncts(AllOf(tuple(Not(part) for part in parts)))
        case _:
            return [[spelled(term, "input.", C_LIKE, literal)]]


def casbin(facts: dict[str, FactValue]) -> Callable[[], object]:
    import casbin as engine

    model = engine.Model()
    model.load_model_from_text(
        "[request_definition]\nr = facts\n[policy_definition]\np = rule\n"
        "[policy_effect]\ne = some(where (p.eft == allow))\n"
        "[matchers]\nm = eval(p.rule)\n"
    )
    words = {"true": "True", "and": " and ", "or": " or ", "not": "not "}
    enforcer = engine.Enforcer(model)

    def said(value: object) -> str:
        return repr(value)

    for rule in reversed(RULES):  # the broadest last, so that all are looked at
        enforcer.add_policy(spelled(rule.when, "r.facts.", words, said))

    class Told:
        def __init__(self, known: dict[str, FactValue]) -> None:
            self.__dict__.update(known)

    told = Told(facts)
    return lambda: enforcer.enforce(told)


def micros(call: Callable[[], object], rounds: int, *, enough: float = 0.15) -> float:
    """Median of the rounds' CPU time for one call."""
    begin, times = time.process_time(), 0
    while time.process_time() - begin < enough / 5:
        call()
        times += 1
    measured = []
    for _ in range(rounds):
        begin = time.process_time()
        for _ in range(times):
            call()
        measured.append((time.process_time() - begin) / times * 1e6)
    return statistics.median(measured)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])  # type: ignore[union-attr]
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    facts = whole_facts()
    place = {"kind": FACTS["kind"], "channel": FACTS["channel"]}
    rest = {name: value for name, value in facts.items() if name not in place}
    folded = compiled(CORPUS, "ask", on=ON, fixed=place)
    assert folded(rest) == decide(CORPUS, "ask", facts, on=ON)
    held, forgetful = Decisions(CORPUS), Decisions(CORPUS)

    def anew() -> object:
        forgetful._known.clear()
        return forgetful.ask(Question.ASK, facts, on=ON)

    ours = {
        "plain": lambda: decide(CORPUS, "ask", facts, on=ON),
        "compiled, the scene's facts fixed": lambda: folded(rest),
        "as the check asks, facts not seen before": anew,
        "as the check asks (remembered)": lambda: held.ask(Question.ASK, facts, on=ON),
    }
    print(f"one decision over {len(RULES)} rules with its whole trace, µs of CPU:")
    figures = {}
    for name, call in ours.items():
        figures[name] = micros(call, rounds)
        print(f"  liangming, {name:40}{figures[name]:10.2f}")
    best = float("inf")
    for engine in (cedar, cel, rego, casbin):
        try:
            call = engine(facts)
            call()
        except ImportError:
            print(f"  {engine.__name__:51}not installed: pip install 'liangming[bench]'")
            continue
        figure = micros(call, rounds)
        best = min(best, figure)
        print(f"  {engine.__name__:51}{figure:10.2f}")
    if best == float("inf"):
        return
    chosen = figures["compiled, the scene's facts fixed"]
    print(
        f"  compiled: floor 25 µs, goal 5 µs; the best of the others takes × {best / chosen:.1f} (goal × 5)"
    )


if __name__ == "__main__":
    main()
