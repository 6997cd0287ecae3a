"""The 18-place numbers: resident cards, residence permits, permanent residence of 2023.

All three share the structure of GB 11643 and its check digit, ISO 7064 MOD 11-2. The number is
read in this order, and the order is part of the interface because it decides which error is told:

1. written form (18 places, 17 digits and a digit or X);
2. check digit: a number that fails it was mistyped, and nothing else about it is believed;
3. first places: is it this kind of document at all;
4. region;
5. birth date.

Only the first two places of the region are looked up. A card keeps the region of the day on which
its number was given, for life; counties have been renamed and merged thousands of times since, so
a table of today's codes refuses genuine cards and a table of all codes proves little. The
province codes have been stable since 1980, apart from additions.

Deliberately not checked: whether the number was ever issued, whether it is the holder's.
"""

from __future__ import annotations

from datetime import date
from typing import Final, NoReturn

from liangming.errors import Code, Misuse, Refusal
from liangming.method.documents import cautions, faults, normal
from liangming.method.documents.kinds import DocumentType
from liangming.method.documents.parsed import Expiry, Parsed, Sex

PLACES: Final = 18
FIRST_GENERATION_PLACES: Final = 15
EARLIEST_BIRTH: Final = date(1850, 1, 1)
PERMANENT_RESIDENCE_2023_FROM: Final = date(2023, 12, 1)

PROVINCES: Final = frozenset(
    str(code)
    for codes in (
        range(11, 16),  # 华北
        range(21, 24),  # 东北
        range(31, 38),  # 华东
        range(41, 47),  # 中南
        range(50, 55),  # 西南
        range(61, 66),  # 西北
        (71,),  # 台湾
    )
    for code in codes
)
"""First two places of GB/T 2260 (81 and 82 are on residence permits, see below)."""

PERMIT_REGIONS: Final = frozenset({"810000", "820000", "830000"})
"""Hong Kong, Macao, Taiwan: 国办发〔2018〕81号, item 3."""

TEST_REGION: Final = "99"

_NUMBER = ("gb11643",)
_SEX: Final = {digit: Sex.MALE if int(digit) % 2 else Sex.FEMALE for digit in "0123456789"}


# The weight of a place is a power of two, and 13 leaves 2 when divided by 11: so seventeen digits, read as a
# number to the base 13, are their sum, but for one more doubling.
_BASE: Final = 13
_LAST: Final = {**{str(digit): digit for digit in range(10)}, "X": 10}


def check_digit(seventeen: str) -> str:
    """The check digit of the first seventeen places, ISO 7064 MOD 11-2.

    >>> check_digit("11010519491231002")
    'X'

    Raises:
        ValueError: not seventeen digits.
    """
    if len(seventeen) != PLACES - 1 or not normal.digits(seventeen):
        raise ValueError("seventeen digits are needed")
    return "10X98765432"[int(seventeen, _BASE) * 2 % 11]


def _remainder(number: str) -> int:
    """The sum modulo 11: 1 for a right number, -1 when the places are not digits and X."""
    body, last = number[:-1], _LAST.get(number[-1:])
    if last is None or not normal.digits(body):
        return -1
    return (int(body, _BASE) * 2 + last) % 11


def _birth(number: str) -> date | None:
    try:
        return date.fromisoformat(number[6:14])
    except ValueError:
        return None


def _wrong(code: Code, field: str, citations: tuple[str, ...] = _NUMBER) -> NoReturn:
    raise Misuse(code, citations=citations, field=field)


