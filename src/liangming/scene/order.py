"""The published order of ways: document → network credential → earlier check → … → face.

The order is that of :class:`~liangming.law.words.Method`, is the same on every page, and is told
to everyone, so that no operator can rank ways by wish. The face is always last.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from liangming.law.words import Method
from liangming.scene.model import Way

_PLACE: Final = {method: place for place, method in enumerate(Method)}


def published_order(ways: Iterable[Way]) -> tuple[Way, ...]:
    """The same ways as every page lists them."""
    return tuple(sorted(ways, key=lambda way: _PLACE[way.method]))
