"""What the machine says, in both languages at once: a stranger at a locker chooses no language first."""

from __future__ import annotations

from typing import Final

from liangming.edge.face.order import Why

ASKED: Final = {
    "look": "请看着屏幕 Look at the screen",
    "left": "向左转头再回正 Turn left and back",
    "right": "向右转头再回正 Turn right and back",
    "blink": "眨一下眼 Blink once",
    "mouth": "张一下嘴 Open your mouth once",
    "nod": "点一下头 Nod once",
}
WHY: Final = {
    Why.SAME: ("一致", "It is you."),
    Why.DIFFERENT: (
        "没能比对上，这很常见，不代表什么。",
        "It did not match; that is common and means nothing.",
    ),
    Why.ATTACK: (
        "没能确认镜头前是真人。",
        "It could not be settled that a person stands here.",
    ),
    Why.STOPPED: ("已停止，画面没有留下。", "Stopped; no picture was kept."),
    Why.NOBODY: ("没有看到人脸。", "No face was seen."),
    Why.SEVERAL: ("画面里不止一个人。", "More than one person is in view."),
    Why.COVERED: ("镜头被遮住了。", "The lens is covered."),
    Why.FROZEN: ("摄像头画面不正常。", "The camera's picture is not right."),
    Why.VIRTUAL: ("摄像头不是登记的那一个。", "The camera is not the enrolled one."),
    Why.LOST: ("摄像头没有回应。", "The camera does not answer."),
    Why.UNCLEAR: ("太暗、太远或不清楚。", "Too dark, too far or not sharp."),
    Why.TOO_SLOW: ("时间到了。", "Time is over."),
    Why.MODEL: ("比对程序不可用。", "The comparison is not available."),
    Why.NO_REFERENCE: ("没有读到证件照片。", "No photo was read from the card."),
    Why.TRIED: (
        "在这台设备上已试过三次，一小时内请用其他方式。",
        "It was tried three times at this machine; for an hour please use another way.",
    ),
    Why.KEPT: ("已按您的要求记住。", "Remembered, as you asked."),
    Why.NOT_KEPT: ("没能保存，什么也没有留下。", "It could not be kept; nothing stays."),
    Why.LEVEL: ("这台设备的防伪等级不够。", "This device's level of protection is too low."),
}
REMEMBER_FOR: Final[dict[str, tuple[str, str]]] = {
    "vending": (
        "做什么：在这台设备上保存一个受保护的模板，以后在这台设备上可以凭您的号码加人脸付款。",
        (
            "What: a protected template is kept on this device, so that here your number and your face"
            " can pay."
        ),
    ),
    "locker": (
        (
            "做什么：在这台设备上保存一个受保护的模板，以后在这台设备寄件时，代替证件上的小照片来比对；证件照样"
            "要放在读卡器上，模板只跟这张证件走。"
        ),
        (
            "What: a protected template is kept on this device and compared here, instead of your card's"
            " small photo, when you send. Your card still lies on the reader; the template goes with that"
            " card alone."
        ),
    ),
}
REMEMBER_FOR["kiosk"] = REMEMBER_FOR["locker"]
REMEMBER: Final = (
    (
        "留什么：1,024 个由您的号码加扰的比特，不是照片；只在这台设备里，不上传，中心只知道总共几个。",
        (
            "What is kept: 1,024 bits scrambled by your number, no picture; in this device only, never"
            " sent. The centre learns how many there are, not whose."
        ),
    ),
    (
        (
            "号码只给您一次，设备不留。没有号码，这台设备自己也用不了它；请像钥匙一样保管，同时拿到设备和"
            "号码的人可以推算出接近您面部特征的数据。"
        ),
        (
            "The number is given to you once and not kept. Without it this device itself can do nothing"
            " with the template. Keep it like a key: whoever holds both the device and the number could"
            " compute something close to your face's features."
        ),
    ),
    (
        "多久：{days} 天后自动删除；任何时候在这块屏幕上一按就删，断网也行。",
        (
            "How long: deleted by itself after {days} days; at any time by one press on this screen, also"
            " without a network."
        ),
    ),
    (
        "不同意没有任何影响：其他方式照常，价格一样，不会再问。未满 14 周岁请不要使用。",
        (
            "Saying no changes nothing: every other way goes on at the same price, and it is not asked"
            " again. Not for anybody under 14."
        ),
    ),
)
