"""Drawing the sample, so that neither side can choose it (docs/adr/0014-inspection.md).

1 the inspector thinks of a random secret and puts its digest into the mandate
2 the mandate's registration becomes a leaf; with it the log up to there has one root
3 the secret is shown; seed = SHA-256 over mandate, secret and that root

The operator fixes the root without knowing the secret; the inspector fixed the secret before there
was a root. A check's rank is a hash of the seed and its place; the lowest ranks are the sample.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from typing import Final

from liangming.errors import Misuse
from liangming.inspection.codes import SECRET_WRONG
from liangming.inspection.mandate import Mandate

SECRET_BYTES: Final = 32
_SECRET: Final = b"liangming/inspection/secret/1\x00"
_SEED: Final = b"liangming/inspection/seed/1\x00"
_RANK: Final = b"liangming/inspection/rank/1\x00"


def new_secret() -> bytes:
    """A fresh secret; the inspector keeps it until the mandate is registered."""
    return secrets.token_bytes(SECRET_BYTES)


def commitment(secret: bytes) -> str:
    """What the mandate says of the secret, hex."""
    return hashlib.sha256(_SECRET + secret).hexdigest()


def seed_of(mandate: Mandate, secret: bytes, root: bytes) -> bytes:
    """The seed.

    Args:
        mandate: as registered.
        secret: what its commitment commits to.
        root: of the log up to and with the registration.

    Raises:
        Misuse: ``inspection.secret-wrong``.
    """
    if len(secret) != SECRET_BYTES or commitment(secret) != mandate.secret:
        raise Misuse(SECRET_WRONG)
    return hashlib.sha256(_SEED + bytes.fromhex(mandate.digest) + secret + root).digest()


def draw(seed: bytes, population: Sequence[tuple[int, str]], size: int) -> list[tuple[int, str]]:
    """The sample, in the order drawn: the lowest ranks, at most ``size``, all when there are fewer."""

    def rank(each: tuple[int, str]) -> bytes:
        return hashlib.sha256(_RANK + seed + each[0].to_bytes(8, "big")).digest()

    return sorted(population, key=rank)[:size]
