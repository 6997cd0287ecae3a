"""Hours: what the time of day explains of a share, and whether one part of the day stands out.

An outlet that is open at night has other people than one that is open at noon. So the share that
peers have in each part of the day is known first, and each outlet is expected to have what its own
hours would give. Then each part of an outlet's day is compared with the rest of the same outlet.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from scipy import special

from liangming.audit.schema import BANDS
from liangming.audit.statistics.asking import Answer, Floor, against_peers, nothing, own_rate
from liangming.audit.statistics.places import Places
from liangming.audit.statistics.tails import Floats, Ints, middle

HOURS: Final = Floor(support=30, rise=0.17, sure=0.08)
_HEAVIEST: Final = 200
"""No outlet counts for more checks than this in what is usual at an hour."""
_FEW: Final = 100.0


def hours(here: Places) -> Answer:
    """Is the face chosen far more often in one part of the day than at the same outlet otherwise?"""
    chosen, known = _by_band(here)
    rest_chosen = chosen.sum(axis=0) - chosen
    rest_known = known.sum(axis=0) - known
    at = (known >= HOURS.support) & (rest_known >= HOURS.support)
    thin = int(((known > 0) & ~at & (here.get("chosen_known") > 0)).sum())
    if not at.any():
        return nothing("hours", thin=thin, silent="support" if thin else "column")
    band, place = np.nonzero(at)
    answer = against_peers(
        "hours",
        here,
        chosen[at],
        known[at],
        HOURS,
        rows=place,
        part=band,
        own=own_rate(here, rest_chosen[at], rest_known[at], place),
        among=band,
        by_province=False,
    )
    return replace(answer, thin=answer.thin + thin)


def by_hours(here: Places) -> Floats | None:
    """How much more of the face an outlet's own hours let expect, on the logit; None if not told."""
    chosen, known = _by_band(here)
    if not known.any():
        return None
    families = int(here.family.max()) + 1
    # each outlet against itself: how much its part of the day differs from its whole
    own = special.logit((chosen.sum(axis=0) + 0.5) / (known.sum(axis=0) + 1.0))
    shift = np.zeros((len(BANDS), families))
    for band in range(len(BANDS)):
        weight = np.minimum(known[band], _HEAVIEST).astype(float) * (known[band] >= HOURS.support)
        apart = special.logit((chosen[band] + 0.5) / (known[band] + 1.0)) - own
        for family in range(families):
            some = np.flatnonzero((here.family == family) & (weight > 0))
            if weight[some].sum() >= _FEW:
                shift[band, family] = middle(apart[some], weight[some])
    part = known / np.maximum(known.sum(axis=0), 1)
    return np.asarray((part * shift[:, here.family]).sum(axis=0))


def _by_band(here: Places) -> tuple[Ints, Ints]:
    known = np.stack([here.get(f"face_offered_{band}") for band in BANDS])
    chosen = np.stack([here.get(f"face_chosen_{band}") for band in BANDS])
    return np.minimum(chosen, known), known
