"""The 18-place numbers: GB 11643, residence permits, permanent residence of 2023."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangming.errors import LiangmingError, Misuse, Refusal
from liangming.method.documents import DocumentType, Sex, parse, same_holder
from liangming.method.documents.cards import PROVINCES, check_digit

ON = date(2026, 11, 24)
CARD = DocumentType.RESIDENT_CARD
PERMIT = DocumentType.RESIDENCE_PERMIT_HMT
PERMANENT = DocumentType.PERMANENT_RESIDENCE_2023


def number(region="990101", birth="19900307", sequence="001"):
    seventeen = f"{region}{birth}{sequence}"
    return seventeen + check_digit(seventeen)


def code_of(kind, raw, **options):
    with pytest.raises(LiangmingError) as caught:
        parse(kind, raw, on=options.pop("on", ON), **options)
    return caught.value.code.name


births = st.dates(date(1850, 1, 1), ON).map(lambda day: day.strftime("%Y%m%d"))
sequences = st.integers(0, 999).map("{:03}".format)
regions = st.sampled_from(sorted(PROVINCES)).flatmap(
    lambda province: st.integers(0, 9999).map(lambda rest: f"{province}{rest:04}")
)
valid_numbers = st.builds(number, regions, births, sequences)


@pytest.mark.parametrize(
    ("raw", "birth", "sex", "age"),
    [
        ("11010519491231002X", date(1949, 12, 31), Sex.FEMALE, 76),
        ("440524188001010014", date(1880, 1, 1), Sex.MALE, 146),
    ],
)
def test_the_numbers_printed_in_the_standard_are_read(raw, birth, sex, age):
    card = parse(CARD, raw, on=ON)
    assert (raw, raw, birth, sex, age, raw[:6], ()) == (
        card.normal,
        card.holder_key,
        card.birth,
        card.sex,
        card.age(ON),
        card.region,
        card.warnings,
    )


@pytest.mark.parametrize(
    "raw",
    [
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        "１１０１０５１９４９１２３１００２ｘ",
        " 110105 19491231 002X ",
        "110105-19491231-002X",
        "110105\u300019491231\u2014002X\r\n",
        "\ufeff11010519491231002X\u200b",
    ],
)
def test_one_number_written_in_many_ways_has_one_written_form(raw):
    assert parse(CARD, raw, on=ON).normal == "11010519491231002X"


@pytest.mark.parametrize(
    ("why", "raw", "code"),
    [
        ("empty", "", "document.unreadable"),
        ("only blanks", " \u3000-", "document.unreadable"),
        ("17 places", "11010519491231002", "document.length"),
        ("19 places", "11010519491231002X1", "document.length"),
        ("endless", "1" * 100_000, "document.length"),
        ("first generation", "110105491231002", "document.first-generation"),
        ("wrong check digit", "110105194912310021", "document.check-digit"),
        ("one digit wrong", "11010519491232002X", "document.check-digit"),
        ("two swapped", "11010519491213002X", "document.check-digit"),
        ("O for 0", "11O10519491231002X", "document.look-alike"),
        ("I for 1 at the end", "44052418800101001I", "document.look-alike"),
        ("X inside", "1101051949123100X2", "document.characters"),
        ("Cyrillic Х at the end", "11010519491231002Х", "document.characters"),
        ("Arabic-Indic digits", "١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "document.characters"),
        ("Chinese numerals", "一二三四五六七八九〇一二三四五六七八", "document.characters"),
        ("a sign at the end", "11010519491231002*", "document.characters"),
        ("no such province", number("160101"), "document.region"),
        ("province 00", number("000101"), "document.region"),
        ("residence permit", number("810000"), "document.is-residence-permit"),
        ("any other 8", number("840000"), "document.is-residence-permit"),
        ("permanent residence", number("911001"), "document.is-permanent-residence"),
        ("test region, not allowed", number("990101"), "document.is-permanent-residence"),
        ("30 February", number("110105", "19900230"), "document.birth"),
        ("29 February, common year", number("110105", "19000229"), "document.birth"),
        ("month 13", number("110105", "19901301"), "document.birth"),
        ("year 0000", number("110105", "00000101"), "document.birth"),
        ("tomorrow", number("110105", "20261125"), "document.birth"),
        ("before 1850", number("110105", "18491231"), "document.birth"),
    ],
)
def test_a_bad_resident_number_is_told_apart(why, raw, code):
    assert code_of(CARD, raw) == code


def test_a_first_generation_number_is_refused_with_its_article():
    with pytest.raises(Refusal) as caught:
        parse(CARD, "110105491231002", on=ON, field="evidence.number")
    assert (caught.value.citations, caught.value.field) == (("ident-card.23",), "evidence.number")


def test_a_number_that_is_no_text_is_misuse():
    assert code_of(CARD, None) == "document.unreadable"
    assert code_of(CARD, 110105) == "document.unreadable"


def test_a_leap_day_birth_is_a_real_day():
    assert parse(CARD, number("110105", "20000229"), on=ON).birth == date(2000, 2, 29)


def test_a_person_born_today_has_a_number():
    assert parse(CARD, number("110105", "20261124"), on=ON).age(ON) == 0


def test_a_test_region_is_allowed_only_when_asked_for_and_says_so():
    card = parse(CARD, number(), on=ON, allow_test_region=True)
    assert [caution.code for caution in card.warnings] == ["document.test-region"]


@pytest.mark.parametrize(
    ("birth", "on", "age"),
    [
        ("20121124", date(2026, 11, 23), 13),
        ("20121124", date(2026, 11, 24), 14),
        ("20101125", date(2026, 11, 24), 15),
        ("20101124", date(2026, 11, 24), 16),
        ("20120229", date(2026, 2, 28), 13),
        ("20120229", date(2026, 3, 1), 14),
    ],
)
def test_age_is_in_completed_years(birth, on, age):
    assert parse(CARD, number("110105", birth), on=on).age(on) == age


def test_an_unknown_birth_date_gives_no_age():
    permit = parse(DocumentType.TRAVEL_PERMIT_TAIWAN, "00000000", on=ON)
    assert permit.age(ON) is None


@pytest.mark.parametrize("region", ["810000", "820000", "830000"])
@pytest.mark.parametrize("sequence", ["000", "001", "002", "003", "004", "005", "006", "007"])
def test_a_residence_permit_reads_like_a_citizen_number(region, sequence):
    raw = number(region, "19900307", sequence)
    permit = parse(PERMIT, raw, on=ON)
    assert (raw, region, date(1990, 3, 7), ()) == (
        permit.normal,
        permit.region,
        permit.birth,
        permit.warnings,
    )


def test_the_last_place_of_a_residence_permit_may_be_x():
    raw = next(
        candidate
        for candidate in (number("810000", sequence=f"{value:03}") for value in range(100))
        if candidate.endswith("X")
    )
    assert parse(PERMIT, raw.lower(), on=ON).normal == raw


@pytest.mark.parametrize(
    ("why", "raw", "code"),
    [
        ("a district inside Hong Kong", number("810101"), "document.region"),
        ("84", number("840000"), "document.region"),
        ("a resident card", "11010519491231002X", "document.is-resident-card"),
        ("permanent residence", number("911001"), "document.is-permanent-residence"),
        ("wrong check digit", number("810000")[:-1] + "?", "document.characters"),
        ("birth ahead", number("830000", "20300101"), "document.birth"),
    ],
)
def test_a_bad_residence_permit_is_told_apart(why, raw, code):
    assert code_of(PERMIT, raw) == code


def test_a_permanent_residence_card_of_2023_gives_an_inferred_birth_date():
    card = parse(PERMANENT, number("911840"), on=ON)
    assert (date(1990, 3, 7), None, ["document.layout-inferred"]) == (
        card.birth,
        card.sex,
        [caution.code for caution in card.warnings],
    )


def test_an_unknown_inner_layout_of_2023_is_a_caution_and_not_an_error():
    card = parse(PERMANENT, number("911840", "99999999"), on=ON)
    assert (
        card.birth,
        [caution.code for caution in card.warnings],
    ) == (None, ["document.layout-unread"])


@pytest.mark.parametrize(
    ("why", "raw", "on", "code"),
    [
        ("the day before the first", number("911840"), date(2023, 11, 30), "not-yet-issued"),
        ("a resident card", "11010519491231002X", ON, "is-resident-card"),
        ("a residence permit", number("820000"), ON, "is-residence-permit"),
        ("17 places", "91184019900307001", ON, "length"),
        ("wrong check digit", "911840199003070011"[:17] + "?", ON, "characters"),
    ],
)
def test_a_bad_permanent_residence_card_of_2023_is_told_apart(why, raw, on, code):
    assert code_of(PERMANENT, raw, on=on) == f"document.{code}"


def test_a_permanent_residence_card_of_2023_is_good_on_its_first_day():
    assert parse(PERMANENT, number("911840"), on=date(2023, 12, 1)).normal == number("911840")


def test_the_provinces_are_those_of_the_standard():
    """GB/T 2260, first two places; 81 and 82 stand on residence permits only."""
    listed = (
        "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 "
        "65 71"
    )
    found = set()
    for province in range(80):
        try:
            parse(CARD, number(f"{province:02}0101"), on=ON)
        except Misuse as error:
            if error.code.name == "document.region":
                continue
            raise
        found.add(f"{province:02}")
    assert found == set(listed.split())


@given(valid_numbers)
def test_every_right_number_is_read_back_as_written(raw):
    card = parse(CARD, raw, on=ON)
    assert raw == card.normal
    assert raw[6:14] == card.birth.strftime("%Y%m%d")
    assert same_holder(card, parse(CARD, raw.lower(), on=ON))


@given(valid_numbers, st.integers(0, 17), st.sampled_from("0123456789X"))
def test_every_change_of_one_place_is_detected(raw, place, sign):
    changed = raw[:place] + sign + raw[place + 1 :]
    if changed == raw:
        return
    with pytest.raises(Misuse) as caught:
        parse(CARD, changed, on=ON)
    assert caught.value.code.name in {"document.check-digit", "document.characters"}


@given(valid_numbers, st.integers(0, 16))
def test_every_swap_of_neighbours_is_detected(raw, place):
    changed = raw[:place] + raw[place + 1] + raw[place] + raw[place + 2 :]
    if changed == raw:
        return
    with pytest.raises(Misuse) as caught:
        parse(CARD, changed, on=ON)
    assert caught.value.code.name in {"document.check-digit", "document.characters"}


@given(st.text("0123456789", min_size=17, max_size=17))
def test_the_table_agrees_with_the_weights_printed_in_the_standard(seventeen):
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    total = sum(int(sign) * weight for sign, weight in zip(seventeen, weights, strict=True))
    assert check_digit(seventeen) == "10X98765432"[total % 11]


@pytest.mark.parametrize("seventeen", ["", "1" * 16, "1" * 18, "1101051949123100X"])
def test_a_check_digit_is_made_of_seventeen_digits_only(seventeen):
    with pytest.raises(ValueError, match="seventeen"):
        check_digit(seventeen)
