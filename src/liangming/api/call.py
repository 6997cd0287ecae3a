"""One HTTP request as this door sees it: read lazily, never passed inward."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from liangming.api.language import Language, preferred

if TYPE_CHECKING:
    from starlette.types import Receive, Scope

    from liangming.check.ports import Client

_WANTED: Final = frozenset(
    {
        b"accept-language",
        b"authorization",
        b"content-encoding",
        b"content-length",
        b"content-type",
        b"idempotency-key",
    }
)


class Call:
    """A request: its few headers of interest, its path parameters, and who sent it."""

    __slots__ = (
        "_language",
        "body",
        "client",
        "code",
        "headers",
        "method",
        "params",
        "query",
        "receive",
        "template",
    )

    def __init__(
        self,
        method: str,
        headers: Iterable[tuple[bytes, bytes]],
        receive: Receive,
        query: bytes = b"",
        body: bytes | None = None,
    ) -> None:
        self.receive = receive
        self.body = body  # where it came in one piece with the head
        self.method = method
        self.query = query
        self.code = ""  # of the failure that it ended in
        self.headers: dict[bytes, bytes] = {
            name: value for name, value in headers if name in _WANTED
        }
        self.params: dict[str, str] = {}
        self.template = ""
        self.client: Client | None = None
        self._language: Language | None = None

    @classmethod
    def of(cls, scope: Scope, receive: Receive) -> Call:
        """The call of an ASGI scope."""
        return cls(scope["method"], scope["headers"], receive, scope.get("query_string", b""))

    @property
    def language(self) -> Language:
        """The language to answer in."""
        if self._language is None:
            self._language = preferred(self.headers.get(b"accept-language"))
        return self._language

    @property
    def who(self) -> Client:
        """The client, on routes that need one; asking elsewhere is an error of ours."""
        if self.client is None:
            raise RuntimeError("this route has no client")
        return self.client
