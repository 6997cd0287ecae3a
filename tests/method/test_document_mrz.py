"""The machine-readable zone: the specimens of ICAO Doc 9303, and every way to spoil them."""

import contextlib
import string
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from liangming.errors import LiangmingError, Misuse
from liangming.method.documents import DocumentType, Sex, parse
from liangming.method.documents.mrz import Size, check_digit, read

ON = date(2012, 1, 1)
TD1 = (
    "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"
)
TD2 = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6"
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10"
TD1_LONG = (
    "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<"
)
TD2_LONG = "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<\nD23145890<UTO3407127M95071227349<<<8"


def td3(
    *,
    code="P<",
    issuer="UTO",
    names="ERIKSSON<<ANNA<MARIA",
    number="L898902C3",
    birth="740812",
    sex="F",
    expires="120415",
    optional="",
):
    """A right TD3 zone with some fields changed."""
    number, optional = number.ljust(9, "<"), optional.ljust(14, "<")
    two = f"{number}{check_digit(number)}{issuer}{birth}{check_digit(birth)}{sex}"
    two += f"{expires}{check_digit(expires)}{optional}{check_digit(optional)}"
    two += check_digit(two[:10] + two[13:20] + two[21:43])
    return f"{code}{issuer}{names.ljust(39, '<')[:39]}\n{two}"


def fault(raw, on=ON):
    with pytest.raises(LiangmingError) as caught:
        read(raw, on=on)
    return caught.value.code.name, caught.value.field


@pytest.mark.parametrize(
    ("zone", "size", "code", "number"),
    [
        (TD1, Size.TD1, "I", "D23145890"),
        (TD2, Size.TD2, "I", "D23145890"),
        (TD3, Size.TD3, "P", "L898902C3"),
    ],
)
def test_the_specimens_of_anna_maria_eriksson_are_read(zone, size, code, number):
    found = read(zone, on=ON)
    assert (size, code, "UTO", number, "UTO", date(1974, 8, 12), Sex.FEMALE, date(2012, 4, 15)) == (
        found.size,
        found.code,
        found.issuer,
        found.number,
        found.nationality,
        found.birth,
        found.sex,
        found.expires,
    )
    assert (found.surname, found.given, found.warnings) == ("ERIKSSON", "ANNA MARIA", ())


@pytest.mark.parametrize("zone", [TD1_LONG, TD2_LONG])
def test_a_long_number_goes_on_in_the_optional_field(zone):
    found = read(zone, on=date(1995, 1, 1))
    assert ("D23145890734", date(1934, 7, 12), date(1995, 7, 12)) == (
        found.number,
        found.birth,
        found.expires,
    )


@pytest.mark.parametrize("text,digit", [("520727", "3"), ("AB2134<<<", "5"), ("", "0")])  # noqa: PT006 (short)
def test_the_check_digits_printed_in_part_3_are_right(text, digit):
    assert check_digit(text) == digit


@pytest.mark.parametrize("zone", [TD1, TD2, TD3])
@pytest.mark.parametrize(
    "written",
    [
        lambda zone: zone.replace("\n", ""),
        lambda zone: zone.replace("\n", "\r\n") + "\r\n",
        lambda zone: zone.lower(),
        lambda zone: zone.replace("<", "＜"),
        lambda zone: "\n\n  " + zone.replace("\n", "  \n"),
    ],
)
def test_a_zone_may_come_as_scanners_send_it(zone, written):
    assert read(written(zone), on=ON) == read(zone, on=ON)


