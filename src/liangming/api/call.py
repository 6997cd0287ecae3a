"""One HTTP request as this door sees it: read lazily, never passed inward."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from liangming.api.language import Language, preferred

if TYPE_CHECKING:
    from starlette.types import Receive, Scope

    from liangming.api.heads import Head
    from liangming.check.ports import Client

WANTED: Final = frozenset(
    {
        b"accept-language",
        b"authorization",
        b"content-encoding",
        b"content-length",
        b"content-type",
        b"idempotency-key",
    }
)


def wanted(headers: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """The headers that a call looks at."""
    return {name: value for name, value in headers if name in WANTED}


class Call:
    """A request: its few headers of interest, its path parameters, and who sent it."""

    __slots__ = (
        "_language",
        "body",
        "client",
        "code",
        "head",
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
        self.headers = wanted(headers)
        self.params: dict[str, str] = {}
        self.template = ""
        self.client: Client | None = None
        self.head: Head | None = None  # where it came before on its connection
        self._language: Language | None = None

    @classmethod
    def of(cls, scope: Scope, receive: Receive) -> Call:
        """The call of an ASGI scope."""
        return cls(scope["method"], scope["headers"], receive, scope.get("query_string", b""))

    @classmethod
    def again(cls, head: Head, headers: dict[bytes, bytes], receive: Receive, body: bytes) -> Call:
        """A call whose head came before on its connection."""
        call = cls("POST", (), receive, body=body)
        call.head, call.headers, call._language = head, headers, head.language
        return call

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
