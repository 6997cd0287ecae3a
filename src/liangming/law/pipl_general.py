"""个人信息保护法, articles 5–10 and 13–16: principles, grounds, consent.

All articles were read in full (grade A).
"""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law import facts, values
from liangming.law.asking import PIPL_6, PIPL_13, PIPL_16
from liangming.law.drafting import Sheet, bar, ground
from liangming.law.parity import parity_bars
from liangming.law.pipl_offers import OFFER_GROUNDS, REPEAT_BARS
from liangming.law.places import (
    NO_IDENTITY,
    REAL_NAME_DUTY,
    at,
    sends_by_duty,
    without_duty,
)
from liangming.law.values import FACE_DAY
from liangming.law.words import Ground as On
from liangming.law.words import Question, SceneKind
from liangming.rules import Grade, Held, Instrument, Rank, Span

INSTRUMENT: Final = Instrument(
    id="pipl",
    zh="中华人民共和国个人信息保护法",
    en="Personal Information Protection Law",
    number="",
    rank=Rank.LAW,
    address="",
    force=Span(date(2021, 11, 1)),
)
SHEET: Final = Sheet(INSTRUMENT, Grade.A)
_ = SHEET

_plain = facts.plain_alternatives.below(1)

ARTICLES_GENERAL: Final = (
    _(
        "5",
        "处理个人信息要合法、正当、必要、讲诚信，不得用误导、欺诈、胁迫的办法。",
        "Processing is lawful, legitimate, necessary and in good faith; never by misleading, fraud or coercion.",
        Held.SCENE, Held.AUDIT,
        rules=parity_bars("pipl.5", ("spc.4",), until=FACE_DAY),
    ),
    _(
        "6",
        "目的要明确、合理，处理须与目的直接相关，采取对个人影响最小的方式，只收集实现目的所需的最小范围。",
        "A clear and reasonable purpose; processing directly related to it, with the least impact; only the minimum is collected.",
        Held.SCENE, Held.CHECK, Held.CONSTRUCTION, Held.AUDIT,
        why=(
            "亮明只做一对一比对；没有一对多的接口、数据表和配置。",
            "Liangming compares one to one only; no interface, table or setting for one to many exists.",
        ),
        rules=(
            bar(
                "pipl.6/purpose-missing", Question.CONFIGURE, ~facts.purpose_stated,
                "scene.purpose-missing", also=("pipl.17",),
                zh="没有写明处理目的。", en="No purpose is stated.",
                mend_zh="在 purpose 写一句具体的目的：为办哪一件事。",
                mend_en="State in purpose, in one sentence, the thing it is done for.",
            ),
            bar(
                "pipl.6/purpose-only-service", Question.CONFIGURE, facts.purpose_only_service,
                "scene.purpose-only-service", also=("app191.4", "face.12"),
                zh="目的只写“提升服务”“安全”一类的话，说不出为哪一件事，不是明确的目的。",
                en="Better service or security alone names no particular thing and is no clear purpose.",
                mend_zh="写明具体的事，例如“依法查验寄件人身份”。",
                mend_en="Name the thing, for example: to check the sender's identity as the law asks.",
            ),
            bar(
                "pipl.6/identity-not-necessary", Question.CONFIGURE,
                at(*NO_IDENTITY) & facts.asks_identity, "scene.identity-not-necessary",
                also=("pipl.5", "necessary.3", "necessary.5.31"),
                zh="售货、进店、健身不需要知道来人是谁，这里不得要求表明身份。",
                en="Buying, entering a shop or exercising needs no identity; none may be asked here.",
                mend_zh="从方式和 [scene.collects] 中删去表明身份的各项，改用付款、票证或会员凭证。",
                mend_en="Remove what shows identity from the ways and from [scene.collects]; use payment, ticket or pass.",
            ),
            bar(
                "pipl.6/extra-fields", Question.CONFIGURE, facts.extra_fields,
                "scene.extra-fields", also=("pipl.5", "necessary.4"),
                zh="收集了这类场景不需要的信息。", en="Fields are collected that this kind of scene does not need.",
                mend_zh="从 [scene.collects] 中删去不必要的字段。", mend_en="Remove the unnecessary fields from [scene.collects].",
            ),
            bar(
                "pipl.6/no-plain-way", Question.CONFIGURE,
                _plain & ~facts.offers_face & ~at(SceneKind.SEND_AGREEMENT), "scene.no-plain-way",
                also=("pipl.16",),
                zh="每一种方式都要用智能手机。法律没有点名手机；只留手机，等于多要一份手机信息，亮明据最小范围要求留一条不用手机的路。",
                en="Every way needs a smartphone. The law does not name phones; leaving only the phone takes the phone's data too, so Liangming asks, under the minimum scope, for one way without it.",
                mend_zh="至少加一种不用手机的方式：证件、现金、票证或取件码。",
                mend_en="Add at least one way without a phone: document, cash, ticket or pick-up code.",
            ),
            bar(
                "pipl.6/one-to-many", Question.CONFIGURE, facts.one_to_many, "scene.one-to-many",
                also=("pipl.28", "face.4", "face.19"),
                zh="配置了一对多辨识。法律没有一概禁止一对多；核对一个人只需一对一，亮明据影响最小的要求只做一对一。",
                en="One-to-many identification is configured. The law does not ban it outright; checking one person needs one-to-one only, and Liangming, for the least impact, does nothing else.",
                mend_zh="删去 one_to_many。", mend_en="Remove one_to_many.",
            ),
            bar(
                "pipl.6/unequal-channels", Question.CONFIGURE,
                facts.unequal_channels & ~facts.channel_reason, "scene.unequal-channels",
                also=("pipl.5", "pipl.7"),
                zh="同一企业、同一义务，各渠道要求不同又没有书面理由。一处少要也能办成，别处多要的就不是必要；法律没有写渠道，这是亮明的读法。",
                en="One operator asks different things for one duty on its channels without a written reason. What one channel does without, another does not need; the law does not speak of channels, this is Liangming's reading.",
                mend_zh="把各渠道改成一致，或者在 channel_reason 写明理由。",
                mend_en="Make the channels equal, or write the reason in channel_reason.",
            ),
            *REPEAT_BARS,
            bar(
                "pipl.6/attempts", Question.CAPTURE, facts.face_attempts.at_least(values.face_attempts),
                "capture.too-many-attempts",
                zh="本次刷脸次数已满，请换一种方式。次数是亮明自己定的上限。",
                en="The face attempts of this check are used up; another way is due. The number is Liangming's own.",
                mend_zh="换别的方式完成查验。", mend_en="Finish the check in another way.",
            ),
            bar(
                "pipl.6/v28", Question.OBSERVE, facts.phone_forced, "v28", also=("pipl.16",),
                zh="强制绑定手机号、会员或关注。", en="A phone number, membership or follow was forced.",
                mend_zh="取消强制绑定。", mend_en="Drop the forced binding.",
            ),
            bar(
                "pipl.6/v05", Question.OBSERVE, facts.purpose_only_service, "v05",
                also=("app191.4", "face.12"),
                zh="只以提升服务或安全为理由。", en="Better service or security was the only reason.",
                mend_zh="写明具体目的，或者停止收集。", mend_en="State the purpose, or stop collecting.",
            ),
            *PIPL_6,
        ),
        values=("face_attempts",),
    ),
    _(
        "7", "公开处理规则，说明目的、方式和范围。",
        "Rules are public; purpose, method and scope are stated.",
        Held.SCENE, Held.CONSTRUCTION,
        why=("告知文本按版本公布，由场景自身的事实拼成。", "Notices are published by version and composed of the scene's own facts."),
    ),
    _(
        "8", "信息要准确、完整，避免因差错损害个人。",
        "Information is accurate and complete, so that no error harms the person.",
        Held.CONSTRUCTION,
        why=("证件号码校验、重复登记合并、可以更正。", "Numbers are checked, repeated registrations meet, correction is open."),
    ),
    _(
        "9", "处理者对自己的处理活动负责，并保障安全。",
        "The processor answers for its processing and secures it.",
        Held.CONSTRUCTION,
        why=("每人一把数据密钥，密封保存，每次开启留痕。", "One data key per person; sealed; every opening leaves an event."),
    ),
    _(
        "10", "不得非法收集、使用、加工、传输、买卖、提供、公开个人信息。",
        "No unlawful collecting, using, processing, sending, trading, providing or publishing.",
        Held.CONSTRUCTION,
        why=("没有批量导出明文的接口；开启须写明目的。", "No interface exports plaintext in bulk; opening needs a stated purpose."),
    ),
    _(
        "13",
        "处理须有法定依据之一：同意；订立或者履行合同所必需；履行法定义务所必需；紧急情况；新闻和监督；已公开的信息；其他法定情形。只有第一种需要同意。",
        "One legal basis is needed: consent; contract; legal duty; emergency; news; published information; other by law. Only the first needs consent.",
        Held.SCENE, Held.CHECK,
        rules=(
            ground(
                "pipl.13/duty", Question.CONFIGURE, sends_by_duty, On.STATUTORY_DUTY,
                also=REAL_NAME_DUTY,
                zh="交寄快件须查验、登记寄件人身份，这是法定义务。",
                en="Sending a parcel calls for checking and registering the sender: a legal duty.",
            ),
            ground(
                "pipl.13/contract", Question.CONFIGURE, without_duty, On.CONTRACT,
                zh="这里没有查验身份的法定义务；只处理履行合同所必需的信息。",
                en="No duty to check identity exists here; only what the contract needs is processed.",
            ),
            *OFFER_GROUNDS,
            *PIPL_13,
        ),
    ),
    _(
        "14",
        "同意须在充分知情下自愿、明确作出；法律要求单独或者书面同意的从其规定；目的、方式、种类改变的，重新取得同意。",
        "Consent is voluntary, explicit and fully informed; separate or written where the law says; a change of purpose, method or type needs it anew.",
        Held.CHECK,
        rules=(
            bar(
                "pipl.14/notice-superseded", Question.CAPTURE, ~facts.notice_current,
                "capture.notice-superseded", also=("pipl.17", "netdata.22"),
                zh="此人看到的告知已被新版本取代，先前的同意不能接着用。",
                en="The notice this person saw has been superseded; consent under it does not carry over.",
                mend_zh="出示现行告知，重新征求单独同意。",
                mend_en="Show the notice in force and ask for separate consent anew.",
            ),
        ),
    ),
    _(
        "15", "个人可以随时撤回同意，撤回要便捷；撤回前的处理仍然有效。",
        "Consent can be withdrawn at any time and conveniently; earlier processing stays valid.",
        Held.SCENE, Held.CONSTRUCTION,
        why=("撤回与同意在同一页面，步骤一样多。", "Withdrawing stands on the same page as consenting, with as many steps."),
        rules=(
            bar(
                "pipl.15/withdrawal-missing", Question.CONFIGURE,
                facts.offers_face & ~facts.withdrawal_channel, "scene.withdrawal-missing",
                also=("pipl.47", "app191.3", "face.6"),
                zh="提供刷脸，却没有撤回同意和删除的途径。",
                en="The face is offered without a way to withdraw and delete.",
                mend_zh="在 withdrawal 写明在哪里撤回和删除。",
                mend_en="State in withdrawal where to withdraw and delete.",
            ),
            bar(
                "pipl.15/v12", Question.OBSERVE, facts.offers_face & ~facts.withdrawal_channel, "v12",
                also=("app191.3",),
                zh="没有撤回或者关闭刷脸的途径。", en="There was no way to withdraw or switch the face off.",
                mend_zh="在同一屏幕提供撤回。", mend_en="Offer withdrawal on the same screen.",
            ),
        ),
    ),
    _(
        "16", "不得因个人不同意或者撤回同意而拒绝提供产品、服务，除非该信息确为必需。",
        "No product or service is refused for want or withdrawal of consent, unless the information is necessary for it.",
        Held.SCENE, Held.CHECK, Held.CONSTRUCTION, Held.AUDIT,
        why=("不予办理的理由是封闭清单，“拒绝刷脸”不在其中。", "Reasons to refuse are a closed list; declining the face is not on it."),
        rules=(
            bar(
                "pipl.16/face-only", Question.CONFIGURE, facts.offers_face & facts.alternatives.below(1),
                "scene.face-only", also=("pipl.5", "spc.4"), until=FACE_DAY,
                zh="刷脸是唯一的方式：不同意的人就得不到服务。",
                en="The face is the only way: whoever does not agree gets no service.",
                mend_zh="至少加一种不用人脸的方式。", mend_en="Add at least one way without a face.",
            ),
            bar(
                "pipl.16/face-no-plain-way", Question.CONFIGURE, facts.offers_face & _plain,
                "scene.no-plain-way", also=("pipl.5",), until=FACE_DAY,
                zh="不刷脸就必须用手机：没有智能手机的人等于没有选择。",
                en="Without the face a phone is needed: a person without one has no choice.",
                mend_zh="加一种既不用人脸也不用手机的方式。",
                mend_en="Add a way that needs neither a face nor a phone.",
            ),
            bar(
                "pipl.16/phone-forced", Question.CONFIGURE, facts.phone_forced, "scene.phone-forced",
                also=("pipl.6", "consumer.29", "consumer-rules.23"),
                zh="强制绑定手机号、会员或者关注；这些不是提供服务所必需。",
                en="A phone number, membership or follow is forced; the service does not need it.",
                mend_zh="把 phone_forced 改为 false，让人可以不绑定。",
                mend_en="Set phone_forced to false and let people go without.",
            ),
            bar(
                "pipl.16/declined", Question.REFUSE, facts.reason.one_of("declined-face"),
                "refusal.declined-face", also=("pipl.5", "spc.4", "face.10", "face.12"),
                zh="不同意刷脸不是拒绝的理由。", en="Declining the face is no reason to refuse.",
                mend_zh="请对方任选其他方式，照常办理。",
                mend_en="Let the person choose any other way and go on as usual.",
            ),
            bar(
                "pipl.16/v03", Question.OBSERVE, facts.refused_after_decline, "v03",
                also=("spc.4", "app191.4", "face.10"),
                zh="有人拒绝刷脸后没有得到服务。", en="A person declined the face and was refused service.",
                mend_zh="核查这一天这一处的拒绝理由，恢复办理。",
                mend_en="Look into the reasons given at this place and day; serve the person.",
            ),
            *PIPL_16,
        ),
    ),
)  # fmt: skip
