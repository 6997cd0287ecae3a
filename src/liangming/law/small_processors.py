"""小型个人信息处理者个人信息保护简化措施规定 (CAC and MPS Order No. 25).

The full text was not obtained: content B, article numbers unknown, so every duty stands without one.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law.drafting import Sheet
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

INSTRUMENT: Final = Instrument(
    id="small",
    zh="小型个人信息处理者个人信息保护简化措施规定",
    en="Provisions on simplified measures for small personal information processors",
    number="国家互联网信息办公室、公安部令第25号",
    rank=Rank.RULE,
    address="https://www.cac.gov.cn/2026-07/24/c_1786638889704872.htm",
    force=Span(date(2026, 9, 1)),
    note_zh="未得全文，条号一概未核实。",
    note_en="Full text not obtained; no article number is verified.",
)
_ = Sheet(INSTRUMENT, Grade.B)

ARTICLES: Final[tuple[Article, ...]] = (
    _("scope", "处理不足十万人信息的为小型处理者。", "A processor of fewer than 100,000 persons is small.", Held.CLOCK, number="", why=("人数由亮明统计；条号未核实。", "Liangming counts; article number not verified."), values=("small_processor_persons",)),
    _("audit-table", "审计可以用附件一的自查表，十九项，逐项勾选并签字。", "The audit may use the self-check table of annex 1: nineteen items, ticked and signed.", Held.CLOCK, number="", why=("表格可从场景和日志预填，由人签字；条号未核实。", "The table can be filled from scenes and logs; a person signs. Article number not verified.")),
    _("assessment-table", "影响评估可以用附件二的表格，逐情形作答、下结论并签字。", "The assessment may use the table of annex 2: scenario, questions, conclusion, signature.", Held.CLOCK, number="", why=("条号未核实。", "Article number not verified.")),
    _("unchanged", "简化不免除告知、敏感信息的单独同意、个人权利、安全保障和事件通知。", "Simplification lifts neither notice, separate consent for sensitive data, rights, security nor incident notice.", Held.CONSTRUCTION, number="", why=("没有任何规则因企业小而关闭；条号未核实。", "No rule is switched off for being small. Article number not verified.")),
)  # fmt: skip
