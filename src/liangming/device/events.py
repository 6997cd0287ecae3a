"""What devices sign, and what the centre says of them, by tag."""

from __future__ import annotations

from typing import Final

from liangming.ledger import declare_event

STARTED: Final = declare_event(
    "device:agent:started",
    facts=("version", "boot"),
    zh="终端程序启动。",
    en="The device's program started.",
)
STOPPED: Final = declare_event(
    "device:agent:stopped",
    facts=("why",),
    zh="终端程序停止。",
    en="The device's program stopped.",
)
COUNTED: Final = declare_event(
    "device:camera:counted",
    facts=("of", "frames", "captures", "since"),
    zh="终端报告摄像头取过多少帧；没有用摄像头时为零。",
    en="The device states how many camera frames it took; none where no camera was used.",
)
WENT_OFFLINE: Final = declare_event(
    "device:link:lost",
    facts=("since",),
    zh="终端与中心断开，转为离线工作。",
    en="The device lost the centre and works offline.",
)
CAME_BACK: Final = declare_event(
    "device:link:restored",
    facts=("waiting",),
    zh="终端重新连上中心，开始补报。",
    en="The device reached the centre again and sends what waited.",
)
CLOCK_SET: Final = declare_event(
    "device:clock:set",
    facts=("before", "by"),
    zh="终端的时钟被校准。",
    en="The device's clock was set.",
)
ASKED: Final = declare_event(
    "device:check:asked",
    facts=("of", "scene", "method", "offered", "notice", "result"),
    zh="离线时在终端上进行了一次查验。",
    en="A check was made on the device while offline.",
)
ENROLLED: Final = declare_event(
    "device:register:enrolled",
    facts=("device", "scene", "key", "actor"),
    zh="登记了一台终端的签名公钥。",
    en="A device's signing key was enrolled.",
)
DISABLED: Final = declare_event(
    "device:register:disabled",
    facts=("device", "actor"),
    zh="停用了一台终端。",
    en="A device was disabled.",
)
FORKED: Final = declare_event(
    "device:sequence:forked",
    facts=("device", "number", "digest"),
    zh="一台终端的同一个序号出现了第二个内容。",
    en="A second content came for a number of a device.",
)
