"""Hand-over and pick-up codes."""

from __future__ import annotations

from typing import Final

from liangming.access import Scope
from liangming.api import codes
from liangming.api.operation import Operation
from liangming.check import faults as check
from liangming.check.ports import MOVED_ON

CODES: Final = "codes"


OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation(
        method="POST",
        path="/v1/checks/{id}/order-code",
        id="issueOrderCode",
        group=CODES,
        zh="线上已查验的订单：签发交接码，到柜台不必从头再来。",
        en="For an order verified online: a hand-over code, so the counter need not start again.",
        answer=codes.order_code,
        scope=Scope.CODES_WRITE,
        body=codes.ORDER,
        gives=codes.CodeAnswer,
        status=201,
        codes=(check.UNKNOWN, check.NOT_PASSED, MOVED_ON),
        example={},
    ),
    Operation(
        method="POST",
        path="/v1/pickup-codes",
        id="issuePickupCode",
        group=CODES,
        zh="为待取的快件签发取件码。",
        en="A pick-up code for a parcel that waits.",
        answer=codes.pickup_code,
        scope=Scope.CODES_WRITE,
        body=codes.PICKUP,
        gives=codes.CodeAnswer,
        status=201,
        codes=(check.SCENE_UNKNOWN, check.LIFE_UNFIT),
        example={"scene": "yangli-locker-collect", "parcel": "P-0001", "minutes": 1440},
    ),
)
