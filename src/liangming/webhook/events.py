"""What is recorded about subscriptions: ids and accounts, never an address."""

from __future__ import annotations

from typing import Final

from liangming.ledger import declare_event

MADE: Final = declare_event(
    "webhook:subscription:made",
    facts=("operator", "actor", "events", "scenes", "outlets"),
    zh="登记了一个结果订阅。",
    en="A subscription to outcomes was made.",
)
PAUSED: Final = declare_event(
    "webhook:subscription:paused",
    facts=("operator", "actor", "why"),
    zh="暂停了一个结果订阅。",
    en="A subscription was paused.",
)
RESUMED: Final = declare_event(
    "webhook:subscription:resumed",
    facts=("operator", "actor"),
    zh="恢复了一个结果订阅。",
    en="A subscription goes on.",
)
ENDED: Final = declare_event(
    "webhook:subscription:ended",
    facts=("operator", "actor"),
    zh="结束了一个结果订阅。",
    en="A subscription ended.",
)
PINGED: Final = declare_event(
    "webhook:subscription:pinged",
    facts=("operator", "actor"),
    zh="向订阅的接收方发了一次测试。",
    en="A test was sent to the receiver of a subscription.",
)
ROTATED: Final = declare_event(
    "webhook:secret:rotated",
    facts=("operator", "actor", "overlap"),
    zh="换了订阅的签名密钥；旧的在重叠期内同时签名。",
    en="The signing secret of a subscription was changed; the old one signs beside it for a while.",
)
AGAIN: Final = declare_event(
    "webhook:delivery:again",
    facts=("operator", "actor", "delivery"),
    zh="有人要求把一次投递再发一遍。",
    en="A delivery was asked to be sent again.",
)
