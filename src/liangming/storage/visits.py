"""A person's checks: their numbers rest in the person's own row, instead of an index over all checks.

A check that registers or meets somebody writes that person's row anyway. So its number (the 16 bytes of its
id, :func:`liangming.ids.number_of`) is added there, ``persons.visits``, in the same statement; an index
of checks by person would be a page of its own nearly each time. A row never grows beyond
:data:`ROOM` and one group's checks: what made it that long is copied into the table ``visits`` in the same
transaction, and the next number begins the row anew.

So all checks of somebody are found through both. A number may stand in both or twice, and may name a
check that is theirs no more: whoever looks takes each once, and only what ``checks.person`` confirms.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from liangming import ids
from liangming.check.ports import Change

NUMBER: Final = 16  # bytes
ROOM: Final = 32 * NUMBER
"""Bytes of numbers that a person's row holds before they are copied."""
AT_ONCE: Final = 500  # checks looked up in one statement
LISTS: Final = (
    "SELECT visits FROM persons WHERE person = ?1"
    " UNION ALL SELECT numbers FROM visits WHERE person = ?1"
)
"""A person's lists of numbers, in SQLite's words."""


def person_met(change: Change) -> bytes | None:
    """Whose list this change's check joins, if it joins one.

    Raises:
        ValueError: it would name a person whom it neither registers nor meets, and could not be found
            by them.
    """
    person = change.check.person
    if person is None:
        return None
    met = change.person.person if change.person is not None else change.seen
    if met is None and change.check.version > 1:
        return None  # a later step of a check that joined before
    if met != person:
        raise ValueError("a check of a person whom it does not meet")
    return met


def number(check: str) -> bytes:
    """The number of a check.

    Raises:
        ValueError: its id has not the form of one.
    """
    return ids.number_of(check).to_bytes(NUMBER, "big")


def newest_first(lists: Iterable[bytes | None]) -> list[str]:
    """The ids of the checks in some lists, each once, the newest first."""
    numbers = {
        some[begin : begin + NUMBER]
        for some in lists
        if some
        for begin in range(0, len(some), NUMBER)
    }
    found = sorted(numbers, reverse=True)
    return [ids.of_number(ids.CHECK, int.from_bytes(each, "big")) for each in found]


def parts(checks: Sequence[str]) -> Iterable[Sequence[str]]:
    """As many as one statement looks up."""
    for begin in range(0, len(checks), AT_ONCE):
        yield checks[begin : begin + AT_ONCE]
