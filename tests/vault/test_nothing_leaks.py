"""Canaries: no key and no plaintext in anything that can be printed, logged or raised."""

from __future__ import annotations

import base64
import logging
import pprint
import traceback
from datetime import UTC, datetime

import pytest
from rich.pretty import pretty_repr

from liangming.errors import LiangmingError
from liangming.vault import (
    AES,
    SM,
    Binding,
    BucketKey,
    IndexKey,
    KeyFile,
    Loaded,
    OperatorKeys,
    Purpose,
    Vault,
    WrappingKey,
)
from liangming.vault.envelope import RECORD, parse

AT = datetime(2026, 11, 24, tzinfo=UTC)
NAME = "金丝雀甲"
NUMBER = "11010519491231002X"
PERSON = b"canary-person"
SECRETS = [f"canary-key-{number:020}x".encode() for number in range(6)]


def forms(secret):
    return [
        secret.decode(),
        secret.hex(),
        base64.b64encode(secret).decode(),
        repr(secret),
        base64.urlsafe_b64encode(secret).decode().rstrip("="),
    ]


CANARIES = [NAME, NUMBER, repr(NAME.encode())[2:-1], ascii(NAME)[1:-1], PERSON.decode()]
CANARIES += [form for secret in SECRETS for form in forms(secret)]


def ring():
    return OperatorKeys(
        revision=1,
        wrapping=(WrappingKey(1, SECRETS[0], 0),),
        index=IndexKey(1, 1, SECRETS[1]),
        leaf=SECRETS[2],
        signing=SECRETS[3],
        token=SECRETS[4],
        buckets=((BucketKey(1, SECRETS[5]),),),
    )


def shown(thing):
    return "\n".join(
        [
            repr(thing),
            str(thing),
            f"{thing}",
            f"{thing!r:>10}",
            pprint.pformat(thing),
            pretty_repr(thing),
            repr([thing]),
            repr({"a": thing}),
        ]
    )


def leaks(text):
    return [canary for canary in CANARIES if canary in text]


@pytest.mark.parametrize("suite", [AES, SM])
def test_no_object_of_the_vault_prints_a_key_or_a_value(suite):
    keys = ring()
    vault = Vault(keys, suite)
    key = vault.new_person_key(PERSON)
    binding = Binding(PERSON, "parcel.send", "sender-identity")
    sealed = vault.seal_fields(key, binding, {"name": NAME, "number": NUMBER})
    _, event = vault.open_fields(
        key, binding, sealed, purpose=Purpose.DRILL, reason="演练", actor="cli", at=AT
    )
    gone = vault.shred(key.wrapped, PERSON, actor="cli", at=AT)
    renewed = Vault(keys.renew([0]), suite)
    things = [
        keys,
        keys.wrapping,
        keys.index,
        keys.buckets,
        vault,
        key,
        key.data_key,
        key.data_key.aead,
        binding,
        event,
        gone,
        renewed.puncture(0, {}, [gone]),
        renewed.puncture(0, {PERSON + b"2": vault.new_person_key(PERSON + b"2").wrapped}, []),
        Loaded(keys, created=True),
        parse(sealed, RECORD),
        suite,
    ]

    assert {type(thing).__name__: leaks(shown(thing)) for thing in things} == {
        type(thing).__name__: [] for thing in things
    }


def test_the_canary_test_can_see():
    assert leaks(repr({"key": SECRETS[0], "name": NAME})) != []


def failures(tmp_path):
    """Every way to fail that carries a secret in its hands."""
    keys = ring()
    vault = Vault(keys)
    key = vault.new_person_key(PERSON)
    other = vault.new_person_key(b"other")
    binding = Binding(PERSON, "parcel.send", "sender-identity")
    sealed = vault.seal_fields(key, binding, {"name": NAME})
    why = {"purpose": Purpose.DRILL, "reason": "演练", "actor": "cli", "at": AT}
    broken = NAME + "\ud800"
    file = tmp_path / "keys"
    custody = KeyFile(file)
    held = custody.load(AT).keys
    custody.store(
        OperatorKeys(
            **{name: getattr(ring(), name) for name in ring().__struct_fields__[1:]}, revision=2
        ),
        replacing=held,
    )
    whole = file.read_bytes()

    def damaged(content):
        file.write_bytes(content)
        custody.load(AT)

    yield lambda: vault.seal_fields(key, binding, {"name": broken})
    yield lambda: vault.seal_fields(key, binding, {"name": [NAME]})
    yield lambda: vault.seal_fields(key, binding, {"name": NAME * 100_000})
    yield lambda: vault.seal_fields(other, binding, {"name": NAME})
    yield lambda: vault.blind_index("cn-id", NUMBER + "\ud800")
    yield lambda: vault.blind_index("cn-id", NUMBER * 5000)
    yield lambda: vault.seal_fields(key, Binding(PERSON, broken, "id"), {"name": NAME})
    yield lambda: vault.open_fields(key, binding, sealed[:-1], **why)
    yield lambda: vault.open_fields(key, binding, sealed[:-1] + bytes([sealed[-1] ^ 1]), **why)
    yield lambda: vault.open_fields(key, binding, sealed, **{**why, "reason": NAME + NUMBER})
    yield lambda: vault.open_fields(key, binding, sealed, **{**why, "purpose": NAME})
    yield lambda: vault.unwrap(other.wrapped, PERSON)
    yield lambda: Vault(keys.renew([0]).destroy({0: 2})).unwrap(key.wrapped, PERSON)
    yield lambda: OperatorKeys(
        **{**{f: getattr(keys, f) for f in keys.__struct_fields__}, "leaf": SECRETS[0] * 2}
    )
    yield lambda: damaged(whole[:-40])
    yield lambda: damaged(whole.replace(b'"id":1', b'"id":"1"'))
    yield lambda: damaged(whole[:60] + b"\xff" + whole[61:])
    yield lambda: custody.store(keys, replacing=keys)


def chain(failure):
    """An exception with everything that hangs on it, suppressed or not."""
    while failure is not None:
        yield failure
        failure = failure.__cause__ or failure.__context__


def test_no_failure_of_the_vault_carries_a_key_or_a_value(tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    seen = 0
    for attempt in failures(tmp_path):
        with pytest.raises(LiangmingError) as caught:
            attempt()
        text = "".join(traceback.format_exception(caught.value)) + str(caught.value)
        for link in chain(caught.value):
            text += (
                repr(link) + repr(link.args) + repr(vars(link)) + repr(getattr(link, "object", ""))
            )
        assert leaks(text) == []
        seen += 1

    assert seen == 18
    assert leaks(caplog.text) == []


def test_no_text_of_a_code_is_missing_in_either_language():
    from liangming import errors
    from liangming.vault import codes

    declared = [value for value in vars(codes).values() if isinstance(value, errors.Code)]

    assert len(declared) == len({code.name for code in declared}) >= 20
    assert all(code.name.startswith("vault.") and code.zh and code.en for code in declared)
