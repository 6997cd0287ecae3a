"""Whether the process runs."""

from __future__ import annotations

from typing import Final

from liangming.access import Scope
from liangming.api import running
from liangming.api.operation import Operation

RUNNING: Final = "running"


OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation(
        method="GET",
        path="/healthz",
        id="live",
        group=RUNNING,
        zh="进程在运行。",
        en="The process is alive.",
        answer=running.live,
        gives=running.Health,
    ),
    Operation(
        method="GET",
        path="/readyz",
        id="ready",
        group=RUNNING,
        zh="可以读写存储。",
        en="The store reads and writes.",
        answer=running.ready,
        gives=running.Health,
    ),
    Operation(
        method="GET",
        path="/metrics",
        id="metrics",
        group=RUNNING,
        zh="Prometheus 计数，不含任何编号。",
        en="Counters for Prometheus, without any id.",
        answer=running.metrics,
        scope=Scope.ADMIN,
        media="text/plain",
    ),
)
