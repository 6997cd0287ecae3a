"""The envelope: what is sealed opens, and nothing else does."""

from __future__ import annotations

import re
from os import urandom
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liangming.errors import Misuse, Refusal
from liangming.vault import AES, SM, Binding, KeyRef, key_ref, open_sealed, seal
from liangming.vault.envelope import MAX_PLAINTEXT, RECORD, WRAPPED_KEY, parse

suites = st.sampled_from([AES, SM])
SPEC = Path(__file__).parents[2] / "docs" / "spec" / "envelope.md"
DAMAGE = {
    "vault.envelope-damaged",
    "vault.unknown-form",
    "vault.unknown-suite",
    "vault.envelope-truncated",
    "vault.envelope-trailing",
    "vault.cannot-open",
}


def refusal(call):
    with pytest.raises(Refusal) as caught:
        call()
    return caught.value.code.name


@given(suites, st.binary(max_size=300), st.binary(max_size=80))
def test_what_is_sealed_opens_again(suite, plaintext, aad):
    key = suite.key(urandom(suite.key_bytes))

    assert open_sealed(key, seal(key, plaintext, aad), aad) == plaintext


@given(suites, st.binary(max_size=60), st.integers(0), st.integers(1, 255))
def test_any_changed_byte_is_refused(suite, plaintext, place, change):
    key = suite.key(urandom(suite.key_bytes))
    sealed = bytearray(seal(key, plaintext, b"aad"))
    sealed[place % len(sealed)] ^= change

    assert refusal(lambda: open_sealed(key, bytes(sealed), b"aad")) in DAMAGE


