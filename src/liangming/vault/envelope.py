"""The one sealed form, for records and for wrapped keys (``docs/spec/envelope.md``).

::

    magic 0x4C · form 0x01 · suite · length(4) · nonce(12) · ciphertext · tag(16)              a record
    magic 0x4C · form 0x02 · suite · length(4) · key id(4) · bucket(4) · generation(4) · …     a wrapped key

Integers are big-endian; ``length`` counts ciphertext and tag. Everything before the nonce is the
*head*; the head followed by the caller's associated data is what the cipher authenticates, so
that no byte can be changed. The head's length follows from its form, so the join is unambiguous.

Nonces are 96 random bits. A person's key seals a few records in its life, and a wrapping key for
one bucket wraps far fewer than the 2^32 messages that SP 800-38D section 8.3 allows with random
nonces; a counter would have to survive restores from backup, which is the more dangerous thing.
"""

from __future__ import annotations

from functools import lru_cache
from os import urandom
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag

from liangming.errors import Misuse, Refusal
from liangming.vault import codes
from liangming.vault.redaction import Redacted
from liangming.vault.suites import NONCE_BYTES, TAG_BYTES, DataKey, Suite, by_tag

MAGIC: Final = 0x4C
RECORD: Final = 0x01
WRAPPED_KEY: Final = 0x02
MAX_PLAINTEXT: Final = 1 << 20

_PREFIX_BYTES: Final = 7
_KEY_PART_BYTES: Final = {RECORD: 0, WRAPPED_KEY: 12}


class KeyRef(msgspec.Struct, frozen=True):
    """Which keys wrap a person's key; public numbers, kept as columns beside it.

    Attributes:
        key: id of the operator's wrapping key.
        bucket: the bucket whose key takes part in the wrapping.
        generation: of the bucket's key; it grows each time the bucket is renewed.
    """

    key: int
    bucket: int
    generation: int

    def encode(self) -> bytes:
        """Twelve bytes."""
        return (self.key << 64 | self.bucket << 32 | self.generation).to_bytes(12, "big")


class Envelope(Redacted, msgspec.Struct, frozen=True):
    """A parsed, not yet opened envelope."""

    suite: Suite
    head: bytes
    nonce: bytes
    body: bytes

    def open(self, key: DataKey, aad: bytes) -> bytes:
        """The plaintext.

        Raises:
            Refusal: ``vault.cannot-open``.
        """
        if key.suite is not self.suite:
            raise Refusal(codes.CANNOT_OPEN)
        try:
            return key.aead.decrypt(self.nonce, self.body, self.head + aad)
        except InvalidTag:
            raise Refusal(codes.CANNOT_OPEN) from None


def seal(data_key: DataKey, plaintext: bytes, aad: bytes, *, ref: KeyRef | None = None) -> bytes:
    """Seal bytes under a key and bind them to associated data.

    Args:
        data_key: the key, with its suite.
        plaintext: at most 1 MiB.
        aad: canonical bytes that must be given again to open.
        ref: for a wrapped key, which keys wrap it; without it the result is a record.

    Raises:
        Misuse: ``vault.fields-malformed`` when the plaintext is too long.
    """
    size = len(plaintext)
    if size > MAX_PLAINTEXT:
        raise Misuse(codes.FIELDS_MALFORMED)
    form = RECORD if ref is None else WRAPPED_KEY
    head = head_of(form, data_key.suite.tag, size)
    if ref is not None:
        head += ref.encode()
    nonce = urandom(NONCE_BYTES)
    return head + nonce + data_key.aead.encrypt(nonce, plaintext, head + aad)


@lru_cache(maxsize=1024)  # plaintexts come in steps of 64 bytes
def head_of(form: int, tag: int, size: int) -> bytes:
    """The head of an envelope, without the keys of a wrapped one.

    Args:
        form: RECORD or WRAPPED_KEY.
        tag: of the suite.
        size: of the plaintext.
    """
    return bytes((MAGIC, form, tag)) + (size + TAG_BYTES).to_bytes(4, "big")


def open_sealed(data_key: DataKey, sealed: bytes, aad: bytes) -> bytes:
    """Open a sealed record.

    Raises:
        Refusal: a code of :func:`parse`, or ``vault.cannot-open``.
    """
    return parse(sealed, RECORD).open(data_key, aad)


def parse(sealed: bytes, form: int) -> Envelope:
    """Read the outside of an envelope, strictly.

    Raises:
        Refusal: ``vault.envelope-damaged``, ``vault.unknown-form``, ``vault.unknown-suite``,
            ``vault.envelope-truncated`` or ``vault.envelope-trailing``.
    """
    if not sealed:
        raise Refusal(codes.TRUNCATED)
    if sealed[0] != MAGIC:
        raise Refusal(codes.NOT_AN_ENVELOPE)
    if len(sealed) < _PREFIX_BYTES:
        raise Refusal(codes.TRUNCATED)
    if sealed[1] != form:
        raise Refusal(codes.UNKNOWN_FORM)
    suite = by_tag(sealed[2])
    head_bytes = _PREFIX_BYTES + _KEY_PART_BYTES[form]
    body_at = head_bytes + NONCE_BYTES
    length = int.from_bytes(sealed[3:7], "big")
    if length < TAG_BYTES or len(sealed) < body_at + length:
        raise Refusal(codes.TRUNCATED)
    if len(sealed) > body_at + length:
        raise Refusal(codes.TRAILING)
    return Envelope(suite, sealed[:head_bytes], sealed[head_bytes:body_at], sealed[body_at:])


def key_ref(wrapped: bytes) -> KeyRef:
    """Which keys wrap a person's key: read from the head, proven only when it is unwrapped.

    Raises:
        Refusal: a code of :func:`parse`.
    """
    return ref_of(parse(wrapped, WRAPPED_KEY))


def ref_of(envelope: Envelope) -> KeyRef:
    """The key part of a parsed wrapped key."""
    head = envelope.head
    return KeyRef(
        int.from_bytes(head[7:11], "big"),
        int.from_bytes(head[11:15], "big"),
        int.from_bytes(head[15:19], "big"),
    )
