"""What a client may do, which of it takes two people, and what cannot be limited to some scenes."""

from __future__ import annotations

import enum
from typing import Final

from liangming.scene.model import Text


class Scope(enum.StrEnum):
    """What a client may do (权限)."""

    CHECKS_WRITE = "checks:write"  # 打开并推进查验
    CHECKS_READ = "checks:read"  # 读取查验
    BATCH_WRITE = "batch:write"  # 批量提交完整的查验
    SCENES_READ = "scenes:read"  # 读取场景、方式、告知
    CODES_WRITE = "codes:write"  # 签发取件码和交接码
    LABELS_WRITE = "labels:write"  # 打印面单
    DESK = "desk"  # 收寄员代为录入：口头选择、协助、拒不出示
    RIGHTS = "rights"  # 权利请求：代本人提出、办理、答复
    DEVICES = "devices"  # 终端领取指令并确认
    DEVICE_EVENTS = "device-events"  # 终端上报自己签名的事件
    WEBHOOKS = "webhooks"  # 订阅结果
    DEVICES_MANAGE = "devices:manage"  # 查看、指挥、停用终端
    KEY_ROTATE = "key:rotate"  # 用现有密钥换一把新密钥
    ADMIN = "admin"  # 运行指标


NAMES: Final = {
    Scope.CHECKS_WRITE: Text("打开并推进查验", "open checks and move them on"),
    Scope.CHECKS_READ: Text("读取查验", "read checks"),
    Scope.BATCH_WRITE: Text("成批提交完整的查验", "send whole checks in batches"),
    Scope.SCENES_READ: Text("读取场景、方式和告知", "read scenes, ways and notices"),
    Scope.CODES_WRITE: Text("签发取件码和交接码", "issue pick-up and hand-over codes"),
    Scope.LABELS_WRITE: Text("打印面单", "set labels"),
    Scope.DESK: Text("收寄员代为录入", "enter what was said, for a clerk"),
    Scope.RIGHTS: Text("代本人提出、办理权利请求", "ask and answer for people"),
    Scope.DEVICES: Text("终端领取指令", "fetch commands for devices"),
    Scope.DEVICE_EVENTS: Text("终端上报事件", "hand in events that devices signed"),
    Scope.WEBHOOKS: Text("订阅结果", "subscribe to outcomes"),
    Scope.DEVICES_MANAGE: Text("查看、指挥、停用终端", "see, command and disable devices"),
    Scope.KEY_ROTATE: Text("为自己换一把新密钥", "change its own key"),
    Scope.ADMIN: Text("运行指标", "metrics of this installation"),
}
_ASKED_FOR: Final = frozenset(
    {
        Scope.RIGHTS,
        Scope.DEVICES,
        Scope.DEVICE_EVENTS,
        Scope.WEBHOOKS,
        Scope.DEVICES_MANAGE,
        Scope.KEY_ROTATE,
        Scope.ADMIN,
    }
)
DEFAULT_SCOPES: Final = tuple(scope.value for scope in Scope if scope not in _ASKED_FOR)
RISKY: Final = frozenset({Scope.RIGHTS, Scope.DEVICES, Scope.DEVICES_MANAGE, Scope.ADMIN})
"""Registered data go out, devices are spoken to, or everything is counted: two people agree."""
WHOLE_ONLY: Final = frozenset(
    {Scope.RIGHTS, Scope.DEVICES, Scope.DEVICE_EVENTS, Scope.DEVICES_MANAGE, Scope.ADMIN}
)
"""These see the whole operator; a client that is limited to some scenes cannot have them."""
