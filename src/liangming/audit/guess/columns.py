"""Which of a vendor's columns is which of ours, and why; and what cannot be known from a file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from liangming.audit.guess import names, personal, shapes
from liangming.audit.guess.moments import Written, written
from liangming.audit.guess.sample import Sample
from liangming.audit.ingest.mapping import LIST_OF, MOMENTS, NO, YES

Words = tuple[str, str]
"""The same in Chinese and in English."""

UNIQUE: Final = 0.99
SEPARATORS: Final = ("|", ",", "，", "、", ";", "；", "/", "+")
_SEPARATED: Final = 0.2
_CODES: Final = ("编码", "编号", "代码", "代号", "id", "code", "no")
_BARE: Final = re.compile(r"方式|methods?|ways?|options?", re.IGNORECASE)
"""Names that do not say whether the ways were offered or used."""
_NAMED_PLACES: Final = ("outlet", "operator")


@dataclass(slots=True)
class Guessed:
    """What a sample seems to be.

    Attributes:
        sample: what was read.
        columns: ours to theirs.
        why: for each of ours.
        present: facts that are so where their column is not empty.
        personal: their columns that may be about a person.
        other: their columns that are not used, each with why.
        moment: how the moments of ``at`` are written.
        separator: between ways, where it was seen.
        unit: of the duration, where its name says it.
        words: of each closed list, theirs to ours; ours is empty where it is not clear.
        hidden: how many words of a list are not shown.
        days: columns of ``at`` that say a day and no time.
        joined: moments that stand in two columns.
        ways: of ways offered, our way to the column that says whether it is open.
        unclear_ways: columns that say whether a way is open, and not clearly which.
        marks: what stands in those columns beside a yes or no, such as a tick or nothing.
        steps: the columns of the check and of the step, where rows seem to be steps.
        words_of_steps: what the steps are called.
        step_values: of ours that stand in the row of a step, the values there.
    """

    sample: Sample
    columns: dict[str, str] = field(default_factory=dict)
    why: dict[str, Words] = field(default_factory=dict)
    present: dict[str, str] = field(default_factory=dict)
    personal: list[str] = field(default_factory=list)
    other: dict[str, Words] = field(default_factory=dict)
    moment: Written = field(default_factory=Written)
    separator: str = ""
    unit: str = ""
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    hidden: Counter[str] = field(default_factory=Counter)
    days: list[str] = field(default_factory=list)
    joined: dict[str, tuple[str, str]] = field(default_factory=dict)
    ways: dict[str, str] = field(default_factory=dict)
    unclear_ways: list[str] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)
    steps: tuple[str, ...] = ()
    words_of_steps: tuple[str, ...] = ()
    step_values: dict[str, list[str]] = field(default_factory=dict)


NOT_KNOWN: Final = ("不认识", "not known")


def guessed(sample: Sample) -> Guessed:
    """Look at each column's name, and at its values where it may be ours."""
    found = Guessed(sample)
    for theirs in _ordered(sample):
        values = sample.columns[theirs]
        ours = names.naming(theirs, names.COLUMNS)
        named = any(map(personal.by_name, names.within(theirs))) and ours not in _NAMED_PLACES
        if shapes.is_open(theirs, values):
            found.other[theirs] = NOT_KNOWN
        elif names.naming(theirs, (("score", names.SCORE),)):
            _score(found, theirs)
        elif named or personal.by_values(values):
            found.personal.append(theirs)
        elif ours:
            _column(found, ours, theirs, values)
        elif fact := names.naming(theirs, names.FACTS):
            _fact(found, fact, theirs, values)
        else:
            found.other[theirs] = NOT_KNOWN
    order = [*(ours for ours, _ in (*names.COLUMNS, *names.FACTS))]
    found.columns = dict(sorted(found.columns.items(), key=lambda one: order.index(one[0])))
    shapes.apart(found)
    _words(found)
    return found


def _ordered(sample: Sample) -> Iterator[str]:
    """The better of two that may be the same first: codes before names, beginnings before ends."""

    def rank(name: str) -> tuple[bool, bool]:
        later = bool(names.naming(name, (("later", names.LATER),)))
        return later, not name.lower().endswith(_CODES)

    yield from sorted(sample.names, key=rank)


def _score(found: Guessed, theirs: str) -> None:
    if "score_recorded" in found.present:
        found.other[theirs] = (
            "也像分数或图像；只能写一列",
            "a score or image, too; one column only",
        )
    else:
        found.present["score_recorded"] = theirs


