"""Numbers that law fixes, with their day and article; and the few that are Liangming's own.

A value ``of_house`` is a ceiling of ours: the article asks for the shortest time or the least
burden and names no number. It is always shown as ours, never as law.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.rules import Dated, Since

PIPL_DAY: Final = date(2021, 11, 1)
FACE_DAY: Final = date(2025, 6, 1)


def _fixed(  # noqa: PLR0917  (one row of a table)
    name: str, value: int, unit: str, day: date, article: str, zh: str, en: str
) -> Dated:
    return Dated(id=name, zh=zh, en=en, unit=unit, values=(Since(day, value, article),))


def _ours(  # noqa: PLR0917  (one row of a table)
    name: str, value: int, unit: str, day: date, article: str, zh: str, en: str
) -> Dated:
    return Dated(
        id=name, zh=zh, en=en, unit=unit, values=(Since(day, value, article),), of_house=True
    )


child_age = Dated(
    id="child_age",
    zh="未满此周岁的，须经监护人同意",
    en="below this age a parent or guardian must consent",
    unit="years",
    values=(Since(date(2019, 10, 1), 14, "children.2"), Since(PIPL_DAY, 14, "pipl.31")),
)
consent_reask_hours = _fixed(
    "consent_reask_hours", 48, "hours", date(2023, 5, 1), "gbt41819.prompts",
    "拒绝后在此小时数内再次征求，即属频繁（推荐性标准举例，不是法律）",
    "asking again within so many hours counts as frequent (example in a recommended standard, not law)",
)  # fmt: skip
policy_taps = _fixed(
    "policy_taps", 4, "taps", date(2019, 11, 28), "app191.1",
    "到达告知文本所需的点击次数上限", "most taps to reach the notice",
)  # fmt: skip
request_working_days = _fixed(
    "request_working_days", 15, "working-days", date(2019, 11, 28), "app191.6",
    "更正、删除、注销请求和投诉的办理上限",
    "limit for correction, deletion, closing an account and complaints",
)  # fmt: skip
answer_days = _fixed(
    "answer_days", 30, "days", date(2020, 10, 1), "gbt35273.8.7",
    "答复个人权利请求的天数（推荐性标准，不是法律）",
    "days to answer a person's request (recommended standard, not law)",
)  # fmt: skip
face_filing_persons = _fixed(
    "face_filing_persons", 100_000, "persons", FACE_DAY, "face.15",
    "存储人脸信息达到此人数须备案", "stored faces from which a filing is due",
)  # fmt: skip
face_filing_working_days = _fixed(
    "face_filing_working_days", 30, "working-days", FACE_DAY, "face.15",
    "人脸应用备案、变更和注销的期限", "time to file, change or cancel a face filing",
)  # fmt: skip
small_processor_persons = _fixed(
    "small_processor_persons", 100_000, "persons", date(2026, 9, 1), "small.scope",
    "处理的个人信息不足此人数的为小型处理者",
    "a processor of fewer persons than this is a small one",
)  # fmt: skip
officer_persons = _fixed(
    "officer_persons", 1_000_000, "persons", date(2025, 5, 1), "auditing.12",
    "达到此人数须指定个人信息保护负责人", "persons from which an officer is due",
)  # fmt: skip
audit_persons = _fixed(
    "audit_persons", 10_000_000, "persons", date(2025, 5, 1), "auditing.4",
    "超过此人数的，至少每两年审计一次",
    "above so many persons an audit is due at least every second year",
)  # fmt: skip
audit_years = _fixed(
    "audit_years", 2, "years", date(2025, 5, 1), "auditing.4",
    "超过一千万人的处理者的审计间隔", "years between audits above ten million persons",
)  # fmt: skip
incident_persons = _fixed(
    "incident_persons", 1_000_000, "persons", date(2025, 11, 1), "incident.annex",
    "泄露达到此人数的，属于较大网络安全事件",
    "leaked persons that make a cyber incident a larger one",
)  # fmt: skip
incident_persons_major = _fixed(
    "incident_persons_major", 10_000_000, "persons", date(2025, 11, 1), "incident.annex",
    "泄露达到此人数的，属于重大网络安全事件",
    "leaked persons that make a cyber incident a major one",
)  # fmt: skip
incident_persons_extreme = _fixed(
    "incident_persons_extreme", 100_000_000, "persons", date(2025, 11, 1), "incident.annex",
    "泄露达到此人数的，属于特别重大网络安全事件",
    "leaked persons that make a cyber incident an extreme one",
)  # fmt: skip
incident_report_hours = _fixed(
    "incident_report_hours", 4, "hours", date(2025, 11, 1), "incident.4",
    "较大以上网络安全事件的报告时限（一般运营者）",
    "hours to report a larger cyber incident (ordinary operators)",
)  # fmt: skip
incident_report_hours_critical = _fixed(
    "incident_report_hours_critical", 1, "hours", date(2025, 11, 1), "incident.4",
    "同上，关键信息基础设施运营者", "the same, operators of critical infrastructure",
)  # fmt: skip
incident_report_hours_state = _fixed(
    "incident_report_hours_state", 2, "hours", date(2025, 11, 1), "incident.4",
    "同上，中央和国家机关", "the same, central and state organs",
)  # fmt: skip
incident_summary_days = _fixed(
    "incident_summary_days", 30, "days", date(2025, 11, 1), "incident.8",
    "事件处置结束后提交总结报告的期限", "days to hand in the summary after an incident",
)  # fmt: skip
defect_report_hours = _fixed(
    "defect_report_hours", 24, "hours", date(2025, 1, 1), "netdata.10",
    "涉及国家安全、公共利益的产品缺陷的报告时限",
    "hours to report a defect that touches state security or the public interest",
)  # fmt: skip
assessment_years = _fixed(
    "assessment_years", 3, "years", PIPL_DAY, "pipl.56",
    "影响评估报告和处理情况记录的最短保存期",
    "years to keep assessments and processing records, at least",
)  # fmt: skip
assessment_days = _fixed(
    "assessment_days", 1096, "days", PIPL_DAY, "pipl.56",
    "同上三年，按天计（跨一个闰日）", "the same three years in days (with one leap day)",
)  # fmt: skip
provision_record_years = _fixed(
    "provision_record_years", 3, "years", date(2025, 1, 1), "netdata.12",
    "提供、委托处理记录的最短保存期",
    "years to keep records of providing and entrusting, at least",
)  # fmt: skip
proof_years_shanghai = _fixed(
    "proof_years_shanghai", 5, "years", date(2025, 4, 19), "shanghai-consumer.31",
    "上海：告知和同意的证明的保存期（所读为旧文本，须与2022年修订核对）",
    "Shanghai: years to keep proof of notice and consent (older text read; check the 2022 revision)",
)  # fmt: skip
log_days = Dated(
    id="log_days",
    zh="网络日志的最短保存期：六个月，按天计",
    en="days to keep network logs, at least: six months",
    unit="days",
    values=(Since(date(2018, 10, 22), 184, "csl2016.21"), Since(date(2026, 1, 1), 184, "csl.23")),
)
video_days = _fixed(
    "video_days", 30, "days", date(2025, 4, 1), "video.17",
    "公共安全视频的最短保存期（第七条所列场所）",
    "days to keep public-safety video, at least (places of article 7)",
)  # fmt: skip
fine_serious_yuan = _fixed(
    "fine_serious_yuan", 50_000_000, "yuan", PIPL_DAY, "pipl.66",
    "情节严重时的罚款上限（或上年度营业额百分之五）",
    "upper fine in serious cases (or five per cent of last year's turnover)",
)  # fmt: skip

identity_retention_ceiling_days = _ours(
    "identity_retention_ceiling_days", 1095, "days", PIPL_DAY, "pipl.19",
    "亮明的上限：寄件人身份信息的保存天数（法律只要求最短时间，没有数字）",
    "Liangming's ceiling: days a sender's identity is kept (the law asks for the shortest time and gives no number)",
)  # fmt: skip
entrance_identity_ceiling_days = _ours(
    "entrance_identity_ceiling_days", 30, "days", PIPL_DAY, "pipl.19",
    "亮明的上限：出入口、取件等场景身份信息的保存天数",
    "Liangming's ceiling: days an identity is kept at entrances and for collecting",
)  # fmt: skip
face_on_device_ceiling_days = _ours(
    "face_on_device_ceiling_days", 365, "days", PIPL_DAY, "pipl.19",
    "亮明的上限：人脸信息在终端内的保存天数",
    "Liangming's ceiling: days a face stays inside the device",
)  # fmt: skip
incident_record_years = _ours(
    "incident_record_years", 3, "years", PIPL_DAY, "pipl.51",
    "亮明自定：事件记录处置结束后的保存年数（法律没有数字）",
    "Liangming's own: years an incident's record is kept after handling (no number in law)",
)  # fmt: skip
device_command_hours = _ours(
    "device_command_hours", 24, "hours", PIPL_DAY, "pipl.15",
    "亮明的上限：撤回同意之后，终端确认停止并删除的小时数",
    "Liangming's ceiling: hours in which a device confirms that it stopped and deleted after a withdrawal",
)  # fmt: skip
training_months = _fixed(
    "training_months", 12, "months", date(2020, 10, 1), "gbt35273.10.1",
    "从业人员培训的间隔（推荐性标准：每年至少一次，不是法律）",
    "months between trainings of staff (recommended standard: yearly at least; not law)",
)  # fmt: skip
officer_filing_working_days = _fixed(
    "officer_filing_working_days", 30, "working-days", date(2025, 7, 18), "auditing.filing",
    "达到人数后报送个人信息保护负责人信息的期限",
    "time to report the officer once the number is reached",
)  # fmt: skip
report_triage_working_days = _ours(
    "report_triage_working_days", 2, "working-days", date(2025, 1, 1), "netdata.20",
    "亮明自定：举报分派给经办人的工作日数",
    "Liangming's own: working days until a report has an owner",
)  # fmt: skip
watch_answer_days = _ours(
    "watch_answer_days", 30, "days", PIPL_DAY, "pipl.54",
    "亮明自定：每日审计中突出之处查明原因的天数",
    "Liangming's own: days to look into a place that stands out in the daily audit",
)  # fmt: skip
face_attempts = _ours(
    "face_attempts", 3, "attempts", PIPL_DAY, "pipl.6",
    "亮明的上限：一次查验中刷脸的次数，之后换别的方式",
    "Liangming's ceiling: face attempts in one check, then another way",
)  # fmt: skip

VALUES: Final[tuple[Dated, ...]] = tuple(
    value for value in list(globals().values()) if isinstance(value, Dated)
)
