"""What can go wrong with a label; none of it ever quotes what was sent."""

from __future__ import annotations

from typing import Final

from liangming.errors import Kind, declare

LONG_NUMBER: Final = declare(
    "label.long-number",
    Kind.REFUSED,
    zh="这一栏里有一长串数字，可能是证件号码或电话。面单上不得出现，请删去或填到电话栏。",
    en="This field holds a long number, perhaps of a document or a phone. It may not be on a label; remove it or use the phone field.",
)
NAME_UNFIT: Final = declare(
    "label.name-unfit",
    Kind.INVALID,
    zh="姓名或名称需要 1 到 60 个字。",
    en="A name needs 1 to 60 characters.",
)
PHONE_UNFIT: Final = declare(
    "label.phone-unfit",
    Kind.INVALID,
    zh="电话没有认出来：请填手机号、带区号的座机、400/800 号码，或带国际区号的号码。",
    en="The phone number was not recognised: mobile, landline with its area code, 400/800, or international with its country code.",
)
ADDRESS_UNFIT: Final = declare(
    "label.address-unfit",
    Kind.INVALID,
    zh="地址需要 2 到 120 个字。",
    en="An address needs 2 to 120 characters.",
)
WAYBILL_UNFIT: Final = declare(
    "label.waybill-unfit",
    Kind.INVALID,
    zh="运单号需要 10 到 20 位大写字母和数字，且不能是证件号码的样式。",
    en="A waybill number needs 10 to 20 capital letters and digits and may not look like a document number.",
)
TEXT_UNFIT: Final = declare(
    "label.text-unfit",
    Kind.INVALID,
    zh="这一栏太长，或含有不能打印的内容。",
    en="This field is too long or cannot be printed.",
)
FONT_MISSING: Final = declare(
    "label.font-missing",
    Kind.OUTAGE,
    zh="这台机器没有中文字体，无法打印面单。可安装 fonts-noto-cjk。",
    en="No Chinese font is installed on this machine, so no label can be set; fonts-noto-cjk will do.",
)
PRESS_MISSING: Final = declare(
    "label.press-missing",
    Kind.OUTAGE,
    zh="缺少排版组件。请安装：pip install 'liangming[reports]'",
    en="The typesetter is not installed: pip install 'liangming[reports]'",
)
PRESS_BUSY: Final = declare(
    "label.press-busy",
    Kind.LIMITED,
    zh="排队打印的面单太多，请稍后再试。",
    en="Too many labels are waiting; please try again shortly.",
)
