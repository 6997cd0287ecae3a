"""A tree head and its text: origin, size, root (c2sp.org/tlog-checkpoint, note text)."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final

from liangming.errors import Misuse
from liangming.ledger.codes import CHECKPOINT_MALFORMED
from liangming.ledger.merkle import EMPTY_ROOT, HASH_BYTES

_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Head:
    """The state of a log.

    Attributes:
        size: number of leaves.
        root: RFC 6962 tree head over them.
    """

    size: int
    root: bytes


EMPTY: Final = Head(0, EMPTY_ROOT)


def head_text(origin: str, head: Head) -> str:
    """The three lines that a checkpoint signs."""
    return f"{origin}\n{head.size}\n{base64.b64encode(head.root).decode()}\n"


def read_head_text(text: str) -> tuple[str, Head]:
    """Origin and head of a checkpoint's text; extension lines are allowed and not used.

    Raises:
        Misuse: ``ledger.checkpoint-malformed``.
    """
    lines = text.split("\n")
    if len(lines) < 4 or lines.pop() or not all(lines):  # noqa: PLR2004  (three lines and the end)
        raise Misuse(CHECKPOINT_MALFORMED)
    origin, size, root = lines[:3]
    value = decimal(size)
    raw = strict_base64(root)
    if value is None or raw is None or len(raw) != HASH_BYTES:
        raise Misuse(CHECKPOINT_MALFORMED)
    return origin, Head(value, raw)


def decimal(text: str) -> int | None:
    """An ASCII decimal without leading zeroes below 2⁶³, or None."""
    if _DECIMAL.fullmatch(text) is None:
        return None
    value = int(text)
    return value if value < 1 << 63 else None


def strict_base64(text: str) -> bytes | None:
    """Standard base 64 in its one spelling, or None."""
    try:
        raw = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return None
    return raw if base64.b64encode(raw).decode() == text else None
