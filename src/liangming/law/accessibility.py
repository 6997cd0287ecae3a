"""无障碍环境建设法 33 and 39. Read (A)."""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law.drafting import Sheet
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

INSTRUMENT: Final = Instrument(
    id="accessibility",
    zh="中华人民共和国无障碍环境建设法",
    en="Barrier-free Environment Construction Law",
    number="",
    rank=Rank.LAW,
    address="",
    force=Span(date(2023, 9, 1)),
)
_ = Sheet(INSTRUMENT, Grade.A)

ARTICLES: Final[tuple[Article, ...]] = (
    _("33", "银行、医院、车站、机场、码头、大型景区等的自助终端应当有语音、大字、盲文等功能。", "Self-service terminals of banks, hospitals, stations, airports, ports and large scenic areas have voice, large print and braille.", Held.CONSTRUCTION, why=("寄递网点和售货机未被点名；页面一律可读屏、可放大。", "Parcel outlets and vending machines are not named; pages read aloud and enlarge everywhere.")),
    _("39", "公共服务场所保留现场指导和人工等传统方式，涉及医疗、社保、金融、缴费等。", "Public service places keep guidance on site and staffed, traditional ways for health, social security, finance and bills.", Held.SCENE, why=("寄递未被点名；亮明据办法第十条另要求一条不用手机的路。", "Parcels are not named; Liangming asks for a way without a phone under Order 19 art. 10.")),
)  # fmt: skip
