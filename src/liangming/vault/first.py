"""A fresh key for each of some people, and a record sealed under it: what a first registration stores.

The same bytes as :meth:`Vault.new_person_key` and :meth:`Vault.seal_fields` make, for many people in one go and without
the objects between: half of what sealing costs besides its ciphers is calls.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from liangming.errors import Misuse
from liangming.vault import codes
from liangming.vault.binding import both_aads
from liangming.vault.envelope import MAX_PLAINTEXT, RECORD, KeyRef, head_of
from liangming.vault.fields import plaintexts
from liangming.vault.pads import PERSON, pad
from liangming.vault.redaction import Redacted
from liangming.vault.suites import AES, NONCE_BYTES, SM, Suite

CHANCE_BYTES: Final = 2 * NONCE_BYTES + max(AES.key_bytes, SM.key_bytes)


class Place(NamedTuple):
    """Where the next people's keys are wrapped."""

    ref: KeyRef
    head: bytes  # of a key that is wrapped there
    wrap: Callable[[bytes, bytes, bytes], bytes]  # its cipher: nonce, key and associated data


class Newcomer(Redacted, msgspec.Struct, frozen=True):
    """Who is registered for the first time.

    Attributes:
        person: whose key and record it is.
        fields: what is sealed.
        what: names the one secret for which a pad is made (:mod:`liangming.vault.pads`); empty: none is.
        chance: :data:`CHANCE_BYTES` random bytes that nothing else uses.
    """

    person: bytes
    fields: Mapping[str, str]
    what: bytes
    chance: bytes


Sealed = tuple[bytes, bytes, bytes]
"""The wrapped key and the sealed record to store, and the pad."""

_splits: Final = {  # a chance into two nonces and a key
    suite.key_bytes: struct.Struct(
        f"{NONCE_BYTES}s{NONCE_BYTES}s{suite.key_bytes}s{CHANCE_BYTES - 2 * NONCE_BYTES - suite.key_bytes}x"
    ).unpack
    for suite in (AES, SM)
}


def seal_each(
    suite: Suite, places: Sequence[Place], people: Sequence[Newcomer], purpose: str, record: str
) -> list[Sealed]:
    """What a first registration of each stores.

    Args:
        suite: of their keys.
        places: for each, where the key is wrapped.
        people: who.
        purpose: as in a :class:`~liangming.vault.Binding`.
        record: as in a :class:`~liangming.vault.Binding`.

    Raises:
        Misuse: ``vault.binding-malformed``, ``vault.fields-malformed``; then none of them is sealed.
    """
    tag, cipher, split = suite.tag, suite.aead, _splits[suite.key_bytes]
    aads = both_aads([each.person for each in people], purpose, record)
    texts = plaintexts([each.fields for each in people])
    if any(size > MAX_PLAINTEXT for size in {*map(len, texts)}):
        raise Misuse(codes.FIELDS_MALFORMED)
    sealed: list[Sealed] = []
    for each, text, place, (for_key, for_record) in zip(people, texts, places, aads, strict=True):
        one, other, raw = split(each.chance)
        head, record_head = place.head, head_of(RECORD, tag, len(text))
        sealed.append(
            (
                head + one + place.wrap(one, raw, head + for_key),
                record_head + other + cipher(raw).encrypt(other, text, record_head + for_record),
                pad(PERSON, raw, each.what) if each.what else b"",
            )
        )
    return sealed
