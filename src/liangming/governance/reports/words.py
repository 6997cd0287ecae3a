"""The closed lists of a report: what it is about, and what can come of it."""

from __future__ import annotations

import enum
from typing import Final

from liangming.scene.model import Text


class Topic(enum.StrEnum):
    """What a report is about, in the order in which the page shows it."""

    FORCED_FACE = "forced-face"  # 不刷脸就不办
    UNEQUAL = "unequal"  # 其他方式被藏起来、更慢、更贵
    NO_NOTICE = "no-notice"  # 没有告知，或说不清为什么
    TOO_MUCH = "too-much"  # 要得太多
    NOT_DELETED = "not-deleted"  # 不给删除、不能撤回
    LEAK = "leak"  # 信息被泄露、被拍照外传
    CHILD = "child"  # 不满十四周岁的人
    UNCHECKED = "unchecked"  # 该查验的没有查验
    OTHER = "other"  # 其他


class Outcome(enum.StrEnum):
    """How a report was closed. The first three were looked into; the others say why not."""

    UPHELD = "upheld"
    PARTLY = "partly"
    NOT_UPHELD = "not-upheld"
    DUPLICATE = "duplicate"
    UNCLEAR = "unclear"
    ELSEWHERE = "elsewhere"
    NOT_A_REPORT = "not-a-report"


TOPICS: Final = {
    Topic.FORCED_FACE: Text("不刷脸就不给办", "No service without a face"),
    Topic.UNEQUAL: Text(
        "别的方式被藏起来、更慢或者更贵", "Other ways are hidden, slower or dearer"
    ),
    Topic.NO_NOTICE: Text(
        "没有告知，或者说不清为什么要", "Nothing was explained, or nobody could say why"
    ),
    Topic.TOO_MUCH: Text("要的信息太多", "Too much information is asked for"),
    Topic.NOT_DELETED: Text(
        "不给删除、不能撤回", "Nothing is deleted, or consent cannot be withdrawn"
    ),
    Topic.LEAK: Text(
        "信息可能被泄露，或者被拍照外传", "Information may have leaked or been photographed"
    ),
    Topic.CHILD: Text("涉及不满十四周岁的人", "It concerns somebody under fourteen"),
    Topic.UNCHECKED: Text("该查验证件的没有查验", "Documents are not checked where they must be"),
    Topic.OTHER: Text("其他", "Something else"),
}
OUTCOMES: Final = {
    Outcome.UPHELD: Text("属实，已经改正", "It was so, and has been put right"),
    Outcome.PARTLY: Text("部分属实，属实的已经改正", "Partly so; that part has been put right"),
    Outcome.NOT_UPHELD: Text(
        "经核实，没有发现这样的情况", "Looked into; it was not found to be so"
    ),
    Outcome.DUPLICATE: Text(
        "同一件事已有举报，一并处理", "The same has been reported and is handled together"
    ),
    Outcome.UNCLEAR: Text(
        "写得不够具体，无法核实；欢迎补充后再次举报",
        "Too little to look into; please report again with more",
    ),
    Outcome.ELSEWHERE: Text(
        "不归本企业负责；去处写在答复里", "Not ours to answer for; the reply says where to turn"
    ),
    Outcome.NOT_A_REPORT: Text(
        "不是举报（广告等）", "Not a report (an advertisement, for instance)"
    ),
}
