"""Checkpoints: tree heads under signatures (docs/spec/checkpoint.md, c2sp.org/tlog-checkpoint).

Opening one, in this order: 1 the note's form → 2 the text's form → 3 the origin → 4 every
signature by a known key → 5 at least one by a key of the log → 6 enough cosigners. Unknown keys
are ignored: that is how keys rotate and witnesses come and go.

Not checked: the age of a checkpoint, and the times of cosignatures; who cares compares them with
a clock of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from liangming.errors import Misuse, Refusal
from liangming.ledger.codes import KEY_UNKNOWN, ORIGIN_OTHER, QUORUM_MISSING, SIGNATURE_WRONG
from liangming.ledger.head import Head, head_text, read_head_text
from liangming.ledger.keys import SigningKey, VerifyingKey
from liangming.ledger.merkle import verify_consistency
from liangming.ledger.note import Note, SignatureLine, read_note, without_repeats


class Rule(Protocol):
    """A quorum that is more than a number (:mod:`liangming.ledger.policy`)."""

    def met(self, signed: Collection[VerifyingKey]) -> bool:
        """Whether these cosigners are enough."""
        ...


@dataclass(frozen=True, slots=True)
class Trust:
    """Who is believed about one log.

    Attributes:
        origin: the log's name in its checkpoints.
        log_keys: keys of the log itself; one good signature is enough (rotation).
        cosigners: witnesses that are known.
        quorum: how many different cosigners must have signed.
        rule: what else must hold of them.
    """

    origin: str
    log_keys: tuple[VerifyingKey, ...]
    cosigners: tuple[VerifyingKey, ...] = ()
    quorum: int = 0
    rule: Rule | None = None

    def enough(self, signed: Collection[VerifyingKey]) -> bool:
        """Whether these cosigners are enough."""
        by_name = len({key.name for key in signed}) >= self.quorum
        return by_name and (self.rule is None or self.rule.met(signed))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A head that was proven to be signed.

    Attributes:
        origin: the log's name.
        head: size and root.
        signed_by: key names of the log whose signatures are good.
        cosigned_at: name of each good cosigner, and when it signed (seconds since 1970).
        note: the bytes as they came.
    """

    origin: str
    head: Head
    signed_by: tuple[str, ...]
    cosigned_at: Mapping[str, int]
    note: bytes


def sign_head(origin: str, head: Head, keys: Sequence[SigningKey], at: int) -> bytes:
    """A checkpoint over a head, signed by every key given (old and new while keys rotate).

    Args:
        origin: the log's name.
        head: what is signed.
        keys: at least one.
        at: seconds since 1970.

    Raises:
        Misuse: no key, or an origin that is not one line of text.
    """
    text = head_text(origin, head)
    if not keys:
        raise Misuse(KEY_UNKNOWN)
    read_head_text(text)
    note = Note(text, tuple(key.sign(text, at) for key in keys))
    return read_note(note.encode()).encode()


def add_signatures(data: bytes, lines: Sequence[SignatureLine]) -> bytes:
    """The same note with more signature lines; of several by one key the last stays."""
    note = read_note(data)
    return Note(note.text, without_repeats((*note.signatures, *lines))).encode()


def open_checkpoint(data: bytes, trust: Trust) -> Checkpoint:
    """Read a checkpoint and believe it, or refuse.

    Raises:
        Misuse: ``ledger.note-malformed``, ``ledger.checkpoint-malformed``.
        Refusal: ``ledger.origin-other``, ``ledger.signature-wrong``, ``ledger.key-unknown``,
            ``ledger.quorum-missing``.
    """
    note = read_note(data)  # 1
    origin, head = read_head_text(note.text)  # 2
    if origin != trust.origin:  # 3
        raise Refusal(ORIGIN_OTHER)
    signed_by = tuple(key.name for key in proven_signatures(note, trust.log_keys))  # 4
    cosigned = proven_signatures(note, trust.cosigners)
    if not signed_by:  # 5
        raise Refusal(KEY_UNKNOWN)
    if not trust.enough(cosigned):  # 6
        raise Refusal(QUORUM_MISSING)
    cosigned_at: dict[str, int] = {}
    for key, at in cosigned.items():
        cosigned_at[key.name] = max(at, cosigned_at.get(key.name, 0))
    return Checkpoint(origin, head, signed_by, cosigned_at, data)


def proven_signatures(note: Note, keys: Sequence[VerifyingKey]) -> dict[VerifyingKey, int]:
    """The known keys that signed well, and when.

    Raises:
        Refusal: ``ledger.signature-wrong`` when a line claims a known key and does not verify.
    """
    proven: dict[VerifyingKey, int] = {}
    for line in note.signatures:
        for key in keys:
            if key.made(line):
                at = key.verifies(note.text, line)
                if at is None:
                    raise Refusal(SIGNATURE_WRONG)
                proven[key] = max(at, proven.get(key, 0))
    return proven


def verify_extension(old: Head, new: Head, proof: Sequence[bytes]) -> None:
    """Accept that a newer head keeps everything of an older one; an empty log has nothing.

    Raises:
        Refusal, Misuse: as :func:`liangming.ledger.merkle.verify_consistency`.
    """
    if old.size == 0 and not proof:
        return
    verify_consistency(
        old=old.size, old_root=old.root, new=new.size, new_root=new.root, proof=proof
    )
