"""What a whole check has by lot: its id, the key of its leaves, and what the vault seals its person with."""

from __future__ import annotations

from datetime import datetime
from os import urandom
from typing import Final

from liangming import ids
from liangming.clock import micros
from liangming.ledger.leaf import KEY_BYTES
from liangming.vault import CHANCE_BYTES as VAULT_BYTES

_ID_END: Final = ids.CHANCE_BYTES
_KEY_END: Final = _ID_END + KEY_BYTES
CHANCE_BYTES: Final = _KEY_END + VAULT_BYTES

Lot = tuple[str, bytes, bytes, bytes]
"""The id, the 16 bytes of that, the key of the leaves, and what is the vault's: a key and two nonces."""


def draw(at: datetime, many: int) -> list[Lot]:
    """What so many checks of one moment have by lot.

    One draw of random bytes for all of them: each takes its part, and what is not taken goes with the pass. A
    part begins with what its id is made of, so in order each id enters the indexes at their end.
    """
    chance = urandom(CHANCE_BYTES * many)
    begins = range(0, len(chance), CHANCE_BYTES)
    parts = sorted([chance[begin : begin + CHANCE_BYTES] for begin in begins])
    began = (micros(at) // 1000).to_bytes(ids.BLOCK_BYTES - ids.CHANCE_BYTES)
    blocks = [began + part[:_ID_END] for part in parts]
    checks = ids.of_blocks(ids.CHECK, b"".join(blocks))
    return [
        (check, block, part[_ID_END:_KEY_END], part[_KEY_END:])
        for part, check, block in zip(parts, checks, blocks, strict=True)
    ]
