"""The closed lists of an incident: what happened, what it may do, what was done, what people can do.

Closed, so that a notice can be written in two languages at once and holds nothing about anybody.

Law: pipl.57, netdata.11, gbt35273.10.1
"""

from __future__ import annotations

import enum
from typing import Final

from liangming.scene.model import Text


class Nature(enum.StrEnum):
    """What happened to the data."""

    LEAK = "leak"  # 泄露
    CHANGE = "change"  # 篡改
    LOSS = "loss"  # 丢失


class Certainty(enum.StrEnum):
    """How sure it is; a possible one counts (pipl.57)."""

    SUSPECTED = "suspected"
    CONFIRMED = "confirmed"
    UNFOUNDED = "unfounded"


class Cause(enum.StrEnum):
    """Why."""

    ACCOUNT = "account"
    INSIDER = "insider"
    BACKUP = "backup"
    DEVICE = "device"
    FLAW = "flaw"
    PROCESSOR = "processor"
    PAPER = "paper"
    UNKNOWN = "unknown"


class Harm(enum.StrEnum):
    """What it may do."""

    FRAUD = "fraud"
    IMPERSONATION = "impersonation"
    CONTACT = "contact"
    POSITION = "position"
    DISTRESS = "distress"
    UNAVAILABLE = "unavailable"


class Step(enum.StrEnum):
    """What is done at once, in order."""

    STOP = "stop"
    SHUT_OUT = "shut-out"
    PRESERVE = "preserve"
    KEYS = "keys"
    SCOPE = "scope"
    CHECK_BACKUPS = "check-backups"


class Remedy(enum.StrEnum):
    """What was done about it."""

    STOPPED = "stopped"
    ACCESS_ENDED = "access-ended"
    KEYS_CHANGED = "keys-changed"
    ERASED = "erased"
    RECOVERED = "recovered"
    POLICE = "police"


class Advice(enum.StrEnum):
    """What people can do."""

    CALLS = "calls"
    LOOK = "look"
    ERASE = "erase"
    DOCUMENT = "document"
    COMPLAIN = "complain"


class Body(enum.StrEnum):
    """Whom the operator reports to."""

    AUTHORITY = "authority"  # 履行个人信息保护职责的部门
    POSTAL = "postal"  # 所在地邮政管理部门
    PROVINCIAL = "provincial"  # 省级网信部门（较大以上）
    POLICE = "police"  # 涉嫌犯罪


class Operator(enum.StrEnum):
    """Which hours of the measures apply."""

    ORDINARY = "ordinary"
    CRITICAL = "critical"
    STATE = "state"


