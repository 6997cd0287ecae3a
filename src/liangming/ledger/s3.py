"""The tile store and the lock row in an S3-compatible bucket, through ``obstore`` (extra ``s3``).

An object is visible whole or not at all and durable when the store has answered, so there is
nothing to sync. Nothing is written over: a put asks for *create*, and where something is there
already, it must be the same bytes. The lock row is swapped by its entity tag, so that two writers
on different machines cannot fork the log.

What a cut connection leaves open is found out by reading: a put that failed may have happened and
is repeated with the same bytes; a swap that failed is compared with what is there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Final
from urllib.parse import parse_qsl, urlsplit

import msgspec
import obstore
from obstore.exceptions import (
    AlreadyExistsError,
    BaseError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)
from obstore.store import S3Store

from liangming.errors import Kind, LiangmingError, Misuse, Outage, Refusal, declare
from liangming.ledger.codes import STORE_FAILED, TILE_CONFLICT, TILE_CORRUPT
from liangming.ledger.ports import Absent, Held
from liangming.ledger.tiles import Write

ADDRESS_UNFIT: Final = declare(
    "ledger.bucket-address",
    Kind.INVALID,
    zh="存证的存储地址不合适，应形如 s3://桶名/前缀?endpoint=https://…&region=…，不写账号和密码。",
    en="The log's address does not fit; it looks like s3://bucket/prefix?endpoint=https://…&region=…"
    " and holds no credentials.",
)
REFUSED: Final = declare(
    "ledger.store-refused",
    Kind.OUTAGE,
    zh="对象存储拒绝了访问，请检查密钥和权限；存证暂停，查验照常。",
    en="The object store refused access; please check credentials and rights. The log stands still"
    " while checks go on.",
)
BUCKET_MISSING: Final = declare(
    "ledger.bucket-missing",
    Kind.OUTAGE,
    zh="存证所在的存储桶不存在，请先建好；存证暂停，查验照常。",
    en="The log's bucket is not there; please make it first. The log stands still while checks go on.",
)

AT_ONCE: Final = 16  # puts side by side
_SECONDS: Final = 10
_LOCK: Final = "lock"
_OPTIONS: Final = frozenset(("endpoint", "region"))


def open_bucket(address: str) -> S3Store:
    """The part of a bucket that an address names; nothing is asked of it yet.

    Credentials come from the environment as for other programs (``AWS_ACCESS_KEY_ID``,
    ``AWS_SECRET_ACCESS_KEY``, ``AWS_SESSION_TOKEN``, or what the machine is given).

    Args:
        address: ``s3://bucket/prefix``, with ``endpoint`` and ``region`` as a query.

    Raises:
        Misuse: ``ledger.bucket-address``.
    """
    try:
        parts = urlsplit(address)
        options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    except ValueError:
        raise Misuse(ADDRESS_UNFIT) from None
    bucket, prefix = parts.netloc, parts.path.strip("/")
    plain = parts.scheme == "s3" and bucket and not parts.fragment and "@" not in bucket
    if not plain or options.keys() - _OPTIONS:
        raise Misuse(ADDRESS_UNFIT)
    try:
        return S3Store(
            bucket,
            prefix=prefix or None,
            config={"conditional_put": "etag"},
            endpoint=options.get("endpoint"),
            region=options.get("region"),
            client_options={
                "allow_http": options.get("endpoint", "").startswith("http://"),
                "timeout": timedelta(seconds=_SECONDS),
                "connect_timeout": timedelta(seconds=_SECONDS / 2),
            },
            retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=_SECONDS)},
        )
    except (BaseError, ValueError, TypeError):
        raise Misuse(ADDRESS_UNFIT) from None


class S3Tiles:
    """Implements :class:`liangming.ledger.ports.TileStore` on a bucket."""

    def __init__(self, bucket: S3Store) -> None:
        self._bucket = bucket
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="liangming-s3")

    def get(self, path: str) -> bytes:
        """The bytes at a path."""
        found = _read(self._bucket, path)
        if found is None:
            raise Absent(path)
        return found[0]

    def put(self, path: str, data: bytes) -> None:
        """Write bytes that never change; see the port."""
        try:
            with _outage():
                obstore.put(self._bucket, path, data, mode="create", use_multipart=False)
        except AlreadyExistsError:
            found = _read(self._bucket, path)
            if found is None or found[0] != data:
                raise Refusal(TILE_CONFLICT) from None

    def put_all(self, writes: Sequence[Write]) -> None:
        """As :meth:`put`, some side by side."""
        for _ in self._threads.map(lambda write: self.put(*write), writes):
            pass

    def keep(self, path: str, data: bytes) -> None:
        """Write bytes that never change, durably."""
        self.put(path, data)

    def replace(self, path: str, data: bytes) -> None:
        """Write bytes over whatever is there."""
        with _outage():
            obstore.put(self._bucket, path, data, use_multipart=False)

    def sync(self, paths: Collection[str]) -> None:
        """Nothing is left to do: what was answered is durable."""

    def drop(self, path: str) -> None:
        """Remove an object, or all below a folder of partial forms; nothing there is fine."""
        paths = self.names(path) if path.endswith(".p") else [path]
        if paths:
            with _outage(), suppress(FileNotFoundError):
                obstore.delete(self._bucket, paths)

    def names(self, folder: str) -> list[str]:
        """Paths of the objects directly in a folder."""
        with _outage():
            found = obstore.list_with_delimiter(self._bucket, folder)
        return sorted(item["path"] for item in found["objects"])

    def close(self) -> None:
        """Let the threads go."""
        self._threads.shutdown()


class _Row(msgspec.Struct, frozen=True, array_like=True):
    checkpoint: bytes
    at_micros: int


class S3Heads:
    """Implements :class:`liangming.ledger.ports.HeadStore` in a bucket, by conditional puts."""

    def __init__(self, bucket: S3Store) -> None:
        self._bucket = bucket

    def load(self, origin: str) -> Held | None:
        """The row of a log."""
        found = self._find(origin)
        return None if found is None else found[0]

    def swap(self, origin: str, old: Held | None, new: Held) -> bool:
        """Put ``new`` where ``old`` is. The entity tag makes it atomic."""
        found = self._find(origin)
        if (found[0] if found else None) != old:
            return False
        data = msgspec.msgpack.encode(_Row(new.checkpoint, new.at_micros))
        try:
            with _outage():
                if found is None:
                    obstore.put(self._bucket, _lock(origin), data, mode="create")
                else:
                    obstore.put(self._bucket, _lock(origin), data, mode={"e_tag": found[1]})
        except (AlreadyExistsError, PreconditionError):
            # Somebody was first; or we were, and only the answer to a first try was lost.
            return self.load(origin) == new
        return True

    def close(self) -> None:
        """Nothing is held open."""

    def _find(self, origin: str) -> tuple[Held, str] | None:
        found = _read(self._bucket, _lock(origin))
        if found is None:
            return None
        try:
            row = msgspec.msgpack.decode(found[0], type=_Row)
        except msgspec.DecodeError:
            raise Refusal(TILE_CORRUPT) from None
        return Held(row.checkpoint, row.at_micros), found[1]


def _lock(origin: str) -> str:
    return f"{_LOCK}/{hashlib.sha256(origin.encode()).hexdigest()}"


def _read(bucket: S3Store, path: str) -> tuple[bytes, str] | None:
    """An object's bytes and entity tag."""
    if path.startswith("/") or ".." in path:
        raise Misuse(STORE_FAILED)
    try:
        with _outage():
            found = obstore.get(bucket, path)
            return bytes(found.bytes()), found.meta["e_tag"] or ""
    except FileNotFoundError:
        return None


@contextmanager
def _outage() -> Iterator[None]:
    """Wrap what the store says, once. Its own words may hold addresses, and are dropped."""
    try:
        yield
    except (AlreadyExistsError, PreconditionError, LiangmingError):
        raise
    except (PermissionDeniedError, UnauthenticatedError):
        raise Outage(REFUSED, retry_after=60) from None
    except (BaseError, OSError) as failure:
        # The library names no kind for a bucket that is missing, nor for a list that is refused;
        # only the store's own words, which it carries along, tell them apart.
        words = str(failure)
        if "NoSuchBucket" in words:
            raise Outage(BUCKET_MISSING, retry_after=60) from None
        if "403 Forbidden" in words or "401 Unauthorized" in words:
            raise Outage(REFUSED, retry_after=60) from None
        if isinstance(failure, FileNotFoundError):
            raise
        raise Outage(STORE_FAILED, retry_after=5) from None
