"""From a face's numbers to signs of a random projection, and back to a yes or no.

Two directions at an angle θ differ in a share θ/π of the signs, whatever the projection. So the
threshold of the embedder carries over: no second one is tuned. The projection comes from AES-CTR under
the person's key; another key gives signs that agree by chance alone.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR
from numpy.typing import NDArray

from liangming.edge.face.ports import Vector
from liangming.edge.face.threshold import Threshold

BITS: Final = 1024
_START: Final = bytes(16)
_WORD: Final = float(1 << 32)


def protect(vector: Vector, key: bytes) -> bytes:
    """The signs of a face's projections, packed.

    Args:
        vector: of any length; its direction alone counts.
        key: 32 bytes; it decides the projection.
    """
    rows = _projection(key, vector.size)
    try:
        return np.packbits(rows @ vector.astype(np.float32) > 0).tobytes()
    finally:
        rows.fill(0)


def likeness(one: bytes, other: bytes) -> float:
    """The cosine that so many equal signs stand for."""
    differ = np.unpackbits(np.frombuffer(one, np.uint8) ^ np.frombuffer(other, np.uint8)).sum()
    return math.cos(math.pi * float(differ) / BITS)


def begins_at(threshold: Threshold, length: float, kept: float) -> float:
    """The cosine at which a match begins.

    Args:
        threshold: the embedder's own.
        length: of the vector before the lens.
        kept: of the vector that the template was made from.
    """
    if threshold.metric == "cosine":
        return threshold.at
    if not (length > 0 and kept > 0):
        return 2.0  # nothing is like nothing
    return (length**2 + kept**2 - threshold.at**2) / (2 * length * kept)


def _projection(key: bytes, size: int) -> NDArray[np.float32]:
    """BITS × size normal numbers (Box–Muller over a key stream)."""
    count = BITS * size
    pairs = (count + 1) // 2
    stream = Cipher(AES(key), CTR(_START)).encryptor().update(bytes(8 * pairs))
    words = np.frombuffer(stream, "<u4").reshape(2, pairs)
    radius = np.sqrt(-2 * np.log((words[0] + 1.0) / (_WORD + 1)))
    angle = (2 * np.pi / _WORD) * words[1]
    normal = np.concatenate([radius * np.cos(angle), radius * np.sin(angle)])[:count]
    return normal.astype(np.float32).reshape(BITS, size)
