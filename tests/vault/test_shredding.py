"""Erasure that reaches the backups, and nobody else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liangming.errors import Misuse, Refusal
from liangming.vault import (
    AES,
    SM,
    Binding,
    KeyFile,
    OperatorKeys,
    Purpose,
    Shredded,
    Vault,
    key_ref,
)

AT = datetime(2026, 11, 24, tzinfo=UTC)
WHO = {"actor": "duty_retention", "at": AT}


def code(call):
    with pytest.raises((Misuse, Refusal)) as caught:
        call()
    return caught.value.code.name


class Store:
    """The two tables that the storage room keeps, and a copy of them as a backup would be."""

    def __init__(self, wrapped=None, sealed=None):
        self.wrapped = dict(wrapped or {})
        self.sealed = dict(sealed or {})

    def backup(self):
        return Store(self.wrapped, self.sealed)

    def register(self, vault, person):
        key = vault.new_person_key(person)
        self.wrapped[person] = key.wrapped
        self.sealed[person] = vault.seal_fields(key, place(person), {"name": person.decode()})

    def read(self, vault, person):
        key = vault.unwrap(self.wrapped[person], person)
        fields, _ = vault.open_fields(
            key,
            place(person),
            self.sealed[person],
            purpose=Purpose.DRILL,
            reason="恢复演练",
            actor="cli",
            at=AT,
        )
        return fields["name"].encode()

    def readable(self, vault):
        found = set()
        for person in self.wrapped:
            try:
                found.add(self.read(vault, person))
            except Refusal as refusal:
                if refusal.code.name != "vault.key-unknown":
                    raise
        return found

    def bucket(self, bucket):
        return {
            person: wrapped
            for person, wrapped in self.wrapped.items()
            if key_ref(wrapped).bucket == bucket
        }

    def forget(self, vault, person):
        gone = vault.shred(self.wrapped.pop(person), person, **WHO)
        del self.sealed[person]
        return gone


def place(person):
    return Binding(person, "parcel.send", "sender-identity")


def puncture(keys, store, gone, suite=AES):
    """The whole order of ADR 0004, in one process: renew, move, destroy."""
    by_bucket = {}
    for event in gone:
        by_bucket.setdefault(event.ref.bucket, []).append(event)
    keys = keys.renew(by_bucket)
    vault = Vault(keys, suite)
    done = {}
    for bucket, events in by_bucket.items():
        result = vault.puncture(bucket, store.bucket(bucket), events)
        store.wrapped.update(result.rewrapped)
        done[bucket] = result.generation
    return keys.destroy(done)


people = [f"person-{number:02}".encode() for number in range(24)]


@pytest.fixture(params=[AES, SM], ids=["aes", "sm"])
def world(request):
    keys = OperatorKeys.fresh(AT, buckets=3)
    store = Store()
    for start in range(0, 24, 8):
        vault = Vault(keys, request.param)  # each draws its own bucket
        for person in people[start : start + 8]:
            store.register(vault, person)
    return keys, store, request.param


def test_after_the_puncture_an_old_copy_opens_nothing_of_the_erased_and_all_others_open(world):
    keys, store, suite = world
    old_copy = store.backup()
    erased = people[5]
    bucket = key_ref(store.wrapped[erased]).bucket
    mates = set(store.bucket(bucket))

    after = puncture(keys, store, [store.forget(Vault(keys), erased)], suite)
    now = Vault(after)
    restored = Store({**old_copy.wrapped, **store.wrapped}, old_copy.sealed)

    # Old records with the old wrapped keys: nobody of this bucket, the erased included.
    assert old_copy.readable(now) == set(people) - mates
    # The live store, and old records under the newest wrapped keys: everybody but the erased.
    assert store.readable(now) == set(people) - {erased}
    assert restored.readable(now) == set(people) - {erased}


def test_before_the_puncture_a_backup_still_opens_and_the_certificate_says_so(world):
    """The plain truth about deleting a wrapped key: alone it does not reach the backups."""
    keys, store, suite = world
    old_copy = store.backup()
    gone = store.forget(Vault(keys), people[0])

    assert old_copy.read(Vault(keys), people[0]) == people[0]
    assert not gone.is_final(keys)
    assert not gone.is_final(keys.renew([gone.ref.bucket]))
    assert gone.is_final(puncture(keys, store, [gone], suite))


def test_an_old_key_file_undoes_it_which_is_why_only_the_newest_may_exist(world):
    keys, store, suite = world
    old_copy = store.backup()
    puncture(keys, store, [store.forget(Vault(keys), people[0])], suite)

    assert old_copy.read(Vault(keys), people[0]) == people[0]


def test_new_people_can_register_into_a_bucket_while_it_is_renewed(world):
    keys, store, suite = world
    gone = store.forget(Vault(keys), people[0])
    renewed = keys.renew([gone.ref.bucket])
    vault = Vault(renewed, suite)
    for number in range(200):
        store.register(Vault(renewed, suite), f"new-{number}".encode())
    result = vault.puncture(gone.ref.bucket, store.bucket(gone.ref.bucket), [gone])
    store.wrapped.update(result.rewrapped)
    after = Vault(renewed.destroy({result.bucket: result.generation}))

    assert store.readable(after) == set(store.wrapped)


def test_a_puncture_that_was_interrupted_is_repeated_without_harm(world):
    keys, store, suite = world
    gone = store.forget(Vault(keys), people[0])
    bucket = gone.ref.bucket
    renewed = keys.renew([bucket])
    first = Vault(renewed, suite).puncture(bucket, store.bucket(bucket), [gone])
    half = dict(list(first.rewrapped.items())[: len(first.rewrapped) // 2])
    store.wrapped.update(half)  # the machine stopped here
    second = Vault(renewed, suite).puncture(bucket, store.bucket(bucket), [gone])
    store.wrapped.update(second.rewrapped)
    third = Vault(renewed, suite).puncture(bucket, store.bucket(bucket), [gone])

    assert {person: second.rewrapped[person] for person in half} == half
    assert third.rewrapped == second.rewrapped
    assert store.readable(Vault(renewed.destroy({bucket: second.generation}))) == set(people[1:])


def test_a_bucket_that_was_not_renewed_after_the_erasure_is_not_punctured(world):
    keys, store, suite = world
    gone = store.forget(Vault(keys), people[0])
    bucket = gone.ref.bucket

    assert code(lambda: Vault(keys, suite).puncture(bucket, store.bucket(bucket), [gone])) == (
        "vault.bucket-not-renewed"
    )


def test_an_erasure_after_the_renewal_needs_another_renewal(world):
    """The key may already have been copied under the newest generation."""
    keys, store, suite = world
    renewed = keys.renew([key_ref(store.wrapped[people[0]]).bucket])
    store.wrapped[people[0]] = Vault(renewed, suite).rewrap(store.wrapped[people[0]], people[0])
    gone = store.forget(Vault(renewed), people[0])
    bucket = gone.ref.bucket

    assert code(lambda: Vault(renewed).puncture(bucket, store.bucket(bucket), [gone])) == (
        "vault.bucket-not-renewed"
    )


def test_an_erased_person_is_not_carried_along_by_mistake(world):
    keys, store, suite = world
    old_copy = store.backup()
    gone = store.forget(Vault(keys), people[0])
    bucket = gone.ref.bucket
    vault = Vault(keys.renew([bucket]), suite)

    assert code(lambda: vault.puncture(bucket, old_copy.bucket(bucket), [gone])) == (
        "vault.bucket-mismatch"
    )


def test_keys_or_erasures_of_another_bucket_are_not_taken(world):
    keys, store, _ = world
    keys = keys.grow(4)
    gone = store.forget(Vault(keys), people[0])
    renewed = Vault(keys.renew(range(4)))

    assert code(lambda: renewed.puncture(3, {}, [gone])) == "vault.bucket-mismatch"
    assert code(lambda: renewed.puncture(3, store.wrapped, [])) == "vault.bucket-mismatch"


def test_one_key_that_does_not_open_stops_the_puncture_before_anything_is_lost(world):
    keys, store, suite = world
    gone = store.forget(Vault(keys), people[0])
    bucket = gone.ref.bucket
    keep = store.bucket(bucket)
    victim = next(iter(keep))
    keep[victim] = keep[victim][:-1] + bytes([keep[victim][-1] ^ 1])

    assert code(lambda: Vault(keys.renew([bucket]), suite).puncture(bucket, keep, [gone])) == (
        "vault.cannot-open"
    )


def test_a_key_that_can_no_longer_be_unwrapped_can_still_be_shredded():
    keys = OperatorKeys.fresh(AT, buckets=1)
    wrapped = Vault(keys).new_person_key(b"one").wrapped
    stranger = Vault(OperatorKeys.fresh(AT, buckets=1))

    assert isinstance(stranger.shred(wrapped, b"one", **WHO), Shredded)


def test_a_ring_that_does_not_know_the_bucket_proves_nothing():
    keys = OperatorKeys.fresh(AT, buckets=2)
    vault = Vault(keys)
    gone = vault.shred(vault.new_person_key(b"one").wrapped, b"one", **WHO)
    foreign = Shredded(gone.person, type(gone.ref)(1, 9, 1), gone.actor, gone.at)

    assert not foreign.is_final(keys)


def test_the_erasure_holds_through_the_key_file(tmp_path):
    custody = KeyFile(tmp_path / "keys", buckets=2)
    keys = custody.load(AT).keys
    store = Store()
    for person in people[:6]:
        store.register(Vault(keys), person)
    old_copy = store.backup()
    gone = store.forget(Vault(keys), people[0])
    after = puncture(keys, store, [gone])
    custody.store(after, replacing=keys)
    reloaded = KeyFile(tmp_path / "keys").load(AT).keys

    assert gone.is_final(reloaded)
    assert people[0] not in old_copy.readable(Vault(reloaded))
    assert store.readable(Vault(reloaded)) == set(people[1:6])


@settings(max_examples=30)
@given(st.data())
def test_any_sequence_of_erasures_and_rotations_loses_exactly_the_erased(data):
    keys = OperatorKeys.fresh(AT, buckets=3)
    store, copies, erased, everybody = Store(), [], set(), set()
    for step in range(data.draw(st.integers(1, 5))):
        for number in range(data.draw(st.integers(1, 4))):
            person = f"p-{step}-{number}".encode()
            everybody.add(person)
            store.register(Vault(keys, data.draw(st.sampled_from([AES, SM]))), person)
        copies.append(store.backup())
        chosen = data.draw(st.sets(st.sampled_from(sorted(store.wrapped)), max_size=2))
        gone = [store.forget(Vault(keys), person) for person in sorted(chosen)]
        erased |= chosen
        if data.draw(st.booleans()):
            keys = keys.rotate(AT)
        keys = puncture(keys, store, gone)

        assert all(event.is_final(keys) for event in gone)
        assert store.readable(Vault(keys)) == everybody - erased
        for copy in copies:
            assert not copy.readable(Vault(keys)) & erased
            restored = Store({**copy.wrapped, **store.wrapped}, {**store.sealed, **copy.sealed})
            assert restored.readable(Vault(keys)) == everybody - erased
