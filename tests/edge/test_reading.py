"""Fields are what the print says, or doubtful, or missing; never made up."""

from datetime import date

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.edge.printed import SIGNS, Told, chances, front

from liangming.edge.reading.decode import ALIKE, LETTERS, freely, placed
from liangming.edge.reading.fields import Field, Reading, State, Why, joined, text_of
from liangming.edge.reading.lines import Place
from liangming.edge.reading.number import SHAPE
from liangming.edge.reading.read import read_pixels
from liangming.edge.reading.zone import Form
from liangming.edge.synthetic import people
from liangming.method.documents.cards import check_digit

ON = date(2026, 11, 27)
UNTIL = date(2033, 5, 6)
PAPER = np.full((640, 1010, 3), 200, np.uint8)


def holder(seed: int = 1) -> people.Holder:
    made = people.holder(np.random.default_rng(seed))
    return msgspec.structs.replace(made, name="甲试验")


def read(lines: list, doubts: dict | None = None) -> Reading:
    return read_pixels(PAPER.copy(), Told(lines, doubts or {}), on=ON, flat=False)


def field(reading: Reading, name: str) -> tuple[str, State, Why]:
    found = reading.of(name)
    assert found is not None, name
    return found.text, found.state, found.why


@pytest.mark.parametrize("text", ["990101199003071237", "甲·乙", "0", "112233", "<<<<A<<"])
def test_a_clear_line_reads_as_it_is_printed(text: str) -> None:
    assert text_of(freely(chances(text), SIGNS)) == text


def test_a_run_of_fillers_has_the_length_that_the_zone_has_though_the_net_saw_fewer() -> None:
    said = chances("AB<<<<<<CD")
    said[9:13] = said[10]  # two of the six fillers were not seen: blank
    said[9:13, 1 + SIGNS.index("<")] = 0.01
    assert len(freely(said, SIGNS)) < 10
    read_ = placed(said, SIGNS, ("ABCD<",) * 10)
    assert read_ is not None
    assert text_of(read_.signs) == "AB<<<<<<CD"
    assert min(sign.chance for sign in read_.signs) < 0.1, "a forced sign shows that it was forced"


def test_a_look_alike_counts_where_it_may_not_stand_itself() -> None:
    said = chances("O1234")
    as_digits = placed(said, SIGNS, ("0123456789",) * 5)
    assert as_digits is not None
    assert (text_of(as_digits.signs), as_digits.signs[0].chance > 0.99) == ("01234", True)


def test_a_small_letter_counts_for_its_capital_for_no_zone_has_small_ones() -> None:
    signs = (*SIGNS, "z")
    said = np.pad(chances("Z0E"), ((0, 0), (0, 1)), constant_values=1e-7)
    said[1, [1 + signs.index("Z"), 1 + signs.index("z")]] = 0.6, 0.39
    read_ = placed(said, signs, ("AEZ", "0", "AEZ"))
    assert read_ is not None
    assert (text_of(read_.signs), read_.signs[0].chance > 0.98) == ("Z0E", True)


def test_a_line_too_short_for_its_places_is_no_reading() -> None:
    assert placed(chances("12"), SIGNS, SHAPE) is None


@settings(max_examples=25, deadline=None)
@given(st.text("0123456789ABCXYZ<", min_size=1, max_size=14))
def test_with_its_length_known_any_line_reads_as_printed(text: str) -> None:
    read_ = placed(chances(text), SIGNS, ("0123456789ABCXYZ<",) * len(text))
    assert read_ is not None
    assert text_of(read_.signs) == text


def test_a_clear_card_gives_number_and_name_and_nothing_else() -> None:
    one = holder()
    told = read(front(one))
    assert told.document == "resident_card"
    assert {each.name for each in told.fields} == {"number", "name"}
    assert field(told, "number") == (one.number, State.SURE, Why.NONE)
    assert field(told, "name") == ("甲试验", State.SURE, Why.NONE)
    assert "住址" not in repr(told)
    assert one.number not in repr(told)


def test_one_doubtful_place_is_mended_by_the_check_digit_and_marked() -> None:
    one = holder()
    wrong = one.number[:10] + str((int(one.number[10]) + 1) % 10) + one.number[11:]
    told = read(front(one, number=wrong), {wrong: {10: (one.number[10], 0.3)}})
    assert field(told, "number") == (one.number, State.CHECK, Why.MENDED)


