"""The mapping as a file: each line with why it stands there, and what a person must answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from liangming.audit.guess.columns import Guessed
from liangming.audit.ingest.mapping import LISTS
from liangming.audit.schema import FACTS

OPEN: Final = "# 待答 to answer"
"""How a line begins that a person must answer; ``audit validate`` tells how many are left."""
_FACTS: Final = tuple(fact.name for fact in FACTS)
_CONSTANT: Final = {
    "operator": ("企业的代号，自己取；整个文件一家", "a code for the operator, of your choice; one for the whole file"),
    "outlet": ("找不到网点的列；没有网点，一行也不能计入。网点只在文件名里的，写 [file]", "no column of outlets was found; without one no row counts. Where only the file's name says it, write [file]"),
    "channel": ("渠道，若整个文件相同", "the channel, if the same in the whole file"),
    "scene_kind": ("场景类型，若整个文件相同", "the kind of scene, if the same in the whole file"),
}  # fmt: skip
_WANTED: Final = {
    "event": ("每次查验不变、不重复的编号（请厂商给摘要，不要运单号）；没有它，重复的认不出", "a number of each check that never changes (a digest, no waybill number); without it repeats are not seen"),
    "ways_offered": ("当时给了哪些方式；没有它，“只给刷脸”检验不了", "which ways were offered; without it “face only” cannot be tested"),
    "way_chosen": ("最先选了哪种方式", "which way was chosen first"),
    "way_completed": ("最后用哪种方式完成", "which way completed"),
    "outcome": ("结果", "the outcome"),
    "declined_face": ("本人是否拒绝刷脸；没有它，“拒绝之后变慢、被拒”检验不了", "whether the person declined the face; without it what follows a decline cannot be tested"),
    "notice_shown": ("是否先行告知", "whether the notice was shown first"),
    "separate_consent": ("刷脸是否取得单独同意", "whether separate consent to the face was given"),
    "duration_ms": ("用时", "how long it took"),
    "face_elsewhere": ("此人上次在别的网点是否刷脸；没有它，偏好与被迫分不开", "whether the person's last check elsewhere was by face; without it preference and pressure look alike"),
}  # fmt: skip


def text(found: Guessed) -> str:
    """The file's text."""
    return "\n".join([*_head(found), *_columns(found), *_values(found), *_rest(found)]) + "\n"


def questions(mapping: str) -> list[str]:
    """What is still to be answered in a mapping's text."""
    return [
        line.removeprefix(OPEN).lstrip("：: ")
        for line in mapping.splitlines()
        if line.startswith(OPEN)
    ]


def _head(found: Guessed) -> Iterator[str]:
    sample, moment = found.sample, found.moment
    yield f"# 由 liangming audit map 从 {_said(sample.file)} 的列名和前 {sample.rows} 行起草；不含任何人的信息。"
    yield f"# Begun by liangming audit map from the names of columns and the first {sample.rows} rows; nothing about a person."
    yield f"# 请逐行核对；以“{OPEN.removeprefix('# ')}”开头的要人来回答，答完删去那一行。写法 form: docs/spec/events.md"
    yield "version = 1"
    if sample.encoding != "utf-8":
        yield f"encoding = {_said(sample.encoding)}"
    if sample.skip:
        yield f"skip = {sample.skip}                             # 列名上面的行 lines above the names"
    if sample.inside:
        yield f"rows = {_said(sample.inside)}                         # 查验在这个列表里 the checks are in this list"
    if sample.sheet:
        yield f"sheet = {_said(sample.sheet)}"
    yield from _steps(found)
    yield from _times(found)
    if moment.form and moment.form != ("iso",):
        form = moment.form[0] if len(moment.form) == 1 else list(moment.form)
        yield f"moment = {_said(form)}"
    if moment.ambiguous:
        yield _open(
            "日和月的先后从这些行看不出，上一行只是其中一种",
            "these rows do not show whether day or month comes first; the line above is one of two",
        )
    if found.unit and found.unit != "ms":
        yield f"unit = {_said(found.unit)}                           # 列名说的 as its name says"
    if "duration_ms" in found.columns and not found.unit:
        yield _open(
            "用时的单位（ms、s、min），列名没有说",
            "the unit of the duration; its name does not say",
        )
        yield '# unit = "s"'
    if found.separator and found.separator != "|":
        yield f"separator = {_said(found.separator)}                     # 方式之间 between ways"


def _steps(found: Guessed) -> Iterator[str]:
    if not found.steps:
        return
    check, step = found.steps
    yield _open(
        "像是每一步一行、一次查验好几行，所以写了下一行，列写成“列@步骤”。核对每一步是什么；若一行就是一次查验，删去它",
        "rows seem to be steps, several for each check, hence the line below, and columns as COLUMN@STEP. Check what each"
        " step is; where a row is a check, remove it",
    )
    yield f"steps = {{ check = {_said(check)}, step = {_said(step)} }}"
    if found.words_of_steps:
        yield f"# 步骤有 steps are called: {'、'.join(found.words_of_steps)}"


