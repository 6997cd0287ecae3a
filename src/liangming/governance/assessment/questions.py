"""What an assessment of a face must answer, in order, each with its article.

Order 19 art. 9 has four points and covers the three of PIPL 56. The words are ours. *must*: a plain
no cannot be approved. What the scene itself already answers is filled in from it, for the author to
confirm or correct.

Law: face.9, pipl.55, pipl.56, face.4, face.8, face.10, face.14; small.assessment-table
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

from liangming.scene.model import Text


class Part(enum.StrEnum):
    """The four points, and the conclusion."""

    PURPOSE = "purpose"  # 目的、方式是否合法、正当、必要
    IMPACT = "impact"  # 对个人权益的影响，降低影响的措施是否有效
    RISK = "risk"  # 泄露、篡改、丢失、毁损、非法获取、出售、使用的风险和危害
    MEASURES = "measures"  # 措施是否合法、有效、与风险相适应


class Choice(enum.StrEnum):
    """How a question is answered."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        id: stable; answers are kept under it.
        must: a no cannot be approved.
        short: stands in the short table for small processors too.
    """

    id: str
    part: Part
    text: Text
    article: str
    must: bool = False
    short: bool = True


def _q(
    name: str, part: Part, article: str, zh: str, en: str, *, must: bool = False, short: bool = True
) -> Question:
    return Question(name, part, Text(zh, en), article, must, short)


_P, _I, _R, _M = Part
QUESTIONS: Final = {
    question.id: question
    for question in (
        _q("purpose-specific", _P, "face.4", "目的是否特定、明确，并已写进场景和告知？", "Is the purpose specific, and written in scene and notice?", must=True),
        _q("necessary", _P, "face.4", "不用人脸就达不到同样的效果吗？为什么有充分的必要性？", "Can the purpose not be reached as well without a face? Why is it sufficiently necessary?", must=True),
        _q("lawful", _P, "pipl.29", "每个人是否都先得到单独告知，并就此目的、此终端给予单独同意？", "Is each person told separately first, and asked for separate consent for this purpose and device?", must=True),
        _q("alternatives", _P, "face.10", "其他方式是否一样近在手边：同样的等待、价格和手续，不需要智能手机？", "Are other ways as near at hand: same wait, price and effort, without a smartphone?", must=True),
        _q("least", _P, "face.4", "是否采取了对个人权益影响最小的方式（设备内一对一比对，不留画面）？", "Is it the way of least impact (one to one inside the device, no picture kept)?", must=True),
        _q("no-pressure", _P, "face.12", "有没有奖励、排队优先、话术等引人刷脸的做法？没有请答“是”。", "Is nobody drawn to the face by rewards, queues or words? Yes if nobody is.", must=True),
        _q("declining", _I, "pipl.16", "拒绝或撤回以后，服务、价格、等待是否完全不变，也不再问？", "After a no or a withdrawal, do service, price and wait stay the same, and is it not asked again?", must=True),
        _q("children", _I, "pipl.31", "不满十四周岁的人是否只在监护人同意后刷脸，并有专门的规则？", "Do children under 14 use it only with a guardian's consent and rules of their own?", must=True),
        _q("bystanders", _I, "netdata.24", "旁人不慎入镜的画面是否立即覆写？", "Are pictures of bystanders overwritten at once?", short=False),
        _q("mitigation", _I, "face.9", "降低影响的措施是否有效？依据是什么？", "Are the measures that lessen the impact effective? What shows it?"),
        _q("leak", _R, "face.9", "泄露、非法获取、出售：可能怎样发生，会有什么危害，怎样防住？", "Leak, unlawful acquiring, selling: how could it happen, what harm, what prevents it?"),
        _q("change", _R, "face.9", "篡改、非法使用：可能怎样发生，会有什么危害，怎样防住？", "Change, unlawful use: how could it happen, what harm, what prevents it?"),
        _q("loss", _R, "face.9", "丢失、毁损：可能怎样发生，会有什么危害，怎样防住？", "Loss, damage: how could it happen, what harm, what prevents it?"),
        _q("attack", _R, "face.14", "用照片、翻拍、面具冒充能不能打开？用什么数据说明？", "Do photos, replays or masks open anything? Which figures show it?"),
        _q("on-device", _M, "face.8", "人脸信息是否只存在终端内，不经互联网传出？", "Does the face stay in the device and never leave over the internet?", must=True),
        _q("shortest", _M, "face.8", "保存期是否为实现目的所必需的最短时间，到期怎样删除？", "Is it kept for the shortest necessary time, and how is it deleted then?", must=True),
        _q("controls", _M, "face.14", "加密、安全审计、访问控制、授权管理、入侵检测和防御是否都有？", "Are encryption, audit, access control, authorisation, intrusion detection and defence there?", must=True),
        _q("entrusted", _M, "pipl.21", "受托方、接收方是否都有合同、监督和清单？没有受托方请答“是”。", "Have all processors and recipients a contract, supervision and a place on the list? Yes if there are none."),
        _q("people", _M, "pipl.51", "经办人员是否受过培训、只有必要的权限？", "Are staff trained, with no more access than they need?", short=False),
        _q("emergency", _M, "pipl.57", "有没有事件预案并演练过？", "Is there a plan for incidents, and was it rehearsed?", short=False),
        _q("fitting", _M, "face.9", "总的看，措施是否合法、有效，并与风险相适应？", "All in all, are the measures lawful, effective and fitting to the risk?", must=True),
    )
}  # fmt: skip
"""By id, in the order in which they are asked."""

DIMENSIONS: Final = {
    "autonomy": Text("影响个人自主决定权", "Freedom to decide"),
    "unequal": Text("引发差别性待遇", "Unequal treatment"),
    "reputation": Text("个人名誉受损、精神压力", "Reputation and distress"),
    "property": Text("个人财产受损", "Property"),
}
"""The four dimensions of impact of GB/T 39335."""

FACTORS: Final = {
    "technical": Text("网络环境和技术措施", "Network and technical measures"),
    "process": Text("处理流程规范性", "Regularity of the process"),
    "people": Text("参与人员和第三方", "People and third parties"),
    "business": Text("业务特点、规模和安全态势", "Business, scale and threats"),
}
"""The four groups of factors of likelihood."""

PARTS: Final = {
    Part.PURPOSE: Text("一、目的和方式是否合法、正当、必要", "1. Lawful, legitimate and necessary"),
    Part.IMPACT: Text("二、对个人权益的影响和降低措施", "2. Impact on people, and what lessens it"),
    Part.RISK: Text("三、安全风险和可能的危害", "3. Risks and possible harm"),
    Part.MEASURES: Text("四、保护措施是否相适应", "4. Measures, and whether they fit"),
}
CHOICES: Final = {
    Choice.YES: Text("是", "Yes"),
    Choice.PARTLY: Text("部分", "Partly"),
    Choice.NO: Text("否", "No"),
}
HIGH_RISK_KINDS: Final = frozenset({"entrance.sports", "entrance.hotel", "vending.payment"})
"""Kinds that the standard's examples name: biometric entry at gyms and hotels, payment by face."""
