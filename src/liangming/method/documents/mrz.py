"""The machine-readable zone of ICAO Doc 9303, parts 3 to 6: TD1, TD2 and TD3.

Read in this order: shape, characters, check digits field by field, the composite check digit,
dates, then the fields of letters. A check digit of ``<`` counts as zero where its field is empty. In TD1 and TD2 a
number longer than nine places goes on in the optional field, with ``<`` where its check digit
would stand. Line 1 of TD2 and TD3 (names, issuer) is under no check digit at all.

Names are transliterated by the issuing state (Doc 9303 part 3, section 6): diacritics are gone,
``Ä`` may be ``AE`` or ``A``, apostrophes are dropped, hyphens are spaces. A name from here is
compared with care (``names.same_name``), never used as the person's written name.

Nothing is repaired: a letter O in a date is told as a look-alike, not read as zero.
Visas (``V…``) have other layouts and are no identity documents; they are turned away.
"""

from __future__ import annotations

import enum
from datetime import date
from typing import Any, Final

import msgspec

from liangming.errors import Misuse
from liangming.method.documents import cautions, faults, normal
from liangming.method.documents.cautions import Caution
from liangming.method.documents.parsed import Sex

_CITED = ("icao9303",)
_WEIGHTS: Final = (7, 3, 1)
_SIGNS: Final = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<")
_VALUE: Final = {sign: 0 if sign == "<" else int(sign, 36) for sign in _SIGNS}
_SEX: Final = {"M": Sex.MALE, "F": Sex.FEMALE, "<": Sex.UNSPECIFIED, "X": Sex.UNSPECIFIED}
_OLDEST: Final = 120
"""Years a person may plausibly live; only used to say that a century is unsure."""


class Size(enum.StrEnum):
    """The three sizes of travel documents."""

    TD1 = "TD1"
    TD2 = "TD2"
    TD3 = "TD3"


_SHAPES: Final = {(3, 30): Size.TD1, (2, 36): Size.TD2, (2, 44): Size.TD3}
_LENGTHS: Final = {90: (3, 30), 72: (2, 36), 88: (2, 44)}


class Zone(msgspec.Struct, frozen=True, kw_only=True):
    """What a machine-readable zone states. Personal data: the representation is redacted.

    Attributes:
        size: TD1, TD2 or TD3.
        code: one or two letters; the first is P for passports.
        issuer: issuing state or organisation, up to three letters.
        number: document number, joined when it overflowed.
        nationality: up to three letters.
        birth: None when the zone leaves part of it open.
        sex: as stated.
        expires: None when the zone leaves part of it open.
        surname: primary identifier, transliterated.
        given: secondary identifier, transliterated; may be empty.
        warnings: what could not be settled.
    """

    size: Size
    code: str
    issuer: str
    number: str
    nationality: str
    birth: date | None
    sex: Sex
    expires: date | None
    surname: str
    given: str
    warnings: tuple[Caution, ...] = ()

    def __repr__(self) -> str:
        return f"<Zone {self.size.value}>"

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """What a rich console may show: the same as the representation."""
        return [("size", self.size.value)]


class _Fields(msgspec.Struct, frozen=True, kw_only=True):
    """The zone cut into its fields, the same for all sizes."""

    head: str
    names: str
    number: str
    number_check: str
    nationality: str
    birth: str
    birth_check: str
    sex: str
    expires: str
    expires_check: str
    optional: str
    optional_check: str | None
    composite: str
    composite_check: str

    def __repr__(self) -> str:
        return "<_Fields>"


def check_digit(text: str) -> str:
    """The check digit of Doc 9303 part 3, section 4.9: weights 7-3-1, modulo 10.

    >>> check_digit("520727"), check_digit("AB2134<<<")
    ('3', '5')

    Raises:
        KeyError: a sign that a zone never carries.
    """
    return str(sum(_VALUE[sign] * _WEIGHTS[place % 3] for place, sign in enumerate(text)) % 10)


def is_zone(raw: str) -> bool:
    """Whether a text looks like a machine-readable zone rather than a typed number."""
    return "<" in raw or "＜" in raw


def read(raw: str, *, on: date, field: str = "mrz") -> Zone:
    """Read a zone as a scanner sends it: lines, or all lines run together.

    Args:
        raw: the zone.
        on: the day in China on which it is read; decides the century of two-digit years.
        field: where it stands in the input, for errors.

    Raises:
        Misuse: wrong shape, wrong character, a check digit that does not agree, an unreal date.
    """
    lines, size = _lines(raw, field)
    fields = _cut(lines, size)
    _digits_are_digits(fields, field)
    number = _check(fields, size, field)
    warnings: list[Caution] = []
    birth = _birth(fields.birth, on, f"{field}.birth")
    if birth is None:
        warnings.append(cautions.BIRTH_INCOMPLETE)
    elif on.year - birth.year + 100 <= _OLDEST:
        warnings.append(cautions.CENTURY_UNSURE)
    expires = _expiry(fields.expires, on, f"{field}.expires")
    if expires is None:
        warnings.append(cautions.EXPIRY_ABSENT)
    for part, text in (("names", fields.names), ("issuer", fields.head + fields.nationality)):
        if not text.replace("<", "").isalpha():
            raise Misuse(faults.CHARACTERS, citations=_CITED, field=f"{field}.{part}")
    surname, given = _names(fields.names)
    if not fields.names.endswith("<"):
        warnings.append(cautions.NAME_MAY_BE_CUT)
    if fields.sex not in _SEX:
        raise Misuse(faults.CHARACTERS, citations=_CITED, field=f"{field}.sex")
    return Zone(
        size=size,
        code=fields.head[:2].rstrip("<"),
        issuer=fields.head[2:5].rstrip("<"),
        number=number,
        nationality=fields.nationality.rstrip("<"),
        birth=birth,
        sex=_SEX[fields.sex],
        expires=expires,
        surname=surname,
        given=given,
        warnings=tuple(warnings),
    )


