"""The ways to show who one is, as papers and lists name them."""

from __future__ import annotations

from typing import Final

from liangming.law.words import Method
from liangming.scene.model import Text

_METHODS: Final = {
    Method.DOCUMENT_SEEN: Text("出示证件，人工核对", "Document shown"),
    Method.DOCUMENT_READ: Text("证件阅读器", "Card reader"),
    Method.ORGANISATION: Text("单位证照", "Organisation's licence"),
    Method.NETWORK_CREDENTIAL: Text("国家网络身份认证", "National network credential"),
    Method.ORDER_CODE: Text("交接码", "Hand-over code"),
    Method.REGISTERED_SENDER: Text("已登记寄件人", "Registered sender"),
    Method.AGREEMENT: Text("协议用户", "Agreement sender"),
    Method.PICKUP_CODE: Text("取件码", "Pick-up code"),
    Method.TICKET: Text("票证、预约", "Ticket or booking"),
    Method.PAYMENT_CODE: Text("付款码", "Payment code"),
    Method.CASH: Text("现金", "Cash"),
    Method.BANK_CARD: Text("银行卡", "Bank card"),
    Method.FACE: Text("本机人脸比对", "Face on the device"),
}


def method_name(method: str) -> Text:
    """A way in words."""
    return _METHODS[Method(method)]
