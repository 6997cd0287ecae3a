"""The face among other ways, on equal terms: one table of offences, written once.

The statute forbids misleading, fraud and coercion; it does not speak of card sizes. Equal
presentation is how Liangming holds it, and each sentence says so. From 2025-06-01 the sentences
stand under 人脸识别办法 12; before that day under 个人信息保护法 5.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law import facts
from liangming.law.drafting import bar
from liangming.law.words import Question
from liangming.rules import Rule, Term

_OURS_ZH: Final = "法律禁止误导、胁迫；各方式平等呈现是亮明守住这一条的做法。"
_OURS_EN: Final = (
    "The law forbids misleading and coercing; equal presentation is how Liangming holds it."
)
_Row = tuple[str, Term, str, str, str, str]
_TABLE: Final[tuple[_Row, ...]] = (
    (
        "face-first", facts.face_first,
        "刷脸排在其他方式之前。", "The face stands before the other ways.",
        "把 face 移到方式列表的最后。", "Move face to the end of the list of ways.",
    ),
    (
        "face-preselected", facts.face_preselected,
        "刷脸被预先选中。", "The face is preselected.",
        "删去 face 的 preselected；任何方式都不预选。", "Remove preselected from face; no way is preselected.",
    ),
    (
        "face-emphasised", facts.face_emphasised,
        "刷脸显得更大、更醒目或者更快。", "The face looks larger, stronger or faster.",
        "删去 face 的 emphasised 和速度标记，各方式用同样的卡片。", "Remove emphasised and any badge of speed; all ways use the same card.",
    ),
    (
        "face-rewarded", facts.face_rewarded,
        "刷脸有优惠、奖励或者更短的队。", "The face is rewarded by price, prize or a shorter queue.",
        "取消奖励，或者对所有方式一律给予。", "Drop the reward, or give it for every way.",
    ),
    (
        "bait-words", facts.bait_words,
        "场景文字诱导人刷脸。", "The scene's texts lure people to the face.",
        "删去诱导用语，只写有哪些方式、各要做什么。", "Remove the luring words; say only which ways there are and what each takes.",
    ),
)  # fmt: skip


def parity_bars(
    article: str, also: tuple[str, ...], *, until: date | None = None
) -> tuple[Rule, ...]:
    """One bar per offence, standing under the given article."""
    return tuple(
        bar(
            f"{article}/{word}",
            Question.CONFIGURE,
            facts.offers_face & term,
            f"scene.{word}",
            zh=zh + _OURS_ZH,
            en=f"{en} {_OURS_EN}",
            mend_zh=mend_zh,
            mend_en=mend_en,
            also=also,
            until=until,
        )
        for word, term, zh, en, mend_zh, mend_en in _TABLE
    )
