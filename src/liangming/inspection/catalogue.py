"""What an inspector may find: V01 to V30, each with what to look at and the articles it rests on.

The numbering is ours, after the published lists of the campaigns of 2019 to 2026, and so is the choice
of articles: it is no official list. How well a violation is known is the weakest grade among its
articles; one that rests on a standard alone says so, for a standard is not law.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from liangming.rules import Corpus
from liangming.rules.articles import Grade, Rank


@dataclass(frozen=True, slots=True)
class Violation:
    """One kind of violation.

    Attributes:
        id: ``V01`` …, never changed.
        zh, en: what it is.
        look_zh, look_en: what an inspector asks to see.
        citations: ids of articles on file.
    """

    id: str
    zh: str
    en: str
    look_zh: str
    look_en: str
    citations: tuple[str, ...]

    def grade(self, corpus: Corpus) -> Grade:
        """The weakest grade among its articles."""
        return max(corpus.articles[each].grade for each in self.citations)

    def standard_only(self, corpus: Corpus) -> bool:
        """Whether it rests on recommended standards alone."""
        return all(
            corpus.instruments[corpus.articles[each].instrument].rank is Rank.STANDARD
            for each in self.citations
        )


def _v(number: int, zh: str, en: str, look: tuple[str, str], *citations: str) -> Violation:
    return Violation(f"V{number:02}", zh, en, *look, citations)


VIOLATIONS: Final = (
    _v(1, "人脸是开柜、付款、进门、寄件的唯一方式", "A face is the only way to open, pay, enter or send",
       ("其他方式的清单，逐一试用", "the list of other ways, each tried"), "face.10"),
    _v(2, "有其他方式，但被隐藏、更慢、更贵或只给会员", "Another way is hidden, slower, dearer or for members",
       ("屏幕位置、大小、耗时、价格", "place and size on the screen, time, price"), "face.10", "spc.4"),
    _v(3, "拒绝就不给办", "Declining ends the service",
       ("拒绝之后试着办完", "decline, then try to finish"), "pipl.16", "app191.4"),
    _v(4, "以免单、优惠或文案引诱刷脸", "A face is induced by free orders, discounts or wording",
       ("屏幕和宣传文字", "screen and advertising texts"), "face.12"),
    _v(5, "只以“提升服务”或“安全”为由", "Better service or security is the only reason given",
       ("告知文本", "the notice's text"), "face.12", "app191.4"),
    _v(6, "告知和同意之前已开始采集", "Capture begins before notice and consent",
       ("存证中的事件次序", "the order of events in the log"), "app191.3", "pipl.17"),
    _v(7, "没有告知或缺项", "No notice, or items are missing",
       ("逐项对照告知", "the notice, item by item"), "pipl.17", "pipl.30", "face.5"),
    _v(8, "告知难找或难读", "The notice is hard to reach or to read",
       ("点击次数、字号、对比度", "taps, size of letters, contrast"), "app191.1"),
    _v(9, "同意与条款、会员、手机号捆绑", "Consent is bundled with terms, membership or a phone number",
       ("同意页面", "the page of consent"), "spc.4", "app191.4"),
    _v(10, "默认勾选，或“继续即同意”", "A tick by default, or going on counts as consent",
        ("同意的控件", "how consent is given"), "app191.3"),
    _v(11, "拒绝之后再次询问", "Asking again after a refusal",
        ("同一次查验中的询问", "what was asked again within a check"), "netdata.22", "app191.3"),
    _v(12, "没有撤回或关闭，或比同意更难", "No way to withdraw, or a harder one than to consent",
        ("两个方向各数步骤", "steps counted both ways"), "pipl.15", "app191.3"),
    _v(13, "没有删除渠道、不合理条件，或后台没有真正删除", "No way to erase, unreasonable terms, or not really erased",
        ("提出一次删除并核对", "a request to erase, followed through"), "pipl.47", "app191.6"),
    _v(14, "超过承诺期限才答复", "Answers come later than promised",
        ("请求登记", "the register of requests"), "app191.6"),
    _v(15, "未经单独同意把人脸信息传出设备", "Face data leave the device without separate consent",
        ("网络抓包、架构", "network capture, architecture"), "face.8"),
    _v(16, "保存超过必要或所称期限", "Kept longer than needed or stated",
        ("期限设置、最早的记录", "terms set, the oldest record"), "face.8", "pipl.19", "pipl.47"),
    _v(17, "保存原始图像，或模板与身份数据放在一起", "Raw images are kept, or templates beside identity data",
        ("查看存储", "the storage itself"), "gbt35273.6.3"),
    _v(18, "没有影响评估、事后补做、没有更新或未保存三年", "No assessment, made afterwards, not renewed or not kept three years",
        ("报告和日期", "report and dates"), "pipl.55", "pipl.56", "face.9"),
    _v(19, "没有加密、访问控制、审计或入侵检测", "No encryption, access control, audit trail or intrusion detection",
        ("配置和日志", "configuration and logs"), "face.14", "pipl.51"),
    _v(20, "公共场所没有显著标识", "No prominent sign in a public place",
        ("现场照片", "a photograph of the place"), "pipl.26", "face.13"),
    _v(21, "把公共安全摄像用于营销或计数", "Public-security cameras used for marketing or counting",
        ("用途清单、数据流向", "list of purposes, flows of data"), "pipl.26"),
    _v(22, "在更衣室、卫生间、客房等私密空间安装", "A device in a changing room, toilet or hotel room",
        ("现场图", "the plan of the site"), "face.13", "video.8"),
    _v(23, "未满十四周岁未经监护人同意或无专门规则", "Under fourteen without a guardian's consent or rules of their own",
        ("年龄步骤、监护人记录", "the step for age, records of guardians"), "pipl.31", "face.7"),
    _v(24, "未经单独同意提供给支付机构、房东、SDK", "Given to a payment firm, landlord or SDK without separate consent",
        ("合同、SDK 清单", "contracts, list of SDKs"), "pipl.23", "app191.5"),
    _v(25, "维护公司接触数据而无合同或监督", "A maintenance firm has access without contract or supervision",
        ("委托合同、访问日志", "contract of entrustment, access log"), "pipl.21", "netdata.12"),
    _v(26, "存储十万人以上人脸未备案或变更未备案", "100,000 faces or more stored and not filed, or a change not filed",
        ("数量、备案回执", "the count, the filing's receipt"), "face.15"),
    _v(27, "没有公布投诉渠道", "No published way to complain",
        ("屏幕、标识", "screen, signs"), "netdata.20", "app191.6"),
    _v(28, "强制手机号、会员、生日、性别", "A phone number, membership, birthday or sex is forced",
        ("不填这些走一遍", "the flow without them"), "pipl.6", "app191.4"),
    _v(29, "未经同意发送商业信息", "Commercial messages without consent",
        ("短信记录", "the message log"), "consumer.29"),
    _v(30, "事件没有立即处置或没有通知", "An incident was not handled at once or not notified",
        ("事件记录和时间", "the incident log and its times"), "pipl.57", "incident.4"),
)  # fmt: skip
"""Every violation, by number."""

by_id: Final = {violation.id: violation for violation in VIOLATIONS}
