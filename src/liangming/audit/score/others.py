"""Scoring anybody's findings against the truth of a benchmark: outlets in, recall and precision out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from liangming.audit.score.tally import Line

STANDS: Final = "stands-out"


@dataclass(frozen=True, slots=True)
class Against:
    """How some findings did.

    Attributes:
        overall: without the scene that steers as a whole.
        by_kind: recall by kind and strength.
        by_case: honest cases accused, of how many.
        unknown: outlets that the truth does not know.
    """

    overall: Line
    by_kind: dict[tuple[str, str], Line]
    by_case: dict[str, tuple[int, int]]
    unknown: int


def against_truth(found: pa.Table, truth: pa.Table) -> Against:
    """Score findings that name outlets.

    Args:
        found: a table with ``operator`` and ``outlet``; of those with ``standing`` only rows that
            say *stands-out* count.
        truth: the truth table of the benchmark.
    """
    if "standing" in found.column_names:
        found = found.filter(pc.equal(found["standing"], STANDS))
    flagged = set(zip(found["operator"].to_pylist(), found["outlet"].to_pylist(), strict=True))
    rows = truth.to_pylist()
    known = {(row["operator"], row["outlet"]) for row in rows}
    single = [row for row in rows if row["kind"] != "whole-scene"]
    kinds = dict.fromkeys((row["kind"], row["strength"]) for row in single if row["kind"])
    cases = dict.fromkeys(row["case"] for row in single if not row["kind"])
    return Against(
        overall=_line(single, flagged),
        by_kind={
            key: _line([r for r in single if (r["kind"], r["strength"]) == key], flagged)
            for key in sorted(kinds)
        },
        by_case={
            case: _accused([r for r in single if r["case"] == case and not r["kind"]], flagged)
            for case in cases
        },
        unknown=len(flagged - known),
    )


def _line(rows: list[dict[str, str]], flagged: set[tuple[str, str]]) -> Line:
    hit = [row for row in rows if (row["operator"], row["outlet"]) in flagged]
    return Line(
        flagged=len(hit),
        false=sum(not row["kind"] for row in hit),
        guilty=sum(bool(row["kind"]) for row in rows),
        found=sum(bool(row["kind"]) for row in hit),
    )


def _accused(rows: list[dict[str, str]], flagged: set[tuple[str, str]]) -> tuple[int, int]:
    return sum((row["operator"], row["outlet"]) in flagged for row in rows), len(rows)
