"""How the instruments of this room are written down: small builders, so that the law stands out.

``Sheet`` fixes what the articles of one instrument share (id, days of force, usual grade);
``bar``, ``ground``, ``demand`` and ``exempt`` write one executable sentence each. The moment of a
rule follows from its question, so that it cannot be written wrongly.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law.words import Ground as On
from liangming.law.words import Question
from liangming.rules import (
    Article,
    Bar,
    Demand,
    Exempt,
    Grade,
    Ground,
    Held,
    Instrument,
    Moment,
    Rule,
    Span,
    Term,
)

MOMENT: Final = {
    Question.CONFIGURE: Moment.SCENE,
    Question.ASK: Moment.CHECK,
    Question.OFFER: Moment.CHECK,
    Question.CAPTURE: Moment.CHECK,
    Question.ACCEPT: Moment.CHECK,
    Question.REFUSE: Moment.CHECK,
    Question.RETAIN: Moment.DUTY,
    Question.OBSERVE: Moment.AUDIT,
}
_DIGITS = "零一二三四五六七八九"


def numeral(number: int) -> str:
    """A number below ten thousand in Chinese, as articles are counted: 10 → 十, 1034 → 一千零三十四."""
    text, pending = "", False
    for unit, mark in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            text += ("零" if pending and text else "") + _DIGITS[digit] + mark
        pending = not digit
    return text.removeprefix("一") if text.startswith("一十") else text


def bar(
    name: str,
    question: Question,
    when: Term,
    reason: str,
    *,
    zh: str,
    en: str,
    mend_zh: str,
    mend_en: str,
    also: tuple[str, ...] = (),
    until: date | None = None,
) -> Rule:
    """Not lawful when the term holds; always with a mend."""
    return Rule(
        id=name, question=question, moment=MOMENT[question], when=when, effect=Bar(reason),
        zh=zh, en=en, mend_zh=mend_zh, mend_en=mend_en, also=also, until=until,
    )  # fmt: skip


def ground(
    name: str,
    question: Question,
    when: Term,
    on: On,
    *,
    zh: str,
    en: str,
    also: tuple[str, ...] = (),
    until: date | None = None,
) -> Rule:
    """Lawful on this ground when the term holds."""
    return Rule(
        id=name, question=question, moment=MOMENT[question], when=when, effect=Ground(on.value),
        zh=zh, en=en, also=also, until=until,
    )  # fmt: skip


def demand(
    name: str,
    question: Question,
    when: Term,
    slot: str,
    value: str,
    *,
    zh: str,
    en: str,
    also: tuple[str, ...] = (),
    until: date | None = None,
) -> Rule:
    """Lawful only with this done when the term holds."""
    return Rule(
        id=name, question=question, moment=MOMENT[question], when=when,
        effect=Demand(slot, value), zh=zh, en=en, also=also, until=until,
    )  # fmt: skip


def exempt(
    name: str,
    question: Question,
    when: Term,
    *rules: str,
    zh: str,
    en: str,
    also: tuple[str, ...] = (),
) -> Rule:
    """The named rules do not apply when the term holds."""
    return Rule(
        id=name, question=question, moment=MOMENT[question], when=when, effect=Exempt(rules),
        zh=zh, en=en, also=also,
    )  # fmt: skip


class Sheet:
    """The articles of one instrument, one call each.

    Args:
        instrument: whose id and days of force they share.
        grade: how well its texts are known, unless an article says otherwise.
    """

    def __init__(self, instrument: Instrument, grade: Grade) -> None:
        self._instrument = instrument
        self._grade = grade

    def __call__(
        self,
        key: str,
        zh: str,
        en: str,
        *held: Held,
        rules: tuple[Rule, ...] = (),
        why: tuple[str, str] = ("", ""),
        number: str | None = None,
        grade: Grade | None = None,
        force: Span | None = None,
        values: tuple[str, ...] = (),
    ) -> Article:
        """One article.

        Args:
            key: what follows the instrument's id; a plain number gives its Chinese citation.
            why: how it is held or why not, in Chinese and English.
            number: the citation where the key is no plain number; ``""`` where the number of a
                sourced duty is not verified.
        """
        if number is None:
            if not key.isdecimal():
                raise ValueError(f"{self._instrument.id}.{key}: cite it")
            number = f"第{numeral(int(key))}条"
        return Article(
            id=f"{self._instrument.id}.{key}",
            number=number,
            zh=zh,
            en=en,
            grade=grade or self._grade,
            force=force or self._instrument.force,
            held=held,
            held_zh=why[0],
            held_en=why[1],
            rules=rules,
            values=values,
        )
