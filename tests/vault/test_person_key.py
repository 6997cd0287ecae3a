"""One key per person: sealing, binding, finding, opening."""

from __future__ import annotations

from datetime import UTC, datetime
from os import urandom

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangming.errors import Misuse, Refusal
from liangming.vault import AES, SM, Binding, OperatorKeys, Purpose, Vault

AT = datetime(2026, 11, 24, tzinfo=UTC)
KEYS = OperatorKeys.fresh(AT, buckets=8)
FIELDS = {"name": "测试人员", "document_number": "11010519491231002X"}
WHY = {"purpose": Purpose.RIGHTS_REQUEST, "reason": "本人查阅", "actor": "cli_desk", "at": AT}

texts = st.text(st.characters(codec="utf-8"), max_size=40)
suites = st.sampled_from([AES, SM])


def code(call, kinds=(Misuse, Refusal)):
    with pytest.raises(kinds) as caught:
        call()
    return caught.value.code.name


def place(person, purpose="parcel.send", record="sender-identity"):
    return Binding(person, purpose, record)


@given(suites, st.binary(min_size=1, max_size=32), st.dictionaries(texts, texts, max_size=6))
def test_fields_come_back_as_they_were_sealed_through_the_stored_key(suite, person, fields):
    vault = Vault(KEYS, suite)
    fresh = vault.new_person_key(person)
    sealed = vault.seal_fields(fresh, place(person), fields)
    stored = Vault(KEYS).unwrap(fresh.wrapped, person)

    assert Vault(KEYS).open_fields(stored, place(person), sealed, **WHY)[0] == fields


@pytest.mark.parametrize("suite", [AES, SM])
@pytest.mark.parametrize(
    "moved",
    [
        place(b"one", purpose="parcel.collect"),
        place(b"one", record="recipient"),
    ],
)
def test_a_record_moved_to_another_purpose_or_kind_does_not_open(suite, moved):
    vault = Vault(KEYS, suite)
    key = vault.new_person_key(b"one")
    sealed = vault.seal_fields(key, place(b"one"), FIELDS)

    assert code(lambda: vault.open_fields(key, moved, sealed, **WHY)) == "vault.cannot-open"


@pytest.mark.parametrize("suite", [AES, SM])
def test_a_record_and_its_key_moved_to_another_person_do_not_open(suite):
    vault = Vault(KEYS, suite)
    one, two = vault.new_person_key(b"one"), vault.new_person_key(b"two")
    sealed = vault.seal_fields(one, place(b"one"), FIELDS)

    assert code(lambda: vault.open_fields(two, place(b"two"), sealed, **WHY)) == "vault.cannot-open"
    assert code(lambda: vault.unwrap(one.wrapped, b"two")) == "vault.cannot-open"


def test_a_key_is_not_used_for_another_persons_binding():
    vault = Vault(KEYS)
    key = vault.new_person_key(b"one")
    sealed = vault.seal_fields(key, place(b"one"), FIELDS)

    assert code(lambda: vault.seal_fields(key, place(b"two"), FIELDS)) == "vault.wrong-binding"
    assert code(lambda: vault.open_fields(key, place(b"two"), sealed, **WHY)) == (
        "vault.wrong-binding"
    )


@given(st.integers(0), st.integers(1, 255))
def test_any_changed_byte_of_a_wrapped_key_is_refused(at, change):
    vault = Vault(KEYS)
    wrapped = bytearray(vault.new_person_key(b"one").wrapped)
    wrapped[at % len(wrapped)] ^= change

    assert code(lambda: vault.unwrap(bytes(wrapped), b"one"), Refusal) in {
        "vault.envelope-damaged",
        "vault.unknown-form",
        "vault.unknown-suite",
        "vault.envelope-truncated",
        "vault.envelope-trailing",
        "vault.key-unknown",
        "vault.cannot-open",
    }


def test_the_length_of_a_name_does_not_show():
    vault = Vault(KEYS)
    key = vault.new_person_key(b"one")
    lengths = {
        len(vault.seal_fields(key, place(b"one"), {"name": "王" * count})) for count in (1, 2, 3, 9)
    }

    assert lengths == {7 + 12 + 64 + 16}


@pytest.mark.parametrize("fields", [{"name": 1}, {1: "name"}, {"name": None}, {"name": "\ud800"}])
def test_fields_that_are_not_text_are_not_sealed(fields):
    vault = Vault(KEYS)
    key = vault.new_person_key(b"one")

    assert code(lambda: vault.seal_fields(key, place(b"one"), fields)) == "vault.fields-malformed"


