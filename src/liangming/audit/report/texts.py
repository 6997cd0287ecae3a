"""The report's own words, in both languages. What a finding says stands in ``statistics.words``."""

from __future__ import annotations

from typing import Final

from liangming.audit.statistics.words import Both, Tongue

TEXTS: Final[dict[str, Both]] = {
    "title": ("事件日志审计报告", "Audit of event logs"),
    "opening": (
        "本报告指出值得去看的地方。数字突出不等于强迫；到现场看过，才有结论。",
        "This report says where to look. A number that stands out is not yet coercion; only a visit can tell.",
    ),
    "made": ("生成", "made"),
    "days": ("数据", "data"),
    "operators": ("企业", "operators"),
    "chain": ("中间结果链条", "chain of partial files"),
    "overview": ("总览", "Overview"),
    "asked": ("个网点被问到", "outlets asked about"),
    "stand": ("个网点突出", "outlets stand out"),
    "leads": ("处待查线索", "leads, not flagged"),
    "scenes": ("个场景整体超限", "whole scenes beyond a limit"),
    "checks": ("次查验计入", "checks counted"),
    "left": ("行未计入", "rows left out"),
    "reading": ("怎样读", "How to read this"),
    "reading1": (
        "每个网点与同类相比：同一场景类型、同一渠道、同一省份；刷脸比例还要求大小相近、一天中的时段相当。同类之间本来就有差别，这一差别先被估计出来，再看谁明显超出。",
        "Each outlet is compared with its peers: same kind of scene, channel and province; for the share of faces also about the same size and hours of the day. Peers differ honestly; that is estimated first, then who is clearly beyond it.",
    ),
    "reading2": (
        "所有网点、所有问题一起控制误标：每 100 个“突出”里，预计至多 5 个是普通网点。效果太小的不列，哪怕数字很“显著”。",
        "False flags are held down over all outlets and questions together: of 100 that stand out at most 5 are expected to be ordinary. Small effects are not listed, however significant by chance alone.",
    ),
    "reading3": (
        "人人如此的，同类比不出来；因此另有绝对界限，见“场景整体”。这些界限是亮明自定的，不是法律。",
        "What everybody does, peers cannot show; so there are absolute limits, under Whole scenes. They are our own, not the law's.",
    ),
    "whole": ("场景整体", "Whole scenes"),
    "whole_none": ("没有场景整体超过界限。", "No whole scene is beyond a limit."),
    "all_operators": ("全部企业", "all operators"),
    "outlets": ("个网点", "outlets"),
    "channels": ("各渠道要求不同", "Unequal channels"),
    "channels_none": ("没有发现同一企业的各渠道对同一件事要求不同。", "No operator's channels were found to ask for different things."),
    "channels_note": (
        "同一件事，一处几乎人人遇到，另一处几乎没有。有书面理由就能排除；每一侧至少 500 次查验。",
        "What nearly everybody meets at one kind of place and nearly nobody at another, for the same matter. A written reason clears it; each side has at least 500 checks.",
    ),
    "most_at": ("最多", "most at"),
    "picture": ("网点分布", "The outlets in one picture"),
    "picture_note": (
        "横轴是查验次数，纵轴是选择刷脸的比例。浅色带里是 99% 的普通同类；▲ 突出，○ 待查线索，■ 其余网点。色带里也有 ▲：那里突出的是别的问题，不是比例。",
        "Across: number of checks; up: share that chose the face. The pale band holds 99% of ordinary peers; ▲ stands out, ○ lead, ■ all others. A ▲ inside the band stands out in another question than its share.",
    ),
    "n_axis": ("查验次数", "checks"),
    "share_axis": ("刷脸", "face"),
    "findings": ("突出之处", "What stands out"),
    "none": ("没有网点突出。", "No outlet stands out."),
    "more": ("其余 {n} 处见表格文件。", "{n} more are in the table file."),
    "clears": ("什么能排除", "What would clear it"),
    "look": ("到现场看", "On the spot"),
    "law": ("若属实，涉及", "If so, this touches"),
    "bar": ("▲ 这里，｜ 同类通常，粗线为至少", "▲ here, | usual, thick line: at least"),
    "course": ("随时间的变化", "Course in time"),
    "course_note": (
        "带是按此前和季节可以预期的范围；▲ 为变化之后。",
        "The band is what was to be expected from before; ▲ is after the change.",
    ),
    "stop": ("。", ". "),
    "share_note": (
        "带是同类网点通常范围（三个标准差，只计抽样）；▲ 在带之上。",
        "The band is what is usual among peers (three deviations, of chance alone); ▲ is above it.",
    ),
    "silent_nothing": ("没有一行显示可以重复的问题", "no row shows a finding that could recur"),
    "visits": ("走访计划", "Plan of visits"),
    "visits_note": (
        "先去涉及问题多的；再去几处线索；最后几处由结果本身抽签决定，用来看普通网点是什么样，也让人无从挑选。",
        "First those with most questions, then some leads; the last are drawn by lot from the results themselves: they show what is ordinary, and nobody picks them.",
    ),
    "where": ("网点", "outlet"),
    "why": ("为什么", "why"),
    "lot": ("抽签", "drawn by lot"),
    "lead": ("线索：比例高，可能出于自愿", "lead: a high share, perhaps by preference"),
    "leads_title": ("待查线索", "Leads"),
    "leads_note": (
        "这些网点刷脸比例高，但同一批人在别处也常刷脸（可能出于自愿），或者没有足够的数据分辨。不列为突出。",
        "These outlets have a high share of faces, but the same people choose it elsewhere too (perhaps by preference), or the data cannot tell. They are not flagged.",
    ),
    "prefer": ("可能出于自愿", "perhaps by preference"),
    "untold": ("数据不足以分辨", "cannot be told apart"),
    "unpaired": (
        "文件没有说明同一批人在别处的选择（face_elsewhere），因此刷脸比例高与自愿偏好无法分开。",
        "The files do not say how the same people go elsewhere (face_elsewhere), so a high share cannot be told from preference.",
    ),
    "hard": ("记录本身显示的问题", "What rows show by themselves"),
    "hard_note": (
        "逐行检验；“检验”为 0 表示无法检验，不表示没有问题。",
        "Row by row; “tested” 0 means not testable, never clean.",
    ),
    "shown": ("显示", "shown"),
    "tested": ("检验", "tested"),
    "finding": ("问题", "finding"),
    "untestable": ("没有检验的", "What was not tested"),
    "question": ("问题", "question"),
    "thin": ("数据太少", "too few cases"),
    "silent_column": ("文件没有这些内容", "no file says it"),
    "silent_support": ("每处都数据太少", "too few cases everywhere"),
    "not_in_logs": ("日志看不出、须到现场看的", "What no log shows: look there"),
    "left_out": ("未计入的行", "Rows left out"),
    "nothing_left": ("没有。", "None."),
    "astray": (
        "另有 {n} 次查验的日期离其余的很远（可能是时钟或者年份写错）。它们计入了，但不在时间轴上。",
        "{n} checks lie on days far from all others (perhaps a wrong clock or year). They count, but are not on the axis of time.",
    ),
    "reason": ("原因", "reason"),
    "rows": ("行数", "rows"),
    "legal": ("所引条文", "Articles cited"),
    "legal_note": (
        "条文为亮明自己的转述，不是原文。可信度 A 通读，B 可靠页面引用。",
        "Paraphrases are ours, not the official text. Grade A: read in full; B: quoted by a reliable page.",
    ),
    "contents": ("目录", "Contents"),
    "of": ("：", ": "),
    "and": ("；", "; "),
    "no_font": (
        "本机没有中文字体（Noto Sans CJK），打印件中的汉字可能缺失。",
        "This machine has no Chinese font (Noto Sans CJK); Chinese may be missing in print.",
    ),
}  # fmt: skip

LEFT_OUT: Final[dict[str, Both]] = {
    "required-missing": ("缺少必需的列", "a required column is missing"),
    "moment-unfit": ("时间不合理", "the moment does not fit"),
    "zone-unfit": ("时区不合理", "the zone does not fit"),
    "duplicate": ("完全相同的事件，只计一次", "events that stand twice, counted once"),
    "conflict": (
        "编号相同而内容不同的事件，都不计",
        "events of one number that differ, none counted",
    ),
    "malformed-row": ("不成行的文字", "lines that are no rows"),
    "moment-ahead": ("时间晚于读取的次日", "a moment later than the day after it was read"),
}


def say(name: str, tongue: Tongue) -> str:
    """One text in one language."""
    return TEXTS[name][0 if tongue == "zh" else 1]
