"""The cell: what one pass over events gives, and all that the statistics read.

A cell is one row per day, operator, outlet, clerk, scene kind, province and channel; every other
column is a signed 64-bit sum. There is no average, no distinct count, no quantile: cells of other
days, files and machines add up, exactly and in any order, and leaving out a key column is a sum
over the others.

Words used below: *decline known* is a check that offered the face and says whether it was
declined. ``L(t)`` is ``round(1024 · ln t)`` of the duration in milliseconds held between
``SHORTEST_MS`` and ``LONGEST_MS``: an integer, the same on every engine.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from liangming.audit.schema.codes import WAYS

LN_SCALE: Final = 1024
SHORTEST_MS: Final = 100
LONGEST_MS: Final = 3_600_000

BANDS: Final = ("night", "morning", "afternoon", "evening")
"""Local hours 0-5, 6-11, 12-17, 18-23."""

CELL_KEYS: Final = {
    "day": "int32",  # days since 1970-01-01, of the place's own calendar
    "operator": "string",
    "outlet": "string",
    "clerk": "string",  # "" where there is none
    "scene_kind": "int32",  # place in SCENE_KINDS
    "province": "int32",  # six digits, 0 unknown
    "channel": "int32",  # place in CHANNELS
}


@dataclass(frozen=True, slots=True)
class Sum:
    """One sum of a cell.

    Attributes:
        name: the column.
        en: over which checks it counts, or what it adds.
    """

    name: str
    en: str


FINDING_CODES: Final = (
    "v01", "v02", "v03", "v04", "v05", "v06_notice", "v06_consent", "v06_expired", "v07",
    "v07_expired", "v09", "v10", "v11", "v12", "v15", "v16", "v17", "v18", "v20", "v22", "v23",
    "v24", "v27", "v28", "again", "repeat",
)  # fmt: skip
"""Hard findings that one row can show: the inspector's catalogue, and two of our own (``again`` a
registered sender collected again, ``repeat`` a face after an earlier check)."""


def way_column(way: str, deed: str) -> str:
    """The column of one way and one deed (offered, down, chosen, passed, failed).

    >>> way_column("pickup-code", "chosen")
    'pickup_code_chosen'
    """
    return f"{way.replace('.', '_').replace('-', '_')}_{deed}"


WAY_DEEDS: Final = {
    "offered": "checks that offered {way}",
    "down": "checks that offered {way} while it was out of order",
    "chosen": "checks whose first choice was {way}",
    "passed": "checks that passed by {way}",
    "failed": "checks in which {way} was tried and failed",
}

CELL_SUMS: Final = (
    Sum("checks", "all checks"),
    Sum("passed", "outcome passed"),
    Sum("refused", "outcome refused"),
    Sum("undetermined", "outcome undetermined"),
    Sum("abandoned", "outcome abandoned or expired"),
    Sum("refused_otherwise", "refused for a reason outside the closed list"),
    Sum("ways_known", "checks that say which ways were offered"),
    Sum("chosen_known", "checks that offered the face and say what was chosen first"),
    Sum("face_first", "offered the face beside another way, and showed it first"),
    Sum("first_known", "offered the face beside another way, and say what stood first"),
    Sum("face_chosen_first", "face chosen when it stood first beside another way"),
    Sum("face_chosen_other", "face chosen when another way stood first"),
    Sum(
        "pair_to_face", "face chosen beside another way, by a person last seen elsewhere by another"
    ),
    Sum(
        "pair_from_face",
        "another way chosen beside the face, by a person last seen elsewhere by face",
    ),
    Sum(
        "pair_known",
        "chosen beside the face, by a person last seen elsewhere by a way that is told",
    ),
    Sum("pair_face_there", "of pair_known, last seen elsewhere by face"),
    Sum("decline_known", "offered the face and say whether it was declined"),
    Sum("declined", "offered the face and it was declined"),
    Sum("declined_passed", "declined, then passed"),
    Sum("declined_refused", "declined, then refused"),
    Sum("declined_undetermined", "declined, then undetermined"),
    Sum("declined_abandoned", "declined, then abandoned or expired"),
    Sum("declined_face_used", "declined, and yet the face completed or failed"),
    Sum("declined_way_down", "declined, and another way that was offered was out of order"),
    Sum("declined_way_failed", "declined, and another way was tried and failed"),
    Sum("kept_passed", "decline known, not declined, passed"),
    Sum("kept_refused", "decline known, not declined, refused"),
    Sum("kept_undetermined", "decline known, not declined, undetermined"),
    Sum("kept_abandoned", "decline known, not declined, abandoned or expired"),
    Sum("kept_way_down", "decline known, not declined, another offered way was out of order"),
    Sum("kept_way_failed", "decline known, not declined, another way was tried and failed"),
    Sum("declined_timed", "declined, passed, with a duration"),
    Sum("declined_ln", "sum of L(t) over declined_timed"),
    Sum("declined_ln2", "sum of L(t)² over declined_timed"),
    Sum("kept_timed", "decline known, not declined, passed, with a duration"),
    Sum("kept_ln", "sum of L(t) over kept_timed"),
    Sum("kept_ln2", "sum of L(t)² over kept_timed"),
    *(Sum(f"face_offered_{band}", f"face offered, {band}") for band in BANDS),
    *(Sum(f"face_chosen_{band}", f"face chosen first, {band}") for band in BANDS),
    *(Sum(f"declined_{band}", f"face declined, {band}") for band in BANDS),
    *(
        Sum(way_column(way, deed), text.format(way=way))
        for way in WAYS
        for deed, text in WAY_DEEDS.items()
    ),
    *(Sum(code, f"checks that show finding {code}") for code in FINDING_CODES),
    *(
        Sum(f"{code}_tested", f"checks in which {code} could be tested at all")
        for code in FINDING_CODES
    ),
)

CELL_COLUMNS: Final = (*CELL_KEYS, *(column.name for column in CELL_SUMS))
"""Every column of a cell, in order: keys, then sums. ``face_offered``, ``face_chosen``,
``face_passed`` and ``face_failed`` are the columns of the way ``face``."""
