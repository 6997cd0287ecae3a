"""What vendors call things: our columns by their names, and our words by theirs.

A word stands here only if it means one thing. *失败* (failed) does not: a reader that broke is
*undetermined*, a document that does not match is *refused*. Nor does *身份证* (identity card): it may be
seen or read.
"""

from __future__ import annotations

import re
from typing import Final

COLUMNS: Final[tuple[tuple[str, str], ...]] = (
    ("event", r"(核验|查验|认证|验证|记录|事件|流水)(编号|标识|号|id)|(单号|订单号|运单号)(摘要|哈希)|流水号|^编号$|^序列号$|(event|record|check|verify|trace|log|serial)_?(id|no|number)|^uuid$|^id$"),
    ("notice_at", r"告知时间|告知时刻|notice_?(at|time)|notified_?at"),
    ("consent_expires_at", r"(同意|授权)(到期|失效|截止)|consent_?expir"),
    ("consent_at", r"(同意|授权)(时间|时刻)|consent_?(at|time)|consented_?at"),
    ("capture_at", r"(采集|拍照|抓拍)(时间|时刻)|capture_?(at|time)|captured_?at"),
    ("at", r"(开始|发起|受理|办理|收寄|揽收|寄件|登记|核验|查验|认证|验证|发生|创建|操作|记录)(时间|时刻|日期)|^开始$|^时间$|^日期时间$|(start|begin|check|verify|event|create|open)\w*_?(at|time|date)|^(time|timestamp|datetime|at|ts)$|(^|_)(begin|start)$"),
    ("zone", r"时区|time_?zone|^zone$|utc_?offset|^tz$"),
    ("operator", r"^企业|^公司|品牌|快递公司|承运商|^operator(_?(code|name))?$|company|brand|carrier"),
    ("outlet", r"(网点|站点|门店|驿站|营业部|分部|场所|机构)(编码|编号|代码|代号|名称|id)?$|(outlet|station|branch|site|shop|store|location)(_?(id|no|code|name))?$"),
    ("clerk", r"工号|收寄员|快递员|业务员|操作员|柜员|员工|收派员|(clerk|courier|staff|employee|operator|user|agent)_?(id|no|code)$|^(clerk|courier|staff|employee)$"),
    ("province", r"省份|^省$|省(级)?(代码|编码)|province"),
    ("scene_kind", r"场景|业务类型|scene|business_?type"),
    ("channel", r"渠道|终端类型|设备类型|channel|terminal_?type"),
    ("ways_down", r"(故障|不可用|停用)(的)?(方式|渠道)|(methods?|ways?|options?)_?(down|unavailable)"),
    ("ways_failed", r"失败(的)?方式|(methods?|ways?)_?failed|failed_?(methods?|ways?)"),
    ("way_first", r"(首位|首个|默认|第一)(的)?(方式|选项)|(first|default)_?(method|way|option)"),
    ("ways_offered", r"(提供|可选|可用|支持)(的)?方式|方式列表|^方式$|(offered|available)_?(methods?|ways?|options?)|^(methods|ways|options)(_offered)?$|(^|_)(methods|ways|options)_(type|code|name|way)$"),
    ("way_chosen", r"(选择|选用|首选)(的)?(方式)?$|(chosen|selected)_?(method|way|option)?$|^choice$|(method|way)_?(chosen|selected)"),
    ("way_completed", r"(完成|实际|最终|核验|查验|认证|验证|使用|采用)(的)?方式|(completed|final|used|verify)_?(method|way|type)|(method|way)_?(used|completed)"),
    ("reason", r"(原因|理由)|reason"),
    ("outcome", r"结果|状态|outcome|result|^status$"),
    ("duration_ms", r"用时|耗时|时长|duration|elapsed|cost_?(time|ms)|time_?(cost|used)"),
)  # fmt: skip
FACTS: Final[tuple[tuple[str, str], ...]] = (
    ("declined_face", r"拒绝?(使用)?(刷脸?|人脸)|不同意刷脸|declined?_?face|face_?(declined?|refused)"),
    ("notice_shown", r"(是否)?(已)?告知$|notice_?shown|notified$"),
    ("separate_consent", r"单独同意|separate_?consent"),
    ("consent_bundled", r"(捆绑|一揽子)(同意|授权)|consent_?bundled"),
    ("asked_again", r"再次(询问|提示|弹出)|asked_?again"),
    ("face_preselected", r"(刷脸|人脸)?默认(勾选|选中)(刷脸|人脸)?|face_?preselected"),
    ("under_14", r"(未满|不满|小于)(14|十四)|under_?14"),
    ("guardian_consent", r"监护人(已)?同意|guardian_?consent"),
    ("face_left_device", r"(人脸|照片|图像)(是否)?(上传|外传|出端)|face_?(uploaded|left)"),
    ("collected_again", r"重复采集|collected_?again"),
    ("phone_forced", r"强制手机|phone_?(forced|required)"),
    ("face_elsewhere", r"(上次|此前)(在)?(别处|其他网点)?(是否)?刷脸|face_?elsewhere"),
)  # fmt: skip
SCORE: Final = (
    r"分数|得分|相似度|置信度|人脸(图|照|模板|特征)|照片|抓拍图|score|similarity|confidence|"
    r"template|face_?(image|photo|url|feature)|photo|image"
)
"""A score, an image or a template: that it is there is the finding."""