def test_new_people_spread_over_the_buckets():
    from liangming.vault import key_ref

    vault = Vault(KEYS)
    used = {key_ref(vault.new_person_key(b"one").wrapped).bucket for _ in range(32 * 150)}

    assert used == set(range(8))  # a bucket is missed with probability 8 · (7/8)^150 < 2e-8


# --- the blind index ---


@given(suites, texts.filter(bool), texts.filter(bool))
def test_the_same_document_gives_the_same_index_in_every_process_and_suite(suite, kind, normal):
    found = Vault(KEYS, suite).blind_index(kind, normal)

    assert found == Vault(KEYS.rotate(AT)).blind_index(kind, normal)
    assert len(found) == 16


pairs = st.tuples(texts.filter(bool), texts.filter(bool))


@given(pairs, pairs)
def test_different_documents_give_different_indexes(one, other):
    vault = Vault(KEYS)

    assert (vault.blind_index(*one) == vault.blind_index(*other)) == (one == other)


def test_an_index_is_worth_nothing_without_its_key():
    one, other = Vault(KEYS), Vault(OperatorKeys.fresh(AT, buckets=1))
    sm = Vault(OperatorKeys.fresh(AT, buckets=1, index_suite=SM))

    assert len({vault.blind_index("cn-id", "1") for vault in (one, other, sm)}) == 3
    assert one.index_version == 1


@pytest.mark.parametrize(
    ("kind", "normal"), [("", "1"), ("cn-id", ""), ("证" * 86, "1"), ("cn-id", "\ud800")]
)
def test_an_index_of_nothing_or_of_too_much_is_refused(kind, normal):
    assert code(lambda: Vault(KEYS).blind_index(kind, normal)) == "vault.index-input"


# --- opening ---


def open_with(**changes):
    vault = Vault(KEYS)
    key = vault.new_person_key(b"one")
    sealed = vault.seal_fields(key, place(b"one"), FIELDS)
    return vault.open_fields(key, place(b"one"), sealed, **{**WHY, **changes})


def test_plaintext_comes_only_together_with_its_event():
    fields, event = open_with()

    assert fields == FIELDS
    assert (event.actor, event.person, event.record) == ("cli_desk", b"one", "sender-identity")
    assert event.fields == ("document_number", "name")
    assert (event.purpose, event.reason, event.at) == (Purpose.RIGHTS_REQUEST, "本人查阅", AT)


def test_only_the_fields_asked_for_are_handed_out_and_named():
    fields, event = open_with(only={"name", "absent"})

    assert fields == {"name": "测试人员"}
    assert event.fields == ("name",)


@pytest.mark.parametrize("purpose", [None, "", "inspection", "curiosity", 1])
def test_a_purpose_outside_the_closed_list_opens_nothing(purpose):
    assert code(lambda: open_with(purpose=purpose)) == "vault.purpose-required"


@pytest.mark.parametrize(
    "change", [{"reason": ""}, {"reason": "  "}, {"reason": "长" * 201}, {"actor": " "}]
)
def test_an_opening_without_reason_or_actor_opens_nothing(change):
    assert code(lambda: open_with(**change)) == "vault.reason-required"


@pytest.mark.parametrize(
    "reason",
    [
        "核对 11010519491231002X",
        "致电 138 0000 0000",
        "电话138-0000-0000",
        "１３８００００００００",
        "99010119",
    ],
)
def test_a_reason_with_somebodys_number_is_refused(reason):
    assert code(lambda: open_with(reason=reason)) == "vault.reason-personal"


@pytest.mark.parametrize(
    "reason", ["抽查第 3 批第 12 件", "req_01234567890123456789012345 更正", "邮管检〔2026〕12号"]
)
def test_a_reason_with_a_case_reference_is_taken(reason):
    assert open_with(reason=reason)[1].reason == reason


def test_the_list_of_purposes_is_closed():
    assert [purpose.value for purpose in Purpose] == [
        "inspection",
        "rights-request",
        "correction",
        "statutory-report",
        "dispute",
        "drill",
    ]


def test_threads_may_share_a_vault():
    from concurrent.futures import ThreadPoolExecutor

    vault = Vault(KEYS)

    def once(number):
        person = urandom(8) + bytes([number % 256])
        key = vault.new_person_key(person)
        sealed = vault.seal_fields(key, place(person), {"n": str(number)})
        stored = vault.unwrap(key.wrapped, person)
        return vault.open_fields(stored, place(person), sealed, **WHY)[0]["n"]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(once, range(400))) == [str(number) for number in range(400)]
