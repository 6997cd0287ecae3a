"""Pads keep a small secret, and go with the key they follow from."""

import os

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.world import NOON

from liangming.errors import LiangmingError
from liangming.vault import (
    AES,
    CHANCE_BYTES,
    PAD_BYTES,
    SM,
    Binding,
    Newcomer,
    OperatorKeys,
    Purpose,
    Suite,
    Vault,
    add,
    add_each,
)

RING = OperatorKeys.fresh(NOON, buckets=3)
PERSON = b"p" * 16


def code(call, *args) -> str:
    with pytest.raises(LiangmingError) as caught:
        call(*args)
    return caught.value.code.name


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_a_secret_comes_back_from_under_its_pad(secret, pad):
    assert add(add(secret, pad), pad) == secret


@pytest.mark.parametrize("suite", [AES, SM])
def test_every_source_person_and_label_has_a_pad_of_its_own_and_keeps_it(suite: Suite):
    vault = Vault(RING, suite)
    wrapped, other = (vault.new_person_key(who).wrapped for who in (PERSON, b"q" * 16))

    def pads(vault: Vault) -> list[bytes]:
        return [
            pad
            for what in (b"", b"a", b"b")
            for pad in (
                vault.person_pad(wrapped, PERSON, what),
                vault.person_pad(other, b"q" * 16, what),
                vault.passing_pad(1, what),
                vault.lasting_pad(what),
            )
        ]

    first = pads(vault)
    assert len(set(first)) == len(first)
    assert {len(pad) for pad in first} == {PAD_BYTES}
    assert pads(vault) == first  # remembered
    assert pads(Vault(RING, suite)) == first  # and after a restart


@pytest.mark.parametrize("suite", [AES, SM])
def test_a_pad_made_with_a_fresh_key_is_the_pad_of_that_key(suite: Suite):
    vault = Vault(RING, suite)
    fresh = vault.new_person_key(PERSON, b"x")
    assert fresh.pad == vault.person_pad(fresh.wrapped, PERSON, b"x")
    assert vault.new_person_key(PERSON).pad == b""
    assert fresh.pad.hex() not in repr(fresh)


@pytest.mark.parametrize("suite", [AES, SM])
def test_a_first_record_is_a_fresh_key_and_a_record_sealed_under_it(suite: Suite):
    vault = Vault(RING, suite)
    fields = {"type": "resident_card", "name": "演示甲"}
    wrapped, sealed, pad = vault.first_record(PERSON, "registration", "identity", fields, b"x")
    another = vault.first_record(PERSON, "registration", "identity", fields)
    key, binding = vault.unwrap(wrapped, PERSON), Binding(PERSON, "registration", "identity")
    opened, _ = vault.open_fields(
        key, binding, sealed, purpose=Purpose.DISPUTE, reason="r-1", actor="usr_1", at=NOON
    )
    assert (opened, pad) == (fields, vault.person_pad(wrapped, PERSON, b"x"))
    assert len(sealed) == len(vault.seal_fields(key, binding, fields))
    assert (another[2], len({wrapped, another[0]}), len({sealed, another[1]})) == (b"", 2, 2)
    for wrong in ({"name": 7}, {"name": "\ud800"}, {"name": "x" * (1 << 20)}):
        with pytest.raises(LiangmingError) as caught:
            vault.first_record(PERSON, "registration", "identity", wrong)
        assert caught.value.code.name == "vault.fields-malformed"
        assert caught.value.__cause__ is caught.value.__context__ is None


@pytest.mark.parametrize("suite", [AES, SM])
def test_many_first_records_are_those_of_each_alone(suite: Suite):
    vault = Vault(RING, suite)
    people = [
        Newcomer(bytes((n,)) * 16, {"type": "passport", "number": str(n)}, b"%d" % n, os.urandom(CHANCE_BYTES))
        for n in range(70)  # more than are wrapped in one place
    ]  # fmt: skip
    for each, (wrapped, sealed, pad) in zip(
        people, vault.first_records(people, "registration", "identity"), strict=True
    ):
        key = vault.unwrap(wrapped, each.person)
        opened, _ = vault.open_fields(
            key, Binding(each.person, "registration", "identity"), sealed,
            purpose=Purpose.DISPUTE, reason="r-1", actor="usr_1", at=NOON,
        )  # fmt: skip
        assert (opened, pad) == (each.fields, vault.person_pad(wrapped, each.person, each.what))
        assert (wrapped[19:31], sealed[7:19]) == (each.chance[:12], each.chance[12:24])
    wrong = msgspec.structs.replace(people[1], fields={"name": 7})
    assert code(vault.first_records, [people[0], wrong], "p", "r") == "vault.fields-malformed"


def test_sums_of_many_are_those_of_each():
    ones, others = ([os.urandom(32) for _ in range(9)] for _ in range(2))
    kept = add_each(ones, others)
    assert kept == [add(one, other) for one, other in zip(ones, others, strict=True)]
    assert add_each(kept, others) == ones
    assert add_each([], []) == []
    for wrong in ([*ones[:8], ones[8][:31]], ones[:8], [*ones[:7], ones[7] + b"x", ones[8][:31]]):
        with pytest.raises(ValueError, match="length"):
            add_each(wrong, others)


def test_a_persons_pad_survives_a_new_wrapping_and_dies_with_the_old_one():
    vault = Vault(RING)
    wrapped = vault.new_person_key(PERSON).wrapped
    pad = vault.person_pad(wrapped, PERSON, b"x")
    renewed = RING.renew(range(3))
    moved = Vault(renewed).rewrap(wrapped, PERSON)
    last = Vault(renewed.destroy(dict.fromkeys(range(3), 2)))
    assert last.person_pad(moved, PERSON, b"x") == pad
    assert code(last.person_pad, wrapped, PERSON, b"x") == "vault.key-unknown"


def test_a_passing_pad_dies_with_its_generation_and_outlives_the_wrapping_key():
    pad = Vault(RING).passing_pad(1, b"x")
    assert Vault(RING.rotate(NOON).retire(1)).passing_pad(1, b"x") == pad
    renewed = RING.renew([0])
    assert Vault(renewed).passing_generation == 2
    assert Vault(renewed).passing_pad(1, b"x") == pad
    assert Vault(renewed).passing_pad(2, b"x") != pad
    assert code(Vault(renewed.destroy({0: 2})).passing_pad, 1, b"x") == "vault.key-unknown"


def test_an_altered_key_has_no_pad_whether_or_not_its_bucket_was_used_before():
    fresh, used = Vault(RING), Vault(RING)
    wrapped = used.new_person_key(PERSON).wrapped
    used.person_pad(wrapped, PERSON, b"x")
    for at in range(len(wrapped)):
        bent = wrapped[:at] + bytes((wrapped[at] ^ 1,)) + wrapped[at + 1 :]
        said = code(fresh.person_pad, bent, PERSON, b"x")
        assert code(used.person_pad, bent, PERSON, b"x") == said
    for cut in (b"", wrapped[:1], wrapped[:19], wrapped[:25], wrapped[:-1], wrapped + b"\0"):
        said = code(fresh.person_pad, cut, PERSON, b"x")
        assert code(used.person_pad, cut, PERSON, b"x") == said
    assert code(used.person_pad, wrapped, os.urandom(16), b"x") == "vault.cannot-open"
