"""How each way is written on its card: the same length, the same tone, nothing that pulls.

Lengths are within 20 % of one another in each language; a test counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from liangming.law.words import Method
from liangming.scene.model import Scene, Text

HELP: Final = "help"

_M = Method
NAMES: Final[dict[Method, Text]] = {
    _M.DOCUMENT_SEEN: Text("出示身份证件", "Show your document"),
    _M.DOCUMENT_READ: Text("证件放读卡器", "Card on the reader"),
    _M.ORGANISATION: Text("出示单位证照", "As an organisation"),
    _M.NETWORK_CREDENTIAL: Text("出示网络凭证", "Network credential"),
    _M.ORDER_CODE: Text("出示交接编码", "Show hand-over code"),
    _M.REGISTERED_SENDER: Text("以前已经登记", "Registered earlier"),
    _M.AGREEMENT: Text("报出协议编号", "Signed agreement"),
    _M.PICKUP_CODE: Text("输入取件编码", "Enter pick-up code"),
    _M.TICKET: Text("出示有效票证", "Show your ticket"),
    _M.PAYMENT_CODE: Text("付款码来付款", "Pay with phone code"),
    _M.CASH: Text("使用现金付款", "Pay with some cash"),
    _M.BANK_CARD: Text("银行卡来付款", "Pay with bank card"),
    _M.FACE: Text("本机人脸比对", "Face on this device"),
}
_HELP_NAME: Final = Text("工作人员协助", "Help from the staff")
LINES: Final[dict[Method, Text]] = {
    _M.DOCUMENT_SEEN: Text(
        "给工作人员看证件，看完当场还给您", "The staff look at it and hand it back at once."
    ),
    _M.DOCUMENT_READ: Text(
        "把证件放上读卡器，读完当场拿回去", "Lay it on the reader, then take it back at once."
    ),
    _M.ORGANISATION: Text(
        "出示单位证照和经办人员的身份证件", "Show its credit code and your own document."
    ),
    _M.NETWORK_CREDENTIAL: Text(
        "在手机上出示国家网络身份认证凭证", "Show the national network credential by phone."
    ),
    _M.ORDER_CODE: Text(
        "下单时核验过，出示编码再看一眼证件", "Verified when ordering: code, then document."
    ),
    _M.REGISTERED_SENDER: Text(
        "已登记的寄件人只看证件，不再采集", "Known sender: document seen, nothing collected."
    ),
    _M.AGREEMENT: Text(
        "签有安全协议的寄件人报出协议的编号", "Tell the number of your safety agreement now."
    ),
    _M.PICKUP_CODE: Text(
        "用收到的取件码取件，不需要说明姓名", "With the code you received; no name is needed."
    ),
    _M.TICKET: Text(
        "出示票证、预约或会员凭证，不问姓名", "Ticket, booking or membership; no name needed."
    ),
    _M.PAYMENT_CODE: Text(
        "打开手机上的付款码付款，不需要姓名", "Hold your phone to the reader; no name needed."
    ),
    _M.CASH: Text(
        "向机器里投入纸币或硬币，不问姓名", "Put notes or coins in the slot; no name needed."
    ),
    _M.BANK_CARD: Text(
        "在机器上插卡或者挥卡付款，不问姓名", "Insert or tap your card here; no name needed."
    ),
    _M.FACE: Text(
        "在本机与证件照片比对，须另行同意", "Compared with your document; asks for consent."
    ),
}
_HELP_LINE: Final = Text(
    "请工作人员当面帮您办理，价格不变", "Somebody does it with you at the same price."
)


@dataclass(frozen=True, slots=True)
class Card:
    """One card: a way, its place in the published order, its words."""

    value: str
    number: int
    name: Text
    line: Text


def cards(scene: Scene, offered: Iterable[Method], *, staff_help: bool) -> tuple[Card, ...]:
    """The cards of a page: the ways in the published order, staff help among them, a face last."""
    labels = {way.method: way.label for way in scene.ways if way.label is not None}
    made: list[Card] = []
    ways = list(offered)
    plain = [m for m in ways if not m.is_face]
    for method in plain:
        name = labels.get(method, NAMES[method])
        made.append(Card(method.value, len(made) + 1, name, LINES[method]))
    if staff_help:
        made.append(Card(HELP, len(made) + 1, _HELP_NAME, _HELP_LINE))
    for method in ways:
        if method.is_face:
            name = labels.get(method, NAMES[method])
            made.append(Card(method.value, len(made) + 1, name, LINES[method]))
    return tuple(made)
