"""Memory that is kept for the next use: fetching pages from the kernel costs more than filling them."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np

_KEPT: Final = 31 << 20


@cache
def keep_at_hand() -> None:
    """Have the allocator keep freed blocks: fetching them from the kernel again is a tenth of a pass.

    Once a block of that size was freed, it gives no smaller one back.
    """
    np.empty(_KEPT, np.uint8)
