"""国家网络安全事件报告管理办法: when a cyber incident is reported, and to whom."""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law.drafting import Sheet
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

INSTRUMENT: Final = Instrument(
    id="incident",
    zh="国家网络安全事件报告管理办法",
    en="Measures for reporting national cybersecurity incidents",
    number="",
    rank=Rank.RULE,
    address="",
    force=Span(date(2025, 11, 1)),
)
_ = Sheet(INSTRUMENT, Grade.B)
_CLOCK = (
    "由企业报告，亮明自发现时起计时。",
    "The operator reports; Liangming counts from the discovery.",
)

ARTICLES: Final[tuple[Article, ...]] = (
    _("2", "适用于在境内建设、运营网络或者通过网络提供服务的运营者。", "Covers operators that build or run networks in China or serve through them.", Held.OUT, why=("适用范围。", "Scope.")),
    _("4", "较大以上事件：关键信息基础设施一小时内，中央和国家机关两小时内，其他运营者四小时内向省级网信部门报告；涉嫌犯罪的报警。", "Larger incidents: critical infrastructure within 1 hour, central and state organs within 2, other operators within 4 to the provincial CAC; suspected crime to the police.", Held.CLOCK, why=_CLOCK, values=("incident_report_hours", "incident_report_hours_critical", "incident_report_hours_state")),
    _("7", "报告单位和系统、发现时间地点、类型级别影响、措施、原因分析等；可以先报要项，再补充。", "Report unit and system, time and place, type, level and impact, measures, causes; first items first, the rest to follow.", Held.CLOCK, why=_CLOCK),
    _("8", "处置结束后三十日内提交总结报告。", "A summary within 30 days after handling ends.", Held.CLOCK, why=_CLOCK, values=("incident_summary_days",)),
    _("10", "迟报、漏报、谎报、瞒报造成严重危害的从重；已尽义务并主动报告的从轻或者免除（第十、十一条）。", "Late, missing, false or hidden reports with major harm weigh heavier; duties done and reported weigh lighter (arts 10 and 11).", Held.OUT, number="第十条、第十一条", why=("裁量属于主管部门。", "Discretion of the authority.")),
    _("14", "自2025年11月1日起施行。", "In force from 2025-11-01.", Held.CONSTRUCTION, why=("生效日由此而来。", "The first day comes from here.")),
    _("annex", "泄露一百万人以上信息为较大，一千万人以上为重大，一亿人以上为特别重大；另有其他标准。", "A leak of a million persons' data is larger, ten million major, a hundred million extreme; other triggers exist.", Held.CLOCK, number="附件", why=("不足此数又无其他情形的，本办法没有小时数，个人信息保护法第五十七条的“立即”仍然适用。", "Below it and without other triggers no hours run here; at once, PIPL 57, still applies."), values=("incident_persons", "incident_persons_major", "incident_persons_extreme")),
)  # fmt: skip
