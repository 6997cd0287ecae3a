"""Which kinds an operator accepts, on which basis; and the table of kinds itself."""

import pytest

from liangming.errors import Misuse, Refusal
from liangming.method.documents import (
    Accepted,
    AcceptedDocuments,
    DocumentType,
    LegalBasis,
    NotAccepted,
    registry,
)
from liangming.rules import Grade

T = DocumentType
LISTED = {
    T.RESIDENT_CARD: 1,
    T.TEMPORARY_RESIDENT_CARD: 1,
    T.MILITARY: 2,
    T.ARMED_POLICE: 2,
    T.RESIDENCE_PERMIT_HMT: 3,
    T.TRAVEL_PERMIT_HK_MACAO: 3,
    T.TRAVEL_PERMIT_TAIWAN: 3,
    T.PASSPORT: 4,
}
UNLISTED = sorted(set(DocumentType) - set(LISTED))


@pytest.mark.parametrize(("kind", "item"), LISTED.items())
def test_every_kind_the_order_lists_is_accepted_on_its_item(kind, item):
    basis = LegalBasis("realname.3", item, Grade.B)
    assert AcceptedDocuments().accepts(kind) == Accepted(kind, basis)


@pytest.mark.parametrize("kind", UNLISTED)
def test_a_kind_the_order_does_not_name_is_not_accepted_by_default(kind):
    assert AcceptedDocuments().accepts(kind) == NotAccepted(kind)
    with pytest.raises(Refusal) as caught:
        AcceptedDocuments().require(kind, at="evidence.type")
    assert (caught.value.code.name, caught.value.citations, caught.value.field) == (
        "document.not-accepted",
        ("realname.3",),
        "evidence.type",
    )


@pytest.mark.parametrize("kind", UNLISTED)
def test_a_kind_stated_in_words_is_accepted_with_a_caution(kind):
    documents = AcceptedDocuments({kind: "  某年某月某部门答复  "})
    accepted = documents.require(kind)
    assert (accepted.basis, [caution.code for caution in accepted.warnings]) == (
        LegalBasis("realname.3", 5, Grade.C, "某年某月某部门答复"),
        ["document.basis-unverified"],
    )


@pytest.mark.parametrize("words", ["", "   ", "字" * 501])
def test_a_basis_without_words_is_misuse(words):
    with pytest.raises(Misuse) as caught:
        AcceptedDocuments({T.CHINESE_PASSPORT: words})
    assert (caught.value.code.name, caught.value.field) == (
        "document.basis-missing",
        "documents.chinese_passport",
    )


def test_a_listed_kind_keeps_the_orders_own_basis():
    documents = AcceptedDocuments({T.PASSPORT: "企业自述"})
    assert documents.accepts(T.PASSPORT) == AcceptedDocuments().accepts(T.PASSPORT)


def test_a_list_grows_into_a_new_list_and_never_changes():
    first = AcceptedDocuments()
    second = first.also(T.PERMANENT_RESIDENCE_2023, "依据一")
    assert first.types() == tuple(kind for kind in registry if kind in LISTED)
    assert set(second.types()) - set(first.types()) == {T.PERMANENT_RESIDENCE_2023}
    with pytest.raises(TypeError):
        second.stated[T.OTHER] = "依据二"


def test_every_kind_has_its_entry_in_the_table():
    assert list(registry) == list(DocumentType)
    for kind, known in registry.items():
        assert (known.type, bool(known.zh), bool(known.en)) == (kind, True, True)
        assert bool(known.unverified_zh) is bool(known.unverified_en)
        assert known.grade is not Grade.C or known.unverified_zh


def test_the_values_that_are_stored_never_change():
    assert [kind.value for kind in DocumentType] == [
        "resident_card",
        "temporary_resident_card",
        "residence_permit_hmt",
        "travel_permit_hk_macao",
        "travel_permit_hk_macao_foreign",
        "travel_permit_taiwan",
        "passport",
        "permanent_residence_2017",
        "permanent_residence_2023",
        "military",
        "armed_police",
        "chinese_passport",
        "other",
    ]
