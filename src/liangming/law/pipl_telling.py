"""个人信息保护法, articles 17–26: telling, keeping, passing on, public places. Read in full (A)."""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law import facts, values
from liangming.law.drafting import bar, ground
from liangming.law.pipl_general import SHEET
from liangming.law.places import REAL_NAME, at
from liangming.law.words import Ground as On
from liangming.law.words import Question, SceneKind
from liangming.rules import Held

_ = SHEET
_VIDEO_DAY: Final = date(2025, 4, 1)
_SENDING: Final = at(*REAL_NAME, SceneKind.SEND_AGREEMENT, SceneKind.SEND_LETTER)

ARTICLES_TELLING: Final = (
    _(
        "17",
        "处理前以显著方式、清晰语言告知：名称和联系方式，目的、方式、种类、保存期限，行使权利的方式，其他法定事项；变更也要告知；规则便于查阅和保存。",
        "Before processing, prominently and plainly: name and contact; purpose, method, type, retention; how to exercise rights; other items by law. Changes are told; rules are easy to consult and save.",
        Held.SCENE, Held.CHECK, Held.AUDIT,
        rules=(
            bar(
                "pipl.17/notice-missing", Question.CONFIGURE, ~facts.notice_named,
                "scene.notice-missing", also=("netdata.21",),
                zh="没有指定告知文本。", en="No notice is named.",
                mend_zh="在 notice 指定一份已有的告知文本。", mend_en="Name an existing notice in notice.",
            ),
            bar(
                "pipl.17/contact-missing", Question.CONFIGURE, ~facts.contact_stated,
                "scene.contact-missing",
                zh="没有写明处理者的名称和联系方式。", en="The processor's name and contact are not stated.",
                mend_zh="补上 operator.name 和 operator.contact。", mend_en="Fill in operator.name and operator.contact.",
            ),
            bar(
                "pipl.17/retention-missing", Question.CONFIGURE, ~facts.retention_stated,
                "scene.retention-missing", also=("pipl.19", "netdata.21"),
                zh="有字段没有写明保存期限。", en="A field has no stated retention.",
                mend_zh="在 [scene.collects] 为每个字段写明 days 和 article。",
                mend_en="State days and article for every field in [scene.collects].",
            ),
            bar(
                "pipl.17/capture-without-notice", Question.CAPTURE, ~facts.notice_shown,
                "capture.notice-missing", also=("pipl.30", "face.5"),
                zh="还没有告知，摄像头不得开启。", en="The notice was not shown yet; the camera stays shut.",
                mend_zh="先出示告知。", mend_en="Show the notice first.",
            ),
            bar(
                "pipl.17/v06", Question.OBSERVE, facts.capture_before_notice, "v06",
                also=("app191.3", "face.5"),
                zh="先采集、后告知。", en="Capture came before the notice.",
                mend_zh="停用该流程，改为先告知。", mend_en="Stop this flow; show the notice first.",
            ),
            bar(
                "pipl.17/v07", Question.OBSERVE, ~facts.notice_shown, "v07",
                also=("pipl.30", "netdata.21", "face.5"),
                zh="没有告知。", en="No notice was shown.",
                mend_zh="补上告知后再处理。", mend_en="Show the notice before processing.",
            ),
        ),
    ),
    _(
        "18", "法律要求保密的可以不告知；紧急情况下先处理的，事后及时告知。",
        "No notice where the law asks for secrecy; in an emergency it follows at once afterwards.",
        Held.OUT, why=("亮明的场景里没有这两种情形。", "Neither case occurs in the scenes of Liangming."),
    ),
    _(
        "19", "保存期限为实现目的所必要的最短时间，法律、行政法规另有规定的除外。",
        "Kept no longer than the purpose needs, unless laws or administrative regulations say otherwise.",
        Held.SCENE, Held.DUTY,
        why=(
            "条文没有数字；天数上限是亮明自己定的，一律标明。",
            "The article gives no number; the ceilings in days are Liangming's own and marked so.",
        ),
        rules=(
            bar(
                "pipl.19/identity-ceiling", Question.CONFIGURE,
                _SENDING
                & facts.identity_retention_days.above(values.identity_retention_ceiling_days),
                "scene.identity-kept-too-long",
                zh="寄件人身份信息的保存天数超过亮明的上限；法律要求最短时间。",
                en="A sender's identity is kept beyond Liangming's ceiling; the law asks for the shortest time.",
                mend_zh="缩短 [scene.collects] 中身份字段的 days。", mend_en="Shorten the days of the identity fields in [scene.collects].",
            ),
            bar(
                "pipl.19/entrance-ceiling", Question.CONFIGURE,
                ~_SENDING
                & facts.identity_retention_days.above(values.entrance_identity_ceiling_days),
                "scene.identity-kept-too-long",
                zh="没有实名义务的场景，身份信息的保存天数超过亮明的上限；法律要求最短时间。",
                en="Where no real-name duty exists, the identity is kept beyond Liangming's ceiling; the law asks for the shortest time.",
                mend_zh="缩短 [scene.collects] 中身份字段的 days。", mend_en="Shorten the days of the identity fields in [scene.collects].",
            ),
            bar(
                "pipl.19/face-ceiling", Question.CONFIGURE,
                facts.offers_face
                & facts.face_retention_days.above(values.face_on_device_ceiling_days),
                "scene.face-kept-too-long", also=("face.8",),
                zh="人脸信息在终端内的保存天数超过亮明的上限；法律要求最短时间。",
                en="A face stays in the device beyond Liangming's ceiling; the law asks for the shortest time.",
                mend_zh="缩短 [scene.collects] 中 face 的 days；0 即用后即删。",
                mend_en="Shorten the days of face in [scene.collects]; 0 means deleted after use.",
            ),
            bar(
                "pipl.19/identity-kept", Question.RETAIN,
                facts.retention_kind.one_of("identity") & ~facts.legal_hold
                & facts.days_kept.above(values.identity_retention_ceiling_days),
                "retain.too-long", also=("pipl.47",),
                zh="身份信息已超过保存上限。", en="The identity has been kept beyond the ceiling.",
                mend_zh="销毁此人的数据密钥。", mend_en="Shred this person's data key.",
            ),
            bar(
                "pipl.19/entrance-kept", Question.RETAIN,
                facts.retention_kind.one_of("identity") & ~facts.legal_hold
                & facts.days_kept.above(values.entrance_identity_ceiling_days)
                & ~_SENDING,
                "retain.too-long", also=("pipl.47",),
                zh="没有实名义务的场景，身份信息已超过保存上限。",
                en="Without a real-name duty the identity has been kept beyond the ceiling.",
                mend_zh="销毁此人的数据密钥。", mend_en="Shred this person's data key.",
            ),
            bar(
                "pipl.19/face-kept", Question.RETAIN,
                facts.retention_kind.one_of("face")
                & facts.days_kept.above(values.face_on_device_ceiling_days),
                "retain.too-long", also=("pipl.47", "face.8"),
                zh="终端内的人脸信息已超过保存上限。", en="The face has stayed in the device beyond the ceiling.",
                mend_zh="由终端删除该人脸信息。", mend_en="Let the device delete the face.",
            ),
            ground(
                "pipl.19/identity", Question.RETAIN,
                facts.retention_kind.one_of("identity", "waybill") & ~facts.purpose_done,
                On.CONTRACT,
                zh="目的尚未实现，仍在保存期内。", en="The purpose is not done and the term still runs.",
            ),
        ),
        values=(
            "identity_retention_ceiling_days",
            "entrance_identity_ceiling_days",
            "face_on_device_ceiling_days",
        ),
    ),
    _(
        "20", "共同处理的，约定各自的权利义务；个人可以向任何一方主张，造成损害的承担连带责任。",
        "Joint processors agree their duties; the person may turn to any; liability is joint.",
        Held.OUT, why=("亮明的一个场景只有一个处理者。", "A scene in Liangming has one processor."),
    ),
    _(
        "21", "委托处理须约定目的、期限、方式、种类、措施和双方义务并监督；期满返还或者删除；未经同意不得转委托。",
        "Entrusting needs an agreement on purpose, term, method, types, measures and duties, and supervision; at the end data are returned or deleted; no sub-entrusting without consent.",
        Held.CLOCK, why=("维护和核验服务商的合同由企业订立，亮明记录名称和期限。", "Contracts with service firms are the operator's; Liangming keeps names and terms."),
    ),
    _(
        "22", "合并、分立等转移个人信息的，告知接收方名称和联系方式；改变目的的重新取得同意。",
        "In a merger or split the recipient is told; a new purpose needs consent anew.",
        Held.OUT, why=("属于企业的组织变更，不在查验流程内。", "A change of the company, outside the flow of a check."),
    ),
    _(
        "23", "向其他处理者提供的，告知接收方名称、联系方式、目的、方式和种类，并取得单独同意。",
        "Providing to another processor needs a notice of the recipient, purpose, method and types, and separate consent.",
        Held.CONSTRUCTION, why=("亮明没有向第三方提供人脸或证件的接口；核验来源只回答是否一致。", "Liangming has no interface that hands face or document to third parties; a source only confirms."),
    ),
    _(
        "24", "自动化决策须透明、公正，不得作不合理的差别待遇；重大影响的决定，个人可要求说明，并可拒绝只由机器作出。",
        "Automated decisions are transparent and fair, without unreasonable differences; for weighty ones a person may ask for reasons and refuse a decision by machine alone.",
        Held.CONSTRUCTION, why=("每次判断都带理由和条文，工作人员可以接手。", "Every decision carries reasons and articles; staff can take over."),
    ),
    _(
        "25", "未经单独同意，不得公开个人信息。", "No publication without separate consent.",
        Held.CONSTRUCTION, why=("存证只含承诺值，不含个人信息。", "The ledger holds commitments, no personal information."),
    ),
    _(
        "26",
        "公共场所的图像采集、身份识别设备，须为维护公共安全所必需，遵守国家规定，设显著提示标识；所得信息只用于公共安全，取得单独同意的除外。",
        "Image and identification devices in public places serve public security, follow state rules and carry a prominent sign; their data serve nothing else without separate consent.",
        Held.SCENE, Held.AUDIT,
        why=("亮明的刷脸以单独同意为依据，不以公共安全为名。", "The face in Liangming rests on separate consent, never on public security."),
        rules=(
            bar(
                "pipl.26/sign-missing", Question.CONFIGURE,
                facts.offers_face & ~facts.sign_displayed & ~at(SceneKind.SEND_DOORSTEP),
                "scene.sign-missing", also=("face.13", "shanghai.23"),
                zh="公共场所的刷脸设备没有显著的提示标识。",
                en="A face device in a public place has no prominent sign.",
                mend_zh="设置标识，并把 face.sign_displayed 改为 true。",
                mend_en="Put up the sign and set face.sign_displayed to true.",
            ),
            bar(
                "pipl.26/private-space", Question.CONFIGURE, facts.private_space,
                "scene.private-space", also=("pipl.6",), until=_VIDEO_DAY,
                zh="设备在客房、浴室、更衣室、卫生间等私密空间，不可能为公共安全所必需。",
                en="The device stands in a hotel room, bath, changing room or toilet; public security cannot need that.",
                mend_zh="移走设备。", mend_en="Move the device away.",
            ),
            bar(
                "pipl.26/v20", Question.OBSERVE, facts.offers_face & ~facts.sign_displayed, "v20",
                also=("face.13", "shanghai.23"),
                zh="没有显著的提示标识。", en="There was no prominent sign.",
                mend_zh="设置标识。", mend_en="Put up the sign.",
            ),
        ),
    ),
)  # fmt: skip
