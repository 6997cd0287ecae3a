"""The erasure certificate (删除证明): a signed text that a person keeps, verified offline.

``docs/spec/erasure-certificate.md``. It says what was destroyed and when, names nobody, and leads to
the leaf of the erasure in the log. The key is the log's sister: derived from the same seed under a
name of its own, so that neither can be passed off as the other.
"""

from __future__ import annotations

import base64
import re
from datetime import datetime
from typing import Final

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from liangming.check.ports import LeafRow
from liangming.clock import from_micros, rfc3339
from liangming.errors import Misuse, Refusal
from liangming.ledger import KeyKind, SigningKey, VerifyingKey
from liangming.ledger.leaf import LEAF_BYTES
from liangming.ledger.note import Note, read_note
from liangming.rights import faults
from liangming.vault import KeyRef

FORMAT: Final = "liangming/erasure-certificate/1"
GONE: Final = ("key", "record", "index", "leaf-keys")
"""What an erasure destroys: the person's key, the sealed record, the index in their checks, and the
keys that open the leaves of those checks."""

_LABEL: Final = b"liangming/erasures/ed25519/1\x00"
_LINES: Final = (
    "erasure", "request", "check", "operator", "erased", "why", "gone", "bucket", "generation", "leaf",
)  # fmt: skip
_VALUE: Final = re.compile(r"[\x21-\x7e]{1,200}")


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """What a certificate says.

    Attributes:
        gone: what was destroyed, from :data:`GONE`.
        bucket: the bucket whose key wrapped the person's.
        generation: of that bucket key: when it is destroyed too, no backup opens either.
        leaf: the 33 bytes that stand in the log.
    """

    erasure: str
    request: str
    check: str
    operator: str
    erased: str
    why: str
    gone: tuple[str, ...]
    bucket: int
    generation: int
    leaf: bytes


def erasure_key(signing: bytes, origin: str) -> SigningKey:
    """The key that signs certificates: of this operator's seed and this log's name."""
    name = f"{origin}/erasures"
    seed = HKDF(SHA256(), 32, salt=None, info=_LABEL + origin.encode()).derive(signing)
    return SigningKey(KeyKind.LOG_ED25519, name, seed)


def certify(
    key: SigningKey,
    *,
    leaf: LeafRow,
    ref: KeyRef,
    request: str,
    check: str,
    operator: str,
    why: str,
    at: datetime | None = None,
) -> bytes:
    """The signed text of one erasure."""
    said = {
        "erasure": leaf.check,
        "request": request,
        "check": check,
        "operator": operator,
        "erased": rfc3339(at if at is not None else from_micros(leaf.at)),
        "why": why,
        "gone": ",".join(GONE),
        "bucket": str(ref.bucket),
        "generation": str(ref.generation),
        "leaf": base64.b64encode(leaf.leaf).decode(),
    }
    text = "".join([FORMAT + "\n", *(f"{name} {said[name]}\n" for name in _LINES)])
    return Note(text, (key.sign(text, 0),)).encode()


def verify(data: bytes, key: VerifyingKey) -> Certificate:
    """Believe a certificate, or refuse. Needs nothing but the file and the operator's public key.

    1 a signed note · 2 a good signature by this key · 3 exactly the lines, in order

    Raises:
        Misuse: ``rights.certificate-unreadable``, ``ledger.note-malformed``.
        Refusal: ``rights.certificate-not-ours``.
    """
    note = read_note(data)  # 1
    lines = [line for line in note.signatures if key.made(line)]
    if not lines or any(key.verifies(note.text, line) is None for line in lines):  # 2
        raise Refusal(faults.CERTIFICATE_FORGED)
    head, *rest = note.text.removesuffix("\n").split("\n")  # 3
    pairs = [line.partition(" ") for line in rest]
    fit = all(_VALUE.fullmatch(value) is not None for _, _, value in pairs)
    if head != FORMAT or not fit or tuple(name for name, _, _ in pairs) != _LINES:
        raise Misuse(faults.CERTIFICATE_UNREADABLE)
    said = {name: value for name, _, value in pairs}
    try:
        leaf = base64.b64decode(said["leaf"], validate=True)
        bucket, generation = int(said["bucket"]), int(said["generation"])
    except ValueError:
        raise Misuse(faults.CERTIFICATE_UNREADABLE) from None
    if len(leaf) != LEAF_BYTES:
        raise Misuse(faults.CERTIFICATE_UNREADABLE)
    return Certificate(
        erasure=said["erasure"],
        request=said["request"],
        check=said["check"],
        operator=said["operator"],
        erased=said["erased"],
        why=said["why"],
        gone=tuple(said["gone"].split(",")),
        bucket=bucket,
        generation=generation,
        leaf=leaf,
    )
