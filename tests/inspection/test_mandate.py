"""A mandate is read strictly, says the same everywhere, and cannot be widened."""

from __future__ import annotations

import base64
import hashlib
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangming.errors import LiangmingError
from liangming.inspection import Mandate, Role, new_approver, read_approver, read_mandate
from liangming.inspection.mandate import decode_mandate, encode_mandate
from liangming.law import CORPUS
from liangming.ledger import KeyKind, SigningKey

ONE = SigningKey(KeyKind.LOG_ED25519, "inspector-017", hashlib.sha256(b"one").digest())
TWO = SigningKey(KeyKind.LOG_ED25519, "officer-001", hashlib.sha256(b"two").digest())
SAME = SigningKey(KeyKind.LOG_ED25519, "officer-001", ONE.seed)
TEXT = f"""
authority = "110000-post"
case = "2026-0117"
operator = "demo"
outlets = ["demo-001"]
kinds = ["parcel.send.counter"]
since_day = 2026-11-01
until_day = 2026-11-30
purpose = "实名收寄执行情况"
basis = ["courier.23"]
sample = 3
secret = "{"0" * 64}"

[[approvers]]
person = "inspector-017"
role = "authority"
key = "{ONE.verifying.encode()}"

[[approvers]]
person = "officer-001"
role = "operator"
key = "{TWO.verifying.encode()}"
"""


def mandate(text: str = TEXT) -> Mandate:
    return read_mandate(text.encode(), CORPUS.articles)


def test_it_has_one_canonical_form_and_one_id() -> None:
    one = mandate()
    assert decode_mandate(encode_mandate(one)) == one
    spaced = TEXT.replace("\n", "\n\n").replace("sample = 3", "sample=3 # three")
    assert mandate(spaced).id == one.id
    assert one.id.startswith("mdt_")
    for before, after in (("sample = 3", "sample = 4"), ("2026-11-30", "2026-12-01")):
        assert mandate(TEXT.replace(before, after)).id != one.id


def test_its_days_are_days_in_china() -> None:
    one = mandate()
    assert (one.since_day, one.until_day) == (date(2026, 11, 1), date(2026, 11, 30))
    assert one.end_micros - one.first_micros == 30 * 86_400_000_000
    assert one.first_micros % 86_400_000_000 == 16 * 3_600_000_000  # midnight at UTC+8


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ("sample = 3", "sample = 0", "sample"),
        ("sample = 3", "sample = 10001", "sample"),
        ('basis = ["courier.23"]', 'basis = ["courier.999"]', "basis"),
        ('basis = ["courier.23"]', "basis = []", "basis"),
        ("since_day = 2026-11-01", "since_day = 2028-01-01", "until_day"),
        ("until_day = 2026-11-30", "until_day = 9999-12-31", "until_day"),
        ('person = "officer-001"', 'person = "inspector-017"', "approvers"),
        (TWO.verifying.encode(), SAME.verifying.encode(), "approvers"),
        (TWO.verifying.encode(), ONE.verifying.encode(), "approvers"),
        (TWO.verifying.encode(), "nothing", "approvers"),
        ('person = "officer-001"', 'person = "Some Body"', "approvers"),
        ('authority = "110000-post"', 'authority = "某局"', "authority"),
        ('outlets = ["demo-001"]', 'outlets = ["两江 一号"]', "outlets"),
        ("实名收寄执行情况", "", "purpose"),
        ("实名收寄执行情况", "长" * 201, "purpose"),
        ("0" * 64, "0" * 63, "secret"),
        ("sample = 3", 'sample = 3\nsince_head = "no head"', "since_head"),
    ],
)
def test_an_item_that_does_not_fit_is_named(before: str, after: str, field: str) -> None:
    with pytest.raises(LiangmingError) as caught:
        mandate(TEXT.replace(before, after))
    assert (caught.value.code.name, caught.value.field) == ("inspection.mandate-unfit", field)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sample = [",
        TEXT.replace("sample = 3", "sample = 'x'"),
        TEXT.replace("sample = 3", "sample = 3\nwindow = 1"),
        TEXT.replace("parcel.send.counter", "parcel.send.moon"),
        TEXT.partition("[[approvers]]")[0],
    ],
)
def test_what_is_no_mandate_is_refused(text: str) -> None:
    with pytest.raises(LiangmingError) as caught:
        mandate(text)
    assert caught.value.code.name == "inspection.mandate-malformed"


