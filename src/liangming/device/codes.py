"""What can be wrong with a device or what it sends, beyond the form of an event."""

from __future__ import annotations

from typing import Final

from liangming.errors import Code, Kind, declare

UNKNOWN: Final[Code] = declare(
    "device.unknown",
    Kind.ABSENT,
    zh="没有登记这台终端；请先用 liangming device invite 让它来登记。",
    en="This device is not enrolled; let it come with a code of liangming device invite first.",
)
DISABLED: Final[Code] = declare(
    "device.disabled",
    Kind.REFUSED,
    zh="这台终端已停用，它的事件不再接收。",
    en="This device was disabled; its events are no longer taken.",
)
FORKED: Final[Code] = declare(
    "device.number-used",
    Kind.OUT_OF_ORDER,
    zh="这个序号已有另一个内容的事件。两份都已保存并写入存证：终端可能被复制或回退过，请核查。",
    en="Another event already has this number. Both were kept and entered the log: the device may have"
    " been copied or set back; please look into it.",
)
NAME_UNFIT: Final[Code] = declare(
    "device.name-unfit",
    Kind.INVALID,
    zh="终端的名称应为 1 到 64 个字，不含换行。",
    en="A device's name has 1 to 64 characters and no line break.",
)
INVITE_UNFIT: Final[Code] = declare(
    "device.invite-unfit",
    Kind.REFUSED,
    zh="这不是本中心签发的登记码，或者少了一段；请在中心重新签发（liangming device invite）。",
    en="This is not a code of this centre, or a part of it is missing; please have a new one issued"
    " (liangming device invite).",
)
INVITE_OVER: Final[Code] = declare(
    "device.invite-over",
    Kind.REFUSED,
    zh="登记码已过期，请在中心重新签发。",
    en="The code's day is over; please have a new one issued.",
)
INVITE_USED: Final[Code] = declare(
    "device.invite-used",
    Kind.OUT_OF_ORDER,
    zh="登记码已经用过。若不是这台终端用的，请立即停用用它登记的终端。",
    en="The code was used before. If not by this device, disable the device that used it at once.",
)
KIND_UNFIT: Final[Code] = declare(
    "device.kind-unfit",
    Kind.INVALID,
    zh="登记码是给另一种终端的。",
    en="The code is for another kind of device.",
)
STATEMENT_UNSIGNED: Final[Code] = declare(
    "device.statement-unsigned",
    Kind.REFUSED,
    zh="终端说明的签名与其中的公钥不符。",
    en="The device's statement is not signed by the key in it.",
)
