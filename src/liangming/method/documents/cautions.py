"""What a reading could not settle: told to the clerk, never a reason to turn anyone away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from liangming.rules import Grade


@dataclass(frozen=True, slots=True)
class Caution:
    """A doubt that travels with a result.

    Attributes:
        code: stable, ``document.…``; never shared with an error.
        zh: what is in doubt and what to look at.
        en: the same in English.
        grade: how well the rule behind it is sourced; C can only ever be a caution.
    """

    code: str
    zh: str
    en: str
    grade: Grade


NO_CHECKSUM: Final = Caution(
    "document.no-checksum",
    "这种号码没有公开的校验位，请逐字对照证件。",
    "This number has no published check digit; compare it with the document place by place.",
    Grade.B,
)
FORM_UNVERIFIED: Final = Caution(
    "document.form-unverified",
    "这种证件的号码格式没有公开的官方规定，仅核对了长度和字符。",
    "No public rule gives this number's form; only length and characters were looked at.",
    Grade.C,
)
UNUSUAL_FORM: Final = Caution(
    "document.unusual-form",
    "号码的写法与已知的样式不同，请再对照证件看一遍。",
    "The number differs from the forms known to us; please look at the document once more.",
    Grade.B,
)
DOUBTFUL_CHECK_DIGIT: Final = Caution(
    "document.doubtful-check-digit",
    "按一种未经官方证实的算法，校验位对不上，请再对照证件；仅作提示，不影响办理。",
    "By a rule that no official source confirms, the check digit does not agree; look again. "
    "This is a hint only and stops nothing.",
    Grade.C,
)
LAYOUT_INFERRED: Final = Caution(
    "document.layout-inferred",
    "出生日期是按未经官方证实的号码结构推算的，请以证件所载为准。",
    "The birth date is inferred from a layout that no official source confirms; the document "
    "itself decides.",
    Grade.B,
)
LAYOUT_UNREAD: Final = Caution(
    "document.layout-unread",
    "号码的内部结构与已知的不同，未能读出出生日期；校验位是对的，不影响办理。",
    "The number's inner layout differs from the one known to us, so no birth date was read; "
    "the check digit agrees and nothing is stopped.",
    Grade.B,
)
LONG_TERM_UNLIKELY: Final = Caution(
    "document.long-term-unlikely",
    "“长期”通常只见于46周岁以上居民的身份证，请再看一眼证件背面的有效期限。",
    "“长期” is usual only on cards issued to residents of 46 and above; please look at the "
    "validity on the back once more.",
    Grade.A,
)
EXPIRY_DISAGREES: Final = Caution(
    "document.expiry-disagrees",
    "填写的有效期与机读码中的不一致，已以机读码为准，请对照证件。",
    "The validity typed differs from the machine-readable zone, which was used; please look at "
    "the document.",
    Grade.B,
)
BIRTH_INCOMPLETE: Final = Caution(
    "document.birth-incomplete",
    "机读码中的出生日期不完整，未作年龄判断。",
    "The birth date in the machine-readable zone is incomplete; no age was worked out.",
    Grade.B,
)
EXPIRY_ABSENT: Final = Caution(
    "document.expiry-absent",
    "机读码中没有完整的有效期，请查看证件。",
    "The machine-readable zone states no full validity date; please look at the document.",
    Grade.B,
)
CENTURY_UNSURE: Final = Caution(
    "document.century-unsure",
    "机读码的出生年份只有两位，持证人可能是儿童，也可能已过百岁，请看证件。",
    "The zone gives the birth year in two digits: the holder may be a child or over a hundred; "
    "please look at the document.",
    Grade.B,
)
NAME_MAY_BE_CUT: Final = Caution(
    "document.name-may-be-cut",
    "机读码的姓名栏已写满，姓名可能被截短，请以证件所载为准。",
    "The name field of the zone is full, so the name may be cut; the document itself decides.",
    Grade.B,
)
USCC_CHECK_DIGIT: Final = Caution(
    "document.uscc-check-digit",
    "统一社会信用代码的校验位对不上。也有真实代码如此，请对照证照再看一遍，不影响办理。",
    "The check character does not agree. Some genuine codes are so; compare with the "
    "certificate. This stops nothing.",
    Grade.B,
)
BASIS_UNVERIFIED: Final = Caution(
    "document.basis-unverified",
    "法规未列明此类证件，依据由企业自行写明，尚未核实。",
    "The order does not name this document; the operator has stated its own basis, which is "
    "not verified.",
    Grade.C,
)
TEST_REGION: Final = Caution(
    "document.test-region",
    "这是测试号码，不属于任何人。",
    "This is a test number and belongs to nobody.",
    Grade.A,
)
