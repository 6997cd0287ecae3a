"""Minors: 未成年人网络保护条例 and 儿童个人信息网络保护规定. All articles here were read (A)."""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law.drafting import Sheet
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

MINORS: Final = Instrument(
    id="minors",
    zh="未成年人网络保护条例",
    en="Regulation on the Protection of Minors in Cyberspace",
    number="",
    rank=Rank.REGULATION,
    address="",
    force=Span(date(2024, 1, 1)),
)
CHILDREN: Final = Instrument(
    id="children",
    zh="儿童个人信息网络保护规定",
    en="Provisions on Online Protection of Children's Personal Information",
    number="",
    rank=Rank.RULE,
    address="",
    force=Span(date(2019, 10, 1)),
)
_minors = Sheet(MINORS, Grade.A)
_children = Sheet(CHILDREN, Grade.A)
_SEALED = (
    "字段密封，开启须写明目的并留痕。",
    "Fields are sealed; opening needs a purpose and leaves an event.",
)

INSTRUMENTS: Final[tuple[tuple[Instrument, tuple[Article, ...]], ...]] = (
    (
        MINORS,
        (
            _minors("32", "不得强制未成年人或者监护人同意非必要的处理，不得因此拒绝基本功能。", "No forcing minors or guardians to unnecessary processing; no refusal of basic functions for it.", Held.CONSTRUCTION, why=("拒绝刷脸不改变结果，对所有人一样。", "Declining the face changes no outcome, for anyone.")),
            _minors("34", "权利请求便捷受理；拒绝的书面说明理由。", "Rights are easy to use; refusals are in writing with reasons.", Held.CLOCK, why=("拒绝须选理由并成文。", "A refusal has its reason in writing.")),
            _minors("35", "发生事件的启动预案、补救、报告，并告知未成年人和监护人。", "Incidents: plan, remedy, report; minors and guardians are told.", Held.CLOCK, why=("通知名单含监护人。", "The list of those to tell includes guardians.")),
            _minors("36", "最小授权；工作人员访问须审批并记录。", "Least privilege; staff access needs approval and a record.", Held.CONSTRUCTION, why=_SEALED),
            _minors("37", "每年审计一次对未成年人信息的处理并报告。", "Processing of minors' data is audited and reported every year.", Held.CLOCK, why=("不论规模，每年一次；亮明计时。", "Yearly whatever the size; Liangming keeps the clock.")),
            _minors("56", "违反第三十六条等的罚款等。", "Fines for breach of article 36 and others.", Held.OUT, why=("罚则。", "Penalties.")),
        ),
    ),
    (
        CHILDREN,
        (
            _children("2", "儿童是不满十四周岁的未成年人。", "A child is a minor under 14.", Held.CHECK, why=("年龄界限作为带日期的数值。", "The age is a dated value."), values=("child_age",)),
            _children("8", "设专门的儿童规则和用户协议，指定专人负责。", "Own rules and user agreement for children, and a person in charge.", Held.CLOCK, why=("规则文件和负责人由企业登记。", "The operator files rules and person.")),
            _children("9", "以显著方式告知监护人并征得同意。", "Guardians are told prominently and consent.", Held.CHECK, why=("规则写在个人信息保护法第三十一条下并引本条。", "The rule stands under PIPL 31 and cites this article.")),
            _children("10", "同时提供拒绝选项，告知目的方式范围、存储地点期限和到期处理、安全措施、拒绝的后果、投诉渠道、更正删除途径等；实质变化的再次征得同意。", "A refuse option is given, and seven items: purpose, method, scope; place, term and after; security; consequence of refusing; complaints; correction and deletion; others. Material change needs consent anew.", Held.CONSTRUCTION, why=("监护人告知含拒绝的后果一项：没有后果。", "The guardian's notice says the consequence of refusing: none.")),
            _children("13", "加密等措施存储。", "Stored with encryption and other measures.", Held.CONSTRUCTION, why=_SEALED),
            _children("15", "工作人员访问须审批、记录，防止违规复制下载。", "Staff access is approved and recorded; copying and download are blocked.", Held.CONSTRUCTION, why=_SEALED),
            _children("16", "委托前安全评估，不得转委托。", "Assessment before entrusting; no sub-entrusting.", Held.CLOCK, why=("由企业订立，亮明记录。", "The operator's contract; Liangming keeps it.")),
            _children("17", "转移前安全评估。", "Assessment before transfer.", Held.CLOCK, why=("由企业评估，亮明记录。", "The operator assesses; Liangming keeps it.")),
            _children("20", "应请求及时删除。", "Deleted in time on request.", Held.CLOCK, why=("请求带着期限排队。", "A request carries its date.")),
            _children("21", "事件预案、报告并告知儿童和监护人。", "Incidents: plan, report, tell child and guardian.", Held.CLOCK, why=("通知带模板和期限。", "Notices carry templates and dates.")),
            _children("23", "停止运营的立即停止收集、删除并告知监护人。", "On closing: stop, delete, tell guardians.", Held.CLOCK, why=("销毁全部密钥即删除。", "Shredding all keys deletes.")),
        ),
    ),
)  # fmt: skip
