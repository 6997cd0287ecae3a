"""The client itself: its key, its calls."""

from __future__ import annotations

from typing import Final

from liangming.access import CLIENT_FORM, CLIENT_UNKNOWN, Scope
from liangming.api import client, faults
from liangming.api.operation import Operation
from liangming.check.ports import MOVED_ON

CLIENT: Final = "client"


OPERATIONS: Final[tuple[Operation, ...]] = (
    Operation(
        method="GET",
        path="/v1/client",
        id="readClient",
        group=CLIENT,
        zh="这把密钥是谁的，能做什么，到什么时候。",
        en="Whose key this is, what it may do, and until when.",
        answer=client.read,
        keyed=True,
        gives=client.ClientAnswer,
    ),
    Operation(
        method="POST",
        path="/v1/client/key",
        id="rotateKey",
        group=CLIENT,
        zh="换一把新密钥，只在这次答复里出现；现在这把在重叠期内还能用。",
        en="A new key, told in this answer only; the present one opens during the overlap.",
        answer=client.rotate,
        scope=Scope.KEY_ROTATE,
        body=client.ROTATION,
        gives=client.KeyAnswer,
        status=201,
        codes=(CLIENT_UNKNOWN, CLIENT_FORM, MOVED_ON),
        example={"overlap_hours": 24},
    ),
    Operation(
        method="GET",
        path="/v1/client/calls",
        id="listCalls",
        group=CLIENT,
        zh="这个客户近七天的调用：时间、地址样式、状态、错误码、用时；没有内容和编号。",
        en="What this client called in seven days: time, route, status, code, duration; no contents, no ids.",
        answer=client.calls,
        keyed=True,
        gives=client.CallsAnswer,
        codes=(faults.QUERY_UNFIT,),
        asks=client.ASKS,
    ),
)
