"""Witnessing other people's logs, and asking others to witness ours (c2sp.org/tlog-witness).

:class:`WitnessDesk` is the whole of a witness except its socket: bytes in, an answer out.
:class:`RemoteWitness` is the log's side, except for the HTTP client, which is handed in.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from liangming.clock import micros
from liangming.errors import LiangmingError, Misuse, Outage, Refusal
from liangming.ledger.checkpoint import (
    Trust,
    proven_signatures,
    verify_extension,
)
from liangming.ledger.codes import (
    SIGNATURE_WRONG,
    WITNESS_AHEAD,
    WITNESS_DOWN,
    WITNESS_LIED,
    WITNESS_REQUEST,
)
from liangming.ledger.head import EMPTY, Head, decimal, read_head_text, strict_base64
from liangming.ledger.keys import SigningKey, VerifyingKey
from liangming.ledger.merkle import HASH_BYTES
from liangming.ledger.note import Note, SignatureLine, read_note, read_signatures
from liangming.ledger.ports import HeadStore, Held

MOST_HASHES: Final = 63
PLAIN: Final = "text/plain; charset=utf-8"
SIZE: Final = "text/x.tlog.size"

OK: Final = 200
BAD_REQUEST: Final = 400
FORBIDDEN: Final = 403
NOT_FOUND: Final = 404
CONFLICT: Final = 409
UNPROCESSABLE: Final = 422


@dataclass(frozen=True, slots=True)
class Request:
    """A body of ``add-checkpoint``: a proof from an older size, and a checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    checkpoint: bytes

    def encode(self) -> bytes:
        """The bytes of the body."""
        lines = [f"old {self.old}", *(base64.b64encode(value).decode() for value in self.proof)]
        return "\n".join([*lines, "", ""]).encode() + self.checkpoint


def read_request(data: bytes) -> Request:
    """Read a body of ``add-checkpoint``.

    Raises:
        Misuse: ``ledger.witness-request``.
    """
    top, blank, checkpoint = data.partition(b"\n\n")
    try:
        first, *rest = top.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise Misuse(WITNESS_REQUEST) from None
    old = decimal(first.removeprefix("old ")) if first.startswith("old ") else None
    hashes = [strict_base64(line) for line in rest]
    proof = tuple(value for value in hashes if value is not None and len(value) == HASH_BYTES)
    if not blank or old is None or len(proof) != len(hashes) or len(proof) > MOST_HASHES:
        raise Misuse(WITNESS_REQUEST)
    return Request(old, proof, checkpoint)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the witness's door sends back: an HTTP status, a body and its media type."""

    status: int
    body: bytes = b""
    media_type: str = PLAIN


