"""The evidence: an append-only log whose leaves say nothing until opened.

Order of things: an :class:`Event` of a declared kind → :func:`commit` makes its leaf → the leaf
is stored in the same durable transaction as the check → a :class:`Log` takes leaves in batches,
signs a checkpoint, writes tiles → anyone proves and verifies from the published files.

What it never does: it holds no personal data, plain or hashed without a key; it never overwrites
a tile; it never signs a head that is smaller than, or differs from, one it signed before; it
knows neither law nor rules nor the vault (keys of leaves are handed in).
"""

from liangming.ledger.checkpoint import Checkpoint, Trust, open_checkpoint
from liangming.ledger.events import EventKind, declare_event, event_kinds
from liangming.ledger.files import FileTiles
from liangming.ledger.head import Head
from liangming.ledger.headstore import SqliteHeads
from liangming.ledger.keys import KeyKind, SigningKey, VerifyingKey, read_verifying_key
from liangming.ledger.leaf import (
    Disclosure,
    Event,
    commit,
    decode_disclosure,
    decode_event,
    disclose,
    encode_disclosure,
    encode_event,
    leaf_of_disclosure,
    verify_disclosure,
)
from liangming.ledger.ports import Absent, HeadStore, Held, TileStore, Witness
from liangming.ledger.proof import LogProof, read_proof, verify_proof
from liangming.ledger.prove import Prover
from liangming.ledger.sequence import Log
from liangming.ledger.verify import Watched, compare, fsck, watch
from liangming.ledger.witness import RemoteWitness, WitnessDesk

__all__ = [
    "Absent",
    "Checkpoint",
    "Disclosure",
    "Event",
    "EventKind",
    "FileTiles",
    "Head",
    "HeadStore",
    "Held",
    "KeyKind",
    "Log",
    "LogProof",
    "Prover",
    "RemoteWitness",
    "SigningKey",
    "SqliteHeads",
    "TileStore",
    "Trust",
    "VerifyingKey",
    "Watched",
    "Witness",
    "WitnessDesk",
    "commit",
    "compare",
    "declare_event",
    "decode_disclosure",
    "decode_event",
    "disclose",
    "encode_disclosure",
    "encode_event",
    "event_kinds",
    "fsck",
    "leaf_of_disclosure",
    "open_checkpoint",
    "read_proof",
    "read_verifying_key",
    "verify_disclosure",
    "verify_proof",
    "watch",
]
