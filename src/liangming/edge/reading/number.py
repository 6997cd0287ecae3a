"""The 18 places of a resident number, held to the check digit and to the printed date of birth.

The check digit finds every single wrong sign and every swap, so a number that passes it and whose
birth stands printed beside it is as sure as reading gets. One that fails is mended only where the
net itself doubted a place and exactly one other reading of that place agrees with everything; it
is then marked. What cannot be mended stays as read and marked wrong: the clerk corrects it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from liangming.edge.reading.decode import LETTERS, Sign, placed
from liangming.edge.reading.fields import SURE, Field, State, Why, least, text_of
from liangming.edge.reading.rows import Row, solid
from liangming.method.documents.cards import EARLIEST_BIRTH, PLACES, check_digit

DIGITS: Final = "0123456789"
SHAPE: Final = (DIGITS,) * (PLACES - 1) + (DIGITS + "X",)
_ENOUGH: Final = 14
_MOST: Final = 22
_DOUBT: Final = 0.02
_CLEAR: Final = 0.25  # the next candidate must be this much less likely
_ALIKE: Final = {"O": "0", "o": "0", "I": "1", "l": "1", "x": "X", "×": "X", "Z": "2", "B": "8"}


def is_number(row: Row) -> bool:
    """Whether a row ends like a resident number."""
    tail = _tail(row)
    return _ENOUGH <= len(tail) <= _MOST


def is_whole(row: Row) -> bool:
    """Whether a row ends with exactly as many signs as a resident number has."""
    return len(_tail(row)) == PLACES


def _tail(row: Row) -> tuple[Sign, ...]:
    """Signs from the last that is neither digit nor X."""
    signs = solid(row)
    start = len(signs)
    while start and _ALIKE.get(signs[start - 1].text, signs[start - 1].text) in SHAPE[-1]:
        start -= 1
    return signs[start:]


def number_of(row: Row, *, on: date, birth: date | None, male: bool | None) -> Field | None:
    """Read the row as a number.

    Args:
        row: with a label before the digits or without.
        on: today; nobody is born later.
        birth: printed beside it, if it could be read.
        male: printed beside it, if it could be read.
    """
    tail = _tail(row)
    before = [sign.step for sign in solid(row) if sign.step < tail[0].step]
    start = (before[-1] + 1) if before else 0
    line = placed(row.chances[start:], LETTERS, SHAPE)
    if line is None:
        return None
    read = line.signs
    text = text_of(read)
    if fits(text, on=on, birth=birth, male=male):
        if len(tail) != PLACES:
            return Field("number", text, State.CHECK, Why.LENGTH)
        clear = least(read) >= SURE
        return Field(
            "number", text, State.SURE if clear else State.CHECK, Why.NONE if clear else Why.FAINT
        )
    mended = mend(read, on=on, birth=birth, male=male)
    if mended:
        return Field("number", mended, State.CHECK, Why.MENDED)
    right = fits(text, on=on, birth=None, male=None)
    return Field("number", text, State.WRONG, Why.OTHER if right else Why.DIGIT)


def fits(text: str, *, on: date, birth: date | None, male: bool | None) -> bool:
    """Whether check digit, birth and sex agree."""
    if check_digit(text[:-1]) != text[-1]:
        return False
    try:
        born = date.fromisoformat(text[6:14])
    except ValueError:
        return False
    if not EARLIEST_BIRTH <= born <= on:
        return False
    if birth is not None and born != birth:
        return False
    return male is None or (int(text[16]) % 2 == 1) == male


def mend(read: Sequence[Sign], *, on: date, birth: date | None, male: bool | None) -> str:
    """The one other reading that agrees; empty where there is none, or more than one as likely."""
    good = [
        (chance, text) for chance, text in others(read) if fits(text, on=on, birth=birth, male=male)
    ]
    good.sort(reverse=True)
    if not good or (len(good) > 1 and good[1][0] > _CLEAR * good[0][0]):
        return ""
    return good[0][1]


def others(read: Sequence[Sign]) -> Iterator[tuple[float, str]]:
    """Readings that differ in one place where the net itself had a doubt, with their odds."""
    text = text_of(read)
    for place, sign in enumerate(read):
        for other, chance in sign.others:
            if chance >= _DOUBT:
                odds = chance / max(sign.chance, 1e-6)
                yield odds, text[:place] + other + text[place + 1 :]
