"""What webhooks need from the world: the log as an outbox, and a way to post."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec


class Happened(msgspec.Struct, frozen=True, kw_only=True):
    """One leaf that others may be told of, with where it happened."""

    seq: int  # its place in the log
    owner: str  # chk_…, req_…, dev_…, dvf_…
    number: int
    tag: str
    at: int  # µs
    facts: bytes  # JSON
    operator: str
    scene: str  # may be empty
    outlet: str  # may be empty
    about: str  # what a record is linked to: a check, a device
    follows: bool  # the leaf with the number before it is there


class Outbox(Protocol):
    """The log of events, read beside a running service. Only committed events are seen."""

    async def head(self) -> int:
        """The next free place in the log."""
        ...

    async def happened(self, after: int, until: int, tags: Sequence[str]) -> list[Happened]:
        """Leaves of these tags from one place up to before another, in order; durable before they are told.

        Those whose check or record is gone, or that belong to no operator, are left out.
        """
        ...


class Told(msgspec.Struct, frozen=True):
    """What a receiver answered."""

    status: int
    retry_after: int = 0  # seconds; 0: not said


class Post(Protocol):
    """Posts a body to an address."""

    async def __call__(self, url: str, headers: dict[str, str], body: bytes) -> Told:
        """Post once; no redirect is followed.

        Raises:
            NotSentError: no answer came, with why.
        """
        ...


class NotSentError(Exception):
    """A post that came to no answer.

    Args:
        why: ``address``, ``name``, ``connect``, ``tls``, ``slow`` or ``garbled``.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
