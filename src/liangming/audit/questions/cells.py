"""Words to cells: every sum of a cell as a condition over words, weighted by their counts."""

from __future__ import annotations

from collections.abc import Iterator

import ibis.expr.types as ir

from liangming.audit.questions.findings import FINDINGS
from liangming.audit.questions.reading import Word, unpacked
from liangming.audit.schema import BANDS, CELL_KEYS, CELL_SUMS, FACE, WAYS, way_column


def cells(words: ir.Table) -> ir.Table:
    """The cells of some words; words of rows that were left out (a negative place) do not count."""
    row = unpacked(words.filter(words.place >= 0))
    night = row.n - row.morning - row.afternoon - row.evening
    weighed = {
        name: condition.ifelse(night if weight == "night" else row[weight], 0).cast("int64")
        for name, condition, weight in conditions(Word(row))
    }
    keys = {
        "day": row.day,
        "operator": row.operator,
        "outlet": row.outlet,
        "clerk": row.clerk,
        "scene_kind": row["_scene_kind"].cast("int32"),
        "province": row["_province"].cast("int32"),
        "channel": row["_channel"].cast("int32"),
    }
    wide = row.select(**keys, **weighed)
    summed = wide.group_by(list(CELL_KEYS)).aggregate(
        **{column.name: wide[column.name].sum() for column in CELL_SUMS}
    )
    whole = {column.name: summed[column.name].cast("int64") for column in CELL_SUMS}
    return summed.select(*CELL_KEYS, **whole)


def merged(parts: ir.Table, keys: tuple[str, ...], sums: tuple[str, ...]) -> ir.Table:
    """Cells added over what is not among the keys."""
    added = parts.group_by(list(keys)).aggregate(**{name: parts[name].sum() for name in sums})
    return added.select(*keys, **{name: added[name].cast("int64") for name in sums})


def conditions(word: Word) -> Iterator[tuple[str, ir.BooleanValue, str]]:
    """Each sum with its condition and the count it adds: ``n``, ``timed``, ``ln``, ``ln2`` or a band."""
    for name, condition in _counted(word):
        yield name, condition, "n"
    for name, condition in (("declined", word.declined), ("kept", word.kept)):
        passed = condition & word.outcome("passed")
        for weight in ("timed", "ln", "ln2"):
            yield f"{name}_{weight}", passed, weight
    for band in BANDS:
        yield f"face_offered_{band}", word.face_offered, band
        yield f"face_chosen_{band}", word.face_offered & word.chosen(FACE), band
        yield f"declined_{band}", word.declined, band


def _counted(word: Word) -> Iterator[tuple[str, ir.BooleanValue]]:
    ended = ("abandoned", "expired")
    beside = word.face_offered & (word.others > 0) & word.first_known
    chosen = word.face_offered & word.chosen(FACE)
    yield "checks", word.outcome("unknown") | ~word.outcome("unknown")
    yield "passed", word.outcome("passed")
    yield "refused", word.outcome("refused")
    yield "undetermined", word.outcome("undetermined")
    yield "abandoned", word.outcome(*ended)
    yield "refused_otherwise", word.outcome("refused") & word.reason("other")
    yield "ways_known", word.ways_known
    yield "chosen_known", word.face_offered & word.chosen_known
    yield "face_first", beside & word.first(FACE)
    yield "first_known", beside
    yield "face_chosen_first", beside & word.first(FACE) & chosen
    yield "face_chosen_other", beside & ~word.first(FACE) & chosen
    choice = word.face_offered & (word.others > 0) & word.chosen_known
    yield "pair_to_face", choice & word.no("face_elsewhere") & word.chosen(FACE)
    yield "pair_from_face", choice & word.yes("face_elsewhere") & ~word.chosen(FACE)
    there = choice & word.yes("face_elsewhere")
    yield "pair_known", there | (choice & word.no("face_elsewhere"))
    yield "pair_face_there", there
    yield "decline_known", word.decline_known
    yield "declined", word.declined
    for name, condition in (("declined", word.declined), ("kept", word.kept)):
        yield f"{name}_passed", condition & word.outcome("passed")
        yield f"{name}_refused", condition & word.outcome("refused")
        yield f"{name}_undetermined", condition & word.outcome("undetermined")
        yield f"{name}_abandoned", condition & word.outcome(*ended)
        yield f"{name}_way_down", condition & (word.others_down > 0)
        yield f"{name}_way_failed", condition & (word.others_failed > 0)
    yield "declined_face_used", word.declined & word.face_used
    for number, way in enumerate(WAYS):
        bit = 1 << number
        yield way_column(way, "offered"), word.offered(number)
        yield way_column(way, "down"), word.ways_known & ((word.down & bit) > 0)
        yield way_column(way, "chosen"), word.ways_known & word.chosen(number)
        passed = word.outcome("passed") & word.completed(number)
        yield way_column(way, "passed"), passed
        yield way_column(way, "failed"), word.ways_known & ((word.failed & bit) > 0)
    for finding in FINDINGS:
        tested = finding.tested(word)
        yield finding.code, tested & finding.shows(word)
        yield f"{finding.code}_tested", tested
