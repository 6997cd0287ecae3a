"""The questions, each a few lines: which counts, against what, and how much would matter.

Nothing here decides. Each answer goes to ``judging``, which controls false discoveries over all
places and questions at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np

from liangming.audit.schema import FINDING_CODES, WAYS, way_column
from liangming.audit.statistics.asking import (
    BOUND_TAIL,
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
from liangming.audit.statistics.tails import Ints, jeffreys_lower
from liangming.audit.statistics.waiting import padded, waits

Ask = Callable[[Places], Answer]

SHARE: Final = Floor(support=30, rise=0.12, sure=0.05)
TURNED_AWAY: Final = Floor(support=15, rise=0.07, sure=0.03, times=2.0)
GIVEN_UP: Final = Floor(support=15, rise=0.13, sure=0.07, times=3.0)
PUSHED: Final = Floor(support=15, rise=0.08, sure=0.03, times=2.0)
FIRST: Final = Floor(support=30, rise=0.12, sure=0.08, times=2.0, at_least=0.12)
BROKEN: Final = Floor(support=12, rise=0.3, sure=0.2, at_least=0.5, most=0.5)
_GAP: Final = 0.4
"""From here on a way hardly works, where the fleet itself shows a gap up to ``BROKEN.at_least``."""
_AT_TIMES: Final = 0.1
_SEEN_WELL: Final = 150
_GAP_AMONG: Final = 50
_GAP_PART: Final = 0.02
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


def broken(here: Places) -> Answer:
    """Is a way offered that hardly ever completes when it is tried?"""
    return _by_way("broken", here, "failed", ("passed", "failed"), BROKEN, gap=True)


def closed(here: Places) -> Answer:
    """Is a way offered that is out of order most of the time?"""
    return _by_way("closed", here, "down", ("offered",), BROKEN)


def _with_gap(floor: Floor, k: Ints, n: Ints) -> Floor:
    """The limit at the foot of a gap between ways that break at times and ways that hardly work.

    How badly an honest device fails cannot be told from its own counts. Where many that break at
    times are seen well, and hardly one of them up to the limit, they end before it.
    """
    rate = k[n >= _SEEN_WELL] / n[n >= _SEEN_WELL]
    at_times = int(((rate >= _AT_TIMES) & (rate < _GAP)).sum())
    between = int(((rate >= _GAP) & (rate < floor.at_least)).sum())
    there = at_times >= _GAP_AMONG and between <= _GAP_PART * at_times
    return replace(floor, at_least=_GAP) if there else floor


def _by_way(
    question: str,
    here: Places,
    deed: str,
    among: tuple[str, ...],
    floor: Floor,
    *,
    gap: bool = False,
) -> Answer:
    """One test for each place and way; ways are each compared with the same way at peers."""
    rows: list[Ints] = []
    ways: list[Ints] = []
    k: list[Ints] = []
    n: list[Ints] = []
    thin = 0
    for number, way in enumerate(WAYS):
        if way == "face":
            continue
        tried = sum(
            (here.get(way_column(way, d)) for d in among), start=np.zeros(len(here), np.int64)
        )
        at = np.flatnonzero(tried >= floor.support)
        thin += int(((tried > 0) & (tried < floor.support)).sum())
        rows.append(at)
        ways.append(np.full(len(at), number))
        k.append(here.get(way_column(way, deed))[at])
        n.append(tried[at])
    place, way_of = np.concatenate(rows), np.concatenate(ways)
    if not len(place):
        return nothing(question, thin=thin, silent="support" if thin else "column")
    seen, tried = np.concatenate(k), np.concatenate(n)
    floor = _with_gap(floor, seen, tried) if gap else floor
    at = _among_some(here.family[place] * len(WAYS) + way_of, seen, tried, floor)
    return _with_rest(
        against_peers(
            question,
            here,
            seen[at],
            tried[at],
            floor,
            rows=place[at],
            part=way_of[at],
            among=way_of[at],
        ),
        Answer(
            question, place, np.ones(len(place)), np.zeros(len(place), bool), seen, tried,
            seen / tried, np.zeros(len(place)), way_of, thin,
        ),
        at,
    )  # fmt: skip


def _among_some(family: Ints, k: Ints, n: Ints, floor: Floor) -> Ints:
    """Entries of families in which any reaches what matters at all, whatever is usual there.

    Of the others nobody could stand out: what is ordinary there need not be known.
    """
    worth = np.flatnonzero(k >= floor.most * n)
    low = jeffreys_lower(k[worth].astype(float), n[worth].astype(float), BOUND_TAIL)
    some = np.zeros(int(family.max()) + 1, bool)
    some[family[worth[low >= floor.at_least]]] = True
    return np.flatnonzero(some[family])


def _with_rest(answer: Answer, every: Answer, at: Ints) -> Answer:
    """An answer about some entries among all that count as tested; their own rate is told as usual."""
    p, stands, usual, low = every.p, every.stands, every.usual, every.low
    p[at], stands[at], usual[at], low[at] = answer.p, answer.stands, answer.usual, answer.low
    return every


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
