"""Who stood behind the desk, as a code that only says *the same one*, and only for a quarter.

An audit asks whether one clerk steers where the others do not; for that it needs to know which
checks were one clerk's, not whose. The code is a keyed digest of account, outlet and quarter: the
operator can ask it of a name, nobody reads a name from it, and after a quarter it is another one.
It goes into no leaf, no receipt and no answer; exports digest it again with a key of their own.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime
from typing import Final

from liangming.clock import china_date

_MONTHS: Final = 3
_BYTES: Final = 8


def clerk_code(key: bytes, operator: str, username: str, outlet: str, at: datetime) -> str:
    """The code of a clerk at an outlet in the quarter of a moment.

    Args:
        key: of this installation, for nothing else.
        operator: whose account it is.
        username: of the account.
        outlet: where the desk stands.
        at: when.

    >>> from datetime import UTC
    >>> april, june, july = (datetime(2026, month, 9, tzinfo=UTC) for month in (4, 6, 7))
    >>> code = clerk_code(bytes(32), "op-1", "zhou", "310-0042", april)
    >>> clerk_code(bytes(32), "op-1", "zhou", "310-0042", june) == code
    True
    >>> clerk_code(bytes(32), "op-1", "zhou", "310-0042", july) == code
    False
    """
    on = china_date(at)
    quarter = f"{on.year}/{(on.month - 1) // _MONTHS}"
    said = f"liangming/clerk/1\0{operator}\0{username}\0{outlet}\0{quarter}"
    return hmac.digest(key, said.encode(), hashlib.sha256)[:_BYTES].hex()
