"""The words for what a scene may collect, and those that inspectors keep finding beside it.

A closed list: a field that has no word here has no notice sentence and no shelf to be kept on.
The second half is never necessary in any kind of scene; the words exist so that a file which
asks for them is refused with the reason instead of as a spelling mistake.
"""

from __future__ import annotations

from typing import Final

from liangming.scene.model import Text

FIELDS: Final[dict[str, Text]] = {
    "document": Text("证件类型和号码", "document type and number"),
    "name": Text("姓名", "name"),
    "organisation": Text("单位名称和统一社会信用代码", "organisation's name and credit code"),
    "phone": Text("电话", "phone"),
    "address": Text("地址", "address"),
    "booking": Text("预约或票证编号", "booking or ticket number"),
    "payment": Text("支付结果", "payment result"),
    "pickup": Text("取件码", "pick-up code"),
    "face": Text("人脸信息", "face information"),
    # found by inspectors, necessary nowhere
    "document_image": Text("证件照片或复印件", "picture or copy of the document"),
    "portrait": Text("人像照片", "photograph of the person"),
    "fingerprint": Text("指纹", "fingerprint"),
    "voice": Text("声纹", "voice print"),
    "birthday": Text("生日", "birthday"),
    "sex": Text("性别", "sex"),
    "email": Text("电子邮箱", "e-mail"),
    "membership": Text("会员信息", "membership"),
    "social_account": Text("社交账号", "social account"),
    "position": Text("行踪或定位", "position or track"),
    "contacts": Text("通讯录", "address book"),
}

IDENTITY: Final = frozenset(
    {"document", "name", "organisation", "document_image", "portrait", "fingerprint", "voice"}
)
"""Fields that say who a person is; their keeping counts as keeping identity."""