@pytest.mark.parametrize(
    ("why", "raw", "expected"),
    [
        ("empty", "", ("document.mrz-size", "mrz")),
        ("a line short", TD3.splitlines()[0], ("document.mrz-size", "mrz")),
        ("unequal lines", TD3 + "<", ("document.mrz-size", "mrz")),
        ("four lines", TD2 + "\n" + TD2, ("document.mrz-size", "mrz")),
        ("endless", "<" * 5000, ("document.mrz-size", "mrz")),
        ("a sign", TD3.replace("ANNA", "ANN?"), ("document.characters", "mrz")),
        ("an umlaut", TD3.replace("ANNA", "ÄNNA"), ("document.characters", "mrz")),
        ("a visa", "V" + TD3[1:], ("document.mrz-not-passport", "mrz")),
        ("O for 0 in a date", TD3.replace("740812", "74O812"), ("document.look-alike", "mrz")),
        ("a letter in a date", TD3.replace("740812", "74A812"), ("document.characters", "mrz")),
        ("number", TD3.replace("L898902C3", "L898902C4"), ("document.mrz-check-digit", "mrz.number")),
        ("O for 0 in the number", TD3.replace("L898902", "L8989O2"), ("document.mrz-check-digit", "mrz.number")),
        ("birth", TD3.replace("740812", "740813"), ("document.mrz-check-digit", "mrz.birth")),
        ("end", TD3.replace("120415", "120416"), ("document.mrz-check-digit", "mrz.expires")),
        ("optional", TD3.replace("ZE184", "ZE185"), ("document.mrz-check-digit", "mrz.optional")),
        ("composite", TD3[:-1] + "1", ("document.mrz-check-digit", "mrz.composite")),
        ("TD1 composite", TD1.replace("<6\n", "<5\n"), ("document.mrz-check-digit", "mrz.composite")),
        ("TD2 composite", TD2[:-1] + "5", ("document.mrz-check-digit", "mrz.composite")),
        ("TD1 overflow", TD1_LONG.replace("7349", "7359"), ("document.mrz-check-digit", "mrz.number")),
        ("TD2 overflow", TD2_LONG.replace("7349<<<8", "7359<<<8"), ("document.mrz-check-digit", "mrz.number")),
        ("TD3 has no overflow", TD3.replace("L898902C36", "L898902C3<"), ("document.mrz-check-digit", "mrz.number")),
        ("no number", td3(number=""), ("document.unreadable", "mrz.number")),
        ("30 February", td3(birth="740230"), ("document.mrz-date", "mrz.birth")),
        ("end in month 13", td3(expires="121315"), ("document.mrz-date", "mrz.expires")),
        ("a digit in the name", td3(names="ER1KSSON<<ANNA"), ("document.characters", "mrz.names")),
        ("no name", td3(names=""), ("document.characters", "mrz.names")),
        ("a digit in the issuer", td3(issuer="UT0"), ("document.characters", "mrz.issuer")),
        ("a sex that is none", td3(sex="Q"), ("document.characters", "mrz.sex")),
    ],
)  # fmt: skip
def test_a_spoilt_zone_is_told_apart(why, raw, expected):
    assert fault(raw) == expected


@pytest.mark.parametrize(
    ("birth", "on", "found", "warned"),
    [
        ("740812", date(2026, 1, 1), date(1974, 8, 12), []),
        ("260101", date(2026, 1, 1), date(2026, 1, 1), ["document.century-unsure"]),
        ("260102", date(2026, 1, 1), date(1926, 1, 2), []),
        ("000229", date(2026, 1, 1), date(2000, 2, 29), []),
        ("991231", date(2000, 1, 1), date(1999, 12, 31), ["document.century-unsure"]),
        ("7408<<", date(2026, 1, 1), None, ["document.birth-incomplete"]),
        ("<<<<<<", date(2026, 1, 1), None, ["document.birth-incomplete"]),
    ],
)
def test_the_century_of_a_birth_is_the_latest_that_is_not_ahead(birth, on, found, warned):
    zone = read(td3(birth=birth, expires="300101"), on=on)
    assert (found, warned) == (zone.birth, [caution.code for caution in zone.warnings])


@pytest.mark.parametrize(
    ("expires", "on", "found"),
    [
        ("120415", date(2026, 1, 1), date(2012, 4, 15)),
        ("350101", date(2026, 1, 1), date(2035, 1, 1)),
        ("991231", date(2026, 1, 1), date(1999, 12, 31)),
        ("050101", date(2098, 1, 1), date(2105, 1, 1)),
        ("<<<<<<", date(2026, 1, 1), None),
    ],
)
def test_the_century_of_an_end_is_the_nearest(expires, on, found):
    assert read(td3(expires=expires), on=on).expires == found


@pytest.mark.parametrize(
    ("names", "surname", "given", "warned"),
    [
        ("ERIKSSON<<ANNA<MARIA", "ERIKSSON", "ANNA MARIA", []),
        ("ARKFREITH", "ARKFREITH", "", []),
        ("VAN<DER<MUELLEN<<JO", "VAN DER MUELLEN", "JO", []),
        ("NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<KRA", "NILAVADHANANANDA", "CHAYAPA DEJTHAMRONG K", ["document.name-may-be-cut"]),
    ],
)  # fmt: skip
def test_names_are_split_at_the_double_filler(names, surname, given, warned):
    zone = read(td3(names=names), on=ON)
    assert (surname, given, warned) == (
        zone.surname,
        zone.given,
        [caution.code for caution in zone.warnings],
    )