def test_one_approver_is_not_enough() -> None:
    head, first, _ = TEXT.split("[[approvers]]")
    with pytest.raises(LiangmingError) as caught:
        mandate(f"{head}[[approvers]]{first}")
    assert caught.value.field == "approvers"


@given(st.binary(max_size=300))
def test_no_bytes_make_it_raise_anything_else(data: bytes) -> None:
    for read in (lambda: read_mandate(data, ()), lambda: decode_mandate(data)):
        with pytest.raises(LiangmingError):
            read()


def test_an_approver_s_key_file_is_read_back_and_strict() -> None:
    made = new_approver("inspector-017", Role.AUTHORITY)
    again = read_approver(made.encode())
    assert (again.person, again.role, again.key.seed) == (made.person, made.role, made.key.seed)
    assert made.approve("0" * 64) == again.approve("0" * 64)
    for data in (b"", b"{}", made.encode().replace(b"approver/1", b"approver/2"), b"\xff"):
        with pytest.raises(LiangmingError) as caught:
            read_approver(data)
        assert caught.value.code.name == "inspection.approver-key-malformed"
    for name in ("", "A", "has space", "a+b"):
        with pytest.raises(LiangmingError):
            new_approver(name, Role.OPERATOR)


PHRASE = "十二个字以上的一句口令才行"


def test_a_key_under_a_passphrase_opens_with_it_and_with_nothing_else() -> None:
    made = new_approver("inspector-017", Role.AUTHORITY)
    data = made.encode(PHRASE)
    assert made.key.seed not in data
    assert base64.b64encode(made.key.seed) not in data
    again = read_approver(data, lambda: PHRASE)
    assert (again.person, again.role, again.key.seed) == (made.person, made.role, made.key.seed)
    with pytest.raises(LiangmingError) as caught:
        read_approver(data)
    assert caught.value.code.name == "inspection.passphrase-needed"
    other = data.replace(b"authority", b"operator")
    for spoilt, phrase in ((data, PHRASE + "。"), (data, ""), (other, PHRASE)):
        with pytest.raises(LiangmingError) as caught:
            read_approver(spoilt, lambda phrase=phrase: phrase)
        assert caught.value.code.name == "vault.passphrase-wrong"
    plain = msgspec.json.decode(data) | {"format": "liangming-approver/1", "seed": "AA=="}
    with pytest.raises(LiangmingError) as caught:
        read_approver(msgspec.json.encode(plain), lambda: PHRASE)
    assert caught.value.code.name == "inspection.approver-key-malformed"


@pytest.mark.parametrize("phrase", ["short", "x" * 1001])
def test_a_passphrase_that_is_too_short_or_too_long_makes_no_file(phrase: str) -> None:
    with pytest.raises(LiangmingError) as caught:
        new_approver("inspector-017", Role.AUTHORITY).encode(phrase)
    assert caught.value.code.name == "vault.passphrase-unfit"


@pytest.mark.parametrize("cost", [0, 21, 64, -1])
def test_a_file_that_asks_for_more_work_than_ours_do_is_not_tried(cost: int) -> None:
    data = msgspec.json.decode(new_approver("inspector-017", Role.AUTHORITY).encode(PHRASE))
    data["locked"]["cost"] = cost
    with pytest.raises(LiangmingError) as caught:
        read_approver(msgspec.json.encode(data), lambda: PHRASE)
    assert caught.value.code.name == "vault.passphrase-wrong"
