"""临时居民身份证管理办法: a temporary card proves identity for three months."""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law.drafting import Sheet
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

INSTRUMENT: Final = Instrument(
    id="temporarycard",
    zh="临时居民身份证管理办法",
    en="Measures for Temporary Resident Identity Cards",
    number="公安部令第78号",
    rank=Rank.RULE,
    address="",
    force=Span(date(2005, 10, 1)),
)

_article = Sheet(INSTRUMENT, Grade.B)

ARTICLES: Final[tuple[Article, ...]] = (
    _article(
        "3",
        "临时居民身份证具有证明公民身份的效力。",
        "A temporary card proves a citizen's identity.",
        Held.CHECK,
        why=("列入可用证件。", "It is among the accepted documents."),
    ),
    _article(
        "7",
        "有效期自签发之日起三个月。",
        "Valid for three months from issue.",
        Held.CHECK,
        why=("按签发日计算是否过期。", "Expiry is counted from the day of issue."),
        values=("temporary_card_months",),
    ),
)
