"""个人信息保护合规审计管理办法 (CAC Order No. 18): secondary sources only (B)."""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law.drafting import Sheet
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

INSTRUMENT: Final = Instrument(
    id="auditing",
    zh="个人信息保护合规审计管理办法",
    en="Measures for Personal Information Protection Compliance Audits",
    number="国家互联网信息办公室令第18号",
    rank=Rank.RULE,
    address="",
    force=Span(date(2025, 5, 1)),
)
_ = Sheet(INSTRUMENT, Grade.B)

ARTICLES: Final[tuple[Article, ...]] = (
    _("3", "定期自行或者委托专业机构审计。", "Regular audits, by oneself or a professional firm.", Held.CLOCK, why=("审计问题可对任何日志提出，报告由企业签发。", "The audit's questions can be asked of any log; the operator signs the report.")),
    _("4", "处理超过一千万人信息的，至少每两年审计一次；其他处理者自行确定合理频次。", "Above ten million persons at least every two years; others set a reasonable frequency.", Held.CLOCK, why=("人数和上次审计日由亮明提示。", "Liangming shows the count and the last audit."), values=("audit_persons", "audit_years")),
    _("5", "风险较大、可能侵害众多个人，或者一百万人以上信息、十万人以上敏感信息泄露等事件的，可以要求委托审计。", "An audit by a firm may be ordered at high risk, for many persons, or after incidents with a million persons' data or a hundred thousand persons' sensitive data.", Held.OUT, why=("由主管部门决定。", "Decided by the authority.")),
    _("12", "处理一百万人以上信息的，指定个人信息保护负责人负责审计。", "At a million persons an officer answers for audits.", Held.CLOCK, why=("人数由亮明统计，任命由企业作出。", "Liangming counts; the operator appoints."), values=("officer_persons",)),
    _("rotation", "同一机构或者同一负责人对同一对象连续审计不超过三次。", "The same firm or lead audits the same target at most three times in a row.", Held.CLOCK, number="", why=("条号未核实；亮明记下审计机构。", "Article number not verified; Liangming keeps the firm's name.")),
    _("rectification", "责令审计后十五个工作日内报送整改情况。", "After an ordered audit the rectification is reported within 15 working days.", Held.OPEN, number="", grade=Grade.C, why=("期限和条号都未核实，不作规则。", "Neither the time nor the number is verified; no rule.")),
    _("filing", "一百万人以上的，三十个工作日内向设区的市网信部门报送负责人信息（国家网信办2025年7月18日公告）。", "At a million persons the officer is reported to the city's CAC within 30 working days (CAC notice of 2025-07-18).", Held.CLOCK, number="", why=("出自公告而非本办法条文；亮明计时。", "From a notice, not an article; Liangming keeps the clock.")),
)  # fmt: skip
