"""The yes-or-no facts of an event.

Bit *i* of ``facts`` is the answer, bit *i* of ``known`` says that it was given. An answer that was
not given is neither yes nor no.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class RowFact:
    """One fact of one check.

    Attributes:
        name: its column in CSV, and in a mapping file; never changed once published.
        zh: what *yes* means.
        en: the same in English.
    """

    name: str
    zh: str
    en: str


FACTS: Final = (
    RowFact("declined_face", "本人拒绝了刷脸", "the person declined the face"),
    RowFact("notice_shown", "已先行告知", "the notice was shown first"),
    RowFact("notice_current", "告知版本仍有效", "the version of the notice was current"),
    RowFact("separate_consent", "就刷脸取得单独同意", "separate consent to the face was given"),
    RowFact("consent_current", "同意未过期、未撤回", "the consent was not expired or withdrawn"),
    RowFact("consent_bundled", "同意与其他授权捆绑", "the consent was bundled"),
    RowFact("capture_before_notice", "告知之前已采集", "a capture began before the notice"),
    RowFact("capture_before_consent", "同意之前已采集", "a capture began before the consent"),
    RowFact("asked_again", "拒绝后48小时内再次询问", "asked again within 48 hours of a decline"),
    RowFact("face_preselected", "刷脸被预先选中", "the face was preselected"),
    RowFact("face_emphasised", "刷脸显示得更大或更醒目", "the face looked larger or brighter"),
    RowFact("face_rewarded", "刷脸有优惠或奖励", "the face was rewarded"),
    RowFact("under_14", "不满十四周岁", "the person was under 14"),
    RowFact("guardian_consent", "监护人已同意", "a guardian consented"),
    RowFact("face_left_device", "人脸信息传出设备", "face data left the device"),
    RowFact("transfer_consent", "就传输取得单独同意", "separate consent named the sending out"),
    RowFact("score_recorded", "记录了图像、模板或分数", "an image, template or score was recorded"),
    RowFact("kept_too_long", "超过期限仍保存", "kept past its term"),
    RowFact("phone_forced", "必须提供手机号", "a phone number was forced"),
    RowFact("assessment_approved", "影响评估已批准", "an impact assessment was approved"),
    RowFact("sign_displayed", "设有显著标识", "a prominent sign was displayed"),
    RowFact("private_space", "位于私密空间", "the device stood in a private space"),
    RowFact("shared_without_consent", "未经单独同意提供给他人", "given to others without consent"),
    RowFact("service_pretext", "只以提升服务为目的", "the only purpose was better service"),
    RowFact("withdrawal_channel", "可以撤回", "consent could be withdrawn"),
    RowFact("complaint_channel", "可以投诉", "a complaint channel was published"),
    RowFact("collected_again", "已登记者被再次采集", "a registered sender was collected again"),
    RowFact("face_repeated", "已核验后又要求刷脸", "a face was asked after an earlier check"),
    RowFact(
        "face_elsewhere",
        "此人上次在另一网点用的是刷脸",
        "this person's last check at another outlet was by face",
    ),
)
"""29 facts; there is room for 1 more before the word must grow."""
