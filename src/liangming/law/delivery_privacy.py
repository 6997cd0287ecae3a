"""寄递服务用户个人信息安全管理规定, as known from the text of 2014.

A revision of 2023 is spoken of, but its text was not found; it stands here as open. The binding
basis for the same controls is found in ``courier``, ``express`` and ``pipl``.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law.drafting import Sheet
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

INSTRUMENT: Final = Instrument(
    id="delivery-privacy",
    zh="寄递服务用户个人信息安全管理规定",
    en="Provisions on the Security of Delivery Users' Personal Information",
    number="",
    rank=Rank.NORMATIVE,
    address="",
    force=Span(date(2014, 3, 26)),
    note_zh="所知为2014年文本，可能已被2023年修订取代；修订文本未找到。",
    note_en="Known from the text of 2014, perhaps superseded by a revision of 2023 that was not found.",
)

_article = Sheet(INSTRUMENT, Grade.B)
_UNNUMBERED: Final = ("条号未核实，因此不写条号。", "The number is not verified and is not given.")

ARTICLES: Final[tuple[Article, ...]] = (
    _article(
        "1",
        "适用于境内经营、使用寄递服务中涉及用户个人信息安全的活动。",
        "Applies to running or using delivery services where users' personal information is involved.",
        Held.SCENE,
        number="第一条、第二条",
        why=("寄件和取件场景。", "Scenes of sending and collecting."),
    ),
    _article(
        "3",
        "寄递用户信息包括寄收件人姓名、地址、身份证件号码、电话、单位，以及单号、时间、物品明细等。",
        "Delivery-user information: names, addresses, document numbers, phones, organisations of both sides, waybill number, time and items.",
        Held.CONSTRUCTION,
        why=("这些字段一律按个人信息封存。", "All of these are sealed as personal data."),
    ),
    _article(
        "4",
        "坚持安全第一、预防为主、综合治理；由邮政管理部门监督管理。",
        "Safety first, prevention first, comprehensive management; supervised by the postal administration.",
        Held.OUT,
        number="第四条、第五条",
        why=("原则和部门职责。", "Principles and tasks of authorities."),
    ),
    _article(
        "franchise",
        "加盟协议写明信息安全责任，被加盟方对加盟方的事件承担责任。",
        "Franchise agreements name the security duties; the brand owner answers for franchisees' incidents.",
        Held.OUT,
        number="",
        why=("合同安排；条号未核实。", "A matter of contract; number not verified."),
    ),
    _article(
        "staff",
        "与从业人员签订保密协议，并持续培训。",
        "Confidentiality agreements with staff, and continuous training.",
        Held.CLOCK,
        number="",
        why=(
            "没有有效的培训记录，就没有收寄员角色；条号未核实。",
            "No valid training, no clerk role; number not verified.",
        ),
    ),
    _article(
        "complaints",
        "建立用户信息安全投诉处理机制。",
        "A mechanism for complaints about users' information.",
        Held.CLOCK,
        number="",
        why=_UNNUMBERED,
    ),
    _article(
        "disclosure",
        "没有法律明确授权或者用户书面同意，不得提供用户信息；公安、国家安全机关依法调查除外。",
        "No disclosure without clear legal authority or the user's written consent, except lawful investigation.",
        Held.CONSTRUCTION,
        number="",
        why=_UNNUMBERED,
    ),
    _article(
        "2023",
        "2023年的修订（据报道要求人员培训、影响评估、投诉处理和应急处置）：文本、文号、日期均未找到。",
        "The revision of 2023 (said to ask for training, assessment, complaints and emergencies): text, number and date not found.",
        Held.OPEN,
        number="",
        grade=Grade.C,
        why=("没有读到文本，不作为规则执行。", "The text was not read; never enforced."),
    ),
)
