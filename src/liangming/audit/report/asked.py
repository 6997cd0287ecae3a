"""Everything that a report asks of the places, also where hardly anything is there to ask about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from liangming.audit.statistics.clerks import CLERK
from liangming.audit.statistics.judging import Judged, judge
from liangming.audit.statistics.places import Places
from liangming.audit.statistics.questions import QUESTIONS

_CLERK: Final = "clerk"


def asked(here: Places, *, level: float, said: Callable[[str], None]) -> Judged:
    """Ask every question.

    That of clerks is not put where no clerk beside whom others are has the checks that it takes: the question itself
    ends with an error there, and its lines are those that the published figures were made with.

    Args:
        here: the places.
        level: nominal share of false flags.
        said: told each question before it is asked.
    """
    thin = _clerks_too_few(here)
    names = [name for name in QUESTIONS if thin is None or name != _CLERK]
    with np.errstate(invalid="ignore", divide="ignore"):  # nobody has a peer: no number, no warning
        found = judge(here, level=level, questions=names, progress=said)
    if thin is None:
        return found
    return replace(
        found,
        tested={name: found.tested.get(name, 0) for name in QUESTIONS},
        thin={name: found.thin.get(name, thin) for name in QUESTIONS},
        silent={**found.silent, _CLERK: "support"},
    )


def _clerks_too_few(here: Places) -> int | None:
    """How many clerks there are where none has checks enough beside others'; None where one has, or there are none."""
    if not len(here.clerk_place):
        return None
    known = here.clerk_chosen[1]
    beside = here.get("chosen_known")[here.clerk_place] - known
    if (
        not (beside >= CLERK.support).any()
        or (known[beside >= CLERK.support] >= CLERK.support).any()
    ):
        return None
    return int((known > 0).sum())
