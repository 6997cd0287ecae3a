"""The corpus asked by the check, remembering answers.

The facts of a check are few and closed (words, truth values, small numbers), so the same question
comes back in the same words all day. A verdict is immutable and carries its trace; remembering it
changes nothing but the time it takes. The day is part of the question.

What is not remembered is decided by the rules compiled for the question and the place
(:func:`liangming.rules.prepared`): one function for each kind of scene and channel, kept for as long as
the law stands still.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law.words import Question
from liangming.rules import Corpus, Verdict, prepared
from liangming.rules.terms import Facts

_MOST: Final = 50_000
_PLACE: Final = ("kind", "channel")


class Decisions:
    """Remembers verdicts by question, day and facts; bounded."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._known: dict[tuple[object, ...], Verdict] = {}

    def ask(self, question: Question, facts: Facts, *, on: date) -> Verdict:
        """The verdict, from memory or from the corpus."""
        key = (question, on, *facts.items())
        verdict = self._known.get(key)
        if verdict is None:
            verdict = self._decided(question, self._corpus.vocabulary.checked(facts), on)
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[key] = verdict
        return verdict

    def _decided(self, question: Question, facts: Facts, on: date) -> Verdict:
        fixed = tuple([(name, value) for name in _PLACE if (value := facts.get(name)) is not None])
        return prepared(self._corpus, question.value, on=on, fixed=fixed)(facts)
