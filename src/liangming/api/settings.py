"""What can be set at this door; every number has a reason in ``docs/integrator.md``."""

from __future__ import annotations

from dataclasses import dataclass, field

from liangming.webhook import Networks


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Limits of the HTTP door.

    Attributes:
        body_bytes: longest JSON body.
        batch_bytes: longest NDJSON body.
        line_bytes: longest line of a batch.
        body_seconds: how long a body may take to arrive.
        batch_seconds: the same for a batch.
        batches_at_once: how many batches are under way at a time.
        batches_bytes: how many bytes of them are held in memory at a time.
        batches_waiting: how many wait for that, before a word of them is read.
        batches_patience: seconds that each of those waits at most.
        chunk_lines: how many lines of a batch share one commit at most.
        rate: requests a second that one client may keep up; a batch counts one per
            ``lines_per_request`` lines. None: no limit.
        burst: requests that one client may send at once.
        lines_per_request: see ``rate``.
        client_seconds: how long a client stays cached; a revoked key works no longer than that.
        networks: where webhooks may be posted to.
        receipt: the page of a person's receipt, with ``{code}``.
    """

    body_bytes: int = 1 << 20
    batch_bytes: int = 16 << 20
    line_bytes: int = 64 << 10
    body_seconds: float = 10.0
    batch_seconds: float = 60.0
    batches_at_once: int = 32
    batches_bytes: int = 128 << 20
    batches_waiting: int = 512
    batches_patience: float = 2.0
    chunk_lines: int = 200
    rate: float | None = 2_000.0
    burst: float = 4_000.0
    lines_per_request: int = 20
    client_seconds: float = 1.0
    networks: Networks = field(default_factory=Networks)
    receipt: str = "/r/{code}"
