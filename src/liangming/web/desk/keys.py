"""Recognise a client by its key ``lmk_<client>_<secret>``, as the API does."""

from __future__ import annotations

import hashlib
import hmac
import re
from typing import Final

from liangming.check import Premises
from liangming.check.ports import Client

_SHAPE: Final = re.compile(r"lmk_(cli_[0-9a-z]{26})_([0-9a-f]{64})")
_CONTEXT: Final = b"liangming/api-key/1\0"


async def recognise(premises: Premises, key: str) -> Client | None:
    """The client of a key, unless unknown, wrong or revoked; compared in constant time."""
    shape = _SHAPE.fullmatch(key)
    if shape is None:
        return None
    client = await premises.store.client(shape[1])
    message = _CONTEXT + shape[1].encode() + b"\0" + shape[2].encode()
    given = hmac.digest(premises.keys.token, message, hashlib.sha256)
    fits = hmac.compare_digest(given, client.digest if client is not None else bytes(32))
    return client if client is not None and fits and client.revoked_at is None else None
