"""法释〔2021〕15号: the Supreme People's Court on civil cases about face recognition, articles 1–16.

All read in full (A). It judges afterwards; Liangming uses it to say what consent is worth and who
must prove what.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law import facts
from liangming.law.drafting import Sheet, bar
from liangming.law.places import at
from liangming.law.words import Question, SceneKind
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

INSTRUMENT: Final = Instrument(
    id="spc",
    zh="最高人民法院关于审理使用人脸识别技术处理个人信息相关民事案件适用法律若干问题的规定",
    en="SPC Provisions on civil cases of personal information processing by face recognition",
    number="法释〔2021〕15号",
    rank=Rank.INTERPRETATION,
    address="",
    force=Span(date(2021, 8, 1)),
)
_ = Sheet(INSTRUMENT, Grade.A)
_COURT = ("属于法院审理。", "For the court.")

ARTICLES: Final[tuple[Article, ...]] = (
    _("1", "适用于违法或者违约用人脸识别处理人脸信息的民事案件；处理包括收集、存储、使用、加工、传输、提供、公开；人脸信息属于生物识别信息。", "Civil cases on unlawful or contract-breaching face processing, from collecting to publishing; a face is biometric information.", Held.OUT, why=_COURT),
    _(
        "2", "八种侵害人格权益的行为：经营、公共场所违法刷脸；不公开规则或者不说明目的、方式、范围；没有单独同意；超出约定；没有防护致泄露；违法提供；违背公序良俗；其他不合法、不正当、不必要。",
        "Eight infringing acts: unlawful face use in business or public places; rules, purpose, method or scope untold; no separate consent; beyond what was agreed; no protection so that data leaks; unlawful provision; against good morals; otherwise unlawful, improper or unnecessary.",
        Held.SCENE, Held.CHECK, why=("各项由个人信息保护法和办法的规则守住，并引本条。", "Held by the rules under PIPL and the Order, which cite it."),
    ),
    _("3", "责任大小考虑受害人是否未成年、告知同意情况和必要程度。", "Liability weighs minority, notice and consent, and necessity.", Held.OUT, why=_COURT),
    _(
        "4", "以下同意不能作为抗辩：不同意就不提供产品、服务（必需的除外）；与其他授权捆绑；强迫或者变相强迫。",
        "Consent is no defence when it is the condition for the service (unless necessary), bundled with other grants, or forced openly or in disguise.",
        Held.SCENE, Held.CONSTRUCTION, Held.AUDIT,
        why=("单独同意不与任何其他授权同屏。", "Separate consent shares its screen with no other grant."),
        rules=(
            bar(
                "spc.4/v09", Question.OBSERVE, facts.consent_bundled, "v09",
                also=("pipl.14", "app191.4"),
                zh="刷脸的同意与其他授权捆绑，这样的同意不能作为抗辩。",
                en="Consent to the face was bundled with other grants; such consent is no defence.",
                mend_zh="拆开，单独征求。", mend_en="Split it; ask separately.",
            ),
        ),
    ),
    _("5", "不承担责任的情形：突发公共卫生事件或者紧急保护生命财产；依国家规定为公共安全在公共场所使用；合理的新闻监督；同意范围内合理处理；其他法定情形。", "No liability: health emergency or urgent protection; public security in public places under state rules; reasonable news; reasonable processing within consent; other by law.", Held.OUT, why=("亮明不以公共安全为刷脸的依据，此项例外很窄。", "Liangming never rests the face on public security; the exception is narrow.")),
    _("6", "处理者就合法性和免责事由承担举证责任。", "The processor proves lawfulness and any exemption.", Held.CONSTRUCTION, why=("每一步都有可验证的存证；保存依据见个人信息保护法第六十九条。", "Each step leaves verifiable evidence; its keeping rests on PIPL 69.")),
    _("7", "多个处理者按过错或者连带承担责任。", "Several processors: by fault, or jointly.", Held.OUT, why=_COURT),
    _("8", "赔偿包括制止侵权的合理开支和适当的律师费。", "Damages include reasonable cost of stopping the act and suitable lawyer fees.", Held.OUT, why=_COURT),
    _("9", "可以申请人格权侵害禁令。", "An injunction can be asked for.", Held.OUT, why=_COURT),
    _(
        "10", "物业以人脸识别作为出入的唯一验证方式，业主或者使用人不同意并请求其他合理方式的，法院支持。",
        "Where a property manager makes the face the only way in, an owner or occupier who disagrees can claim another reasonable way.",
        Held.SCENE,
        rules=(
            bar(
                "spc.10/only", Question.CONFIGURE,
                at(SceneKind.ENTRANCE_PROPERTY, SceneKind.ENTRANCE_RENTAL)
                & facts.offers_face & facts.alternatives.below(1),
                "scene.property-face-only", also=("pipl.16", "face.10"),
                zh="住宅小区、租赁住房的出入只能刷脸；住户可以请求其他合理方式，法院会支持。",
                en="Home entrances open by face only; residents can claim another reasonable way and courts grant it.",
                mend_zh="加门禁卡、钥匙或者登记放行。", mend_en="Add a card, a key or entry by staff.",
            ),
        ),
    ),
    _("11", "格式条款要求授予无期限、不可撤销、可任意转授权的处理权利的，无效。", "Standard terms granting rights without limit, irrevocable or freely passed on are void.", Held.CONSTRUCTION, why=("同意有期限、可撤回、不可转授，没有别的写法。", "Consent has an end, can be withdrawn and not passed on; no other form exists.")),
    _("12", "违约的承担责任并删除，没有约定删除的也可以请求。", "Breach brings liability and deletion, even when deletion was not agreed.", Held.CONSTRUCTION, why=("撤回即删除。", "Withdrawal deletes.")),
    _("13", "同一处理者侵害多人的，经同意可以合并审理。", "Several victims may be joined with consent.", Held.OUT, why=_COURT),
    _("14", "可以提起公益诉讼。", "Public-interest suits are possible.", Held.OUT, why=_COURT),
    _("15", "死者的人脸信息，近亲属可以主张。", "Close relatives may claim for the deceased.", Held.OUT, why=_COURT),
    _("16", "自2021年8月1日起施行，之前的行为不适用。", "In force from 2021-08-01; earlier acts are not covered.", Held.CONSTRUCTION, why=("规则的生效日由此而来。", "The rules' first day comes from here.")),
)  # fmt: skip
