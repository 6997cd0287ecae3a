"""Holders of specimen documents: made up by a seeded generator, numbers of region 99 belong to nobody."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

import msgspec
import numpy as np

from liangming.method.documents.cards import check_digit
from liangming.method.documents.mrz import check_digit as zone_digit

FAMILY: Final = tuple("甲乙丙丁戊庚辛壬癸东南西北春夏秋冬")
GIVEN: Final = tuple("样示例试本测验安宁清和平明远文思敏嘉瑞欣然子涵一诺彤")
PEOPLES: Final = ("汉", "满", "回", "苗", "壮", "藏", "维吾尔", "土家")
PLACES: Final = "示例市样本区试验路测试里街巷村镇"
LATIN: Final = ("SPECIMEN", "EXAMPLE", "SAMPLE", "MUSTER", "UTOPIAN", "NOBODY", "PROOF", "TRIAL")
FIRST: Final = ("ANNA", "MARIA", "JOHN", "LI", "WEI", "OTTO", "ZOE", "KIM")
EPOCH: Final = date(1940, 1, 1)


class Holder(msgspec.Struct, frozen=True, kw_only=True):
    """Nobody."""

    name: str
    female: bool
    people: str
    birth: date
    address: str
    number: str
    issuer: str
    since: date
    until: date | None  # None: long-term
    surname: str
    given: str
    passport: str


def holder(rng: np.random.Generator) -> Holder:
    """A holder, the same for the same generator."""

    def some(signs: tuple[str, ...] | str, count: int) -> str:
        return "".join(signs[int(rng.integers(len(signs)))] for _ in range(count))

    birth = EPOCH + timedelta(days=int(rng.integers(25_000)))
    female = bool(rng.integers(2))
    body = f"99{rng.integers(10_000):04}{birth:%Y%m%d}{rng.integers(100):02}"
    body += str(int(rng.integers(5)) * 2 + (not female))
    since = date(2012, 3, 1) + timedelta(days=int(rng.integers(4000)))
    since = since.replace(day=min(since.day, 28))
    name = some(FAMILY, 1) + some(GIVEN, int(rng.integers(1, 3)))
    if rng.random() < 0.1:  # noqa: PLR2004
        name = some(GIVEN, 3) + "·" + some(GIVEN, 3)
    long = rng.random() < 0.25  # noqa: PLR2004
    return Holder(
        name=name,
        female=female,
        people=PEOPLES[int(rng.integers(len(PEOPLES)))],
        birth=birth,
        address=some(PLACES, int(rng.integers(8, 24))) + f"{rng.integers(1, 999)}号",
        number=body + check_digit(body),
        issuer=some(PLACES, 4) + "公安局样本",
        since=since,
        until=None if long else since.replace(year=since.year + 20),
        surname=LATIN[int(rng.integers(len(LATIN)))],
        given=" ".join(FIRST[int(rng.integers(len(FIRST)))] for _ in range(rng.integers(1, 3))),
        passport=some("ABCDEFGHJKLMNPRSTUVWXYZ", 1) + f"{rng.integers(10**8):08}",
    )


def _filled(text: str, wide: int) -> str:
    return text.replace(" ", "<").ljust(wide, "<")[:wide]


def passport_lines(holder: Holder, expires: date) -> tuple[str, str]:
    """The two lines of TD3, issued by UTO as in ICAO's own specimens."""
    one = _filled(f"P<UTO{holder.surname}<<{holder.given}", 44)
    number, birth, end = holder.passport, f"{holder.birth:%y%m%d}", f"{expires:%y%m%d}"
    sex = "F" if holder.female else "M"
    optional = "<" * 14
    two = f"{number}{zone_digit(number)}UTO{birth}{zone_digit(birth)}{sex}{end}{zone_digit(end)}"
    two += f"{optional}<"
    return one, two + zone_digit(two[:10] + two[13:20] + two[21:43])


def card_lines(holder: Holder, expires: date) -> tuple[str, str, str]:
    """The three lines of TD1."""
    number, birth, end = holder.passport, f"{holder.birth:%y%m%d}", f"{expires:%y%m%d}"
    one = _filled(f"I<UTO{number}{zone_digit(number)}", 30)
    sex = "F" if holder.female else "M"
    two = _filled(f"{birth}{zone_digit(birth)}{sex}{end}{zone_digit(end)}UTO", 29)
    two += zone_digit(one[5:30] + two[:7] + two[8:15] + two[18:29])
    return one, two, _filled(f"{holder.surname}<<{holder.given}", 30)


def visa_sized_lines(holder: Holder, expires: date) -> tuple[str, str]:
    """The two lines of TD2."""
    number, birth, end = holder.passport, f"{holder.birth:%y%m%d}", f"{expires:%y%m%d}"
    one = _filled(f"I<UTO{holder.surname}<<{holder.given}", 36)
    sex = "F" if holder.female else "M"
    two = f"{number}{zone_digit(number)}UTO{birth}{zone_digit(birth)}{sex}{end}{zone_digit(end)}"
    two = _filled(two, 35)
    return one, two + zone_digit(two[:10] + two[13:20] + two[21:35])
