"""Clerks: does one of them take far more faces than the rest of the same outlet?"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from scipy import special

from liangming.audit.statistics.asking import Answer, Floor, Own, against_peers, nothing
from liangming.audit.statistics.places import Places

CLERK: Final = Floor(support=30, rise=0.17, sure=0.08)


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
    )
    return replace(answer, thin=answer.thin + thin)
