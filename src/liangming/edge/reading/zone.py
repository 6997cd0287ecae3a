"""Machine-readable zones of TD1, TD2 and TD3, each place read for what may stand in it.

The free reading only finds the lines. Then each line is read with its known number of places, so
that runs of ``<`` count right; a check digit that fails may mend one doubtful sign of its field;
and ``documents.mrz`` judges the whole as it judges a scanner's text.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np

from liangming.edge.reading.decode import LETTERS, Sign, placed
from liangming.edge.reading.fields import SURE, Field, Reading, State, Why, least, text_of
from liangming.edge.reading.number import others
from liangming.edge.reading.rows import Row
from liangming.errors import LiangmingError
from liangming.method.documents import DocumentType, mrz

_DIGIT: Final = "0123456789<"
_LETTER: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
_ANY: Final = _LETTER + "0123456789"
_SEX: Final = "MFX<"
_FEWEST: Final = 22
_USUAL: Final = frozenset(_ANY)
_DATES: Final = (_DIGIT,) * 7


class Form(enum.Enum):
    """A size of zone: the signs of every place, and the spans under a check digit."""

    TD3 = (
        (("PV",) + (_LETTER,) * 43),
        ((_ANY,) * 9 + (_DIGIT,) + (_LETTER,) * 3 + _DATES + (_SEX,) + _DATES + (_ANY,) * 14)
        + (_DIGIT, _DIGIT),
    )
    TD2 = (
        (("PIACV",) + (_LETTER,) * 35),
        ((_ANY,) * 9 + (_DIGIT,) + (_LETTER,) * 3 + _DATES + (_SEX,) + _DATES + (_ANY,) * 7)
        + (_DIGIT,),
    )
    TD1 = (
        (("IAC",) + (_LETTER,) * 4 + (_ANY,) * 25),
        (_DATES + (_SEX,) + _DATES + (_LETTER,) * 3 + (_ANY,) * 11 + (_DIGIT,)),
        ((_LETTER,) * 30),
    )


_SPANS: Final = {  # line, from, to: the check digit stands at ``to``
    Form.TD3: ((1, 0, 9), (1, 13, 19), (1, 21, 27), (1, 28, 42)),
    Form.TD2: ((1, 0, 9), (1, 13, 19), (1, 21, 27)),
    Form.TD1: ((0, 5, 14), (1, 0, 6), (1, 8, 14)),
}


_UNCHECKED: Final = {  # line; where the nationality begins; the sex
    Form.TD3: (1, 10, 20),
    Form.TD2: (1, 10, 20),
    Form.TD1: (1, 15, 7),
}


def is_zone(row: Row) -> bool:
    """Whether a row looks like a line of a zone."""
    text = row.text.upper()
    usual = sum(sign in _USUAL for sign in text)
    return usual >= _FEWEST and usual >= 0.85 * len(text)


def read_zone(rows: Sequence[Row], *, on: date) -> Reading:
    """The zone at the foot of a page; an empty reading where there is none."""
    found = [row for row in rows if is_zone(row)]
    if len(found) < 2 or not any("<" in row.text for row in found):  # noqa: PLR2004
        return Reading()
    best: tuple[float, Reading] | None = None
    for form in Form:
        lines = found[-len(form.value) :]
        if len(lines) < len(form.value):
            continue
        read = [
            placed(row.chances, LETTERS, places)
            for row, places in zip(lines, form.value, strict=True)
        ]
        sure = [line for line in read if line is not None]
        if len(sure) < len(read):
            continue
        likely = float(np.mean([line.likely for line in sure]))
        told = _told(form, [line.signs for line in sure], on)
        if best is None or likely > best[0]:
            best = (likely, told)
        if told.fields and all(field.state is not State.WRONG for field in told.fields):
            return told
    return best[1] if best is not None else Reading()


def _told(form: Form, read: Sequence[Sequence[Sign]], on: date) -> Reading:
    lines, mended = [text_of(line) for line in read], False
    for number, start, end in _SPANS[form]:
        put = _mended(read[number], lines[number], start, end)
        if put != lines[number]:
            lines[number], mended = put, True
    kind = DocumentType.PASSPORT.value if form is Form.TD3 else ""
    try:
        zone = mrz.read("\n".join(lines), on=on)
    except LiangmingError:
        return Reading(
            document=kind, fields=(Field("mrz", "\n".join(lines), State.WRONG, Why.DIGIT),)
        )
    # Check digits stand for the numbers; names, states and sex are under none, so each sign must be
    # clear, and a state that is not the issuer's is looked at again: most often it is one, misread.
    places = [*read[0], *read[2]] if form is Form.TD1 else list(read[0])
    row, at, sex = _UNCHECKED[form]
    places += [*read[row][at : at + 3], read[row][sex]]
    clear = least(sign for sign in places if sign.text != "<") >= SURE
    clear = clear and zone.nationality == zone.issuer
    why = Why.MENDED if mended else Why.NONE
    state = State.CHECK if mended else State.SURE
    name = f"{zone.surname} {zone.given}".strip()
    named = State.SURE if clear else State.CHECK
    doubt = Why.NONE if clear else Why.FAINT
    whole = State.CHECK if State.CHECK in (state, named) else State.SURE
    fields = [Field("mrz", "\n".join(lines), whole, why or doubt)]
    fields.append(Field("name", name, named, doubt))
    fields.append(Field("number", zone.number, state, why))
    if zone.expires is not None:
        fields.append(Field("expires", zone.expires.isoformat(), state, why))
    return Reading(document=kind, fields=tuple(fields))


def _mended(read: Sequence[Sign], line: str, start: int, end: int) -> str:
    """The line, with one doubtful sign of this span put right if its check digit fails."""

    def agrees(text: str) -> bool:
        digit = text[end]
        if digit == "<":
            return not text[start:end].strip("<") or end == 14  # noqa: PLR2004  (goes on later)
        return digit.isdigit() and mrz.check_digit(text[start:end]) == digit

    if agrees(line):
        return line
    span = read[start : end + 1]
    good = [
        (odds, line[:start] + text + line[end + 1 :])
        for odds, text in others(span)
        if agrees(line[:start] + text + line[end + 1 :])
    ]
    good.sort(reverse=True)
    if not good or (len(good) > 1 and good[1][0] > 0.25 * good[0][0]):
        return line
    return good[0][1]
