"""The canonical event, version 1: one row = one identity check, and nothing about a person.

Integers are signed. A moment is microseconds since 1970-01-01T00:00:00 UTC, with the offset of the
place beside it: no engine's session time zone can touch it. Null means *not known*. Ways are a
bitmask, facts are two words of bits (``facts``), words are places in a list (``codes``).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Final

EVENT_VERSION: Final = 1


class Shape(enum.StrEnum):
    """How a column stands in a Parquet file."""

    INT64 = "int64"
    INT32 = "int32"
    INT16 = "int16"
    INT8 = "int8"
    TEXT = "string"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an event.

    Attributes:
        name: its name in every file.
        shape: its type in Parquet.
        required: whether a row without it is left out (and counted).
        zh: what it says.
        en: the same in English.
    """

    name: str
    shape: Shape
    required: bool
    zh: str
    en: str


EVENT_COLUMNS: Final = (
    Column("event", Shape.INT64, False, "事件编号，只用于发现重复", "number of the event, only to find duplicates"),
    Column("at", Shape.INT64, True, "开始的时刻，UTC 微秒", "when it began, UTC microseconds"),
    Column("zone", Shape.INT16, True, "当地与 UTC 相差的分钟数", "minutes the place is ahead of UTC"),
    Column("operator", Shape.TEXT, True, "企业", "operator"),
    Column("outlet", Shape.TEXT, True, "网点", "outlet"),
    Column("clerk", Shape.TEXT, False, "收寄员代号（加密摘要）；无人则为空", "clerk, pseudonymous; null for none"),
    Column("province", Shape.INT32, False, "省级行政区划代码", "six-digit province code"),
    Column("scene_kind", Shape.INT8, False, "场景类型代码", "code of the kind of scene"),
    Column("channel", Shape.INT8, False, "渠道代码", "code of the channel"),
    Column("ways_offered", Shape.INT32, False, "提供了哪些方式（位掩码）", "ways offered, a mask"),
    Column("ways_down", Shape.INT32, False, "其中当时不可用的", "those of them that were out of order"),
    Column("ways_failed", Shape.INT32, False, "试过而失败的", "ways that were tried and failed"),
    Column("way_first", Shape.INT8, False, "排在第一位的方式", "the way shown first"),
    Column("way_chosen", Shape.INT8, False, "最先选择的方式", "the way chosen first"),
    Column("way_completed", Shape.INT8, False, "最终完成的方式", "the way that completed"),
    Column("outcome", Shape.INT8, False, "结果代码", "code of the outcome"),
    Column("reason", Shape.INT8, False, "不予收寄的理由代码", "code of the reason to refuse"),
    Column("duration_ms", Shape.INT32, False, "从开始到结果的毫秒数", "milliseconds from beginning to outcome"),
    Column("facts", Shape.INT32, False, "事实：是或否（位）", "facts: yes or no, by bits"),
    Column("known", Shape.INT32, False, "事实：是否给出（位）", "facts: whether given, by bits"),
)  # fmt: skip
