"""The key file: JSON, mode 0600, one per installation.

``{"format":"liangming-keys","version":1,"checksum":"<SHA-256 of the bytes of keys>","keys":{…}}``

Writing, here and at every change, with the lock file ``<name>.lock`` held:

1. remove temporary files that a crash left: they may hold keys that were since destroyed;
2. write all to a new file (``O_EXCL``, 0600) and fsync it — a crash leaves the old file valid;
3. publish: ``link`` for the first file (fails if one appeared), ``rename`` for a change — atomic;
4. fsync the directory — from here on a power cut keeps the new file. Whoever finds a file does that, too, before it
   seals anything with its keys: who published it may have died in between.

Not done: overwriting the replaced file's blocks. File systems that copy on write and flash disks
keep old blocks whatever a program does; keep the key file on an encrypted volume, or the keys in
a KMS, where old media matter. Not logged: anything.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import hmac
import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Final

import msgspec

from liangming.errors import Misuse, Outage
from liangming.vault import codes
from liangming.vault.keys import DEFAULT_BUCKETS, OperatorKeys
from liangming.vault.ports import Loaded
from liangming.vault.redaction import Redacted
from liangming.vault.suites import AES, Suite

BACKUP_NOTICE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "zh": (
            "已创建新的密钥文件。没有它，所有已封存的个人信息都无法再打开，任何人都无法恢复。"
            "请现在就把它另存一份到别处的加密介质，不要与数据备份放在一起。"
            "只保留最新的一份：每次轮换或销毁密钥后立即用新文件覆盖旧副本；"
            "旧副本留着，已依法删除的人就仍可能被读出，而仍在库的人反而可能打不开。"
        ),
        "en": (
            "A new key file was created. Without it nothing that was sealed can ever be opened "
            "again, by anybody. Copy it now to an encrypted medium elsewhere, apart from the data "
            "backups. Keep the newest copy only: after each rotation or erasure overwrite the old "
            "copy at once; an old copy can still open people who were lawfully erased, and can no "
            "longer open some who were not."
        ),
    }
)

_FORMAT: Final = "liangming-keys"
_VERSION: Final = 1
_MAX_FILE: Final = 64 << 20
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


class _Stored(Redacted, msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    format: str
    version: int
    checksum: str
    keys: msgspec.Raw


class _Version(msgspec.Struct, frozen=True):
    format: str
    version: int


class KeyFile:
    """Custody in one local file.

    Args:
        path: of the key file; its directory must exist.
        buckets: for a new ring only (see :class:`OperatorKeys`).
        index_suite: for a new ring only.
    """

    def __init__(
        self, path: Path, *, buckets: int = DEFAULT_BUCKETS, index_suite: Suite = AES
    ) -> None:
        self._path = path
        self._buckets = buckets
        self._index_suite = index_suite

    def load(self, at: datetime) -> Loaded:
        """The ring in the file, or a new file (see :meth:`KeyCustody.load`).

        Raises:
            Misuse: ``vault.key-file-readable-by-others``, ``vault.key-file-not-plain``,
                ``vault.key-file-damaged``, ``vault.key-file-version-unknown``.
            Outage: ``vault.key-file-unavailable``.
        """
        held = self._found()
        if held is not None:
            return Loaded(held, created=False)
        with self._locked():
            held = self._found()  # another process may have been first
            if held is not None:
                return Loaded(held, created=False)
            fresh = OperatorKeys.fresh(at, buckets=self._buckets, index_suite=self._index_suite)
            if self._write(fresh, first=True):
                return Loaded(fresh, created=True)
        return self.load(at)  # one appeared in spite of the lock (a file system without locks)

    def store(self, keys: OperatorKeys, *, replacing: OperatorKeys) -> None:
        """Replace the ring in the file (see :meth:`KeyCustody.store`).

        Raises:
            Misuse: ``vault.key-file-changed``, or a code of :meth:`load`.
            Outage: ``vault.key-file-unavailable``.
        """
        with self._locked():
            held = self._read()
            if held is None or not _same(held, replacing) or keys.revision <= held.revision:
                raise Misuse(codes.FILE_CHANGED)
            self._write(keys, first=False)

    def _found(self) -> OperatorKeys | None:
        held = self._read()
        if held is not None:
            try:
                _sync_folder(self._path.parent)
            except OSError as failure:
                if failure.errno == errno.EIO:
                    raise Outage(
                        codes.FILE_OUTAGE
                    ) from None  # else: nobody could, or may, write there
        return held

    def _read(self) -> OperatorKeys | None:
        try:
            # Non-blocking, so that a named pipe in the file's place cannot hold us.
            handle = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        except FileNotFoundError:
            return None
        except OSError as failure:
            if failure.errno == errno.ELOOP:
                raise Misuse(codes.FILE_SYMLINK) from None
            raise Outage(codes.FILE_OUTAGE) from None
        try:
            return _parse(_content(handle))
        finally:
            os.close(handle)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        path = self._path.with_name(self._path.name + ".lock")
        try:
            handle = os.open(
                path,
                os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC,
                stat.S_IRUSR | stat.S_IWUSR,
            )
        except OSError:
            raise Outage(codes.FILE_OUTAGE) from None
        try:
            with contextlib.suppress(OSError):  # no locks here: publishing is still exclusive
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _write(self, keys: OperatorKeys, *, first: bool) -> bool:
        """Write durably; False when it was to be the first file and another one appeared."""
        content = _render(keys)
        folder = self._path.parent
        temporary = folder / f".{self._path.name}.{secrets.token_hex(8)}.new"
        try:
            for left_over in folder.glob(f".{self._path.name}.*.new"):
                left_over.unlink(missing_ok=True)
            try:
                _write_new(temporary, content)
                if first:
                    os.link(temporary, self._path, follow_symlinks=False)
                else:
                    temporary.replace(self._path)
            finally:
                temporary.unlink(missing_ok=True)
            _sync_folder(folder)
        except FileExistsError:
            return False
        except OSError:
            raise Outage(codes.FILE_OUTAGE) from None
        return True


def _content(handle: int) -> bytes:
    """What an open key file holds, once it is known to be plain and private."""
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode):
        raise Misuse(codes.FILE_SYMLINK)
    if about.st_mode & _OTHERS:
        raise Misuse(codes.FILE_READABLE)
    if about.st_size > _MAX_FILE:
        raise Misuse(codes.FILE_DAMAGED)
    try:
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read()
    except OSError:
        raise Outage(codes.FILE_OUTAGE) from None


def _write_new(path: Path, content: bytes) -> None:
    handle = os.open(
        path,
        os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC,
        stat.S_IRUSR | stat.S_IWUSR,
    )
    with os.fdopen(handle, "wb", closefd=True) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _render(keys: OperatorKeys) -> bytes:
    body = msgspec.json.encode(keys)
    checksum = hashlib.sha256(body).hexdigest()
    return msgspec.json.encode(_Stored(_FORMAT, _VERSION, checksum, msgspec.Raw(body))) + b"\n"


def _parse(content: bytes) -> OperatorKeys:
    # The library's errors may carry what they read, so nothing is raised while one is handled.
    outside = None
    with contextlib.suppress(msgspec.MsgspecError, UnicodeDecodeError):
        outside = msgspec.json.decode(content, type=_Version)
    if outside is None or outside.format != _FORMAT:
        raise Misuse(codes.FILE_DAMAGED)
    if outside.version != _VERSION:
        raise Misuse(codes.FILE_VERSION)
    with contextlib.suppress(msgspec.MsgspecError, UnicodeDecodeError, Misuse):
        stored = msgspec.json.decode(content, type=_Stored)
        if hashlib.sha256(stored.keys).hexdigest() == stored.checksum:
            return msgspec.json.decode(stored.keys, type=OperatorKeys)
    raise Misuse(codes.FILE_DAMAGED)


def _same(one: OperatorKeys, other: OperatorKeys) -> bool:
    return hmac.compare_digest(msgspec.json.encode(one), msgspec.json.encode(other))
