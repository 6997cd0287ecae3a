"""The proof a person takes home: a ``.tlog-proof`` file, verified without any network.

Source: c2sp.org/tlog-proof. The opaque extra data carries what opens the leaf (a disclosure); it
is believed only as far as it opens the leaf that the proof leads to.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Final

from liangming.errors import Misuse
from liangming.ledger.checkpoint import Checkpoint, Trust, open_checkpoint
from liangming.ledger.codes import PROOF_MALFORMED
from liangming.ledger.head import decimal, strict_base64
from liangming.ledger.merkle import HASH_BYTES, leaf_hash, verify_inclusion

_TITLE: Final = "c2sp.org/tlog-proof@v1"
_MOST_HASHES: Final = 63


@dataclass(frozen=True, slots=True)
class LogProof:
    """An inclusion proof with its checkpoint.

    Attributes:
        index: the leaf's place.
        hashes: the audit path, from the leaf upwards.
        checkpoint: the signed head, verbatim.
        extra: opaque data that travels along, unauthenticated.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes | None = None

    def encode(self) -> bytes:
        """The file's bytes."""
        lines = [_TITLE]
        if self.extra is not None:
            lines.append(f"extra {base64.b64encode(self.extra).decode()}")
        lines.append(f"index {self.index}")
        lines += [base64.b64encode(value).decode() for value in self.hashes]
        return "\n".join([*lines, "", ""]).encode() + self.checkpoint


def read_proof(data: bytes) -> LogProof:
    """Read a ``.tlog-proof`` file; nothing is believed yet.

    Raises:
        Misuse: ``ledger.proof-malformed``.
    """
    top, blank, checkpoint = data.partition(b"\n\n")
    try:
        lines = top.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise Misuse(PROOF_MALFORMED) from None
    if not blank or lines.pop(0) != _TITLE or not lines:
        raise Misuse(PROOF_MALFORMED)
    extra = None
    if lines[0].startswith("extra "):
        extra = strict_base64(lines.pop(0).removeprefix("extra "))
        if extra is None or not lines:
            raise Misuse(PROOF_MALFORMED)
    index = decimal(lines[0].removeprefix("index "))
    hashes = [strict_base64(line) for line in lines[1:]]
    if not lines[0].startswith("index ") or index is None or len(hashes) > _MOST_HASHES:
        raise Misuse(PROOF_MALFORMED)
    whole = [value for value in hashes if value is not None and len(value) == HASH_BYTES]
    if len(whole) != len(hashes):
        raise Misuse(PROOF_MALFORMED)
    return LogProof(index, tuple(whole), checkpoint, extra)


def verify_proof(proof: LogProof, *, leaf: bytes, trust: Trust) -> Checkpoint:
    """Believe that a leaf is in the log, or refuse.

    Args:
        proof: what was read.
        leaf: the entry's bytes.
        trust: whose signatures count.

    Returns:
        The checkpoint that the proof leads to.

    Raises:
        Refusal, Misuse: as :func:`open_checkpoint` and :func:`verify_inclusion`.
    """
    checkpoint = open_checkpoint(proof.checkpoint, trust)
    verify_inclusion(
        leaf=leaf_hash(leaf),
        index=proof.index,
        size=checkpoint.head.size,
        root=checkpoint.head.root,
        proof=proof.hashes,
    )
    return checkpoint
