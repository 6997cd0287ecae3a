"""What staff write into duties: about scenes, causes and contracts, never about a person.

Long runs of digits are refused, for they may be somebody's number; the pages ask for no names.
"""

from __future__ import annotations

import re
from typing import Final

from liangming.errors import Kind, Misuse, declare

MOST: Final = 1000
_NUMBER: Final = re.compile(r"\d{7,}|\d(?:[ \-]?\d){10,}")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

UNFIT: Final = declare(
    "governance.words-unfit",
    Kind.INVALID,
    zh="写场景和做法，不写姓名和号码：不超过 1000 字，不能有七位以上的数字。",
    en="Write about the scene and what is done, no names or numbers: at most 1000 characters, no"
    " run of seven digits or more.",
)


def fit(words: str, field: str) -> str:
    """The words, trimmed.

    Raises:
        Misuse: ``governance.words-unfit``.
    """
    trimmed = words.replace("\r\n", "\n").strip()
    if len(trimmed) > MOST or _NUMBER.search(trimmed) or _CONTROL.search(trimmed):
        raise Misuse(UNFIT, field=field)
    return trimmed
