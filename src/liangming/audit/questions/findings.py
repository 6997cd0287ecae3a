"""Hard findings: what a single row can show, each with its rule in the law.

The catalogue is the inspector's (V01 to V30). Each finding has two conditions: *tested* (the row
says enough, and the rule concerns it) and *shows*. A column that is missing makes a row untested;
it never makes it pass. What no row can show is listed with the reason in :data:`NOT_IN_LOGS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import ibis.expr.types as ir

from liangming.audit.questions.reading import Word
from liangming.audit.schema import FACE

Condition = Callable[[Word], ir.BooleanValue]


@dataclass(frozen=True, slots=True)
class Finding:
    """One hard finding.

    Attributes:
        code: its column in a cell; never changed once published.
        number: its number in the catalogue, empty for our own.
        citations: rules or articles of the corpus, the one that says it first.
        needs: columns and facts without which it cannot be tested.
        tested: whether a row can be tested for it.
        shows: whether a tested row shows it; meaningless where it is not tested.
        zh: what was seen, in one sentence.
        en: the same in English.
    """

    code: str
    number: str
    citations: tuple[str, ...]
    needs: tuple[str, ...]
    tested: Condition
    shows: Condition
    zh: str
    en: str


def _yes(
    code: str,
    fact: str,
    *citations: str,
    zh: str,
    en: str,
    offered: bool = False,
    expected: bool = False,
    number: str = "",
) -> Finding:
    """A finding that one fact decides: that it is so, or (``expected``) that it is not so."""

    def tested(word: Word) -> ir.BooleanValue:
        return word.face_offered & word.known(fact) if offered else word.known(fact)

    def shows(word: Word) -> ir.BooleanValue:
        return word.no(fact) if expected else word.yes(fact)

    needs = ("ways_offered", fact) if offered else (fact,)
    return Finding(code, number or code.upper(), citations, needs, tested, shows, zh, en)


FINDINGS: Final = (
    Finding(
        "v01", "V01", ("face.10/v01",), ("ways_offered",),
        lambda w: w.face_offered,
        lambda w: w.others_open == 0,
        "刷脸是当时唯一能用的方式。", "The face was the only way that worked.",
    ),
    Finding(
        "v02", "V02", ("face.10/v02",), ("ways_offered", "way_first"),
        lambda w: w.face_offered & (w.others > 0) & (w.first_known | w.known("face_emphasised")),
        lambda w: w.first(FACE) | w.yes("face_emphasised"),
        "刷脸排在第一位或者更醒目。", "The face stood first or looked larger than the other ways.",
    ),
    Finding(
        "v03", "V03", ("pipl.16/v03",), ("ways_offered", "declined_face", "outcome", "reason"),
        lambda w: w.declined & ~w.outcome("unknown") & ~(w.outcome("refused") & w.reason("none")),
        lambda w: w.outcome("refused") & w.reason("other"),
        "拒绝刷脸之后被拒绝服务，且没有法定理由。", "Refused after declining the face, without a lawful reason.",
    ),
    _yes("v04", "face_rewarded", "face.12/v04", offered=True, zh="刷脸有优惠或奖励。", en="The face was rewarded."),
    _yes("v05", "service_pretext", "pipl.6/v05", offered=True, zh="只以提升服务为理由要求刷脸。", en="Better service was the only reason given for the face."),
    _yes("v06_notice", "capture_before_notice", "pipl.17/v06", number="V06", zh="告知之前就开始采集。", en="The capture began before the notice."),
    Finding(
        "v06_consent", "V06", ("pipl.29/v06",), ("capture_before_consent", "separate_consent"),
        lambda w: w.known("capture_before_consent") | (w.face_used & w.known("separate_consent")),
        lambda w: w.yes("capture_before_consent") | (w.face_used & w.no("separate_consent")),
        "没有单独同意就采集了人脸。", "The face was captured without separate consent.",
    ),
    Finding(
        "v06_expired", "V06", ("pipl.29", "pipl.14", "pipl.15"), ("consent_current",),
        lambda w: w.face_used & w.known("consent_current"),
        lambda w: w.no("consent_current"),
        "依据已过期或者已撤回的同意采集了人脸。", "The face was captured on a consent that had expired or been withdrawn.",
    ),
    _yes("v07", "notice_shown", "pipl.17/v07", expected=True, zh="没有告知。", en="No notice was shown."),
    _yes("v07_expired", "notice_current", "pipl.17", "pipl.14", expected=True, number="V07", zh="所示告知不是现行版本。", en="The notice that was shown was not the current version."),
    _yes("v09", "consent_bundled", "spc.4/v09", zh="同意与其他授权捆绑。", en="The consent was bundled with other permissions."),
    _yes("v10", "face_preselected", "face.12/v10", offered=True, zh="刷脸被预先选中。", en="The face was preselected."),
    _yes("v11", "asked_again", "netdata.22", "app191.3", zh="拒绝后48小时内再次询问刷脸。", en="Asked for the face again within 48 hours of a decline."),
    _yes("v12", "withdrawal_channel", "pipl.15/v12", offered=True, expected=True, zh="同意无处撤回。", en="Consent could not be withdrawn."),
    Finding(
        "v15", "V15", ("face.8/v15",), ("face_left_device", "transfer_consent"),
        lambda w: w.no("face_left_device") | (w.yes("face_left_device") & w.known("transfer_consent")),
        lambda w: w.yes("face_left_device") & w.no("transfer_consent"),
        "人脸信息传出设备，没有就此取得单独同意。", "The face left the device without a consent that names it.",
    ),
    _yes("v16", "kept_too_long", "pipl.19", "pipl.47", "face.8", zh="人脸信息超过期限仍在保存。", en="The face was kept past its term."),
    _yes("v17", "score_recorded", "face.8/v17", zh="记录了人脸图像、模板或者分数。", en="An image, template or score of the face was recorded."),
    _yes("v18", "assessment_approved", "pipl.55/v18", offered=True, expected=True, zh="没有已批准的影响评估就提供刷脸。", en="The face was offered without an approved assessment."),
    _yes("v20", "sign_displayed", "pipl.26/v20", offered=True, expected=True, zh="没有显著标识。", en="No prominent sign was displayed."),
    _yes("v22", "private_space", "face.13/v22", offered=True, zh="设备位于私密空间。", en="The device stood in a private space."),
    Finding(
        "v23", "V23", ("pipl.31/v23",), ("under_14", "guardian_consent"),
        lambda w: w.face_used & (w.no("under_14") | (w.yes("under_14") & w.known("guardian_consent"))),
        lambda w: w.yes("under_14") & w.no("guardian_consent"),
        "对不满十四周岁的人刷脸，没有监护人同意。", "A face of a child under 14 without a guardian's consent.",
    ),
    _yes("v24", "shared_without_consent", "pipl.23", zh="未经单独同意提供给他人。", en="Given to others without separate consent."),
    _yes("v27", "complaint_channel", "netdata.20/v27", offered=True, expected=True, zh="没有公布投诉渠道。", en="No complaint channel was published."),
    _yes("v28", "phone_forced", "pipl.6/v28", zh="强制提供手机号。", en="A phone number was forced."),
    _yes("again", "collected_again", "pipl.6", number="–", zh="已登记的寄件人被再次采集信息。", en="A registered sender's data were collected again."),
    _yes("repeat", "face_repeated", "pipl.6", "face.4", number="–", zh="已经核验过，又要求刷脸。", en="A face was asked for after an earlier check."),
)  # fmt: skip

NOT_IN_LOGS: Final = {
    "V08": (
        "告知难以找到或看清，要看页面",
        "a notice that is hard to reach or read: look at the page",
    ),
    "V13": ("删除渠道，要提出删除请求来验证", "a deletion channel: make a request"),
    "V14": ("答复期限，要看请求记录", "time to answer: see the request log"),
    "V19": (
        "加密、访问控制、入侵检测，要看配置",
        "encryption, access, intrusion detection: see the set-up",
    ),
    "V21": (
        "公共安全影像另作他用，要看数据流向",
        "security images used otherwise: see the data flows",
    ),
    "V25": ("维护单位的合同和监督，要看合同", "maintenance without contract: see the contract"),
    "V26": ("备案，要看存储人数和回执", "filing: see the number stored and the receipt"),
    "V29": ("未经同意的商业信息，要看发送记录", "commercial messages: see the message log"),
    "V30": ("事件处置，要看事件记录", "incidents: see the incident log"),
}
"""What no row of an event file can show, and where to look instead."""
