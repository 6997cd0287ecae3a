"""I8: no document number can reach a label, whatever field it is put into and however written."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liangming.errors import LiangmingError, Refusal
from liangming.label import Label, Party, Shipment, compose
from liangming.label.numbers import looks_like_document
from liangming.web.plays.people import card_number

DAY = date(2026, 11, 27)
FIELDS = ("brand", "waybill", "sort", "station", "name", "phone", "address")
WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
SPOKEN = str.maketrans("0123456789", "〇一二三四五六七八九")
WAYS = (
    lambda n: n,
    lambda n: n.lower(),
    lambda n: n.translate(WIDE),
    lambda n: n.translate(SPOKEN),
    " ".join,
    "-".join,
    "\u200b".join,
    "·".join,
    lambda n: f"{n[:6]} {n[6:14]} {n[14:]}",
    "\u0336".join,
)


def put(field: str, text: str) -> Shipment:
    side = {"name": "示例甲", "phone": "13800138000", "address": "示例市示例路1号"}
    shipment = {"brand": "示例", "waybill": "SL1234567890123", "sort": "", "station": ""}
    if field in side:
        side[field] = text
    else:
        shipment[field] = text
    return Shipment(**shipment, sender=Party(**side), recipient=Party(**side))


def digits(text: str) -> str:
    return "".join(
        c
        for c in text.translate(str.maketrans("〇一二三四五六七八九", "0123456789"))
        if c.isalnum()
    )


def citizen(region: int, born: date, sequence: int) -> str:
    """A number of nobody, with its right check digit."""
    body = f"99{region:04}{born:%Y%m%d}{sequence:03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


NUMBERS = st.one_of(
    st.builds(
        citizen,
        st.integers(0, 9999),
        st.dates(date(1920, 1, 1), date(2026, 1, 1)),
        st.integers(0, 999),
    ),
    st.from_regex(r"[EGDSP][0-9]{8}", fullmatch=True),  # passports
    st.from_regex(r"E[A-HJ-NP-Z][0-9]{7}", fullmatch=True),
    st.from_regex(r"[HM][0-9]{8}([0-9]{2})?", fullmatch=True),  # permits
    st.from_regex(r"[0-9]{8}", fullmatch=True),
    st.from_regex(r"[A-Z]{3}[0-9]{12}", fullmatch=True),  # permanent residents
)


@settings(max_examples=400)
@given(
    st.sampled_from(FIELDS),
    NUMBERS,
    st.sampled_from(WAYS),
    st.sampled_from(["", "示例路", "证号", "a"]),
    st.sampled_from(["", "号", "收"]),
)
def test_no_field_carries_a_document_number_to_a_label(field, number, way, before, after):
    text = way(number) if field == "waybill" else before + way(number) + after
    try:
        label = compose(put(field, text), DAY)
    except LiangmingError:
        return
    for printed in label.texts().values():
        assert number.lower() not in digits(printed).lower()


@pytest.mark.parametrize("field", ["brand", "sort", "station", "name", "address"])
def test_a_free_text_with_a_number_is_refused_with_the_article(field):
    with pytest.raises(Refusal, match=r"label\.long-number") as refused:
        compose(put(field, card_number()), DAY)
    assert refused.value.citations == ("courier.23",)
    assert refused.value.field is not None
    assert refused.value.field.endswith(field)
    assert card_number()[:6] not in str(refused.value)


def test_waybills_of_carriers_pass_and_document_numbers_do_not():
    for waybill in ("SL1234567890123", "YT7777777777777", "773123456789012", "EA123456789CN"):
        assert not looks_like_document(waybill)
        assert compose(put("waybill", waybill), DAY).waybill == waybill
    for number in (card_number(), "H1234567890", "EE1234567"):
        with pytest.raises(LiangmingError, match=r"label\.waybill-unfit"):
            compose(put("waybill", number), DAY)


def test_a_label_has_no_place_for_documents_checks_or_contents():
    told = {f.name for f in msgspec.structs.fields(Shipment)} | {
        f.name for f in msgspec.structs.fields(Party)
    }
    assert told == {
        "brand", "waybill", "sender", "recipient", "sort", "station", "service", "pieces", "grams",
        "name", "phone", "address",
    }  # fmt: skip
    printed = set(Label.__dataclass_fields__)
    assert printed == told - {"name", "phone", "address"}
