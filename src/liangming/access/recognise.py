"""Recognise a client by its key: the secret is compared every time, only rows are cached."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import Final, NamedTuple

from liangming.access.codes import KEY_EXPIRED, KEY_INVALID, KEY_MISSING
from liangming.access.secret import SHAPE, digest
from liangming.check.ports import Client, Store
from liangming.clock import Clock, SystemClock, micros
from liangming.errors import Misuse

_CACHED: Final = 10_000
_EARLY: Final = 0.5  # of a row's time: when so much is left, a busy client's is read anew
_NO_DIGEST: Final = bytes(32)


class Presented(NamedTuple):
    """A key that was shown: whose it says it is, and the digest of its secret.

    Good for recognising a client that shows the same bytes again; the row it is held against is as
    fresh as ever.
    """

    client: str
    digest: bytes

    def __repr__(self) -> str:
        return "<Presented>"


class Clients:
    """Recognises clients by their key. The secret is compared every time; only rows are cached.

    Args:
        store: where clients are.
        token: the installation's token key.
        seconds: how long a row is believed: a revoked key opens no longer than that, in any process.
        tick: seconds that only grow.
        clock: tells whether a key's term is over; asked only for keys that have one.
    """

    def __init__(
        self,
        store: Store,
        token: bytes,
        *,
        seconds: float,
        tick: Callable[[], float] = time.monotonic,
        clock: Clock | None = None,
    ) -> None:
        self._store = store
        self._token = token
        self._seconds = seconds
        self._tick = tick
        self._clock = clock if clock is not None else SystemClock()
        self._rows: OrderedDict[str, tuple[Client, float]] = OrderedDict()
        self._renewing: dict[str, asyncio.Task[None]] = {}

    async def recognise(self, authorization: bytes | None) -> Client:
        """The client of an ``Authorization`` header.

        Raises:
            Misuse: ``api.key-missing``, ``api.key-invalid`` (malformed, unknown, wrong and
                revoked alike), ``api.key-expired``.
        """
        return await self.of_key(_credentials(authorization))

    def presented(self, authorization: bytes | None) -> Presented:
        """What an ``Authorization`` header shows. The same bytes show the same.

        Raises:
            Misuse: ``api.key-missing``, ``api.key-invalid`` (malformed).
        """
        client_id, secret = _parted(_credentials(authorization))
        return Presented(client_id, digest(self._token, client_id, secret))

    def known(self, presented: Presented) -> Client | None:
        """As :meth:`recognise`, where nobody has to be asked; None where the row is not in memory.

        Raises:
            Misuse: as :meth:`recognise`.
        """
        client_id = presented.client
        client = self._cached(client_id)
        if client is None:
            return None
        opened = self._opened(presented.digest, client)
        left = self._rows[client_id][1] - self._tick()
        if left < self._seconds * _EARLY and client_id not in self._renewing:
            task = asyncio.get_running_loop().create_task(self._renew(client_id))
            self._renewing[client_id] = task
            task.add_done_callback(lambda _: self._renewing.pop(client_id, None))
        return opened

    async def of_key(self, key: bytes) -> Client:
        """The client of a bare key, as typed at the desk.

        Raises:
            Misuse: ``api.key-invalid`` (malformed, unknown, wrong and revoked alike),
                ``api.key-expired``.
        """
        client_id, secret = _parted(key)
        client = await self._row(client_id)
        return self._opened(digest(self._token, client_id, secret), client)

    def _opened(self, given: bytes, client: Client | None) -> Client:
        held = client.digest if client is not None else _NO_DIGEST
        # Compared in constant time even where no client is, so that time tells nothing.
        if hmac.compare_digest(given, held) and client is not None and client.revoked_at is None:
            if client.expires_at is not None and client.expires_at <= self._at():
                raise Misuse(KEY_EXPIRED)
            return client
        if (
            client is not None
            and client.former_until is not None
            and hmac.compare_digest(given, client.former)
            and client.revoked_at is None
        ):
            if client.former_until <= self._at():
                raise Misuse(KEY_EXPIRED)
            return client
        raise Misuse(KEY_INVALID)

    def _at(self) -> int:
        return micros(self._clock.now())

    def _cached(self, client_id: str) -> Client | None:
        cached = self._rows.get(client_id)
        return cached[0] if cached is not None and self._tick() < cached[1] else None

    async def _row(self, client_id: str) -> Client | None:
        cached = self._cached(client_id)
        return cached if cached is not None else await self._read(client_id)

    async def _renew(self, client_id: str) -> None:
        """Read a row anew before it is too old to be believed."""
        with suppress(Exception):  # whoever comes when it is too old is told what is wrong
            await self._read(client_id)

    async def _read(self, client_id: str) -> Client | None:
        now = self._tick()
        client = await self._store.client(client_id)
        if client is None:  # never cached: made-up ids must not push out real ones
            self._rows.pop(client_id, None)
            return None
        self._rows[client_id] = (client, now + self._seconds)
        self._rows.move_to_end(client_id)
        if len(self._rows) > _CACHED:
            self._rows.popitem(last=False)
        return client


def _credentials(authorization: bytes | None) -> bytes:
    if not authorization:
        raise Misuse(KEY_MISSING)
    scheme, _, credentials = authorization.partition(b" ")
    if scheme.lower() != b"bearer":
        raise Misuse(KEY_MISSING)
    return credentials.strip()


def _parted(key: bytes) -> tuple[str, bytes]:
    shape = SHAPE.fullmatch(key)
    if shape is None:
        raise Misuse(KEY_INVALID)
    return shape.group(1).decode(), shape.group(2)
