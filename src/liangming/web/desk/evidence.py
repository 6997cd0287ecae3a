"""From what was scanned to evidence, by the way that the sender chose."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, Literal
from urllib.parse import urlsplit

from liangming import method as shown
from liangming.errors import Misuse
from liangming.ids import CHECK, is_id
from liangming.law.words import Method
from liangming.scene.model import Text
from liangming.web.desk.sealed import Entry
from liangming.web.faults import SCAN_UNREADABLE

COMPARED: Final = frozenset(
    {
        Method.DOCUMENT_SEEN,
        Method.DOCUMENT_READ,
        Method.ORGANISATION,
        Method.ORDER_CODE,
        Method.REGISTERED_SENDER,
    }
)
"""Ways where a person's eye compares document and waybill."""

ASKED: Final = {
    Method.DOCUMENT_SEEN: Text("证件号码", "Document number"),
    Method.DOCUMENT_READ: Text("读卡器读出的号码", "Number from the reader"),
    Method.ORGANISATION: Text(
        "统一社会信用代码 / 经办人证件号码", "Credit code / representative's number"
    ),
    Method.NETWORK_CREDENTIAL: Text("网络身份认证凭证", "Network credential"),
    Method.ORDER_CODE: Text("交接码", "Hand-over code"),
    Method.REGISTERED_SENDER: Text(
        "证件号码（只用来找到登记）", "Document number (only to find it)"
    ),
    Method.AGREEMENT: Text("安全协议编号", "Agreement number"),
    Method.PICKUP_CODE: Text("取件码", "Pick-up code"),
    Method.TICKET: Text("票证或预约编号", "Ticket or booking"),
    Method.PAYMENT_CODE: Text("付款凭据", "Payment reference"),
    Method.CASH: Text("付款凭据", "Payment reference"),
    Method.BANK_CARD: Text("付款凭据", "Payment reference"),
}
_NUMBER: Final = re.compile(r"[0-9A-Za-z]{5,24}")


def kind_of(scanned: str) -> Literal["check", "handover", "number"]:
    """What the scanner read.

    Raises:
        Misuse: ``web.scan-unreadable``.
    """
    if is_id(CHECK, check_in(scanned)):
        return "check"
    if scanned.startswith("lmh1."):
        return "handover"
    if _NUMBER.fullmatch(scanned.replace(" ", "")) is not None:
        return "number"
    raise Misuse(SCAN_UNREADABLE)


def check_in(scanned: str) -> str:
    """The check id in a code: the id itself, or the address of its page."""
    path = urlsplit(scanned).path if "/" in scanned else scanned
    return path.rstrip("/").rpartition("/")[2].strip().lower()


def evidence_of(method: Method, entry: Entry, *, agrees: bool | None) -> shown.Evidence:
    """The evidence for a way.

    Raises:
        Misuse: ``web.scan-unreadable``; always for a face, whose outcome comes from its device.
    """
    text = entry.text.strip()
    if method in COMPARED:
        return _compared(method, entry, text, agrees=agrees)
    if method in _PAID:
        return shown.PaymentShown(reference=text, by=_PAID[method])
    confirmed: dict[Method, Callable[[], shown.Evidence]] = {
        Method.NETWORK_CREDENTIAL: lambda: shown.CredentialShown(presentation=text),
        Method.AGREEMENT: lambda: shown.AgreementShown(agreement=text),
        Method.PICKUP_CODE: lambda: shown.PickupCodeShown(code=text),
        Method.TICKET: lambda: shown.TicketShown(reference=text),
    }
    if method not in confirmed:
        raise Misuse(SCAN_UNREADABLE)
    return confirmed[method]()


_PAID: Final[dict[Method, Literal["payment-code", "cash", "bank-card"]]] = {
    Method.PAYMENT_CODE: "payment-code",
    Method.CASH: "cash",
    Method.BANK_CARD: "bank-card",
}


def _compared(method: Method, entry: Entry, text: str, *, agrees: bool | None) -> shown.Evidence:
    """The ways where the clerk compared document and waybill."""
    match method:
        case Method.ORGANISATION:
            code, _, number = text.partition("/")
            document = shown.DocumentShown(
                document=entry.document, number=number.strip(), agrees=agrees
            )
            return shown.OrganisationShown(uscc=code.strip(), representative=document)
        case Method.ORDER_CODE:
            return shown.OrderCodeShown(code=text, document_seen=True, agrees=agrees)
        case Method.REGISTERED_SENDER:
            return shown.RegisteredShown(document=entry.document, number=text, agrees=agrees)
        case _:
            return shown.DocumentShown(
                document=entry.document,
                number=text,
                expires=entry.expires,
                agrees=agrees,
                read=method is Method.DOCUMENT_READ,
            )
