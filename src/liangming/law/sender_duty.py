"""The duty towards a sender (寄件人) as terms and rules that several instruments share.

The interim regulation on express delivery was renumbered on 2025-06-01: the same sentences stand
under the old number before that day and under the new one after it. :func:`duty` writes them once.

Not decided here: whose document is shown when someone sends for another (only that of the person
who hands over is asked, see ``realname.behalf``), and what happens to a parcel that nobody handed
over: it has no ground, so the question stays undetermined.
"""

from __future__ import annotations

from typing import Final

from liangming.law import facts
from liangming.law.drafting import bar, demand, exempt, ground
from liangming.law.places import REAL_NAME, at
from liangming.law.words import Ground as On
from liangming.law.words import Question, RefusalReason, SceneKind
from liangming.rules import Rule, Term

SENDS: Final[Term] = at(*(kind for kind in SceneKind if kind.sends))
OWED: Final[Term] = SENDS & ~facts.letter & ~facts.agreement_signed
"""The identity of this sender has to be checked at this hand-over."""
MET: Final[Term] = ~facts.handed_over_unseen
ONCE: Final[Term] = facts.registered | facts.returning | facts.verified_at_order
"""The identity stands in the register: now, from before, or from the order."""

IN_ORDER: Final[Term] = (
    facts.document_shown
    & facts.document_accepted
    & ~facts.document_expired
    & facts.data_matches
    & ~facts.refused_to_show
    & ~facts.known_untrue
    & facts.source_up
    & MET
    & ONCE
    & (~facts.organisation | facts.representative_document)
)
"""Shown, checked and registered; a source that is down or a missing fact leaves it open."""

GROUNDS: Final = ("counterterror.20/identity", "courier2019.22/duty", "courier.23/duty")
SHOWS: Final = ("realname.3/show",)
CHECKS: Final = (
    "counterterror.20/check",
    "courier2019.22/check",
    "courier.23/check",
    "express.26/check",
    "realname.3/check",
)
REGISTERS: Final = (
    "counterterror.20/register",
    "courier2019.22/register",
    "courier.23/register",
    "express.26/register",
    "realname.3/register",
)
DUTY: Final = (*GROUNDS, *SHOWS, *CHECKS, *REGISTERS)
"""Every rule from which letters and agreement users are exempt."""


def because(*reasons: RefusalReason) -> Term:
    """The reason given for refusing is one of these."""
    return facts.reason.one_of(*(reason.value for reason in reasons))


DECLINED_FACE: Final[Term] = facts.reason.one_of("declined-face")
REFUSABLE: Final[Term] = at(*REAL_NAME) | (at(SceneKind.SEND_AGREEMENT) & ~facts.agreement_signed)
"""Where the check of each sender may end in not accepting the parcel."""
OF_IDENTITY: Final = (
    RefusalReason.NO_DOCUMENT,
    RefusalReason.MISMATCH,
    RefusalReason.UNTRUE,
    RefusalReason.INVALID_DOCUMENT,
)


def _asked(article: str, also: tuple[str, ...]) -> tuple[Rule, ...]:
    return (
        ground(
            f"{article}/duty", Question.ASK, SENDS & MET, On.STATUTORY_DUTY, also=also,
            zh="收寄时查验寄件人身份、登记身份信息，是企业的法定义务。",
            en="Checking and registering the sender's identity is the operator's statutory duty.",
        ),
        demand(
            f"{article}/check", Question.ASK, SENDS, "check", "compare",
            zh="把运单上的寄件人信息与证件核对。",
            en="Compare the sender's data on the waybill with the document.",
        ),
        demand(
            f"{article}/register", Question.ASK, SENDS, "register", "collect",
            zh="登记寄件人的身份信息。",
            en="Register the sender's identity.",
        ),
        demand(
            f"{article}/waybill", Question.ASK, SENDS, "waybill", "name-address-phone",
            zh="运单上只记姓名（名称）、地址和电话，不记证件号码等其他身份信息。",
            en="The waybill carries name, address and phone only; no document number.",
        ),
        exempt(
            f"{article}/letter", Question.ASK, SENDS & facts.letter, *DUTY,
            zh="信件不在逐件查验、登记之列。",
            en="Letters are outside the check and register at each hand-over.",
        ),
        exempt(
            f"{article}/agreement", Question.ASK, SENDS & facts.agreement_signed, *DUTY,
            zh="已签订安全协议的用户，交寄时不逐件查验、登记。",
            en="Users with a signed safety agreement are not checked parcel by parcel.",
        ),
        ground(
            f"{article}/exempt", Question.ASK, SENDS & (facts.letter | facts.agreement_signed),
            On.CONTRACT,
            zh="信件和协议用户的寄件，只处理履行寄递合同所需的信息。",
            en="For letters and agreement users only what the delivery contract needs is processed.",
        ),
        *(
            demand(
                f"{article}/exempt-{slot}", Question.ASK,
                SENDS & (facts.letter | facts.agreement_signed), slot, "nothing",
                zh=f"信件和协议用户的寄件，交寄时{what_zh}。",
                en=f"For letters and agreement users nothing is {what_en} at hand-over.",
            )
            for slot, what_zh, what_en in (
                ("show", "不要求出示身份证件", "shown"),
                ("check", "不逐件核对身份", "compared"),
                ("register", "不登记身份信息", "registered"),
            )
        ),
    )  # fmt: skip


