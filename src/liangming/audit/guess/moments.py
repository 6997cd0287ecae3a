"""How moments are written, as far as some rows show it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from liangming.audit.ingest.mapping import EXCEL

PATTERNS: Final = (
    "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y-%m-%d %H:%M", "%Y年%m月%d日 %H:%M:%S", "%Y年%m月%d日 %H:%M",
    "%Y年%m月%d日%H时%M分%S秒", "%Y年%m月%d日 %H时%M分%S秒", "%Y%m%d %H:%M", "%Y%m%d%H%M%S", "%Y%m%d %H:%M:%S", "%Y.%m.%d %H:%M:%S",
)  # fmt: skip
DAY_FIRST: Final = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d-%m-%Y %H:%M:%S")
MONTH_FIRST: Final = ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m-%d-%Y %H:%M:%S")
_ISO: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(?:\.\d+)?\s?(Z|[+-]\d{2}(?::?\d{2})?)?"
)
_DIGITS: Final = {10: "epoch-s", 13: "epoch-ms", 16: "epoch-us"}
_SERIAL: Final = (36_526, 73_050)  # 2000 to 2100 as a spreadsheet counts days
_ENOUGH: Final = 0.9


@dataclass(frozen=True, slots=True)
class Written:
    """What was found.

    Attributes:
        form: as a mapping's ``moment``; empty for none.
        read: how many values it reads.
        of: how many there are.
        offsets: whether the values say their offset from UTC.
        ambiguous: whether day and month could be the other way round in every row.
        utc: whether the offset is always UTC, which says nothing of the place.
    """

    form: tuple[str, ...] = ()
    read: int = 0
    of: int = 0
    offsets: bool = False
    ambiguous: bool = False
    utc: bool = False


def written(values: list[str]) -> Written:
    """How some values are written, if nearly all of them are moments."""
    said = [value for value in values if value]
    need = _ENOUGH * len(said)
    if not said:
        return Written()
    iso = [match for value in said if (match := _ISO.fullmatch(value))]
    if len(iso) >= need:
        offsets = [match[1] for match in iso]
        zero = all(one in ("Z", "+00", "+00:00", "+0000") for one in offsets)
        return Written(("iso",), len(iso), len(said), all(offsets), utc=zero)
    for digits, form in _DIGITS.items():
        many = sum(value.isdecimal() and len(value) == digits and value[0] == "1" for value in said)
        if many >= need:
            return Written((form,), many, len(said), offsets=True, utc=True)
    low, high = _SERIAL
    serial = sum(
        bool(re.fullmatch(r"\d{5}(\.\d+)?", value)) and low < float(value) < high for value in said
    )
    if serial >= need and any("." in value for value in said):
        return Written((EXCEL,), serial, len(said))
    return _patterned(said, need)


def _patterned(said: list[str], need: float) -> Written:
    chosen: list[str] = []
    left = said
    for pattern in PATTERNS:
        rest = [value for value in left if not _fits(value, pattern)]
        if len(rest) < len(left):
            chosen.append(pattern)
            left = rest
    if len(said) - len(left) >= need:
        return Written(tuple(chosen), len(said) - len(left), len(said))
    for mine, other in zip((*DAY_FIRST, *MONTH_FIRST), (*MONTH_FIRST, *DAY_FIRST), strict=True):
        many = sum(_fits(value, mine) for value in said)
        if many >= need:
            ambiguous = sum(_fits(value, other) for value in said) == many
            return Written((mine,), many, len(said), ambiguous=ambiguous)
    return Written()


def _fits(value: str, pattern: str) -> bool:
    try:
        datetime.strptime(value, pattern)  # noqa: DTZ007  (only whether it can be read)
    except ValueError:
        return False
    return True
