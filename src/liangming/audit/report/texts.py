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
    "made": ("生成于", "Made"),
    "china": ("（北京时间）", " (Beijing time)"),
    "days": ("数据", "Data"),
    "operators": ("企业", "Operators"),
    "chain": ("中间结果链条的摘要", "Digest of the chain of partial files"),
    "chain_note": (
        "它固定了本报告所依据的中间结果：同一摘要，同一结果。",
        "It fixes what this report rests on: the same digest, the same results.",
    ),
    "overview": ("先做什么", "What to do first"),
    "asked": ("个网点参加比较", "outlets compared"),
    "stand": ("个网点突出", "outlets stand out"),
    "leads": ("处待查线索", "leads, not flagged"),
    "scenes": ("类场景整体超限", "kinds of scene beyond a limit"),
    "do_scene": ("先改整类场景：{name}", "Mend a whole kind of scene first: {name}"),
    "do_scenes": ("另有 {n} 处整体超限，见“场景整体”。", "{n} more are under Whole scenes."),
    "do_visit": ("去这几个网点", "Visit these outlets"),
    "do_visits": (
        "{flagged} 个网点突出，占 {asked} 个的 {part}。从涉及问题最多的开始；全部见“走访计划”。",
        "{flagged} of {asked} outlets stand out ({part}). Begin with those that do in most questions; the rest is in the plan of visits.",
    ),
    "do_rows": ("核对记录本身显示的问题", "Check what rows show by themselves"),
    "do_row": (
        "显示最多的：{name}（{k} 次，占可检验的 {part}）。共 {n} 项，见“记录本身显示的问题”。",
        "Most often: {name} ({k} times, {part} of those that can tell). Such findings in all: {n}, under What rows show.",
    ),
    "do_ask": ("请企业补齐记录", "Ask for what the files do not say"),
    "do_asked": (
        "{n} 项无法检验，因为没有一行写明；这不等于没有问题。缺哪些，见“没有检验的”。",
        "{n} findings cannot be tested, for no row says enough; that is not the same as clean. What is missing stands under What was not tested.",
    ),
    "do_calm": ("没有网点突出", "No outlet stands out"),
    "do_calmed": (
        "这不等于没有问题：看过下面抽签的几处和“没有检验的”，再下结论。",
        "That is not the same as clean: see the outlets drawn by lot and what was not tested before you conclude.",
    ),
    "do_channel": ("请企业说明各渠道为什么不同", "Ask why channels differ"),
    "do_channels": (
        "{n} 处，同一件事在一种渠道几乎人人遇到、在另一种几乎没有。有书面理由即可。",
        "In {n} cases nearly everybody meets at one channel what nearly nobody meets at another. A written reason clears it.",
    ),
    "do_empty": ("没有可以比较的网点", "There is no outlet to compare"),
    "do_emptied": (
        "没有计入任何查验。请核对文件和日期，再运行一次。",
        "No check was counted. Please look at the files and their days, and run again.",
    ),
    "by_operator": ("按企业", "By operator"),
    "by_operator_note": (
        "突出的网点多，也可能因为这家企业的网点多、查验多、数据全。",
        "More outlets may stand out also because an operator has more of them, more checks, or fuller data.",
    ),
    "operator": ("企业", "operator"),
    "differs": ("有多不同", "how they differ"),
    "counted": ("次数", "times"),
    "tests": ("检验次数", "tests"),
    "asked_short": ("参加比较", "compared"),
    "stand_short": ("突出", "stand out"),
    "part": ("占比", "share"),
    "mostly": ("最常见", "mostly"),
    "all_flagged": ("全部突出的网点", "Every outlet that stands out"),
    "all_note": (
        "按企业排列，点开查看；可用浏览器的查找功能搜网点。",
        "By operator; open one to see it. The browser's own search finds an outlet.",
    ),
    "among": ("{n} 个网点突出", "{n} outlets stand out"),
    "others": ("再显示 {n} 处", "Show {n} more"),
    "scene": ("整类场景超限，从中抽签", "drawn by lot from a kind of scene beyond a limit"),
    "ours": ("亮明自定", "our own"),
    "clean": ("检验了、没有一次显示的", "Tested, and never shown"),
    "blind": ("无法检验的", "Not testable"),
    "no_row": ("没有一行写明", "no row says enough of"),
    "lacks": ("文件没有", "not in the files:"),
    "none_shown": ("检验了的，没有一次显示。", "Nothing was shown by any row that could be tested."),
    "leads_none": ("没有待查线索。", "There is no lead."),
    "visits_none": ("没有可以走访的网点。", "There is no outlet to visit."),
    "funnel_alt": (
        "{name}：{n} 个网点，同类通常有 {usual} 选择刷脸；最低 {least}，最高 {most}；{flagged} 个突出，{leads} 处线索。",
        "{name}: {n} outlets; {usual} of checks by face is usual; least {least}, most {most}; {flagged} stand out, {leads} leads.",
    ),
    "course_alt": (
        "{outlet}：刷脸比例从 {first} 到 {last}，同类或此前通常 {usual}。",
        "{outlet}: the share of faces went from {first} to {last}; {usual} is usual.",
    ),
    "more_kinds": (
        "只画网点最多的 {n} 类；其余见网页。",
        "Only the {n} kinds with most outlets are drawn; the page has all of them.",
    ),
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
    "most_at": ("最多的网点", "Most at"),
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
    "bar": (
        "图：▲ 这里；竖线，通常；粗线从“至少”到这里（“至少”是 95% 区间的下端）。",
        "Bars: ▲ here; upright line, usual; thick line from “at least” to here (“at least” is the lower end of a 95% interval).",
    ),
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
        "每个网点只列一次。先去涉及问题多的；再去几处线索；最后几处由结果本身抽签决定，用来看普通网点是什么样，也让人无从挑选。",
        "Each outlet once. First those with most questions, then some leads; the last are drawn by lot from the results themselves: they show what is ordinary, and nobody picks them.",
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
        "逐行检验，不和别处比较。编号是检查清单的编号。",
        "Row by row, compared with nobody. The number is that of the inspection's catalogue.",
    ),
    "shown": ("显示", "shown"),
    "tested": ("检验", "tested"),
    "finding": ("问题", "finding"),
    "untestable": ("没有检验的", "What was not tested"),
    "question": ("问题", "question"),
    "number": ("编号", "number"),
    "article": ("条文", "article"),
    "wording": ("转述", "in our words"),
    "thin": ("太少未检验", "too few to test"),
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
    "stop_list": ("、", ", "),
    "of": ("：", ": "),
    "and": ("；", "; "),
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
    "counted-before": (
        "以前的文件里计过的",
        "events that an earlier file brought",
    ),
    "contradicting": (
        "编号与以前计过的相同而内容不同的",
        "events of a number that was counted before, saying something else",
    ),
    "moment-ahead": ("时间晚于读取的次日", "a moment later than the day after it was read"),
}


def say(name: str, tongue: Tongue) -> str:
    """One text in one language."""
    return TEXTS[name][0 if tongue == "zh" else 1]
