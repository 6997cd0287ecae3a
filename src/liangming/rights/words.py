"""The closed lists of this room: what may be asked, by whom, what can come of it, why not."""

from __future__ import annotations

import enum
from typing import Final

from liangming.law.words import SceneKind
from liangming.scene.model import Text


class Right(enum.StrEnum):
    """What a person may ask (权利), in the order in which pages show it."""

    SEE = "see"  # 查阅
    COPY = "copy"  # 复制
    CORRECT = "correct"  # 更正
    ERASE = "erase"  # 删除
    RESTRICT = "restrict"  # 限制
    WITHDRAW = "withdraw"  # 撤回同意
    EXPLAIN = "explain"  # 解释说明
    COMPLAIN = "complain"  # 投诉


class Requester(enum.StrEnum):
    """Who asks."""

    SELF = "self"  # 本人
    GUARDIAN = "guardian"  # 监护人
    HEIR = "heir"  # 近亲属（本人已去世）
    AUTHORISED = "authorised"  # 受委托人


class Result(enum.StrEnum):
    """How a request was answered."""

    SHOWN = "shown"
    COPIED = "copied"
    CORRECTED = "corrected"
    ERASED = "erased"
    STORED_ONLY = "stored-only"  # a hold keeps it: stored and protected, nothing else
    RESTRICTED = "restricted"
    WITHDRAWN = "withdrawn"
    EXPLAINED = "explained"
    NOTHING_HELD = "nothing-held"
    UPHELD = "upheld"  # the complaint was right
    NOT_UPHELD = "not-upheld"


class No(enum.StrEnum):
    """Why a request is refused; each names its article, each is told in writing."""

    NOT_PROVEN = "not-proven"  # 不能确认是本人
    NO_AUTHORITY = "no-authority"  # 不能确认代理或亲属关系
    ACCURATE = "accurate"  # 核实后信息准确
    OTHER_NUMBER = "other-number"  # 号码不同即为另一人的登记
    SECRECY = "secrecy"  # 法律、行政法规规定应当保密


class HoldReason(enum.StrEnum):
    """Why a record is kept beyond its day, or against a wish to erase it."""

    INSPECTION = "inspection"  # 监督检查尚未结束
    INVESTIGATION = "investigation"  # 公安、国家安全机关依法调查
    DISPUTE = "dispute"  # 投诉、诉讼尚未结束


NAMES: Final = {
    Right.SEE: Text("查阅我的信息", "See my information"),
    Right.COPY: Text("复制我的信息", "Take a copy"),
    Right.CORRECT: Text("更正", "Correct it"),
    Right.ERASE: Text("删除", "Erase it"),
    Right.RESTRICT: Text("限制处理", "Restrict its use"),
    Right.WITHDRAW: Text("撤回刷脸同意", "Withdraw consent to the face"),
    Right.EXPLAIN: Text("解释这次决定", "Explain this decision"),
    Right.COMPLAIN: Text("投诉", "Complain"),
}
RESULTS: Final = {
    Result.SHOWN: Text("已向您展示", "It was shown to you"),
    Result.COPIED: Text("副本已交给您", "A copy was handed to you"),
    Result.CORRECTED: Text("已更正", "It was corrected"),
    Result.ERASED: Text("已删除，密钥已销毁", "It was erased and its key destroyed"),
    Result.STORED_ONLY: Text(
        "依法还须保存：现在只存储、只保护，不作其他使用",
        "The law still keeps it: it is stored and protected, and used for nothing else",
    ),
    Result.RESTRICTED: Text(
        "已限制：除法定用途和您本人的请求外，不再使用",
        "Restricted: used for nothing but statutory ends and your own requests",
    ),
    Result.WITHDRAWN: Text(
        "已撤回，此前的处理仍然有效", "Withdrawn; what was done before stays valid"
    ),
    Result.EXPLAINED: Text("已说明", "It was explained"),
    Result.NOTHING_HELD: Text("没有保存您的身份信息", "Nothing about your identity is kept"),
    Result.UPHELD: Text("投诉成立，已经改正", "Your complaint was right; it has been put right"),
    Result.NOT_UPHELD: Text("经核实，投诉不成立", "Looked into; the complaint was not upheld"),
}
REASONS: Final = {
    No.NOT_PROVEN: Text(
        "不能确认是登记的本人，所以不能提供",
        "It could not be confirmed that you are the person registered",
    ),
    No.NO_AUTHORITY: Text(
        "没有看到能证明监护、亲属或委托关系的材料",
        "Nothing was shown that proves guardianship, kinship or authority",
    ),
    No.ACCURATE: Text(
        "核实之后，登记的信息是准确的", "Looked into; what is registered is accurate"
    ),
    No.OTHER_NUMBER: Text(
        "证件号码不能改成另一个：请删除原登记，再凭正确的证件重新登记",
        "A document number cannot become another one: erase this registration and register anew",
    ),
    No.SECRECY: Text(
        "法律、行政法规规定应当保密，不能提供", "Laws or regulations require secrecy here"
    ),
}
NO_ARTICLES: Final = {
    No.NOT_PROVEN: ("pipl.50",),
    No.NO_AUTHORITY: ("pipl.50",),
    No.ACCURATE: ("pipl.46",),
    No.OTHER_NUMBER: ("pipl.46", "pipl.47"),
    No.SECRECY: ("pipl.45",),
}
ARTICLES: Final = {
    Right.SEE: ("pipl.45",),
    Right.COPY: ("pipl.45",),
    Right.CORRECT: ("pipl.46",),
    Right.ERASE: ("pipl.47",),
    Right.RESTRICT: ("pipl.44",),
    Right.WITHDRAW: ("pipl.15",),
    Right.EXPLAIN: ("pipl.48",),
    Right.COMPLAIN: ("pipl.50", "netdata.20"),
}

ABOUT_REGISTER: Final = frozenset(
    {Right.SEE, Right.COPY, Right.CORRECT, Right.ERASE, Right.RESTRICT}
)
"""Rights about registered data: the registered document must be shown as well as the receipt."""
BY_HAND: Final = frozenset({Right.CORRECT, Right.COMPLAIN})
"""Rights that somebody has to look into; all others are answered at once."""
WITH_WORDS: Final = BY_HAND


def clock_of(right: Right, kind: SceneKind) -> str:
    """The dated value that limits an answer.

    A complaint at a courier's has seven days; correcting, erasing and other complaints fifteen
    working days; what is left the thirty days of the recommended standard, which is not law.

    Law: courier.29, app191.6, gbt35273.8.7
    """
    if right is Right.COMPLAIN and (kind.sends or kind.collects):
        return "courier_complaint_days"
    if right in {Right.COMPLAIN, Right.CORRECT, Right.ERASE}:
        return "request_working_days"
    return "answer_days"