def _times(found: Guessed) -> Iterator[str]:
    if "zone" in found.columns or not found.moment.form:
        return
    if found.moment.offsets and not found.moment.utc:
        yield "# 时刻自己写明了时差 moments say their own offset"
        return
    if found.moment.utc:
        yield _open(
            "网点在哪个时区？时刻是 UTC，没有说网点在哪里",
            "which time zone are the outlets in? Moments are in UTC and do not say",
        )
    else:
        yield _open(
            "时刻是哪个时区的？文件没有说：北京时间写 +08:00；若是 UTC，请厂商写成带 Z 的",
            "of which time zone are the moments? The file does not say. China's is +08:00; if they are in UTC, ask for"
            " moments that end in Z",
        )
    yield '# zone = "+08:00"'


def _columns(found: Guessed) -> Iterator[str]:
    yield "\n[columns]"
    for ours, some in found.joined.items():
        yield f"{ours} = {_said(list(some))}   # 日期和时刻在两列 the day and the time stand in two columns"
    for ours, theirs in found.columns.items():
        zh, en = found.why[ours]
        line = f"{ours} = {_said(theirs)}   # {zh} · {en}"
        yield f"# {line}" if ours == "duration_ms" and not found.unit else line
    if "at" not in {**found.columns, **found.joined}:
        yield _open("开始时刻是哪一列？没有找到", "which column is the beginning? None was found")
        yield '# at = "…"'
    for ours, told in _WANTED.items():
        if ours not in {**found.columns, **found.present} and not (
            ours == "ways_offered" and (found.ways or found.unclear_ways)
        ):
            yield f"# 没有 none: {ours} — {told[0]} · {told[1]}"
    yield from _constants(found)


def _constants(found: Guessed) -> Iterator[str]:
    yield "\n[constants]"
    for ours, told in _CONSTANT.items():
        if ours not in found.columns:
            yield _open(*told)
            first = {"channel": "counter", "scene_kind": "parcel.send.counter"}.get(ours, "…")
            yield f'# {ours} = "{first}"'
    if found.present:
        yield "\n[present]"
        for fact, theirs in found.present.items():
            why = "有值就是保存了；值没有看 a value there is the finding; none was kept"
            if fact != "score_recorded":
                why = "有这一步就是“是” yes where there is such a step"
            yield f"{fact} = {_said(theirs)}   # {why}"


def _ways(found: Guessed) -> Iterator[str]:
    if found.ways or found.unclear_ways:
        yield "\n[ways.ways_offered]   # 每种方式一列，是与否 a column for each way, yes or no"
        yield from (f"{_said(way)} = {_said(theirs)}" for way, theirs in found.ways.items())
    if found.unclear_ways:
        yield _open(
            f"这 {len(found.unclear_ways)} 列各是哪种方式？从这些里选：{'、'.join(LISTS['way'])}",
            f"which way is each of these {len(found.unclear_ways)} columns? Choose from this list",
        )
        yield from (f'# "…" = {_said(theirs)}' for theirs in found.unclear_ways)
    if found.marks:
        yield "\n[values.fact]"
        yield _open(
            "这些列里的记号和空白是“是”还是“否”？没有答的算“未知”",
            "are marks and blanks of these columns a yes or a no? What is not answered is not known",
        )
        yield from (f'# {_said(mark)} = "…"' for mark in sorted(found.marks))


def _values(found: Guessed) -> Iterator[str]:
    yield from _ways(found)
    for name, words in found.words.items():
        ours = set(LISTS[name])
        foreign = {word: mine for word, mine in words.items() if word not in ours}
        hidden = found.hidden[name]
        if not foreign and not hidden:
            continue
        yield f"\n[values.{name}]"
        for word, mine in foreign.items():
            if mine:
                yield f"{_said(word)} = {_said(mine)}"
        unclear = [word for word, mine in foreign.items() if not mine]
        if unclear:
            yield _open(
                f"[values.{name}] 里的 {len(unclear)} 个词是什么？从这些里选：{'、'.join(LISTS[name])}",
                f"what do {len(unclear)} words of [values.{name}] mean? Choose from this list; a word without an answer is not known",
            )
        for word in unclear:
            yield f'# {_said(word)} = "…"'
        if hidden:
            yield f"# 另有 {hidden} 个词只出现一次、太长或像号码，没有写出 · {hidden} more words stand once, are long or like numbers, and are not shown"


def _rest(found: Guessed) -> Iterator[str]:
    if found.personal:
        yield "\n# 疑似个人信息：不用，值也不写出 personal: left out, no value shown"
        yield from (f"#   {_said(theirs)}" for theirs in found.personal)
    if found.other:
        yield "\n# 没有用的列 columns that are not used"
        yield from (f"#   {_said(theirs)}: {zh} · {en}" for theirs, (zh, en) in found.other.items())
    facts = [name for name in _FACTS if name not in {*found.columns, *found.present, *_WANTED}]
    yield "\n# 还可以对应的事实 facts that may be mapped as well: " + ", ".join(facts)


def _open(*told: str) -> str:
    zh, en = told
    return f"{OPEN}：{zh} · {en}"


def _said(value: str | list[str]) -> str:
    """A text or list as TOML spells it."""
    return json.dumps(value, ensure_ascii=False)
