"""Nothing that was typed comes back: not in an error, not in a representation."""

import io
import pickle
import re
import traceback
from datetime import date, datetime

import pytest
import rich.console
import rich.pretty
from hypothesis import example, given
from hypothesis import strategies as st

from liangming.errors import LiangmingError, catalogue
from liangming.method.documents import (
    DocumentType,
    Organisation,
    Parsed,
    mrz,
    parse,
    parse_organisation,
    route,
)
from liangming.method.documents.cards import check_digit

ON = date(2026, 11, 24)
TD3 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<L898902C36UTO7408122F1204159ZE184226B<<<<<10"
DECLARED = {code.name: code for code in catalogue() if code.name.startswith("document.")}
FIELDS = re.compile(
    r"number(\.mrz(\.(number|birth|expires|optional|composite|sex|names|issuer))?)?|expires|organisation"
)

# Texts near the forms, so that every branch is reached, beside any text at all.
near = st.one_of(
    st.text(),
    st.from_regex(r"[0-9]{15}|[0-9]{17}[0-9Xx]|[HM][0-9A]{8,10}|[A-Z]{3}[0-9]{12}", fullmatch=True),
    st.text("0123456789XOIl ＡＺ０９", min_size=13, max_size=20),
    st.text("0123456789X", min_size=17, max_size=17).map(
        lambda text: text + check_digit(text) if text.isdigit() else text
    ),
    st.lists(
        st.tuples(st.integers(0, 87), st.sampled_from("0AOB<9Z\n ")), min_size=1, max_size=3
    ).map(lambda edits: _edited(TD3, edits)),
)


def _edited(text, edits):
    for place, sign in edits:
        text = text[:place] + sign + text[place + 1 :]
    return text


def assert_silent_error(error):
    code = DECLARED[error.code.name]
    where = f" ({error.field})" if error.field else ""
    assert FIELDS.fullmatch(error.field)
    assert str(error) == f"{code.name}{where}: {code.zh} / {code.en}"
    assert error.args == (code.name,)
    # Nothing hides behind it either: no "during handling of…" that quotes the input.
    assert error.__cause__ is None
    assert error.__context__ is None


@given(st.sampled_from(DocumentType), near, st.dates())
@example(DocumentType.PASSPORT, "<", ON)
@example(DocumentType.RESIDENT_CARD, "\ud800" * 18, ON)
@example(DocumentType.PASSPORT, TD3.replace("7408122", "7402308"), ON)
def test_any_text_is_read_or_refused_in_silence(kind, raw, on):
    try:
        parsed = parse(kind, raw, on=on, allow_test_region=True)
    except LiangmingError as error:
        assert_silent_error(error)
    else:
        doubts = "".join(f", {caution.code}" for caution in parsed.warnings)
        assert repr(parsed) == str(parsed) == f"<Parsed {kind.value}{doubts}>"


@given(near)
def test_any_text_as_an_organisation_is_read_or_refused_in_silence(raw):
    try:
        organisation = parse_organisation(raw)
    except LiangmingError as error:
        assert_silent_error(error)
    else:
        assert repr(organisation) in {
            "<Organisation>",
            "<Organisation document.uscc-check-digit>",
        }


@given(near)
def test_what_is_routed_can_be_read_or_refused(raw):
    for kind in route(raw):
        try:
            assert parse(kind, raw, on=ON).type is kind
        except LiangmingError as error:
            assert_silent_error(error)


def pieces(text):
    return {text[start : start + 4] for start in range(len(text) - 3)}


@given(st.text("0123456789", min_size=17, max_size=17))
def test_no_four_places_of_a_number_are_in_an_error_or_a_result(seventeen):
    """Digits only, so that a hit cannot be a word of the message; its own digits are set aside."""
    known = pieces("2013-01-01 2013年1月1日 2017 2023 permanent_residence_2017")
    for raw in (seventeen, seventeen + check_digit(seventeen), seventeen[:15], seventeen[:8]):
        for kind in DocumentType:
            try:
                shown = repr(parse(kind, raw, on=ON))
            except LiangmingError as error:
                shown = str(error) + repr(error) + "".join(traceback.format_exception_only(error))
            assert {piece for piece in pieces(raw) - known if piece in shown} == set()


@pytest.mark.parametrize(
    "value",
    [
        parse(DocumentType.RESIDENT_CARD, "11010519491231002X", on=ON, expires=date(2030, 1, 2)),
        parse(DocumentType.PASSPORT, TD3, on=date(2012, 1, 1)),
        mrz.read(TD3, on=date(2012, 1, 1)),
        parse_organisation("91350100M000100Y43"),
    ],
)
def test_no_way_of_showing_a_result_shows_the_person(value):
    shown = io.StringIO()
    console = rich.console.Console(file=shown, width=300)
    console.print(value)
    console.print(rich.pretty.Pretty(value, expand_all=True))
    console.print([value])
    text = shown.getvalue() + f"{value} {value!r} {[value]} {value!s:>5}"
    for secret in (
        "110105",
        "1949",
        "2030",
        "L898902C3",
        "1974",
        "ERIKSSON",
        "ANNA",
        "UTO",
        "913501",
    ):
        assert secret not in text


def test_a_result_survives_a_process_boundary():
    parsed = parse(DocumentType.RESIDENT_CARD, "11010519491231002X", on=ON)
    assert pickle.loads(pickle.dumps(parsed)) == parsed  # noqa: S301  (made one line above)


def test_a_result_cannot_be_changed():
    parsed = Parsed(DocumentType.OTHER, "1", "1")
    with pytest.raises(AttributeError):
        parsed.normal = "2"
    with pytest.raises(AttributeError):
        Organisation("1").normal = "2"


@given(st.one_of(st.text(), st.integers(), st.datetimes(), st.booleans(), st.binary()))
def test_any_end_of_validity_is_read_or_refused_in_silence(expires):
    with pytest.raises(LiangmingError) as caught:
        parse(DocumentType.OTHER, "1234", on=ON, expires=expires)
    assert caught.value.code.name == "document.expiry-unreadable"
    assert not isinstance(expires, date) or isinstance(expires, datetime)


def test_every_code_speaks_two_languages_and_is_unlike_every_caution():
    assert len(DECLARED) > 20
    for code in DECLARED.values():
        assert re.search(r"[\u4e00-\u9fff]", code.zh)
        assert not re.search(r"[\u4e00-\u9fff]", code.en.replace("长期", ""))
