"""Explain a decision: the rules that spoke, in plain words, with their articles.

The questions of the check are asked again of the law of that day. Nothing personal goes in and
nothing personal comes out; the person learns what was asked and why, what was offered and what
was not, what they chose, and what came of it.

Law: pipl.48
"""

from __future__ import annotations

from typing import Final

import msgspec

from liangming.check import facts
from liangming.check.premises import Premises
from liangming.check.states import Passed, Refused, State, Undetermined
from liangming.clock import china_date
from liangming.law.words import Question
from liangming.rules import Outcome, Rank, Verdict

ASKED, OFFERED, WITHHELD, CHOSEN, DECLINED, ENDED = (
    "asked", "offered", "withheld", "chosen", "declined", "ended",
)  # fmt: skip


class Sentence(msgspec.Struct, frozen=True, kw_only=True):
    """One sentence of an explanation.

    Attributes:
        part: which part of the check it is about: asked, offered, withheld, chosen, declined, ended.
        word: the stable word behind it: a rule, a method, a reason.
        standard: it rests on a recommended standard, which is not law.
    """

    part: str
    word: str
    zh: str
    en: str
    citations: tuple[str, ...] = ()
    standard: bool = False


_PASSED: Final = ("证件核对一致，依法办理。", "What was shown agreed, and the law allows it.")
_OPEN: Final = (
    "现有情况不足以得出结论：不是通过，也不是拒绝。",
    "What was shown does not settle it: neither passed nor refused.",
)
_ENDED: Final = (
    "没有得出结论就结束了，没有登记任何信息。",
    "It ended without an outcome; nothing was registered.",
)
_OFFERED: Final = (
    "当时可以选择的方式，同等提供。",
    "A way that was open, offered like every other.",
)
_WITHHELD: Final = ("这个场景有，但当时没有开放。", "The scene has it, but it was not open then.")
_CHOSEN: Final = ("您选择了它；可以随时改选。", "You chose it; changing it was free.")
_DECLINED: Final = (
    "您没有使用它；不影响结果，也没有再问。",
    "You declined it; that changed nothing and was not asked again.",
)


def explain(premises: Premises, state: State) -> tuple[Sentence, ...]:
    """Every sentence, in the order in which things happened."""
    about, journey = state.about, state.journey
    on = china_date(about.opened_at)
    returning = isinstance(state, Passed) and state.register == "kept"
    asked = premises.decisions.ask(
        Question.ASK, facts.ask_again(about, returning=returning, verified_at_order=False), on=on
    )
    said = list(_ruled(premises, ASKED, asked))
    said += [_of(OFFERED, offer.method.value, _OFFERED, offer.citations) for offer in about.offers]
    said += [_of(WITHHELD, each.method.value, _WITHHELD) for each in about.withheld]
    said += [_of(CHOSEN, method.value, _CHOSEN) for method in dict.fromkeys(journey.chosen)]
    said += [_of(DECLINED, m.value, _DECLINED, ("netdata.22",)) for m in journey.declined]
    match state:
        case Passed():
            said.append(_of(ENDED, "passed", _PASSED, state.citations))
        case Refused():
            verdict = premises.decisions.ask(
                Question.REFUSE, facts.refuse(about, state.reason), on=on
            )
            ruled = tuple(_ruled(premises, ENDED, verdict))
            said += ruled or (_cited(premises, state),)
        case Undetermined():
            said.append(_of(ENDED, state.why, _OPEN, state.citations))
        case _:
            said.append(_of(ENDED, "no-outcome", _ENDED))
    return tuple(said)


def _ruled(premises: Premises, part: str, verdict: Verdict) -> list[Sentence]:
    """The rules that fired, each as it is written down."""
    corpus = premises.corpus
    sentences = []
    for step in verdict.trace:
        if step.outcome is not Outcome.FIRED:
            continue
        rule = corpus.rules[step.rule]
        instrument = corpus.instruments[corpus.articles[rule.article].instrument]
        standard = instrument.rank is Rank.STANDARD
        sentences.append(
            Sentence(
                part=part,
                word=rule.id,
                zh=rule.zh,
                en=rule.en,
                citations=rule.citations,
                standard=standard,
            )
        )
    return sentences


def _cited(premises: Premises, state: Refused) -> Sentence:
    first = premises.corpus.articles.get(state.citations[0]) if state.citations else None
    words = (first.zh, first.en) if first is not None else _ENDED
    return _of(ENDED, state.reason.value, words, state.citations)


def _of(part: str, word: str, words: tuple[str, str], citations: tuple[str, ...] = ()) -> Sentence:
    return Sentence(part=part, word=word, zh=words[0], en=words[1], citations=citations)
