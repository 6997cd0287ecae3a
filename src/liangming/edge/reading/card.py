"""The resident card: name and number on its front, end of validity on its back.

Fields are found by their printed labels; where a label cannot be read, a field is found by its
place and marked. Sex and birth are read only to hold the number to them. Address, people and
portrait are not read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np

from liangming.edge.reading.decode import Sign
from liangming.edge.reading.fields import SURE, Field, Reading, State, Why, least
from liangming.edge.reading.lines import Place
from liangming.edge.reading.number import is_number, number_of
from liangming.edge.reading.rows import Row, beside, plain, solid
from liangming.method.documents import LONG_TERM, DocumentType

NAMED: Final = 0.98  # no check digit stands over a name
_NAME: Final = "姓名"
_LABELS: Final = ("姓名", "性别", "民族", "出生", "住址", "公民身份", "签发机关", "有效期限")
_BACK: Final = ("签发机关", "有效期限", "居民身份证")
_BIRTH: Final = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日?")
_SPAN: Final = re.compile(
    r"(\d{4})[.,]?(\d{2})[.,]?(\d{2})[-~—一]+(?:(\d{4})[.,]?(\d{2})[.,]?(\d{2})|(长期))"
)
_TERMS: Final = (5, 10, 20)
_DOTS: Final = dict.fromkeys(map(ord, "•・‧∙."), "·")
_LONGEST_NAME: Final = 30


def read_card(rows: Sequence[Row], *, on: date) -> Reading:
    """Take the fields out of the rows of one side; an empty reading where it is no such card."""
    fields: list[Field] = []
    for row in rows:
        if is_number(row):
            born, male = birth_in(rows), _male(rows)
            found = number_of(row, on=on, birth=born and born[1], male=male)
            name = _name(rows, row)
            fields += [field for field in (found, name) if field is not None]
            break
    until = _until(rows, on)
    if until is not None:
        fields.append(until)
    is_back = any(label in row.text for row in rows for label in _BACK)
    if not fields and not is_back:
        return Reading()
    return Reading(document=DocumentType.RESIDENT_CARD.value, fields=tuple(fields))


def birth_in(rows: Sequence[Row]) -> tuple[Row, date] | None:
    """The line of birth, and its date; None where none is seen, or no such day is."""
    for row in rows:
        found = _BIRTH.search("".join(each.text for each in beside(row, rows)))
        if found is not None:
            try:
                return row, date(*(int(part) for part in found.groups()))
            except ValueError:
                return None
    return None


def is_address(place: Place, birth: Place, number: Place) -> bool:
    """Whether a line stands where a card's front has its address: below birth, above the number."""
    x, y = place.middle
    low, high = birth.middle[1] + birth.size[1] / 2, number.middle[1] - number.size[1] / 2
    sides = np.concatenate([birth.corners[:, 0], number.corners[:, 0]])
    return low < y < high and bool(sides.min() <= x <= sides.max())


def _male(rows: Sequence[Row]) -> bool | None:
    for row in rows:
        text = "".join(each.text for each in beside(row, rows))
        found = re.match(r"性?别?(男|女)民?族?", text)
        if found is not None and ("别" in text or "民" in text):
            return found.group(1) == "男"
    return None


def _name(rows: Sequence[Row], number: Row) -> Field | None:
    labelled = next((row for row in rows if row.text.startswith(_NAME)), None)
    if labelled is not None:
        signs = solid(labelled)[len(_NAME) :]
        if not signs:
            right = [row for row in beside(labelled, rows) if _right_of(row, labelled)]
            signs = solid(right[0]) if right else ()
        return _named(signs, labelled=True)
    # By its place: the topmost line of Han signs on the number's side of the portrait.
    above = [row for row in rows if row.place.middle[1] < number.place.middle[1] and row.text]
    for row in above:
        if not any(row.text.startswith(label) for label in _LABELS) and not re.search(
            r"\d", row.text
        ):
            half_seen = len(row.text) > len(_NAME) and row.text[1] == _NAME[1]
            return _named(solid(row)[2 * half_seen :], labelled=False)
    return None


def _right_of(row: Row, label: Row) -> bool:
    return row is not label and row.place.middle[0] > label.place.middle[0]


def _named(signs: Sequence[Sign], *, labelled: bool) -> Field | None:
    text = plain([sign.text for sign in signs]).translate(_DOTS)
    if not text or len(text) > _LONGEST_NAME:
        return None
    if not all(_is_han(sign) or sign == "·" for sign in text):
        return Field("name", text, State.CHECK, Why.FAINT)
    if not labelled:
        return Field("name", text, State.CHECK, Why.NO_LABEL)
    clear = least(signs) >= NAMED and len(text) > 1
    return Field(
        "name", text, State.SURE if clear else State.CHECK, Why.NONE if clear else Why.FAINT
    )


def _is_han(sign: str) -> bool:
    return "\u3400" <= sign <= "\u9fff" or ord(sign) > 0xFFFF  # noqa: PLR2004


def _until(rows: Sequence[Row], on: date) -> Field | None:
    for row in rows:
        together = beside(row, rows)
        found = _SPAN.search("".join(each.text for each in together))
        if found is None:
            continue
        parts = found.groups()
        try:
            since = date(*(int(part) for part in parts[:3]))
            end = None if parts[6] else date(*(int(part) for part in parts[3:6]))
        except ValueError:
            return None
        signs = [sign for each in together for sign in solid(each)]
        text = LONG_TERM if end is None else end.isoformat()
        if since > on or not _a_term(since, end):
            return Field("expires", text, State.CHECK, Why.TERM)
        clear = least(signs) >= SURE
        return Field(
            "expires", text, State.SURE if clear else State.CHECK, Why.NONE if clear else Why.FAINT
        )
    return None


def _a_term(since: date, end: date | None) -> bool:
    """Cards are valid for 5, 10 or 20 years, or for long (ident-card.5)."""
    if end is None:
        return True
    same = (since.month, since.day) == (end.month, end.day)
    leap = (since.month, since.day) == (2, 29)
    return end.year - since.year in _TERMS and (same or leap)
