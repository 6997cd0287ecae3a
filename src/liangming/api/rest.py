"""How long a connection rests whose calls are refused one after another.

A refusal costs nearly what reading a check costs, and who does not read it learns nothing from it. The first few are
answered at once, as mistakes are made; then each makes the connection rest, twice as long as the one before and half
a second at most. One call that succeeds, or a second without a call, and all is forgotten. Refused is a status of 4xx, so
also too fast a client or a wrong key; what is our own fault never counts.
"""

from __future__ import annotations

from typing import Final

FREE: Final = 4  # in a row
FIRST: Final = 1 / 32  # seconds
LONGEST: Final = 0.5
FORGOTTEN: Final = 1.0  # seconds after the last one; longer than the longest rest

_STEPS: Final = 4  # from the first to the longest


def seconds(refused: int) -> float:
    """The rest after so many refusals in a row; nothing for the first few."""
    step = refused - FREE - 1
    return 0.0 if step < 0 else min(LONGEST, FIRST * 2.0 ** min(step, _STEPS))
