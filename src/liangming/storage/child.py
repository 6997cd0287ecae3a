"""What a process that serves another does at its beginning."""

from __future__ import annotations

import ctypes
import os
import signal
from contextlib import suppress
from typing import Final

_DEATH: Final = 1  # PR_SET_PDEATHSIG


def attend(parent: int) -> None:
    """Leave Ctrl-C and SIGTERM to the parent, who ends us in order; never outlive it.

    A terminal's Ctrl-C reaches its whole group, which a child leaves; a supervisor's SIGTERM may reach
    every process there is. Where the kernel does not end a child with its parent, the
    end of a pipe has to.

    Args:
        parent: the number of the process that started this one.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    with suppress(OSError, AttributeError):  # elsewhere than on Linux
        ctypes.CDLL(None).prctl(_DEATH, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit(1)  # it was gone before
