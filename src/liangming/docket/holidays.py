"""The State Council's yearly notices (国务院办公厅关于部分节假日安排的通知), as dated data.

Entered by hand and compared with two libraries that others keep (``docs/adr/0020-docket.md``). A
year that is not here has no published notice known to this release; a new one is a new entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class Notice:
    """One year's arrangement.

    Attributes:
        year: the year it arranges.
        number: of the notice.
        issued: when.
        off: first and last day of each time off; weekends inside it included.
        work: Saturdays and Sundays that are worked instead (调休上班).
    """

    year: int
    number: str
    issued: date
    off: tuple[tuple[date, date], ...]
    work: tuple[date, ...]


def _notice(
    year: int,
    number: str,
    issued: date,
    off: tuple[tuple[int, int, int, int], ...],
    work: tuple[tuple[int, int], ...],
) -> Notice:
    return Notice(
        year,
        number,
        issued,
        tuple((date(year, a, b), date(year, c, d)) for a, b, c, d in off),
        tuple(date(year, month, day) for month, day in work),
    )


NOTICES: Final = {
    notice.year: notice
    for notice in (
        _notice(
            2024,
            "国办发明电〔2023〕7号",
            date(2023, 10, 25),
            (
                (1, 1, 1, 1),  # 元旦
                (2, 10, 2, 17),  # 春节
                (4, 4, 4, 6),  # 清明节
                (5, 1, 5, 5),  # 劳动节
                (6, 10, 6, 10),  # 端午节
                (9, 15, 9, 17),  # 中秋节
                (10, 1, 10, 7),  # 国庆节
            ),
            ((2, 4), (2, 18), (4, 7), (4, 28), (5, 11), (9, 14), (9, 29), (10, 12)),
        ),
        _notice(
            2025,
            "国办发明电〔2024〕12号",
            date(2024, 11, 12),
            (
                (1, 1, 1, 1),
                (1, 28, 2, 4),
                (4, 4, 4, 6),
                (5, 1, 5, 5),
                (5, 31, 6, 2),
                (10, 1, 10, 8),  # 国庆节、中秋节
            ),
            ((1, 26), (2, 8), (4, 27), (9, 28), (10, 11)),
        ),
        _notice(
            2026,
            "国办发明电〔2025〕7号",
            date(2025, 11, 4),
            (
                (1, 1, 1, 3),
                (2, 15, 2, 23),
                (4, 4, 4, 6),
                (5, 1, 5, 5),
                (6, 19, 6, 21),
                (9, 25, 9, 27),
                (10, 1, 10, 7),
            ),
            ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)),
        ),
    )
}
"""By year."""
