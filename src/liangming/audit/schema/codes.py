"""Closed lists behind the small integers of an event. A code is a place in its list, for ever.

The words are the law's own (``law.words``) as far as it has them; lists here only ever grow at the
end, so that an old file keeps its meaning.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

WAYS: Final = (
    "document.seen",
    "document.read",
    "organisation",
    "network-credential",
    "order-code",
    "registered-sender",
    "agreement",
    "pickup-code",
    "ticket",
    "payment-code",
    "cash",
    "bank-card",
    "face",
    "other",
)
"""Ways to show who one is, or that one may: bit *i* of a mask is way *i*. ``other`` is any way of a
vendor that is none of these and no face."""

FACE: Final = WAYS.index("face")
OTHER_WAY: Final = WAYS.index("other")
FACE_BIT: Final = 1 << FACE
NONE_CHOSEN: Final = 14
"""In ``way_first``, ``way_chosen``, ``way_completed``: known to be none. Null is *not known*."""

PLAIN_WAYS: Final = sum(
    1 << number
    for number, way in enumerate(WAYS)
    if way not in ("face", "other", "network-credential", "order-code", "payment-code")
)
"""Mask of the ways that need neither a face nor a smartphone."""

OUTCOMES: Final = ("unknown", "passed", "refused", "undetermined", "abandoned", "expired")

REASONS: Final = (
    "none",
    "no-document",
    "mismatch",
    "untrue",
    "invalid-document",
    "no-entitlement",
    "no-guardian",
    "other",
)
"""Why a check was refused: places 1 to 6 are the closed list of lawful reasons, 7 is any other."""

SCENE_KINDS: Final = (
    "other",
    "parcel.send.counter",
    "parcel.send.doorstep",
    "parcel.send.locker",
    "parcel.send.agreement",
    "parcel.send.letter",
    "parcel.collect.counter",
    "parcel.collect.locker",
    "vending.payment",
    "entrance.sports",
    "entrance.retail",
    "entrance.culture",
    "entrance.training",
    "entrance.property",
    "entrance.rental",
    "entrance.hotel",
)

CHANNELS: Final = ("unknown", "counter", "doorstep", "machine", "gate", "online")


def ways_mask(ways: Iterable[str]) -> int:
    """The mask of some ways, by their words.

    >>> ways_mask(["document.seen", "face"])
    4097
    """
    return sum(1 << WAYS.index(way) for way in set(ways))