def test_every_place_of_both_optional_fields_of_td1_is_under_the_composite():
    one, two = "I<UTOD231458907" + "A" * 15, "7408122F1204159UTO" + "A" * 11
    right = check_digit(one[5:30] + two[:7] + two[8:15] + two[18:29])
    names = TD1.splitlines()[2]
    assert read(f"{one}\n{two}{right}\n{names}", on=ON).number == "D23145890"
    for place in range(15, 30):
        changed = one[:place] + "B" + one[place + 1 :]
        assert fault(f"{changed}\n{two}{right}\n{names}")[1] == "mrz.composite"
    for place in range(18, 29):
        changed = two[:place] + "B" + two[place + 1 :]
        assert fault(f"{one}\n{changed}{right}\n{names}")[1] == "mrz.composite"


def test_a_passport_number_never_goes_on_in_the_optional_field():
    one, two = td3(optional="12" + check_digit("L898902C312")).splitlines()
    two = two[:9] + "<" + two[10:43]
    two += check_digit(two[:10] + two[13:20] + two[21:43])
    assert fault(f"{one}\n{two}") == ("document.mrz-check-digit", "mrz.number")


@pytest.mark.parametrize("mark", ["<", "X"])
def test_a_sex_left_open_is_unspecified(mark):
    assert read(td3(sex=mark), on=ON).sex is Sex.UNSPECIFIED


@pytest.mark.parametrize("digit", ["<", "0"])
def test_an_empty_optional_field_may_have_a_filler_or_a_zero(digit):
    one, two = td3(optional="").splitlines()
    assert read(f"{one}\n{two[:42]}{digit}{two[43]}", on=ON).number == "L898902C3"


def test_a_short_issuer_has_no_fillers():
    assert read(td3(issuer="D<<"), on=ON).issuer == "D"


@given(st.integers(0, 87), st.sampled_from(string.ascii_uppercase + string.digits + "<"))
def test_no_change_in_line_two_gives_another_document_number_by_itself(place, sign):
    """Weights 7-3-1 miss changes by ten (A and K, 0 and A); all others in a checked field are seen."""
    assume(place >= 45)
    changed = TD3[:place] + sign + TD3[place + 1 :]
    before, after = (0 if c == "<" else int(c, 36) for c in (TD3[place], sign))
    assume(before % 10 != after % 10)
    at = place - 45
    assume(at not in range(10, 13) and at != 20)  # nationality and sex are under no check digit
    with pytest.raises(Misuse):
        read(changed, on=ON)


@given(
    st.text(string.ascii_uppercase + string.digits, min_size=1, max_size=9),
    st.dates(date(1913, 1, 1), date(1990, 12, 31)),
    st.dates(date(2012, 1, 1), date(2030, 12, 31)),
    st.sampled_from("MF<"),
)
def test_a_zone_made_by_the_standard_reads_back(number, birth, expires, sex):
    zone = read(
        td3(
            number=number,
            birth=birth.strftime("%y%m%d"),
            expires=expires.strftime("%y%m%d"),
            sex=sex,
        ),
        on=ON,
    )
    assert (number, birth, expires) == (zone.number, zone.birth, zone.expires)


@given(st.text(string.ascii_uppercase + string.digits + "<\n", max_size=100), st.dates())
def test_any_zone_gives_a_result_or_a_declared_error(raw, on):
    with contextlib.suppress(LiangmingError):
        assert read(raw, on=on).number


@pytest.mark.parametrize(
    ("why", "kind", "zone", "code"),
    [
        ("an identity card", DocumentType.PASSPORT, TD1, "mrz-not-passport"),
        ("a TD2 card", DocumentType.PASSPORT, TD2, "mrz-not-passport"),
        ("a Chinese passport", DocumentType.PASSPORT, td3(issuer="CHN"), "is-chinese-passport"),
        ("a foreign one", DocumentType.CHINESE_PASSPORT, TD3, "is-foreign-passport"),
    ],
)
def test_only_the_right_passport_passes(why, kind, zone, code):
    with pytest.raises(Misuse) as caught:
        parse(kind, zone, on=ON)
    assert caught.value.code.name == f"document.{code}"


def test_a_scanned_passport_and_a_typed_one_have_one_number():
    scanned = parse(DocumentType.PASSPORT, TD3, on=ON)
    typed = parse(DocumentType.PASSPORT, "l898902c3", on=ON)
    assert (typed.normal, "UTO", date(1974, 8, 12), Sex.FEMALE) == (
        scanned.normal,
        scanned.issuer,
        scanned.birth,
        scanned.sex,
    )


def test_a_chinese_passport_is_read_when_it_is_asked_for():
    assert parse(DocumentType.CHINESE_PASSPORT, td3(issuer="CHN"), on=ON).issuer == "CHN"
