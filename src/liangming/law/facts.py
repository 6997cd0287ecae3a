"""The facts that rules may name. A fact that nobody gives is unknown, never false.

Grouped by the moment at which they are known. Every fact has a sentence in Chinese and English,
because ``liangming law explain`` prints them to lawyers.
"""

from __future__ import annotations

from liangming.rules import Vocabulary

VOCABULARY = Vocabulary()
_fact = VOCABULARY.fact

# Any moment
kind = _fact("kind", str, zh="场景类型", en="kind of scene")
channel = _fact("channel", str, zh="渠道", en="channel")
method = _fact("method", str, zh="方式", en="way to show who one is")

# A scene is configured
asks_identity = _fact("asks_identity", zh="场景要求表明身份", en="the scene asks who a person is")
offers_face = _fact("offers_face", zh="场景提供刷脸", en="the scene offers the face")
alternatives = _fact(
    "alternatives", int, zh="不用人脸的可用方式数", en="number of live ways without a face"
)
plain_alternatives = _fact(
    "plain_alternatives",
    int,
    zh="既不用人脸也不用智能手机的方式数",
    en="number of live ways that need neither a face nor a smartphone",
)
face_first = _fact("face_first", zh="刷脸排在第一位", en="the face stands first")
face_preselected = _fact("face_preselected", zh="刷脸被预先选中", en="the face is preselected")
face_emphasised = _fact(
    "face_emphasised",
    zh="刷脸的卡片更大、更醒目或显得更快",
    en="the face looks larger, stronger or faster than the other ways",
)
face_rewarded = _fact(
    "face_rewarded", zh="刷脸有优惠或奖励", en="the face is rewarded by price, prize or queue"
)
bait_words = _fact(
    "bait_words",
    zh="场景文字含诱导用语（推荐、最快、更安全、免单……）",
    en="the scene's texts contain bait words",
)
purpose_stated = _fact("purpose_stated", zh="写明处理目的", en="the purpose is stated")
purpose_only_service = _fact(
    "purpose_only_service",
    zh="目的仅写“提升服务”“安全”等笼统理由",
    en="the only purpose given is better service, experience or security",
)
notice_named = _fact("notice_named", zh="指定了告知文本", en="a notice is named")
contact_stated = _fact(
    "contact_stated",
    zh="写明处理者名称和联系方式",
    en="the processor's name and contact are stated",
)
complaint_channel = _fact(
    "complaint_channel", zh="公布投诉渠道", en="a complaint channel is stated"
)
withdrawal_channel = _fact(
    "withdrawal_channel", zh="提供撤回与删除的途径", en="a way to withdraw and delete is offered"
)
retention_stated = _fact(
    "retention_stated", zh="每个字段都写明保存期限", en="every field has a stated retention"
)
identity_retention_days = _fact(
    "identity_retention_days", int, zh="身份信息保存天数", en="days the identity record is kept"
)
face_retention_days = _fact(
    "face_retention_days", int, zh="人脸信息在设备内保存天数", en="days a face stays in the device"
)
extra_fields = _fact(
    "extra_fields",
    zh="收集了该场景不必要的信息",
    en="fields beyond the necessary ones are collected",
)
phone_forced = _fact(
    "phone_forced", zh="强制绑定手机号、会员或关注", en="a phone number or membership is forced"
)
face_leaves_device = _fact(
    "face_leaves_device", zh="人脸信息传出设备", en="face information leaves the device"
)
face_transfer_consent = _fact(
    "face_transfer_consent",
    zh="就向外传输取得单独同意",
    en="a separate consent names the sending out",
)
assessment_approved = _fact(
    "assessment_approved",
    zh="个人信息保护影响评估已批准且未过时",
    en="an approved, current impact assessment exists",
)
sign_displayed = _fact(
    "sign_displayed", zh="公共场所设有显著提示标识", en="a prominent sign is displayed"
)
private_space = _fact(
    "private_space",
    zh="设备位于客房、浴室、更衣室、卫生间等私密空间",
    en="the device stands in a hotel room, bath, changing room, toilet or the like",
)
one_to_many = _fact("one_to_many", zh="一对多辨识", en="one-to-many identification")
staff_help = _fact("staff_help", zh="有人工协助", en="staff help is at hand")
unequal_channels = _fact(
    "unequal_channels",
    zh="同一企业同一义务在不同渠道要求不同",
    en="one operator's channels demand different things for one duty",
)
channel_reason = _fact(
    "channel_reason", zh="书面说明了渠道差异的理由", en="the difference has a written reason"
)
province = _fact("province", str, zh="所在地（省级行政区划代码）", en="province code of the place")

