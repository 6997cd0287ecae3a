"""How fast one client may go: a token bucket each, in memory of this process, bounded.

Several API processes each count on their own; the sum is the limit times the processes. A batch
may bring a bucket below nothing; the client then waits until it is above again, so that large
work is possible and its price is paid in time.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from liangming.api import faults
from liangming.errors import Misuse


class Buckets:
    """One bucket for each client.

    Args:
        rate: tokens a second; None switches the limit off.
        burst: a full bucket.
        tick: seconds that only grow.
        clients: how many buckets are remembered; the longest unused is forgotten (it is full).
    """

    def __init__(
        self,
        rate: float | None,
        burst: float,
        *,
        tick: Callable[[], float] = time.monotonic,
        clients: int = 10_000,
    ) -> None:
        self._rate = rate
        self._burst = burst
        self._tick = tick
        self._clients = clients
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str, cost: float = 1.0) -> None:
        """Take tokens.

        Raises:
            Misuse: ``api.too-fast`` with the seconds until a token is there.
        """
        if self._rate is None:
            return
        level = self._level(client)
        if level < 1.0:
            wait = math.ceil((1.0 - level) / self._rate)
            raise Misuse(faults.TOO_FAST, retry_after=max(1, wait))
        self._set(client, level - cost)

    def charge(self, client: str, cost: float) -> None:
        """Take tokens afterwards, for work whose size is known only then; never refuses."""
        if self._rate is not None:
            self._set(client, self._level(client) - cost)

    def _level(self, client: str) -> float:
        now = self._tick()
        level, since = self._levels.get(client, (self._burst, now))
        return min(self._burst, level + (now - since) * (self._rate or 0.0))

    def _set(self, client: str, level: float) -> None:
        self._levels[client] = (level, self._tick())
        self._levels.move_to_end(client)
        if len(self._levels) > self._clients:
            self._levels.popitem(last=False)
