"""What a person shows: one typed record per way. Held in memory for one check, never stored as is.

Every record that may hold personal data hides it from ``repr`` so that no log line can spill it.
"""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

_SHORT = 128


class Shown(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all evidence: its repr names the kind and nothing else."""

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    __str__ = __repr__


Line = msgspec.Meta(max_length=_SHORT)


class DocumentShown(Shown, frozen=True, kw_only=True, tag="document", tag_field="kind"):
    """A document seen by a person or read by a certified reader (出示、读取).

    Attributes:
        document: a ``DocumentType`` value; empty lets the number's shape decide.
        number: as printed, typed, scanned or read.
        name: the holder's name on the document.
        expires: ``YYYY-MM-DD``, ``长期``, or empty where the document has none.
        mrz: two or three machine-readable lines instead of number, name and expiry.
        waybill_name: the sender's name on the waybill, to compare (核对).
        agrees: the clerk's own comparison of document and waybill, where no name is sent.
        read: by a reader rather than by eye.
    """

    document: str = ""
    number: str = ""
    name: str = ""
    expires: str = ""
    issued: str = ""
    mrz: tuple[str, ...] = ()
    waybill_name: str = ""
    agrees: bool | None = None
    read: bool = False


class OrganisationShown(Shown, frozen=True, kw_only=True, tag="organisation", tag_field="kind"):
    """A unified social credit code and the document of the representative (单位证照)."""

    uscc: str
    name: str = ""
    representative: DocumentShown
    waybill_name: str = ""


class CredentialShown(Shown, frozen=True, kw_only=True, tag="network-credential", tag_field="kind"):
    """A presentation of the national network credential; opaque to us, confirmed by its source."""

    presentation: str
    waybill_name: str = ""


class OrderCodeShown(Shown, frozen=True, kw_only=True, tag="order-code", tag_field="kind"):
    """The signed hand-over code of an order verified in the app; the document is seen again.

    Attributes:
        agrees: the clerk's own comparison of document and waybill.
        document: as a reader read it, where nobody compares: held against who ordered, not collected.
    """

    code: str
    document_seen: bool | None = None
    agrees: bool | None = None
    document: DocumentShown | None = None


class RegisteredShown(Shown, frozen=True, kw_only=True, tag="registered", tag_field="kind"):
    """A returning sender shows the document; the number only finds the registration."""

    document: str = ""
    number: str
    waybill_name: str = ""
    agrees: bool | None = None


class AgreementShown(Shown, frozen=True, kw_only=True, tag="agreement", tag_field="kind"):
    """The reference of a signed safety agreement (安全协议)."""

    agreement: str


class PickupCodeShown(Shown, frozen=True, kw_only=True, tag="pickup-code", tag_field="kind"):
    """A pick-up code (取件码)."""

    code: str


class TicketShown(Shown, frozen=True, kw_only=True, tag="ticket", tag_field="kind"):
    """A ticket, booking or membership reference, confirmed by the operator's own system."""

    reference: str


class PaymentShown(Shown, frozen=True, kw_only=True, tag="payment", tag_field="kind"):
    """A payment the machine took: by code, cash or card."""

    reference: str
    by: Literal["payment-code", "cash", "bank-card"]


class FaceReport(Shown, frozen=True, kw_only=True):
    """How a device came to its outcome: signed with it, and nothing about the face itself.

    Attributes:
        pad_level: 0 … 5, which layers against presentation attacks stood (docs/spec/face-outcome).
        layers: their names.
        models: ``name@sha256`` of every model file used.
        backend: runtime and precision, because thresholds belong to them.
        key_kept_in: ``software``, or the hardware that holds the device's key.
        at: µs, by the device's clock.
        frames_taken: camera frames in all tries of this check.
        frames_kept: those not destroyed; anything but 0 is refused.
    """

    purpose: Literal["face-match"]
    pad_level: Annotated[int, msgspec.Meta(ge=0, le=5)]
    layers: Annotated[tuple[Annotated[str, Line], ...], msgspec.Meta(max_length=16)]
    models: Annotated[tuple[Annotated[str, Line], ...], msgspec.Meta(max_length=8)]
    backend: Annotated[str, Line]
    agent: Annotated[str, Line]
    key_kept_in: Annotated[str, Line]
    at: int
    tries: Annotated[int, msgspec.Meta(ge=0, le=3)]
    frames_taken: Annotated[int, msgspec.Meta(ge=0)]
    frames_kept: Annotated[int, msgspec.Meta(ge=0)]


class FaceShown(Shown, frozen=True, kw_only=True, tag="face", tag_field="kind"):
    """A device-signed outcome of a 1:1 comparison: no image, no template, no score (I5, I6)."""

    device: str
    outcome: Literal["match", "no-match", "abstain"]
    nonce: str
    signature: str  # Ed25519 over check, nonce, device, outcome and the report if any, hex
    document: DocumentShown | None = None  # the document whose photo was compared
    report: FaceReport | None = None


class Unwilling(Shown, frozen=True, kw_only=True, tag="refused-to-show", tag_field="kind"):
    """The sender was told why and does not show any document."""


Evidence = (
    DocumentShown
    | OrganisationShown
    | CredentialShown
    | OrderCodeShown
    | RegisteredShown
    | AgreementShown
    | PickupCodeShown
    | TicketShown
    | PaymentShown
    | FaceShown
    | Unwilling
)
