"""民法典 1034–1038: personal information in the Civil Code. Read in full (A)."""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law.drafting import Sheet
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

INSTRUMENT: Final = Instrument(
    id="civil",
    zh="中华人民共和国民法典",
    en="Civil Code",
    number="",
    rank=Rank.LAW,
    address="",
    force=Span(date(2021, 1, 1)),
)
_ = Sheet(INSTRUMENT, Grade.A)

ARTICLES: Final[tuple[Article, ...]] = (
    _("1034", "个人信息受保护，包括生物识别信息。", "Personal information is protected, biometric information included.", Held.CONSTRUCTION, why=("人脸按敏感信息处理。", "A face is handled as sensitive.")),
    _("1035", "合法、正当、必要，不过度处理；经同意，公开规则，明示目的、方式、范围，不违法违约。", "Lawful, proper, necessary, not excessive; with consent, public rules, stated purpose, method and scope, no breach.", Held.SCENE, Held.CHECK, why=("由个人信息保护法第五至十七条的规则守住。", "Held by the rules under PIPL 5 to 17.")),
    _("1036", "免责：同意范围内合理实施；处理已公开的信息；为公共利益或者本人权益合理实施。", "No liability: reasonable acts within consent, on published information, or for public interest or the person.", Held.OUT, why=("属于法院审理。", "For the court.")),
    _("1037", "个人可以查阅、复制、更正、请求删除。", "A person may consult, copy, correct and ask for deletion.", Held.CLOCK, why=("请求带着期限排队。", "A request carries its date.")),
    _("1038", "不得泄露、篡改；采取措施；泄露的补救、告知、报告。", "No leaking or changing; measures; after a leak remedy, tell, report.", Held.CONSTRUCTION, Held.CLOCK, why=("密封保存；事件有期限。", "Sealed; incidents carry dates.")),
)  # fmt: skip
