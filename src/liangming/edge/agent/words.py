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
    Why.LEVEL: ("这台设备的防伪等级不够。", "This device's level of protection is too low."),
}
