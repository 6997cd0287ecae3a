"""Hard names, phones and addresses: what stays, what goes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangming.errors import Misuse
from liangming.label.addresses import mask_address
from liangming.label.names import mask_name
from liangming.label.phones import mask_phone


@pytest.mark.parametrize(
    ("name", "seen"),
    [
        ("示例", "示*"),
        ("示例丙", "示**"),
        ("欧阳示", "欧阳*"),  # a compound surname stays whole
        ("歐陽示例", "歐陽**"),
        ("欧阳", "欧*"),  # or is one character and a given name: never all of it
        ("示", "*"),
        ("中山示例", "中**"),
        ("示 例", "示*"),
        ("买买提·示例", "买**·**"),
        ("买买提•示例", "买**·**"),  # dots are written in many ways
        ("示·例", "示·*"),
        ("示例科技有限公司", "示例**"),
        ("𬱖示", "𬱖*"),  # beyond the basic plane
        ("⿰央鸟示例", "⿰央鸟**"),  # a character spelled out is one
        ("\ue123示", "\ue123*"),  # of a font of its own
        ("Li Ming", "L** M**"),
        ("Jean-Luc de la Example", "J** E**"),
        ("X", "**"),
        ("X Y", "X**"),
        ("O’Example", "O**"),
        ("ئەلى تۇرسۇن", "ئ** ت**"),
        ("བཀྲ་ཤིས", "བ**"),
    ],
)
def test_a_name_keeps_what_a_surname_is(name, seen):
    assert mask_name(name).text == seen


@given(st.text(min_size=1, max_size=60))
def test_every_name_hides_at_least_one_character_or_is_no_name(name):
    try:
        seen = mask_name(name)
    except Misuse:
        return
    assert seen.hidden >= 1
    assert "*" in seen.text


@pytest.mark.parametrize("name", ["", "  ", "***", "·", "\u202e", "x" * 61])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(Misuse, match=r"label\.name-unfit"):
        mask_name(name)


@pytest.mark.parametrize(
    ("phone", "seen"),
    [
        ("13800138000", "*******8000"),
        ("１３８ ００１３ ８０００", "*******8000"),
        ("+86 138-0013-8000", "*******8000"),
        ("0086 13800138000", "*******8000"),
        ("010-88888888", "*******8888"),
        ("(0755) 8888 888", "*******8888"),
        ("010-88888888转8001", "*******8888转**"),
        ("13800138000-1234", "*******8000转**"),
        ("400-800-1234", "******1234"),
        ("28888888", "******88"),
        ("8888888", "******8"),
        ("95588", "*****"),
        ("+852 2888 8888", "+852 ******88"),
        ("+853 2888 8888", "+853 ******88"),
        ("+886 2 2888 8888", "+886 ******888"),
        ("+1 202 555 0123", "+1 ******0123"),
    ],
)
def test_a_phone_number_hides_at_least_six_digits(phone, seen):
    assert mask_phone(phone, hide=6).text == seen


@pytest.mark.parametrize(
    "phone",
    ["", "abc", "12345", "990101199003071237", "9901011990030712", "1380013800", "138001380001"],
)
def test_what_is_no_phone_number_is_refused(phone):
    with pytest.raises(Misuse, match=r"label\.phone-unfit"):
        mask_phone(phone, hide=6)


@given(st.from_regex(r"\+?[0-9() -]{3,24}(转[0-9]{1,4})?", fullmatch=True))
def test_no_phone_number_shows_more_than_four_digits_of_a_person(phone):
    try:
        seen = mask_phone(phone, hide=6).text
    except Misuse:
        return
    assert sum(map(str.isdigit, seen.rpartition(" ")[2])) <= 4


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("示例市示例区示例路1号3幢2单元1201室", "示例市示例区示例路1号3幢**"),
        ("示例市示例路88弄12号1201室", "示例市示例路88弄12号**"),
        ("示例小区3号楼2单元1201", "示例小区3号楼**"),
        ("示例小区8-2-1203", "示例小区**"),
        ("示例路1号A座1201", "示例路1号A座**"),
        ("示例路5号示例大厦B座12层1201 示例转", "示例路5号示例大厦B座**"),
        ("示例路1号十二楼", "示例路1号**"),
        ("示例花园二期3栋一单元502", "示例花园二期3栋**"),
        ("示例路1号院2号楼3门402", "示例路1号院2号楼**"),
        ("示例路１号　１２０１", "示例路1号**"),
        ("示例县示例镇示例村3组15号", "示例县示例镇示例村3组**"),  # a house is the household there
        ("示例镇示例村15号", "示例镇示例村**"),
        ("示例嘎查15号", "示例嘎查**"),
        ("示例农场3连12号", "示例农场3连**"),
        ("示例區示例道1號示例大廈12樓B室", "示例區示例道1號示例大廈**"),
        ("Room 1201, Building 3, 1 Example Road", "**, Building 3, 1 Example Road"),
        ("Flat B, 12/F, Block 3, 1 Example Road", "**, **, Block 3, 1 Example Road"),
        # nothing to hide: streets, villages, ways
        ("示例市示例路100号", "示例市示例路100号"),
        ("示例市中关村大街1号", "示例市中关村大街1号"),
        ("示例路1-3号", "示例路1-3号"),
        ("示例路12号门面", "示例路12号门面"),
        ("示例县示例乡示例村委会", "示例县示例乡示例村委会"),
        ("104国道示例段5公里处", "104国道示例段5公里处"),
        ("第1工业园示例路5号", "第1工业园示例路5号"),
        ("地铁5号线示例站A口", "地铁5号线示例站A口"),
    ],
)
def test_an_address_ends_at_the_building(address, seen):
    assert mask_address(address).text == seen


BUILDINGS = st.sampled_from(["1号", "88弄12号", "1号院2号楼", "示例小区3幢", "5号示例大厦B座"])
ROOMS = st.builds(
    str.__mod__,
    st.sampled_from(["%s室", "2单元%s", "12层%s", "%s户", "3-%s", "%s房", "2单元3层%s室", " %s"]),
    st.integers(100, 3999),
)


@given(BUILDINGS, ROOMS)
def test_no_room_number_survives(building, room):
    seen = mask_address(f"示例市示例区示例路{building}{room}").text
    number = "".join(filter(str.isdigit, room))[-3:]
    assert number not in seen
    assert seen.startswith(f"示例市示例区示例路{building}"[:12])


def test_an_address_without_end_is_refused():
    for address in ("", "路", "示" * 121):
        with pytest.raises(Misuse, match=r"label\.address-unfit"):
            mask_address(address)
