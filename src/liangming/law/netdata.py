"""网络数据安全管理条例: the articles that touch an identity check. All read in full (A)."""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law import facts, values
from liangming.law.drafting import Sheet, bar
from liangming.law.places import face_way
from liangming.law.words import Question
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

INSTRUMENT: Final = Instrument(
    id="netdata",
    zh="网络数据安全管理条例",
    en="Regulation on Network Data Security",
    number="",
    rank=Rank.REGULATION,
    address="",
    force=Span(date(2025, 1, 1)),
)
_ = Sheet(INSTRUMENT, Grade.A)
_declined = facts.declined_before | facts.declined_face

ARTICLES: Final[tuple[Article, ...]] = (
    _("9", "在等级保护基础上采取加密、备份、访问控制、安全认证等措施。", "Encryption, backup, access control and authentication on top of multi-level protection.", Held.CONSTRUCTION, why=("字段密封，备份也读不出。", "Fields are sealed; backups stay unreadable.")),
    _("10", "产品、服务有安全缺陷的，立即补救，告知用户并报告；涉及国家安全、公共利益的二十四小时内报告。", "A defect: remedy at once, tell users, report; within 24 hours where state security or the public interest is touched.", Held.CLOCK, why=("由企业报告，亮明计时。", "The operator reports; Liangming keeps the clock."), values=("defect_report_hours",)),
    _("11", "制定事件预案；发生事件的按规定报告，并把情况、危害和补救以电话、短信、邮件、公告等告知受影响的人。", "An incident plan; report as required; tell those affected by phone, message, mail or public notice.", Held.CLOCK, why=("通知带模板和期限。", "Notices carry templates and dates.")),
    _("12", "向他人提供、委托处理的，订合同并监督，记录至少保存三年。", "Providing and entrusting need contract and supervision; records are kept at least three years.", Held.CLOCK, why=("记录名称、期限和到期日。", "Names, terms and dates are kept."), values=("provision_record_years",)),
    _(
        "20", "公布便捷的投诉、举报途径，及时处理。", "Publish an easy complaint channel; handle in time.",
        Held.SCENE, Held.AUDIT,
        rules=(
            bar(
                "netdata.20/complaint-missing", Question.CONFIGURE, ~facts.complaint_channel,
                "scene.complaint-missing",
                zh="没有公布投诉途径。", en="No complaint channel is published.",
                mend_zh="在 operator.complaints 写明向哪里投诉。",
                mend_en="State in operator.complaints where to complain.",
            ),
            bar(
                "netdata.20/v27", Question.OBSERVE, ~facts.complaint_channel, "v27", also=("app191.6",),
                zh="没有公布投诉途径。", en="No complaint channel was published.",
                mend_zh="公布投诉途径。", mend_en="Publish one.",
            ),
        ),
    ),
    _("21", "规则集中公开、易于访问、置于醒目位置：名称和联系方式；目的、方式、种类，敏感信息的必要性和影响；保存期限和到期处理；行使权利的方法；以清单列明收集和提供；未满十四周岁的专门规则。", "Rules in one place, easy to reach, prominent: name and contact; purpose, method, types, for sensitive data necessity and impact; retention and what follows; how to exercise rights; lists of what is collected and provided; own rules for children.", Held.CONSTRUCTION, why=("告知由场景事实拼成，缺项不能发布。", "Notices are composed of the scene's facts; a missing item cannot be published.")),
    _(
        "22", "基于同意的：只收集服务必需的；不得误导、欺诈、胁迫；生物识别等须单独同意；未满十四周岁须监护人同意；不得超出目的、方式、种类、期限；明确拒绝后不得频繁征求；变更的重新取得同意。",
        "With consent: only what the service needs; no misleading, fraud or coercion; biometric data need separate consent; under 14 a guardian's; not beyond purpose, method, type, term; no frequent asking after a clear refusal; changes need consent anew.",
        Held.CHECK, Held.AUDIT,
        why=("“频繁”没有法定数字；四十八小时出自推荐性标准的举例，亮明借来作尺度。", "Frequent has no number in law; the 48 hours are an example in a recommended standard that Liangming borrows as its measure."),
        rules=(
            bar(
                "netdata.22/offer-declined", Question.OFFER,
                face_way & (_declined | facts.hours_since_decline.below(values.consent_reask_hours)),
                "offer.declined-before", also=("pipl.15", "app191.3", "gbt41819.prompts"),
                zh="此人已拒绝刷脸，不再请其刷脸。", en="This person declined the face; it is not offered again.",
                mend_zh="只列其他方式。", mend_en="List the other ways only.",
            ),
            bar(
                "netdata.22/capture-declined", Question.CAPTURE, facts.declined_before,
                "capture.declined-before", also=("pipl.15", "app191.3"),
                zh="此人本次已拒绝刷脸，摄像头不得开启。",
                en="This person declined the face in this check; the camera stays shut.",
                mend_zh="用别的方式完成查验。", mend_en="Finish the check in another way.",
            ),
            bar(
                "netdata.22/v11", Question.OBSERVE,
                face_way & facts.hours_since_decline.below(values.consent_reask_hours), "v11",
                also=("app191.3", "gbt41819.prompts"),
                zh="拒绝之后不久又征求刷脸。", en="The face was asked for again soon after a refusal.",
                mend_zh="记住拒绝，不再弹出。", mend_en="Remember the refusal; do not prompt again.",
            ),
        ),
        values=(),
    ),
    _("23", "及时受理权利请求，提供便捷途径，不设不合理条件。", "Rights requests are handled in time, conveniently, without unreasonable conditions.", Held.CLOCK, why=("请求带着期限排队。", "A request carries its date.")),
    _("24", "自动采集设备不可避免采集到的非必要或者未经同意的信息，删除或者匿名化。", "Unneeded or unconsented data that automatic devices unavoidably capture are deleted or anonymised.", Held.CONSTRUCTION, why=("画面只在终端内存中，旁人的脸随帧丢弃。", "Frames live in the device's memory only; bystanders' faces go with the frame.")),
    _("25", "符合条件的转移请求应当支持：身份已核实、同意或者合同提供的信息、技术可行、不损害他人；明显过多的可以收费。", "Portability where identity is verified, data came by consent or contract, it is feasible and harms nobody; clearly excessive requests may be charged.", Held.CLOCK, why=("导出本人记录为通用格式。", "Own records are exported in a common format.")),
    _("27", "定期自行或者委托审计。", "Regular audits, own or by a firm.", Held.CLOCK, why=("见个人信息保护法第五十四条。", "See PIPL 54.")),
    _("28", "处理一千万人以上的，还须遵守第三十条、第三十二条。", "At ten million persons and more, articles 30 and 32 apply as well.", Held.OUT, why=("属于企业的治理，人数由亮明统计。", "Governance of the operator; Liangming counts.")),
    _("43", "国家网络身份认证公共服务自愿使用，鼓励平台支持。", "The national online identity service is voluntary; platforms are encouraged to support it.", Held.CONSTRUCTION, why=("作为一种方式接入，从不强制。", "Offered as one way, never forced.")),
    _("50", "检查时可以要求说明，查阅复制文件，检查措施和设备。", "Inspectors may ask, read and copy files, check measures and devices.", Held.CLOCK, why=("材料按授权范围密封移交。", "Packets are sealed within the mandate's scope.")),
    _("55", "违反第十二条、第二十条、第二十二条等的责令改正、警告、没收；拒不改正或者严重的罚款一百万元以下等。", "Breach of 12, 20, 22 and others: order, warning, confiscation; on refusal or if serious up to one million yuan.", Held.OUT, why=("罚则。", "Penalties.")),
    _("59", "主动改正、轻微及时、初次违法的从轻、减轻或者不罚。", "Self-correction, minor and timely, first time: leniency.", Held.OUT, why=("裁量属于主管部门；整改记录可作材料。", "Discretion of the authority; rectification records can serve.")),
    _("62", "单独同意：就特定处理专门作出的具体、明确的同意；大型平台的标准。", "Separate consent: specific and explicit, given specially for one processing; what a large platform is.", Held.CONSTRUCTION, why=("同意类型逐字照此建模。", "The type of consent is modelled on it.")),
)  # fmt: skip
