"""网络安全法, as in force from 2026-01-01: logs, confidentiality, nothing unrelated, remedy.

The log duty under its earlier number stands in ``csl2016``.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law.drafting import Sheet
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

AMENDED: Final = date(2026, 1, 1)

INSTRUMENT: Final = Instrument(
    id="csl",
    zh="中华人民共和国网络安全法",
    en="Cybersecurity Law of the People's Republic of China",
    number="",
    rank=Rank.LAW,
    address="",
    force=Span(AMENDED),
    note_zh="2025年10月28日修正，自2026年1月1日起施行；多处条号后移。",
    note_en="Amended 2025-10-28, in force from 2026-01-01; many articles were renumbered.",
)

_article = Sheet(INSTRUMENT, Grade.A)

ARTICLES: Final[tuple[Article, ...]] = (
    _article(
        "23",
        "网络安全等级保护：确定负责人，防入侵，监测并留存网络日志不少于六个月，数据分类、备份和加密。",
        "Graded protection: a responsible person, defence, monitoring with logs kept six months or more, classification, backup, encryption.",
        Held.DUTY,
        values=("network_log_months",),
    ),
    _article(
        "24",
        "网络产品、服务收集用户信息的，应当向用户明示并取得同意。",
        "Products that collect user information tell the user and obtain consent.",
        Held.CONSTRUCTION,
        why=("先告知后询问。", "Notice comes before the question."),
    ),
    _article(
        "26",
        "办理入网、域名、电话、信息发布、即时通讯等服务须提供真实身份；国家支持可信的电子身份认证。寄递本身不在其列。",
        "Real identity for network access, domains, phones, publishing and messaging; trusted electronic identity is promoted. Sending parcels is not among them.",
        Held.OUT,
        why=(
            "不能作为寄件时查验身份的依据，更不是刷脸的依据。",
            "No basis for checking a sender, let alone for a face.",
        ),
    ),
    _article(
        "42",
        "对收集的用户信息严格保密，建立用户信息保护制度；处理个人信息并须遵守民法典和个人信息保护法。",
        "User information is kept strictly confidential; processing also follows the Civil Code and the personal information law.",
        Held.CONSTRUCTION,
        why=("登记信息封存。", "Registered data are sealed."),
    ),
    _article(
        "43",
        "收集、使用个人信息遵循合法、正当、必要原则，公开规则并经同意；不得收集与服务无关的个人信息。",
        "Lawful, legitimate, necessary; public rules and consent; nothing unrelated to the service.",
        Held.SCENE,
        why=(
            "场景的字段清单封闭，多出的字段不能上线。",
            "Fields are a closed list; a scene with more does not go live.",
        ),
    ),
    _article(
        "44",
        "不得泄露、篡改、毁损个人信息，未经同意不得提供，经处理无法识别且不能复原的除外；发生或者可能发生泄露的，立即补救、告知用户并报告。",
        "No leaking, altering or destroying; no giving without consent unless irreversibly anonymised; after an actual or possible leak remedy at once, tell users, report.",
        Held.CLOCK,
        why=("泄露事件有步骤和期限。", "A leak has its steps and dates."),
    ),
    _article(
        "61",
        "不履行安全保护义务的，责令改正、警告并可处罚款；造成大量数据泄露等严重、特别严重后果的，罚款加重。",
        "Breach of the protection duties: correction, warning, possibly a fine; much more for large leaks.",
        Held.OUT,
        why=("处罚由主管部门决定。", "Fines are for the authority to decide."),
    ),
    _article(
        "64",
        "应当查验真实身份而未查验的，责令改正，可以处罚款。",
        "Where real identity is required and was not checked: correction and possibly a fine.",
        Held.OUT,
        why=("只与第二十六条所列服务有关。", "Concerns the services of article 26 only."),
    ),
)
