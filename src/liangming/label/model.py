"""A shipment as told, and a label as printed: two types, so that nothing unmasked is printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

Service = Literal["standard", "express", "same-city", "cold", "freight"]


class Party(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One side of a parcel: name, phone, address, as 快递暂行条例 23 lists them. There is no more."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=60)]
    phone: Annotated[str, msgspec.Meta(min_length=3, max_length=32)]
    address: Annotated[str, msgspec.Meta(min_length=2, max_length=120)]

    def __repr__(self) -> str:
        return "<Party>"

    __str__ = __repr__


class Shipment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a label is made from.

    ``brand``: whose label it is. ``waybill``: its number, in the bars and the square. ``sort``: the
    sorting code in large type. ``pieces``: such as ``1/2``. Nothing about documents, checks or
    contents has a place here.
    """

    brand: Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
    waybill: Annotated[str, msgspec.Meta(min_length=10, max_length=20)]
    sender: Party
    recipient: Party
    sort: Annotated[str, msgspec.Meta(max_length=20)] = ""
    station: Annotated[str, msgspec.Meta(max_length=24)] = ""
    service: Service = "standard"
    pieces: Annotated[str, msgspec.Meta(pattern=r"^[1-9][0-9]{0,2}/[1-9][0-9]{0,2}$")] = "1/1"
    grams: Annotated[int, msgspec.Meta(ge=1, le=50_000_000)] | None = None

    def __repr__(self) -> str:
        return "<Shipment>"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Masked:
    """A text as it may be seen.

    Attributes:
        text: what is printed.
        hidden: how many characters (of a phone: digits) of the original it does not show.
    """

    text: str
    hidden: int


@dataclass(frozen=True, slots=True)
class Side:
    """One side, masked."""

    name: Masked
    phone: Masked
    address: Masked


@dataclass(frozen=True, slots=True)
class Label:
    """Everything that is printed. Made by :func:`liangming.label.compose` only."""

    brand: str
    waybill: str
    sort: str
    station: str
    service: Service
    pieces: str
    grams: int | None
    sender: Side
    recipient: Side

    def texts(self) -> dict[str, str]:
        """Every text that a person can read, by where it stands."""
        sides = {
            f"{side}.{part}": getattr(getattr(self, side), part).text
            for side in ("sender", "recipient")
            for part in ("name", "phone", "address")
        }
        own = {name: getattr(self, name) for name in ("brand", "waybill", "sort", "station")}
        return {**own, **sides}
