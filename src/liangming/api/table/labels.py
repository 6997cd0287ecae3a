"""Privacy labels."""

from __future__ import annotations

from typing import Final

from liangming.access import Scope
from liangming.api import labels
from liangming.api.operation import Operation
from liangming.label import faults as label

LABELS: Final = "labels"


OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation(
        method="POST",
        path="/v1/labels",
        id="setLabel",
        group=LABELS,
        zh="打印隐私面单：姓名、电话、地址脱敏，没有证件号码；不保存、不记录。",
        en="Set a privacy label: masked, without a document number; nothing is stored or logged.",
        answer=labels.label,
        scope=Scope.LABELS_WRITE,
        body=labels.LABEL,
        gives=labels.LabelAnswer,
        codes=(
            label.NAME_UNFIT,
            label.PHONE_UNFIT,
            label.ADDRESS_UNFIT,
            label.WAYBILL_UNFIT,
            label.TEXT_UNFIT,
            label.LONG_NUMBER,
            label.PRESS_BUSY,
            label.PRESS_MISSING,
            label.FONT_MISSING,
        ),
        example={
            "size": "76x130",
            "format": "pdf",
            "shipment": {
                "brand": "示例快递",
                "waybill": "SL1234567890123",
                "sort": "021-310 08",
                "sender": {
                    "name": "示例甲",
                    "phone": "010-88888888",
                    "address": "示例市示例路88号2号楼3单元1201室",
                },
                "recipient": {
                    "name": "示例乙",
                    "phone": "+852 2888 8888",
                    "address": "示例县示例镇示例村3组15号",
                },
            },
        },
        law=("courier.23", "express.36"),
    ),
)
