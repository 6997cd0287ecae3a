"""快递暂行条例 in the numbering of 2019, until 2025-05-31: a day before that cites the old number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

from liangming.law import courier
from liangming.law.drafting import numeral
from liangming.law.sender_duty import duty
from liangming.rules import Article, Instrument, Span

FORCE: Final = Span(date(2019, 3, 2), courier.RENUMBERED)

INSTRUMENT: Final = Instrument(
    id="courier2019",
    zh="快递暂行条例（2019年修订）",
    en="Interim Regulation on Express Delivery (2019 revision)",
    number=courier.INSTRUMENT.number,
    rank=courier.INSTRUMENT.rank,
    address="",
    force=FORCE,
    note_zh="2018年的原文未读，因此本库只从2019年3月2日起引用。条号以当日有效者为准。",
    note_en="The original of 2018 was not read: cited from 2019-03-02 only, under the numbers of the day.",
)

NUMBERS: Final = {
    "6": "7", "19": "20", "21": "22", "22": "23", "28": "29", "31": "32", "33": "34", "34": "35",
    "36": "46", "41": "51", "43": "53", "44": "54",
}  # fmt: skip
"""Old number → new number."""

_SPANS: Final = {"36": "第三十六条至第三十八条"}
_LATER: Final = {article.id: article for article in courier.ARTICLES}


def _before(old: str, new: str) -> Article:
    later = _LATER[f"courier.{new}"]
    return replace(
        later,
        id=f"courier2019.{old}",
        number=_SPANS.get(old, f"第{numeral(int(old))}条"),
        force=FORCE,
        held_zh=later.held_zh and f"与现行{later.number}相同。",
        held_en=later.held_en and f"As article {new} of the text now in force.",
        rules=duty("courier2019.22", fine="courier2019.43", also=("counterterror.20", "realname.3"))
        if old == "22"
        else (),
    )


ARTICLES: Final[tuple[Article, ...]] = tuple(_before(old, new) for old, new in NUMBERS.items())
