"""How long a connection rests whose calls are refused one after another.

A refusal costs nearly what reading a check costs, and who does not read it learns nothing from it. The first few are
answered at once, as mistakes are made; then each makes the connection rest, twice as long as the one before and half
a second at most, and says so (Retry-After). One call that succeeds, or a second without a call, and all is forgotten.

What counts is what this door refuses by itself, a call that no program makes rightly: it cannot be read or does not fit, has no
key or the wrong one, has no address, is too large or too fast. What does not count is what a right call may be told: the law
or the evidence says no, a document's number is mistyped, there is no such check, it is not the moment, another was
first. So whoever compares ten thousand old ids is as fast as their key allows. What is our own fault never counts.
"""

from __future__ import annotations

from typing import Final

from liangming.api import faults
from liangming.errors import Code, Kind

FREE: Final = 4  # in a row
FIRST: Final = 1 / 32  # seconds
LONGEST: Final = 0.5
FORGOTTEN: Final = 1.0  # seconds after the last one; longer than the longest rest
TOLD: Final = (b"retry-after", b"1")  # in whole seconds: until all is forgotten

_STEPS: Final = 4  # from the first to the longest
_COUNTED: Final = frozenset(
    {Kind.MALFORMED, Kind.INVALID, Kind.UNAUTHENTICATED, Kind.FORBIDDEN, Kind.LIMITED}
)
_DOOR: Final = "api."


def counts(code: Code) -> bool:
    """Whether a refusal with this code counts."""
    if code.kind in _COUNTED:
        return code.name.startswith(_DOOR) and code is not faults.BATCHES_BUSY
    return code is faults.NO_ROUTE


def seconds(refused: int) -> float:
    """The rest after so many refusals in a row; nothing for the first few."""
    step = refused - FREE - 1
    return 0.0 if step < 0 else min(LONGEST, FIRST * 2.0 ** min(step, _STEPS))
