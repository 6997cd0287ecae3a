"""国信办秘字〔2021〕14号: what is necessary information for common apps and mini-programs (A)."""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law.drafting import Sheet, numeral
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

INSTRUMENT: Final = Instrument(
    id="necessary",
    zh="常见类型移动互联网应用程序必要个人信息范围规定",
    en="Provisions on the scope of necessary personal information for common types of mobile apps",
    number="国信办秘字〔2021〕14号",
    rank=Rank.NORMATIVE,
    address="",
    force=Span(date(2021, 5, 1)),
    note_zh="适用于应用程序和小程序；线下场景参照其“必要”的尺度。",
    note_en="It covers apps and mini-programs; for offline scenes it serves as the measure of what is necessary.",
)
_SHEET = Sheet(INSTRUMENT, Grade.A)
_ = _SHEET


def _item(item: int, zh: str, en: str) -> Article:
    return _SHEET(
        f"5.{item}", f"{zh}。其中没有人脸、指纹、声纹。", f"{en}. No face, fingerprint or voice is among them.",
        Held.SCENE,
        number=f"第五条第（{numeral(item)}）项",
        why=("场景类型的必要字段据此列出，超出的由个人信息保护法第六条的规则拒绝。", "Kinds of scene list their necessary fields by it; more is refused by the rule under PIPL 6."),
    )  # fmt: skip


ARTICLES: Final[tuple[Article, ...]] = (
    _("2", "适用于移动应用，包括小程序。", "Covers mobile apps, mini-programs included.", Held.OUT, why=("适用范围。", "Scope.")),
    _("3", "必要个人信息是缺了它基本功能就无法实现的信息，以消费侧用户为限。", "Necessary is that without which the basic function cannot work, for the consumer's side.", Held.SCENE, why=("作为“不必要”的尺度被引用。", "Cited as the measure of the unnecessary.")),
    _("4", "不得因用户不同意提供非必要信息而拒绝其使用基本功能。", "Refusing unnecessary information does not cost the basic function.", Held.SCENE, Held.CHECK, why=("规则写在个人信息保护法第六、十六条下并引本条。", "The rules stand under PIPL 6 and 16 and cite this article.")),
    _item(5, "网络支付：手机号；注册用户的姓名、证件类型和号码、证件有效期限、银行卡号", "Online payment: phone; name, document type and number, validity, bank card"),
    _item(6, "网上购物：手机号；收货人姓名、地址、电话；支付时间、金额、渠道", "Online shopping: phone; consignee's name, address, phone; payment time, amount, channel"),
    _item(7, "餐饮外卖：手机号；收货人姓名、地址、电话；支付时间、金额、渠道", "Takeaway: phone; consignee's name, address, phone; payment time, amount, channel"),
    _item(8, "邮件快件寄递：寄件人姓名、证件类型和号码、地址、电话；收件人姓名、地址、电话；物品名称、性质、数量", "Mail and parcels: sender's name, document type and number, address, phone; recipient's name, address, phone; item's name, nature, quantity"),
    _item(17, "酒店服务：手机号；住宿人姓名和联系方式、入住和离店时间", "Hotel booking: phone; guest's name and contact, times of arrival and leaving"),
    _item(31, "运动健身：不需要个人信息即可使用基本功能", "Exercise: the basic function needs no personal information at all"),
    _item(39, "演出票务：手机号；场次、座位；支付信息", "Performance tickets: phone; session, seat; payment information"),
)  # fmt: skip