def _column(found: Guessed, ours: str, theirs: str, values: list[str]) -> None:
    if ours in found.columns:
        found.other[theirs] = (f"{ours} 已经有了", f"{ours} is taken")
        return
    why: Words | None = ("列名", "its name")
    if ours == "at" or ours in MOMENTS:
        why = _moment(found, ours, theirs, values)
    elif ours == "ways_offered" and _BARE.fullmatch(theirs) and _one_each(values):
        # What was offered would then be one way alone, and each face a finding.
        ours = "way_completed"
        if ours in found.columns:
            found.other[theirs] = ("每行只有一种方式", "one way in each row")
            return
        why = (
            "每行只有一种方式，所以不是“提供了哪些”",
            "one way in each row, so it is not what was offered",
        )
    elif ours == "event":
        why = _number(found, theirs, values)
    elif ours == "province" and not all(v.isdecimal() and len(v) in (2, 6) for v in values if v):
        found.other[theirs] = ("省份只读代码，不读名称", "provinces are read as codes, not names")
        why = None
    elif ours == "duration_ms":
        found.unit = names.naming(theirs, names.UNITS)
        why = ("列名", "its name") if found.unit else ("列名；单位待答", "its name; unit open")
    if why is not None:
        found.columns[ours] = theirs
        found.why[ours] = why


def _one_each(values: list[str]) -> bool:
    """Whether each row has one word, and not all the same."""
    return not _separator(values) and len(set(values) - {""}) > 1


def _moment(found: Guessed, ours: str, theirs: str, values: list[str]) -> Words | None:
    if ours == "at" and shapes.is_day(values):
        found.days.append(theirs)
        found.other[theirs] = ("只有日期", "a day only")
        return None
    form = written(values)
    if not form.form:
        found.other[theirs] = ("读不成时刻", "cannot be read as moments")
        return None
    if ours == "at":
        found.moment = form
    elif found.moment.form and found.moment.form != form.form:
        found.other[theirs] = ("写法与 at 不同", "written otherwise than at")
        return None
    told = f"{form.read}/{form.of}"
    if ours == "at" and names.naming(theirs, (("later", names.LATER),)):
        return (
            f"只有结束的时刻，不是开始；{told} 行读得出",
            f"an end, no beginning was found; {told} rows read",
        )
    return f"列名；{told} 行读得出", f"its name; {told} rows read"


def _number(found: Guessed, theirs: str, values: list[str]) -> Words | None:
    said = [value for value in values if value]
    if len(set(said)) < UNIQUE * len(values):
        found.other[theirs] = ("像编号，但有重复或空的", "like a number, but repeated or empty")
        return None
    return "列名；没有重复", "its name; none stands twice"


def _fact(found: Guessed, fact: str, theirs: str, values: list[str]) -> None:
    if fact in found.columns:
        found.other[theirs] = (f"{fact} 已经有了", f"{fact} is taken")
        return
    said = [value for value in values if value]
    read = sum(value.lower() in (*YES, *NO) for value in said)
    if read < len(said):
        found.why[fact] = (
            f"列名；{read}/{len(said)} 行是读得懂的是与否，其余算“未知”",
            f"its name; {read}/{len(said)} rows are a yes or no that is read, others not known",
        )
    else:
        found.why[fact] = ("列名；是与否", "its name; yes or no")
    found.columns[fact] = theirs


def _words(found: Guessed) -> None:
    """The words of closed lists, with ours where one meaning is clear."""
    if "ways_offered" in found.columns:
        found.separator = _separator(_values_of(found, "ways_offered"))
    counts: dict[str, Counter[str]] = {}
    for ours in found.columns:
        if ours in LIST_OF:
            values = _values_of(found, ours)
            mark = found.separator if ours.startswith("ways_") else ""
            parts = (part for value in values for part in (value.split(mark) if mark else [value]))
            some = counts.setdefault(LIST_OF[ours], Counter())
            some.update(part.strip() for part in parts if part.strip())
    for name, some in counts.items():
        shown = personal.showable(some)
        found.words[name] = {word: names.matching(word, names.WORDS[name]) for word in shown}
        found.hidden[name] = len(some) - len(shown)


def _values_of(found: Guessed, ours: str) -> list[str]:
    """The values of one of ours; of a step those in its rows."""
    return found.step_values.get(ours) or found.sample.columns[found.columns[ours]]


def _separator(values: list[str]) -> str:
    many = {mark: sum(mark in value for value in values) for mark in SEPARATORS}
    best = max(SEPARATORS, key=lambda mark: many[mark])
    return best if many[best] > _SEPARATED * len(values) else ""
