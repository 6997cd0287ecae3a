"""How the command line speaks: Chinese first, English under it, on the right stream."""

from __future__ import annotations

import json
import sys
from typing import Any

from rich.console import Console

from liangming.errors import LiangmingError

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def say_error(error: LiangmingError) -> None:
    """A failure in plain words, with its code, place and articles."""
    where = f" [{error.field}]" if error.field else ""
    err.print(f"{error.code.zh}{where}", style="bold", markup=False)
    err.print(f"{error.code.en}", markup=False)
    for line in cited(error.citations):
        err.print(f"  {line}", markup=False)
    err.print(f"  {error.code.name}", style="dim", markup=False)


def cited(citations: tuple[str, ...]) -> list[str]:
    """Each article with its instrument and our paraphrase, a line in each language."""
    from liangming.law import CORPUS
    from liangming.law.article_number import in_english

    lines = []
    for citation in citations:
        article = CORPUS.articles.get(citation)
        if article is None:
            lines.append(citation)
            continue
        instrument = CORPUS.instruments[article.instrument]
        lines.append(f"《{instrument.zh}》{article.number}（{citation}）：{article.zh}")
        lines.append(f"{instrument.en} {in_english(article.number)}: {article.en}")
    return lines


def print_json(value: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2) + "\n")
