"""What every door on loopback shares: where it listens, how often it looks after itself, what a fault answers."""

from __future__ import annotations

from typing import Final

from liangming.errors import Kind, declare

PORT_TAKEN: Final = declare(
    "edge.port-taken",
    Kind.OUT_OF_ORDER,
    zh="这个端口正被别的程序使用，请换一个。",
    en="Another program uses this port; please choose another one.",
)
LOOPBACK: Final = "127.0.0.1"
ROUND: Final = 10.0
STATUS: Final = {
    Kind.FORBIDDEN: 403,
    Kind.LIMITED: 429,
    Kind.OUTAGE: 503,
    Kind.OUT_OF_ORDER: 409,
    Kind.ABSENT: 404,
    Kind.UNAUTHENTICATED: 401,
}
