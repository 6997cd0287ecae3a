"""Which events of the log others may be told of, and under which names."""

from __future__ import annotations

import enum
from typing import Final

from liangming.check import events as check
from liangming.device import events as device
from liangming.rights import events as rights
from liangming.scene.model import Text


class Name(enum.StrEnum):
    """The ``type`` of a message. An open list: take an unknown one as "something else"."""

    CONCLUDED = "check.concluded"  # 查验有了结果
    EXPIRED = "check.expired"  # 查验超时
    WITHDRAWN = "consent.withdrawn"  # 撤回了同意
    ASKED = "request.opened"  # 收到权利请求
    ANSWERED = "request.answered"  # 权利请求已答复
    REFUSED = "request.refused"  # 权利请求被拒绝
    GAP = "device.gap"  # 终端的记录有缺口
    FORKED = "device.forked"  # 终端的同一序号有两个内容
    OFFLINE = "device.offline"  # 终端曾断开
    PING = "ping"  # 测试


EVENTS: Final = {
    Name.CONCLUDED: Text("查验有了结果", "a check came to its outcome"),
    Name.EXPIRED: Text("查验超时结束", "a check ran out of time"),
    Name.WITHDRAWN: Text("本人撤回了刷脸的同意", "a person withdrew the consent to a face"),
    Name.ASKED: Text("收到一项权利请求", "a person's request came in"),
    Name.ANSWERED: Text("权利请求已答复", "a request was answered"),
    Name.REFUSED: Text("权利请求被拒绝", "a request was refused"),
    Name.GAP: Text("终端的编号记录有缺口", "a device's numbered record has a gap"),
    Name.FORKED: Text("终端的同一序号有两个内容", "two contents came for a number of a device"),
    Name.OFFLINE: Text("终端断开后补报", "a device says that it had lost the centre"),
}
"""What can be subscribed to, in the order in which it is shown."""

OUTCOMES: Final = {
    check.PASSED.tag: "passed",
    check.REFUSED.tag: "refused",
    check.UNDETERMINED.tag: "undetermined",
    check.ABANDONED.tag: "abandoned",
    check.EXPIRED.tag: "expired",
}
OF_TAG: Final = {
    **dict.fromkeys(OUTCOMES, Name.CONCLUDED),
    check.EXPIRED.tag: Name.EXPIRED,
    check.CONSENT_WITHDRAWN.tag: Name.WITHDRAWN,
    rights.OPENED.tag: Name.ASKED,
    rights.ANSWERED.tag: Name.ANSWERED,
    rights.REFUSED.tag: Name.REFUSED,
    device.FORKED.tag: Name.FORKED,
    device.WENT_OFFLINE.tag: Name.OFFLINE,
}