def _lines(raw: str, field: str) -> tuple[list[str], Size]:
    if len(raw) > normal.LONGEST:
        raise Misuse(faults.MRZ_SIZE, citations=_CITED, field=field)
    lines = [text for line in raw.splitlines() if (text := normal.bare(line))]
    if len(lines) == 1:
        count, width = _LENGTHS.get(len(lines[0]), (0, 0))
        lines = [lines[0][width * place : width * (place + 1)] for place in range(count)]
    widths = {len(line) for line in lines}
    size = _SHAPES.get((len(lines), widths.pop())) if len(widths) == 1 else None
    if size is None:
        raise Misuse(faults.MRZ_SIZE, citations=_CITED, field=field)
    if not _SIGNS.issuperset("".join(lines)):
        raise Misuse(faults.CHARACTERS, citations=_CITED, field=field)
    if lines[0][0] == "V":
        raise Misuse(faults.MRZ_NOT_PASSPORT, citations=_CITED, field=field)
    return lines, size


def _cut(lines: list[str], size: Size) -> _Fields:
    if size is Size.TD1:
        one, two, three = lines
        return _Fields(
            head=one[:5],
            names=three,
            number=one[5:14],
            number_check=one[14],
            nationality=two[15:18],
            birth=two[:6],
            birth_check=two[6],
            sex=two[7],
            expires=two[8:14],
            expires_check=two[14],
            optional=one[15:30],
            optional_check=None,
            composite=one[5:30] + two[:7] + two[8:15] + two[18:29],
            composite_check=two[29],
        )
    one, two = lines
    passport = size is Size.TD3
    end = 42 if passport else 35
    return _Fields(
        head=one[:5],
        names=one[5:],
        number=two[:9],
        number_check=two[9],
        nationality=two[10:13],
        birth=two[13:19],
        birth_check=two[19],
        sex=two[20],
        expires=two[21:27],
        expires_check=two[27],
        optional=two[28:end],
        optional_check=two[42] if passport else None,
        composite=two[:10] + two[13:20] + two[21 : end + passport],
        composite_check=two[-1],
    )


def _digits_are_digits(fields: _Fields, field: str) -> None:
    """Dates and check digits hold digits and fillers; a letter there is told as a look-alike."""
    checks = fields.number_check + fields.birth_check + fields.expires_check
    last = (fields.optional_check or "") + fields.composite_check
    text = (checks + last + fields.birth + fields.expires).replace("<", "")
    if not text.isdigit():
        alike = normal.looks_like_digit(text)
        raise Misuse(
            faults.LOOK_ALIKE if alike else faults.CHARACTERS, citations=_CITED, field=field
        )


def _check(fields: _Fields, size: Size, field: str) -> str:
    """Every check digit; gives the document number, joined when it overflowed."""
    number, digit = fields.number, fields.number_check
    if digit == "<" and size is not Size.TD3:
        rest = fields.optional.partition("<")[0]
        number, digit = number + rest[:-1], rest[-1:]
    _agrees(number, digit, f"{field}.number")
    _agrees(fields.birth, fields.birth_check, f"{field}.birth")
    _agrees(fields.expires, fields.expires_check, f"{field}.expires")
    if fields.optional_check is not None:
        _agrees(fields.optional, fields.optional_check, f"{field}.optional")
    if fields.composite_check != check_digit(fields.composite):
        raise Misuse(faults.MRZ_CHECK_DIGIT, citations=_CITED, field=f"{field}.composite")
    number = number.rstrip("<")
    if not number:
        raise Misuse(faults.UNREADABLE, citations=_CITED, field=f"{field}.number")
    return number


def _agrees(text: str, digit: str, field: str) -> None:
    if digit == "<" and not text.strip("<"):
        return
    if digit != check_digit(text):
        raise Misuse(faults.MRZ_CHECK_DIGIT, citations=_CITED, field=field)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _candidates(text: str, on: date, field: str) -> list[date]:
    """The days a six-digit date may mean, in the century of ``on`` and its neighbours."""
    century = on.year // 100 * 100
    year, month, day = int(text[:2]), int(text[2:4]), int(text[4:])
    days = [_day(century + shift + year, month, day) for shift in (-100, 0, 100)]
    found = [candidate for candidate in days if candidate is not None]
    if not found:
        raise Misuse(faults.MRZ_DATE, citations=_CITED, field=field)
    return found


def _birth(text: str, on: date, field: str) -> date | None:
    """The latest day that is not ahead."""
    if "<" in text:
        return None
    past = [candidate for candidate in _candidates(text, on, field) if candidate <= on]
    if not past:
        raise Misuse(faults.MRZ_DATE, citations=_CITED, field=field)
    return max(past)


def _expiry(text: str, on: date, field: str) -> date | None:
    """The day nearest to now: documents are valid for years, not for half centuries."""
    if "<" in text:
        return None
    return min(_candidates(text, on, field), key=lambda candidate: abs(candidate - on))


def _names(text: str) -> tuple[str, str]:
    surname, _, given = text.strip("<").partition("<<")
    return " ".join(surname.replace("<", " ").split()), " ".join(given.replace("<", " ").split())
