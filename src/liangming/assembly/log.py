"""The log of a house: its files, its lock row, its witnesses, and whose turn it is to append."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from liangming.assembly.settings import SETTING_UNFIT, Settings
from liangming.check import Premises
from liangming.check.log_key import log_key
from liangming.errors import Kind, Misuse, declare
from liangming.ledger import (
    FileTiles,
    Head,
    Log,
    RemoteWitness,
    SqliteHeads,
    TileStore,
    Trust,
    open_checkpoint,
)
from liangming.ledger.circle import Circle
from liangming.ledger.policy import Listed, Policy, read_policy
from liangming.ledger.post import HttpPost
from liangming.vault import Loaded

if TYPE_CHECKING:
    from liangming.ledger.s3 import S3Heads


NO_S3 = declare(
    "assembly.s3-not-installed",
    Kind.INVALID,
    zh="要把存证放进存储桶，需要先安装 liangming[s3]。",
    en="To keep the log in a bucket, install liangming[s3] first.",
)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The log of this house and where its parts are.

    Attributes:
        log: not yet recovered.
        tiles: its public files.
        trust: who is believed about it.
        known: heads of it that were put aside by hand.
        turn: takes or keeps the right to append; False while another process has it.
        circle: its witnesses.
    """

    log: Log
    tiles: TileStore
    trust: Trust
    known: tuple[Head, ...]
    turn: Callable[[], bool]
    circle: Circle


@contextmanager
def evidence(settings: Settings, house: Premises | Loaded) -> Iterator[Evidence]:
    """The log: tiles in ``log/``, its lock row in ``log-head.sqlite3``, both in the data folder.

    Whoever restores the data folder from a backup puts the newest checkpoint that is known
    elsewhere into ``log-known.checkpoint``; the log then refuses to be older.

    Raises:
        Refusal, Misuse: ``log-known.checkpoint`` is no checkpoint of this log; the policy of
            witnesses cannot be read.
        Outage: ``ledger.store-failed``.
    """
    tiles = log_files(settings)
    key = log_key(house.keys.signing, settings.log_origin)
    policy = log_policy(settings)
    trust = policy.trust(settings.log_origin, (key.verifying,))
    own = Trust(settings.log_origin, (key.verifying,))
    aside = settings.data / "log-known.checkpoint"
    known = (open_checkpoint(aside.read_bytes(), own).head,) if aside.is_file() else ()
    heads = _log_heads(settings)
    log = Log(origin=settings.log_origin, tiles=tiles, heads=heads, keys=[key], trust=trust)
    turn = Turn(settings.data / "log.lock")
    posts: list[HttpPost] = []
    circle = Circle(log, tiles, _witnesses(policy, posts))
    try:
        yield Evidence(log, tiles, trust, known, turn.take, circle)
    finally:
        turn.release()
        heads.close()
        for post in posts:
            post.close()


def log_policy(settings: Settings) -> Policy:
    """The policy of witnesses; without a file none is asked and none is needed.

    Raises:
        Misuse: ``ledger.policy-unfit``; ``assembly.setting-unfit`` when there is no such file.
    """
    if settings.log_policy is None:
        return Policy((), (), None)
    try:
        data = settings.log_policy.read_bytes()
    except OSError:
        raise Misuse(SETTING_UNFIT, field="LIANGMING_LOG_POLICY") from None
    return read_policy(data)


def _witnesses(policy: Policy, posts: list[HttpPost]) -> dict[str, RemoteWitness]:
    """One for each address: a witness with two keys signs with both in one answer."""
    by_address: dict[str, list[Listed]] = {}
    for each in policy.witnesses:
        if each.url:
            by_address.setdefault(each.url, []).append(each)
    witnesses = {}
    for address, listed in by_address.items():
        posts.append(HttpPost(address))
        witnesses[listed[0].name] = RemoteWitness([each.key for each in listed], posts[-1])
    return witnesses


def log_files(settings: Settings) -> TileStore:
    """The log's public files: a folder, or a part of a bucket.

    Raises:
        Misuse: ``ledger.bucket-address``, ``assembly.s3-not-installed``.
    """
    if not settings.log_store:
        return FileTiles(settings.data / "log")
    try:
        from liangming.ledger.s3 import S3Tiles, open_bucket
    except ImportError:
        raise Misuse(NO_S3, field="LIANGMING_LOG_STORE") from None
    return S3Tiles(open_bucket(settings.log_store))


def _log_heads(settings: Settings) -> SqliteHeads | S3Heads:
    """The lock row: beside the data, or in the bucket where the log is in one.

    In the bucket every machine swaps the same row, so that two of them cannot fork the log.
    """
    if not settings.log_store:
        return SqliteHeads(settings.data / "log-head.sqlite3")
    from liangming.ledger.s3 import S3Heads, open_bucket

    return S3Heads(open_bucket(settings.log_store))


class Turn:
    """The right to append to one log folder: an advisory lock that dies with its process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._held: int | None = None

    def take(self) -> bool:
        """Take it, or say whether it is held already; never waits."""
        if self._held is None:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(descriptor)
                return False
            self._held = descriptor
        return True

    def release(self) -> None:
        """Let it go."""
        descriptor, self._held = self._held, None
        if descriptor is not None:
            os.close(descriptor)
