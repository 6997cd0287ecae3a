"""Marking: the file says what is right, nobody else. Four of five must be (the share is ours)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Final, NamedTuple

from liangming.governance.training.courses import Course, Question

PASS_PERCENT: Final = 80


class Marked(NamedTuple):
    """What came of one go.

    Attributes:
        right: for each question, whether it was answered rightly.
    """

    right: tuple[bool, ...]

    @property
    def score(self) -> int:
        """How many were right."""
        return sum(self.right)

    @property
    def passed(self) -> bool:
        """Whether that is enough."""
        return bool(self.right) and self.score * 100 >= PASS_PERCENT * len(self.right)


def grade(course: Course, answers: Mapping[int, str]) -> Marked:
    """Mark the answers, by the number of each question; a missing one is wrong."""
    return Marked(
        tuple(answers.get(n) == question.right for n, question in enumerate(course.questions))
    )


def shuffled(question: Question, go: str) -> list[str]:
    """The options in an order that differs from one go to the next."""
    return sorted(
        question.options,
        key=lambda option: hashlib.sha256(f"{go}/{question.right}/{option}".encode()).digest(),
    )
