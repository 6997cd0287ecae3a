"""Clerks: does one of them take far more faces than the rest of the same outlet?"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from scipy import special

from liangming.audit.statistics.asking import (
    CAUTION,
    Answer,
    Floor,
    Own,
    against_peers,
    nothing,
)
from liangming.audit.statistics.places import Places
from liangming.audit.statistics.tails import Floats, betabinomial_upper

CLERK: Final = Floor(support=30, rise=0.17, sure=0.08)
_SEVERAL: Final = 3
"""So many clerks an outlet must have to show one far below the others."""
_FAR: Final = 1e-4
_SURELY: Final = 3.0
"""Long tails are believed where so many deviations more than expected lie below that chance."""
_TWICE: Final = 2.0
"""Of two clerks, who stands above may do so because the other stands far below."""


def clerk(here: Places) -> Answer:
    """Does one clerk take far more faces than the rest of the same outlet?

    The rest is known by its own counts alone, and not drawn towards the peers: in a business park
    all clerks take more faces than peers do, and a rest drawn down would set each above it.
    """
    if not len(here.clerk_place):
        return nothing("clerk", thin=0, silent="column")
    place = here.clerk_place
    chosen, known = here.clerk_chosen
    rest_chosen = here.get("face_chosen")[place] - chosen
    rest_known = here.get("chosen_known")[place] - known
    with_rest = rest_known >= CLERK.support
    thin = int((~with_rest & (known > 0)).sum())
    if not with_rest.any():
        return nothing("clerk", thin=thin, silent="support")
    rest = np.asarray(special.logit((rest_chosen + 0.5) / (rest_known + 1.0)))
    answer = against_peers(
        "clerk",
        here,
        np.where(with_rest, chosen, 0),
        np.where(with_rest, known, 0),
        CLERK,
        rows=place,
        part=np.arange(len(place)),
        own=Own(rest, rest_known + 1.0),
        beside=True,
    )
    answer = replace(answer, thin=answer.thin + thin)
    if not len(answer.rows):  # others have checks enough beside them, they themselves have not
        return answer
    return replace(answer, p=_as_below(here, answer))


def _as_below(here: Places, answer: Answer) -> Floats:
    """Chances, none smaller than clerks far below the others bear out.

    Nobody is steered away from the face, and habits are as long below as above. Where more stand
    far below than the fitted law allows, its tail is longer than fitted, and how long beyond the
    last that was seen is not known: then one more is thought to stand there.
    """
    clean = np.sort(_far_below(here, answer))
    expected = _FAR * len(clean)
    beyond = int((clean <= _FAR).sum()) > expected + _SURELY * np.sqrt(expected + 1.0)
    below = np.searchsorted(clean, answer.p, side="right") + beyond
    seen = _TWICE * below / max(len(clean), 1)
    return np.where(answer.p < 1.0, np.minimum(np.maximum(answer.p, seen), 1.0), 1.0)


def _far_below(here: Places, answer: Answer) -> Floats:
    """Chances of the lowest of three clerks or more beside the second lowest.

    Beside one who steers all others stand below the rest, but not below one another.
    """
    place, k, n = answer.rows, answer.k, answer.n
    order = np.lexsort((k / n, place))
    start = np.flatnonzero(np.r_[True, place[order][1:] != place[order][:-1]])
    start = start[np.diff(np.r_[start, len(order)]) >= _SEVERAL]
    lowest, second = order[start], order[start + 1]
    rest = here.get("chosen_known")[place[lowest]] - n[lowest] + 1.0
    unlike = np.maximum(1.0 / answer.extra["alike"][lowest] - 1.0 / rest, 1e-6) / CAUTION
    alike = 1.0 / (unlike + 1.0 / (n[second] + 1.0))
    usual = (k[second] + 0.5) / (n[second] + 1.0)
    others = n[lowest] - k[lowest]
    return betabinomial_upper(others, n[lowest], (1.0 - usual) * alike, usual * alike)
