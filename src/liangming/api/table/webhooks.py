"""Subscriptions and deliveries."""

from __future__ import annotations

from typing import Any, Final

from liangming.access import Scope
from liangming.api import faults, webhooks
from liangming.api.operation import Operation
from liangming.check.ports import MOVED_ON
from liangming.webhook import codes as webhook

WEBHOOKS: Final = "webhooks"


def _hook(**of: Any) -> Operation:
    of.setdefault("gives", webhooks.HookAnswer)
    return Operation(group=WEBHOOKS, scope=Scope.WEBHOOKS, **of)


OPERATIONS: Final[tuple[Operation, ...]] = (
    _hook(
        method="GET",
        path="/v1/webhooks",
        id="listWebhooks",
        zh="这个客户的结果订阅。",
        en="The subscriptions of this client.",
        answer=webhooks.listed,
        gives=webhooks.HooksAnswer,
    ),
    _hook(
        method="POST",
        path="/v1/webhooks",
        id="makeWebhook",
        zh="订阅结果：发生之后向您的网址发送签名的消息，只有编号和结果；签名密钥只在这次答复里出现。",
        en="Subscribe: signed messages with ids and outcomes only; the secret is told in this answer only.",
        answer=webhooks.made,
        body=webhooks.HOOK,
        status=201,
        codes=(
            webhook.FORM,
            webhook.ADDRESS_UNFIT,
            webhook.ADDRESS_PRIVATE,
            webhook.TOO_MANY,
            MOVED_ON,
        ),
        example={"url": "https://receiver.example.cn/liangming", "events": ["check.concluded"]},
    ),
    _hook(
        method="GET",
        path="/v1/webhooks/{id}",
        id="readWebhook",
        zh="读取一个订阅。",
        en="One subscription.",
        answer=webhooks.read,
        codes=(webhook.UNKNOWN,),
    ),
    _hook(
        method="DELETE",
        path="/v1/webhooks/{id}",
        id="endWebhook",
        zh="结束一个订阅。",
        en="End a subscription.",
        answer=webhooks.ended,
        codes=(webhook.UNKNOWN, MOVED_ON),
    ),
    _hook(
        method="POST",
        path="/v1/webhooks/{id}/state",
        id="moveWebhook",
        zh="暂停或恢复；暂停期间发生的不会补发。",
        en="Pause, or go on; what happens meanwhile is not told later.",
        answer=webhooks.moved,
        body=webhooks.STATE,
        codes=(webhook.UNKNOWN, webhook.NOT_NOW, MOVED_ON),
        example={"state": "paused"},
    ),
    _hook(
        method="POST",
        path="/v1/webhooks/{id}/secret",
        id="rotateWebhookSecret",
        zh="换签名密钥；重叠期内新旧两个都签。",
        en="A new signing secret; during the overlap both sign.",
        answer=webhooks.secret,
        body=webhooks.SECRET,
        gives=webhooks.SecretAnswer,
        status=201,
        codes=(webhook.UNKNOWN, webhook.FORM, MOVED_ON),
        example={"overlap_hours": 24},
    ),
    _hook(
        method="POST",
        path="/v1/webhooks/{id}/ping",
        id="pingWebhook",
        zh="发一份测试消息，走同样的路。",
        en="Send a test by the same way.",
        answer=webhooks.pinged,
        body=webhooks.NOTHING,
        gives=webhooks.PingAnswer,
        status=202,
        codes=(webhook.UNKNOWN, webhook.NOT_NOW, MOVED_ON),
        example={},
    ),
    _hook(
        method="GET",
        path="/v1/webhooks/{id}/deliveries",
        id="listDeliveries",
        zh="投递记录：每次尝试的时间、状态或没有答复的原因。",
        en="Deliveries: each attempt with its time, and its status or why there was no answer.",
        answer=webhooks.deliveries,
        gives=webhooks.DeliveriesAnswer,
        codes=(webhook.UNKNOWN, faults.QUERY_UNFIT),
        asks=webhooks.ASKS,
    ),
    _hook(
        method="POST",
        path="/v1/deliveries/{id}/again",
        id="sendAgain",
        zh="把一份投递再发一次，编号不变。",
        en="Send a delivery again, under the same id.",
        answer=webhooks.sent_again,
        body=webhooks.NOTHING,
        gives=webhooks.PingAnswer,
        status=202,
        codes=(webhook.NO_DELIVERY, webhook.UNKNOWN, webhook.NOT_NOW, MOVED_ON),
        example={},
    ),
)