def _proven(raw: str, field: str) -> str:
    """Steps 1 and 2: the written form, and a right check digit.

    Raises:
        Misuse: the form or the check digit is wrong.
        Refusal: it is a first-generation number.
    """
    # The commonest input is already in its written form; it costs one length and one sum.
    if len(raw) == PLACES and _remainder(raw) == 1:
        return raw
    number = normal.number(raw, field)
    if len(number) == FIRST_GENERATION_PLACES and normal.digits(number):
        raise Refusal(faults.FIRST_GENERATION, citations=("ident-card.23",), field=field)
    if len(number) != PLACES:
        _wrong(faults.LENGTH, field)
    remainder = _remainder(number)
    if remainder == -1:
        body = number[:-1]
        alike = normal.looks_like_digit(body) and normal.looks_like_digit(number[-1].strip("X"))
        _wrong(faults.LOOK_ALIKE if alike else faults.CHARACTERS, field)
    if remainder != 1:
        _wrong(faults.CHECK_DIGIT, field)
    return number


def _day(number: str, on: date, field: str) -> date:
    """Step 5.

    Raises:
        Misuse: no real day, or one that cannot be.
    """
    birth = _birth(number)
    if birth is None or birth > on or birth < EARLIEST_BIRTH:
        _wrong(faults.BIRTH, field)
    return birth


def citizen(
    kind: DocumentType,
    raw: str,
    on: date,
    expires: Expiry | None,
    field: str,
    *,
    allow_test_region: bool = False,
) -> Parsed:
    """A resident card or temporary card.

    Law: ident-card.3, ident-card.23; GB 11643; realname.3 item (1).

    Raises:
        Misuse: not such a number.
        Refusal: a first-generation number.
    """
    number = _proven(raw, field)
    province = number[:2]
    warnings: tuple[cautions.Caution, ...] = ()
    if province not in PROVINCES:
        if province == TEST_REGION and allow_test_region:
            warnings = (cautions.TEST_REGION,)
        elif number[0] == "8":
            _wrong(faults.IS_RESIDENCE_PERMIT, field, ("hmt-permit.3",))
        elif number[0] == "9":
            _wrong(faults.IS_PERMANENT_RESIDENCE, field)
        else:
            _wrong(faults.REGION, field)
    birth = _day(number, on, field)
    return Parsed(
        kind, number, number, birth, _SEX[number[16]], number[:6], None, expires, warnings
    )


def residence_permit(
    kind: DocumentType, raw: str, on: date, expires: Expiry | None, field: str
) -> Parsed:
    """A residence permit of a Hong Kong, Macao or Taiwan resident; the last place may be X.

    Law: 国办发〔2018〕81号 item 3; realname.3 item (3).

    Raises:
        Misuse: not such a number.
    """
    number = _proven(raw, field)
    if number[:6] not in PERMIT_REGIONS:
        if number[0] == "9":
            _wrong(faults.IS_PERMANENT_RESIDENCE, field)
        if number[:2] in PROVINCES:
            _wrong(faults.IS_RESIDENT_CARD, field)
        _wrong(faults.REGION, field, ("hmt-permit.3",))
    birth = _day(number, on, field)
    return Parsed(kind, number, number, birth, _SEX[number[16]], number[:6], None, expires)


def permanent_residence(
    kind: DocumentType, raw: str, on: date, expires: Expiry | None, field: str
) -> Parsed:
    """A foreigner's permanent residence card of 2023.

    The first place, the length and the check digit are sourced and enforced. The inner layout is
    known from software only: the birth date is taken when it is a real day, with a caution.

    Raises:
        Misuse: not such a number.
        Refusal: the check is dated before the first of these cards.
    """
    number = _proven(raw, field)
    if number[0] != "9":
        if number[0] == "8":
            _wrong(faults.IS_RESIDENCE_PERMIT, field, ("hmt-permit.3",))
        _wrong(faults.IS_RESIDENT_CARD, field)
    if on < PERMANENT_RESIDENCE_2023_FROM:
        raise Refusal(faults.NOT_YET_ISSUED, field=field)
    birth = _birth(number)
    if birth is None or birth > on or birth < EARLIEST_BIRTH:
        return Parsed(kind, number, number, expires=expires, warnings=(cautions.LAYOUT_UNREAD,))
    return Parsed(
        kind, number, number, birth, expires=expires, warnings=(cautions.LAYOUT_INFERRED,)
    )
