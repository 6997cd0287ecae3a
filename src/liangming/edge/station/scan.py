"""A document on the glass of a scanner: one page when the clerk asks, straight into memory.

A scanner's own software saves a file, and nobody destroys it. Here SANE's ``scanimage`` (Debian
``sane-utils``) hands the page over a pipe; no file is made. Only a scanner on this computer's own bus: over a
network the picture would have left it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import threading
from typing import IO, Final

from liangming.edge.reading import codes
from liangming.edge.reading.given import HEAVIEST, wipe
from liangming.errors import Misuse, Outage

PROGRAM: Final = "scanimage"
SECONDS: Final = 90.0  # a page at 300 dots an inch takes ten on a slow one
DOTS: Final = 300
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _.,:;/?=()+-]{0,127}")
_AFAR: Final = re.compile(r"\bnet\d*[:;/]|airscan|escl|bjnp|https?:|^v4l:", re.IGNORECASE)


class Scanner:
    """Implements Lens.

    Args:
        name: as ``scanimage -L`` tells it.
        program: found on the path.

    Raises:
        Misuse: no such name can be (``edge.scanner-name``), it is one of a network (``edge.scanner-afar``),
            or the program is not installed (``edge.no-scanner``).
    """

    def __init__(self, name: str, program: str = PROGRAM) -> None:
        if _NAME.fullmatch(name) is None:
            raise Misuse(codes.SCANNER_NAME, field="--scanner")
        if _AFAR.search(name) is not None:
            raise Misuse(codes.SCANNER_AFAR, field="--scanner")
        found = shutil.which(program)
        if found is None:
            raise Misuse(codes.NO_SCANNER, field="--scanner")
        self._words = [found, "--device-name", name, "--format=jpeg", "--mode", "Color"]
        self._words += ["--resolution", str(DOTS)]

    def take(self) -> bytearray:
        """One page as JPEG; the caller overwrites it.

        Raises:
            Outage: ``edge.scanner-lost``: gone, busy, open, jammed, or it takes too long.
            Misuse: ``edge.picture-heavy``.
        """
        try:
            process = subprocess.Popen(  # noqa: S603  (no shell; the name is one word)
                self._words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
            )
        except OSError:
            raise Outage(codes.SCANNER_LOST) from None
        with process:
            late = threading.Timer(SECONDS, process.kill)
            late.start()
            try:
                page = _page(process.stdout)
                whole = len(page) > HEAVIEST or process.wait() == 0
            finally:
                late.cancel()
                process.kill()
        if len(page) > HEAVIEST or not whole:
            wipe(page)
            raise Misuse(codes.HEAVY) if whole else Outage(codes.SCANNER_LOST)
        return page


def _page(pipe: IO[bytes] | None) -> bytearray:
    """All of it, into one buffer that never moves, so that no copy stays behind; one byte too many if it is too much."""
    assert pipe is not None  # noqa: S101  (asked for above)
    page, there = bytearray(HEAVIEST + 1), 0
    with memoryview(page) as view:
        while there < len(view):
            count = os.readv(pipe.fileno(), [view[there:]])
            if not count:
                break
            there += count
    del page[there:]
    return page
