"""Waiting for what another process does: as long as a machine that many share may need."""

from __future__ import annotations

import secrets
import socket
import time
from collections.abc import Callable

PATIENCE = 180.0  # seconds
STEP = 0.02


def until(true: Callable[[], object]) -> None:
    """Look again and again until it is so."""
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it does not come"
        time.sleep(STEP)


def free_port() -> int:
    """A port for a server that must be told one: below those that the kernel gives to callers.

    One of the kernel's could go to somebody's call before the server has it.
    """
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
