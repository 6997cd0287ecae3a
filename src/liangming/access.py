"""Who may come through a door: API keys, ``lmk_<client id>_<secret>``, and their scopes.

Only a keyed digest of the secret is ever stored.
``liangming keys create|list|revoke`` calls the functions here. A key is shown once, when it is
made. The digest is HMAC-SHA-256 under the installation's token key, so a stolen table opens
nothing and cannot be guessed from; secrets carry 256 bits, so guessing over the network is
hopeless too. When a key was last used is not written down: it would cost a write per request.
"""

from __future__ import annotations

import enum
import hashlib
import hmac
import re
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from liangming import ids
from liangming.check.ports import Client, Store
from liangming.check.premises import Premises
from liangming.clock import micros
from liangming.errors import Code, Kind, Misuse, declare

KEY_MISSING: Final[Code] = declare(
    "api.key-missing",
    Kind.UNAUTHENTICATED,
    zh="请在 Authorization 头里带上接口密钥（Bearer lmk_…）。",
    en="Please send an API key in the Authorization header (Bearer lmk_…).",
)
KEY_INVALID: Final[Code] = declare(
    "api.key-invalid",
    Kind.UNAUTHENTICATED,
    zh="接口密钥无效或已停用，请向贵企业的管理员领取。",
    en="The API key is not valid or was revoked; please ask your administrator for one.",
)
CLIENT_UNKNOWN: Final[Code] = declare(
    "api.client-unknown",
    Kind.ABSENT,
    zh="没有这个接口客户，或它已停用。",
    en="There is no such API client, or it was revoked before.",
)
CLIENT_FORM: Final[Code] = declare(
    "api.client-form",
    Kind.INVALID,
    zh="接口客户需要企业、名称和至少一项权限。",
    en="An API client needs an operator, a name and at least one scope.",
)

_CONTEXT: Final = b"liangming/api-key/1\0"
_SHAPE: Final = re.compile(rb"lmk_(cli_[0-9a-z]{26})_([0-9a-f]{64})")
_CACHED: Final = 10_000


class Scope(enum.StrEnum):
    """What a client may do (权限)."""

    CHECKS_WRITE = "checks:write"  # 打开并推进查验
    CHECKS_READ = "checks:read"  # 读取查验
    BATCH_WRITE = "batch:write"  # 批量提交完整的查验
    SCENES_READ = "scenes:read"  # 读取场景、方式、告知
    CODES_WRITE = "codes:write"  # 签发取件码和交接码
    LABELS_WRITE = "labels:write"  # 打印面单
    DESK = "desk"  # 收寄员代为录入：口头选择、协助、拒不出示
    RIGHTS = "rights"  # 权利请求：代本人提出、办理、答复
    DEVICES = "devices"  # 终端领取指令并确认
    DEVICE_EVENTS = "device-events"  # 终端上报自己签名的事件
    ADMIN = "admin"  # 运行指标


_SCOPES: Final = frozenset(scope.value for scope in Scope)
_ASKED_FOR: Final = frozenset({Scope.RIGHTS, Scope.DEVICES, Scope.DEVICE_EVENTS, Scope.ADMIN})
DEFAULT_SCOPES: Final = tuple(scope.value for scope in Scope if scope not in _ASKED_FOR)


def digest(token: bytes, client_id: str, secret: bytes) -> bytes:
    """What is stored of a secret.

    Args:
        token: the installation's token key.
        client_id: a secret opens its own client only.
        secret: as in the key.
    """
    # Not hmac.digest(): it lets go of Python's lock each time, and a busy process waits to get it back.
    keyed = _keyed(token).copy()
    keyed.update(_CONTEXT + client_id.encode() + b"\0" + secret)
    return keyed.digest()


@lru_cache(maxsize=8)
def _keyed(token: bytes) -> hmac.HMAC:
    return hmac.new(token, digestmod=hashlib.sha256)


async def create(
    premises: Premises, *, name: str, operator: str, scopes: Iterable[str] = DEFAULT_SCOPES
) -> str:
    """Make a client and its key, which can be seen this once and never again.

    Args:
        premises: where the client is stored.
        name: what the key is for, e.g. ``"counter terminals"``; not a person's name.
        operator: whose scenes and checks it sees; no others.
        scopes: values of :class:`Scope`.

    Raises:
        Misuse: ``api.client-form``.
    """
    granted = tuple(dict.fromkeys(scopes))
    if not (operator.strip() and name.strip() and granted and _SCOPES.issuperset(granted)):
        raise Misuse(CLIENT_FORM)
    now = premises.clock.now()
    client_id = ids.new(ids.CLIENT, now)
    secret = secrets.token_hex(32)
    await premises.store.add_client(
        Client(
            id=client_id,
            operator=operator,
            name=name,
            digest=digest(premises.keys.token, client_id, secret.encode()),
            scopes=granted,
            created_at=micros(now),
        )
    )
    return f"lmk_{client_id}_{secret}"


async def listed(premises: Premises) -> list[Client]:
    """All clients, oldest first, revoked ones too."""
    return await premises.store.clients()


async def revoke(premises: Premises, client_id: str) -> None:
    """Revoke a client's key; API processes notice within their cache's few seconds.

    Raises:
        Misuse: ``api.client-unknown``.
    """
    if not await premises.store.revoke_client(client_id, premises.clock.now()):
        raise Misuse(CLIENT_UNKNOWN)


class Clients:
    """Recognises clients by their key. The secret is compared every time; only rows are cached.

    Args:
        store: where clients are.
        token: the installation's token key.
        seconds: how long a row is believed.
        tick: seconds that only grow.
    """

    def __init__(
        self,
        store: Store,
        token: bytes,
        *,
        seconds: float,
        tick: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._token = token
        self._seconds = seconds
        self._tick = tick
        self._rows: OrderedDict[str, tuple[Client, float]] = OrderedDict()

    async def recognise(self, authorization: bytes | None) -> Client:
        """The client of an ``Authorization`` header.

        Raises:
            Misuse: ``api.key-missing``, ``api.key-invalid`` (malformed, unknown, wrong and
                revoked alike).
        """
        if not authorization:
            raise Misuse(KEY_MISSING)
        scheme, _, credentials = authorization.partition(b" ")
        if scheme.lower() != b"bearer":
            raise Misuse(KEY_MISSING)
        return await self.of_key(credentials.strip())

    async def of_key(self, key: bytes) -> Client:
        """The client of a bare key, as typed at the desk.

        Raises:
            Misuse: ``api.key-invalid`` (malformed, unknown, wrong and revoked alike).
        """
        shape = _SHAPE.fullmatch(key)
        if shape is None:
            raise Misuse(KEY_INVALID)
        client_id, secret = shape.group(1).decode(), shape.group(2)
        client = await self._row(client_id)
        given = digest(self._token, client_id, secret)
        held = client.digest if client is not None else bytes(32)
        # Compared in constant time even where no client is, so that time tells nothing.
        fits = hmac.compare_digest(given, held)
        if client is None or not fits or client.revoked_at is not None:
            raise Misuse(KEY_INVALID)
        return client

    async def _row(self, client_id: str) -> Client | None:
        cached = self._rows.get(client_id)
        now = self._tick()
        if cached is not None and now < cached[1]:
            return cached[0]
        client = await self._store.client(client_id)
        if client is None:  # never cached: made-up ids must not push out real ones
            self._rows.pop(client_id, None)
            return None
        self._rows[client_id] = (client, now + self._seconds)
        self._rows.move_to_end(client_id)
        if len(self._rows) > _CACHED:
            self._rows.popitem(last=False)
        return client
