"""A table with a row for each step of a check: which columns say so, and what each step is to us."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from liangming.audit.guess import names, personal
from liangming.audit.guess.moments import Written, written
from liangming.audit.ingest.mapping import MOMENTS, STEP

if TYPE_CHECKING:
    from liangming.audit.guess.columns import Guessed

_STEP: Final = (
    ("step", r"步骤|环节|节点|动作|(^|_)(step|stage|action|event_?type)(_?(name|code))?$"),
)
_CHECK: Final = (("check", r"(查验|核验|认证|验证|流水|业务|单|会话)(编?号|标识|id)|(check|trace|session|order|verify|flow)_?(id|no)|^id$"),)  # fmt: skip
_OURS: Final = (
    (
        "declined_face",
        r"(拒绝?|不同意|不愿)(使用)?(刷脸|人脸)|declin\w*_?face|face_?(declin|refus)",
    ),
    ("notice_at", r"告知|notice"),
    ("consent_at", r"(单独)?(同意|授权)|consent"),
    ("capture_at", r"采集|拍照|抓拍|capture"),
    ("ways_failed", r"失败|fail"),
    ("ways_offered", r"(展示|列出|提供)(方式)?|offer|show"),
    ("way_chosen", r"选择|选定|choose|chosen|select"),
    ("outcome", r"完成|结果|结束|result|finish|complete|^end$"),
    ("at", r"开始|进入|打开|发起|创建|start|begin|open|create"),
)
"""What a step of such a name is to us; the first that fits."""
_ROWS: Final = 1.5
"""So many rows for each number at least, where rows are steps."""
_WHY: Final = ("那一步的行", "in the row of that step")


def steps(found: Guessed) -> None:
    """Note the columns of the check and of the step, and what the steps seem to be."""
    sample = found.sample
    step = next((name for name in sample.names if names.naming(name, _STEP)), "")
    check = next((name for name in sample.names if name != step and _repeats(found, name)), "")
    if not step or not check or step in found.columns.values():
        return
    found.steps = (check, step)
    kinds = Counter(value.strip() for value in sample.columns[step] if value.strip())
    words = personal.showable(kinds)
    found.words_of_steps = tuple(words)
    for name in (check, step):
        found.other.pop(name, None)
    moment, form = _moment(found)
    said = next((name for name in found.other if name != moment), "")
    if "event" not in found.columns:
        found.columns["event"], found.why["event"] = check, ("查验的编号", "the check's number")
    for word in words:
        _take(found, names.matching(word, _OURS), word, moment, said)
    if moment and ("at" in found.columns or set(MOMENTS) & found.columns.keys()):
        found.moment = form
    for name in (moment, said):
        found.other.pop(name, None)


def _repeats(found: Guessed, name: str) -> bool:
    """Whether a column is the number of a check that has several rows."""
    values = [value for value in found.sample.columns[name] if value]
    return bool(names.naming(name, _CHECK)) and 0 < len(set(values)) * _ROWS <= len(values)


def _moment(found: Guessed) -> tuple[str, Written]:
    """The column of the steps' moments, and how they are written."""
    mapped = [found.columns["at"]] if "at" in found.columns else []
    for name in (*mapped, *found.other):
        form = written(found.sample.columns[name])
        if form.form:
            return name, form
    return "", Written()


def _take(found: Guessed, ours: str, word: str, moment: str, said: str) -> None:
    """Map one of ours to the step that is it, where its column is known."""
    step = found.steps[1]
    if ours == "declined_face" and ours not in {**found.columns, **found.present}:
        found.present[ours] = f"{step}{STEP}{word}"
        return
    column = moment if ours == "at" or ours in MOMENTS else said
    taken = ours in found.columns and STEP in found.columns[ours]
    if not ours or ours == "declined_face" or not column or taken:
        return
    found.columns[ours], found.why[ours] = f"{column}{STEP}{word}", _WHY
    rows = zip(found.sample.columns[step], found.sample.columns[column], strict=True)
    found.step_values[ours] = [value for kind, value in rows if kind.strip() == word]
