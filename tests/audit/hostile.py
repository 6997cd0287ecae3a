"""Events made to break an engine, and the same events as a plain table."""

from random import Random  # noqa: TID251  (seeded)
from typing import Any

import pyarrow as pa

from liangming.audit.schema import EVENT_COLUMNS, FACTS, WAYS

TYPES = {
    "int64": pa.int64(),
    "int32": pa.int32(),
    "int16": pa.int16(),
    "int8": pa.int8(),
    "string": pa.string(),
}
SCHEMA = pa.schema([(column.name, TYPES[column.shape.value]) for column in EVENT_COLUMNS])
NOON = 1_795_750_200_000_000
DAY = 86_400_000_000


def event(**changes: Any) -> dict[str, Any]:
    """An ordinary event, but for some columns."""
    usual = {
        "event": 1, "at": NOON, "zone": 480, "operator": "op-1", "outlet": "310-0001",
        "clerk": "k1", "province": 310000, "scene_kind": 1, "channel": 1,
        "ways_offered": 1 | 1 << 7 | 1 << 12, "ways_down": 0, "ways_failed": 0, "way_first": 0,
        "way_chosen": 0, "way_completed": 0, "outcome": 1, "reason": 0, "duration_ms": 18_000,
        "facts": 0, "known": 1,
    }  # fmt: skip
    return {**usual, **changes}


def table(rows: list[dict[str, Any]]) -> pa.Table:
    """Some events as a table of the canonical types."""
    return pa.Table.from_pylist(rows, schema=SCHEMA)


def hostile(seed: int = 1, many: int = 3000) -> list[dict[str, Any]]:
    """Events with every kind of trouble at once.

    Nulls in every column, texts that engines may trim, fold or take for numbers, moments beside
    midnight in many zones, at both ends of time and beyond, integers at the ends of their widths,
    masks and codes that do not exist, outlets and clerks with the same name elsewhere, duplicates,
    one outlet with half of all rows and many with one.
    """
    dice = Random(seed)  # noqa: S311
    texts = ["310-1", "310-1 ", "0310-1", "310|1", "３１０", "", "NULL", "é", "e\u0301", "1e5", "ß"]
    rows = []
    for number in range(many):
        midnight = NOON // DAY * DAY - dice.choice([0, 480, 345, -210, 840, -720]) * 60_000_000
        moments = [
            NOON + dice.randrange(-3 * DAY, 3 * DAY), midnight, midnight - 1, midnight + 1,
            midnight + DAY // 4 - 1, midnight + DAY // 4, 946_684_800_000_000,
            946_684_799_999_999, 4_102_444_799_999_999, 4_102_444_800_000_000, 0, -1,
            -(2**63), 2**63 - 1,
        ]  # fmt: skip
        offered = dice.choice(
            [0, 1, 1 << 12, 1 | 1 << 12, dice.randrange(1 << len(WAYS)), -1, 1 << 14]
        )
        row = {
            "event": dice.choice([number, number // 2, None, -(2**63), 2**63 - 1]),
            "at": dice.choice(moments[:1] * 20 + moments),
            "zone": dice.choice([480] * 20 + [0, 345, -210, 840, -720, 841, -32768]),
            "operator": dice.choice(["op-1", "op-1", "op-2", dice.choice(texts)]),
            "outlet": dice.choice(["big", f"o{number}", dice.choice(texts)]),
            "clerk": dice.choice(["k1", "k2", dice.choice(texts)]),
            "province": dice.choice([310000, 110000, 0, 999_999, -1, 2**31 - 1]),
            "scene_kind": dice.choice([1, 1, 2, dice.randrange(-128, 128)]),
            "channel": dice.choice([1, 1, 2, dice.randrange(-128, 128)]),
            "ways_offered": offered,
            "ways_down": dice.choice([0, 0, 0, 1, offered, dice.randrange(-(2**31), 2**31)]),
            "ways_failed": dice.choice([0, 0, 0, 1 << 12, dice.randrange(1 << 14)]),
            "way_first": dice.choice([0, 12, 14, dice.randrange(-128, 128)]),
            "way_chosen": dice.choice([0, 12, 12, 14, dice.randrange(-128, 128)]),
            "way_completed": dice.choice([0, 12, 14, dice.randrange(-128, 128)]),
            "outcome": dice.choice([0, 1, 1, 1, 2, 3, 4, 5, 6, -1]),
            "reason": dice.choice([0, 0, 1, 7, 8, -128]),
            "duration_ms": dice.choice([18_000, 0, 1, 99, 100, 101, 3_600_000, 2**31 - 1, -1]),
            "facts": dice.choice([0, 1, dice.randrange(1 << len(FACTS)), -1]),
            "known": dice.choice([0, 1, (1 << len(FACTS)) - 1, dice.randrange(1 << 28), 2**31 - 1]),
        }  # fmt: skip
        for name in row:
            if dice.random() < 0.03:
                row[name] = None
        rows.append(row)
    return rows + rows[: many // 10]
