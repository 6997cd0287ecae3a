"""Consumer law: 消费者权益保护法, its 实施条例 and the 处罚办法; three instruments."""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law.drafting import Sheet
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

LAW: Final = Instrument(
    id="consumer",
    zh="中华人民共和国消费者权益保护法",
    en="Consumer Rights Protection Law",
    number="",
    rank=Rank.LAW,
    address="",
    force=Span(date(2014, 3, 15)),
    note_zh="2013年修正文本。",
    note_en="Text as amended in 2013.",
)
RULES: Final = Instrument(
    id="consumer-rules",
    zh="中华人民共和国消费者权益保护法实施条例",
    en="Regulation implementing the Consumer Rights Protection Law",
    number="",
    rank=Rank.REGULATION,
    address="",
    force=Span(date(2024, 7, 1)),
)
PENALTIES: Final = Instrument(
    id="consumer-penalties",
    zh="侵害消费者权益行为处罚办法",
    en="Measures for penalties for infringing consumer rights",
    number="",
    rank=Rank.RULE,
    address="",
    force=Span(date(2025, 4, 19)),
    note_zh="施行日未核实；此处所记是读到其文本为现行有效的那一天。",
    note_en="Its first day is not verified; the day given is that on which its text was seen as in force.",
)
_law = Sheet(LAW, Grade.A)
_rules = Sheet(RULES, Grade.B)
_penalties = Sheet(PENALTIES, Grade.A)
_OUT = ("罚则。", "Penalties.")
_RULE = (
    "规则写在个人信息保护法第十六条下并引本条。",
    "The rule stands under PIPL 16 and cites this article.",
)

INSTRUMENTS: Final[tuple[tuple[Instrument, tuple[Article, ...]], ...]] = (
    (
        LAW,
        (
            _law("29", "收集使用消费者信息合法、正当、必要，明示目的、方式、范围，经同意，公开规则，严格保密；未经同意不发商业信息。", "Consumers' data: lawful and necessary, purpose, method and scope stated, with consent, public rules, kept secret; no commercial messages without consent.", Held.SCENE, Held.CONSTRUCTION, why=_RULE),
            _law("50", "侵害消费者信息权益的，停止侵害、恢复名誉、赔礼道歉、赔偿损失。", "Infringement: stop, restore, apologise, pay.", Held.OUT, why=("属于法院审理。", "For the court.")),
            _law("56", "罚款为违法所得一至十倍，没有违法所得的五十万元以下；严重的停业整顿；其他法律另有规定的从其规定。", "A fine of one to ten times the gains, up to 500,000 yuan without gains; closure if serious; other laws first.", Held.OUT, why=_OUT),
        ),
    ),
    (
        RULES,
        (
            _rules("23", "不得过度收集；不得以一次概括授权、默认授权等强制同意与经营无直接关系的信息；敏感信息依法处理。", "No over-collection; no forcing by one blanket or default grant; sensitive data by law.", Held.SCENE, Held.CONSTRUCTION, why=_RULE),
            _rules("penalty", "违反的依照消费者权益保护法第五十六条等处罚。", "Breaches are punished under article 56 of the Law and others.", Held.OPEN, number="", grade=Grade.C, why=("罚则条号未核实。", "The penalty article's number is not verified.")),
        ),
    ),
    (
        PENALTIES,
        (
            _penalties("11", "未经同意不得收集；不得泄露、出售、非法提供；未经同意或者明确拒绝的不发商业信息。", "No collecting without consent; no leaking, selling or unlawful providing; no commercial messages without consent.", Held.CONSTRUCTION, why=("亮明不发商业信息，也没有名单可卖。", "Liangming sends no commercial messages and has no list to sell.")),
            _penalties("14", "依照消费者权益保护法第五十六条处罚。", "Punished under article 56 of the Law.", Held.OUT, why=_OUT),
        ),
    ),
)  # fmt: skip
