"""A run counts each row once, says what it left out, and can be stopped anywhere."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from tests.audit.hostile import DAY, NOON, event, hostile, table

from liangming.audit.engines.fold import fold
from liangming.audit.ingest.look import look
from liangming.audit.partials import Partials, cell_file
from liangming.audit.partials.adding import added
from liangming.audit.partials.chain import BEGINNING, Line, Part, append
from liangming.audit.questions.profile import ALL
from liangming.audit.report.page import page
from liangming.audit.report.write import content_of, standing
from liangming.audit.run import run
from liangming.audit.schema import CELL_KEYS, CELL_SUMS
from liangming.audit.statistics.places import Places, places
from liangming.clock import from_micros
from liangming.errors import LiangmingError, Misuse, Outage, Refusal

SUMS = tuple(column.name for column in CELL_SUMS)


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    pq.write_table(table(rows), path)
    return path


def days(folder: Path, count: int, each: int = 40) -> list[Path]:
    """A file for each of some days, with two outlets and a few declines."""
    files = []
    for day in range(count):
        rows = [
            event(
                event=day * 1000 + n,
                at=NOON + day * DAY + n,
                outlet=f"o{n % 2}",
                facts=int(n % 3 == 0),
            )
            for n in range(each)
        ]
        files.append(write(folder / f"day{day}.parquet", rows))
    return files


def sorted_cells(partials: Partials, **asked: Any) -> list[dict[str, Any]]:
    return partials.cells(**asked).sort_by([(k, "ascending") for k in CELL_KEYS]).to_pylist()


def test_cells_of_files_counted_one_by_one_are_those_of_all_at_once(tmp_path: Path, duck) -> None:
    files = days(tmp_path, 3)
    with Partials(tmp_path / "one") as one, Partials(tmp_path / "other") as other:
        run(files, one, duck)
        for file in reversed(files):
            run([file], other, duck)
        assert sorted_cells(one) == sorted_cells(other)
        assert sum(cell["checks"] for cell in sorted_cells(one)) == 120


@pytest.mark.parametrize("apart", [False, True], ids=["same-places", "places-that-come-and-go"])
def test_a_year_folded_by_stretches_is_the_year_folded_whole(
    tmp_path: Path, duck, apart: bool
) -> None:
    files = days(tmp_path, 14)
    if apart:
        more = [event(event=9_000_000 + n, at=NOON + n * DAY, outlet=f"p{n}") for n in range(14)]
        files += [write(tmp_path / f"more{n}.parquet", [one]) for n, one in enumerate(more)]
    with Partials(tmp_path / "p") as partials:
        run(files, partials, duck)
        here, whole = standing(partials)[1], places(partials.cells())
        for name in Places.__dataclass_fields__:
            one, other = getattr(here, name), getattr(whole, name)
            if name == "sums":
                assert one.keys() <= other.keys()
                assert all(np.array_equal(other[key], here.get(key)) for key in other)
            else:
                assert np.array_equal(one, other), name
        assert here.by_stretch[1].sum() > 0


def test_a_cell_file_gives_back_every_number_in_the_fewest_bytes(tmp_path: Path) -> None:
    keys = {"operator": ["", "亮"], "outlet": ["a", "b"], "clerk": ["", ""]}
    codes = {"scene_kind": [1, 200], "province": [0, 999_999], "channel": [0, 1]}
    sums = {
        "checks": [255, 0],
        "passed": [256, 1],
        "refused": [65_536, 0],
        "kept_ln2": [1 << 32, (1 << 63) - 1],
        "face_offered": [255, 0],
        "face_chosen": [0, 0],
    }
    numbers = {"day": pa.array([20_784] * 2, pa.int32())}
    numbers |= {name: pa.array(values, pa.int32()) for name, values in codes.items()}
    cells = pa.table({**keys, **numbers, **{k: pa.array(v, pa.int64()) for k, v in sums.items()}})
    path = tmp_path / "x.cells"
    cell_file.write(cells, path)
    back = cell_file.read(memoryview(path.read_bytes()))
    columns = [values for block in back.blocks for values in block]
    assert [(c.names, str(v.dtype)) for c, v in zip(back.sums, columns, strict=True)] == [
        (("kept_ln2",), "int64"),
        (("refused",), "uint32"),
        (("passed",), "uint16"),
        (("checks", "face_offered"), "uint8"),
    ]
    assert [v.tolist() for v in columns] == [sums[column.names[0]] for column in back.sums]
    assert cell_file.keys(bytes(back.places)).to_pydict() == {**keys, **codes}
    assert (back.day, back.rows) == (20_784, 2)
    held = ["kept_ln2", "refused", "passed", "checks", "face_offered"]
    assert cell_file.columns(path) == held
    for damaged in (b"", path.read_bytes()[:40], path.read_bytes()[:-1]):
        with pytest.raises(Outage):
            cell_file.read(memoryview(damaged))


def test_days_add_up_although_other_sums_are_the_same_in_them(tmp_path: Path, duck) -> None:
    files = [
        write(tmp_path / "a.parquet", [event(event=1), event(event=2, outlet="o2")]),
        write(tmp_path / "b.parquet", [event(event=3, at=NOON + DAY, outcome=2, reason=7)]),
        write(tmp_path / "c.parquet", [event(event=4, at=NOON + 2 * DAY), event(event=5, at=NOON + 2 * DAY, outlet="o2", outcome=4)]),
    ]  # fmt: skip
    keys = tuple(key for key in CELL_KEYS if key != "day")
    with Partials(tmp_path / "p") as partials:
        run(files, partials, duck)
        each = [partials.cells(keys=keys, since=day, until=day) for day in partials.days()]
        whole = partials.cells(keys=keys).sort_by([(key, "ascending") for key in keys])
        assert whole.equals(added(each, keys, SUMS).sort_by([(key, "ascending") for key in keys]))
        assert whole["checks"].to_pylist() == [3, 2]
        assert whole["passed"].to_pylist() == [2, 1]


def test_a_file_counts_once_however_it_is_named(tmp_path: Path, duck) -> None:
    (file,) = days(tmp_path, 1)
    again = tmp_path / "again.parquet"
    again.write_bytes(file.read_bytes())
    with Partials(tmp_path / "p") as partials:
        first = run([file, again], partials, duck)
        second = run([file], partials, duck)
        assert (first.before, second.before, second.units) == (
            ["day0.parquet"],
            ["day0.parquet"],
            [],
        )
        assert sum(cell["checks"] for cell in sorted_cells(partials)) == 40


def test_what_no_part_holds_need_not_be_asked_for(tmp_path: Path, duck) -> None:
    with Partials(tmp_path / "p") as partials:
        run(days(tmp_path, 3), partials, duck)
        held = partials.held()
        assert "declined" in held
        assert "agreement_offered" not in held
        whole = partials.cells()
        assert partials.cells(sums=held).equals(whole.select([*CELL_KEYS, *held]))
        assert all(not pc.max(whole[name]).as_py() for name in SUMS if name not in held)


def test_late_rows_are_a_correction_that_adds_up(tmp_path: Path, duck) -> None:
    (file,) = days(tmp_path, 1)
    late = write(tmp_path / "late.parquet", [event(event=999_999, at=NOON + 5, outlet="o1")])
    with Partials(tmp_path / "p") as partials:
        run([file], partials, duck)
        before = {cell["outlet"]: cell["checks"] for cell in sorted_cells(partials)}
        run([late], partials, duck)
        after = {cell["outlet"]: cell["checks"] for cell in sorted_cells(partials)}
        assert after == {"o0": before["o0"], "o1": before["o1"] + 1}
        assert [part.path for line in partials.lines for part in line.cells] == [
            "cells/2026-11-27/000000.cells",
            "cells/2026-11-27/000001.cells",
        ]


def test_months_add_days_together_and_late_days_once_more(tmp_path: Path, duck) -> None:
    files = days(tmp_path, 8)  # from November into December
    keys = tuple(key for key in CELL_KEYS if key != "day")
    order = [(key, "ascending") for key in keys]
    with Partials(tmp_path / "p") as partials:
        run(files[:6], partials, duck)
        assert len(partials.add_months()) == 2
        run(files[6:], partials, duck)
        whole = partials.cells(keys=keys).sort_by(order)
        assert partials.cells(keys=keys, months=True).sort_by(order).equals(whole)
        assert len(partials.add_months()) == 1
        assert partials.cells(keys=keys, months=True).sort_by(order).equals(whole)
        assert partials.add_months() == []


def test_seven_days_are_read_as_one_file_and_late_rows_beside_it(tmp_path: Path, duck) -> None:
    files = days(tmp_path, 8)
    late = write(tmp_path / "late.parquet", [event(event=9_001, at=NOON + 5, outlet="o9")])
    keys = tuple(key for key in CELL_KEYS if key != "day")
    order = [(key, "ascending") for key in keys]

    def read(partials: Partials, **asked: Any) -> pa.Table:
        return partials.cells(keys=keys, **asked).sort_by(order)

    with Partials(tmp_path / "p") as partials:
        run(files, partials, duck)
        run([late], partials, duck)
        (week,) = (line for line in partials.lines if line.kind == "week")
        assert len(week.covers) == 7
        whole = read(partials)
        assert whole.equals(read(partials, single=True))
        assert pc.sum(whole["checks"]).as_py() == 8 * 40 + 1
        first = partials.days()[0]
        for cut in ({"since": first + 2}, {"until": first + 3}):
            assert read(partials, **cut).equals(read(partials, single=True, **cut))
        partials.add_months()
        assert read(partials, months=True).equals(whole)
        assert partials.add_weeks() == []
    with Partials(tmp_path / "p") as partials:
        (partials.folder / week.covers[0]).write_bytes(b"no cells")
        assert read(partials).equals(whole)  # what was read is what was proven
        for asked in ({"single": True}, {"until": first, "verify": False}):
            with pytest.raises(Refusal) as failure:
                read(partials, **asked)
            assert failure.value.field == week.covers[0]
        (partials.folder / week.cells[0].path).write_bytes(b"no cells")
        with pytest.raises(Refusal) as failure:
            read(partials)
        assert failure.value.field == week.cells[0].path


def test_words_of_old_days_answer_what_nobody_asked_then(tmp_path: Path, duck) -> None:
    with Partials(tmp_path / "p") as partials:
        run([write(tmp_path / "e.parquet", hostile(7, 400))], partials, duck)
        folded = fold(partials.words())
        for name in SUMS:
            assert pc.sum(folded[name]).as_py() == pc.sum(partials.cells()[name]).as_py()


def test_an_interrupted_run_loses_only_the_unit_at_work(tmp_path: Path, duck, monkeypatch) -> None:
    files = days(tmp_path, 3)

    def stop(done: int, total: int) -> None:
        if done == 40:
            raise KeyboardInterrupt

    with Partials(tmp_path / "p") as partials, pytest.raises(KeyboardInterrupt):
        run(files, partials, duck, progress=stop)
    torn = tmp_path / "p" / "cells" / "2026-11-28" / "000001.cells"
    torn.parent.mkdir(exist_ok=True)
    torn.write_bytes(b"half a file")
    with (tmp_path / "p" / "chain.jsonl").open("ab") as chain:
        chain.write(b'{"version":1,"previous":"half a line')
    with Partials(tmp_path / "p") as partials:
        assert not torn.exists()
        ran = run(files, partials, duck)
        assert (ran.before, len(ran.units)) == (["day0.parquet"], 2)
        assert sum(cell["checks"] for cell in sorted_cells(partials)) == 120
    with Partials(tmp_path / "p") as partials:
        assert len(partials.lines) == 3


@pytest.mark.parametrize("step", ["cells", "words", "append"])
def test_a_full_disk_is_an_outage_and_nothing_counts(
    tmp_path: Path, duck, monkeypatch, step
) -> None:
    def full(*args: Any, **named: Any) -> None:
        raise OSError(28, "No space left on device")

    (file,) = days(tmp_path, 1)
    with Partials(tmp_path / "p") as partials:
        with monkeypatch.context() as patched:
            target = {
                "cells": "liangming.audit.partials.cell_file.write",
                "words": "pyarrow.parquet.write_table",
                "append": "os.pwrite",
            }
            patched.setattr(target[step], full)
            with pytest.raises(Outage) as failure:
                run([file], partials, duck)
        assert failure.value.code.name == "audit.partials-failed"
        assert partials.lines == []
    with Partials(tmp_path / "p") as partials:
        assert [line.counted for line in run([file], partials, duck).units] == [40]


def test_a_changed_part_and_a_changed_line_are_refused(tmp_path: Path, duck) -> None:
    with Partials(tmp_path / "p") as partials:
        run(days(tmp_path, 2), partials, duck)
        part = partials.folder / partials.lines[0].cells[0].path
        data = bytearray(part.read_bytes())
        data[50] ^= 1
        part.write_bytes(bytes(data))
        with pytest.raises(Refusal) as failure:
            partials.cells()
        assert failure.value.code.name == "audit.part-changed"
    chain = tmp_path / "p" / "chain.jsonl"
    chain.write_bytes(chain.read_bytes().replace(b'"counted":40', b'"counted":41', 1))
    with pytest.raises(Refusal) as failure:
        Partials(tmp_path / "p")
    assert failure.value.code.name == "audit.chain-broken"


def test_a_folder_of_an_older_form_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    part = folder / "cells" / "2026-11-27" / "000000.parquet"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"cells as they were kept before")
    older = Part(str(part.relative_to(folder)), "0" * 64, 1, 20_784)
    line = Line(previous=BEGINNING, kind="unit", cells=(older,))
    append(folder / "chain.jsonl", line, size=0)
    for _ in range(2):  # the lock is free again, and the answer the same
        with pytest.raises(Misuse) as failure:
            Partials(folder)
        assert failure.value.code.name == "audit.partials-older"
    assert part.read_bytes() == b"cells as they were kept before"


def test_two_audits_do_not_write_to_one_folder(tmp_path: Path) -> None:
    with Partials(tmp_path / "p"), pytest.raises(Misuse) as failure:
        Partials(tmp_path / "p")
    assert failure.value.code.name == "audit.partials-busy"


def test_a_truncated_file_is_named_and_the_others_go_on(tmp_path: Path, duck) -> None:
    files = days(tmp_path, 2)
    files[0].write_bytes(files[0].read_bytes()[:-100])
    with Partials(tmp_path / "p") as partials:
        ran = run([*files, tmp_path / "absent.parquet"], partials, duck)
    assert [(name, why.code.name) for name, why in ran.unreadable] == [
        ("absent.parquet", "audit.file-absent"),
        ("day0.parquet", "audit.file-unreadable"),
    ]
    assert [line.counted for line in ran.units] == [40]


def test_mixed_schemas_count_together_and_their_gaps_are_named(tmp_path: Path, duck) -> None:
    full = write(tmp_path / "a.parquet", [event(event=1), event(event=2)])
    poor = tmp_path / "b.parquet"
    pq.write_table(table([event(event=3)]).drop_columns(["known", "facts", "clerk"]), poor)
    with Partials(tmp_path / "p") as partials:
        ran = run([full, poor], partials, duck)
        assert [(line.counted, line.missing) for line in ran.units] == [
            (3, ("clerk", "facts", "known"))
        ]
        cells = partials.cells(keys=("operator",)).to_pylist()
        assert (cells[0]["checks"], cells[0]["decline_known"]) == (3, 2)


@pytest.mark.parametrize(
    ("column", "values", "code"),
    [
        ("outlet", pa.array([7]), "audit.column-unfit"),
        ("at", pa.array([NOON], pa.timestamp("us", "Asia/Shanghai")), "audit.column-unfit"),
        ("facts", pa.array([1], pa.uint64()), "audit.column-unfit"),
        ("zone", None, "audit.column-missing"),
    ],
)
def test_an_unfit_file_is_named_with_its_column(tmp_path: Path, column, values, code) -> None:
    rows = table([event()])
    place = rows.column_names.index(column)
    rows = rows.remove_column(place) if values is None else rows.set_column(place, column, values)
    pq.write_table(rows, tmp_path / "e.parquet")
    with pytest.raises(LiangmingError) as failure:
        look(tmp_path / "e.parquet")
    assert (failure.value.code.name, failure.value.field) == (code, f"e.parquet: {column}")


def test_another_version_is_refused(tmp_path: Path) -> None:
    rows = table([event()]).replace_schema_metadata({"liangming.events": "2"})
    pq.write_table(rows, tmp_path / "e.parquet")
    with pytest.raises(Misuse) as failure:
        look(tmp_path / "e.parquet")
    assert failure.value.code.name == "audit.version-unknown"


@pytest.mark.parametrize("at_once", [50_000_000, 3])
def test_duplicates_count_once_and_conflicts_not_at_all(
    tmp_path: Path, duck, monkeypatch, at_once: int
) -> None:
    monkeypatch.setattr("liangming.audit.ingest.repeats.AT_ONCE", at_once)
    rows = [event(event=n, at=NOON + n) for n in range(10)]
    twice = [*rows, rows[3], rows[3], event(event=5, at=NOON + 5, outcome=2), event(event=None)]
    one = write(tmp_path / "a.parquet", twice)
    other = write(tmp_path / "b.parquet", [rows[7], event(event=7, operator="op-2")])
    with Partials(tmp_path / "p") as partials:
        ran = run([one, other], partials, duck)
        assert [line.left_out for line in ran.units] == [{"conflict": 2, "duplicate": 3}]
        assert sum(cell["checks"] for cell in sorted_cells(partials)) == 10 - 1 + 1 + 1


def test_a_column_of_nulls_makes_its_questions_untested(tmp_path: Path, duck) -> None:
    rows = [event(event=n, at=NOON + n, ways_offered=None) for n in range(5)]
    with Partials(tmp_path / "p") as partials:
        run([write(tmp_path / "e.parquet", rows)], partials, duck)
        (cell,) = sorted_cells(partials)
        assert (cell["checks"], cell["ways_known"], cell["v01_tested"]) == (5, 0, 0)


def test_a_clock_or_zone_gone_wrong_leaves_rows_out_by_reason(tmp_path: Path, duck) -> None:
    rows = [
        event(event=1, at=0),
        event(event=2, at=NOON * 1000),  # nanoseconds
        event(event=3, zone=8),  # minutes: 00:08 ahead; odd, and possible
        event(event=4, zone=28_800),  # seconds
        event(event=5, duration_ms=-3),  # the outcome before the beginning
    ]
    with Partials(tmp_path / "p") as partials:
        ran = run([write(tmp_path / "e.parquet", rows)], partials, duck)
        assert ran.units[0].left_out == {"moment-unfit": 2, "zone-unfit": 1}
        faults = {(fault.column, fault.reason): (fault.rows, fault.first) for fault in ran.faults}
        assert faults == {
            ("at", "out-of-range"): (2, (1, 2)),
            ("zone", "out-of-range"): (1, (4,)),
            ("duration_ms", "out-of-range"): (1, (5,)),
        }
        assert sum(cell["checks"] for cell in sorted_cells(partials)) == 2
        assert sum(cell["kept_timed"] for cell in sorted_cells(partials)) == 1


def test_many_outlets_with_one_event_each_and_one_with_many(tmp_path: Path, duck) -> None:
    many = 30_000
    rows = table([event()])
    wide = pa.table(
        {
            name: pa.array(range(2 * many), pa.int64())
            if name == "event"
            else pa.array([f"o{n}" for n in range(many)] + ["one"] * many)
            if name == "outlet"
            else pa.repeat(rows[name][0], 2 * many)
            for name in rows.column_names
        }
    ).cast(rows.schema)
    pq.write_table(wide, tmp_path / "e.parquet")
    with Partials(tmp_path / "p") as partials:
        run([tmp_path / "e.parquet"], partials, duck)
        cells = partials.cells()
        assert (cells.num_rows, pc.max(cells["checks"]).as_py()) == (many + 1, many)


def test_an_empty_file_counts_as_nothing_and_is_remembered(tmp_path: Path, duck) -> None:
    file = write(tmp_path / "e.parquet", [])
    with Partials(tmp_path / "p") as partials:
        ran = run([file], partials, duck)
        assert [(line.counted, line.cells, line.left_out) for line in ran.units] == [(0, (), {})]
        assert run([file], partials, duck).before == ["e.parquet"]
        assert partials.cells().num_rows == 0


def test_statistics_prove_what_they_say(tmp_path: Path) -> None:
    usual = look(write(tmp_path / "a.parquet", [event(), event(clerk=None)]))
    assert (usual.profile.nullable, usual.profile.unproven) == ({"clerk"}, frozenset())
    pq.write_table(table([event()]), tmp_path / "b.parquet", write_statistics=False)
    assert look(tmp_path / "b.parquet").profile.unproven == ALL
    odd = look(write(tmp_path / "c.parquet", [event(way_first=15, outlet="")]))
    assert odd.profile.unproven == {"way_first", "outlet"}


def test_one_row_of_a_wrong_year_counts_and_is_told_and_does_not_stretch_the_axis(
    tmp_path: Path, duck
) -> None:
    files = days(tmp_path, 3)
    wrong = write(tmp_path / "wrong.parquet", [event(event=999_999, at=NOON - 7000 * DAY)])
    with Partials(tmp_path / "parts") as kept:
        run([*files, wrong], kept, duck)
        found = content_of(kept, from_micros(NOON))
    assert found.here.last_day - found.here.first_day < 3
    assert found.here.first_day > NOON // DAY - 10
    assert (found.read.astray, found.read.counted) == (1, 3 * 40 + 1)
    for tongue, words in (("zh", "另有 1 次查验"), ("en", "1 checks lie on days far")):
        assert words in page(found, tongue)
