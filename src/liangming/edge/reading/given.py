"""The bytes of a picture as they were given: how many there may be, and how they go."""

from __future__ import annotations

from typing import Final

HEAVIEST: Final = 16 << 20
_ZEROS: Final = bytes(1 << 16)


def wipe(data: bytearray) -> None:
    """Overwrite, and keep the length."""
    with memoryview(data) as view:
        for start in range(0, len(view), len(_ZEROS)):
            part = view[start : start + len(_ZEROS)]
            part[:] = _ZEROS[: len(part)]


def let_go(data: bytearray) -> None:
    """Overwrite, and give the memory back."""
    wipe(data)
    data.clear()
