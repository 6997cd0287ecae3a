"""The two cipher suites behind one envelope: international and 国密.

=====  ==============  ================  ==============  =========
tag    cipher          key               hash            standards
=====  ==============  ================  ==============  =========
1      AES-256-GCM     256 bits          SHA-256         FIPS 197, SP 800-38D, RFC 2104, RFC 5869
2      SM4-GCM         128 bits          SM3             GB/T 32907, GB/T 32905, RFC 8998
=====  ==============  ================  ==============  =========

Every primitive comes from ``cryptography`` (OpenSSL); this module only names them. A tag is
stored in each envelope and never given another meaning; a new suite takes a new tag.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

import msgspec
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from liangming.errors import Refusal
from liangming.vault import codes
from liangming.vault.redaction import Redacted

NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16


class Aead(Protocol):
    """Authenticated encryption under one key; the 16-byte tag follows the ciphertext."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Ciphertext and tag."""
        ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Plaintext, or ``cryptography.exceptions.InvalidTag``; nothing is released before the tag fits."""
        ...


class _Sm4Gcm(Redacted):
    """SM4 in GCM, in the shape of the library's own AEAD classes (it has none for SM4)."""

    __slots__ = ("_algorithm",)

    def __init__(self, key: bytes) -> None:
        self._algorithm = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        encryptor = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated_data or b"")
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        body, tag = data[:-TAG_BYTES], data[-TAG_BYTES:]
        decryptor = Cipher(self._algorithm, modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(associated_data or b"")
        plaintext = decryptor.update(body)
        return plaintext + decryptor.finalize()  # raises before anything is returned


@dataclass(frozen=True, slots=True)
class Suite:
    """One cipher, one hash, one tag.

    Attributes:
        tag: the byte stored in every envelope.
        name: as people say it.
        key_bytes: length of a data key.
        hash: for HMAC and HKDF.
        aead: prepares the cipher for one key.
    """

    tag: int
    name: str
    key_bytes: int
    hash: hashes.HashAlgorithm
    aead: Callable[[bytes], Aead]

    def key(self, raw: bytes) -> DataKey:
        """A data key ready for use; ``raw`` is exactly ``key_bytes`` long.

        Raises:
            ValueError: the length is wrong.
        """
        if len(raw) != self.key_bytes:
            raise ValueError("a data key of another length")
        return DataKey(self, self.aead(raw))

    def mac(self, key: bytes) -> hmac.HMAC:
        """An HMAC context under a key; copy it rather than keying again."""
        return hmac.HMAC(key, self.hash)

    def derive(self, *, salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
        """HKDF (RFC 5869), both steps, over this suite's hash."""
        return HKDF(self.hash, length, salt, info).derive(secret)


class DataKey(Redacted, msgspec.Struct, frozen=True, eq=False):
    """A key with its suite. The raw bytes stay inside the library's cipher object."""

    suite: Suite
    aead: Aead


AES: Final = Suite(1, "AES-256-GCM / SHA-256", 32, hashes.SHA256(), AESGCM)
SM: Final = Suite(2, "SM4-GCM / SM3", 16, hashes.SM3(), _Sm4Gcm)

_BY_TAG: Final = {suite.tag: suite for suite in (AES, SM)}


def by_tag(tag: int) -> Suite:
    """The suite of a stored tag.

    Raises:
        Refusal: ``vault.unknown-suite``.
    """
    suite = _BY_TAG.get(tag)
    if suite is None:
        raise Refusal(codes.UNKNOWN_SUITE)
    return suite
