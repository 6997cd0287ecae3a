"""个人信息保护法, articles 28–32: sensitive personal information; a face, and a child under 14."""

from __future__ import annotations

from typing import Final

from liangming.law import facts, values
from liangming.law.drafting import bar, demand, ground
from liangming.law.pipl_general import SHEET
from liangming.law.places import NO_FACE, any_kind, at, face_way
from liangming.law.values import FACE_DAY
from liangming.law.words import Ground as On
from liangming.law.words import Question
from liangming.rules import Held

_child_alone = facts.age.below(values.child_age) & ~facts.guardian_consent
_grown_or_guarded = facts.age.at_least(values.child_age) | facts.guardian_consent
_ = SHEET

ARTICLES_SENSITIVE: Final = (
    _(
        "28",
        "生物识别等信息和不满十四周岁的人的信息是敏感个人信息；只有特定目的、充分必要、严格保护时才可处理。",
        "Biometric and similar information, and all of a child under 14, is sensitive; processed only with a specific purpose, sufficient necessity and strict protection.",
        Held.SCENE, Held.CHECK,
        rules=(
            bar(
                "pipl.28/face-unnecessary", Question.CONFIGURE, at(*NO_FACE) & facts.offers_face,
                "scene.face-unnecessary", also=("pipl.6", "face.4"),
                zh="信件和协议用户不逐件查验身份，刷脸没有充分的必要。",
                en="Letters and agreement senders are not checked each time; a face lacks sufficient necessity.",
                mend_zh="从方式中删去 face。", mend_en="Remove face from the ways.",
            ),
            bar(
                "pipl.28/offer-unnecessary", Question.OFFER, at(*NO_FACE) & face_way,
                "offer.face-unnecessary", also=("pipl.6", "face.4"),
                zh="信件和协议用户不逐件查验身份，不得请人刷脸。",
                en="Letters and agreement senders are not checked each time; no face is offered.",
                mend_zh="直接办理交寄。", mend_en="Go on with the sending.",
            ),
            bar(
                "pipl.28/capture-off-device", Question.CAPTURE, ~facts.on_device,
                "capture.off-device", also=("pipl.6",), until=FACE_DAY,
                zh="比对不在本机内完成；严格保护和影响最小要求人脸不离开终端。",
                en="The comparison does not run inside the device; strict protection and least impact keep the face there.",
                mend_zh="改用本机比对的终端，或者换一种方式。",
                mend_en="Use a device that compares inside itself, or another way.",
            ),
        ),
    ),
    _(
        "29", "处理敏感个人信息须取得单独同意；法律要求书面的从其规定。",
        "Sensitive information needs separate consent; written where the law says.",
        Held.CHECK, Held.CONSTRUCTION, Held.AUDIT,
        why=(
            "单独同意是一个独立的动作，只对一个目的、一台终端、一个版本的告知有效。本条未写例外，能否以其他依据刷脸有争论；亮明一律先取得单独同意。",
            "Separate consent is an act of its own, for one purpose, device and notice version. The article names no exception; whether another basis would do is debated; Liangming always asks.",
        ),
        rules=(
            demand(
                "pipl.29/configure", Question.CONFIGURE, facts.offers_face, "consent.face", "separate",
                also=("spc.2", "netdata.22", "face.6"),
                zh="刷脸须另行取得单独同意。", en="The face needs separate consent of its own.",
            ),
            ground(
                "pipl.29/offer", Question.OFFER,
                face_way & any_kind & facts.assessment_approved & facts.device_enrolled
                & facts.on_device & facts.other_ways.at_least(1),
                On.SEPARATE_CONSENT, also=("face.6",),
                zh="可以请人选择刷脸，须先告知并取得单独同意。",
                en="The face may be offered; notice and separate consent come first.",
            ),
            ground(
                "pipl.29/capture", Question.CAPTURE,
                face_way & any_kind & facts.notice_shown & facts.notice_current
                & facts.separate_consent & facts.on_device & facts.device_enrolled
                & facts.assessment_approved & facts.other_ways.at_least(1)
                & facts.face_attempts.below(values.face_attempts) & _grown_or_guarded,
                On.SEPARATE_CONSENT, also=("pipl.14", "face.6", "netdata.22"),
                zh="已告知并就此取得单独同意，可以开启摄像头。",
                en="The notice was shown and separate consent given; the camera may open.",
            ),
            bar(
                "pipl.29/capture-without-consent", Question.CAPTURE, ~facts.separate_consent,
                "capture.consent-missing", also=("pipl.14", "spc.2", "netdata.22", "face.6"),
                zh="没有单独同意，摄像头不得开启。", en="Without separate consent the camera stays shut.",
                mend_zh="取得单独同意，或者换一种方式。", mend_en="Obtain separate consent, or use another way.",
            ),
            bar(
                "pipl.29/v06", Question.OBSERVE, facts.capture_before_consent, "v06",
                also=("app191.3", "netdata.22", "face.6"),
                zh="先采集、后同意。", en="Capture came before consent.",
                mend_zh="停用该流程，删除所采集的人脸。", mend_en="Stop this flow; delete the faces captured.",
            ),
            ground(
                "pipl.29/face-kept", Question.RETAIN,
                facts.retention_kind.one_of("face") & ~facts.purpose_done
                & facts.days_kept.at_most(values.face_on_device_ceiling_days),
                On.SEPARATE_CONSENT, also=("pipl.19", "face.8"),
                zh="本人同意在终端内保存，尚在期内。",
                en="The person agreed to its keeping in the device and the term still runs.",
            ),
        ),
    ),
    _(
        "30", "处理敏感个人信息的，还要告知必要性和对个人权益的影响。",
        "For sensitive information, necessity and impact on the person are told as well.",
        Held.CONSTRUCTION,
        why=("刷脸告知缺少必要性或者影响一项就不能发布。", "A face notice without necessity or impact cannot be published."),
    ),
    _(
        "31", "处理不满十四周岁的人的信息，须经父母或者其他监护人同意，并有专门的处理规则。",
        "For a child under 14 a parent or other guardian consents, under rules of their own.",
        Held.CHECK, Held.AUDIT,
        rules=(
            bar(
                "pipl.31/child-alone", Question.CAPTURE, _child_alone, "capture.guardian-missing",
                also=("children.9", "netdata.22", "face.7"),
                zh="不满十四周岁，须由监护人同意，或者换一种方式。",
                en="Under 14: a guardian consents, or another way is used.",
                mend_zh="请监护人同意，或者由工作人员用别的方式办理。",
                mend_en="Ask a guardian, or let staff serve in another way.",
            ),
            bar(
                "pipl.31/v23", Question.OBSERVE, _child_alone & facts.offers_face, "v23",
                also=("children.9", "face.7"),
                zh="未经监护人同意向不满十四周岁的人刷脸。",
                en="A face was taken of a child under 14 without a guardian's consent.",
                mend_zh="删除该人脸信息，停用并补上监护人步骤。",
                mend_en="Delete the face; stop; add the guardian's step.",
            ),
        ),
        values=("child_age",),
    ),
    _(
        "32", "法律、行政法规对敏感个人信息另有许可或者限制的，从其规定。",
        "Permits or limits in other laws or administrative regulations prevail.",
        Held.OUT, why=("未见适用于这些场景的许可。", "No such permit for these scenes was found."),
    ),
)  # fmt: skip
