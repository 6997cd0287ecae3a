"""What may be about a person: such a column is named and left out, and no value of it is shown."""

from __future__ import annotations

import re
from collections import Counter
from typing import Final

_NAMES: Final = re.compile(
    r"姓名|名字|人名|寄件人|收件人|发件人|取件人|联系人|客户(?!端)|用户名|昵称|身份证|证件号|证号|护照|手机|电话|联系方式|地址|住址|邮箱|"
    r"微信|支付宝账|银行卡号|卡号|车牌|运单|面单|快递单|快件号|物流单|订单|单号|生日|出生|性别|民族|籍贯|年龄|"
    r"(^|[^a-z])(full_?name|first_?name|last_?name|real_?name|sender|recipient|receiver|consignee|customer|"
    r"person|id_?card|id_?no|id_?number|identity|passport|mobile|phone|tel|telephone|address|addr|email|mail|"
    r"wechat|openid|card_?no|plate|waybill|tracking|parcel|order|birth\w*|gender|sex|ip|imei)([^a-z]|$)"
    r"|(^|_)name$",
    re.IGNORECASE,
)
_DIGESTS: Final = re.compile(r"摘要|哈希|脱敏|hash|digest", re.IGNORECASE)
_VALUES: Final = (
    re.compile(r"1[3-9]\d{9}"),  # a mobile number
    re.compile(r"[1-9]\d{16}[\dXx]"),  # an identity number
    re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
    re.compile(r"[\u4e00-\u9fff·]{1,20}[*＊]+[\u4e00-\u9fff]?"),  # a name, half hidden
    re.compile(r"\d{3}\*{3,}\d{2,4}"),  # a number, half hidden
)
_SURNAMES: Final = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦傅方白"
    "邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_SHARE: Final = 0.3
_NAME_LENGTHS: Final = (2, 3)
_SHORT: Final = 16
_DIGITS: Final = re.compile(r"\d{5,}")


def by_name(name: str) -> bool:
    """Whether a column's name says that it is about a person, and not about a digest of it."""
    return bool(_NAMES.search(name)) and not _DIGESTS.search(name)


def by_values(values: list[str]) -> bool:
    """Whether many values look like numbers or names of persons."""
    said = [value for value in values if value]
    if not said:
        return False
    numbers = sum(any(form.fullmatch(value) for form in _VALUES) for value in said)
    if numbers > _SHARE * len(said) * 0.2:
        return True
    names = {
        value
        for value in said
        if len(value) in _NAME_LENGTHS
        and value[0] in _SURNAMES
        and all("\u4e00" <= letter <= "\u9fff" for letter in value)
    }
    return len(names) > max(2, _SHARE * len(set(said)))


def like_a_number(word: str) -> bool:
    """Whether a word is a number of a person, or has a long number in it."""
    return bool(_DIGITS.search(word)) or any(form.search(word) for form in _VALUES)


def showable(words: Counter[str]) -> list[str]:
    """Words that may be written into a mapping: short, said more than once, and like no number."""
    return [
        word
        for word, many in words.most_common(40)
        if many > 1 and len(word) <= _SHORT and not like_a_number(word)
    ]