def _accepted(article: str, also: tuple[str, ...], fine: str) -> tuple[Rule, ...]:
    return (
        bar(
            f"{article}/refused", Question.ACCEPT, OWED & facts.refused_to_show,
            RefusalReason.NO_DOCUMENT.value,
            zh="寄件人拒绝提供身份信息的，不得收寄。",
            en="If the sender refuses to give their identity, the parcel must not be accepted.",
            mend_zh="说明依据后，请寄件人另行决定；出示任何一种可用的有效证件即可交寄。",
            mend_en="Say on what ground it is asked; any accepted valid document will do.",
        ),
        bar(
            f"{article}/untrue", Question.ACCEPT, SENDS & facts.known_untrue,
            RefusalReason.UNTRUE.value, also=(fine,),
            zh="发现身份信息不实的，不得收寄；明知不实仍收寄，本身就是违法。",
            en="If the identity data are found untrue, the parcel must not be accepted; accepting it anyway is itself an offence.",
            mend_zh="请寄件人如实填写，并出示本人证件后重新交寄。",
            mend_en="Ask the sender to fill in true data and show their own document, then start again.",
        ),
        ground(
            f"{article}/accept", Question.ACCEPT, OWED & IN_ORDER, On.STATUTORY_DUTY, also=also,
            zh="证件已出示、核对一致，身份已登记：可以收寄。",
            en="Document shown and agreeing, identity registered: the parcel may be accepted.",
        ),
        ground(
            f"{article}/accept-exempt", Question.ACCEPT,
            SENDS & (facts.letter | (facts.agreement_signed & facts.source_up)), On.CONTRACT,
            zh="信件和协议用户的寄件，不以逐件查验身份为收寄条件。",
            en="Letters and parcels of agreement users are accepted without a check at each hand-over.",
        ),
    )  # fmt: skip


def _refused(article: str, fine: str) -> tuple[Rule, ...]:
    return (
        ground(
            f"{article}/refuse", Question.REFUSE,
            REFUSABLE & because(RefusalReason.NO_DOCUMENT, RefusalReason.UNTRUE),
            On.STATUTORY_DUTY, also=(fine,),
            zh="拒绝提供身份信息，或者发现身份信息不实的，应当不予收寄。",
            en="Refusing to give one's identity, or data found untrue: the parcel must not be accepted.",
        ),
        ground(
            f"{article}/refuse-untrue", Question.REFUSE,
            at(SceneKind.SEND_LETTER) & because(RefusalReason.UNTRUE), On.STATUTORY_DUTY,
            zh="寄件人须如实提供信息；发现不实的，不得收寄。",
            en="The sender gives true data; what is found untrue must not be accepted.",
        ),
        bar(
            f"{article}/refuse-letter", Question.REFUSE,
            at(SceneKind.SEND_LETTER)
            & because(
                RefusalReason.NO_DOCUMENT, RefusalReason.MISMATCH, RefusalReason.INVALID_DOCUMENT
            ),
            "refuse.letter-exempt",
            zh="信件不在查验、登记之列，不能以没有证件为由不收。",
            en="Letters are outside the check: a missing document is no reason to turn one away.",
            mend_zh="请照常收寄信件。",
            mend_en="Please accept the letter.",
        ),
        bar(
            f"{article}/refuse-agreement", Question.REFUSE,
            at(SceneKind.SEND_AGREEMENT)
            & facts.agreement_signed
            & because(
                RefusalReason.NO_DOCUMENT, RefusalReason.MISMATCH, RefusalReason.INVALID_DOCUMENT
            ),
            "refuse.agreement-exempt",
            zh="已签订安全协议的用户不逐件查验，不能以未出示证件为由不收。",
            en="Users with a signed safety agreement are not checked at each hand-over: that is no reason.",
            mend_zh="请核对协议名录，照常收寄。",
            mend_en="Please look the user up in the list of agreements and accept.",
        ),
        bar(
            f"{article}/refuse-other", Question.REFUSE,
            SENDS & ~DECLINED_FACE & ~because(*OF_IDENTITY, RefusalReason.NO_GUARDIAN),
            "refuse.not-a-reason",
            zh="就身份查验而言，法律写明的只有拒绝提供、信息不实这类情形；这个理由不在其列，不能据此不收。",
            en="As to identity, the law names refusal and untrue data; this reason is not among them.",
            mend_zh="请提供其他方式完成查验；来源中断时按“无法判定”处理。",
            mend_en="Offer another way; while a source is down the check is undetermined, not refused.",
        ),
    )  # fmt: skip


def duty(article: str, *, fine: str, also: tuple[str, ...]) -> tuple[Rule, ...]:
    """The executable sentences of the article on checking senders.

    Args:
        article: ``courier.23``, or ``courier2019.22`` before the renumbering.
        fine: the article that punishes accepting all the same.
        also: articles that lay down the same duty.
    """
    return (*_asked(article, also), *_accepted(article, also, fine), *_refused(article, fine))
