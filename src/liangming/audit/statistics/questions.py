"""The questions, each a few lines: which counts, against what, and how much would matter.

Nothing here decides. Each answer goes to ``judging``, which controls false discoveries over all
places and questions at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from liangming.audit.schema import FINDING_CODES
from liangming.audit.statistics.asking import (
    Answer,
    Floor,
    against_peers,
    nothing,
    own_rate,
)
from liangming.audit.statistics.change import sudden
from liangming.audit.statistics.clerks import clerk
from liangming.audit.statistics.habit import habit, moved
from liangming.audit.statistics.hours import by_hours, hours
from liangming.audit.statistics.places import Places
from liangming.audit.statistics.waiting import padded, waits
from liangming.audit.statistics.ways import broken, closed

Ask = Callable[[Places], Answer]

SHARE: Final = Floor(support=30, rise=0.12, sure=0.05)
TURNED_AWAY: Final = Floor(support=15, rise=0.07, sure=0.03, times=2.0)
GIVEN_UP: Final = Floor(support=15, rise=0.13, sure=0.07, times=3.0)
PUSHED: Final = Floor(support=15, rise=0.08, sure=0.03, times=2.0)
FIRST: Final = Floor(support=30, rise=0.12, sure=0.08, times=2.0, at_least=0.12)
REPEATED: Final = Floor(support=30, rise=0.03, sure=0.01, times=3.0)
_ASKED_APART: Final = "v02"
"""The face stood first: ``first`` asks that, and one sight must not count twice."""
DOWN: Final = Floor(support=15, rise=0.08, sure=0.03, times=2.0)


def share(here: Places) -> Answer:
    """Is the face chosen far more often than at comparable places of about that size?"""
    chosen, known = here.get("face_chosen"), here.get("chosen_known")
    return against_peers(
        "share", here, chosen, known, SHARE, offset=by_hours(here), by_size=True, wide=True
    )


def _after_decline(question: str, what: str, here: Places) -> Answer:
    kept = sum((here.get(f"kept_{end}") for end in _ENDS), start=np.zeros(len(here), np.int64))
    return against_peers(
        question,
        here,
        here.get(f"declined_{what}"),
        here.get("declined"),
        TURNED_AWAY if what == "refused" else GIVEN_UP,
        own=own_rate(here, here.get(f"kept_{what}"), kept),
    )


_ENDS: Final = ("passed", "refused", "undetermined", "abandoned")


def refused(here: Places) -> Answer:
    """Are people refused after a decline, where others at the same outlet are not?"""
    return _after_decline("refused", "refused", here)


def abandoned(here: Places) -> Answer:
    """Do people give up after a decline, where others at the same outlet do not?"""
    return _after_decline("abandoned", "abandoned", here)


def pushed(here: Places) -> Answer:
    """Is the face used in the end although it was declined?"""
    return against_peers(
        "pushed", here, here.get("declined_face_used"), here.get("declined"), PUSHED
    )


def down_on_decline(here: Places) -> Answer:
    """Is another way out of order just when the face was declined?"""
    kept = sum((here.get(f"kept_{end}") for end in _ENDS), start=np.zeros(len(here), np.int64))
    return against_peers(
        "down-on-decline",
        here,
        here.get("declined_way_down"),
        here.get("declined"),
        DOWN,
        own=own_rate(here, here.get("kept_way_down"), kept),
    )


def first(here: Places) -> Answer:
    """Does the face stand first, where at comparable places it does not?"""
    return against_peers("first", here, here.get("face_first"), here.get("first_known"), FIRST)


def repeated(here: Places) -> Answer:
    """Does an outlet show one hard finding far more often than its peers: not a slip, a habit?"""
    told = [(i, code) for i, code in enumerate(FINDING_CODES) if code != _ASKED_APART]
    held = [(i, code) for i, code in told if here.get(code).any()]
    tested = [here.get(f"{code}_tested") for _, code in held]
    thin = sum(int(((n > 0) & (n < REPEATED.support)).sum()) for n in tested)
    at = [np.flatnonzero(n >= REPEATED.support) for n in tested]
    if not sum(len(rows) for rows in at):
        silent = "support" if thin else "" if _any_tested(here) else "column"
        return nothing("repeated", thin=thin, silent=silent)
    part = np.concatenate([np.full(len(r), i) for (i, _), r in zip(held, at, strict=True)])
    answer = against_peers(
        "repeated",
        here,
        np.concatenate([here.get(code)[r] for (_, code), r in zip(held, at, strict=True)]),
        np.concatenate([n[r] for n, r in zip(tested, at, strict=True)]),
        REPEATED,
        rows=np.concatenate(at),
        part=part,
        among=part,
    )
    return _with_thin(answer, thin)


def _any_tested(here: Places) -> bool:
    return any(here.get(f"{code}_tested").any() for code in FINDING_CODES)


def _with_thin(answer: Answer, thin: int) -> Answer:
    return replace(answer, thin=answer.thin + thin)


QUESTIONS: Final[dict[str, Ask]] = {
    "share": share,
    "moved": moved,
    "habit": habit,
    "refused": refused,
    "abandoned": abandoned,
    "waits": waits,
    "pushed": pushed,
    "down-on-decline": down_on_decline,
    "first": first,
    "broken": broken,
    "closed": closed,
    "clerk": clerk,
    "hours": hours,
    "sudden": sudden,
    "padded": padded,
    "repeated": repeated,
}
"""Every question by its name, in the order of the report."""
