"""Travel permits, the 2017 card, military papers, the open item, and passports as typed."""

from datetime import date

import pytest

from liangming.errors import LiangmingError
from liangming.method.documents import DocumentType, parse, same_holder

ON = date(2026, 11, 24)
HK = DocumentType.TRAVEL_PERMIT_HK_MACAO
HK_FOREIGN = DocumentType.TRAVEL_PERMIT_HK_MACAO_FOREIGN
TAIWAN = DocumentType.TRAVEL_PERMIT_TAIWAN
PR_2017 = DocumentType.PERMANENT_RESIDENCE_2017
MILITARY = DocumentType.MILITARY
PASSPORT = DocumentType.PASSPORT
CHINESE = DocumentType.CHINESE_PASSPORT
OTHER = DocumentType.OTHER

GOOD = [
    # kind, as written, normal form, holder, cautions
    (HK, "H1234567800", "H1234567800", "H12345678", "no-checksum"),
    (HK, "m12345678", "M12345678", "M12345678", "no-checksum"),
    (HK, "Ｈ１２３４５６７８ ０１", "H1234567801", "H12345678", "no-checksum"),
    (HK_FOREIGN, "HA1234567", "HA1234567", "HA1234567", "no-checksum"),
    (HK_FOREIGN, "ma12345b7", "MA12345B7", "MA12345B7", "no-checksum"),
    (TAIWAN, "12345678", "12345678", "12345678", "no-checksum"),
    (TAIWAN, "12345678 01 (B)", "1234567801(B)", "12345678", "no-checksum"),
    (TAIWAN, "1234567801（b）", "1234567801(B)", "12345678", "no-checksum"),
    (PR_2017, "ABC123456789010", "ABC123456789010", "ABC123456789010", "doubtful-check-digit"),
    (MILITARY, "军字第 1234567 号", "军字第1234567号", "军字第1234567号", "form-unverified"),
    (MILITARY, "1234", "1234", "1234", "form-unverified"),
    (DocumentType.ARMED_POLICE, "武字第1234567号", "武字第1234567号", "武字第1234567号", "form-unverified"),
    (PASSPORT, "l898902c3", "L898902C3", "L898902C3", "no-checksum"),
    (PASSPORT, "1", "1", "1", "no-checksum"),
    (CHINESE, "E12345678", "E12345678", "E12345678", "no-checksum"),
    (CHINESE, "EA1234567", "EA1234567", "EA1234567", "no-checksum"),
    (CHINESE, "PE1234567", "PE1234567", "PE1234567", "no-checksum"),
    (CHINESE, "G12345678", "G12345678", "G12345678", "no-checksum"),
    (CHINESE, "K12345678", "K12345678", "K12345678", "no-checksum unusual-form"),
    (OTHER, "外字0001", "外字0001", "外字0001", "form-unverified"),
]  # fmt: skip

BAD = [
    # kind, as written, code, why
    (HK, "H1234567", "form", "seven digits"),
    (HK, "H123456789", "form", "nine digits"),
    (HK, "A12345678", "form", "another letter"),
    (HK, "HO2345678", "look-alike", "O for 0"),
    (HK, "H1234567é", "characters", "an accent"),
    (HK, "HA1234567", "is-hk-macao-foreign", "the other permit"),
    (HK, "", "unreadable", "empty"),
    (HK_FOREIGN, "H12345678", "is-hk-macao", "the other permit"),
    (HK_FOREIGN, "HA123456", "form", "eight places"),
    (HK_FOREIGN, "HA12345678", "form", "ten places"),
    (HK_FOREIGN, "HB1234567", "form", "another prefix"),
    (HK_FOREIGN, "HA12345六7", "characters", "a Chinese numeral"),
    (TAIWAN, "1234567", "form", "seven digits"),
    (TAIWAN, "1234567801", "form", "a count without its issuer"),
    (TAIWAN, "1234567801(ABCDE)", "form", "an issuer of five"),
    (TAIWAN, " " * 300 + "12345678", "length", "endless"),
    (HK, "1" * 257, "length", "endless"),
    (TAIWAN, "1234567O", "look-alike", "O for 0"),
    (TAIWAN, "12345678[01]", "characters", "square brackets"),
    (PR_2017, "AB1234567890123", "form", "two letters"),
    (PR_2017, "ABC12345678901", "form", "eleven digits"),
    (PR_2017, "ABC12345678901O", "look-alike", "O for 0"),
    (MILITARY, "123", "length", "too short"),
    (MILITARY, "1" * 21, "length", "too long"),
    (MILITARY, "1234;5678", "characters", "a sign"),
    (PASSPORT, "1234567890", "length", "ten places"),
    (PASSPORT, "A/1234", "characters", "a sign"),
    (PASSPORT, "護照1234", "characters", "Chinese"),
    (OTHER, "1" * 41, "length", "too long"),
    (OTHER, "a\x00b", "characters", "a control character"),
]


def codes(parsed):
    return " ".join(caution.code.removeprefix("document.") for caution in parsed.warnings)


@pytest.mark.parametrize(("kind", "raw", "normal", "holder", "cautions"), GOOD)
def test_a_good_number_has_its_written_form_and_its_holder(kind, raw, normal, holder, cautions):
    parsed = parse(kind, raw, on=ON)
    assert (kind, normal, holder, cautions) == (
        parsed.type,
        parsed.normal,
        parsed.holder_key,
        codes(parsed),
    )


@pytest.mark.parametrize(("kind", "raw", "code", "why"), BAD)
def test_a_bad_number_is_told_apart(kind, raw, code, why):
    with pytest.raises(LiangmingError) as caught:
        parse(kind, raw, on=ON, field="evidence.number")
    assert (f"document.{code}", "evidence.number") == (caught.value.code.name, caught.value.field)


@pytest.mark.parametrize(("kind", "raw", "normal", "_holder", "_cautions"), GOOD)
def test_a_written_form_reads_back_as_itself(kind, raw, normal, _holder, _cautions):
    assert parse(kind, normal, on=ON).normal == normal


@pytest.mark.parametrize(
    ("kind", "one", "other", "same"),
    [
        (HK, "H1234567800", "H1234567801", True),
        (HK, "H12345678", "H1234567803", True),
        (HK, "H1234567800", "M1234567800", False),
        (HK, "H1234567800", "H1234567900", False),
        (TAIWAN, "12345678", "1234567803(C)", True),
        (TAIWAN, "12345678", "12345679", False),
        (PASSPORT, "L898902C3", "L898902C4", False),
    ],
)
def test_the_same_holder_is_found_by_the_kinds_own_rule(kind, one, other, same):
    assert same_holder(parse(kind, one, on=ON), parse(kind, other, on=ON)) is same


def test_two_kinds_never_share_a_holder():
    taiwan = parse(TAIWAN, "12345678", on=ON)
    assert not same_holder(taiwan, parse(PASSPORT, "12345678", on=ON))


@pytest.mark.parametrize(("on", "issued"), [(date(2024, 7, 9), False), (date(2024, 7, 10), True)])
def test_the_foreign_permit_exists_from_its_first_day(on, issued):
    found = True
    try:
        parse(HK_FOREIGN, "HA1234567", on=on)
    except LiangmingError as error:
        found = error.code.name != "document.not-yet-issued"
    assert found is issued


def test_a_check_digit_of_grade_c_warns_and_never_blocks():
    good = [
        raw
        for last in "0123456789"
        if not parse(PR_2017, raw := f"ABC12345678901{last}", on=ON).warnings
    ]
    assert len(good) == 1
