"""A small secret under a passphrase: scrypt, then AES-256-GCM, in one text that carries its costs.

PKCS#8 would be the usual form, but the library writes it with 2,048 rounds of PBKDF2 and cannot be
told otherwise; a copied key file would then be guessed at some hundred thousand times a second.
Here one guess takes a tenth of a second and 64 MiB.
"""

from __future__ import annotations

from os import urandom
from typing import Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from liangming.errors import Kind, Misuse, Refusal, declare
from liangming.vault.redaction import Redacted

UNFIT: Final = declare(
    "vault.passphrase-unfit",
    Kind.INVALID,
    zh="口令至少 12 个字符，最长 1,000 字节。",
    en="A passphrase has at least 12 characters and at most 1,000 bytes.",
)
WRONG: Final = declare(
    "vault.passphrase-wrong",
    Kind.REFUSED,
    zh="口令不对，或文件被改过；打不开。",
    en="The passphrase is not right, or the file was changed; it does not open.",
)

SHORTEST: Final = 12
LONGEST: Final = 1_000
_LOG_COST: Final = 16
_MOST_LOG_COST: Final = 20  # a file that asks for more is not one of ours
_SALT: Final = 16
_NONCE: Final = 12
_BLOCK: Final = 8


class Locked(Redacted, msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A secret under a passphrase.

    Attributes:
        cost: scrypt's N, as a power of two; r is 8 and p is 1.
        salt: of the derivation.
        box: nonce and sealed bytes.
    """

    cost: int
    salt: bytes
    box: bytes


def lock(secret: bytes, passphrase: str, about: bytes) -> Locked:
    """Put a secret under a passphrase.

    Args:
        secret: some bytes.
        passphrase: at least 12 characters.
        about: what the secret belongs to; the same must be given to open it.

    Raises:
        Misuse: ``vault.passphrase-unfit``.
    """
    if len(passphrase) < SHORTEST or len(passphrase.encode()) > LONGEST:
        raise Misuse(UNFIT, field="passphrase")
    salt, nonce = urandom(_SALT), urandom(_NONCE)
    key = _key(passphrase, salt, _LOG_COST)
    return Locked(_LOG_COST, salt, nonce + AESGCM(key).encrypt(nonce, secret, about))


def unlock(locked: Locked, passphrase: str, about: bytes) -> bytes:
    """The secret.

    Raises:
        Refusal: ``vault.passphrase-wrong``: also for a file that was changed.
    """
    fit = 1 <= locked.cost <= _MOST_LOG_COST and len(locked.salt) == _SALT
    if not fit or len(passphrase.encode()) > LONGEST:
        raise Refusal(WRONG, field="passphrase")
    key = _key(passphrase, locked.salt, locked.cost)
    try:
        return AESGCM(key).decrypt(locked.box[:_NONCE], locked.box[_NONCE:], about)
    except (InvalidTag, ValueError):
        raise Refusal(WRONG, field="passphrase") from None


def _key(passphrase: str, salt: bytes, cost: int) -> bytes:
    return Scrypt(salt, 32, n=1 << cost, r=_BLOCK, p=1).derive(passphrase.encode())
