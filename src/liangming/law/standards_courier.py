"""Standards around parcels and identity numbers: always shown as standards, never as law.

They carry no rule; labels and number checks follow them, and the audit may say so.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law.drafting import Sheet
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span


def _standard(key: str, number: str, zh: str, en: str, day: date, note: str = "") -> Instrument:  # noqa: PLR0917  (a table row)
    return Instrument(
        id=key, zh=zh, en=en, number=number, rank=Rank.STANDARD, address="", force=Span(day),
        note_zh=note and "实施日期未在所读材料中核对，本库从此日起引用。", note_en=note,
    )  # fmt: skip


LABEL: Final = _standard(
    "gbt41833",
    "GB/T 41833-2022",
    "快递电子运单",
    "Electronic waybill for express",
    date(2023, 2, 1),
)
CITIZEN_NUMBER: Final = _standard(
    "gb11643", "GB 11643-1999", "公民身份号码", "Citizen identification number", date(1999, 7, 1)
)
CREDIT_CODE: Final = _standard(
    "gb32100", "GB 32100-2015", "法人和其他组织统一社会信用代码编码规则",
    "Coding of the unified social credit code", date(2018, 10, 22),
    "Its day of force was not verified; cited from this day on.",
)  # fmt: skip
GUIDE: Final = _standard(
    "yzt0147", "YZ/T 0147-2015", "寄递服务用户个人信息保护指南",
    "Guide to protecting delivery users' personal information", date(2016, 1, 1),
)  # fmt: skip
SERVICE: Final = _standard(
    "gbt27917", "GB/T 27917", "快递服务", "Express service", date(2013, 2, 22),
    "Edition of 2012, known from a report of 2013-02-22; a later edition was not checked.",
)  # fmt: skip

_CLAUSE: Final = ("章节号未见到，因此不写。", "The clause number was not seen and is not given.")

_label = Sheet(LABEL, Grade.B)
_citizen = Sheet(CITIZEN_NUMBER, Grade.B)
_credit = Sheet(CREDIT_CODE, Grade.B)
_guide = Sheet(GUIDE, Grade.B)
_service = Sheet(SERVICE, Grade.B)

INSTRUMENTS: Final[tuple[tuple[Instrument, tuple[Article, ...]], ...]] = (
    (
        LABEL,
        (
            _label(
                "privacy",
                "个人信息保护：宜避免完整显示寄件人、收件人信息；姓名至少隐去一个汉字，电话至少隐去六位，地址隐去单元户室号；隐去的内容只有企业、其授权方和监管方能读取。",
                "Avoid showing complete data of either side: hide at least one character of a name, six digits of a phone number and the room number; only the firm, those it authorises and the regulator may read what is hidden.",
                Held.CONSTRUCTION,
                number="",
                why=_CLAUSE,
                values=("mask_name_characters", "mask_phone_digits"),
            ),
        ),
    ),
    (
        CITIZEN_NUMBER,
        (
            _citizen(
                "check",
                "十八位：六位地址码、八位出生日期、三位顺序码、一位校验码（ISO 7064 MOD 11-2）。校验正确只说明抄写一致，不说明证件或者持证人真实。",
                "Eighteen places: area, birth date, sequence, check digit by ISO 7064 MOD 11-2. A right check digit only says that it was typed consistently.",
                Held.CHECK,
                number="",
                why=_CLAUSE,
            ),
        ),
    ),
    (
        CREDIT_CODE,
        (
            _credit(
                "check",
                "十八位，末位按模31校验；有真实代码校验不通过的报告，因此只提醒，不拒绝。",
                "Eighteen places, the last a check modulo 31; genuine codes that fail it were reported, so it warns and never refuses.",
                Held.CHECK,
                number="",
                why=_CLAUSE,
            ),
        ),
    ),
    (
        GUIDE,
        (
            _guide(
                "scope",
                "说明寄递用户个人信息的范围、保护原则和要求的推荐性指南；只见到题录。",
                "A recommended guide on what delivery-user data are and how to protect them; only its title data were seen.",
                Held.OUT,
                number="",
                why=("正文未读。", "The text was not read."),
            ),
        ),
    ),
    (
        SERVICE,
        (
            _service(
                "archive",
                "运单档案：国内纸质一年、电子两年、国际纸质六个月；2012年版，可能已过时。",
                "Waybill archive: domestic paper one year, electronic two years, international paper six months; edition of 2012, perhaps outdated.",
                Held.DUTY,
                number="",
                why=(
                    "作为参考值列出，不作为上限或者下限执行。",
                    "Listed for reference, enforced neither way.",
                ),
                values=(
                    "waybill_paper_months",
                    "waybill_electronic_months",
                    "waybill_international_months",
                ),
            ),
        ),
    ),
)
