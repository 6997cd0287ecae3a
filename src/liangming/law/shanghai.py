"""Shanghai: 上海市数据条例 19–24 and 上海市消费者权益保护条例 31."""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law import facts
from liangming.law.drafting import Sheet, bar
from liangming.law.places import at
from liangming.law.words import Question, SceneKind
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

DATA: Final = Instrument(
    id="shanghai",
    zh="上海市数据条例",
    en="Shanghai Data Regulation",
    number="",
    rank=Rank.LOCAL,
    address="",
    force=Span(date(2022, 1, 1)),
)
CONSUMER: Final = Instrument(
    id="shanghai-consumer",
    zh="上海市消费者权益保护条例",
    en="Shanghai Consumer Rights Protection Regulation",
    number="",
    rank=Rank.LOCAL,
    address="",
    force=Span(date(2025, 4, 19)),
    note_zh="所读为2022年修订前的文本，第三十一条须与现行文本核对；施行日未核实，此处所记是读到文本的那一天。",
    note_en="The text read is older than the 2022 revision; article 31 must be compared with the text in force. Its first day is not verified; the day given is that on which the text was seen.",
)
_data = Sheet(DATA, Grade.A)
_consumer = Sheet(CONSUMER, Grade.B)
_IN_SHANGHAI: Final = facts.province.one_of("310000")
_LISTED: Final = at(
    SceneKind.ENTRANCE_SPORTS,
    SceneKind.ENTRANCE_RETAIL,
    SceneKind.ENTRANCE_CULTURE,
    SceneKind.ENTRANCE_PROPERTY,
    SceneKind.ENTRANCE_HOTEL,
)
_PIPL = (
    "与个人信息保护法相应条文一致，由那里的规则守住。",
    "Same as the articles of PIPL; held by the rules there.",
)

INSTRUMENTS: Final[tuple[tuple[Instrument, tuple[Article, ...]], ...]] = (
    (
        DATA,
        (
            _data("19", "处理须本人自愿、知情同意；不得因不同意拒绝服务，必需的除外。", "Voluntary and informed; no refusal of service for non-consent unless necessary.", Held.SCENE, Held.CHECK, why=_PIPL),
            _data("20", "告知事项同个人信息保护法第十七条。", "Notice items as in PIPL 17.", Held.SCENE, why=_PIPL),
            _data("21", "更正和主动删除。", "Correction and proactive deletion.", Held.CLOCK, why=_PIPL),
            _data("22", "处理生物识别信息须特定目的、充分必要、严格保护和单独同意。", "Biometric data: specific purpose, sufficient necessity, strict protection, separate consent.", Held.CHECK, why=_PIPL),
            _data(
                "23",
                "商场、超市、公园、景区、公共文化体育场馆、宾馆、居住小区、商务楼宇等安装图像采集、身份识别设备，须为公共安全所必需并设显著标识；信息只用于公共安全，单独同意的除外；不得以图像采集、身份识别技术作为出入的唯一验证方式。",
                "In malls, supermarkets, parks, scenic spots, public culture and sports venues, hotels, residential compounds and office buildings such devices serve public security and carry a sign; data serve nothing else without separate consent; they are not the only way to enter.",
                Held.SCENE,
                why=("只管出入这些场所；寄递柜和售货机不在其中。标识见个人信息保护法第二十六条的规则。", "Entering these places only; lockers and vending machines are outside it. Signs: rule under PIPL 26."),
                rules=(
                    bar(
                        "shanghai.23/only-way", Question.CONFIGURE,
                        _IN_SHANGHAI & _LISTED & facts.offers_face & facts.alternatives.below(1),
                        "scene.face-only-entrance", also=("pipl.16", "face.10"),
                        zh="在上海，进入这类场所不得只能刷脸。",
                        en="In Shanghai the face may not be the only way to enter such a place.",
                        mend_zh="加票证、卡或者人工放行。", mend_en="Add a ticket, a card or entry by staff.",
                    ),
                ),
            ),
            _data("24", "自动化决策同个人信息保护法第二十四条。", "Automated decisions as in PIPL 24.", Held.CONSTRUCTION, why=_PIPL),
        ),
    ),
    (
        CONSUMER,
        (
            _consumer("31", "明示告知并经同意；告知和同意的证明保存不少于五年；发生事件的补救并告知。", "Explicit notice and consent; proof of both kept at least five years; incidents are remedied and told.", Held.DUTY, why=("证明中没有证件号码和人脸，保存依据见个人信息保护法第六十九条。五年出自旧文本，须核对。", "Proof holds no number and no face; it is kept under PIPL 69. The five years come from an older text and must be checked."), values=("proof_years_shanghai",)),
        ),
    ),
)  # fmt: skip
