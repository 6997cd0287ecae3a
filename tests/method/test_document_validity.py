"""Until when a document may be used."""

from datetime import date, datetime, timedelta, timezone

import pytest

from liangming.errors import LiangmingError, Misuse, Refusal
from liangming.method.documents import LONG_TERM, DocumentType, parse
from liangming.method.documents.cards import check_digit
from liangming.method.documents.validity import months_after

ON = date(2026, 11, 24)
CARD = DocumentType.RESIDENT_CARD
TEMPORARY = DocumentType.TEMPORARY_RESIDENT_CARD
OLD = "11010519491231002X"
YOUNG = "99010120000101001" + check_digit("99010120000101001")


def read(kind=CARD, raw=OLD, **options):
    return parse(kind, raw, on=ON, allow_test_region=True, **options)


def codes(parsed):
    return [caution.code for caution in parsed.warnings if caution.code != "document.test-region"]


def test_a_card_is_valid_on_its_last_day():
    assert read(expires=ON).expires == ON


def test_a_card_is_refused_the_day_after_its_last():
    with pytest.raises(Refusal) as caught:
        read(expires=ON - timedelta(days=1))
    assert (
        caught.value.code.name,
        caught.value.field,
        caught.value.citations,
    ) == ("document.expired", "expires", ("realname.3",))


def test_an_end_that_nobody_stated_stops_nothing():
    assert read().expires is None


def test_long_term_is_a_lawful_end_for_the_old():
    card = read(expires=LONG_TERM)
    assert (card.expires, codes(card)) == (LONG_TERM, [])


@pytest.mark.parametrize(
    ("birth", "warned"), [("19801124", []), ("19801125", ["document.long-term-unlikely"])]
)
def test_long_term_under_46_is_only_a_caution(birth, warned):
    seventeen = f"990101{birth}001"
    assert codes(read(raw=seventeen + check_digit(seventeen), expires=LONG_TERM)) == warned


def test_long_term_on_another_kind_is_only_a_caution():
    permit = read(DocumentType.TRAVEL_PERMIT_TAIWAN, "00000000", expires=LONG_TERM)
    assert codes(permit) == ["document.no-checksum", "document.long-term-unlikely"]


@pytest.mark.parametrize(
    "expires",
    ["2030-01-01", "", "长 期", 20300101, datetime(2030, 1, 1, tzinfo=timezone.utc)],  # noqa: UP017 (plain to read)
)
def test_an_end_that_is_neither_a_day_nor_long_term_is_misuse(expires):
    with pytest.raises(Misuse) as caught:
        read(expires=expires)
    assert (caught.value.code.name, caught.value.field) == ("document.expiry-unreadable", "expires")


@pytest.mark.parametrize(
    ("why", "issued", "expires", "code"),
    [
        ("issued today", ON, None, None),
        ("three months ago to the day", date(2026, 8, 24), None, None),
        ("a day more", date(2026, 8, 23), None, "document.expired"),
        ("31 August ends with November", date(2026, 8, 31), date(2026, 11, 30), None),
        ("stated end as printed", date(2026, 9, 1), date(2026, 12, 1), None),
        ("stated end beyond three months", date(2026, 9, 1), date(2026, 12, 2), "document.expiry-impossible"),
        ("end only, at most three months ahead", None, date(2027, 2, 24), None),
        ("end only, further ahead", None, date(2027, 2, 25), "document.expiry-impossible"),
        ("end only, past", None, date(2026, 11, 23), "document.expired"),
        ("long-term", None, LONG_TERM, "document.expiry-impossible"),
        ("issued tomorrow", date(2026, 11, 25), None, "document.issued-ahead"),
        ("nothing stated", None, None, None),
    ],
)  # fmt: skip
def test_a_temporary_card_is_valid_for_three_months(why, issued, expires, code):
    found = None
    try:
        read(TEMPORARY, YOUNG, issued=issued, expires=expires)
    except LiangmingError as error:
        found = error.code.name
    assert found == code


@pytest.mark.parametrize(
    ("day", "after"),
    [
        (date(2026, 11, 30), date(2027, 2, 28)),
        (date(2027, 11, 30), date(2028, 2, 29)),
        (date(2026, 9, 30), date(2026, 12, 30)),
        (date(2026, 10, 1), date(2027, 1, 1)),
    ],
)
def test_three_months_later_is_the_same_day_or_the_last_of_the_month(day, after):
    assert months_after(day, 3) == after


def test_a_scanned_passport_past_its_end_is_refused_though_nobody_typed_it():
    zone = (
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
    )
    with pytest.raises(Refusal) as caught:
        parse(DocumentType.PASSPORT, zone, on=ON)
    assert caught.value.code.name == "document.expired"
    assert parse(DocumentType.PASSPORT, zone, on=date(2012, 4, 15)).expires == date(2012, 4, 15)


def test_a_typed_end_that_differs_from_the_zone_is_a_caution_and_the_zone_decides():
    zone = (
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"
    )
    read_then = parse(DocumentType.PASSPORT, zone, on=date(2012, 1, 1), expires=date(2022, 4, 15))
    assert (date(2012, 4, 15), ["document.expiry-disagrees"]) == (
        read_then.expires,
        codes(read_then),
    )


def test_an_error_about_the_end_points_beside_the_number():
    with pytest.raises(Refusal) as caught:
        read(expires=date(2020, 1, 1), field="lines.3.evidence.number")
    assert caught.value.field == "lines.3.evidence.expires"
