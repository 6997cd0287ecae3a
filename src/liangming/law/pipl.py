"""中华人民共和国个人信息保护法, put together in the order of its articles."""

from __future__ import annotations

from typing import Final

from liangming.law.pipl_duties import ARTICLES_DUTIES
from liangming.law.pipl_general import ARTICLES_GENERAL, INSTRUMENT
from liangming.law.pipl_rights import ARTICLES_RIGHTS
from liangming.law.pipl_sensitive import ARTICLES_SENSITIVE
from liangming.law.pipl_telling import ARTICLES_TELLING
from liangming.rules import Article

ARTICLES: Final[tuple[Article, ...]] = (
    *ARTICLES_GENERAL,
    *ARTICLES_TELLING,
    *ARTICLES_SENSITIVE,
    *ARTICLES_RIGHTS,
    *ARTICLES_DUTIES,
)

__all__ = ["ARTICLES", "INSTRUMENT"]
