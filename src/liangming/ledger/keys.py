"""Keys that sign heads: Ed25519 for the log, Ed25519 and ML-DSA-44 for cosigners.

Sources: c2sp.org/signed-note (type 0x01, verifier keys), c2sp.org/tlog-cosignature (0x04, 0x06),
RFC 8032, FIPS 204.
"""

from __future__ import annotations

import base64
import enum
import hashlib
from dataclasses import dataclass, field
from typing import Final, assert_never

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from liangming.errors import Misuse
from liangming.ledger.codes import KEY_MALFORMED
from liangming.ledger.head import read_head_text, strict_base64
from liangming.ledger.note import KEY_ID_BYTES, SignatureLine, name_is_fit

SEED_BYTES: Final = 32
_STAMP_BYTES: Final = 8
_LONGEST_NAME: Final = 255


class KeyKind(enum.IntEnum):
    """What a key signs; the number is the signature type byte."""

    LOG_ED25519 = 0x01
    COSIGNER_ED25519 = 0x04
    COSIGNER_ML_DSA_44 = 0x06


_PUBLIC_BYTES: Final = {
    KeyKind.LOG_ED25519: 32,
    KeyKind.COSIGNER_ED25519: 32,
    KeyKind.COSIGNER_ML_DSA_44: 1312,
}


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """A public key with its name. Its identifier is part of every signature line."""

    kind: KeyKind
    name: str
    public: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse a key that no signature line could carry."""
        fit = name_is_fit(self.name) and len(self.name.encode()) <= _LONGEST_NAME
        if not fit or len(self.public) != _PUBLIC_BYTES[self.kind]:
            raise Misuse(KEY_MALFORMED)

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256(name || newline || type || public key)."""
        identity = self.name.encode() + b"\n" + bytes([self.kind]) + self.public
        return hashlib.sha256(identity).digest()[:KEY_ID_BYTES]

    def made(self, line: SignatureLine) -> bool:
        """Whether a line claims to be by this key."""
        return line.name == self.name and line.key_id == self.key_id

    def verifies(self, text: str, line: SignatureLine) -> int | None:
        """The time of a good signature in seconds (0 where the form has none); None if bad."""
        at, signature = 0, line.signature
        if self.kind is not KeyKind.LOG_ED25519:
            at, signature = (
                int.from_bytes(signature[:_STAMP_BYTES], "big"),
                signature[_STAMP_BYTES:],
            )
            if at >= 1 << 63:
                return None
        message = _message(self.kind, self.name, text, at)
        try:
            if self.kind is KeyKind.COSIGNER_ML_DSA_44:
                MLDSA44PublicKey.from_public_bytes(self.public).verify(signature, message)
            else:
                Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return None
        return at

    def encode(self) -> str:
        """The verifier key text ``name+hexid+base64``."""
        blob = base64.b64encode(bytes([self.kind]) + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{blob}"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key with its name; its seed is 32 bytes for every kind."""

    kind: KeyKind
    name: str
    seed: bytes = field(repr=False)
    verifying: VerifyingKey = field(init=False)
    _private: Ed25519PrivateKey | MLDSA44PrivateKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Derive the public half."""
        if len(self.seed) != SEED_BYTES:
            raise Misuse(KEY_MALFORMED)
        private: Ed25519PrivateKey | MLDSA44PrivateKey
        if self.kind is KeyKind.COSIGNER_ML_DSA_44:
            private = MLDSA44PrivateKey.from_seed_bytes(self.seed)
        else:
            private = Ed25519PrivateKey.from_private_bytes(self.seed)
        public = private.public_key().public_bytes_raw()
        object.__setattr__(self, "_private", private)
        object.__setattr__(self, "verifying", VerifyingKey(self.kind, self.name, public))

    def sign(self, text: str, at: int) -> SignatureLine:
        """Sign a checkpoint's text.

        Args:
            text: the note text.
            at: seconds since 1970; not used by log keys, whose form has no time.
        """
        signature = self._private.sign(_message(self.kind, self.name, text, at))
        if self.kind is not KeyKind.LOG_ED25519:
            signature = at.to_bytes(_STAMP_BYTES, "big") + signature
        return SignatureLine(self.name, self.verifying.key_id, signature)


def read_verifying_key(text: str) -> VerifyingKey:
    """Read a verifier key text.

    Raises:
        Misuse: ``ledger.key-malformed``.
    """
    name, plus, rest = text.partition("+")
    key_id, other, blob = rest.partition("+")
    raw = strict_base64(blob)
    if not (plus and other and raw) or raw[0] not in tuple(KeyKind):
        raise Misuse(KEY_MALFORMED)
    key = VerifyingKey(KeyKind(raw[0]), name, raw[1:])
    if key.key_id.hex() != key_id:
        raise Misuse(KEY_MALFORMED)
    return key


def _message(kind: KeyKind, name: str, text: str, at: int) -> bytes:
    match kind:
        case KeyKind.LOG_ED25519:
            return text.encode()
        case KeyKind.COSIGNER_ED25519:
            return f"cosignature/v1\ntime {at}\n{text}".encode()
        case KeyKind.COSIGNER_ML_DSA_44:
            origin, head = read_head_text(text)
            return b"".join(
                (
                    b"subtree/v1\n\x00",
                    _opaque(name),
                    at.to_bytes(8, "big"),
                    _opaque(origin),
                    bytes(8),  # a checkpoint begins at leaf 0
                    head.size.to_bytes(8, "big"),
                    head.root,
                )
            )
        case _ as never:
            assert_never(never)


def _opaque(text: str) -> bytes:
    raw = text.encode()
    if not 0 < len(raw) <= _LONGEST_NAME:
        raise Misuse(KEY_MALFORMED)
    return bytes([len(raw)]) + raw
