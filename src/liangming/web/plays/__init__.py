"""The incidents of 2024, played on the real thing: real use cases, real states, real verdicts.

Each play drives the same functions as the doors do, checks the states that come back against what
must be, and says so in ``held``. No framework is needed; documents carry numbers of a region
(99xxxx) that does not exist, new in every run.

Facts of the incidents: press reports of July and August 2024 and the 2024 Shanghai inspections.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from liangming.check import Premises
from liangming.web.plays import asked_again, everyday, induced, printed, unequal, why
from liangming.web.plays.play import Play, Story

Player = Callable[[Premises], Awaitable[Play]]

STORIES: Final[tuple[tuple[Story, Player], ...]] = (
    (asked_again.STORY, asked_again.asked_again),
    (unequal.STORY, unequal.unequal),
    (why.STORY, why.why),
    (everyday.STORY, everyday.everyday),
    (printed.STORY, printed.printed),
    (induced.STORY, induced.induced),
)
ALL: Final[tuple[Player, ...]] = tuple(player for _, player in STORIES)

__all__ = ["ALL", "STORIES", "Play", "Player", "Story"]
