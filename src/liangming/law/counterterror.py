"""反恐怖主义法: the statute behind the check of senders (arts 20, 51, 85)."""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law import facts
from liangming.law.drafting import Sheet, demand, ground
from liangming.law.sender_duty import MET, SENDS
from liangming.law.words import Ground as On
from liangming.law.words import Question
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

INSTRUMENT: Final = Instrument(
    id="counterterror",
    zh="中华人民共和国反恐怖主义法",
    en="Counter-Terrorism Law of the People's Republic of China",
    number="",
    rank=Rank.LAW,
    address="",
    force=Span(date(2016, 1, 1)),
    note_zh="所读为2018年修正后的文本。",
    note_en="The text read is the one as amended in 2018.",
)

_article = Sheet(INSTRUMENT, Grade.A)

_ARTICLE_20: Final = (
    ground(
        "counterterror.20/identity",
        Question.ASK,
        SENDS & ~facts.letter & ~facts.agreement_signed & MET,
        On.STATUTORY_DUTY,
        zh="寄递经营者应当查验客户身份。",
        en="Delivery operators must check the customer's identity.",
    ),
    demand(
        "counterterror.20/check",
        Question.ASK,
        SENDS,
        "check",
        "compare",
        zh="查验客户身份。",
        en="Check the customer's identity.",
    ),
    demand(
        "counterterror.20/register",
        Question.ASK,
        SENDS,
        "register",
        "collect",
        zh="登记客户身份和物品信息。",
        en="Register the customer's identity and the item.",
    ),
)

ARTICLES: Final[tuple[Article, ...]] = (
    _article(
        "20",
        "货运、邮政、快递等经营者实行安全查验制度：查验客户身份，对物品进行安全检查或者开封验视；属于禁止寄递、存在重大安全隐患或者客户拒绝查验的物品，不予受理；并对客户身份和物品信息进行登记。本条没有写信件和协议用户的例外，例外见快递暂行条例。",
        "Freight, postal, express and like operators check the customer's identity, inspect what is handed in, turn away what is prohibited or refused inspection, and register customer and item. The article itself knows no exception for letters or agreement users; that stands in the express regulation.",
        Held.CHECK,
        rules=_ARTICLE_20,
    ),
    _article(
        "51",
        "公安机关调查恐怖活动嫌疑时，可以向有关单位和个人收集、调取信息，被调取者应当如实提供。",
        "When investigating suspected terrorism the police may collect information from any unit or person, who must give it truthfully.",
        Held.DUTY,
        why=(
            "依法调取按目的开封并留痕，见保险库的用途清单。",
            "A lawful demand opens the seal for that purpose alone and leaves evidence.",
        ),
    ),
    _article(
        "85",
        "未按规定查验客户身份、未进行安全检查、受理应当拒绝的物品或者未登记的，处罚款，并对直接负责的人员处罚款；不以先责令改正为前提。",
        "No identity check, no inspection, taking what must be turned away, or no register: a fine, and a fine for the persons responsible. No prior order to correct is needed.",
        Held.CHECK,
        why=(
            "没有查验和登记就没有“可以收寄”的结论。",
            "Without check and register there is no verdict to accept.",
        ),
        values=(
            "fine_no_check_low_yuan",
            "fine_no_check_high_yuan",
            "fine_no_check_person_yuan",
        ),
    ),
)
