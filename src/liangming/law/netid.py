"""国家网络身份认证公共服务管理办法: the network number (网号) and credential (网证), voluntary.

Only articles 1 and 2 have a number; the other duties come from summaries.
"""

from __future__ import annotations

from datetime import date
from typing import Final

from liangming.law.drafting import Sheet
from liangming.rules import Article, Grade, Held, Instrument, Rank, Span

INSTRUMENT: Final = Instrument(
    id="netid",
    zh="国家网络身份认证公共服务管理办法",
    en="Measures for the National Online Identity Authentication Public Service",
    number="公安部等六部门令第173号",
    rank=Rank.RULE,
    address="",
    force=Span(date(2025, 7, 15)),
)

_article = Sheet(INSTRUMENT, Grade.B)
_UNNUMBERED: Final = ("条号未核实，因此不写条号。", "The number is not verified and is not given.")

ARTICLES: Final[tuple[Article, ...]] = (
    _article(
        "1",
        "立法目的和依据：网络安全法、数据安全法、个人信息保护法等。",
        "Purpose and basis.",
        Held.OUT,
        why=("立法目的，不含具体义务。", "A purpose, not a duty."),
    ),
    _article(
        "2",
        "网号由字母和数字组成，不含明文身份信息；网证承载网号和非明文身份信息。",
        "A network number is letters and digits without plain identity; a credential carries it and non-plain identity data.",
        Held.CONSTRUCTION,
        why=(
            "网络凭证只交回核验结果，没有要求时不落明文。",
            "The credential brings back a result; no plain data are stored where none is required.",
        ),
    ),
    _article(
        "voluntary",
        "是否申领、使用由个人自愿；保留原有和其他合法方式，不用网号的人得到同等服务。",
        "Use is voluntary; other lawful ways stay and those without it get the same service.",
        Held.SCENE,
        number="",
        why=_UNNUMBERED,
    ),
    _article(
        "plain",
        "用户以网号、网证核验的，平台不得再要求提供明文身份信息，法律、行政法规另有规定或者用户同意的除外。",
        "Who verifies by it may not be asked for plain identity again, unless a law or administrative regulation says so or the user agrees.",
        Held.CHECK,
        number="",
        why=(
            "实名收寄的登记义务见快递暂行条例，属于另有规定；条号未核实。",
            "Registering a sender rests on the express regulation, which says otherwise; number not verified.",
        ),
    ),
    _article(
        "result",
        "依法不需要留存身份信息的，公共平台只返回核验结果；只收集必需的信息。",
        "Where keeping identity is not legally required only the result is returned.",
        Held.CONSTRUCTION,
        number="",
        why=_UNNUMBERED,
    ),
    _article(
        "minors",
        "未满十四周岁的由监护人代为申领；已满十四未满十八周岁的须经监护人同意或者在其监护下申领。",
        "Below 14 the guardian applies; from 14 to 18 with the guardian's consent or supervision.",
        Held.OUT,
        number="",
        why=(
            "申领环节，不在查验之内；条号未核实。",
            "About applying, not about a check; number not verified.",
        ),
    ),
    _article(
        "sending",
        "在寄件场景能否以网证代替出示证件：未核实。",
        "Whether a credential replaces showing a document when sending: not verified.",
        Held.OPEN,
        number="",
        grade=Grade.C,
        why=("没有读到条文，不作为规则执行。", "No text was read; never enforced."),
    ),
)
