"""The kinds of document, and what is known of each: one table for screens, rules and the docs.

Source of the list: 邮件快件实名收寄管理办法 (交通运输部令2018年第24号) article 3, whose five items
are read at grade B. Items (1) to (4) are closed; item (5), "other valid documents set by the
State", is open, so nothing in it is taken for granted here.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

from liangming.rules import Grade


class DocumentType(enum.StrEnum):
    """A kind of identity document. Values are stored: they are stable and only ever added to."""

    RESIDENT_CARD = "resident_card"
    TEMPORARY_RESIDENT_CARD = "temporary_resident_card"
    RESIDENCE_PERMIT_HMT = "residence_permit_hmt"
    TRAVEL_PERMIT_HK_MACAO = "travel_permit_hk_macao"
    TRAVEL_PERMIT_HK_MACAO_FOREIGN = "travel_permit_hk_macao_foreign"
    TRAVEL_PERMIT_TAIWAN = "travel_permit_taiwan"
    PASSPORT = "passport"
    PERMANENT_RESIDENCE_2017 = "permanent_residence_2017"
    PERMANENT_RESIDENCE_2023 = "permanent_residence_2023"
    MILITARY = "military"
    ARMED_POLICE = "armed_police"
    CHINESE_PASSPORT = "chinese_passport"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class DocumentFormat:
    """What is known of one kind of document.

    Attributes:
        type: the kind.
        zh: its name.
        en: its name in English.
        item: the item of 24号令 article 3 that names it; None where no item does.
        grade: how well the number's form is sourced. C never blocks beyond length and characters.
        expires: whether the document carries an end of validity.
        unverified_zh: what could not be verified; empty when nothing is open.
        unverified_en: the same in English.
    """

    type: DocumentType
    zh: str
    en: str
    item: int | None
    grade: Grade
    expires: bool
    unverified_zh: str = ""
    unverified_en: str = ""


_FORMATS: Final = (
    DocumentFormat(
        DocumentType.RESIDENT_CARD,
        "居民身份证",
        "Resident identity card",
        1,
        Grade.B,
        expires=True,
        unverified_zh="号码只能说明抄写一致，不能说明证件真伪；区划代码只核对前两位。",
        unverified_en="A right number shows consistent typing, not a genuine card; only the first "
        "two places of the region are looked up.",
    ),
    DocumentFormat(
        DocumentType.TEMPORARY_RESIDENT_CARD,
        "临时居民身份证",
        "Temporary resident identity card",
        1,
        Grade.B,
        expires=True,
        unverified_zh="三个月有效期出自《临时居民身份证管理办法》摘录。",
        unverified_en="The three months come from an excerpt of the measures on temporary cards.",
    ),
    DocumentFormat(
        DocumentType.RESIDENCE_PERMIT_HMT,
        "港澳台居民居住证",
        "Residence permit for Hong Kong, Macao and Taiwan residents",
        3,
        Grade.B,
        expires=True,
    ),
    DocumentFormat(
        DocumentType.TRAVEL_PERMIT_HK_MACAO,
        "港澳居民来往内地通行证",
        "Mainland travel permit for Hong Kong and Macao residents",
        3,
        Grade.B,
        expires=True,
        unverified_zh="字母加8位的写法仅见于软件代码。",
        unverified_en="The letter with 8 digits is known from software only.",
    ),
    DocumentFormat(
        DocumentType.TRAVEL_PERMIT_HK_MACAO_FOREIGN,
        "港澳居民来往内地通行证（非中国籍）",
        "Mainland travel permit for non-Chinese Hong Kong and Macao residents",
        None,
        Grade.B,
        expires=True,
        unverified_zh="24号令未点名；后7位的字符没有公开规定。",
        unverified_en="Not named in the order; what the last seven places may be is not published.",
    ),
    DocumentFormat(
        DocumentType.TRAVEL_PERMIT_TAIWAN,
        "台湾居民来往大陆通行证",
        "Mainland travel permit for Taiwan residents",
        3,
        Grade.B,
        expires=True,
        unverified_zh="旧版括号内签发机关代码的写法没有公开规定。",
        unverified_en="How the issuer in brackets is written on old permits is not published.",
    ),
    DocumentFormat(
        DocumentType.PASSPORT,
        "护照（外国公民）",
        "Passport of a foreign citizen",
        4,
        Grade.B,
        expires=True,
        unverified_zh="无机读码时号码没有校验位；各国格式不同。",
        unverified_en="Without the machine-readable zone there is no check digit; forms differ by "
        "country.",
    ),
    DocumentFormat(
        DocumentType.PERMANENT_RESIDENCE_2017,
        "外国人永久居留身份证（2017版）",
        "Foreigner's permanent residence card, 2017",
        None,
        Grade.B,
        expires=True,
        unverified_zh="24号令未点名；校验位算法仅见于一份软件代码（C级），只作提示。",
        unverified_en="Not named in the order; its check digit is known from one piece of software "
        "(grade C) and is a hint only.",
    ),
    DocumentFormat(
        DocumentType.PERMANENT_RESIDENCE_2023,
        "外国人永久居留身份证（2023版）",
        "Foreigner's permanent residence card, 2023",
        None,
        Grade.B,
        expires=True,
        unverified_zh="24号令未点名；号码内部结构仅见于软件代码，只作提示。",
        unverified_en="Not named in the order; the inner layout is known from software and is a "
        "hint only.",
    ),
    DocumentFormat(
        DocumentType.MILITARY,
        "军人身份证件",
        "Identity document of the armed forces",
        2,
        Grade.C,
        expires=True,
        unverified_zh="没有公开的号码格式。",
        unverified_en="No public form of the number.",
    ),
    DocumentFormat(
        DocumentType.ARMED_POLICE,
        "武警身份证件",
        "Identity document of the armed police",
        2,
        Grade.C,
        expires=True,
        unverified_zh="没有公开的号码格式。",
        unverified_en="No public form of the number.",
    ),
    DocumentFormat(
        DocumentType.CHINESE_PASSPORT,
        "中国护照",
        "Chinese passport",
        None,
        Grade.B,
        expires=True,
        unverified_zh="24号令列明的护照为外国公民护照；号码样式出自网络问答，只作提示。",
        unverified_en="The order lists the passports of foreign citizens; the forms of the number "
        "come from a web answer and are a hint only.",
    ),
    DocumentFormat(
        DocumentType.OTHER,
        "国家规定的其他有效身份证件",
        "Other valid identity document set by the State",
        5,
        Grade.C,
        expires=True,
        unverified_zh="第(5)项为开放条款，须由配置写明依据。",
        unverified_en="Item (5) is open; the configuration has to state its basis.",
    ),
)

registry: Final[dict[DocumentType, DocumentFormat]] = {known.type: known for known in _FORMATS}
"""Every kind, in the order in which a screen lists them."""
