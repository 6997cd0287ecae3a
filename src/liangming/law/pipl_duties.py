"""个人信息保护法, articles 51–59, 62–70 and 73: duties, authorities, liability, words."""

from __future__ import annotations

from typing import Final

from liangming.law import facts, values
from liangming.law.drafting import bar, demand, ground
from liangming.law.pipl_general import SHEET
from liangming.law.places import face_way
from liangming.law.values import FACE_DAY
from liangming.law.words import Ground as On
from liangming.law.words import Question
from liangming.rules import Held

_no_assessment = facts.offers_face & ~facts.assessment_approved
_ = SHEET

ARTICLES_DUTIES: Final = (
    _(
        "51", "制定内部制度，分类管理，加密和去标识化，合理定权限并培训，制定应急预案，以及其他措施。",
        "Internal rules, classification, encryption and de-identification, permissions and training, incident plan, other measures.",
        Held.CONSTRUCTION, Held.CHECK, Held.CLOCK,
        rules=(
            bar(
                "pipl.51/offer-device", Question.OFFER, face_way & ~facts.device_enrolled,
                "offer.device-unknown", also=("face.14",),
                zh="这台终端没有登记或者已停用，不提供刷脸。",
                en="This device is not enrolled or is disabled; no face is offered.",
                mend_zh="登记终端，或者用别的方式。", mend_en="Enrol the device, or use another way.",
            ),
            bar(
                "pipl.51/capture-device", Question.CAPTURE, ~facts.device_enrolled,
                "capture.device-unknown", also=("face.14",),
                zh="这台终端没有登记或者已停用，摄像头不得开启。",
                en="This device is not enrolled or is disabled; the camera stays shut.",
                mend_zh="登记终端，或者用别的方式。", mend_en="Enrol the device, or use another way.",
            ),
            ground(
                "pipl.51/log", Question.RETAIN, facts.retention_kind.one_of("log"),
                On.STATUTORY_DUTY, also=("csl2016.21", "csl.23"),
                zh="网络日志应当留存；日志里没有个人的信息。",
                en="Network logs are to be kept; they hold nobody's information.",
            ),
            demand(
                "pipl.51/log-at-least", Question.RETAIN,
                facts.retention_kind.one_of("log") & facts.days_kept.below(values.log_days),
                "destroy", "not-yet", also=("csl2016.21", "csl.23"),
                zh="未满六个月，不得销毁。", en="Not to be destroyed before six months.",
            ),
        ),
    ),
    _(
        "52", "达到国家网信部门规定数量的，指定个人信息保护负责人，公开联系方式并报送。",
        "At the number set by the CAC an officer is named, published and reported.",
        Held.CLOCK, why=("人数由亮明统计，任命由企业作出。", "Liangming counts; the operator appoints."),
    ),
    _(
        "54", "定期进行合规审计。", "Compliance is audited at regular times.",
        Held.CLOCK, Held.AUDIT, why=("审计问题就是 observe 规则，可对任何日志提出。", "The audit's questions are the observe rules, asked of any log."),
    ),
    _(
        "55", "处理敏感个人信息等情形，事前进行影响评估并记录处理情况。",
        "Before processing sensitive information, among other cases, an impact assessment is made and the processing recorded.",
        Held.SCENE, Held.CHECK, Held.AUDIT,
        rules=(
            bar(
                "pipl.55/assessment-missing", Question.CONFIGURE, _no_assessment,
                "scene.assessment-missing", also=("pipl.56",), until=FACE_DAY,
                zh="刷脸场景没有已批准、未过时的影响评估。",
                en="The face scene has no approved, current impact assessment.",
                mend_zh="完成评估并经批准，填入 face.assessment 后再上线。", mend_en="Assess, approve and fill in face.assessment before going live.",
            ),
            bar(
                "pipl.55/offer", Question.OFFER, face_way & ~facts.assessment_approved,
                "offer.assessment-missing", also=("pipl.56", "face.9"),
                zh="没有已批准的影响评估，不提供刷脸。",
                en="Without an approved assessment no face is offered.",
                mend_zh="用别的方式办理。", mend_en="Serve in another way.",
            ),
            bar(
                "pipl.55/capture", Question.CAPTURE, ~facts.assessment_approved,
                "capture.assessment-missing", also=("pipl.56", "face.9"),
                zh="没有已批准的影响评估，摄像头不得开启。",
                en="Without an approved assessment the camera stays shut.",
                mend_zh="用别的方式办理。", mend_en="Serve in another way.",
            ),
            bar(
                "pipl.55/v18", Question.OBSERVE, _no_assessment, "v18", also=("pipl.56", "face.9"),
                zh="刷脸时没有影响评估。", en="A face was used without an impact assessment.",
                mend_zh="停用刷脸，补做评估。", mend_en="Stop the face; assess.",
            ),
        ),
    ),
    _(
        "56", "评估包括：合法、正当、必要；对权益的影响和风险；措施是否合法、有效、相称。报告和记录至少保存三年。",
        "It covers lawfulness and necessity, impact and risk, and whether measures are lawful, effective and fitting. Report and record are kept at least three years.",
        Held.DUTY, Held.CLOCK,
        rules=(
            ground(
                "pipl.56/kept", Question.RETAIN, facts.retention_kind.one_of("assessment"),
                On.STATUTORY_DUTY,
                zh="影响评估和处理记录应当保存，其中没有个人的信息。",
                en="Assessments and processing records are to be kept; they hold nobody's information.",
            ),
            demand(
                "pipl.56/at-least", Question.RETAIN,
                facts.retention_kind.one_of("assessment")
                & facts.days_kept.below(values.assessment_days),
                "destroy", "not-yet", also=("face.9",),
                zh="未满三年，不得销毁。", en="Not to be destroyed before three years.",
            ),
        ),
        values=("assessment_years", "assessment_days"),
    ),
    _(
        "57", "发生或者可能发生泄露、篡改、丢失的，立即补救并通知部门和个人，说明种类、原因和危害，已采取的和个人可采取的措施，联系方式；能有效避免危害的可以不通知个人。",
        "A leak, change or loss, or a possible one: remedy at once and notify authority and people of types, cause and harm, measures taken and to take, and a contact; people may be spared where harm is effectively avoided.",
        Held.CLOCK, why=("立即，没有小时数；亮明不写“七十二小时”，那是别国的规定。", "At once, no number of hours; the 72 hours are another jurisdiction's."),
    ),
    _(
        "58", "大型平台的特别义务：外部监督机构、平台规则、停止违法者服务、社会责任报告。",
        "Large platforms: outside supervision, platform rules, stopping violators, reports.",
        Held.OUT, why=("亮明的使用者不是大型平台。", "Operators of Liangming are not large platforms."),
    ),
    _(
        "59", "受托人须保障安全，协助处理者履行义务。",
        "An entrusted party secures the data and assists.",
        Held.CLOCK, why=("写在委托合同里，由企业监督。", "In the contract of entrustment, supervised by the operator."),
    ),
    _(
        "62", "国家网信部门就小型处理者、敏感信息、人脸识别等制定专门规则，支持电子身份认证。",
        "The CAC makes special rules for small processors, sensitive information and face recognition, and supports e-identity.",
        Held.OUT, why=("对象是主管部门。", "Addressed to the authority."),
    ),
    _(
        "63", "检查时可以询问、查阅复制合同和记录、现场检查，经批准可以查封、扣押设备。",
        "Inspectors may ask, read and copy contracts and records, inspect on site and, with approval, seize devices.",
        Held.CLOCK, why=("检查有授权、有范围，材料密封移交。", "An inspection has a mandate, a scope and a sealed packet."),
    ),
    _(
        "64", "风险较大或者发生事件的，可以约谈，或者要求委托专业机构审计。",
        "At greater risk or after an incident: an interview or an ordered audit.",
        Held.CLOCK, why=("整改有期限和复查。", "Rectification carries dates and a second look."),
    ),
    _(
        "65", "任何组织、个人可以投诉、举报；部门处理后告知结果。",
        "Anyone may complain or report; the authority tells the result.",
        Held.OUT, why=("对象是主管部门；向企业的投诉见网络数据条例第二十条。", "Addressed to the authority; complaints to the operator: the network data regulation, art. 20."),
    ),
    _(
        "66", "违法的责令改正、警告、没收、暂停应用；拒不改正的罚款一百万元以下；情节严重的五千万元以下或者上年度营业额百分之五以下。",
        "Order, warning, confiscation, suspension; on refusal up to one million yuan; in serious cases up to fifty million or five per cent of turnover.",
        Held.OUT, why=("罚则。办法第十八条也转到这里。", "Penalties; Order 19 points here too."),
        values=("fine_serious_yuan",),
    ),
    _(
        "67", "违法行为记入信用档案并公示。", "Violations enter the credit file and are published.",
        Held.OUT, why=("对象是主管部门。", "Addressed to the authority."),
    ),
    _(
        "69", "侵害权益造成损害，处理者不能证明自己没有过错的，承担赔偿责任。",
        "The processor pays for harm unless it proves that it is not at fault.",
        Held.CONSTRUCTION, Held.DUTY,
        why=("每次告知、提供、选择、同意和结果都留有可验证的证据。", "Each notice, offer, choice, consent and outcome leaves verifiable evidence."),
        rules=(
            ground(
                "pipl.69/proof", Question.RETAIN, facts.retention_kind.one_of("proof"),
                On.STATUTORY_DUTY, also=("spc.6",),
                zh="举证责任在处理者，证明应当保存；证明里没有证件号码，也没有人脸。",
                en="The burden of proof is the processor's, so proof is kept; it holds no document number and no face.",
            ),
        ),
    ),
    _(
        "70", "侵害众多个人权益的，检察院、消费者组织等可以提起公益诉讼。",
        "Public-interest suits by prosecutors, consumer organisations and others.",
        Held.OUT, why=("诉讼程序。", "Court procedure."),
    ),
    _(
        "73", "处理者、自动化决策、去标识化、匿名化的含义。",
        "Processor, automated decision, de-identification, anonymisation: meanings.",
        Held.CONSTRUCTION, why=("代码中的词照此使用。", "The words in the code follow it."),
    ),
)  # fmt: skip
