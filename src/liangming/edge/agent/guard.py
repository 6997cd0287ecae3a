"""Who may speak to the machine: its own screen, on loopback, with a token that works once."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from typing import Final

from liangming.errors import Kind, Misuse, declare

FOREIGN: Final = declare(
    "edge.foreign-page",
    Kind.FORBIDDEN,
    zh="这个请求不是从本机屏幕发出的。",
    en="This request does not come from this machine's own screen.",
)
STALE: Final = declare(
    "edge.page-used",
    Kind.OUT_OF_ORDER,
    zh="这一页已经用过了，请从头再来一次。",
    en="This page was used already; please start again.",
)
TOKENS: Final = 256


class Guard:
    """Checks Host, Origin and one-time tokens.

    Args:
        port: where the machine listens; only ``127.0.0.1`` and ``localhost`` with it are hosts.
    """

    def __init__(self, port: int) -> None:
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        self._tokens: OrderedDict[str, None] = OrderedDict()

    def token(self) -> str:
        """A fresh token; the oldest are forgotten."""
        made = secrets.token_urlsafe(18)
        self._tokens[made] = None
        while len(self._tokens) > TOKENS:
            self._tokens.popitem(last=False)
        return made

    def admit(self, host: str, origin: str | None, *, writes: bool) -> None:
        """Let a request in.

        Raises:
            Misuse: another Host (DNS rebinding), or a write from another page.
        """
        if host not in self._hosts:
            raise Misuse(FOREIGN)
        if writes and origin not in {f"http://{name}" for name in self._hosts}:
            raise Misuse(FOREIGN)

    def redeem(self, token: str) -> None:
        """Use a token up.

        Raises:
            Misuse: unknown, or used before (``edge.page-used``).
        """
        if token not in self._tokens:
            raise Misuse(STALE)
        del self._tokens[token]
