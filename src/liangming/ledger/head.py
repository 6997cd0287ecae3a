"""A tree head: how many leaves, and their root."""

from __future__ import annotations

from dataclasses import dataclass

from liangming.ledger.merkle import EMPTY_ROOT


@dataclass(frozen=True, slots=True)
class Head:
    """The state of a log.

    Attributes:
        size: number of leaves.
        root: RFC 6962 tree head over them.
    """

    size: int
    root: bytes


EMPTY = Head(0, EMPTY_ROOT)
