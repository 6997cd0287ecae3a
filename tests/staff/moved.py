"""``liangming`` with hands on its clock: as far ahead as a file says, in seconds.

python moved.py FILE serve
"""

from __future__ import annotations

import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

FILE = Path(sys.argv.pop(1))
_wall, _modified, _ahead = time.time, -1.0, 0.0  # noqa: TID251  (this is the machine's clock here)


def ahead() -> float:
    """How far; the file is read again when it was written."""
    global _modified, _ahead
    try:
        modified = FILE.stat().st_mtime_ns
    except FileNotFoundError:
        return 0.0
    if modified != _modified:
        _modified, _ahead = modified, float(FILE.read_text("utf-8") or 0)
    return _ahead


time.time = lambda: _wall() + ahead()  # noqa: TID251

from liangming import clock  # noqa: E402
from liangming.cli import main  # noqa: E402

_now = clock.SystemClock.now


def _moved(self: clock.SystemClock) -> datetime:
    return _now(self) + timedelta(seconds=ahead())


clock.SystemClock.now = _moved  # type: ignore[method-assign]
main()
