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
CELL_PLACED: Final = declare_event(
    "device:cell:placed",
    facts=("cell", "parcel"),
    zh="快件放进了格口。",
    en="A parcel was placed in a cell.",
)
CELL_OPENED: Final = declare_event(
    "device:cell:opened",
    facts=("cell", "parcel", "by"),
    zh="格口被打开：凭码、代取或工作人员。",
    en="A cell was opened: by code, for somebody else, or by staff.",
)
GOODS_SOLD: Final = declare_event(
    "device:goods:sold",
    facts=("by", "fen", "order"),
    zh="售货机收了款；不记录是谁。",
    en="A vending machine was paid; by whom is not recorded.",
)
GOODS_RETURNED: Final = declare_event(
    "device:goods:returned",
    facts=("fen", "order"),
    zh="货没有出来，售货机把钱退了回去。",
    en="Goods did not come out, and a vending machine gave the money back.",
)
FACE_ENDED: Final = declare_event(
    "device:face:ended",
    facts=("of", "result", "pad_level", "frames_taken", "frames_kept"),
    zh="终端上的一次人脸比对结束，画面已覆写。",
    en="A look at a face on the device ended; its frames were overwritten.",
)
FACE_DECLINED: Final = declare_event(
    "device:face:declined",
    facts=("of", "pad_level", "frames_taken", "frames_kept"),
    zh="本人在终端上说了不，或按了停止。",
    en="The person said no on the device, or pressed stop.",
)
FACE_STOPPED: Final = declare_event(
    "device:face:stopped",
    facts=(),
    zh="这台终端停止提供刷脸。",
    en="This device offers the face no more.",
)
DOCUMENT_READ: Final = declare_event(
    "device:document:read",
    facts=("pictures", "kept", "fields", "marked"),
    zh="站点电脑识读了证件图片，图片已覆写；只记数目。",
    en="A station read pictures of a document and overwrote them; only counts are kept.",
)
DOCUMENT_SENT: Final = declare_event(
    "device:document:sent",
    facts=("of", "method", "result"),
    zh="收寄员核对后，站点电脑把一次查验发给中心。",
    en="After the clerk's correction a station sent a check to the centre.",
)
FACES_COUNTED: Final = declare_event(
    "device:faces:counted",
    facts=("persons",),
    zh="终端报告此刻存有多少人的人脸特征；只报人数。",
    en="The device states of how many persons it stores a template now; a number only.",
)
COMMAND_DONE: Final = declare_event(
    "device:command:done",
    facts=("command", "consent", "deed", "templates"),
    zh="终端执行了中心的一条指令。",
    en="The device did a command of the centre.",
)
HEALTH: Final = declare_event(
    "device:health:reported",
    facts=("disk", "clock", "camera", "reader", "face", "waiting", "templates"),
    zh="终端报告自己的状况：磁盘、时钟、摄像头、读卡器、待传事件和模板的数量。",
    en="A device reported how it is: disk, clock, camera, reader, what waits, how many templates.",
)
TEMPLATE_KEPT: Final = declare_event(
    "device:template:kept",
    facts=("template", "until", "held"),
    zh="按本人在终端上的单独同意，保存了一个受保护的模板；不含身份。",
    en="A protected template was kept after its own consent on the device; it names nobody.",
)
TEMPLATE_GONE: Final = declare_event(
    "device:template:gone",
    facts=("template", "why", "held"),
    zh="一个模板被删除：本人撤回、到期、换新或中心的指令。",
    en="A template was deleted: withdrawn, over, renewed, or commanded by the centre.",
)
FACE_STARTED: Final = declare_event(
    "device:face:started",
    facts=(),
    zh="这台终端重新提供刷脸。",
    en="This device offers the face again.",
)
SWITCHED_OFF: Final = declare_event(
    "device:agent:disabled",
    facts=("templates",),
    zh="终端按中心的指令停用：模板已删，不再提供刷脸和寄件；已放入的件仍可取出。",
    en="The device was disabled by its centre: templates deleted, no face, no sending; what lies"
    " in it can still be collected.",
)
CLOCK_BACK: Final = declare_event(
    "device:clock:back",
    facts=("by",),
    zh="终端的时钟被往回拨。",
    en="The device's clock was set back.",
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
ATTESTED: Final = declare_event(
    "device:register:attested",
    facts=("device", "statement", "models", "least", "kept_in", "agent"),
    zh="终端说明了自己的模型、设置和密钥存放处。",
    en="A device stated its models, its settings and where its key is kept.",
)
FORKED: Final = declare_event(
    "device:sequence:forked",
    facts=("device", "number", "digest"),
    zh="一台终端的同一个序号出现了第二个内容。",
    en="A second content came for a number of a device.",
)
