"""Terms, citations and codes in words, for lawyers and clerks: facts by name, never by identifier."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from liangming.law.article_number import in_english
from liangming.law.words import Ground, Method, SceneKind
from liangming.rules import Article, Corpus, Held, Rank, Term
from liangming.rules.terms import AllOf, Among, AnyOf, AtMost, Below, Not, Number

Tongue = Literal["zh", "en"]
Both = tuple[str, str]

KINDS: Final[Mapping[str, Both]] = {
    SceneKind.SEND_COUNTER: ("网点柜台交寄", "sending at a counter"),
    SceneKind.SEND_DOORSTEP: ("上门揽收", "sending at the door"),
    SceneKind.SEND_LOCKER: ("智能柜交寄", "sending at a locker"),
    SceneKind.SEND_AGREEMENT: ("协议用户交寄", "sending under a safety agreement"),
    SceneKind.SEND_LETTER: ("信件交寄", "sending a letter"),
    SceneKind.COLLECT_COUNTER: ("网点取件", "collecting at a counter"),
    SceneKind.COLLECT_LOCKER: ("智能柜取件", "collecting at a locker"),
    SceneKind.VENDING: ("自动售货机支付", "paying at a vending machine"),
    SceneKind.ENTRANCE_SPORTS: ("体育健身场所入口", "entrance of a sports place"),
    SceneKind.ENTRANCE_RETAIL: ("商场超市入口", "entrance of a shop"),
    SceneKind.ENTRANCE_CULTURE: ("文化旅游场所入口", "entrance of a cultural or scenic place"),
    SceneKind.ENTRANCE_TRAINING: ("教育培训机构入口", "entrance of a training place"),
    SceneKind.ENTRANCE_PROPERTY: ("住宅小区、物业入口", "entrance of a residential compound"),
    SceneKind.ENTRANCE_RENTAL: ("租赁住房入口", "entrance of rental housing"),
    SceneKind.ENTRANCE_HOTEL: ("宾馆酒店入住", "checking in at a hotel"),
}
METHODS: Final[Mapping[str, Both]] = {
    Method.DOCUMENT_SEEN: ("出示证件", "document seen"),
    Method.DOCUMENT_READ: ("证件阅读器读取", "document read by a reader"),
    Method.ORGANISATION: ("单位证照", "organisation's papers"),
    Method.NETWORK_CREDENTIAL: ("国家网络身份认证", "national network credential"),
    Method.ORDER_CODE: ("下单核验后的交接码", "hand-over code of an order verified before"),
    Method.REGISTERED_SENDER: ("已登记寄件人", "registered sender"),
    Method.AGREEMENT: ("安全协议", "safety agreement"),
    Method.PICKUP_CODE: ("取件码", "pick-up code"),
    Method.TICKET: ("票证、预约或者会员凭证", "ticket, booking or membership"),
    Method.PAYMENT_CODE: ("付款码", "payment code"),
    Method.CASH: ("现金", "cash"),
    Method.BANK_CARD: ("银行卡", "bank card"),
    Method.FACE: ("刷脸", "face"),
}
RECORDS: Final[Mapping[str, Both]] = {
    "identity": ("身份信息", "identity"),
    "face": ("人脸信息", "face"),
    "waybill": ("运单", "waybill"),
    "proof": ("告知和同意的证明", "proof of notice and consent"),
    "assessment": ("影响评估", "impact assessment"),
    "log": ("日志", "log"),
}
VALUES_IN_WORDS: Final[Mapping[str, Mapping[str, Both]]] = {
    "kind": KINDS,
    "method": METHODS,
    "retention_kind": RECORDS,
    "province": {"310000": ("上海市", "Shanghai")},
    "reason": {
        "no-document": ("不出示证件", "no document"),
        "mismatch": ("证件与运单不符", "document and waybill differ"),
        "untrue": ("身份信息不实", "untrue data"),
        "invalid-document": ("证件无效", "invalid document"),
        "no-entitlement": ("没有有效的取件码、票证或者付款", "no valid code, ticket or payment"),
        "no-guardian": ("没有监护人", "no guardian"),
        "declined-face": ("不同意刷脸", "declined the face"),
        "source-down": ("核验来源不可用", "the source is down"),
    },
}
GROUNDS: Final[Mapping[str, Both]] = {
    Ground.STATUTORY_DUTY: ("履行法定义务", "statutory duty"),
    Ground.SEPARATE_CONSENT: ("单独同意", "separate consent"),
    Ground.CONTRACT: ("订立、履行合同所必需", "contract"),
    Ground.NO_PERSONAL_DATA: ("不处理个人信息", "no personal data"),
}
RANKS: Final[Mapping[Rank, Both]] = {
    Rank.LAW: ("法律", "law"),
    Rank.REGULATION: ("行政法规", "administrative regulation"),
    Rank.INTERPRETATION: ("司法解释", "judicial interpretation"),
    Rank.RULE: ("部门规章", "departmental rule"),
    Rank.LOCAL: ("地方性法规", "local regulation"),
    Rank.NORMATIVE: ("规范性文件", "normative document"),
    Rank.STANDARD: ("推荐性标准，不是法律", "recommended standard, not law"),
}
HOLDING: Final[Mapping[Held, Both]] = {
    Held.CONSTRUCTION: ("由构造保证", "by construction"),
    Held.SCENE: ("配置场景时的规则", "rule when a scene is configured"),
    Held.CHECK: ("查验中的规则", "rule during a check"),
    Held.DUTY: ("日常义务中的规则", "rule in daily duties"),
    Held.AUDIT: ("对日志的审计规则", "rule over event logs"),
    Held.CLOCK: ("由人履行、由亮明计时", "a person's duty with a clock"),
    Held.OUT: ("不在范围内", "out of scope"),
    Held.OPEN: ("未核实", "open"),
}
_MANY = 8


def pick(both: Both, tongue: Tongue) -> str:
    """The half of a pair in one language."""
    return both[0] if tongue == "zh" else both[1]


def in_words(  # noqa: C901, PLR0911, PLR0912  (one case for each form of term)
    term: Term, corpus: Corpus, tongue: Tongue
) -> str:
    """A condition as a phrase."""
    match term:
        case AllOf(of=()):
            return pick(("一律", "always"), tongue)
        case AllOf(of=parts):
            words = [_grouped(part, corpus, tongue) for part in parts]
            return ("，且" if tongue == "zh" else ", and ").join(words)
        case AnyOf(of=parts):
            words = [_grouped(part, corpus, tongue) for part in parts]
            return ("，或者" if tongue == "zh" else ", or ").join(words)
        case Not(of=Below(name=name, bound=bound)):
            return _compared(name, bound, ("不低于", "at least"), corpus, tongue)
        case Not(of=AtMost(name=name, bound=bound)):
            return _compared(name, bound, ("超过", "more than"), corpus, tongue)
        case Below(name=name, bound=bound):
            return _compared(name, bound, ("低于", "below"), corpus, tongue)
        case AtMost(name=name, bound=bound):
            return _compared(name, bound, ("不超过", "at most"), corpus, tongue)
        case Among(name=name, values=values) if values == {True}:
            return _name(name, corpus, tongue)
        case Among(name=name, values=values):
            return _among(name, values, corpus, tongue, negated=False)
        case Not(of=Among(name=name, values=values)) if values == {True}:
            return pick((f"没有“{_name(name, corpus, 'zh')}”", f"not so: {_name(name, corpus, 'en')}"), tongue)  # fmt: skip
        case Not(of=Among(name=name, values=values)):
            return _among(name, values, corpus, tongue, negated=True)
        case Not(of=inner):
            return pick((f"并非（{in_words(inner, corpus, 'zh')}）", f"not ({in_words(inner, corpus, 'en')})"), tongue)  # fmt: skip
        case _:
            return str(term)


def _grouped(term: Term, corpus: Corpus, tongue: Tongue) -> str:
    words = in_words(term, corpus, tongue)
    if isinstance(term, (AllOf, AnyOf)):
        return f"（{words}）" if tongue == "zh" else f"({words})"
    return words


def _name(name: str, corpus: Corpus, tongue: Tongue) -> str:
    fact = corpus.vocabulary[name]
    return fact.zh if tongue == "zh" else fact.en


def _compared(name: str, bound: int | Number, how: Both, corpus: Corpus, tongue: Tongue) -> str:
    if isinstance(bound, int):
        limit = str(bound)
    else:
        value = corpus.values[bound.id]
        limit = f"〔{value.zh}〕" if tongue == "zh" else f"[{value.en}]"
    gap = "" if tongue == "zh" else " "
    return f"{_name(name, corpus, tongue)}{gap}{pick(how, tongue)}{gap}{limit}"


def _among(
    name: str, values: frozenset[object], corpus: Corpus, tongue: Tongue, *, negated: bool
) -> str:
    known = VALUES_IN_WORDS.get(name, {})
    chosen = [str(value) for value in known if value in values]
    chosen += sorted(str(value) for value in values if value not in known)
    if name in {"kind", "method"} and len(chosen) > _MANY:
        chosen = [str(value) for value in known if value not in values]
        negated = not negated
        if not chosen:
            return pick((f"任何{_name(name, corpus, 'zh')}", f"any {_name(name, corpus, 'en')}"), tongue)  # fmt: skip
    shown = [pick(known[v], tongue) if v in known else v for v in chosen]
    words = "、".join(shown) if tongue == "zh" else ", ".join(shown)
    is_ = pick(("不是", "is not") if negated else ("是", "is"), tongue)
    gap = "" if tongue == "zh" else " "
    one = " one of" if tongue == "en" and len(shown) > 1 else ""
    return f"{_name(name, corpus, tongue)}{gap}{is_}{one}{gap}{words}"


def cite(corpus: Corpus, article: str, tongue: Tongue) -> str:
    """An article as lawyers cite it; a standard says that it is none of the law."""
    found: Article = corpus.articles[article]
    instrument = corpus.instruments[found.instrument]
    if tongue == "zh":
        title = f"《{instrument.zh}》"
        if instrument.rank is Rank.STANDARD:
            return f"{instrument.number}{title}{found.number}（推荐性标准，不是法律）"
        return f"{title}{found.number}" if found.number else f"{title}（条号未核实）"
    if instrument.rank is Rank.STANDARD:
        number = f"{instrument.number} {in_english(found.number)}".rstrip()
        return f"{number} (recommended standard, not law)"
    if not found.number:
        return f"{instrument.en} (article number not verified)"
    return f"{instrument.en}, {in_english(found.number)}"
