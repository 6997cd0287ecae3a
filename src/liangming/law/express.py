"""快递市场管理办法: how the express market carries out the regulation, from 2024-03-01."""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law import facts
from liangming.law.drafting import Sheet, bar, demand
from liangming.law.sender_duty import OWED, SENDS
from liangming.law.words import Question, RefusalReason
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

INSTRUMENT: Final = Instrument(
    id="express",
    zh="快递市场管理办法",
    en="Measures for the Administration of the Express Market",
    number="交通运输部令2023年第22号",
    rank=Rank.RULE,
    address="",
    force=Span(date(2024, 3, 1)),
)

_article = Sheet(INSTRUMENT, Grade.A)

_ARTICLE_26: Final = (
    demand(
        "express.26/check", Question.ASK, SENDS, "check", "compare",
        zh="收寄时查验寄件人身份。",
        en="Check the sender's identity on acceptance.",
    ),
    demand(
        "express.26/register", Question.ASK, SENDS, "register", "collect",
        zh="收寄时登记寄件人身份信息。",
        en="Register the sender's identity on acceptance.",
    ),
    bar(
        "express.26/refused", Question.ACCEPT, OWED & facts.refused_to_show,
        RefusalReason.NO_DOCUMENT.value,
        zh="寄件人拒绝提供身份信息的，不得收寄。",
        en="If the sender refuses to give their identity, the parcel must not be accepted.",
        mend_zh="请出示任何一种可用的有效证件。",
        mend_en="Please show any accepted valid document.",
    ),
    bar(
        "express.26/untrue", Question.ACCEPT, SENDS & facts.known_untrue,
        RefusalReason.UNTRUE.value,
        zh="寄件人提供的身份信息不实的，不得收寄。",
        en="If the sender's identity data are untrue, the parcel must not be accepted.",
        mend_zh="请如实填写后重新交寄。",
        mend_en="Please fill in true data and start again.",
    ),
)  # fmt: skip

