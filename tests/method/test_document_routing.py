"""From the shape of a scan to the kinds it may be."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangming.method.documents import DocumentType, route

T = DocumentType


@pytest.mark.parametrize(
    ("raw", "kinds"),
    [
        ("11010519491231002X", (T.RESIDENT_CARD, T.TEMPORARY_RESIDENT_CARD)),
        ("１１０１０５ 19491231 002x", (T.RESIDENT_CARD, T.TEMPORARY_RESIDENT_CARD)),
        ("810000199003070010", (T.RESIDENCE_PERMIT_HMT,)),
        ("820000199003070010", (T.RESIDENCE_PERMIT_HMT,)),
        ("83000019900307001X", (T.RESIDENCE_PERMIT_HMT,)),
        ("840000199003070010", ()),
        ("911840199003070010", (T.PERMANENT_RESIDENCE_2023,)),
        ("990101199003071237", (T.RESIDENT_CARD, T.TEMPORARY_RESIDENT_CARD)),
        ("ABC123456789012", (T.PERMANENT_RESIDENCE_2017,)),
        ("110105491231002", (T.RESIDENT_CARD,)),
        ("H1234567801", (T.TRAVEL_PERMIT_HK_MACAO,)),
        ("M12345678", (T.TRAVEL_PERMIT_HK_MACAO, T.PASSPORT)),
        ("HA1234567", (T.TRAVEL_PERMIT_HK_MACAO_FOREIGN, T.PASSPORT)),
        ("MA1234567", (T.TRAVEL_PERMIT_HK_MACAO_FOREIGN, T.PASSPORT)),
        ("12345678", (T.TRAVEL_PERMIT_TAIWAN, T.PASSPORT)),
        ("1234567801（A）", (T.TRAVEL_PERMIT_TAIWAN,)),
        ("L898902C3", (T.PASSPORT,)),
        ("E12345678", (T.PASSPORT, T.CHINESE_PASSPORT)),
        ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", (T.PASSPORT,)),
        ("P<CHNZHANG<<SAN<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", (T.CHINESE_PASSPORT,)),
        ("I<UTOD231458907<<<<<<<<<<<<<<<", ()),
        ("军字第1234567号", (T.MILITARY, T.ARMED_POLICE)),
        ("", ()),
        ("?", ()),
        ("1" * 17, ()),
        ("1" * 1000, ()),
    ],
)
def test_a_shape_leads_to_its_kinds(raw, kinds):
    assert route(raw) == kinds


@given(st.text())
def test_any_text_has_a_route_or_none(raw):
    assert set(route(raw)) <= set(DocumentType)
