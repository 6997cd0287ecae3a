"""邮件快件实名收寄管理办法: show, check, register.

Only articles 1 to 3 have verified numbers. Duties known from summaries stand under a word, without
a number; what could not be verified at all is listed as open and carries no rule.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law import facts
from liangming.law.drafting import Sheet, bar, demand, exempt, ground
from liangming.law.sender_duty import CHECKS, OWED, REFUSABLE, REGISTERS, SENDS, SHOWS, because
from liangming.law.words import Ground as On
from liangming.law.words import Question, RefusalReason
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

INSTRUMENT: Final = Instrument(
    id="realname",
    zh="邮件快件实名收寄管理办法",
    en="Measures for Real-Name Acceptance of Mail and Express Parcels",
    number="交通运输部令2018年第24号",
    rank=Rank.RULE,
    address="https://xxgk.mot.gov.cn/jigou/fgs/201811/t20181109_3126875.html",
    force=Span(date(2018, 10, 22)),
    note_zh="全文未能读到；只有第一条至第三条的条号经过核对。",
    note_en="The full text was not available; only the numbers of articles 1 to 3 are verified.",
)

_article = Sheet(INSTRUMENT, Grade.B)
_UNNUMBERED: Final = (
    "内容见于可靠摘要，条号未核实，因此不写条号。",
    "Known from reliable summaries; the article number is not verified and is not given.",
)
_UNREAD: Final = (
    "没有读到条文，只列出待核实，不作为规则执行。",
    "The text was not read: listed to be verified, never enforced.",
)


def _open(key: str, zh: str, en: str) -> Article:
    return _article(key, zh, en, Held.OPEN, number="", grade=Grade.C, why=_UNREAD)


_ARTICLE_3: Final = (
    demand(
        "realname.3/show", Question.ASK, SENDS, "show", "document",
        zh="请寄件人出示有效身份证件。",
        en="Ask the sender to show a valid identity document.",
    ),
    demand(
        "realname.3/check", Question.ASK, SENDS, "check", "compare",
        zh="对寄件人身份进行查验。",
        en="Check the sender's identity.",
    ),
    demand(
        "realname.3/register", Question.ASK, SENDS, "register", "collect",
        zh="登记寄件人身份信息。",
        en="Register the sender's identity.",
    ),
    bar(
        "realname.3/expired", Question.ACCEPT, OWED & facts.document_expired,
        RefusalReason.INVALID_DOCUMENT.value,
        zh="证件已过有效期，不是有效身份证件。",
        en="The document has expired and is not a valid one.",
        mend_zh="请换一种有效证件，例如临时居民身份证。",
        mend_en="Please use another valid document, such as a temporary identity card.",
    ),
    bar(
        "realname.3/type", Question.ACCEPT, OWED & ~facts.document_accepted,
        RefusalReason.INVALID_DOCUMENT.value,
        zh="这种证件不在可用的有效身份证件之列。",
        en="This document is not among the accepted ones.",
        mend_zh="请换用清单中的任何一种证件。",
        mend_en="Please use any document on the list.",
    ),
    ground(
        "realname.3/refuse", Question.REFUSE,
        REFUSABLE & because(RefusalReason.INVALID_DOCUMENT), On.STATUTORY_DUTY,
        zh="没有有效身份证件可供查验的，不能完成实名收寄。",
        en="Without a valid document the real-name check cannot be completed.",
    ),
)  # fmt: skip

_ORGANISATION: Final = (
    exempt(
        "realname.organisation/instead", Question.ASK, OWED & facts.organisation, *SHOWS,
        zh="单位寄件，出示的是单位证照和负责人证件，而不是经办人以寄件人身份出示证件。",
        en="An organisation shows its own papers and those of its representative instead.",
    ),
    demand(
        "realname.organisation/show", Question.ASK, OWED & facts.organisation,
        "show", "organisation-documents",
        zh="核对并登记统一社会信用代码，留存法定代表人或者相关负责人的证件复印件。",
        en="Check and register the unified social credit code; keep a copy of the representative's document.",
    ),
)  # fmt: skip

_RETURNING: Final = (
    exempt(
        "realname.returning/once", Question.ASK, OWED & facts.returning, *REGISTERS,
        zh="已在本企业登记过的寄件人，不再重复采集。",
        en="A sender registered with this operator is not collected again.",
    ),
    demand(
        "realname.returning/keep", Question.ASK, OWED & facts.returning, "register", "keep",
        zh="沿用已有登记；每次仍须出示证件供核对。",
        en="Keep the registration; the document is still shown and compared each time.",
    ),
)  # fmt: skip

_ORDERED: Final = (
    exempt(
        "realname.ordered/instead", Question.ASK, OWED & facts.verified_at_order,
        *CHECKS, *REGISTERS,
        zh="下单时已核验身份的，交寄时不从头再来。",
        en="Identity verified when ordering is not verified from zero at hand-over.",
    ),
    demand(
        "realname.ordered/check", Question.ASK, OWED & facts.verified_at_order,
        "check", "order-code",
        zh="扫交接码，确认证件与下单时核验的是同一人；不要求刷脸。",
        en="Scan the order's code and see that the document is that person's; no face is asked.",
    ),
    demand(
        "realname.ordered/keep", Question.ASK, OWED & facts.verified_at_order,
        "register", "keep",
        zh="沿用下单时的登记，不再采集。",
        en="Keep the registration made when ordering; collect nothing.",
    ),
)  # fmt: skip

_REFUSAL: Final = (
    bar(
        "realname.refusal/refused", Question.ACCEPT, OWED & facts.refused_to_show,
        RefusalReason.NO_DOCUMENT.value,
        zh="拒不出示有效身份证件的，不得收寄。",
        en="If no valid document is shown, the parcel must not be accepted.",
        mend_zh="请出示任何一种可用的有效证件。",
        mend_en="Please show any accepted valid document.",
    ),
    bar(
        "realname.refusal/mismatch", Question.ACCEPT, OWED & ~facts.data_matches,
        RefusalReason.MISMATCH.value,
        zh="证件与运单上的寄件人信息不一致的，不得收寄。",
        en="If document and waybill do not agree, the parcel must not be accepted.",
        mend_zh="请更正运单上的寄件人信息，或者出示寄件人本人的证件。",
        mend_en="Please correct the sender's data on the waybill, or show the sender's own document.",
    ),
    ground(
        "realname.refusal/refuse", Question.REFUSE,
        REFUSABLE & because(RefusalReason.NO_DOCUMENT, RefusalReason.MISMATCH),
        On.STATUTORY_DUTY,
        zh="拒不出示证件，或者证件与运单不符的，应当不予收寄。",
        en="No document shown, or document and waybill disagreeing: not accepted.",
    ),
)  # fmt: skip

_BEHALF: Final = (
    demand(
        "realname.person/behalf", Question.ASK, OWED & facts.for_another,
        "whose", "person-handing-over",
        zh="代他人交寄的，出示的是到场交寄人本人的证件；委托人是否也须查验，条文未核实，这里不要求。",
        en="When sending for another, the person who hands over shows their own document; whether the principal is checked too is not verified and not demanded.",
    ),
)  # fmt: skip

ARTICLES: Final[tuple[Article, ...]] = (
    _article(
        "1",
        "为保障寄递渠道安全和寄递用户信息安全而制定，依据邮政法、反恐怖主义法、网络安全法和快递暂行条例。",
        "Made for the safety of the delivery channel and of users' information alike, under four laws and regulations.",
        Held.OUT,
        why=("立法目的，不含具体义务。", "A purpose, not a duty."),
    ),
    _article(
        "2",
        "在境内交寄、收寄邮件快件及其监督管理，适用本办法。",
        "Applies to anyone sending or accepting mail and parcels in China, and to supervision.",
        Held.SCENE,
        why=("只在寄件类场景里适用。", "Applied in sending scenes only."),
    ),
    _article(
        "3",
        "寄递企业实行实名收寄：请寄件人出示有效身份证件，查验身份，登记身份信息。有效证件分五类：居民身份证和临时居民身份证；军人、武警身份证件；港澳台居民居住证、来往内地（大陆）通行证；外国公民护照；国家规定的其他有效证件。",
        "Operators have the sender show a valid document, check the identity and register it. Five classes are valid: resident and temporary identity cards; military and armed-police documents; residence permits and travel permits of Hong Kong, Macao and Taiwan residents; foreigners' passports; others set by the State.",
        Held.CHECK,
        rules=_ARTICLE_3,
    ),
    _article(
        "person",
        "个人寄件：把运单上的个人身份信息与证件核对，登记证件类型和证件号码。",
        "Persons: compare the waybill with the document; register its type and number.",
        Held.CHECK,
        number="",
        why=_UNNUMBERED,
        rules=_BEHALF,
    ),
    _article(
        "organisation",
        "单位寄件：核对、登记统一社会信用代码，并留存法定代表人或者相关负责人的有效身份证件复印件。",
        "Organisations: check and register the unified social credit code and keep a copy of the representative's document.",
        Held.CHECK,
        number="",
        why=_UNNUMBERED,
        rules=_ORGANISATION,
    ),
    _article(
        "returning",
        "再次交寄：每次仍出示证件供核对，信息不再重复采集；本人删除登记后须重新采集。这是本办法之下的通行做法，不是读到的条文。",
        "Returning senders show the document each time, but are not collected again; after deleting the registration they are. Practice under the measures, not a text that was read.",
        Held.CHECK,
        number="",
        why=(
            "通行做法，可靠程度为 B；与个人信息处理最小范围一致。",
            "Practice of grade B, in line with processing no more than needed.",
        ),
        rules=_RETURNING,
    ),
    _article(
        "ordered",
        "本人先在企业应用中登记、交寄时由收寄员扫码，是本办法之下见到过的做法；亮明据此把下单时的核验接到交寄，只看证件，不再采集。",
        "Registering in the operator's app and having a code scanned at hand-over is a practice seen under the measures; Liangming carries the order's verification over that way: see the document, collect nothing.",
        Held.CHECK,
        number="",
        why=(
            "通行做法，可靠程度为 B；不是读到的条文。",
            "Practice of grade B; not a text that was read.",
        ),
        rules=_ORDERED,
    ),
    _article(
        "waybill",
        "寄件人如实填写运单：双方的姓名（名称）、地址、电话，物品名称、性质、数量。",
        "The sender truthfully fills in names, addresses and phones of both sides and what is sent.",
        Held.CHECK,
        number="",
        why=_UNNUMBERED,
    ),
    _article(
        "refusal",
        "拒绝出示有效身份证件，或者证件与运单记载不一致的，不得收寄。",
        "If the sender shows no valid document, or it disagrees with the waybill, the parcel must not be accepted.",
        Held.CHECK,
        number="",
        why=_UNNUMBERED,
        rules=_REFUSAL,
    ),
    _article(
        "security",
        "建立信息安全制度，防止泄露、毁损、丢失；企业及其人员对用户身份信息严格保密，不得出售、泄露、非法提供。",
        "An information-security system against leaks, damage and loss; strict confidentiality; no selling, leaking or unlawful giving.",
        Held.CONSTRUCTION,
        number="",
        why=(
            "每人一把密钥封存，读取须有用途并留痕。条号未核实。",
            "Sealed under one key per person; opening needs a purpose and leaves evidence. Number not verified.",
        ),
    ),
    _article(
        "system",
        "使用符合要求的实名收寄信息系统。",
        "Use a conforming real-name information system.",
        Held.OUT,
        number="",
        why=(
            "是否“符合要求”由主管部门认定，软件自己不能宣称。条号未核实。",
            "Conformity is for the authority to say, not for software. Number not verified.",
        ),
    ),
    _article(
        "reporting",
        "不得虚报、瞒报、漏报实名信息。未留存证件复印件、不使用系统或者虚报瞒报漏报的，责令改正并处罚款；情节严重的加重，并可处罚直接责任人员。",
        "No false, hidden or missing real-name reports. Not keeping the copy, not using the system or misreporting: order to correct and a fine; more in serious cases, also for those responsible.",
        Held.DUTY,
        number="",
        why=_UNNUMBERED,
        values=(
            "fine_misreport_low_yuan",
            "fine_misreport_high_yuan",
            "fine_misreport_serious_low_yuan",
            "fine_misreport_serious_high_yuan",
            "fine_misreport_person_low_yuan",
            "fine_misreport_person_high_yuan",
        ),
    ),
    _open(
        "agreement",
        "协议用户在签约时一次核对身份、留存证件、建立名录，之后不逐件查验：记忆中的内容，未找到条文。",
        "Agreement users checked once at signing, with copies and a list kept: from memory, not found.",
    ),
    _open(
        "behalf",
        "代他人交寄时同时查验委托人和代寄人：记忆中的内容，未找到条文。",
        "Sending for another checks principal and agent: from memory, not found.",
    ),
    _open(
        "retention",
        "实名信息的具体保存期限：没有找到任何数字。",
        "A numeric retention period for real-name data: none found.",
    ),
    _open(
        "leak",
        "泄露后的补救和报告在本办法中的条文：未找到；可执行的依据是快递暂行条例。",
        "Remedy and report after a leak in these measures: not found; the express regulation is the basis to use.",
    ),
    _open(
        "network-credential",
        "网号、网证能否视为“出示有效身份证件”：未核实。",
        "Whether a network credential counts as showing a valid document: not verified.",
    ),
    _open(
        "other-documents",
        "外国人永久居留身份证、中国护照、非中国籍港澳居民通行证是否属于第五类：未核实。",
        "Whether permanent-resident cards, Chinese passports or permits of non-Chinese residents fall under class five: not verified.",
    ),
)
