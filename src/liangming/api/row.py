"""Who was taken out of the kernel's row before the door, and may not come in yet.

The kernel's row goes by who came first, so behind a flood of connections that say nothing, or half a word, somebody
polite waits for all of them. Looked at here, the two differ: who has something to ask has said it before anybody
looked. So those whose head is whole come in first, in their order; the others after them, also in their order, half as many a
second as may come at all. To hold one costs a descriptor, and neither a connection of the loop's nor a word of our
own. There are so many at most: then the one that has kept its half word the longest is looked at once more, and closed
if it still does.
"""

from __future__ import annotations

import sys
from collections import deque
from socket import IPPROTO_TCP, MSG_DONTWAIT, MSG_PEEK, socket
from typing import Final

PEEKED: Final = 4_096  # bytes; a longer head counts as half of one
AHEAD: Final = (
    80  # with a whole head that wait here; more stay in the kernel's row, which costs nothing
)

_TCP_INFO: Final = 11 if sys.platform == "linux" else None  # its first byte is the state
_GONE: Final = frozenset({7, 8})  # closed, and closed by the other side
_END: Final = b"\r\n\r\n"


class Row:
    """Those who wait in our hands.

    Args:
        most: how many.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._ahead = max(1, min(AHEAD, most // 2))
        self._whole: deque[socket] = deque()
        self._half: deque[socket] = deque()

    def __len__(self) -> int:
        return len(self._whole) + len(self._half)

    @property
    def takes(self) -> bool:
        """Whether one more may be taken out of the kernel's row."""
        return len(self._whole) < self._ahead

    def take(self, one: socket) -> None:
        """One more; who has gone already is closed."""
        if _has_gone(one):
            one.close()
        else:
            (self._whole if _asks(one) else self._half).append(one)
        while self._half and len(self) > self._most:
            longest = self._half.popleft()
            if _asks(longest):
                self._whole.append(longest)
            else:
                longest.close()

    def next(self, *, half: bool) -> socket | None:
        """Whose turn it is; None: nobody is there, or only some that said half a word and it is not theirs."""
        for waiting in (self._whole, self._half) if half else (self._whole,):
            while waiting:
                one = waiting.popleft()
                if not _has_gone(one):
                    return one
                one.close()
        return None

    def close(self) -> None:
        """Nobody is let in any more."""
        for waiting in (self._whole, self._half):
            while waiting:
                waiting.popleft().close()


def _asks(one: socket) -> bool:
    """Whether a whole head is there."""
    try:
        return _END in one.recv(PEEKED, MSG_PEEK | MSG_DONTWAIT)
    except OSError:  # nothing was said
        return False


def _has_gone(one: socket) -> bool:
    """Whether its other side has closed it; where the system does not tell, it has not."""
    try:
        return _TCP_INFO is not None and one.getsockopt(IPPROTO_TCP, _TCP_INFO, 1)[0] in _GONE
    except OSError:
        return True
