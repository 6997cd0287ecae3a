"""How often a code may be tried: a guess must not pay, and an honest slip must not hurt."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

from liangming.errors import Kind, LiangmingError, Misuse, declare

TOO_MANY_TRIES = declare(
    "method.too-many-tries",
    Kind.LIMITED,
    zh="尝试次数过多，请稍等片刻，或改用其他方式。",
    en="Too many tries; please wait a moment or choose another way.",
)


class AttemptLimiter:
    """Counts failed tries per place in a sliding window, in memory, bounded.

    A restart forgets the counts. With eight random digits and five failures a minute a guesser
    needs on average nineteen years where one code waits, and ten weeks where a hundred wait.

    Args:
        failures: tries that may fail within the window before the place has to wait.
        window: the window.
        places: how many places are remembered; the oldest are forgotten first.
    """

    def __init__(
        self,
        failures: int = 5,
        window: timedelta = timedelta(minutes=1),
        places: int = 100_000,
    ) -> None:
        self._failures = failures
        self._window = window
        self._places = places
        self._log: OrderedDict[str, list[datetime]] = OrderedDict()

    def admit(self, place: str, at: datetime) -> None:
        """Let a try through.

        Raises:
            Misuse: ``method.too-many-tries`` with ``retry_after`` seconds.
        """
        recent = self._recent(place, at)
        if len(recent) >= self._failures:
            wait = recent[0] + self._window - at
            raise _limited(max(1, int(wait.total_seconds()) + 1))

    def failed(self, place: str, at: datetime) -> None:
        """Count a try that failed."""
        recent = self._recent(place, at)
        recent.append(at)
        self._log[place] = recent
        self._log.move_to_end(place)
        while len(self._log) > self._places:
            self._log.popitem(last=False)

    def _recent(self, place: str, at: datetime) -> list[datetime]:
        # A clock that had run ahead and was put right must not shut a place until it gets there again.
        return [t for t in self._log.get(place, ()) if abs(at - t) < self._window]


def _limited(seconds: int) -> LiangmingError:
    return Misuse(TOO_MANY_TRIES, retry_after=seconds)
