"""The ring of keys: rotation, renewal, destruction, each a new value."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from liangming.errors import Misuse, Refusal
from liangming.vault import AES, SM, KeyRef, OperatorKeys, Vault, key_ref

AT = datetime(2026, 11, 24, tzinfo=UTC)
PERSON = b"person-one"


@pytest.fixture
def keys():
    return OperatorKeys.fresh(AT, buckets=4)


def code(call):
    with pytest.raises((Misuse, Refusal)) as caught:
        call()
    return caught.value.code.name


def test_all_secrets_of_a_fresh_ring_differ(keys):
    secrets = [keys.current.secret, keys.index.secret, keys.leaf, keys.signing, keys.token]
    secrets += [bucket[0].secret for bucket in keys.buckets]

    assert len(set(secrets)) == len(secrets)
    assert {len(secret) for secret in secrets} == {32}


@pytest.mark.parametrize("suite", [AES, SM])
def test_after_rotation_old_wrapped_keys_open_and_new_ones_use_the_new_key(keys, suite):
    before = Vault(keys, suite).new_person_key(PERSON)
    after = Vault(keys.rotate(AT), suite)

    assert after.unwrap(before.wrapped, PERSON).wrapped == before.wrapped
    assert key_ref(before.wrapped).key == 1
    assert key_ref(after.new_person_key(PERSON).wrapped).key == 2


@pytest.mark.parametrize("suite", [AES, SM])
def test_a_rewrapped_key_outlives_the_retired_wrapping_key(keys, suite):
    wrapped = Vault(keys, suite).new_person_key(PERSON).wrapped
    rotated = keys.rotate(AT)
    moved = Vault(rotated, suite).rewrap(wrapped, PERSON)
    retired = Vault(rotated.retire(1), suite)

    assert key_ref(moved) == KeyRef(2, key_ref(wrapped).bucket, 1)
    assert retired.unwrap(moved, PERSON).wrapped == moved
    assert code(lambda: retired.unwrap(wrapped, PERSON)) == "vault.key-unknown"


def test_rewrapping_what_is_current_changes_nothing(keys):
    vault = Vault(keys)
    wrapped = vault.new_person_key(PERSON).wrapped

    assert vault.rewrap(wrapped, PERSON) == wrapped


def test_a_key_keeps_its_suite_when_it_is_rewrapped_by_a_vault_of_another(keys):
    wrapped = Vault(keys, SM).new_person_key(PERSON).wrapped
    moved = Vault(keys.rotate(AT), AES).rewrap(wrapped, PERSON)

    assert Vault(keys.rotate(AT)).suite is AES
    assert moved[2] == SM.tag


def test_rotation_leaves_the_other_keys_alone(keys):
    rotated = keys.rotate(AT)

    assert rotated.revision == keys.revision + 1
    assert (rotated.index, rotated.leaf, rotated.signing, rotated.token, rotated.buckets) == (
        (keys.index, keys.leaf, keys.signing, keys.token, keys.buckets)
    )


def test_the_current_wrapping_key_cannot_be_retired(keys):
    assert code(lambda: keys.retire(1)) == "vault.key-in-use"


def test_an_unknown_wrapping_key_cannot_be_retired(keys):
    assert code(lambda: keys.retire(7)) == "vault.key-unknown"


def test_a_renewed_bucket_holds_both_generations_until_the_old_is_destroyed(keys):
    renewed = keys.renew([2])
    destroyed = renewed.destroy({2: 2})

    assert [key.generation for key in renewed.buckets[2]] == [1, 2]
    assert [key.generation for key in destroyed.buckets[2]] == [2]
    assert renewed.holds(KeyRef(1, 2, 1))
    assert not destroyed.holds(KeyRef(1, 2, 1))
    assert destroyed.buckets[0] == keys.buckets[0]


def test_a_generation_number_never_comes_back(keys):
    for _ in range(3):
        keys = keys.renew([0])
        keys = keys.destroy({0: keys.buckets[0][-1].generation})

    assert [key.generation for key in keys.buckets[0]] == [4]


def test_the_only_generation_of_a_bucket_cannot_be_destroyed(keys):
    assert code(lambda: keys.destroy({0: 2})) == "vault.key-in-use"


@pytest.mark.parametrize("bucket", [-1, 4, 2**31])
def test_a_bucket_that_is_not_there_is_unknown(keys, bucket):
    assert code(lambda: keys.renew([bucket])) == "vault.key-unknown"
    assert code(lambda: keys.destroy({bucket: 1})) == "vault.key-unknown"
    assert code(lambda: keys.current_ref(bucket)) == "vault.key-unknown"


def test_a_ring_grows_and_keeps_its_buckets(keys):
    grown = keys.grow(9)

    assert len(grown.buckets) == 9
    assert grown.buckets[:4] == keys.buckets
    assert code(lambda: grown.grow(8)) == "vault.keys-malformed"


@pytest.mark.parametrize("buckets", [0, 65_537])
def test_a_ring_has_between_one_and_65536_buckets(buckets):
    assert code(lambda: OperatorKeys.fresh(AT, buckets=buckets)) == "vault.keys-malformed"


def test_the_wrapping_key_alone_and_the_bucket_key_alone_unwrap_nothing(keys):
    """Half of the pair, as an old backup of either would give it, is worth nothing."""
    wrapped = Vault(keys).new_person_key(PERSON).wrapped
    stranger = OperatorKeys.fresh(AT, buckets=4)
    only_wrapping = keys.renew(range(4)).destroy(dict.fromkeys(range(4), 2))
    only_bucket = keys.rotate(AT).retire(1)
    forged = OperatorKeys(
        revision=1,
        wrapping=keys.wrapping,
        index=keys.index,
        leaf=keys.leaf,
        signing=keys.signing,
        token=keys.token,
        buckets=stranger.buckets,
    )

    assert code(lambda: Vault(only_wrapping).unwrap(wrapped, PERSON)) == "vault.key-unknown"
    assert code(lambda: Vault(only_bucket).unwrap(wrapped, PERSON)) == "vault.key-unknown"
    assert code(lambda: Vault(forged).unwrap(wrapped, PERSON)) == "vault.cannot-open"