class WitnessDesk:
    """A witness: cosigns the newest consistent head of each log it knows, and never an older one.

    Args:
        keys: cosigner keys (Ed25519, ML-DSA-44 or both).
        logs: whom it watches, by origin.
        heads: where it remembers the newest head of each; swapped before an answer is given.
    """

    def __init__(
        self, *, keys: Sequence[SigningKey], logs: Mapping[str, Trust], heads: HeadStore
    ) -> None:
        self._keys = tuple(keys)
        self._logs = dict(logs)
        self._heads = heads

    def add_checkpoint(self, body: bytes, at: datetime) -> Answer:  # noqa: PLR0911  (one answer each)
        """Judge a request, in the order of the standard.

        1 form → 2 origin known (404) → 3 signature (403) → 4 old size not above the new (400) →
        5 old size is the remembered one (409) → 6 proof (422), same root at the same size (409) →
        7 remember → 8 cosign.

        Raises:
            Outage: ``ledger.store-failed``; the door answers 503.
        """
        try:
            request = read_request(body)  # 1
            note = read_note(request.checkpoint)
            origin, head = read_head_text(note.text)
        except Misuse:
            return Answer(BAD_REQUEST)
        trust = self._logs.get(origin)  # 2
        if trust is None:
            return Answer(NOT_FOUND)
        known = Note(note.text, tuple(_by_log(note, trust.log_keys)))
        if not known.signatures:  # 3
            return Answer(FORBIDDEN)
        if request.old > head.size:  # 4
            return Answer(BAD_REQUEST)
        held = self._heads.load(origin)  # 5
        latest = read_head_text(read_note(held.checkpoint).text)[1] if held else EMPTY
        if request.old != latest.size:
            return _conflict(latest)
        if head.size == latest.size and head.root != latest.root:  # 6
            return _conflict(latest)
        try:
            verify_extension(latest, head, request.proof)
        except LiangmingError:
            return Answer(UNPROCESSABLE)
        now = micros(at)
        row = Held(known.encode(), max(now, held.at_micros if held else 0))
        if not self._heads.swap(origin, held, row):  # 7: somebody else was faster
            again = self._heads.load(origin)
            return _conflict(
                read_head_text(read_note(again.checkpoint).text)[1] if again else EMPTY
            )
        lines = [key.sign(note.text, row.at_micros // 1_000_000) for key in self._keys]  # 8
        return Answer(OK, "".join(map(str, lines)).encode())


def _by_log(note: Note, keys: Sequence[VerifyingKey]) -> list[SignatureLine]:
    """The good signatures by keys of the log; bad and unknown ones are passed over."""
    good: list[SignatureLine] = []
    for line in note.signatures:
        try:
            if proven_signatures(Note(note.text, (line,)), keys):
                good.append(line)
        except Refusal as failure:
            if failure.code is not SIGNATURE_WRONG:
                raise
    return good


def _conflict(latest: Head) -> Answer:
    return Answer(CONFLICT, f"{latest.size}\n".encode(), SIZE)


Post = Callable[[bytes], tuple[int, bytes]]
"""Posts a body to one witness's ``add-checkpoint`` and returns status and body.

It must bound time and size, and raise ``Outage(ledger.witness-down)`` when there is no answer.
"""


class RemoteWitness:
    """A witness somewhere else. Implements :class:`liangming.ledger.ports.Witness`.

    Args:
        keys: its cosigner keys, from a trusted place.
        post: how to reach it.
    """

    def __init__(self, keys: Sequence[VerifyingKey], post: Post) -> None:
        self._keys = tuple(keys)
        self._post = post
        self._size = 0  # what it cosigned last, as far as we know

    def cosign(
        self, checkpoint: bytes, head: Head, prove: Callable[[int], list[bytes]]
    ) -> Sequence[SignatureLine]:
        """Ask; when it remembers another size, ask once more from there.

        Raises:
            Outage: ``ledger.witness-down``, ``ledger.witness-slow``.
            Refusal: ``ledger.witness-lied``: a bad signature, or none by its keys;
                ``ledger.witness-ahead``: it remembers a size that this log does not have.
        """
        for _ in range(2):
            old = min(self._size, head.size)
            proof = prove(old) if old > 0 else []
            status, body = self._post(Request(old, tuple(proof), checkpoint).encode())
            if status == OK:
                lines = self._believe(checkpoint, body)
                self._size = head.size
                return lines
            size = decimal(body.decode("ascii", "replace").removesuffix("\n"))
            if status != CONFLICT or size is None:
                raise Outage(WITNESS_DOWN)
            if size > head.size:
                raise Refusal(WITNESS_AHEAD)
            if size == old:
                raise Refusal(WITNESS_LIED)
            self._size = size
        raise Outage(WITNESS_DOWN)

    def _believe(self, checkpoint: bytes, body: bytes) -> list[SignatureLine]:
        note = read_note(checkpoint)
        try:
            lines = read_signatures(body.decode())
            ours = [line for line in lines if any(key.made(line) for key in self._keys)]
            proven_signatures(Note(note.text, tuple(ours)), self._keys)
        except (LiangmingError, UnicodeDecodeError):
            raise Refusal(WITNESS_LIED) from None
        if not ours:
            raise Refusal(WITNESS_LIED)
        return ours
