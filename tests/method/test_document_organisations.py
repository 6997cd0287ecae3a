"""The unified social credit code: alphabet and length block, the check character warns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangming.errors import Misuse
from liangming.method.documents import parse_organisation
from liangming.method.documents.uscc import check_character

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
bodies = st.text(ALPHABET, min_size=17, max_size=17)


def codes(organisation):
    return [caution.code for caution in organisation.warnings]


@pytest.mark.parametrize(
    "raw", ["91350100M000100Y43", "91350100m000100y43", "９１３５０１００Ｍ０００１００Ｙ４３", "91350100-M000100Y4-3"]
)  # fmt: skip
def test_the_code_printed_in_the_standard_is_read(raw):
    organisation = parse_organisation(raw)
    assert (organisation.normal, codes(organisation)) == ("91350100M000100Y43", [])


def test_a_failed_check_character_warns_and_does_not_block():
    assert codes(parse_organisation("91350100M000100Y44")) == ["document.uscc-check-digit"]


@pytest.mark.parametrize("sign", "IOZSVioz*中")
def test_a_sign_outside_the_alphabet_is_malformed(sign):
    with pytest.raises(Misuse) as caught:
        parse_organisation(f"91350100M000100Y4{sign}", field="sender.organisation")
    assert (caught.value.code.name, caught.value.field, caught.value.citations) == (
        "document.uscc-alphabet",
        "sender.organisation",
        ("gb32100",),
    )


@pytest.mark.parametrize("raw", ["91350100M000100Y4", "91350100M000100Y433", "350100000000001"])
def test_a_code_has_eighteen_places(raw):
    with pytest.raises(Misuse) as caught:
        parse_organisation(raw)
    assert caught.value.code.name == "document.uscc-length"


@pytest.mark.parametrize("raw", ["", "  ", None])
def test_nothing_is_no_code(raw):
    with pytest.raises(Misuse) as caught:
        parse_organisation(raw)
    assert caught.value.code.name == "document.unreadable"


@given(bodies)
def test_the_check_character_of_any_body_agrees_with_itself(body):
    assert codes(parse_organisation(body + check_character(body))) == []


@given(bodies, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_a_change_of_one_place_is_noticed(body, place, sign):
    changed = body[:place] + sign + body[place + 1 :]
    expected = [] if changed == body else ["document.uscc-check-digit"]
    assert codes(parse_organisation(changed + check_character(body))) == expected
