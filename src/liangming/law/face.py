"""人脸识别技术应用安全管理办法 (CAC and MPS Order No. 19), articles 1–20.

Arts 1–4 and 20 were read in full (A); the others rest on verbatim quotations and official press
text (B); the numbers of 16–18 are not verified and those duties stand without one. Cite only the
2025 text: the draft of August 2023 has other numbers and other rules.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law import facts
from liangming.law.drafting import Sheet, bar
from liangming.law.parity import parity_bars
from liangming.law.places import face_way
from liangming.law.words import Question
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

INSTRUMENT: Final = Instrument(
    id="face",
    zh="人脸识别技术应用安全管理办法",
    en="Measures for Security Management of the Application of Face Recognition Technology",
    number="国家互联网信息办公室、公安部令第19号",
    rank=Rank.RULE,
    address="https://www.cac.gov.cn/2025-03/21/c_1744174262156096.htm",
    force=Span(date(2025, 6, 1)),
    note_zh="多数条文据逐字引文和官方新闻稿，未读官网全文；展示为“法律规定”之前须核对原文。",
    note_en="Most articles rest on verbatim quotations and press text; compare the official text before showing wording as law.",
)
_ = Sheet(INSTRUMENT, Grade.B)
_A = Grade.A

ARTICLES: Final[tuple[Article, ...]] = (
    _(
        "1", "为规范用人脸识别技术处理人脸信息、保护个人信息权益而制定。",
        "Made to regulate processing of faces by face recognition and to protect personal information rights.",
        Held.OUT, grade=_A, why=("立法目的，没有可执行的内容。", "Purpose; nothing to execute."),
    ),
    _(
        "2", "适用于在境内用人脸识别技术处理人脸信息；为研发、训练算法而处理的不适用。",
        "Applies to processing faces by face recognition inside China; not to research, development and training.",
        Held.OUT, grade=_A, why=("适用范围。亮明不作研发和训练用途的处理。", "Scope. Liangming does no research or training on faces."),
    ),
    _(
        "3", "遵守法律和公德，讲诚信，不得危害国家安全、公共利益和个人权益。",
        "Obey law and morals, act in good faith, harm neither state security nor public nor personal rights.",
        Held.OUT, grade=_A, why=("原则，由其后各条具体化。", "A principle made concrete by the articles that follow."),
    ),
    _(
        "4", "须有特定目的和充分必要，采取对个人权益影响最小的方式，严格保护。",
        "Specific purpose and sufficient necessity; the way of least impact; strict protection.",
        Held.SCENE, Held.CONSTRUCTION, grade=_A,
        why=("必要性由影响评估说明；规则写在个人信息保护法第六、二十八条下并引本条。", "Necessity is argued in the assessment; the rules stand under PIPL 6 and 28 and cite this article."),
    ),
    _(
        "5", "处理前显著、清晰、真实、完整地告知：名称和联系方式；目的、方式、人脸信息的保存期限；必要性和影响；行使权利的方式；其他事项。对残疾人、老年人的告知还应合乎无障碍要求。",
        "Before processing, prominently, plainly, truly and completely: name and contact; purpose, method, retention of the face; necessity and impact; how to exercise rights; other items. For disabled and elderly people it follows the accessibility rules.",
        Held.CONSTRUCTION, Held.CHECK,
        why=("刷脸告知缺一项不能发布；先告知后采集见个人信息保护法第十七条的规则。事项变更须告知一句未核对原文。", "A face notice lacking an item cannot be published; notice before capture: rule under PIPL 17. The sentence on changes was not compared with the text."),
    ),
    _(
        "6", "基于同意处理的，须取得充分知情下自愿、明确的单独同意；可以撤回，撤回要便捷。",
        "Consent-based processing needs separate consent, voluntary, explicit and informed; it can be withdrawn conveniently.",
        Held.CHECK, Held.SCENE,
        why=("规则写在个人信息保护法第十五、二十九条下并引本条。", "The rules stand under PIPL 15 and 29 and cite this article."),
    ),
    _(
        "7", "处理不满十四周岁的人的人脸信息，须监护人同意，并有专门的处理规则。",
        "For a child under 14: a guardian's consent and rules of their own.",
        Held.CHECK, why=("规则写在个人信息保护法第三十一条下并引本条。", "The rule stands under PIPL 31 and cites this article."),
    ),
    _(
        "8", "除法律、行政法规另有规定或者取得个人单独同意外，人脸信息存储在识别设备内，不得通过互联网对外传输；保存不超过实现目的必需的最短时间。",
        "Unless laws or administrative regulations say otherwise or the person separately consents, the face stays in the device and is not sent out over the internet; kept for the shortest necessary time.",
        Held.CONSTRUCTION, Held.SCENE, Held.CHECK, Held.AUDIT,
        why=("中心没有接收人脸的接口。条文只说“单独同意”；亮明读作须点明向外传输的同意。", "The centre has no interface that takes a face. The text says separate consent; Liangming reads it as one that names the sending out."),
        rules=(
            bar(
                "face.8/leaves-device", Question.CONFIGURE,
                facts.offers_face & facts.face_leaves_device & ~facts.face_transfer_consent,
                "scene.face-leaves-device", also=("pipl.29",),
                zh="人脸信息传出设备，又没有就传输取得单独同意。",
                en="The face leaves the device without a separate consent that names the sending out.",
                mend_zh="改为设备内比对（face.leaves_device = false）。",
                mend_en="Compare inside the device (face.leaves_device = false).",
            ),
            bar(
                "face.8/capture-off-device", Question.CAPTURE, ~facts.on_device, "capture.off-device",
                also=("pipl.28",),
                zh="比对不在本机内完成，摄像头不得开启。",
                en="The comparison does not run inside the device; the camera stays shut.",
                mend_zh="改用本机比对的终端，或者换一种方式。",
                mend_en="Use a device that compares inside itself, or another way.",
            ),
            bar(
                "face.8/offer-off-device", Question.OFFER, face_way & ~facts.on_device,
                "offer.off-device", also=("pipl.28",),
                zh="不能在本机内比对，不提供刷脸。", en="No comparison inside the device: no face is offered.",
                mend_zh="用别的方式办理。", mend_en="Serve in another way.",
            ),
            bar(
                "face.8/v15", Question.OBSERVE,
                facts.face_leaves_device & ~facts.face_transfer_consent, "v15",
                zh="人脸信息传出设备，没有单独同意。",
                en="The face left the device without separate consent.",
                mend_zh="停止传输，删除外部副本。", mend_en="Stop the sending; delete copies outside.",
            ),
            bar(
                "face.8/v17", Question.OBSERVE, facts.score_recorded, "v17",
                also=("pipl.19", "gbt35273.6.3", "gbt38671.result"),
                zh="记录中留有人脸图像、模板或者分数，保存超出了需要。",
                en="An image, template or score of a face was recorded: more than needed was kept.",
                mend_zh="删除，只留是或否的结果。", mend_en="Delete it; keep yes or no only.",
            ),
        ),
    ),
    _(
        "9", "事前进行影响评估并记录：目的方式是否合法正当必要；影响和减损措施；泄露、篡改、丢失、毁损和非法获取、出售、使用的风险和危害；措施是否合法有效相称。报告和记录至少保存三年；目的、方式变化或者发生重大事件的重新评估。",
        "Assessment in advance and a record: lawfulness and necessity; impact and mitigation; risk and harm of leak, change, loss or unlawful acquiring, selling, use; measures lawful, effective and fitting. Kept at least three years; done again when purpose or method changes or a serious incident occurs.",
        Held.SCENE, Held.CLOCK,
        rules=(
            bar(
                "face.9/assessment-missing", Question.CONFIGURE,
                facts.offers_face & ~facts.assessment_approved, "scene.assessment-missing",
                also=("pipl.55", "pipl.56"),
                zh="刷脸场景没有已批准、未过时的影响评估。",
                en="The face scene has no approved, current impact assessment.",
                mend_zh="完成评估并经批准，填入 face.assessment 后再上线。", mend_en="Assess, approve and fill in face.assessment before going live.",
            ),
        ),
    ),
    _(
        "10", "实现相同目的或者达到同等业务要求，有其他技术方式的，不得把人脸识别作为唯一验证方式；个人不同意的，提供其他合理、便捷的方式。国家另有规定的从其规定。",
        "Where another method reaches the same purpose or meets the equivalent business requirement, the face is not the only way; whoever disagrees gets another reasonable and convenient way. State rules to the contrary prevail.",
        Held.SCENE, Held.CHECK, Held.AUDIT,
        why=("条文不是禁止刷脸；“合理、便捷”亮明读作：另有一条不用人脸、不用手机的路。", "It is no ban on the face; reasonable and convenient is read as: one way with neither face nor phone."),
        rules=(
            bar(
                "face.10/only", Question.CONFIGURE, facts.offers_face & facts.alternatives.below(1),
                "scene.face-only", also=("pipl.16", "spc.4"),
                zh="刷脸是唯一的验证方式。", en="The face is the only way.",
                mend_zh="至少加一种不用人脸的方式。", mend_en="Add at least one way without a face.",
            ),
            bar(
                "face.10/no-plain-way", Question.CONFIGURE,
                facts.offers_face & facts.plain_alternatives.below(1), "scene.no-plain-way",
                also=("pipl.16",),
                zh="不刷脸就必须用手机；对没有智能手机的人，这不是合理、便捷的方式。",
                en="Without the face a phone is needed; to a person without one that is no reasonable and convenient way.",
                mend_zh="加一种既不用人脸也不用手机的方式。",
                mend_en="Add a way that needs neither a face nor a phone.",
            ),
            bar(
                "face.10/offer-only", Question.OFFER, face_way & facts.other_ways.below(1),
                "offer.face-only", also=("pipl.16",),
                zh="此刻没有别的方式可选，不提供刷脸。", en="No other way is open now; no face is offered.",
                mend_zh="恢复一种其他方式。", mend_en="Open another way.",
            ),
            bar(
                "face.10/capture-only", Question.CAPTURE, facts.other_ways.below(1),
                "capture.face-only", also=("pipl.16",),
                zh="此刻没有别的方式可选，摄像头不得开启。",
                en="No other way is open now; the camera stays shut.",
                mend_zh="恢复一种其他方式。", mend_en="Open another way.",
            ),
            bar(
                "face.10/v01", Question.OBSERVE, facts.offers_face & facts.alternatives.below(1), "v01",
                also=("pipl.16",),
                zh="刷脸是唯一的方式。", en="The face was the only way.",
                mend_zh="开通其他方式。", mend_en="Open other ways.",
            ),
            bar(
                "face.10/v02", Question.OBSERVE,
                facts.offers_face & (facts.face_first | facts.face_emphasised), "v02",
                also=("spc.4", "face.12"),
                zh="其他方式存在，但更靠后、更小或者显得更慢。",
                en="Other ways existed but stood behind, smaller or slower.",
                mend_zh="各方式平等呈现。", mend_en="Present all ways alike.",
            ),
        ),
    ),
    _(
        "11", "鼓励优先使用国家人口基础信息库、国家网络身份认证公共服务核验身份，减少收集、存储人脸信息。",
        "Using the national population database or online identity service first is encouraged, to collect and store fewer faces.",
        Held.SCENE, why=("鼓励而非义务；网络身份认证在公布的顺序中排在刷脸之前。措辞据官方新闻稿。", "Encouraged, not required; the network credential stands before the face in the published order. Wording from press text."),
    ),
    _(
        "12", "任何组织和个人不得以办理业务、提升服务质量等为由，误导、欺诈、胁迫个人接受人脸识别验证。",
        "Nobody may use handling business, better service or the like to mislead, defraud or coerce people into face verification.",
        Held.SCENE, Held.AUDIT,
        rules=(
            *parity_bars("face.12", ("pipl.5", "spc.4")),
            bar(
                "face.12/v04", Question.OBSERVE,
                facts.offers_face & (facts.face_rewarded | facts.bait_words), "v04",
                also=("pipl.5",),
                zh="以优惠、奖励或者诱导用语引人刷脸。",
                en="Rewards or luring words drew people to the face.",
                mend_zh="取消奖励和诱导用语。", mend_en="Drop rewards and luring words.",
            ),
            bar(
                "face.12/v10", Question.OBSERVE, facts.offers_face & facts.face_preselected, "v10",
                also=("pipl.5", "app191.3", "consumer-rules.23"),
                zh="刷脸被预先选中或者默认勾选。", en="The face was preselected or ticked by default.",
                mend_zh="取消预选。", mend_en="Remove the preselection.",
            ),
        ),
    ),
    _(
        "13", "公共场所的人脸识别设备须为维护公共安全所必需，合理设定采集区域，设显著提示标识；宾馆客房、公共浴室、公共更衣室、公共卫生间等私密空间内不得安装。",
        "Face devices in public places: necessary for public security, a reasonable capture area, a prominent sign. None inside hotel rooms, public baths, changing rooms, toilets and similar private spaces.",
        Held.SCENE, Held.AUDIT,
        why=("标识的规则写在个人信息保护法第二十六条下并引本条。", "The rule on signs stands under PIPL 26 and cites this article."),
        rules=(
            bar(
                "face.13/private-space", Question.CONFIGURE, facts.private_space,
                "scene.private-space", also=("video.8", "pipl.26"),
                zh="设备位于客房、浴室、更衣室、卫生间等私密空间。",
                en="The device stands in a hotel room, bath, changing room, toilet or the like.",
                mend_zh="移走设备。", mend_en="Move the device away.",
            ),
            bar(
                "face.13/v22", Question.OBSERVE, facts.private_space, "v22", also=("video.8",),
                zh="私密空间里有设备。", en="A device stood in a private space.",
                mend_zh="移走设备。", mend_en="Move the device away.",
            ),
        ),
    ),
    _(
        "14", "应用系统采取数据加密、安全审计、访问控制、授权管理、入侵检测和防御等措施；并履行等级保护等义务。",
        "Systems use encryption, security audit, access control, authorisation, intrusion detection and defence; multi-level protection applies.",
        Held.CONSTRUCTION, Held.CHECK,
        why=("终端登记和签名、密封存储、开启留痕由构造保证；入侵检测和等保由企业落实。", "Enrolled and signing devices, sealed storage and traced openings by construction; intrusion detection and multi-level protection are the operator's."),
    ),
    _(
        "15", "存储的人脸信息达到十万人的，三十个工作日内向所在地省级以上网信部门备案；实质性变更三十个工作日内变更；终止使用三十个工作日内注销并依法处置人脸信息。",
        "At 100,000 stored faces: file within 30 working days with the provincial CAC or above; substantive changes within 30; at the end cancel within 30 and dispose of the faces by law.",
        Held.CLOCK,
        why=("按存储人数而不是见过的人数；终端只报人数。处置一句未核对原文。", "It counts faces stored, not people seen; devices report a number only. The half-sentence on disposal was not compared."),
        values=("face_filing_persons", "face_filing_working_days"),
    ),
    _(
        "sharing", "网信、公安等部门共享信息、互相通报。", "Departments share information and report to each other.",
        Held.OUT, number="", why=("对象是主管部门；条号未核实。", "Addressed to authorities; article number not verified."),
    ),
    _(
        "complaints", "任何组织、个人可以投诉、举报，部门依法处理并答复。", "Anyone may complain or report; the department handles and answers.",
        Held.OUT, number="", why=("对象是主管部门；条号未核实。", "Addressed to authorities; article number not verified."),
    ),
    _(
        "penalties", "违反的依照有关法律、行政法规处罚；本办法没有自己的罚款。", "Violations are punished under the laws that apply; the Order sets no fine of its own.",
        Held.OUT, number="", why=("罚则见个人信息保护法第六十六条；条号未核实。", "Penalties: PIPL 66; article number not verified."),
    ),
    _(
        "19", "人脸信息、人脸识别技术、一对一验证、一对多辨识、人脸识别设备的含义。",
        "Meanings of face information, face recognition, verifying (one to one), identifying (one to many), device.",
        Held.CONSTRUCTION, why=("代码中的词照此使用；只有一对一。", "The words in the code follow it; one to one only."),
    ),
    _(
        "20", "自2025年6月1日起施行。", "In force from 2025-06-01.", Held.CONSTRUCTION, grade=_A,
        why=("规则的生效日由此而来。", "The rules' first day comes from here."),
    ),
)  # fmt: skip
