"""Where a match begins, by what is known about it."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

UNSTATED: Final = 1.0


class Threshold(msgspec.Struct, frozen=True, kw_only=True):
    """Where a match begins, and what is known about it.

    Attributes:
        metric: ``cosine`` (the same from ``at`` upwards) or ``distance`` (up to ``at``).
        at: where it begins; it belongs to one model, one alignment and one runtime.
        false_matches: false matches among ``pairs`` pairs of different people.
        pairs: how many were tried; 0 if nobody measured.
        upper: the upper end of the 95 % interval of the false match rate.
    """

    metric: Literal["cosine", "distance"]
    at: float
    false_matches: int = 0
    pairs: int = 0
    upper: float = UNSTATED
