"""What can go wrong around subscriptions."""

from __future__ import annotations

from typing import Final

from liangming.errors import Kind, declare

UNKNOWN: Final = declare(
    "webhook.unknown",
    Kind.ABSENT,
    zh="没有这个订阅，或它已经结束。",
    en="There is no such subscription, or it has ended.",
)
NO_DELIVERY: Final = declare(
    "webhook.delivery-unknown",
    Kind.ABSENT,
    zh="没有这次投递，或它已过保存期。",
    en="There is no such delivery, or its time to be kept is over.",
)
NOT_NOW: Final = declare(
    "webhook.not-now",
    Kind.OUT_OF_ORDER,
    zh="订阅或投递的现状不允许这样做，请重新读取。",
    en="The subscription or delivery does not stand so that this can be done; read it again.",
)
ADDRESS_UNFIT: Final = declare(
    "webhook.address-unfit",
    Kind.INVALID,
    zh="接收网址要以 https:// 开头，不带账号和片段，不超过 1000 个字符。",
    en="The address begins with https://, has no account and no fragment, and at most 1000 characters.",
)
ADDRESS_PRIVATE: Final = declare(
    "webhook.address-private",
    Kind.REFUSED,
    zh="接收网址指向内部网络；要投递到内网，请管理员在 LIANGMING_WEBHOOK_NETWORKS 里放行。",
    en="The address leads into a private network; an administrator may allow it in"
    " LIANGMING_WEBHOOK_NETWORKS.",
)
FORM: Final = declare(
    "webhook.form",
    Kind.INVALID,
    zh="请从清单中选择至少一种事件；限定的场景须是贵企业的。",
    en="Choose at least one event from the list; scenes must be your operator's.",
)
TOO_MANY: Final = declare(
    "webhook.too-many",
    Kind.LIMITED,
    zh="订阅太多了，请先结束不用的。",
    en="There are too many subscriptions; end one first.",
)
FORGED: Final = declare(
    "webhook.forged",
    Kind.REFUSED,
    zh="签名不符，或时间相差太远：不要相信这份内容。",
    en="The signature does not fit, or the time is too far off: do not trust this.",
)
SECRET_UNFIT: Final = declare(
    "webhook.secret-unfit",
    Kind.MALFORMED,
    zh="签名密钥应以 whsec_ 开头，后面是 base64。",
    en="A signing secret is whsec_ and then base64.",
)
