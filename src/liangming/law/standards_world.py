"""ISO and NIST documents that shaped the design: reference, of no force in China.

Their ``force`` is the day of publication. None carries a rule.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law.drafting import Sheet
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

_NOTE_ZH: Final = "国际或者外国标准，在中国没有法律效力，仅供参考。"
_NOTE_EN: Final = "An international or foreign standard, of no force in China; for reference."


def _standard(name: str, number: str, zh: str, en: str, day: date) -> Instrument:
    return Instrument(
        id=name, zh=zh, en=en, number=number, rank=Rank.STANDARD, address="", force=Span(day),
        note_zh=_NOTE_ZH, note_en=_NOTE_EN,
    )  # fmt: skip


ATTACKS: Final = _standard(
    "iso30107",
    "ISO/IEC 30107-3:2023",
    "生物特征呈现攻击检测 第3部分：测试与报告",
    "Biometric presentation attack detection, part 3: testing and reporting",
    date(2023, 1, 1),
)
TEMPLATES: Final = _standard(
    "iso24745",
    "ISO/IEC 24745:2022",
    "生物特征信息保护",
    "Biometric information protection",
    date(2022, 1, 1),
)
RECORDS: Final = _standard(
    "iso27560",
    "ISO/IEC TS 27560:2023",
    "同意记录的信息结构",
    "Consent record information structure",
    date(2023, 1, 1),
)
PROOFING: Final = _standard(
    "nist63a",
    "NIST SP 800-63A-4",
    "身份证明与登记指南",
    "Identity proofing and enrollment",
    date(2025, 8, 1),
)
_attacks = Sheet(ATTACKS, Grade.B)
_templates = Sheet(TEMPLATES, Grade.B)
_records = Sheet(RECORDS, Grade.B)
_proofing = Sheet(PROOFING, Grade.B)

INSTRUMENTS: Final[tuple[tuple[Instrument, tuple[Article, ...]], ...]] = (
    (
        ATTACKS,
        (
            _attacks("rates", "按攻击种类报告攻击误受率，以最差一种为准；另报真人误拒率；标准不定合格线。", "Attack error rates per species, the worst counting; bona fide error rate beside it; no pass mark.", Held.CONSTRUCTION, number="", why=("终端的测试照此报告。发布日只知年份。", "Device tests report by it. Only the year of publication is known.")),
        ),
    ),
    (
        TEMPLATES,
        (
            _templates("renewable", "模板须保密、完整、可更新、可撤销。", "Templates are confidential, intact, renewable and revocable.", Held.CONSTRUCTION, number="", why=("“在此设备记住我”的模板带可换的口令。发布日只知年份。", "A remembered template carries a replaceable token. Only the year of publication is known.")),
        ),
    ),
    (
        RECORDS,
        (
            _records("record", "同意记录和收据应有的字段。", "Fields that a consent record and receipt have.", Held.CONSTRUCTION, number="", why=("同意记录含这些字段；据公开指南。发布日只知年份。", "Consent records have them; by a public guide. Only the year of publication is known.")),
        ),
    ),
    (
        PROOFING,
        (
            _proofing("pathways", "一对一误识率不高于万分之一；应提供非生物特征途径。", "False match at most 1 in 10,000; a non-biometric pathway exists.", Held.OUT, number="", why=("外国标准；亮明不宣称达到这一数字。", "A foreign standard; Liangming claims no such figure.")),
        ),
    ),
)  # fmt: skip