@pytest.mark.parametrize("suite", [AES, SM])
@pytest.mark.parametrize("ref", [None, KeyRef(1, 2, 3)])
def test_each_single_bit_of_an_envelope_is_held(suite, ref):
    key = suite.key(urandom(suite.key_bytes))
    sealed = seal(key, b"plaintext", b"aad", ref=ref)
    form = RECORD if ref is None else WRAPPED_KEY
    refused = 0
    for bit in range(len(sealed) * 8):
        changed = bytearray(sealed)
        changed[bit // 8] ^= 1 << bit % 8
        assert refusal(lambda c=changed: parse(bytes(c), form).open(key, b"aad")) in DAMAGE
        refused += 1

    assert refused == len(sealed) * 8


@given(suites, st.binary(max_size=60), st.data())
def test_any_truncation_is_refused_as_such(suite, plaintext, data):
    key = suite.key(urandom(suite.key_bytes))
    sealed = seal(key, plaintext, b"aad")
    cut = data.draw(st.integers(0, len(sealed) - 1))

    assert refusal(lambda: open_sealed(key, sealed[:cut], b"aad")) == "vault.envelope-truncated"


@given(suites, st.binary(min_size=1, max_size=60))
def test_trailing_bytes_are_refused_as_such(suite, more):
    key = suite.key(urandom(suite.key_bytes))
    sealed = seal(key, b"plaintext", b"aad")

    assert refusal(lambda: open_sealed(key, sealed + more, b"aad")) == "vault.envelope-trailing"


@pytest.mark.parametrize(
    ("place", "code"),
    [(0, "vault.envelope-damaged"), (1, "vault.unknown-form"), (2, "vault.unknown-suite")],
)
def test_each_part_of_the_head_has_its_own_code(place, code):
    key = AES.key(urandom(32))
    sealed = bytearray(seal(key, b"plaintext", b"aad"))
    sealed[place] = 0x7F

    assert refusal(lambda: open_sealed(key, bytes(sealed), b"aad")) == code


def test_a_length_that_cannot_hold_a_tag_is_refused():
    sealed = bytes.fromhex("4c01010000000f") + bytes(12 + 15)

    assert refusal(lambda: parse(sealed, RECORD)) == "vault.envelope-truncated"


@given(st.binary(max_size=80))
def test_bytes_from_anywhere_never_open_and_never_crash(noise):
    key = AES.key(urandom(32))

    assert refusal(lambda: open_sealed(key, noise, b"")) in DAMAGE


def test_a_wrapped_key_is_not_a_record_nor_a_record_a_wrapped_key():
    key = AES.key(urandom(32))
    record = seal(key, b"plaintext", b"aad")
    wrapped = seal(key, b"plaintext", b"aad", ref=KeyRef(1, 2, 3))

    assert refusal(lambda: open_sealed(key, wrapped, b"aad")) == "vault.unknown-form"
    assert refusal(lambda: key_ref(record)) == "vault.unknown-form"


def test_a_key_of_the_other_suite_does_not_open():
    key, other = AES.key(urandom(32)), SM.key(urandom(16))

    assert refusal(lambda: open_sealed(other, seal(key, b"", b""), b"")) == "vault.cannot-open"


def test_a_wrong_key_and_wrong_associated_data_look_the_same():
    key, other = AES.key(urandom(32)), AES.key(urandom(32))
    sealed = seal(key, b"plaintext", b"aad")

    assert refusal(lambda: open_sealed(other, sealed, b"aad")) == "vault.cannot-open"
    assert refusal(lambda: open_sealed(key, sealed, b"other")) == "vault.cannot-open"


def test_two_seals_of_the_same_bytes_differ():
    key = AES.key(urandom(32))

    assert len({seal(key, b"plaintext", b"aad") for _ in range(50)}) == 50


def test_more_than_a_mebibyte_is_not_sealed():
    key = AES.key(urandom(32))
    with pytest.raises(Misuse) as caught:
        seal(key, bytes(MAX_PLAINTEXT + 1), b"")

    assert caught.value.code.name == "vault.fields-malformed"


@given(st.builds(KeyRef, *[st.integers(0, 2**32 - 1)] * 3))
def test_the_key_part_reads_back_as_written(ref):
    assert key_ref(seal(AES.key(bytes(32)), b"", b"", ref=ref)) == ref


parts = st.tuples(
    st.binary(min_size=1, max_size=40),
    st.text(min_size=1, max_size=20),
    st.text(min_size=1, max_size=20),
).filter(lambda made: not any(0xD800 <= ord(c) < 0xE000 for c in made[1] + made[2]))


@given(parts, parts)
def test_two_bindings_have_the_same_bytes_only_when_they_are_the_same(one, other):
    assert (Binding(*one).encode() == Binding(*other).encode()) == (one == other)


def test_moving_a_character_between_the_parts_of_a_binding_changes_its_bytes():
    assert Binding(b"p", "ab", "c").encode() != Binding(b"p", "a", "bc").encode()


@pytest.mark.parametrize(
    "binding",
    [
        Binding(b"", "send", "id"),
        Binding(b"p", "", "id"),
        Binding(b"p", "send", ""),
        Binding(bytes(256), "send", "id"),
        Binding(b"p", "寄" * 86, "id"),
        Binding(b"p", "\ud800", "id"),
    ],
)
def test_a_binding_without_one_of_its_parts_or_too_long_is_refused(binding):
    with pytest.raises(Misuse) as caught:
        binding.encode()

    assert caught.value.code.name == "vault.binding-malformed"


def test_the_examples_of_the_specification_open():
    from liangming.clock import from_micros
    from liangming.vault import BucketKey, IndexKey, OperatorKeys, Purpose, Vault, WrappingKey

    text = SPEC.read_text(encoding="utf-8")
    examples = {
        name: bytes.fromhex(re.sub(r"\s", "", body))
        for name, body in re.findall(r"```hex (\S+)\n(.*?)```", text, re.DOTALL)
    }
    keys = OperatorKeys(
        revision=1,
        wrapping=(WrappingKey(1, b"\x11" * 32, 0),),
        index=IndexKey(1, 1, b"\x22" * 32),
        leaf=b"\x33" * 32,
        signing=b"\x44" * 32,
        token=b"\x55" * 32,
        buckets=((BucketKey(1, b"\x66" * 32),), (BucketKey(1, b"\x77" * 32),)),
    )
    vault = Vault(keys)
    person = bytes(range(16))
    opened = {}
    for suite in ("aes", "sm"):
        person_key = vault.unwrap(examples[f"{suite}-wrapped"], person)
        opened[suite], _ = vault.open_fields(
            person_key,
            Binding(person, "parcel.send", "sender-identity"),
            examples[f"{suite}-record"],
            purpose=Purpose.DRILL,
            reason="恢复演练",
            actor="cli",
            at=from_micros(0),
        )

    assert opened["aes"] == {"document_type": "cn-id", "name": "张三"}
    assert opened["sm"] == opened["aes"]
    assert vault.blind_index("cn-id", "11010519491231002X") == examples["blind-index"]
