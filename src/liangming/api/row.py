"""Who was taken out of the kernel's row before the door, and may not come in yet.

The kernel's row goes by who came first, so behind a flood of connections that say nothing, or half a word, somebody
polite waits for all of them. Looked at here, the two differ: who has something to ask has said it before anybody
looked. So those whose head is whole come in first, in their order; the others after them, also in their order, as far as
there is time for them, or as soon as theirs is whole. To hold one costs a descriptor, and neither a connection of the
loop's nor a word of our own. There are so many at most: then the one that has kept its half word the longest is closed.
"""

from __future__ import annotations

import select
import sys
from collections import OrderedDict, deque
from socket import IPPROTO_TCP, MSG_DONTWAIT, MSG_PEEK, socket
from typing import Any, Final

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
        self._half: OrderedDict[int, socket] = OrderedDict()
        self._news: Any = (
            None  # of those in half; where the system has no such thing, they wait in their order
        )

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
        elif _asks(one):
            self._whole.append(one)
        else:
            self._half[one.fileno()] = one
            self._watch(one)
        if self._half and len(self) > self._most:
            self._let_go(next(iter(self._half.values())))

    def listen(self, many: int) -> None:
        """Look again at so many at most of those who said something since, or went."""
        if self._news is None or not self._half:
            return
        for place, _ in self._news.poll(0, many):
            one = self._half.get(place)
            if one is None:
                continue
            if _has_gone(one):
                self._let_go(one)
            elif _asks(one):
                self._forget(one)
                self._whole.append(one)

    def next(self) -> socket | None:
        """Whose turn it is; None: nobody is there."""
        while self._whole:
            one = self._whole.popleft()
            if not _has_gone(one):
                return one
            one.close()
        while self._half:
            one = next(iter(self._half.values()))
            if not _has_gone(one):
                self._forget(one)
                return one
            self._let_go(one)
        return None

    def close(self) -> None:
        """Nobody is let in any more."""
        for one in (*self._whole, *self._half.values()):
            one.close()
        self._whole.clear()
        self._half.clear()
        if self._news is not None:
            self._news.close()
            self._news = None

    def _watch(self, one: socket) -> None:
        if self._news is None and sys.platform == "linux":
            self._news = select.epoll()
        if self._news is not None:
            self._news.register(one.fileno(), select.EPOLLIN | select.EPOLLRDHUP | select.EPOLLET)

    def _forget(self, one: socket) -> None:
        del self._half[one.fileno()]
        if self._news is not None:
            self._news.unregister(one.fileno())

    def _let_go(self, one: socket) -> None:
        self._forget(one)
        one.close()


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
