"""Channels of one operator that ask for different things, and where rows show what they show."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.audit.hostile import NOON, event, table
from tests.audit.test_stat_report import content

from liangming.audit.channels import FEWEST, SUMS, unequal
from liangming.audit.partials import Partials
from liangming.audit.report.page import page
from liangming.audit.report.table import as_csv, shown
from liangming.audit.report.write import content_of, put, write
from liangming.audit.run import run
from liangming.audit.schema import CHANNELS, SCENE_KINDS, WAYS

AT = datetime(2026, 11, 28, tzinfo=UTC)
COUNTER, DOOR = SCENE_KINDS.index("parcel.send.counter"), SCENE_KINDS.index("parcel.send.doorstep")
COLLECT = SCENE_KINDS.index("parcel.collect.counter")
FACE = 1 << WAYS.index("face")


def cell(kind: int, share: float, many: int = FEWEST, operator: str = "op-1") -> dict[str, Any]:
    """The cells of one kind of place that offers the face so often."""
    sums = dict.fromkeys(SUMS, 0)
    k = round(share * many)
    return {
        "operator": operator, "scene_kind": kind, "channel": CHANNELS.index("counter"),
        **sums, "ways_known": many, "face_offered": k, "document_seen_offered": many,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ([cell(COUNTER, 1.0), cell(DOOR, 0.0)], [("op-1", "send", "face")]),
        ([cell(COUNTER, 0.9), cell(DOOR, 0.1)], [("op-1", "send", "face")]),
        ([cell(COUNTER, 0.89), cell(DOOR, 0.0)], []),
        ([cell(COUNTER, 1.0), cell(DOOR, 0.11)], []),
        ([cell(COUNTER, 1.0), cell(DOOR, 0.0, FEWEST - 1)], []),
        ([cell(COUNTER, 1.0), cell(COLLECT, 0.0)], []),
        ([cell(COUNTER, 1.0), cell(DOOR, 0.0, operator="op-2")], []),
        ([cell(0, 1.0), cell(DOOR, 0.0)], []),
    ],
    ids=["all and none", "at the limits", "too few here", "too many there", "too little to say",
         "another duty", "another operator", "no known kind"],
)  # fmt: skip
def test_what_nearly_all_meet_here_and_nearly_none_there_is_told(cells, expected) -> None:
    found = unequal(pa.Table.from_pylist(cells))
    assert [(one.operator, one.duty, one.aspect) for one in found] == expected
    for one in found:
        assert (one.here.scene_kind, one.there.scene_kind) == (COUNTER, DOOR)


def test_a_document_is_the_same_demand_by_whatever_tool() -> None:
    seen, read = cell(COUNTER, 0), cell(DOOR, 0)
    read |= {"document_seen_offered": 0, "document_read_offered": FEWEST}
    assert unequal(pa.Table.from_pylist([seen, read])) == ()


def test_a_report_tells_channels_apart_and_names_the_places_of_each_finding(
    tmp_path: Path, duck
) -> None:
    rows = [
        event(
            event=n, at=NOON + n, outlet=f"o{n % 2}", scene_kind=(COUNTER, DOOR)[n % 2],
            ways_offered=(1 | FACE, 1)[n % 2], known=1 | 1 << 16, facts=(n % 20 == 0) << 16,
        )
        for n in range(2 * FEWEST)
    ]  # fmt: skip
    pq.write_table(table(rows), tmp_path / "e.parquet")
    with Partials(tmp_path / "p") as partials:
        run([tmp_path / "e.parquet"], partials, duck)
        made = content_of(partials, AT)
    written = {path.name for path in write(made, tmp_path / "out", press=None)}
    assert {"shown.csv", "shown.parquet"} <= written
    held = pq.read_table(tmp_path / "out" / "findings.parquet").to_pylist()
    assert [
        (row["standing"], row["question"], row["scene_kind"], row["seen"], row["usual"])
        for row in held
        if row["standing"] == "unequal-channels"
    ] == [("unequal-channels", "face", "parcel.send.counter", 1.0, 0.0)]
    places = pq.read_table(tmp_path / "out" / "shown.parquet").to_pylist()
    score = [row for row in places if row["finding"] == "v17"]
    assert [(row["outlet"], row["shown"], row["tested"]) for row in score] == [("o0", 50, FEWEST)]
    assert score[0]["articles"].startswith("face.8:")
    html = (tmp_path / "out" / "report.en.html").read_text("utf-8")
    assert "the face is offered" in html
    assert "100.0% (500 / 500)" in html
    assert "Most at: o0 50 / 500" in html


def test_the_table_of_rows_agrees_with_the_sums_of_the_page() -> None:
    made = content()
    total = dict.fromkeys((row["finding"] for row in shown(made).to_pylist()), 0)
    for row in shown(made).to_pylist():
        total[row["finding"]] += row["shown"]
    assert total == {code: int(np.sum(made.here.get(code))) for code in total}
    lines = io.StringIO(as_csv(shown(made))).readlines()
    assert len(lines) == shown(made).num_rows + 1


def test_every_reason_to_leave_a_row_out_has_plain_words() -> None:
    from dataclasses import replace

    from liangming.audit.questions.words import LEFT_OUT
    from liangming.audit.run import AHEAD

    reasons = (*LEFT_OUT, AHEAD, "duplicate", "conflict", "malformed-row")
    made = content()
    told = replace(made, read=replace(made.read, left_out=dict.fromkeys(reasons, 3)))
    for tongue in ("zh", "en"):
        html = page(told, tongue)
        assert [reason for reason in reasons if f"<td>{reason}</td>" in html] == []


def test_what_a_killed_writer_left_is_removed_by_the_next(tmp_path: Path) -> None:
    (tmp_path / ".report.zh.html.4194399").write_bytes(
        b"half"
    )  # beyond the greatest process number
    (tmp_path / ".report.zh.html.1").write_bytes(b"of one that lives")
    put({tmp_path / "report.zh.html": b"whole"})
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        ".report.zh.html.1",
        "report.zh.html",
    ]
