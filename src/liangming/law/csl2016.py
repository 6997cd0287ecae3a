"""网络安全法 before the amendment of 2025: the log duty under its earlier number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from liangming.law import csl
from liangming.rules import Article, Instrument, Span

FORCE: Final = Span(date(2018, 10, 22), csl.AMENDED)

INSTRUMENT: Final = Instrument(
    id="csl2016",
    zh="中华人民共和国网络安全法（2016年文本）",
    en="Cybersecurity Law (text of 2016)",
    number="",
    rank=csl.INSTRUMENT.rank,
    address="",
    force=FORCE,
    note_zh="施行日期未在所读材料中核对；本库从2018年10月22日起引用，该日实名收寄管理办法以其为依据。",
    note_en="Its day of force was not verified; cited from 2018-10-22, when the real-name measures were made under it.",
)

ARTICLES: Final[tuple[Article, ...]] = (
    replace(
        next(article for article in csl.ARTICLES if article.id == "csl.23"),
        id="csl2016.21",
        number="第二十一条",
        force=FORCE,
    ),
)
