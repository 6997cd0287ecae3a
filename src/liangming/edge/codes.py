"""What can go wrong on a device; each has another way beside it."""

from __future__ import annotations

from typing import Final

from liangming.errors import Kind, declare

TELL_FIRST: Final = declare(
    "edge.notice-first",
    Kind.OUT_OF_ORDER,
    zh="要先在这台设备上完整告知，才能问是否同意刷脸。",
    en="The notice must be shown on this device before consent to the face is asked.",
)
CONSENT_FIRST: Final = declare(
    "edge.consent-first",
    Kind.OUT_OF_ORDER,
    zh="没有本人在这台设备上的单独同意，摄像头不会打开。",
    en="Without separate consent on this device the camera stays shut.",
)
DECLINED_BEFORE: Final = declare(
    "edge.declined-before",
    Kind.OUT_OF_ORDER,
    zh="已经说过不刷脸，本次不会再问。",
    en="The face was declined; it is not asked again this time.",
)
NO_MORE_TRIES: Final = declare(
    "edge.no-more-tries",
    Kind.LIMITED,
    zh="刷脸已试过三次，请用其他方式，效果一样。",
    en="The face was tried three times; please use another way, it does the same.",
)
CAMERA_SHUT: Final = declare(
    "edge.camera-shut",
    Kind.OUT_OF_ORDER,
    zh="摄像头没有打开，不能取图。",
    en="The camera is not open, so no frame can be taken.",
)
CAMERA_LOST: Final = declare(
    "edge.camera-lost",
    Kind.OUTAGE,
    zh="摄像头没有回应，请用其他方式。",
    en="The camera does not answer; please use another way.",
)
MODEL_WRONG: Final = declare(
    "edge.model-wrong",
    Kind.INVALID,
    zh="模型文件与清单不符或无法读取，没有使用它。",
    en="The model file does not fit its list or cannot be read; it was not used.",
)
MODEL_UNKNOWN: Final = declare(
    "edge.model-unknown",
    Kind.ABSENT,
    zh="清单里没有这个模型；只有允许商用的模型可以加入。",
    en="This model is not on the list; only models whose weights allow commercial use are.",
)
MODEL_LICENCE: Final = declare(
    "edge.model-licence",
    Kind.REFUSED,
    zh="这个模型的许可不允许商用，不能加入。",
    en="The licence of this model does not allow commercial use; it is not taken.",
)
GOODS_UNREADABLE: Final = declare(
    "edge.goods-unreadable",
    Kind.MALFORMED,
    zh="货单（goods.json）无法读取：每件要有 slot、zh、en、fen，货道不能重复。",
    en="The list of goods (goods.json) cannot be read: each needs slot, zh, en and fen, no slot twice.",
)
DISK_FULL: Final = declare(
    "edge.disk-full",
    Kind.OUTAGE,
    zh="设备的磁盘写不进去，请用柜台或联系工作人员。",
    en="The device's disk takes no more; please use the counter or ask the staff.",
)
SWITCHED_OFF: Final = declare(
    "edge.switched-off",
    Kind.REFUSED,
    zh="这台设备已停用，不收件，也不收款；里面的件仍可凭码取出。",
    en="This device was switched off and takes nothing in, parcels or money; what lies in it is still "
    "given out by code.",
)
NOT_OFFERED: Final = declare(
    "edge.face-not-offered",
    Kind.OUT_OF_ORDER,
    zh="这里现在不提供刷脸，其他方式照常。",
    en="The face is not offered here now; every other way is.",
)
