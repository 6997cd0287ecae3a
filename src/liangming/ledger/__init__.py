"""The evidence: an append-only log whose leaves say nothing until opened.

Order of things: an :class:`Event` of a declared kind → :func:`commit` makes its leaf → the leaf
is stored in the same durable transaction as the check → a :class:`Log` takes leaves in batches,
signs a checkpoint, writes tiles → anyone proves and verifies from the published files.

What it never does: it holds no personal data, plain or hashed without a key; it never overwrites
a tile; it never signs a head that is smaller than, or differs from, one it signed before; it
knows neither law nor rules nor the vault (keys of leaves are handed in).
"""

from liangming.ledger.events import EventKind, declare_event, event_kinds
from liangming.ledger.head import Head
from liangming.ledger.leaf import (
    Disclosure,
    Event,
    commit,
    decode_disclosure,
    decode_event,
    disclose,
    encode_disclosure,
    encode_event,
    verify_disclosure,
)

__all__ = [
    "Disclosure",
    "Event",
    "EventKind",
    "Head",
    "commit",
    "declare_event",
    "decode_disclosure",
    "decode_event",
    "disclose",
    "encode_disclosure",
    "encode_event",
    "event_kinds",
    "verify_disclosure",
]
