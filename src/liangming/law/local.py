"""Other places' rules: 深圳经济特区数据条例 19–20 and 杭州市物业管理条例 50. Read (A)."""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law.drafting import Sheet
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

SHENZHEN: Final = Instrument(
    id="shenzhen",
    zh="深圳经济特区数据条例",
    en="Shenzhen Special Economic Zone Data Regulation",
    number="",
    rank=Rank.LOCAL,
    address="",
    force=Span(date(2022, 1, 1)),
)
HANGZHOU: Final = Instrument(
    id="hangzhou",
    zh="杭州市物业管理条例",
    en="Hangzhou Property Management Regulation",
    number="",
    rank=Rank.LOCAL,
    address="",
    force=Span(date(2022, 3, 1)),
)
_shenzhen = Sheet(SHENZHEN, Grade.A)
_hangzhou = Sheet(HANGZHOU, Grade.A)
_EVERYWHERE = (
    "亮明在各地一律如此，由全国性条文的规则守住。",
    "Liangming does so everywhere; held by the rules of national articles.",
)

INSTRUMENTS: Final[tuple[tuple[Instrument, tuple[Article, ...]], ...]] = (
    (
        SHENZHEN,
        (
            _shenzhen("19", "处理生物识别数据须明示同意，并提供不处理生物识别数据的替代方案；必需且不可替代的除外。", "Biometric data need explicit consent and an alternative without them, unless necessary and irreplaceable.", Held.SCENE, why=_EVERYWHERE),
            _shenzhen("20", "未满十四周岁的人的数据按敏感数据处理，须监护人同意。", "Under 14: sensitive, with a guardian's consent.", Held.CHECK, why=_EVERYWHERE),
        ),
    ),
    (
        HANGZHOU,
        (
            _hangzhou("50", "物业服务人不得强制业主、使用人以人脸、指纹等方式进入物业区域。", "Property managers may not force owners or occupiers to give face or fingerprint to enter.", Held.SCENE, why=_EVERYWHERE),
        ),
    ),
)  # fmt: skip
