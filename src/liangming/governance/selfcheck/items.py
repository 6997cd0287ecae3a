"""The items: nineteen headings for everybody, seven more for those that are not small."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

from liangming.scene.model import Text


class Answer(enum.StrEnum):
    """How an item is answered."""

    COMPLIANT = "compliant"  # 合规
    NOT_COMPLIANT = "not-compliant"  # 不合规
    NOT_APPLICABLE = "not-applicable"  # 不适用


ANSWERS: Final = {
    Answer.COMPLIANT: Text("合规", "Compliant"),
    Answer.NOT_COMPLIANT: Text("不合规", "Not compliant"),
    Answer.NOT_APPLICABLE: Text("不适用", "Not applicable"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item.

    Attributes:
        title: the heading.
        ask: our own question under it.
        article: what it rests on.
        large: only for processors that are not small.
        may_skip: whether it can be not applicable.
    """

    id: str
    title: Text
    ask: Text
    article: str
    large: bool = False
    may_skip: bool = True


def _item(  # noqa: PLR0917  (one row of a table)
    name: str, zh: str, en: str, ask_zh: str, ask_en: str, article: str, *, must: bool = False
) -> Item:
    return Item(
        id=name, title=Text(zh, en), ask=Text(ask_zh, ask_en), article=article, may_skip=not must
    )


def _large(name: str, zh: str, en: str, ask_zh: str, ask_en: str, article: str) -> Item:  # noqa: PLR0917
    return Item(id=name, title=Text(zh, en), ask=Text(ask_zh, ask_en), article=article, large=True)


ITEMS: Final[tuple[Item, ...]] = (
    _item("basis", "合法性基础", "Legal basis", "每个场景都有目的和依据，没有多要？", "Has every scene a purpose and a ground, and asks no more?", "pipl.13", must=True),
    _item("rules", "处理规则", "Rules of processing", "每种告知都由两个人批准，内容完整？", "Is every notice complete and approved by two?", "pipl.17", must=True),
    _item("channel", "行使权利的机制", "A way to one's rights", "人人都能从回执行使权利、投诉、举报？", "Can everybody use their rights, complain and report?", "pipl.50", must=True),
    _item("entrusting", "委托处理", "Entrusting", "委托处理有合同、评估和监督？", "Has entrusted processing a contract, an assessment and supervision?", "pipl.21"),
    _item("transfer", "合并分立等转移", "Transfer on merger", "转移之前告知了接收方？", "Was the recipient told before a transfer?", "pipl.22"),
    _item("providing", "向他人提供：告知", "Providing: telling", "告知了接收方、目的、方式、种类？", "Are recipient, purpose, method and kinds told?", "pipl.23"),
    _item("providing-consent", "向他人提供：单独同意", "Providing: separate consent", "取得了单独同意，或者有别的依据？", "Was separate consent given, or is there another ground?", "pipl.23"),
    _item("decisions", "自动化决策", "Automated decisions", "不予收寄的理由是封闭清单，可以要求说明？", "Are reasons to refuse a closed list, with an explanation on request?", "pipl.24", must=True),
    _item("publishing", "公开个人信息", "Publishing", "没有公开个人信息，或者有单独同意？", "Is nothing personal published, or with separate consent?", "pipl.25"),
    _item("devices", "公共场所的设备", "Devices in public places", "为公共安全所必需，有显著提示，或者有单独同意？", "Needed for public security with a sign, or with separate consent?", "pipl.26"),
    _item("public-data", "已公开的信息", "Public data", "只在合理范围内处理已公开的信息？", "Is published data processed only within reason?", "pipl.13"),
    _item("sensitive", "敏感个人信息", "Sensitive data", "刷脸有单独同意、有效评估、同样方便的其他方式？", "Has a face separate consent, a valid assessment and equal other ways?", "pipl.29"),
    _item("minors", "未成年人", "Minors", "不满十四周岁须监护人同意，或换别的方式？", "Under fourteen: a guardian's consent, or another way?", "pipl.31", must=True),
    _item("abroad", "跨境", "Abroad", "没有向境外提供，或者满足条件？", "Does nothing go abroad, or under its conditions?", "pipl.55"),
    _item("deletion", "删除", "Deletion", "过了期限的都删了？", "Is everything beyond its day erased?", "pipl.47", must=True),
    _item("rights", "个人权利", "Rights", "没有逾期的权利请求？", "Is no request late?", "pipl.44", must=True),
    _item("responding", "响应请求", "Responding", "没有逾期的投诉和举报？", "Is no complaint and no report late?", "pipl.50", must=True),
    _item("management", "内部管理", "Internal management", "培训、演练按时，人员没有到期？", "Are training and drills in time?", "pipl.51", must=True),
    _item("technical", "技术措施", "Technical measures", "恢复演练、旧备份按时处理？", "Were the restore drill and old backups seen to in time?", "pipl.51", must=True),
    _large("officer", "负责人", "Officer", "指定了个人信息保护负责人，报送了信息？", "Is an officer named and reported?", "auditing.12"),
    _large("auditing", "审计频次", "How often", "按规定的间隔审计（超过一千万人至少每两年）？", "Audited as often as required (above ten million persons every second year)?", "auditing.4"),
    _large("rotation", "审计机构轮换", "Rotation", "同一机构或负责人没有连续审计超过三次？", "Not more than three audits in a row by the same firm or lead?", "auditing.rotation"),
    _large("assessment", "影响评估", "Impact assessment", "该评估的都评估了，报告保存三年？", "Was everything assessed that must be, and is it kept three years?", "pipl.55"),
    _large("incident", "安全事件", "Incidents", "有预案，有流程，事件都通知和报告了？", "Are there plan and course, and was every incident told and reported?", "pipl.57"),
    _large("filing", "人脸备案", "Face filing", "存储的人脸达到十万的，备了案？", "Filed where a hundred thousand faces are stored?", "face.15"),
    _large("watch", "每日审计", "Daily audit", "突出的网点都查明了原因？", "Was every place that stands out looked into?", "pipl.54"),
)  # fmt: skip


def items_for(*, small: bool) -> tuple[Item, ...]:
    """The items that a processor answers."""
    return tuple(item for item in ITEMS if not (small and item.large))
