"""The engine that applies law without knowing any.

It knows articles with spans of force, grades and ranks; terms over named facts in three values
(true, false, unknown); four effects (a ground, a bar, a demand, an exemption); and verdicts.
It knows no statute: those live one floor up, in ``law``.

Order of one decision (:func:`decide`): rules in force on the day → terms → exemptions →
errors and bars → what is unknown → conflict → silence → allowed.

:func:`compiled` prepares the same decision for a question that is asked many times; :func:`prepared`
keeps what was prepared for as long as the law stands still.

It never allows by default: an erring rule refuses, an unknown fact or a silent corpus leaves the
question undetermined, and rules of grade C (unverified) cannot even be built.
"""

from liangming.rules.articles import Article, Grade, Held, Instrument, Rank, Span
from liangming.rules.compiling import compiled, prepared
from liangming.rules.corpus import Corpus
from liangming.rules.dated import Dated, Since
from liangming.rules.engine import decide
from liangming.rules.rule import Bar, Demand, Effect, Exempt, Ground, Moment, Rule
from liangming.rules.terms import Fact, FactValue, Term, Vocabulary, always
from liangming.rules.verdict import Allowed, Finding, Outcome, Refused, Step, Undetermined, Verdict

__all__ = [
    "Allowed",
    "Article",
    "Bar",
    "Corpus",
    "Dated",
    "Demand",
    "Effect",
    "Exempt",
    "Fact",
    "FactValue",
    "Finding",
    "Grade",
    "Ground",
    "Held",
    "Instrument",
    "Moment",
    "Outcome",
    "Rank",
    "Refused",
    "Rule",
    "Since",
    "Span",
    "Step",
    "Term",
    "Undetermined",
    "Verdict",
    "Vocabulary",
    "always",
    "compiled",
    "decide",
    "prepared",
]