UNITS: Final = (
    ("ms", r"毫秒|(^|[^a-z])ms([^a-z]|$)|millis"),
    ("min", r"分钟|minutes?"),
    ("s", r"秒|(^|[^a-z])(s|sec|secs|seconds?)([^a-z]|$)"),
)
LATER: Final = r"结束|完成时间|更新|修改|end|finish|update|modif|complete"
"""A moment of this name is not the beginning."""

WORDS: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "way": (
        ("face", r"人脸|刷脸|脸部|^face"),
        ("network-credential", r"网证|网号|网络身份|ctid"),
        ("document.read", r"读卡|读证|刷身份证|nfc|card_?read|id_?card_?reader"),
        ("document.seen", r"出示(身份)?证件?|目视|人工(查验|核验)|manual|document_?seen"),
        ("organisation", r"营业执照|统一社会信用|单位证明|business_?licen"),
        ("pickup-code", r"取件码|提货码|pick_?up_?code"),
        ("order-code", r"寄件码|下单码|order_?code"),
        ("registered-sender", r"老用户|已登记|实名用户|returning|registered"),
        ("agreement", r"协议(用户|客户)|agreement"),
        ("ticket", r"门票|票据|^ticket"),
        ("payment-code", r"付款码|支付码|扫码支付|payment_?code"),
        ("cash", r"现金|^cash"),
        ("bank-card", r"银行卡|bank_?card"),
    ),
    "outcome": (
        ("passed", r"^(核验|查验|认证)?(成功|通过|一致|已?完成)$|^(pass(ed)?|success(ful)?|ok|verified)$"),
        ("refused", r"拒收|不予收寄|拒绝(收寄|办理)|^(refused|rejected)$"),
        ("expired", r"超时|过期|^(timeout|timed_?out|expired)$"),
        ("abandoned", r"取消|放弃|中止|退出|^(cancel(l?ed)?|abandon(ed)?|quit)$"),
        ("undetermined", r"无法判定|系统(错误|异常|故障)|设备(异常|故障)|^(error|unavailable|undetermined)$"),
    ),
    "reason": (
        ("no-document", r"(未|没)(带|出示|提供)(身份)?证件?|无证件|no_?document"),
        ("mismatch", r"人证不(符|一致)|不一致|mismatch"),
        ("untrue", r"虚假|不实|冒用|untrue|fake"),
        ("invalid-document", r"证件(过期|无效|失效)|invalid_?document|expired_?document"),
        ("no-guardian", r"监护人|guardian"),
        ("other", r"^其他$|^其它$|^other$"),
    ),
    "channel": (
        ("counter", r"柜台|窗口|^网点$|^counter$"),
        ("doorstep", r"上门|door_?(step|to_?door)?"),
        ("machine", r"自助|快递柜|智能柜|终端机|一体机|machine|kiosk|locker"),
        ("gate", r"闸机|门禁|gate"),
        ("online", r"线上|小程序|^app$|^h5$|online|mini_?program"),
    ),
    "scene_kind": (
        ("parcel.send.doorstep", r"上门(寄|收寄|揽收)"),
        ("parcel.send.counter", r"(柜台|网点|门店)(寄|收寄)"),
        ("parcel.send.locker", r"柜(寄|机寄件)|智能柜寄"),
        ("parcel.collect.locker", r"柜取|智能柜取"),
        ("parcel.collect.counter", r"(驿站|网点|门店)(取|取件)"),
    ),
}  # fmt: skip
_ALONE: Final = frozenset(
    {
        "id",
        "no",
        "code",
        "name",
        "type",
        "time",
        "at",
        "ts",
        "status",
        "value",
        "number",
        "start",
        "end",
    }
)
"""What a thing in something else is called says nothing without what it is in."""


def within(name: str) -> tuple[str, ...]:
    """What to look a column's name up by: its steps as one word, then the last where it says enough."""
    *outer, last = name.replace("[]", "").split(".")
    if not outer:
        return (name,)
    return ("_".join([*outer, last]), *(() if last.lower() in _ALONE else (last,)))


def naming(name: str, pairs: tuple[tuple[str, str], ...]) -> str:
    """The first of ours that a column's name means; '' for none."""
    return next((ours for said in within(name) if (ours := matching(said, pairs))), "")


def matching(name: str, pairs: tuple[tuple[str, str], ...]) -> str:
    """The first of ours that a name or word means; '' for none."""
    for ours, form in pairs:
        if re.search(form, name.strip(), re.IGNORECASE):
            return ours
    return ""
