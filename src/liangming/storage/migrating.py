"""Migrations in a process of their own: one way to start it, for all tables there are."""

from __future__ import annotations

import contextlib
import logging
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Final

from liangming.errors import Code, Misuse, Outage
from liangming.storage.codes import UNREACHABLE, URL_UNKNOWN

_UNFIT: Final = 2
_UNREACHED: Final = 3
"""How a process of migrations ends where the address is none, and where nobody answers there."""
_PATIENCE: Final = 3600  # seconds: a large table may take its time

_log = logging.getLogger("liangming.storage")


def run(module: str, url: str, failed: Code, *, lost: Code | None = None) -> None:
    """Run a module that reads a database's address from standard input and migrates it.

    Args:
        module: of this program.
        url: the address. It goes through standard input: it may hold a password, and arguments are
            seen by all.
        failed: what is said where the migrations failed.
        lost: what is said where the process did not start or did not live to its end; else as ``failed``.

    Raises:
        Misuse: ``storage.url-unknown``.
        Outage: one of the two, or ``storage.unreachable``.
    """
    try:
        child = subprocess.Popen(  # noqa: S603  (our own words)
            _command(module),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # what it prints there may quote the address
        )
    except OSError:
        raise Outage(lost or failed) from None
    with child:
        late = threading.Timer(_PATIENCE, child.kill)
        late.start()
        try:
            if child.stdin is not None and child.stdout is not None:
                with contextlib.suppress(BrokenPipeError):  # it ended at once; its code says so
                    child.stdin.write(url.encode())
                    child.stdin.close()
                for line in child.stdout:
                    _tell(line)
            code = child.wait()
        except BaseException:  # Ctrl-C: nothing of the migration stays
            child.kill()
            raise
        finally:
            late.cancel()
    if code < 0:
        raise Outage(lost or failed)
    if code == _UNFIT:
        raise Misuse(URL_UNKNOWN)
    if code == _UNREACHED:
        raise Outage(UNREACHABLE)
    if code:
        raise Outage(failed)


def child(apply: Callable[[str], None]) -> None:
    """What such a module does as a process: it reads the address, migrates, and tells by its end how it went."""
    try:
        apply(sys.stdin.read())
    except Misuse:
        sys.exit(_UNFIT)


def reach() -> None:
    """Connect as Django is set up, or end the process: what fails later is no matter of the address."""
    from django.db import OperationalError, connections

    try:
        connections["default"].ensure_connection()
    except OperationalError:
        sys.exit(_UNREACHED)


def _command(module: str) -> list[str]:
    return [sys.executable, "-m", module]


def _tell(line: bytes) -> None:
    """How far a long migration is: it prints two numbers a line."""
    done, _, total = line.strip().partition(b" ")
    if done.isdigit() and total.isdigit():
        _log.warning(
            "正在升级数据库（中断后可重来） Bringing the database to its new form (may be begun again): %s / %s",
            f"{int(done):,}",
            f"{int(total):,}",
        )
