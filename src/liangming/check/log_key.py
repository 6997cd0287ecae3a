"""The key that signs the log's heads, derived from the operator's ring.

The ring's signing seed also makes the key of hand-over codes. One key for two kinds of messages
would let one be passed off as the other; so each log has a key of its own, by HKDF (RFC 5869).
"""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from liangming.ledger import KeyKind, SigningKey

_LABEL: Final = b"liangming/log/ed25519/1\x00"
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
