"""The keys that sign heads, the log's and a witness's, derived from a ring.

The ring's signing seed also makes the key of hand-over codes. One key for two kinds of messages
would let one be passed off as the other; so each log has a key of its own, by HKDF (RFC 5869).
"""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from liangming.ledger import KeyKind, SigningKey

_LABEL: Final = b"liangming/log/ed25519/1\x00"
_WITNESS_ED25519: Final = b"liangming/witness/ed25519/1\x00"
_WITNESS_ML_DSA_44: Final = b"liangming/witness/ml-dsa-44/1\x00"
_SEED_BYTES: Final = 32


def log_key(signing: bytes, origin: str) -> SigningKey:
    """The Ed25519 key of the log with this origin; the same seed and origin give the same key.

    Args:
        signing: the ring's 32-byte signing seed (``OperatorKeys.signing``).
        origin: the log's name, which is also the key's.

    Raises:
        Misuse: ``ledger.key-malformed``: the origin cannot name a key.
    """
    info = _LABEL + origin.encode()
    seed = HKDF(SHA256(), _SEED_BYTES, salt=None, info=info).derive(signing)
    return SigningKey(KeyKind.LOG_ED25519, origin, seed)


def witness_keys(signing: bytes, name: str) -> tuple[SigningKey, SigningKey]:
    """The Ed25519 and the ML-DSA-44 key of a witness, from a ring of its own.

    Args:
        signing: that ring's 32-byte signing seed.
        name: the witness's name, which is also both keys'.

    Raises:
        Misuse: ``ledger.key-malformed`` when the name cannot be a key name.
    """
    seeds = [
        HKDF(SHA256(), _SEED_BYTES, salt=None, info=label + name.encode()).derive(signing)
        for label in (_WITNESS_ED25519, _WITNESS_ML_DSA_44)
    ]
    return (
        SigningKey(KeyKind.COSIGNER_ED25519, name, seeds[0]),
        SigningKey(KeyKind.COSIGNER_ML_DSA_44, name, seeds[1]),
    )
