"""What can go wrong with an incident, and what it leaves in the log. Numbers and codes only."""

from __future__ import annotations

from typing import Final

from liangming.errors import Kind, declare
from liangming.governance.sending import SENT_FACTS
from liangming.ledger import declare_event

FOUND: Final = declare_event(
    "governance:incident:found",
    facts=("nature", "drill", "actor", "found"),
    zh="发现或怀疑发生了个人信息安全事件，或开始了一次演练。",
    en="An incident with personal data was found or suspected, or a drill was begun.",
)
DESCRIBED: Final = declare_event(
    "governance:incident:described",
    facts=("certainty", "serious", "causes", "harms", "remedies", "actor", "shut"),
    zh="对事件作了说明；严重的同时停了刷脸。",
    en="An incident was described; a serious one shut the faces with it.",
)
STEPPED: Final = declare_event(
    "governance:incident:stepped",
    facts=("step", "reference", "actor"),
    zh="完成了一项立即处置。",
    en="One of the immediate steps was done.",
)
SCOPED: Final = declare_event(
    "governance:incident:scoped",
    facts=("basis", "persons", "gone", "readings", "fields", "level", "actor"),
    zh="从记录算出了涉及的人数和字段。",
    en="Persons and fields were counted from the records.",
)
TOLD: Final = declare_event(
    "governance:incident:told",
    facts=("persons", "gone", "spared", "actor"),
    zh="通知了个人，或依法不通知。",
    en="People were told, or lawfully spared.",
)
REPORTED: Final = declare_event(
    "governance:incident:reported",
    facts=("body", *SENT_FACTS, "late", "actor"),
    zh="向主管部门报告了事件。",
    en="The incident was reported to an authority.",
)
NOTIFIED: Final = declare_event(
    "governance:incident:notified",
    facts=(*SENT_FACTS, "actor"),
    zh="另外用别的方式通知了个人。",
    en="People were also told by another way.",
)
HANDLED: Final = declare_event(
    "governance:incident:handled",
    facts=("actor",),
    zh="事件处置结束。",
    en="Handling of the incident ended.",
)
SUMMARISED: Final = declare_event(
    "governance:incident:summarised",
    facts=(*SENT_FACTS, "late", "actor"),
    zh="提交了总结报告。",
    en="The summary was handed in.",
)
UNFOUNDED: Final = declare_event(
    "governance:incident:unfounded",
    facts=("actor",),
    zh="查明没有发生事件。",
    en="It was found that nothing had happened.",
)
ACCOUNT_WRITTEN: Final = declare_event(
    "governance:incident:account-written",
    facts=("actor",),
    zh="写下了事件经过，密封保存。",
    en="An account of the incident was written and sealed.",
)
PACKAGED: Final = declare_event(
    "governance:incident:packaged",
    facts=("actor", "account"),
    zh="打印了事件材料。",
    en="The papers of the incident were printed.",
)
LISTED: Final = declare_event(
    "governance:incident:listed",
    facts=("actor", "persons"),
    zh="导出了应通知的人的名单，只有回执编码。",
    en="The list of persons to tell was taken out: receipt codes only.",
)

UNKNOWN: Final = declare(
    "governance.incident-unknown",
    Kind.ABSENT,
    zh="没有这个事件。",
    en="There is no such incident.",
)
ENDED: Final = declare(
    "governance.incident-ended",
    Kind.OUT_OF_ORDER,
    zh="这个事件已经处置结束，或查明没有发生。",
    en="This incident was handled already, or found not to have happened.",
)
UNFIT: Final = declare(
    "governance.incident-unfit",
    Kind.INVALID,
    zh="内容不对：从列表里选；时间不晚于现在，止于不早于起；编号字母开头，不写姓名和号码。",
    en="This does not fit: choose from the lists; times not in the future, an end not before its"
    " beginning; references begin with a letter and hold no names or numbers.",
)
SCOPE_FIRST: Final = declare(
    "governance.incident-scope-first",
    Kind.OUT_OF_ORDER,
    zh="先算出涉及谁、哪些字段，并说明原因、危害和措施，再通知。",
    en="Count whose data and which fields, and state cause, harm and measures; then tell people.",
)
TOLD_BEFORE: Final = declare(
    "governance.incident-told-before",
    Kind.OUT_OF_ORDER,
    zh="已经通知过；人数有变化的，请另建一个事件。",
    en="People were told before; where more are affected, please enter another incident.",
)
UNFINISHED: Final = declare(
    "governance.incident-unfinished",
    Kind.OUT_OF_ORDER,
    zh="还不能结束：立即处置、范围、通知个人、报告主管部门都做完以后才能结束。",
    en="It cannot be ended yet: immediate steps, scope, telling people and reporting come first.",
)
