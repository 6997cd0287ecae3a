"""Articles and error codes."""

from __future__ import annotations

from typing import Final

from liangming.api import faults, reference
from liangming.api.operation import Operation

REFERENCE: Final = "reference"


OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation(
        method="GET",
        path="/v1/law/articles/{id}",
        id="readArticle",
        group=REFERENCE,
        zh="一条法律规定（释义，不是原文）和它在系统中的落实方式。",
        en="One article in our own words, and how it is held.",
        answer=reference.article,
        gives=reference.ArticleAnswer,
        codes=(faults.ARTICLE_UNKNOWN,),
    ),
    Operation(
        method="GET",
        path="/v1/errors",
        id="listErrors",
        group=REFERENCE,
        zh="全部错误码。",
        en="Every error code.",
        answer=reference.errors,
        gives=reference.CodesAnswer,
    ),
)
