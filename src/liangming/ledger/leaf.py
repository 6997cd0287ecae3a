"""What a leaf is: 33 bytes that say nothing until someone opens a field.

The specification is docs/spec/leaf.md. In short: an event is a list of named fields. Each field
is hashed with a salt of its own; the leaf is the version and a hash over the field hashes. The
salts come from a key of the check that the log never sees. Whoever holds the key can open one
field at a time; when the key is destroyed, the leaf stays in the tree, every proof still holds,
and nobody can learn what it said.

Facts are codes, identifiers and integers. Free text, names and personal numbers are refused by
form, so that even a leaf opened by everybody would name nobody.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping
from typing import Final, assert_never

import msgspec

from liangming.errors import Misuse, Refusal
from liangming.ledger.codes import (
    DISCLOSURE_FAILED,
    DISCLOSURE_MALFORMED,
    EVENT_UNDECLARED,
    FACT_UNDECLARED,
    FACT_UNFIT,
    FIELD_UNKNOWN,
    LEAF_KEY_UNFIT,
    LEAF_MALFORMED,
    LEAF_VERSION,
)
from liangming.ledger.events import kinds
from liangming.ledger.merkle import HASH_BYTES

FactValue = str | int | bool | tuple[str | int, ...]

VERSION: Final = 1
LEAF_BYTES: Final = 33
KEY_BYTES: Final = 32
SALT_BYTES: Final = 16

_HEAD: Final = bytes([VERSION])
SALTS_LABEL: Final = b"liangming/leaf/1/salts\x00"
FIELD_LABEL: Final = b"liangming/leaf/1/field\x00"
LEAF_LABEL: Final = b"liangming/leaf/1/leaf\x00"

_LONGEST: Final = 200
_MOST_ITEMS: Final = 64
_MOST_FIELDS: Final = 64
_LARGEST: Final = (1 << 53) - 1
# Forms of a resident ID number (18 or 15 places) and of a mobile number.
_NUMBER_OF_A_PERSON: Final = re.compile(r"\d{17}[\dXx]|\d{15}|1\d{10}")
_WORD: Final = re.compile(rf"[!-~]{{0,{_LONGEST}}}").fullmatch
_SUSPECT_LENGTHS: Final = frozenset((11, 15, 18))

_sha256 = hashlib.sha256
_json = msgspec.json.Encoder(order="sorted")
_encode = _json.encode


class Event(msgspec.Struct, frozen=True):
    """Something that happened, as facts without a person.

    Attributes:
        tag: a declared ``room:subject:action``.
        at_micros: when, in microseconds since 1970 (UTC).
        check_id: the check it belongs to; empty when it belongs to none.
        facts: what the kind declares; codes, identifiers, integers, truth values, and tuples
            of codes or integers.
    """

    tag: str
    at_micros: int
    check_id: str
    facts: Mapping[str, FactValue] = {}


class Opened(msgspec.Struct, frozen=True, tag="open"):
    """A field that is shown: its name, its value as JSON, and the salt that opens it."""

    name: str
    value: str
    salt: bytes


class Closed(msgspec.Struct, frozen=True, tag="closed"):
    """A field that is not shown: only its hash."""

    hash: bytes


class Disclosure(msgspec.Struct, frozen=True):
    """Some fields of one leaf, opened; the others closed, in canonical order."""

    version: int
    fields: tuple[Opened | Closed, ...]


def commit(event: Event, leaf_key: bytes, index: int) -> bytes:
    """Turn an event into its leaf.

    Args:
        event: what happened.
        leaf_key: 32 secret bytes of the check (destroyed with the person's key).
        index: number of the event within the check, from 0; never used twice with one key.

    Returns:
        33 bytes: the version and the commitment.

    Raises:
        Misuse: an undeclared kind or fact, an unfit value, a key of the wrong length.
    """
    fields = canonical_fields(event, index)
    salts = _salts(leaf_key, index, len(fields))
    sha256 = _sha256
    joined = bytearray(LEAF_LABEL)
    at = 0
    for name, value in fields:
        joined += sha256(
            FIELD_LABEL + salts[at : at + SALT_BYTES] + name + b"\x00" + value
        ).digest()
        at += SALT_BYTES
    return _HEAD + sha256(joined).digest()


def disclose(event: Event, leaf_key: bytes, index: int, names: Collection[str]) -> Disclosure:
    """Open the named fields of a leaf and leave the others closed.

    Args:
        event: the event as it was committed.
        leaf_key: the key it was committed with.
        index: the number it was committed with.
        names: which fields to show: facts, or ``at``, ``check``, ``seq``, ``tag``.

    Raises:
        Misuse: as :func:`commit`, and ``ledger.field-unknown``.
    """
    fields = canonical_fields(event, index)
    salts = _salts(leaf_key, index, len(fields))
    wanted = {name.encode() for name in names}
    if not wanted <= {name for name, _ in fields}:
        raise Misuse(FIELD_UNKNOWN)
    slots: list[Opened | Closed] = []
    for place, (name, value) in enumerate(fields):
        salt = salts[place * SALT_BYTES : (place + 1) * SALT_BYTES]
        if name in wanted:
            slots.append(Opened(name.decode(), value.decode(), salt))
        else:
            slots.append(Closed(_field_hash(salt, name, value)))
    return Disclosure(VERSION, tuple(slots))


def verify_disclosure(disclosure: Disclosure, leaf: bytes) -> dict[str, FactValue]:
    """Check that a disclosure opens a leaf.

    Returns:
        What was proven: the opened fields by name.

    Raises:
        Refusal: ``ledger.leaf-version``, ``ledger.disclosure-failed``.
        Misuse: ``ledger.leaf-malformed``, ``ledger.disclosure-malformed``.
    """
    check_leaf(leaf)
    if disclosure.version != leaf[0]:
        raise Refusal(LEAF_VERSION)
    if leaf_of_disclosure(disclosure) != leaf:
        raise Refusal(DISCLOSURE_FAILED)
    opened = [slot for slot in disclosure.fields if isinstance(slot, Opened)]
    names = [slot.name for slot in opened]
    if sorted(set(names)) != names:
        raise Refusal(DISCLOSURE_FAILED)  # a leaf is built with sorted, distinct names
    return {slot.name: _decode_value(slot.value) for slot in opened}


def leaf_of_disclosure(disclosure: Disclosure) -> bytes:
    """The one leaf that a disclosure can open; whether a log holds it is another question.

    Raises:
        Refusal: ``ledger.leaf-version``.
        Misuse: ``ledger.disclosure-malformed``.
    """
    if disclosure.version != VERSION:
        raise Refusal(LEAF_VERSION)
    if not 0 < len(disclosure.fields) <= _MOST_FIELDS:
        raise Misuse(DISCLOSURE_MALFORMED)
    hashes = b"".join([_slot_hash(slot) for slot in disclosure.fields])
    return _HEAD + _sha256(LEAF_LABEL + hashes).digest()


def _slot_hash(slot: Opened | Closed) -> bytes:
    match slot:
        case Closed(hash=closed):
            if len(closed) != HASH_BYTES:
                raise Misuse(DISCLOSURE_MALFORMED)
            return closed
        case Opened(name=name, value=value, salt=salt):
            if len(salt) != SALT_BYTES or "\x00" in name:
                raise Misuse(DISCLOSURE_MALFORMED)
            return _field_hash(salt, name.encode(), value.encode())
        case _ as never:
            assert_never(never)


def check_leaf(leaf: bytes) -> None:
    """Refuse bytes that are not a leaf of a known version.

    Raises:
        Refusal: ``ledger.leaf-version``.
        Misuse: ``ledger.leaf-malformed``.
    """
    if not leaf:
        raise Misuse(LEAF_MALFORMED)
    if leaf[0] != VERSION:
        raise Refusal(LEAF_VERSION)
    if len(leaf) != LEAF_BYTES:
        raise Misuse(LEAF_MALFORMED)


def encode_event(event: Event) -> bytes:
    """The event as deterministic JSON, for the store that keeps it until it is erased."""
    return _encode(event)


def decode_event(data: bytes) -> Event:
    """The inverse of :func:`encode_event`.

    Raises:
        Misuse: ``ledger.disclosure-malformed``.
    """
    try:
        event = msgspec.json.decode(data, type=Event)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Misuse(DISCLOSURE_MALFORMED) from None
    return event


def encode_disclosure(disclosure: Disclosure) -> bytes:
    """A disclosure as JSON (docs/spec/leaf.md)."""
    return _encode(disclosure)


def decode_disclosure(data: bytes) -> Disclosure:
    """The inverse of :func:`encode_disclosure`.

    Raises:
        Misuse: ``ledger.disclosure-malformed``.
    """
    try:
        return msgspec.json.decode(data, type=Disclosure)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Misuse(DISCLOSURE_MALFORMED) from None


def _decode_value(text: str) -> FactValue:
    try:
        value: FactValue = msgspec.json.decode(text.encode(), type=FactValue)
    except msgspec.DecodeError:
        raise Misuse(DISCLOSURE_MALFORMED) from None
    if _encode(value).decode() != text:
        raise Misuse(DISCLOSURE_MALFORMED)  # one value has one spelling
    return value


def _field_hash(salt: bytes, name: bytes, value: bytes) -> bytes:
    return _sha256(FIELD_LABEL + salt + name + b"\x00" + value).digest()


def _salts(leaf_key: bytes, index: int, count: int) -> bytes:
    """One call of the pseudorandom function for all fields: SHAKE256 keyed by its prefix."""
    if len(leaf_key) != KEY_BYTES:
        raise Misuse(LEAF_KEY_UNFIT)
    return hashlib.shake_256(SALTS_LABEL + leaf_key + index.to_bytes(8, "big")).digest(
        count * SALT_BYTES
    )


def canonical_fields(event: Event, index: int) -> list[tuple[bytes, bytes]]:
    """Names and canonical values, sorted by name.

    Raises:
        Misuse: an undeclared kind or fact, an unfit value.
    """
    kind = kinds.get(event.tag)
    if kind is None:
        raise Misuse(EVENT_UNDECLARED)
    facts = event.facts
    if not facts.keys() <= kind.facts:
        raise Misuse(FACT_UNDECLARED)
    encode = _encode
    fields = [
        (b"at", encode(event.at_micros)),
        (b"check", encode(_fit(event.check_id))),
        (b"seq", encode(index)),
        (b"tag", encode(event.tag)),
    ]
    for name, value in facts.items():
        fields.append((name.encode(), encode(_fit(value))))
    fields.sort()
    return fields


def canonical_value(value: FactValue) -> bytes:
    """The one spelling of a value.

    Raises:
        Misuse: ``ledger.fact-unfit``.
    """
    return _encode(_fit(value))


def _fit(value: FactValue) -> FactValue:
    """Let a value pass if it can be a fact.

    Strings are printable ASCII without spaces, so they are in NFC, have one spelling, and cannot
    hold a name or a sentence.
    """
    if type(value) is str:
        if _WORD(value) is None or (
            len(value) in _SUSPECT_LENGTHS and _NUMBER_OF_A_PERSON.fullmatch(value)
        ):
            raise Misuse(FACT_UNFIT)
    elif type(value) is int:
        if not -_LARGEST <= value <= _LARGEST:
            raise Misuse(FACT_UNFIT)
    elif isinstance(value, (tuple, list)):
        if len(value) > _MOST_ITEMS:
            raise Misuse(FACT_UNFIT)
        for item in value:
            if not isinstance(item, (str, int)) or isinstance(item, bool):
                raise Misuse(FACT_UNFIT)
            _fit(item)
    elif type(value) is not bool:
        raise Misuse(FACT_UNFIT)
    return value
