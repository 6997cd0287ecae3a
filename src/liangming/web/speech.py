"""Template filters: texts that come in both languages, dates as people write them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import template

from liangming.clock import CHINA
from liangming.law.article_number import in_english
from liangming.web.language import speaks_english

register = template.Library()


@register.filter
def said(text: Any) -> str:
    """The side of a two-language value (``Text``, a notice's item, an article) for this page."""
    return str(text.en if speaks_english() else text.zh) if text else ""


@register.filter
def article(number: str) -> str:
    """An article's number: 第二十三条, Article 23."""
    return in_english(number) if speaks_english() else number


@register.filter
def day(moment: datetime | None) -> str:
    """The day in China: 2026年11月24日, 24 November 2026."""
    if moment is None:
        return ""
    local = moment.astimezone(CHINA)
    if speaks_english():
        return f"{local.day} {local:%B %Y}"
    return f"{local.year}年{local.month}月{local.day}日"


@register.filter
def eve(moment: datetime | None) -> str:
    """The last day before a moment that is too late."""
    return day(moment - timedelta(microseconds=1)) if moment else ""


@register.filter
def minute(moment: datetime | None) -> str:
    """Day and time in China."""
    return f"{day(moment)} {moment.astimezone(CHINA):%H:%M}" if moment else ""
