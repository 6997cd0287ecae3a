"""How a check ended, in words: for the receipt and for the clerk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from liangming.check.states import (
    Abandoned,
    Passed,
    Refused,
    State,
    Undetermined,
)
from liangming.law.words import RefusalReason
from liangming.scene import FIELDS, Text


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome as shown: a word, a shape beside the colour, a reason, the next step."""

    shape: str  # passed, refused, open
    word: Text
    reason: Text
    next: Text


GROUNDS: Final = {
    "statutory-duty": Text("法定义务", "statutory duty"),
    "separate-consent": Text("您的单独同意", "your separate consent"),
    "contract": Text("履行合同所必需", "needed for the contract"),
    "no-personal-data": Text("不处理个人信息", "no personal data"),
}
DEMANDS: Final = {
    "show": {
        "document": Text("出示有效身份证件", "Show a valid identity document"),
        "organisation-documents": Text(
            "出示单位证照和负责人证件",
            "Show the organisation's code and its representative's document",
        ),
        "nothing": Text("不用出示身份证件", "No identity document needed"),
    },
    "check": {
        "compare": Text("当场核对证件与运单", "Document and waybill compared on the spot"),
        "nothing": Text("不核验身份", "Identity not checked"),
    },
    "register": {
        "collect": Text("登记证件类型和号码", "Document type and number registered"),
        "keep": Text("沿用已有登记，不再采集", "Earlier registration kept, nothing collected"),
        "nothing": Text("不登记身份", "Identity not registered"),
    },
}
REASONS: Final = {
    RefusalReason.NO_DOCUMENT: Text("没有出示有效身份证件", "No valid document was shown"),
    RefusalReason.MISMATCH: Text("证件与运单不一致", "Document and waybill do not agree"),
    RefusalReason.UNTRUE: Text("发现身份信息不实", "The identity data are not true"),
    RefusalReason.INVALID_DOCUMENT: Text(
        "证件已过期或不在可用范围", "The document has expired or is not one of those accepted"
    ),
    RefusalReason.NO_ENTITLEMENT: Text(
        "没有有效的取件码、票证或付款", "No valid pick-up code, ticket or payment"
    ),
    RefusalReason.NO_GUARDIAN: Text(
        "需要监护人在场或同意", "A guardian's presence or consent is needed"
    ),
}
NEXT: Final = {
    RefusalReason.NO_DOCUMENT: Text(
        "带上任何一种有效证件，随时可以再来。", "Come back any time with any valid document."
    ),
    RefusalReason.MISMATCH: Text(
        "改正运单上的寄件人，或由证件本人交寄，就可以重新办理。",
        "Correct the sender on the waybill, or let the holder of the document send it.",
    ),
    RefusalReason.UNTRUE: Text(
        "请带上本人的有效证件重新办理。", "Please come back with your own valid document."
    ),
    RefusalReason.INVALID_DOCUMENT: Text(
        "换一种有效证件，就可以重新办理。", "Use another valid document and try again."
    ),
    RefusalReason.NO_ENTITLEMENT: Text(
        "请查看取件通知或订单，或请工作人员协助。",
        "Please look at your message or order, or ask the staff.",
    ),
    RefusalReason.NO_GUARDIAN: Text(
        "请监护人同来，或改用不刷脸的方式。", "Come with a guardian, or use a way without a face."
    ),
}
_NOTHING_LEFT = Text(
    "没有收集任何信息。需要时重新开始即可。",
    "Nothing was collected. Start again whenever you like.",
)


def outcome(state: State) -> Outcome:
    """What to say of a state."""
    match state:
        case Passed(register="kept"):
            return Outcome(
                "passed",
                Text("通过", "Passed"),
                Text(
                    "已登记：看证件，不再采集",
                    "Registered before: document seen, nothing collected",
                ),
                Text("可以收寄。", "The parcel can be accepted."),
            )
        case Passed():
            sends = state.about.kind.sends
            return Outcome(
                "passed",
                Text("通过", "Passed"),
                Text("核验一致", "Everything agrees"),
                Text("可以收寄。", "The parcel can be accepted.")
                if sends
                else Text("请继续。", "Please go on."),
            )
        case Refused(reason=reason):
            sends = state.about.kind.sends
            word = Text("不予收寄", "Cannot be accepted") if sends else Text("未通过", "Not passed")
            return Outcome("refused", word, REASONS[reason], NEXT[reason])
        case Undetermined(why=why):
            return Outcome("open", Text("无法判定", "Undetermined"), _why(why), _OPEN_NEXT)
        case Abandoned():
            left = Text("本次没有继续办理", "It was not continued")
            return Outcome("open", Text("已结束", "Ended"), left, _NOTHING_LEFT)
        case _:
            late = Text("时间已过", "Time ran out")
            return Outcome("open", Text("已超时", "Expired"), late, _NOTHING_LEFT)


_OPEN_NEXT = Text(
    "这不是拒绝。请用其他任何一种方式继续。", "This is not a refusal. Go on with any other way."
)


def _why(why: str) -> Text:
    if why == "source-down":
        return Text("核验来源暂时没有回应", "The confirming source does not answer just now")
    if why == "face-no-match":
        return Text("本机比对没有结果", "The comparison on the device gave no result")
    return Text("现有情况还不能得出结论", "What was shown does not settle it yet")


def demanded(state: State) -> list[Text]:
    """What was asked of the person, in reading order."""
    asked = []
    for slot, words in DEMANDS.items():
        value = state.about.demands.get(slot)
        if slot == "register" and isinstance(state, Passed):
            value = {"collected": "collect", "kept": "keep"}.get(state.register, "nothing")
        if value in words:
            asked.append(words[value])
    return asked


def kept_words(state: State) -> Text:
    """What is kept of this check."""
    if isinstance(state, Passed) and state.register == "collected":
        words = [FIELDS[field] for field in state.fields]
        return Text(
            "、".join(word.zh for word in words) + "，加密保存",
            ", ".join(word.en for word in words).capitalize() + ", sealed",
        )
    if isinstance(state, Passed) and state.register == "kept":
        return Text("沿用以前的登记，本次没有新增", "The earlier registration; nothing was added")
    return Text("没有保存您的身份信息", "Nothing about your identity is kept")