def test_a_wrong_number_that_the_net_did_not_doubt_stays_as_read_and_is_marked_wrong() -> None:
    one = holder()
    wrong = one.number[:15] + str((int(one.number[15]) + 1) % 10) + one.number[16:]
    told = read(front(one, number=wrong))
    assert field(told, "number") == (wrong, State.WRONG, Why.DIGIT)


def test_a_number_that_passes_but_disagrees_with_the_printed_birth_is_wrong() -> None:
    one = holder()
    body = one.number[:6] + "19450101" + one.number[14:17]
    other = body + check_digit(body)
    told = read(front(one, number=other))
    assert field(told, "number") == (other, State.WRONG, Why.OTHER)


def test_two_readings_that_both_agree_mend_nothing() -> None:
    one = holder()
    lines = [line for line in front(one) if "出生" not in line[2] and "性别" not in line[2]]
    wrong = one.number[:1] + str((int(one.number[1]) + 1) % 10) + one.number[2:]
    good = [
        (place, digit)
        for place in range(6)
        for digit in "0123456789"
        if digit != wrong[place]
        and check_digit((wrong[:place] + digit + wrong[place + 1 :])[:17]) == wrong[17]
    ][:2]
    assert len(good) == 2
    lines[-1] = (*lines[-1][:2], wrong)
    doubts = {wrong: {place: (digit, 0.3) for place, digit in good}}
    assert field(read(lines, doubts), "number") == (wrong, State.WRONG, Why.DIGIT)


def test_a_faint_name_and_a_name_without_its_label_are_marked() -> None:
    one = holder()
    told = read(front(one), {"甲试验": {1: ("验", 0.1)}})
    assert field(told, "name") == ("甲试验", State.CHECK, Why.FAINT)
    without = [line for line in front(one) if line[2] != "姓名"]
    assert field(read(without), "name") == ("甲试验", State.CHECK, Why.NO_LABEL)


def test_what_cannot_be_seen_is_missing() -> None:
    one = holder()
    only = [line for line in front(one) if line[1] >= 230]
    assert {each.name for each in read(only).fields} == {"number"}
    assert read([(60, 60, "住址试验"), (60, 90, "例")]) == Reading()
    assert read([]) == Reading()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2016.02.18-2036.02.18", ("2036-02-18", State.SURE, Why.NONE)),
        ("2016.02.18-长期", ("长期", State.SURE, Why.NONE)),
        ("2016.02.18-2036.02.13", ("2036-02-13", State.CHECK, Why.TERM)),
        ("2016.02.18-2039.02.18", ("2039-02-18", State.CHECK, Why.TERM)),
        ("2031.02.18-2036.02.18", ("2036-02-18", State.CHECK, Why.TERM)),
        ("2016.13.18-2036.13.18", None),
    ],
)
def test_the_end_of_validity_is_a_term_that_cards_have(text: str, expected: object) -> None:
    signs = SIGNS if "期" in SIGNS else ()
    assert signs
    told = read([(60, 458, "签发机关"), (60, 538, "有效期限"), (240, 538, text)])
    found = told.of("expires")
    assert (None if found is None else (found.text, found.state, found.why)) == expected
    assert told.document == "resident_card"


@pytest.mark.parametrize("form", list(Form))
def test_every_size_of_zone_is_read(form: Form) -> None:
    one = holder()
    lines = {
        Form.TD3: people.passport_lines(one, UNTIL),
        Form.TD2: people.visa_sized_lines(one, UNTIL),
        Form.TD1: people.card_lines(one, UNTIL),
    }[form]
    told = read([(40, 400 + 60 * row, line) for row, line in enumerate(lines)])
    assert field(told, "mrz") == ("\n".join(lines), State.SURE, Why.NONE)
    assert field(told, "number")[0] == one.passport
    assert field(told, "expires")[0] == UNTIL.isoformat()
    assert told.document == ("passport" if form is Form.TD3 else "")


class Asked(Told):
    """Says which lines it was asked to read, and which way up."""

    def read(self, pixels: np.ndarray, at: Place, *, upside_down: bool = False) -> np.ndarray:
        ASKED.append((float(at.corners[0][1]), upside_down))
        return super().read(pixels, at, upside_down=upside_down)


ASKED: list[tuple[float, bool]] = []


def test_of_a_card_whose_birth_and_number_are_seen_the_address_is_not_read() -> None:
    ASKED.clear()
    one = holder()
    told = read_pixels(PAPER.copy(), Asked(front(one)), on=ON, flat=False)
    assert field(told, "number") == (one.number, State.SURE, Why.NONE)
    assert sorted({y for y, _ in ASKED}) == [60, 150, 230, 540], "at 320 stands the address"


