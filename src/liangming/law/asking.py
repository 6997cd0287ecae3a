"""Asking, accepting and refusing where no courier law speaks: collecting, paying, entering.

These sentences stand under articles of the personal information protection law (``pipl``); they
are kept together here because they are one thought: nobody has to say who they are in order to
fetch, buy or enter. A valid code, ticket or payment is enough, and lacking one is the only reason.

Hotels are left open: a duty to register guests was not verified, so asking is undetermined there.
"""

from __future__ import annotations

from typing import Final

from liangming.law import facts
from liangming.law.drafting import bar, demand, ground
from liangming.law.places import COLLECTS, ENTRANCES, at
from liangming.law.sender_duty import DECLINED_FACE, because
from liangming.law.words import Ground as On
from liangming.law.words import Question, RefusalReason, SceneKind
from liangming.rules import Rule, Term

_NEVER: Final = (SceneKind.VENDING, SceneKind.ENTRANCE_SPORTS)
_HOTEL: Final = at(SceneKind.ENTRANCE_HOTEL)
_PASSED_BY: Final[Term] = at(
    *COLLECTS,
    *(k for k in ENTRANCES if k not in (*_NEVER, SceneKind.ENTRANCE_HOTEL)),
)
"""Where a code, a ticket or nothing at all is enough."""
_ELSEWHERE: Final[Term] = at(*(kind for kind in SceneKind if not kind.sends))
_WITHOUT_IDENTITY: Final[Term] = at(
    *(kind for kind in SceneKind if not kind.sends and kind is not SceneKind.ENTRANCE_HOTEL)
)

PIPL_6: Final[tuple[Rule, ...]] = (
    bar(
        "pipl.6/ask-vending", Question.ASK, at(SceneKind.VENDING), "ask.not-needed-to-sell",
        zh="卖一件东西不需要知道买的人是谁，自动售货机不得要求表明身份。",
        en="Selling something does not need to know who buys it: a vending machine may not ask for identity.",
        mend_zh="只收款；付款码、现金或者银行卡都可以。",
        mend_en="Take the payment only: by code, cash or card.",
    ),
    bar(
        "pipl.6/ask-sports", Question.ASK, at(SceneKind.ENTRANCE_SPORTS),
        "ask.not-needed-to-enter",
        zh="进健身房、泳池不需要核验身份，有票证或者会员凭证即可。",
        en="Entering a gym or pool needs no identity; a ticket or membership will do.",
        mend_zh="改为验票证、手环或者会员凭证。",
        mend_en="Check a ticket, a wristband or a membership instead.",
    ),
    *(
        demand(
            f"pipl.6/ask-{slot}", Question.ASK, _PASSED_BY, slot, "nothing",
            zh=f"取件或者进入，{what_zh}；凭取件码、票证即可。",
            en=f"To collect or enter nothing is {what_en}; a pick-up code or ticket will do.",
        )
        for slot, what_zh, what_en in (
            ("show", "不要求出示身份证件", "shown"),
            ("check", "不核对身份", "compared"),
            ("register", "不登记身份信息", "registered"),
        )
    ),
)  # fmt: skip

PIPL_13: Final[tuple[Rule, ...]] = (
    ground(
        "pipl.13/ask-entitlement", Question.ASK, _PASSED_BY, On.CONTRACT,
        zh="为履行合同，可以请对方出示取件码、票证或者预约。",
        en="To perform the contract one may ask for a pick-up code, a ticket or a booking.",
    ),
    ground(
        "pipl.13/entitled", Question.ACCEPT, _ELSEWHERE & facts.entitled, On.CONTRACT,
        zh="取件码、票证或者付款有效，应当履行合同。",
        en="Code, ticket or payment is valid: the contract is to be performed.",
    ),
    bar(
        "pipl.13/not-entitled", Question.ACCEPT, _ELSEWHERE & ~facts.entitled,
        RefusalReason.NO_ENTITLEMENT.value,
        zh="没有有效的取件码、票证或者付款，便没有要履行的合同。",
        en="Without a valid code, ticket or payment there is no contract to perform.",
        mend_zh="请核对取件码、票证，或者改用其他方式；工作人员可以协助查询。",
        mend_en="Please check the code or ticket or use another way; staff can help to look it up.",
    ),
    ground(
        "pipl.13/refuse-entitlement", Question.REFUSE,
        _ELSEWHERE & because(RefusalReason.NO_ENTITLEMENT), On.CONTRACT,
        zh="没有有效的取件码、票证或者付款，可以不予放行、交付。",
        en="Without a valid code, ticket or payment one need not hand over or let in.",
    ),
)  # fmt: skip

PIPL_16: Final[tuple[Rule, ...]] = (
    bar(
        "pipl.16/refuse-other", Question.REFUSE,
        (
            _WITHOUT_IDENTITY
            & ~because(RefusalReason.NO_ENTITLEMENT, RefusalReason.NO_GUARDIAN)
            & ~DECLINED_FACE
        )
        | (_HOTEL & ~because(*RefusalReason) & ~DECLINED_FACE),
        "refuse.not-a-reason",
        zh="不得以不同意处理个人信息为由拒绝服务；亮明只认封闭清单里的理由，这个理由不在其列。",
        en="Service may not be refused for not agreeing to processing; Liangming knows a closed list of reasons only, and this is not on it.",
        mend_zh="请继续提供服务；核验来源中断时，请改用其他方式。",
        mend_en="Please serve the person; if a source is down, offer another way.",
    ),
)  # fmt: skip
