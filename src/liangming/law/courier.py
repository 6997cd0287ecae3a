"""快递暂行条例, as in force from 2025-06-01: check, register, keep off the waybill, refuse or accept.

Numbers of the earlier text stand in ``courier2019``, which takes its wording from here.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law.drafting import Sheet
from liangming.law.sender_duty import duty
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

RENUMBERED: Final = date(2025, 6, 1)

INSTRUMENT: Final = Instrument(
    id="courier",
    zh="快递暂行条例",
    en="Interim Regulation on Express Delivery",
    number="国务院令第697号",
    rank=Rank.REGULATION,
    address="",
    force=Span(RENUMBERED),
    note_zh="2019年3月2日、2025年4月13日（国务院令第806号）修订；自2025年6月1日起条号后移。",
    note_en="Revised 2019-03-02 and 2025-04-13 (Order 806); renumbered from 2025-06-01.",
)

_article = Sheet(INSTRUMENT, Grade.A)

ARTICLES: Final[tuple[Article, ...]] = (
    _article(
        "7",
        "邮政管理、公安、国家安全、海关等部门就快递安全信息收集、共享。",
        "Postal administration, police, state security and customs share information on safe running.",
        Held.OUT,
        why=("政府部门之间的职责。", "A task between authorities."),
    ),
    _article(
        "20",
        "使用同一商标、字号、快递运单的企业签订书面协议，对服务质量、安全保障、业务流程等统一管理。",
        "Firms under one brand or waybill have a written agreement and manage quality, safety and process as one.",
        Held.SCENE,
        why=(
            "同一企业各渠道要求不同而没有书面理由的场景不能上线。",
            "A scene whose channel demands something else without a written reason does not go live.",
        ),
    ),
    _article(
        "22",
        "寄件人填写运单前，提醒其阅读服务合同条款、禁限寄规定和保价规则。",
        "Before the waybill is filled in, remind the sender of contract terms, prohibited items and insurance.",
        Held.OUT,
        why=("合同提示，不涉及身份查验。", "A reminder about the contract, not about identity."),
    ),
    _article(
        "23",
        "寄件人如实提供双方姓名、地址、电话和物品名称、性质、数量。除信件和已签订安全协议用户交寄的快件外，企业收寄时查验寄件人身份并登记身份信息，但不得在运单上记录姓名（名称）、地址、电话以外的用户身份信息。拒绝提供身份信息或者提供不实的，不得收寄。",
        "The sender truthfully gives both sides' names, addresses, phones and what is sent. Except for letters and users with a signed safety agreement, the firm checks and registers the sender's identity, and must not put on the waybill any identity data but name, address and phone. If identity is refused or untrue, it must not accept.",
        Held.CHECK,
        Held.CONSTRUCTION,
        rules=duty("courier.23", fine="courier.53", also=("counterterror.20", "realname.3")),
        why=(
            "运单内容的类型里没有证件号码这一栏。",
            "A label has no place for a document number.",
        ),
    ),
    _article(
        "29",
        "寄递全过程实行信息化管理；投诉自接到之日起七日内处理并告知用户。",
        "The whole process runs on an information system; complaints are handled and answered within seven days.",
        Held.CLOCK,
        values=("courier_complaint_days",),
    ),
    _article(
        "32",
        "收寄时当面验视内件并作出标识，拒绝验视的不予收寄；长期、批量交寄的，签订安全协议，明确双方的安全保障义务。",
        "Contents are inspected and marked; who refuses is turned away. Long-term bulk senders sign a safety agreement.",
        Held.CHECK,
        why=(
            "安全协议是协议用户免于逐件查验的前提；验视内件不在本系统之内。",
            "The agreement is what the exemption rests on; inspecting contents lies outside.",
        ),
    ),
    _article(
        "34",
        "发现禁止寄递物品的不予收寄；已经收寄的，停止转发投递并报告。",
        "Prohibited items are turned away; if already accepted, stop and report.",
        Held.OUT,
        why=("物品安全，不涉及身份查验。", "Safety of items, not identity."),
    ),
    _article(
        "35",
        "建立快递运单和电子数据管理制度，妥善保管用户信息，定期销毁运单，采取有效技术手段；不得出售、泄露、非法提供。发生或者可能发生泄露的，立即补救并向所在地邮政管理部门报告。",
        "A system for waybills and electronic data; user data kept well, waybills destroyed regularly, effective technical means; no selling, leaking or unlawful giving. After an actual or possible leak: remedy at once and report to the local postal administration.",
        Held.CONSTRUCTION,
        Held.CLOCK,
        why=(
            "条文没有写明销毁周期；亮明按场景写明的保存期销毁密钥，并为泄露事件计时。",
            "No period is given; Liangming shreds keys when the stated retention ends and keeps the clock of a leak.",
        ),
    ),
    _article(
        "46",
        "邮政管理部门监督检查，可以现场查阅、复制企业的有关资料和电子数据；企业依法为公安机关、国家安全机关提供技术支持和协助。",
        "The postal administration inspects and may read the firm's documents and electronic data on site; the firm lawfully gives technical support to police and state security.",
        Held.DUTY,
        number="第四十六条至第四十八条",
        why=(
            "检查有授权、范围和密封材料包；调取逐案按目的开封并留痕。",
            "An inspection has a mandate, a scope and a sealed packet; each lawful demand opens the seal for that purpose alone.",
        ),
    ),
    _article(
        "51",
        "同一品牌未按规定统一管理的，责令改正并处罚款；情节严重的加重，并可责令停业整顿。",
        "Not managing a common brand as one: order to correct and a fine; more, and suspension, in serious cases.",
        Held.SCENE,
        why=("见第二十条。", "See article 20."),
        values=(
            "fine_courier_low_yuan",
            "fine_courier_high_yuan",
            "fine_courier_serious_high_yuan",
        ),
    ),
    _article(
        "53",
        "不查验、不登记寄件人身份，或者发现身份信息不实仍予收寄的，依照邮政法、反恐怖主义法处罚。",
        "No check, no register, or accepting although identity data are found untrue: punished under the postal and counter-terrorism laws.",
        Held.CHECK,
        why=("发现不实即不得收寄。", "What is found untrue is not accepted."),
    ),
    _article(
        "54",
        "没有运单和电子数据管理制度、不定期销毁运单、出售泄露用户信息、泄露后不补救不报告的，责令改正，没收违法所得并处罚款；情节严重的加重，可停业整顿直至吊销许可证。",
        "No waybill and data system, no regular destruction, selling or leaking, no remedy or report after a leak: correction, confiscation, fine; in serious cases more, up to loss of the licence.",
        Held.CLOCK,
        why=("见第三十五条。", "See article 35."),
        values=(
            "fine_courier_low_yuan",
            "fine_courier_high_yuan",
            "fine_courier_serious_high_yuan",
        ),
    ),
)
