"""Ways that are offered and hardly ever work: each way of each place beside the same way at peers.

A device that breaks at times is honest, and how badly it may fail no count of its own can tell. Where
the fleet shows a gap between ways that break at times and ways that hardly work, a way seen a few
times only is weighed by those that are seen well: how many are there on each side of the gap.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from scipy import special

from liangming.audit.schema import WAYS, way_column
from liangming.audit.statistics.asking import BOUND_TAIL, Answer, Floor, against_peers, nothing
from liangming.audit.statistics.places import Mask, Places
from liangming.audit.statistics.tails import Ints, jeffreys_lower

BROKEN: Final = Floor(support=12, rise=0.3, sure=0.2, at_least=0.5, most=0.5)
_GAP: Final = 0.4
"""From here on a way hardly works, where the fleet itself shows a gap up to ``BROKEN.at_least``."""
_AT_TIMES: Final = 0.1
_SEEN_WELL: Final = 150
_GAP_AMONG: Final = 50
_GAP_PART: Final = 0.02
_LEAST: Final = 0.2
"""The least lower bound of what is weighed so."""
_BINS: Final = 50
_SMALL: Final = 0.2
"""A way stands only where the chance is no larger that it breaks at times."""


def broken(here: Places) -> Answer:
    """Is a way offered that hardly ever completes when it is tried?"""
    return _by_way("broken", here, "failed", ("passed", "failed"), BROKEN, gap=True)


def closed(here: Places) -> Answer:
    """Is a way offered that is out of order most of the time?"""
    return _by_way("closed", here, "down", ("offered",), BROKEN)


def _gap_shows(floor: Floor, k: Ints, n: Ints) -> bool:
    """Whether a gap parts ways that break at times from ways that hardly work.

    How badly an honest device fails cannot be told from its own counts. Where many that break at
    times are seen well, and hardly one of them up to the limit, they end before it.
    """
    rate = k[n >= _SEEN_WELL] / n[n >= _SEEN_WELL]
    at_times = int(((rate >= _AT_TIMES) & (rate < _GAP)).sum())
    between = int(((rate >= _GAP) & (rate < floor.at_least)).sum())
    return at_times >= _GAP_AMONG and between <= _GAP_PART * at_times


def _beyond_gap(k: Ints, n: Ints, others: Ints, tried: Ints) -> Mask:
    """Whether a way hardly works for all but a small chance, were it one of those that are seen well."""
    well = tried >= _SEEN_WELL
    many, edges = np.histogram(others[well] / tried[well], bins=_BINS, range=(0.0, 1.0))
    middle = (edges[1:] + edges[:-1]) / 2.0
    told = special.xlogy(k[:, None], middle) + special.xlog1py((n - k)[:, None], -middle)
    held = many * np.exp(told - told.max(axis=1, keepdims=True))
    below = held[:, middle < _GAP].sum(axis=1)
    return np.asarray(below <= _SMALL * np.maximum(held.sum(axis=1), 1e-300))


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
    parted = gap and _gap_shows(floor, seen, tried)
    floor = replace(floor, at_least=_LEAST) if parted else floor
    at = _among_some(here.family[place] * len(WAYS) + way_of, seen, tried, floor)
    answer = against_peers(
        question,
        here,
        seen[at],
        tried[at],
        floor,
        rows=place[at],
        part=way_of[at],
        among=way_of[at],
    )
    if parted and len(answer):
        worth = np.flatnonzero(answer.p < 1.0)
        sure = answer.low[worth] >= _GAP
        sure |= _beyond_gap(answer.k[worth], answer.n[worth], seen, tried)
        answer.p[worth[~sure]], answer.stands[worth[~sure]] = 1.0, False
    return _with_rest(
        answer,
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