def test_where_birth_cannot_be_seen_every_line_is_read() -> None:
    ASKED.clear()
    lines = [line for line in front(holder()) if "出生" not in line[2]]
    read_pixels(PAPER.copy(), Asked(lines), on=ON, flat=False)
    assert sorted({y for y, _ in ASKED}) == [60, 150, 320, 540]


def test_of_a_page_whose_zone_agrees_no_other_line_is_read() -> None:
    ASKED.clear()
    one = holder()
    first, second = people.passport_lines(one, UNTIL)
    page = [(60, 60, "姓名甲试验"), (60, 150, "出生地示例"), (60, 500, first), (60, 560, second)]
    told = read_pixels(PAPER.copy(), Asked(page), on=ON, flat=False)
    assert field(told, "mrz") == (f"{first}\n{second}", State.SURE, Why.NONE)
    assert sorted(ASKED) == [(500, False), (560, False)]


def test_a_zone_that_does_not_agree_has_every_line_read() -> None:
    ASKED.clear()
    first, second = people.passport_lines(holder(), UNTIL)
    wrong = second[:9] + str((int(second[9]) + 1) % 10) + second[10:]
    page = [(60, 60, "姓名甲试验"), (60, 500, first), (60, 560, wrong)]
    told = read_pixels(PAPER.copy(), Asked(page), on=ON, flat=False)
    assert field(told, "mrz")[1:] == (State.WRONG, Why.DIGIT)
    assert sorted(ASKED) == [(60, False), (500, False), (560, False)]


def test_every_sign_that_a_number_or_a_zone_may_hold_is_kept_of_a_line() -> None:
    places = {*"".join(SHAPE), *(sign for form in Form for line in form.value for sign in line)}
    assert {*"".join(places), *"".join(ALIKE), *"".join(ALIKE.values())} == set(LETTERS)


def test_a_doubtful_place_of_a_zone_is_mended_and_a_sure_one_is_not() -> None:
    upper, lower = people.passport_lines(holder(), UNTIL)
    wrong = lower[:14] + str((int(lower[14]) + 3) % 10) + lower[15:]
    lines = [(40.0, 400.0, upper), (40.0, 460.0, wrong)]
    assert field(read(lines), "mrz") == (f"{upper}\n{wrong}", State.WRONG, Why.DIGIT)
    mended = read(lines, {wrong: {14: (lower[14], 0.4)}})
    assert field(mended, "mrz") == (f"{upper}\n{lower}", State.CHECK, Why.MENDED)


def test_a_letter_of_a_name_in_a_zone_has_no_check_digit_so_a_faint_one_is_marked() -> None:
    upper, lower = people.passport_lines(holder(), UNTIL)
    lines = [(40.0, 400.0, upper), (40.0, 460.0, lower)]
    told = read(lines, {upper: {6: ("Z", 0.3)}})
    assert field(told, "name")[1] is State.CHECK
    assert field(told, "number")[1] is State.SURE


@pytest.mark.parametrize("form", list(Form))
def test_a_state_misread_as_another_is_marked_however_clear_it_looks(form: Form) -> None:
    """No check digit stands over the nationality: it was once read ITO for UTO, and sure."""
    one = holder()
    lines = {
        Form.TD3: people.passport_lines(one, UNTIL),
        Form.TD2: people.visa_sized_lines(one, UNTIL),
        Form.TD1: people.card_lines(one, UNTIL),
    }[form]
    wrong = (lines[0], lines[1].replace("UTO", "ITO"), *lines[2:])
    told = read([(40, 400 + 60 * row, line) for row, line in enumerate(wrong)])
    assert field(told, "mrz") == ("\n".join(wrong), State.CHECK, Why.FAINT)
    assert field(told, "number")[:2] == (one.passport, State.SURE)
    sex = 7 if form is Form.TD1 else 20
    faint = read(
        [(40, 400 + 60 * row, line) for row, line in enumerate(lines)],
        {lines[1]: {sex: ("X", 0.3)}},
    )
    assert field(faint, "mrz")[1] is State.CHECK


def test_front_and_back_come_together_and_the_first_reading_stands() -> None:
    one = Reading(document="resident_card", fields=(Field("number", "1", State.SURE),))
    two = Reading(fields=(Field("number", "2", State.SURE), Field("expires", "长期", State.SURE)))
    both = joined([one, two])
    assert [(each.name, each.text) for each in both.fields] == [
        ("number", "1"),
        ("expires", "长期"),
    ]
    assert both.document == "resident_card"
