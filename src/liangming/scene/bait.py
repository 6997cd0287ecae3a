"""Words that push a person toward one way: data, and how they are looked for.

The campaign in Shanghai named them: "刷脸支付随机免单", faster, safer, recommended. A scene's
texts are compared after normalising (width, case, blanks and ornaments between characters), so
that ``推 荐`` and ``ＶＩＰ`` are found too.

Two things keep innocent sentences innocent. *Spared* phrases are taken out first: 变更快递地址
contains 更快 only by accident, 优先为老年人办理 is a service to people and not a reward, and
"不会更快" says the opposite of bait. And in scenes that offer no face, only the words on the ways
themselves are looked at: "最快次日达" on a banner promises a delivery, not a method.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

CHINESE: Final = (
    # recommending
    "推荐", "推薦", "首选", "优选", "默认方式", "主流方式", "大家都在用", "更多人选择",
    # speed
    "最快", "更快", "更快捷", "更便捷", "更方便", "最方便", "最便捷", "更轻松", "更省事", "更省时",
    "一秒", "1秒", "一瞬", "秒开", "秒过", "秒进", "秒取", "秒寄", "秒付", "极速", "急速", "闪付",
    "快人一步", "免排队", "不用排队", "无需排队", "不必排队", "免等待", "无需等待", "不用等",
    "无感通行", "快速通道", "绿色通道",
    # safety
    "更安全", "最安全", "更放心", "更可靠", "更保险",
    # price and prizes
    "免单", "免單", "立减", "满减", "随机减", "打折", "折扣", "优惠", "特价", "红包", "抽奖", "有奖",
    "奖励", "返现", "送积分", "得积分", "双倍积分", "赠品", "礼品", "礼包", "福利",
    # privilege
    "优先", "優先", "专享", "尊享", "特权", "贵宾", "尊贵",
)  # fmt: skip

ENGLISH: Final = (
    "recommended", "recommend", "preferred", "best", "most popular", "default",
    "fastest", "faster", "fast", "quickest", "quicker", "instant", "instantly", "easiest",
    "easier", "express lane", "fast lane", "one second", "1 second", "no waiting", "no queue",
    "skip the queue", "skip the line", "safest", "safer", "more secure", "most secure",
    "free", "discount", "coupon", "cashback", "reward", "rewards", "bonus", "prize", "prizes",
    "win", "lucky draw", "gift", "vip", "priority", "exclusive", "privilege",
)  # fmt: skip

_PEOPLE: Final = (
    "(?:老年人|老人|残疾人|残障人士|孕妇|儿童|母婴|军人|消防救援人员|老幼病残孕|有困难的人)"
)

SPARED: Final = (
    # accidents of spelling
    "变更", "避免", "以免", "难免", "不免", "成立", "设立", "建立", "独立", "推荐信", "推荐表",
    "最快(?:当|次|隔)日(?:送|可)?达", "极速(?:达|件|配送)", "优先股", "免费",
    # help to people, not a reward for a way
    f"优先(?:为|办理|服务|照顾)?{_PEOPLE}", f"(?:为|对|给)?{_PEOPLE}(?:可以|可|等)?优先",
    f"{_PEOPLE}绿色通道",
    # the opposite of bait
    "不(?:作|做|予)?(?:任何)?(?:强制性?)?推荐",
    "(?:不会|没有|并不|也不|不因此|不)(?:更快捷|更快|更便捷|更方便|更安全|更放心|优先)",
    "(?:不会|没有|不提供|并无|无)(?:任何)?(?:优惠|奖励|折扣|红包|抽奖|特权)",
)  # fmt: skip

SPARED_ENGLISH: Final = (
    r"free of charge", r"toll[- ]free", r"barrier[- ]free", r"feel free", r"smoke[- ]free",
    r"free to (?:choose|decline|refuse|say)",
    r"(?:not|no|no way is|never|isn't|neither) (?:any )?(?:faster|safer|quicker|easier|cheaper|recommended)",
    r"(?:no|without) (?:discount|reward|prize|bonus|priority)s?",
    r"priority (?:for|to) (?:the )?(?:elderly|disabled|pregnant|older)",
)  # fmt: skip

_INVISIBLE: Final = frozenset({"Cf", "Cc", "Zs", "Zl", "Zp"})
_ORNAMENTS: Final = frozenset("·・•‧.-_*~|/\\+^'\"“”‘’「」『』【】[]()<>《》")
_SPARED_CHINESE: Final = re.compile("|".join(SPARED))
_SPARED_ENGLISH: Final = re.compile(
    r"(?<![a-z0-9])(?:" + "|".join(SPARED_ENGLISH) + r")(?![a-z0-9])"
)
_CHINESE: Final = re.compile("|".join(sorted(map(re.escape, CHINESE), key=len, reverse=True)))
_ENGLISH: Final = re.compile(
    r"(?<![a-z0-9])(?:"
    + "|".join(sorted(map(re.escape, ENGLISH), key=len, reverse=True))
    + r")(?![a-z0-9])"  # not \b: Chinese letters are word characters too ("您的VIP通道")
)


@dataclass(frozen=True, slots=True)
class Bait:
    """One bait word that was found, as it stands in the list (never the sentence around it)."""

    word: str


@lru_cache(maxsize=4096)
def bait_in(*texts: str) -> tuple[Bait, ...]:
    """Every bait word in these texts, once, in the order found.

    Outlets of one operator mostly say the same, so what was read is remembered.

    >>> bait_in("刷脸支付，随机免 单！")
    (Bait(word='免单'),)
    >>> bait_in("变更快递地址，请优先为老年人办理")
    ()
    """
    found: dict[str, None] = {}
    for text in texts:
        plain = unicodedata.normalize("NFKC", text).casefold()
        tight = "".join(
            c for c in plain if unicodedata.category(c) not in _INVISIBLE and c not in _ORNAMENTS
        )
        found |= dict.fromkeys(_CHINESE.findall(_SPARED_CHINESE.sub("；", tight)))
        loose = " ".join(re.split(r"[\s_]+", plain))
        found |= dict.fromkeys(_ENGLISH.findall(_SPARED_ENGLISH.sub(";", loose)))
    return tuple(Bait(word) for word in found)


VAGUE: Final = frozenset(
    {
        "安全", "服务", "体验", "提升", "提高", "改善", "优化", "改进", "加强", "保障", "更好", "管理",
        "便捷", "便利", "质量", "效率", "水平", "用户", "客户", "顾客", "为了", "为", "了", "的", "和",
        "与", "及", "您", "我们", "本", "需要", "业务", "办理", "提供", "场所", "公共", "需求", "保证",
        "更", "优质", "智能", "智慧", "升级",
    }
)  # fmt: skip
"""Words of which a purpose may not consist alone: they name no purpose."""

_VAGUE: Final = re.compile("|".join(sorted(map(re.escape, VAGUE), key=len, reverse=True)))


def says_only_service(purpose: str) -> bool:
    """Whether a purpose names nothing but better service, experience or security.

    >>> says_only_service("为了提升服务体验，保障安全")
    True
    >>> says_only_service("核对寄件人身份并登记")
    False
    """
    plain = unicodedata.normalize("NFKC", purpose)
    letters = "".join(c for c in plain if c.isalpha())
    return bool(letters) and not _VAGUE.sub("", letters)
