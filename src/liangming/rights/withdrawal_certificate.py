"""The withdrawal certificate (撤回证明): a signed text of what each device said, verified offline.

``docs/spec/withdrawal-certificate.md``. It is made when it is asked for, as things stand at that moment;
while a device has not answered, it says so. Its key is the log's sister, as that of erasures is.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from liangming.clock import rfc3339
from liangming.errors import Misuse, Refusal
from liangming.ledger import KeyKind, SigningKey, VerifyingKey
from liangming.ledger.note import Note, read_note
from liangming.rights import faults
from liangming.rights.stopping import Stopped

FORMAT: Final = "liangming/withdrawal-certificate/1"
WAITING: Final = "waiting"
_LABEL: Final = b"liangming/withdrawals/ed25519/1\x00"
_LINES: Final = ("consent", "request", "check", "operator", "withdrawn", "as-of")
_VALUE: Final = re.compile(r"[\x21-\x7e]{1,200}")
_DEVICE: Final = re.compile(
    r"device ([\x21-\x7e]{1,64}) ([\x21-\x7e]{1,64}) (waiting|0|[1-9]\d{0,15})"
)


class Told(msgspec.Struct, frozen=True):
    """One device: its command, and after how many milliseconds it said that it is done."""

    device: str
    command: str
    milliseconds: int | None


class WithdrawalCertificate(msgspec.Struct, frozen=True, kw_only=True):
    """What a certificate says."""

    consent: str
    request: str
    check: str
    operator: str
    withdrawn: str
    as_of: str
    devices: tuple[Told, ...]


def withdrawal_key(signing: bytes, origin: str) -> SigningKey:
    """The key that signs these: of this operator's seed and this log's name."""
    seed = HKDF(SHA256(), 32, salt=None, info=_LABEL + origin.encode()).derive(signing)
    return SigningKey(KeyKind.LOG_ED25519, f"{origin}/withdrawals", seed)


def certify(
    key: SigningKey, stopped: Stopped, *, request: str, operator: str, at: datetime
) -> bytes:
    """The signed text, as things stand."""
    made = stopped.withdrawal
    values = (made.consent, request, made.check, operator, rfc3339(made.at), rfc3339(at))
    lines = [f"{name} {value}\n" for name, value in zip(_LINES, values, strict=True)]
    for each in stopped.commands:
        took = WAITING if each.milliseconds is None else str(each.milliseconds)
        lines.append(f"device {each.device} {each.id} {took}\n")
    text = "".join([FORMAT + "\n", *lines])
    return Note(text, (key.sign(text, 0),)).encode()


def verify(data: bytes, key: VerifyingKey) -> WithdrawalCertificate:
    """Believe a certificate, or refuse: a signed note, a good signature, exactly the lines.

    Raises:
        Misuse: ``rights.certificate-unreadable``, ``ledger.note-malformed``.
        Refusal: ``rights.certificate-not-ours``.
    """
    note = read_note(data)
    signed = [line for line in note.signatures if key.made(line)]
    if not signed or any(key.verifies(note.text, line) is None for line in signed):
        raise Refusal(faults.CERTIFICATE_FORGED)
    head, *rest = note.text.removesuffix("\n").split("\n")
    pairs = [line.partition(" ") for line in rest[: len(_LINES)]]
    devices = [_DEVICE.fullmatch(line) for line in rest[len(_LINES) :]]
    fit = all(_VALUE.fullmatch(value) is not None for _, _, value in pairs)
    named = tuple(name for name, _, _ in pairs) == _LINES
    if head != FORMAT or not (fit and named and devices and all(devices)):
        raise Misuse(faults.CERTIFICATE_UNREADABLE)
    said = [value for _, _, value in pairs]
    return WithdrawalCertificate(
        consent=said[0],
        request=said[1],
        check=said[2],
        operator=said[3],
        withdrawn=said[4],
        as_of=said[5],
        devices=tuple(
            Told(found[1], found[2], None if found[3] == WAITING else int(found[3]))
            for found in devices
            if found is not None
        ),
    )
