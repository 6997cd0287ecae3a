"""The way out: one HTTP/1.1 request a post, bounded in time and size, to an address that was looked at.

1 the address is taken apart · 2 its name is looked up, every address of it must be allowed · 3 the connection
goes to the first of those, TLS asks for the name · 4 head and body go out · 5 the head of the answer is read, by
h11, within 64 KiB; its body is not · 6 the connection is cut
All of it has one deadline. No redirect is followed, no proxy is used, no cookie is kept.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from typing import Final

import h11

from liangming.errors import LiangmingError
from liangming.webhook.networks import Networks, Target
from liangming.webhook.ports import NotSentError, Told

DEADLINE: Final = 10.0  # seconds for a whole post
_LARGEST: Final = 64 * 1024
_AGENT: Final = "Liangming-Webhook/1"


class HttpPost:
    """Implements :class:`liangming.webhook.ports.Post`.

    Args:
        networks: which addresses may be posted to.
        deadline: seconds.
        context: of TLS; by default what the machine trusts.
    """

    def __init__(
        self,
        networks: Networks,
        *,
        deadline: float = DEADLINE,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._networks = networks
        self._deadline = deadline
        self._context = context if context is not None else ssl.create_default_context()

    async def __call__(self, url: str, headers: dict[str, str], body: bytes) -> Told:
        """Post once.

        Raises:
            NotSentError: no answer came.
        """
        try:
            target = self._networks.target(url)  # 1
        except LiangmingError:
            raise NotSentError("address") from None
        try:
            async with asyncio.timeout(self._deadline):
                ip = await self._looked_up(target)  # 2
                return await self._posted(target, ip, headers, body)
        except TimeoutError:
            raise NotSentError("slow") from None
        except ssl.SSLError:
            raise NotSentError("tls") from None
        except OSError:
            raise NotSentError("connect") from None
        except (h11.ProtocolError, ValueError):
            raise NotSentError("garbled") from None

    async def _looked_up(self, target: Target) -> str:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError):
            raise NotSentError("name") from None
        addresses = [str(entry[4][0]) for entry in found]
        if not addresses or not all(self._networks.admits(a, tls=target.tls) for a in addresses):
            raise NotSentError("address")
        return addresses[0]

    async def _posted(self, target: Target, ip: str, headers: dict[str, str], body: bytes) -> Told:
        secure = {"ssl": self._context, "server_hostname": target.host} if target.tls else {}
        reader, writer = await asyncio.open_connection(ip, target.port, **secure)  # type: ignore[arg-type]  # 3
        try:
            talk = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LARGEST)
            lines = [
                ("host", target.authority),
                ("user-agent", _AGENT),
                ("content-type", "application/json"),
                ("content-length", str(len(body))),
                ("connection", "close"),
                *headers.items(),
            ]
            request = h11.Request(method="POST", target=target.path, headers=lines)
            sent = [
                talk.send(request),
                talk.send(h11.Data(data=body)),
                talk.send(h11.EndOfMessage()),
            ]
            writer.write(b"".join(part for part in sent if part))  # 4
            await writer.drain()
            return await _head(talk, reader)  # 5
        finally:
            writer.transport.abort()  # 6


async def _head(talk: h11.Connection, reader: asyncio.StreamReader) -> Told:
    read = 0
    while True:
        event = talk.next_event()
        if isinstance(event, h11.Response):
            later = dict(event.headers).get(b"retry-after", b"")
            seconds = int(later) if later.isdigit() and len(later) < 7 else 0  # noqa: PLR2004
            return Told(event.status_code, seconds)
        if isinstance(event, h11.InformationalResponse):
            continue
        if event is not h11.NEED_DATA:
            raise NotSentError("garbled")
        data = await reader.read(16 * 1024)
        read += len(data)
        if read > _LARGEST:
            raise NotSentError("garbled")
        talk.receive_data(data)
