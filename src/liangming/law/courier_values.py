"""Numbers of the courier instruments: fines, clocks, label masking; each with its day and article.

A value from a recommended standard says so; none here is the house's own.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law.courier import RENUMBERED
from liangming.rules import Dated, Since

_REVISED: Final = date(2019, 3, 2)
_REAL_NAME: Final = date(2018, 10, 22)
_EXPRESS: Final = date(2024, 3, 1)
_COUNTERTERROR: Final = date(2016, 1, 1)
_LABEL: Final = date(2023, 2, 1)
_CSL: Final = date(2026, 1, 1)


def _since(name: str, unit: str, zh: str, en: str, *values: Since) -> Dated:
    return Dated(id=name, zh=zh, en=en, unit=unit, values=values)


def _renumbered(name: str, unit: str, value: int, old: str, new: str, zh: str, en: str) -> Dated:  # noqa: PLR0917  (a table row)
    """The same number under the article number of each day."""
    return _since(
        name, unit, zh, en,
        Since(_REVISED, value, f"courier2019.{old}"), Since(RENUMBERED, value, f"courier.{new}"),
    )  # fmt: skip


COURIER_VALUES: Final[tuple[Dated, ...]] = (
    _since(
        "fine_no_check_low_yuan", "yuan",
        "不查验身份、不登记：罚款下限", "no identity check or no register: lower fine",
        Since(_COUNTERTERROR, 100_000, "counterterror.85"),
    ),
    _since(
        "fine_no_check_high_yuan", "yuan",
        "不查验身份、不登记：罚款上限", "no identity check or no register: upper fine",
        Since(_COUNTERTERROR, 500_000, "counterterror.85"),
    ),
    _since(
        "fine_no_check_person_yuan", "yuan",
        "不查验身份、不登记：对责任人员的罚款上限",
        "no identity check or no register: upper fine for a responsible person",
        Since(_COUNTERTERROR, 100_000, "counterterror.85"),
    ),
    _since(
        "fine_misreport_low_yuan", "yuan",
        "虚报、瞒报、漏报实名信息：罚款下限", "misreporting real-name data: lower fine",
        Since(_REAL_NAME, 5_000, "realname.reporting"),
    ),
    _since(
        "fine_misreport_high_yuan", "yuan",
        "虚报、瞒报、漏报实名信息：罚款上限", "misreporting real-name data: upper fine",
        Since(_REAL_NAME, 10_000, "realname.reporting"),
    ),
    _since(
        "fine_misreport_serious_low_yuan", "yuan",
        "同上，情节严重：罚款下限", "the same, serious: lower fine",
        Since(_REAL_NAME, 10_000, "realname.reporting"),
    ),
    _since(
        "fine_misreport_serious_high_yuan", "yuan",
        "同上，情节严重：罚款上限", "the same, serious: upper fine",
        Since(_REAL_NAME, 30_000, "realname.reporting"),
    ),
    _since(
        "fine_misreport_person_low_yuan", "yuan",
        "同上，情节严重：对直接责任人员的罚款下限",
        "the same, serious: lower fine for a responsible person",
        Since(_REAL_NAME, 5_000, "realname.reporting"),
    ),
    _since(
        "fine_misreport_person_high_yuan", "yuan",
        "同上，情节严重：对直接责任人员的罚款上限",
        "the same, serious: upper fine for a responsible person",
        Since(_REAL_NAME, 10_000, "realname.reporting"),
    ),
    _renumbered(
        "fine_courier_low_yuan", "yuan", 10_000, "44", "54",
        "运单和用户信息管理违法：罚款下限", "waybills or user data mishandled: lower fine",
    ),
    _renumbered(
        "fine_courier_high_yuan", "yuan", 50_000, "44", "54",
        "运单和用户信息管理违法：罚款上限", "waybills or user data mishandled: upper fine",
    ),
    _renumbered(
        "fine_courier_serious_high_yuan", "yuan", 100_000, "44", "54",
        "同上，情节严重：罚款上限（下限即一般情形的上限）",
        "the same, serious: upper fine (its lower bound is the ordinary upper one)",
    ),
    _since(
        "fine_reporting_high_yuan", "yuan",
        "不按规定报送安全数据逾期不改：罚款上限", "safety data not reported, not put right: upper fine",
        Since(_EXPRESS, 3_000, "express.38"),
    ),
    _since(
        "fine_user_data_low_yuan", "yuan",
        "违法提供用户信息：罚款下限", "user information given unlawfully: lower fine",
        Since(_REAL_NAME, 10_000, "postal.76"),
    ),
    _since(
        "fine_user_data_high_yuan", "yuan",
        "违法提供用户信息：罚款上限", "user information given unlawfully: upper fine",
        Since(_REAL_NAME, 50_000, "postal.76"),
    ),
    _since(
        "fine_user_data_staff_low_yuan", "yuan",
        "从业人员违法提供用户信息：罚款下限", "the same by staff: lower fine",
        Since(_REAL_NAME, 5_000, "postal.76"),
    ),
    _since(
        "fine_user_data_staff_high_yuan", "yuan",
        "从业人员违法提供用户信息：罚款上限", "the same by staff: upper fine",
        Since(_REAL_NAME, 10_000, "postal.76"),
    ),
    _renumbered(
        "courier_complaint_days", "days", 7, "28", "29",
        "快递服务投诉：处理并告知的期限", "complaints about express service: time to handle and answer",
    ),
    _since(
        "outage_report_hours", "hours",
        "网络服务中断：报告期限", "outage of the network service: time to report",
        Since(_EXPRESS, 24, "express.39"),
    ),
    _since(
        "network_log_months", "months",
        "网络日志：最短留存期", "network logs: shortest retention",
        Since(_REAL_NAME, 6, "csl2016.21"), Since(_CSL, 6, "csl.23"),
    ),
    _since(
        "temporary_card_months", "months",
        "临时居民身份证：有效期", "temporary identity card: validity",
        Since(date(2005, 10, 1), 3, "temporarycard.7"),
    ),
    _since(
        "mask_name_characters", "characters",
        "面单姓名至少隐去的字数（推荐性标准，不是法律）",
        "characters of a name a label hides at least (recommended standard, not law)",
        Since(_LABEL, 1, "gbt41833.privacy"),
    ),
    _since(
        "mask_phone_digits", "digits",
        "面单电话至少隐去的位数（推荐性标准，不是法律）",
        "digits of a phone number a label hides at least (recommended standard, not law)",
        Since(_LABEL, 6, "gbt41833.privacy"),
    ),
    _since(
        "waybill_paper_months", "months",
        "国内纸质运单的保存期（推荐性标准2012年版，后续版本未核对）",
        "domestic paper waybills kept (recommended standard, 2012 edition; later edition not checked)",
        Since(date(2013, 2, 22), 12, "gbt27917.archive"),
    ),
    _since(
        "waybill_electronic_months", "months",
        "电子运单档案的保存期（推荐性标准2012年版，后续版本未核对）",
        "electronic waybill archive kept (recommended standard, 2012 edition; later edition not checked)",
        Since(date(2013, 2, 22), 24, "gbt27917.archive"),
    ),
    _since(
        "waybill_international_months", "months",
        "国际纸质运单的保存期（推荐性标准2012年版，后续版本未核对）",
        "international paper waybills kept (recommended standard, 2012 edition; later edition not checked)",
        Since(date(2013, 2, 22), 6, "gbt27917.archive"),
    ),
)  # fmt: skip
