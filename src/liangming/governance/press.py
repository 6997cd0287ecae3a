"""Papers worth handing in: parts in two languages, set as PDF/A by typst with the fonts in it.

The template is that of the audit's reports. A paper is data: headings, sentences, tables. Nothing is
fetched, and nothing about a person is in it but what the officer wrote into an account.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final, Literal

import msgspec

from liangming.errors import Kind, Outage, declare
from liangming.law.article_number import in_english
from liangming.rules import Corpus
from liangming.scene.model import Text

if TYPE_CHECKING:
    from typst import Compiler

Tongue = Literal["zh", "en"]
Part = dict[str, Any]
PRESS_MISSING: Final = declare(
    "governance.press-missing",
    Kind.OUTAGE,
    zh="打印材料需要 typst，请安装 liangming[reports]；页面不受影响。",
    en="Printing papers needs typst: install liangming[reports]; the pages need nothing more.",
)
_CHINESE: Final = ("Noto Sans CJK SC", "Noto Sans SC")
_PLAIN: Final = str.maketrans({"“": '\\"', "”": '\\"', "’": "'"})
"""The font's curly quotes are as wide as a Chinese character; within JSON."""
_NO_FONT: Final = Text(
    "本机没有中文字体（Noto Sans CJK SC），中文可能缺字。",
    "This machine has no Chinese font (Noto Sans CJK SC); Chinese characters may be missing.",
)


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """One paper in one language.

    Attributes:
        facts: short lines under the title.
        made_at: its date; the same paper gives the same bytes.
    """

    title: str
    opening: str
    facts: tuple[str, ...]
    parts: tuple[Part, ...]
    tongue: Tongue
    made_at: datetime


def said(text: Text, tongue: Tongue) -> str:
    """A text in one language."""
    return text.zh if tongue == "zh" else text.en


def head(text: str, level: int = 1) -> Part:
    """A heading."""
    return {"kind": "head", "level": level, "text": text}


def line(text: str) -> Part:
    """A paragraph."""
    return {"kind": "text", "text": text}


def quiet(text: str) -> Part:
    """A remark."""
    return {"kind": "quiet", "text": text}


def sign_here(tongue: Tongue) -> Part:
    """Room for a stamp, a hand and a day: papers are handed in by people."""
    zh = tongue == "zh"
    names = (
        ("单位（盖章）", "负责人（签字）", "日期")
        if zh
        else ("Unit, stamp", "Responsible, hand", "Date")
    )
    return {"kind": "sign", "of": list(names)}


def new_page() -> Part:
    """What follows can be handed in by itself."""
    return {"kind": "break"}


def cite(corpus: Corpus, name: str, tongue: Tongue) -> str:
    """An article as it is cited: instrument and number, not our name for it."""
    article = corpus.articles[name]
    instrument = corpus.instruments[article.instrument]
    if tongue == "zh":
        title = instrument.zh.removeprefix("中华人民共和国")
        return f"《{title}》{article.number}"
    return f"{instrument.en} {in_english(article.number)}".strip()


def table(columns: Sequence[float], header: Sequence[str], rows: Sequence[Sequence[str]]) -> Part:
    """A table."""
    return {
        "kind": "table",
        "columns": list(columns),
        "head": list(header),
        "rows": [list(row) for row in rows],
    }


def pdf(paper: Paper) -> bytes:
    """Set a paper; blocks for a moment.

    Raises:
        Outage: ``governance.press-missing``.
    """
    compiler, source, chinese = _press()
    facts = list(paper.facts)
    if not chinese:
        facts.append(said(_NO_FONT, paper.tongue))
    data = {
        "title": paper.title,
        "opening": paper.opening,
        "lang": paper.tongue,
        "facts": facts,
        "parts": list(paper.parts),
    }
    text = json.dumps(data, ensure_ascii=False)
    if paper.tongue == "en":
        text = text.translate(_PLAIN)
    made = compiler.compile(
        source,
        sys_inputs={"report": text},
        format="pdf",
        pdf_standards=["a-2b"],
        timestamp=paper.made_at.replace(microsecond=0),
    )
    if not isinstance(made, bytes):
        raise TypeError("a paper is one file")
    return made


@lru_cache(maxsize=1)
def _press() -> tuple[Compiler, bytes, bool]:
    try:
        import typst
    except ImportError:
        raise Outage(PRESS_MISSING) from None
    fonts = typst.Fonts()
    chinese = any(font.family in _CHINESE for font in fonts.fonts())
    source = (resources.files("liangming.audit.report") / "report.typ").read_bytes()
    return typst.Compiler(font_paths=fonts), source, chinese
