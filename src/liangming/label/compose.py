"""From a shipment to a label: refuse what may not be printed, hide what must be hidden."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Final

from liangming.errors import Misuse, Refusal
from liangming.label.addresses import mask_address
from liangming.label.faults import LONG_NUMBER, TEXT_UNFIT, WAYBILL_UNFIT
from liangming.label.model import Label, Masked, Party, Shipment, Side
from liangming.label.names import mask_name
from liangming.label.numbers import carries_number, looks_like_document
from liangming.label.phones import mask_phone
from liangming.label.signs import clean
from liangming.law import CORPUS

BASES: Final = ("courier.23", "express.36", "gbt41833.privacy")
"""No identity data but name, address and phone (law); de-identified (law); how far (a standard)."""
Masker = Callable[[str], Masked]
_WAYBILL: Final = re.compile(r"[A-Z0-9]{10,20}")
_DIGITS: Final = 6  # at least so many of a waybill are digits: a word is no number


def compose(shipment: Shipment, day: date) -> Label:
    """The label of a shipment.

    Args:
        shipment: as told by the carrier's system.
        day: whose masking values apply.

    Raises:
        Misuse: ``label.name-unfit``, ``label.phone-unfit``, ``label.address-unfit``,
            ``label.waybill-unfit``, ``label.text-unfit``, each with its field.
        Refusal: ``label.long-number``, with its field.

    Law: courier.23 (nothing but name, address, phone), express.36 (de-identified),
        gbt41833.privacy (how far: a recommended standard).
    """
    waybill = shipment.waybill
    if _WAYBILL.fullmatch(waybill) is None or sum(map(str.isdigit, waybill)) < _DIGITS:
        raise Misuse(WAYBILL_UNFIT, field="waybill")
    if looks_like_document(waybill):
        raise Misuse(WAYBILL_UNFIT, field="waybill", citations=("courier.23",))
    return Label(
        brand=_text(shipment.brand, "brand"),
        waybill=waybill,
        sort=_text(shipment.sort, "sort"),
        station=_text(shipment.station, "station"),
        service=shipment.service,
        pieces=shipment.pieces,
        grams=shipment.grams,
        sender=_side(shipment.sender, "sender", day),
        recipient=_side(shipment.recipient, "recipient", day),
    )


def _text(text: str, field: str) -> str:
    _no_number(text, field)
    cleaned = clean(text)
    if text.strip() and not cleaned:
        raise Misuse(TEXT_UNFIT, field=field)
    return cleaned


def _side(party: Party, field: str, day: date) -> Side:
    _no_number(party.name, f"{field}.name")
    _no_number(party.address, f"{field}.address")
    side = Side(
        name=_masked(mask_name, party.name, f"{field}.name"),
        phone=_masked(
            lambda phone: mask_phone(phone, hide=_value("mask_phone_digits", day)),
            party.phone,
            f"{field}.phone",
        ),
        address=_masked(mask_address, party.address, f"{field}.address"),
    )
    if side.name.hidden < _value("mask_name_characters", day):
        raise Misuse(TEXT_UNFIT, field=f"{field}.name")
    return side


def _masked(mask: Masker, text: str, field: str) -> Masked:
    """Masked, and a misfit told with its field."""
    try:
        return mask(text)
    except Misuse as misfit:
        raise Misuse(misfit.code, field=field) from None


def _no_number(text: str, field: str) -> None:
    if carries_number(text):
        raise Refusal(LONG_NUMBER, citations=("courier.23",), field=field)


def _value(name: str, day: date) -> int:
    return CORPUS.values[name].at(day)