NATURES: Final = {
    Nature.LEAK: Text("泄露", "leak"),
    Nature.CHANGE: Text("篡改", "change"),
    Nature.LOSS: Text("丢失", "loss"),
}
CERTAINTIES: Final = {
    Certainty.SUSPECTED: Text("可能发生", "suspected"),
    Certainty.CONFIRMED: Text("已经发生", "confirmed"),
    Certainty.UNFOUNDED: Text("查明没有发生", "found not to have happened"),
}
CAUSES: Final = {
    Cause.ACCOUNT: Text("账号或密钥被他人使用", "an account or key was used by somebody else"),
    Cause.INSIDER: Text("工作人员超出需要查看", "staff looked at more than they needed"),
    Cause.BACKUP: Text("备份或存储介质丢失", "a backup or medium was lost"),
    Cause.DEVICE: Text("终端丢失或被打开", "a device was lost or opened"),
    Cause.FLAW: Text("系统存在缺陷", "a flaw of the system"),
    Cause.PROCESSOR: Text("受托方发生事件", "an incident at a processor"),
    Cause.PAPER: Text("纸质运单或打印件流失", "waybills or printed papers went astray"),
    Cause.UNKNOWN: Text("仍在查明", "still being looked into"),
}
HARMS: Final = {
    Harm.FRAUD: Text(
        "可能接到冒充快递、客服、公检法的诈骗电话", "calls by impostors who want money"
    ),
    Harm.IMPERSONATION: Text("身份信息可能被他人冒用", "somebody may pass for you"),
    Harm.CONTACT: Text("可能收到骚扰电话、短信", "unwanted calls and messages"),
    Harm.POSITION: Text(
        "住址、收寄规律可能被他人知道", "somebody may know where you live and when you send"
    ),
    Harm.DISTRESS: Text("个人名誉受损或不安", "distress, or harm to your name"),
    Harm.UNAVAILABLE: Text("办理可能暂时不便", "service may be harder for a while"),
}
STEPS: Final = {
    Step.STOP: Text(
        "停止正在发生的外泄：停用终端、断开来源",
        "Stop what is going on: disable devices, cut sources",
    ),
    Step.SHUT_OUT: Text(
        "停用涉及的账号和接口密钥，让会话退出",
        "End the accounts and keys involved; sign sessions out",
    ),
    Step.PRESERVE: Text(
        "保全证据：另存存证的最新检查点和日志",
        "Keep the evidence: put the newest checkpoint and logs aside",
    ),
    Step.KEYS: Text("更换可能外泄的密钥", "Change keys that may have got out"),
    Step.SCOPE: Text(
        "从查看记录算出涉及谁、哪些字段", "Compute from the readings whose data and which fields"
    ),
    Step.CHECK_BACKUPS: Text(
        "确认备份完好、可以恢复", "Make sure that backups are whole and restore"
    ),
}
DO: Final = {
    Step.STOP: "liangming device revoke",
    Step.SHUT_OUT: "/staff/people/",
    Step.PRESERVE: "/log/",
    Step.KEYS: "liangming keys",
    Step.CHECK_BACKUPS: "liangming drill restore",
}
"""Where in this system a step is done."""
REMEDIES: Final = {
    Remedy.STOPPED: Text("已停止外泄", "it was stopped"),
    Remedy.ACCESS_ENDED: Text(
        "已停用涉及的账号和密钥", "the accounts and keys involved were ended"
    ),
    Remedy.KEYS_CHANGED: Text("已更换密钥", "keys were changed"),
    Remedy.ERASED: Text("已要求删除外流的副本", "copies that got out are being erased"),
    Remedy.RECOVERED: Text("已从备份恢复", "data were restored from a backup"),
    Remedy.POLICE: Text("已报案", "it was reported to the police"),
}
ADVICES: Final = {
    Advice.CALLS: Text(
        "不要相信索要验证码、转账的来电；快递理赔不需要您转账",
        "Trust no call that asks for codes or money; no parcel claim needs a transfer from you",
    ),
    Advice.LOOK: Text(
        "用回执编码在“我的信息”查看保存了什么", "See with your receipt code what is kept"
    ),
    Advice.ERASE: Text("可以随时要求删除登记", "You may ask for erasure at any time"),
    Advice.DOCUMENT: Text(
        "证件被冒用的，向公安机关挂失、报案", "If your document is misused, tell the police"
    ),
    Advice.COMPLAIN: Text(
        "可以向我们投诉，也可以向主管部门举报、向法院起诉",
        "Complain to us, report to the authority, or sue",
    ),
}
BODIES: Final = {
    Body.AUTHORITY: Text("履行个人信息保护职责的部门", "the authority for personal information"),
    Body.POSTAL: Text("所在地邮政管理部门", "the local postal administration"),
    Body.PROVINCIAL: Text("省级网信部门", "the provincial CAC"),
    Body.POLICE: Text("公安机关", "the police"),
}
OPERATORS: Final = {
    Operator.ORDINARY: Text("一般运营者", "ordinary operator"),
    Operator.CRITICAL: Text("关键信息基础设施运营者", "operator of critical infrastructure"),
    Operator.STATE: Text("中央和国家机关", "central or state organ"),
}