ARTICLES: Final[tuple[Article, ...]] = (
    _article(
        "4",
        "总部快递企业（商标、字号、运单及其信息系统的归属企业）对使用这些标识的企业统一管理，包括网络和信息安全。",
        "The head firm that owns brand, waybill and their information system manages all firms that use them as one, network and information security included.",
        Held.SCENE,
        number="第四条、第二十条、第四十条",
        why=(
            "各渠道要求须一致，差异须有书面理由。",
            "Channels demand the same, or say in writing why not.",
        ),
    ),
    _article(
        "5",
        "用户如实、准确提供使用服务所必需的信息。",
        "Users give, truthfully and accurately, what the service needs.",
        Held.CHECK,
        why=("只问必需的字段。", "Only necessary fields are asked."),
    ),
    _article(
        "21",
        "不得出售、泄露或者非法提供服务过程中知悉的用户信息。",
        "No selling, leaking or unlawfully giving user information learnt while serving.",
        Held.CONSTRUCTION,
        why=(
            "登记信息封存，日志和存证里没有个人信息。",
            "Registered data are sealed; neither logs nor the ledger hold any.",
        ),
    ),
    _article(
        "25",
        "运单号和信息系统应当让用户和监管部门看到履约所必需的个人信息范围和处理前的告知，并依法防止未经授权的查询和泄露。",
        "Waybill numbers and systems let users and the regulator see which data the contract needs and the notice before processing, and block unauthorised look-ups and leaks.",
        Held.CONSTRUCTION,
        why=(
            "先告知后询问；每份告知写明字段、目的和保存期。",
            "Notice comes before the question and names fields, purpose and retention.",
        ),
    ),
    _article(
        "26",
        "收寄时查验寄件人身份并登记身份信息，拒绝提供或者提供不实的不得收寄；验视内件、登记品名；实际收寄地与填写地址不一致的，在运单上同时记录。",
        "On acceptance check and register the sender's identity, refuse if it is refused or untrue; inspect and register the item; note both addresses if the real pick-up place differs.",
        Held.CHECK,
        rules=_ARTICLE_26,
        why=(
            "验视和地址记录不在本系统之内。",
            "Inspection and the record of addresses lie outside.",
        ),
    ),
    _article(
        "27",
        "收件人收到来源不明的快件，可以要求告知寄件人姓名（名称）、地址和电话，企业应当告知所掌握的信息。",
        "The recipient of a parcel of unknown origin may ask for the sender's name, address and phone; the firm gives what it holds.",
        Held.OUT,
        why=(
            "由企业客服办理；登记的证件号码不在可告知之列。",
            "Handled by customer service; the registered document number is not among what is given.",
        ),
    ),
    _article(
        "32",
        "遵守收寄验视、实名收寄、安全检查和禁限寄物品管理制度。",
        "Comply with inspection on acceptance, real-name acceptance, security checks and item bans.",
        Held.CHECK,
        why=(
            "实名收寄由上述各条的规则执行。",
            "Real-name acceptance is carried out by the rules above.",
        ),
    ),
    _article(
        "35",
        "收集个人信息限于履行寄递合同所必需；超出法律规定和合同需要的，未经同意不得收集、使用、提供；不得以概括授权、默认授权、拒绝服务等方式取得同意。",
        "Collect only what the delivery contract needs; nothing beyond law and contract without consent; consent must not be got by blanket or default authorisation or by refusing service.",
        Held.SCENE,
        Held.CONSTRUCTION,
        why=(
            "字段清单封闭；刷脸从不预选，拒绝后各项条件不变。",
            "Fields are a closed list; a face is never preselected and declining changes nothing.",
        ),
    ),
    _article(
        "36",
        "建立快递运单（含电子运单）制作、使用、保管、销毁制度，采取加密、去标识化等措施，保证运单号与用户信息、物品信息对应；不得买卖运单。",
        "Rules for making, using, keeping and destroying waybills, electronic ones included; encryption and de-identification; numbers linked to user and item; no trade in waybills.",
        Held.CONSTRUCTION,
        why=(
            "面单按脱敏规则印制；条文没有脱敏位数，位数来自推荐性标准。",
            "Labels are masked; the article gives no counts, these come from a recommended standard.",
        ),
    ),
    _article(
        "37",
        "委托处理个人信息的，事前进行影响评估，对受托人监督，并对其行为承担责任。",
        "Before entrusting processing an impact assessment is made; the trustee is supervised and liability stays.",
        Held.DUTY,
        why=("评估有状态、期限和责任人。", "An assessment has a state, a date and an owner."),
    ),
    _article(
        "38",
        "按规定向邮政管理部门报送与安全有关的数据，真实完整，不得漏报、错报、瞒报、谎报；逾期不改的，处罚款。",
        "Safety data are reported to the postal administration, true and complete; not put right in time: a fine.",
        Held.OUT,
        number="第三十八条、第五十六条",
        values=("fine_reporting_high_yuan",),
        why=(
            "报送由企业与主管部门的系统完成。",
            "Reporting runs between the firm's and the authority's systems.",
        ),
    ),
    _article(
        "39",
        "网络服务中断的，在二十四小时内向邮政管理部门报告并向社会公告。",
        "An outage of the network service is reported within twenty-four hours and announced.",
        Held.CLOCK,
        values=("outage_report_hours",),
    ),
    _article(
        "41",
        "邮政管理部门可以进入检查、询问，查阅、复制有关资料和电子数据。",
        "The postal administration may enter, question, and read and copy documents and electronic data.",
        Held.DUTY,
        why=(
            "检查有授权、范围和密封材料包。",
            "An inspection has a mandate, a scope, a sealed packet.",
        ),
    ),
    _article(
        "57",
        "自2024年3月1日起施行，2013年的办法同时废止。",
        "In force from 2024-03-01, replacing the measures of 2013.",
        Held.CONSTRUCTION,
        why=("规则按生效日适用。", "Rules apply by their day of force."),
    ),
)
