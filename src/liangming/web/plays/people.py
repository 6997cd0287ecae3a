"""Made-up documents: right in form, of a region that does not exist."""

from __future__ import annotations

import secrets
from typing import Final

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
_LETTERS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def card_number() -> str:
    """A resident card's number in region 99xxxx with a right check digit (GB 11643)."""
    region = f"99{secrets.randbelow(9000) + 1000}"
    born = f"19{secrets.randbelow(40) + 55}{secrets.randbelow(12) + 1:02}{secrets.randbelow(28) + 1:02}"
    body = f"{region}{born}{secrets.randbelow(1000):03}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return body + _CHECKS[total % 11]


def credit_code() -> str:
    """An organisation's code of a region that does not exist, with a right check (GB 32100)."""
    body = "91990000" + "".join(secrets.choice(_LETTERS) for _ in range(9))
    total = sum(_LETTERS.index(c) * weight for c, weight in zip(body, _USCC, strict=True))
    return body + _LETTERS[(31 - total % 31) % 31]