# A check is under way
letter = _fact("letter", zh="所寄为信件", en="a letter is sent")
agreement_signed = _fact(
    "agreement_signed", zh="已签订安全协议的用户", en="the sender has a signed safety agreement"
)
organisation = _fact("organisation", zh="寄件人为单位", en="the sender is an organisation")
representative_document = _fact(
    "representative_document",
    zh="已核对法定代表人或负责人的身份证件",
    en="the representative's document was checked",
)
for_another = _fact("for_another", zh="代他人交寄", en="sent on behalf of another person")
returning = _fact("returning", zh="曾在本企业登记", en="registered with this operator before")
verified_at_order = _fact(
    "verified_at_order", zh="下单时已核验身份", en="identity was verified when ordering"
)
handed_over_unseen = _fact(
    "handed_over_unseen",
    zh="快件未当面交接",
    en="the parcel was left without anyone meeting the sender",
)
document_shown = _fact("document_shown", zh="出示了有效身份证件", en="a valid document was shown")
document_accepted = _fact(
    "document_accepted", zh="证件类型在可用范围内", en="the document type is accepted"
)
document_expired = _fact("document_expired", zh="证件已过期", en="the document has expired")
refused_to_show = _fact(
    "refused_to_show", zh="拒绝出示身份证件", en="the sender refused to show any"
)
data_matches = _fact("data_matches", zh="证件与运单一致", en="document and waybill agree")
known_untrue = _fact("known_untrue", zh="发现身份信息不实", en="the data are known to be untrue")
source_up = _fact("source_up", zh="核验来源可用", en="the confirming source answers")
source_confirmed = _fact("source_confirmed", zh="核验来源确认一致", en="the source confirmed")
registered = _fact("registered", zh="身份信息已登记", en="the identity was registered")
entitled = _fact(
    "entitled", zh="取件码、票证或付款有效", en="pick-up code, ticket or payment is valid"
)
asks_repeat_face = _fact(
    "asks_repeat_face", zh="已核验后又要求刷脸", en="a face is asked although verified before"
)
notice_shown = _fact("notice_shown", zh="已先行告知", en="the notice was shown before")
notice_current = _fact(
    "notice_current", zh="告知为现行版本", en="the notice shown is the version in force"
)
separate_consent = _fact(
    "separate_consent",
    zh="就该目的、该设备、该版本告知取得单独同意",
    en="separate consent for this purpose, device and notice version",
)
declined_before = _fact(
    "declined_before", zh="本次已拒绝该方式", en="the person declined this way in this check"
)
declined_face = _fact("declined_face", zh="已拒绝刷脸", en="the person declined the face")
hours_since_decline = _fact(
    "hours_since_decline", int, zh="距上次拒绝的小时数", en="hours since the person last declined"
)
age = _fact("age", int, zh="周岁", en="age in full years")
guardian_consent = _fact(
    "guardian_consent", zh="取得监护人同意", en="a parent or guardian consented"
)
other_ways = _fact(
    "other_ways", int, zh="此刻可选的其他方式数", en="number of other ways open at this moment"
)
on_device = _fact("on_device", zh="在本机设备内比对", en="the comparison runs inside the device")
device_enrolled = _fact(
    "device_enrolled", zh="终端已登记且未停用", en="the device is enrolled and not disabled"
)
face_attempts = _fact("face_attempts", int, zh="本次刷脸次数", en="face attempts in this check")
reason = _fact("reason", str, zh="拒绝理由", en="the reason for refusing")

# A record is kept
retention_kind = _fact(
    "retention_kind",
    str,
    zh="记录种类（identity、face、proof、assessment、log、waybill）",
    en="kind of record (identity, face, proof, assessment, log, waybill)",
)
days_kept = _fact("days_kept", int, zh="已保存天数", en="days kept so far")
purpose_done = _fact("purpose_done", zh="处理目的已实现", en="the purpose is done")
legal_hold = _fact("legal_hold", zh="法定保存期未满", en="a statutory period still runs")

# An event in a log is observed
capture_before_notice = _fact(
    "capture_before_notice", zh="先采集后告知", en="capture came before the notice"
)
capture_before_consent = _fact(
    "capture_before_consent", zh="先采集后同意", en="capture came before consent"
)
refused_after_decline = _fact(
    "refused_after_decline", zh="拒绝刷脸后被拒绝服务", en="service was refused after declining"
)
score_recorded = _fact(
    "score_recorded",
    zh="记录中含人脸图像、模板或分数",
    en="an image, template or score was recorded",
)
consent_bundled = _fact("consent_bundled", zh="同意与其他授权捆绑", en="the consent was bundled")
