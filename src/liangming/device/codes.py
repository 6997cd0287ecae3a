"""What can be wrong with a device or what it sends, beyond the form of an event."""

from __future__ import annotations

from typing import Final

from liangming.errors import Code, Kind, declare

UNKNOWN: Final[Code] = declare(
    "device.unknown",
    Kind.ABSENT,
    zh="没有登记这台终端；请先用 liangming ledger device-add 登记它的公钥。",
    en="This device is not enrolled; enrol its public key with liangming ledger device-add first.",
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
