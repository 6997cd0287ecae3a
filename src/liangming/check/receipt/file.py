"""A receipt as a file (docs/spec/receipt.md): opened events, proofs, the signed head, the notices.

Nothing in it has to be taken on trust: each event opens a leaf, each leaf leads to the signed
head, each notice has the digest that an event names. ``digest`` finds what was damaged on the way,
in lines that no key of the reader covers; it proves nothing by itself.
"""

from __future__ import annotations

import enum
import hashlib
from typing import Final

import msgspec

from liangming.check.receipt.codes import ALTERED, MALFORMED, VERSION
from liangming.errors import Misuse, Refusal
from liangming.ledger import Disclosure

FORMAT: Final = "liangming-receipt/1"
LARGEST: Final = 1 << 20  # bytes; a usual one has about 12,000
SUFFIX: Final = ".liangming-receipt"


class Part(enum.StrEnum):
    """Which events a receipt shows."""

    CHECK = "check"  # everything from opening to outcome
    CONSENT = "consent"  # the opening, and what concerns the consent to a face


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One event: its leaf opened, and the way from the leaf to the signed root.

    Attributes:
        index: the leaf's place in the log.
        path: audit path, from the leaf upwards.
    """

    index: int
    disclosure: Disclosure
    path: tuple[bytes, ...]


class SignedCount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One count of a device: the line as it signed it, and its leaf."""

    line: str
    leaf: Entry


class Count(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the counter of one device that stood there says around the check.

    Attributes:
        key: the device's public key, base 64.
        enrolled: the leaf in which the operator named that key.
    """

    device: str
    key: str
    enrolled: Entry
    lines: tuple[SignedCount, ...]


class Receipt(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True
):
    """The file.

    Attributes:
        part: which events it shows.
        check: the check that all of them belong to.
        notices: every notice that was shown, as the canonical JSON that its digest is of.
        checkpoint: the signed head, verbatim, with the cosignatures it had.
        digest: SHA-256 of the same file with an empty digest.
        counts: of the devices that stood there, as far as they signed some; left out when empty.
    """

    format: str
    part: Part
    check: str
    events: tuple[Entry, ...]
    notices: tuple[str, ...]
    checkpoint: str
    digest: str
    counts: tuple[Count, ...] = ()


_encode = msgspec.json.Encoder(order="sorted").encode


def sealed(receipt: Receipt) -> Receipt:
    """The receipt with its digest."""
    return msgspec.structs.replace(receipt, digest=_digest(receipt))


def encode_receipt(receipt: Receipt) -> bytes:
    """The file's bytes; one receipt has one spelling."""
    return msgspec.json.format(_encode(receipt), indent=1) + b"\n"


def read_receipt(data: bytes) -> Receipt:
    """Read a receipt file; nothing is believed yet.

    Raises:
        Misuse: ``check.receipt-malformed``.
        Refusal: ``check.receipt-version``, ``check.receipt-altered``.
    """
    if len(data) > LARGEST:
        raise Misuse(MALFORMED)
    try:
        receipt = msgspec.json.decode(data, type=Receipt)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Misuse(MALFORMED) from None
    if receipt.format != FORMAT:
        raise Refusal(VERSION)
    if receipt.digest != _digest(receipt):
        raise Refusal(ALTERED)
    if encode_receipt(receipt) != data:
        raise Misuse(MALFORMED)  # the same content, spelled otherwise
    return receipt


def _digest(receipt: Receipt) -> str:
    return hashlib.sha256(_encode(msgspec.structs.replace(receipt, digest=""))).hexdigest()
