"""App违法违规收集使用个人信息行为认定方法 (国信办秘字〔2019〕191号), groups I–VI; all 31 items read (A)."""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law import facts
from liangming.law.drafting import Sheet, bar
from liangming.law.places import face_way
from liangming.law.words import Question
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

INSTRUMENT: Final = Instrument(
    id="app191",
    zh="App违法违规收集使用个人信息行为认定方法",
    en="Method for determining unlawful collection and use of personal information by apps",
    number="国信办秘字〔2019〕191号",
    rank=Rank.NORMATIVE,
    address="",
    force=Span(date(2019, 11, 28)),
    note_zh="各组依次编号为一至六。",
    note_en="Its groups are counted one to six.",
)
_ = Sheet(INSTRUMENT, Grade.A)
_NETDATA_DAY = date(2025, 1, 1)
_declined = facts.declined_before | facts.declined_face

ARTICLES: Final[tuple[Article, ...]] = (
    _("1", "未公开规则：没有政策；首次运行没有提示；点击超过四次；难以阅读或者没有简体中文。", "Rules not public: none; no prompt at first run; more than four taps; unreadable or no simplified Chinese.", Held.CONSTRUCTION, number="一", why=("告知就在选择页上，简体中文，可保存。", "The notice stands on the choice page, in simplified Chinese, and can be saved."), values=("policy_taps",)),
    _("2", "未明示：未逐一列出；变更未告知；索取敏感信息时未同步告知目的；晦涩难懂。", "Not stated: not listed one by one; changes untold; purpose not told when asking for sensitive data; obscure.", Held.CONSTRUCTION, number="二", why=("字段逐一列出目的和保存期。", "Every field is listed with purpose and retention.")),
    _(
        "3", "未经同意：同意前收集；拒绝后仍收集或者频繁征求；超范围；默认勾选；擅自改权限；无非定向选项；欺骗；没有撤回途径；违反自己的规则。",
        "Without consent: before it; after refusal or by frequent asking; beyond scope; default ticks; reset permissions; no untargeted option; deception; no withdrawal; against own rules.",
        Held.CHECK, Held.CONSTRUCTION, number="三",
        why=("没有默认勾选的控件；拒绝被记住。", "No control is ticked by default; a refusal is remembered."),
        rules=(
            bar(
                "app191.3/offer-declined", Question.OFFER, face_way & _declined,
                "offer.declined-before", also=("pipl.15",), until=_NETDATA_DAY,
                zh="此人已拒绝刷脸，不再请其刷脸。", en="This person declined the face; it is not offered again.",
                mend_zh="只列其他方式。", mend_en="List the other ways only.",
            ),
            bar(
                "app191.3/capture-declined", Question.CAPTURE, facts.declined_before,
                "capture.declined-before", also=("pipl.15",), until=_NETDATA_DAY,
                zh="此人本次已拒绝刷脸，摄像头不得开启。",
                en="This person declined the face in this check; the camera stays shut.",
                mend_zh="用别的方式完成查验。", mend_en="Finish the check in another way.",
            ),
        ),
    ),
    _("4", "不必要：类型与功能无关；不同意就拒绝功能；新功能挟持旧功能；频度过高；只为改善服务、体验、推送、研发；一次索取多项权限。", "Not necessary: unrelated types; refusal of functions; new blocking old; frequency; only for service, experience, push or research; many permissions at once.", Held.SCENE, number="四", why=("规则写在个人信息保护法第六、十六条下并引本条。", "The rules stand under PIPL 6 and 16 and cite it.")),
    _("5", "未经同意向他人提供：客户端、后台、接入的第三方。", "Given to others without consent: by client, back end or third party.", Held.CONSTRUCTION, number="五", why=("页面没有任何第三方代码。", "Pages carry no code of third parties.")),
    _("6", "没有更正、删除、注销途径；设不合理条件；超过十五个工作日；后台未真正办理；没有投诉途径或者超期。", "No correcting, deleting, closing; unreasonable conditions; beyond 15 working days; back end not done; no complaint channel or late.", Held.CLOCK, number="六", why=("请求和投诉都带期限；销毁可验证。", "Requests and complaints carry dates; shredding can be verified."), values=("request_working_days",)),
)  # fmt: skip
