"""The route table: every operation of ``/v1``, in the order in which it is documented, a module a group."""

from __future__ import annotations

from typing import Final

from liangming.api.operation import Operation
from liangming.api.table import (
    checks,
    client,
    codes,
    devices,
    labels,
    places,
    reference,
    requests,
    running,
    webhooks,
    wholes,
)
from liangming.api.table.reference import REFERENCE
from liangming.api.table.running import RUNNING

__all__ = ["GROUPS", "OPERATIONS", "REFERENCE", "RUNNING"]

GROUPS: Final = {
    checks.CHECKS: ("一步一步查验", "A check, step by step"),
    wholes.WHOLES: ("一次提交完整的查验", "Whole checks in one call"),
    places.PLACES: ("场景、方式与告知", "Scenes, ways and notices"),
    codes.CODES: ("交接码与取件码", "Hand-over and pick-up codes"),
    labels.LABELS: ("面单", "Labels"),
    requests.REQUESTS: ("个人的权利请求", "What people ask"),
    devices.DEVICES: ("终端", "Devices"),
    client.CLIENT: ("接口客户自己", "The client itself"),
    webhooks.WEBHOOKS: ("结果订阅", "Webhooks"),
    reference.REFERENCE: ("法条与错误码", "Articles and error codes"),
    running.RUNNING: ("运行", "Running"),
}

OPERATIONS: Final[tuple[Operation, ...]] = (
    *checks.OPERATIONS,
    *wholes.OPERATIONS,
    *places.OPERATIONS,
    *codes.OPERATIONS,
    *labels.OPERATIONS,
    *requests.OPERATIONS,
    *devices.OPERATIONS,
    *client.OPERATIONS,
    *webhooks.OPERATIONS,
    *reference.OPERATIONS,
    *running.OPERATIONS,
)
