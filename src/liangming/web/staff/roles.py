"""Roles, and which changes need a second person."""

from __future__ import annotations

import enum
from typing import Final

from liangming.scene.model import Text


class Role(enum.StrEnum):
    """What somebody is here for."""

    CLERK = "clerk"  # 收寄员
    MANAGER = "manager"  # 站长
    OFFICER = "officer"  # 合规负责人
    INSPECTOR = "inspector"  # 检查人员
    INTEGRATOR = "integrator"  # 接入人员
    ADMINISTRATOR = "administrator"  # 管理员


NAMES: Final = {
    Role.CLERK: Text("收寄员", "Clerk"),
    Role.MANAGER: Text("站长", "Station manager"),
    Role.OFFICER: Text("合规负责人", "Compliance officer"),
    Role.INSPECTOR: Text("检查人员", "Inspector"),
    Role.INTEGRATOR: Text("接入人员", "Integrator"),
    Role.ADMINISTRATOR: Text("管理员", "Administrator"),
}
DEEDS: Final = {
    "invited": Text("邀请", "invited"),
    "link-made": Text("生成登记链接", "link made"),
    "link-used": Text("用链接登记", "link used"),
    "reset": Text("更换钥匙", "keys replaced"),
    "role": Text("改变角色", "role changed"),
    "ended": Text("停用", "ended"),
    "signed-out": Text("退出所有设备", "signed out everywhere"),
    "declined": Text("没有同意", "declined"),
}
AT_THE_DESK: Final = frozenset({Role.CLERK, Role.MANAGER})
"""Who opens the clerk's desk. An administrator does not: who gives rights does not use them."""
ANSWERS: Final = frozenset({Role.OFFICER})
"""Who handles people's requests and what is due."""
DECIDES_LOOKS: Final = frozenset({Role.OFFICER, Role.ADMINISTRATOR})
"""Who agrees to somebody else's look at a record; an administrator sees the question, not the record."""
INSPECTS: Final = frozenset({Role.INSPECTOR})
"""Who looks, within a mandate, and writes nothing."""
INTEGRATES: Final = frozenset({Role.INTEGRATOR, Role.ADMINISTRATOR})
"""Who makes API clients and subscriptions. An administrator, too: somebody must be able to stop a key."""
RISKY: Final = frozenset({Role.OFFICER, Role.INSPECTOR, Role.INTEGRATOR, Role.ADMINISTRATOR})
"""Giving or taking these, and replacing their keys, takes two administrators."""
SEES_PEOPLE: Final = frozenset({Role.ADMINISTRATOR})
