"""The same event in a later file or run: it counts once, and what is left out or unseen is told."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.audit.hostile import DAY, NOON, event, hostile, table
from tests.audit.test_run import days, sorted_cells, write
from typer.testing import CliRunner

from liangming.audit.engines.arrow import ArrowEngine
from liangming.audit.ingest.look import look
from liangming.audit.ingest.numbered import Numbered
from liangming.audit.partials import Partials, chain, memory, numbers
from liangming.audit.run import run
from liangming.cli.main import app
from liangming.errors import Outage, Refusal


@pytest.fixture(scope="module")
def engine() -> Iterator[ArrowEngine]:
    one = ArrowEngine()
    yield one
    one.close()


def some(first: int, last: int, **changes: Any) -> list[dict[str, Any]]:
    return [event(event=n, at=NOON + n, **changes) for n in range(first, last)]


def checks(partials: Partials) -> int:
    return sum(cell["checks"] for cell in sorted_cells(partials))


def test_an_event_that_comes_again_in_a_later_run_counts_once_and_is_told(
    tmp_path: Path, engine
) -> None:
    one = write(tmp_path / "a.parquet", some(0, 50))
    two = write(tmp_path / "b.parquet", [*some(40, 60), event(event=7, outcome=2, reason=7)])
    with Partials(tmp_path / "p") as partials:
        run([one], partials, engine)
        ran = run([two], partials, engine)
        assert [line.left_out for line in ran.units] == [{"contradicting": 1, "counted-before": 10}]
        assert (checks(partials), ran.again, ran.blind) == (60, {NOON // DAY}, set())
        assert sum(cell["refused"] for cell in sorted_cells(partials)) == 0  # the first stays
    with Partials(tmp_path / "p") as partials:  # another process knows as well
        again = write(tmp_path / "c.parquet", some(0, 61))
        assert run([again], partials, engine).units[0].left_out == {"counted-before": 60}
        assert checks(partials) == 61
    (tmp_path / "p" / "clerk.key").unlink()
    with Partials(tmp_path / "p") as partials:
        lost = write(tmp_path / "d.parquet", some(0, 2))
        assert run([lost], partials, engine).blind == {NOON // DAY}


def test_files_of_other_columns_in_one_run_know_each_other(tmp_path: Path, engine) -> None:
    full = write(tmp_path / "a.parquet", some(0, 20))
    poor = tmp_path / "b.parquet"
    pq.write_table(table(some(10, 30)).drop_columns(["clerk", "duration_ms"]), poor)
    with Partials(tmp_path / "p") as partials:
        ran = run([full, poor], partials, engine)
        assert [line.left_out for line in ran.units] == [{"counted-before": 10}]
        assert checks(partials) == 30
        late = write(tmp_path / "c.parquet", some(25, 35))
        assert run([late], partials, engine).units[0].left_out == {"counted-before": 5}


def test_numbers_of_another_operator_and_rows_that_did_not_count_are_new(
    tmp_path: Path, engine
) -> None:
    wrong = [*some(0, 5), event(event=9, outlet=None), event(event=10, at=0)]
    wrong += [event(event=11, at=NOON + 3 * DAY)]
    one = write(tmp_path / "a.parquet", wrong)
    right = [*some(0, 2, operator="op-2"), *some(9, 12)]
    with Partials(tmp_path / "p") as partials:
        first = run([one], partials, engine, latest=NOON // DAY + 1)
        assert first.units[0].left_out == {
            "moment-ahead": 1,
            "moment-unfit": 1,
            "required-missing": 1,
        }
        ran = run([write(tmp_path / "b.parquet", right)], partials, engine)
        assert (ran.units[0].left_out, checks(partials)) == ({}, 10)


def test_a_number_of_two_contents_in_one_file_stays_out_when_it_comes_again(
    tmp_path: Path, engine
) -> None:
    two = write(tmp_path / "a.parquet", [*some(0, 3), event(event=1, outcome=2)])
    with Partials(tmp_path / "p") as partials:
        run([two], partials, engine)
        third = write(tmp_path / "b.parquet", [event(event=1, outcome=4)])
        assert run([third], partials, engine).units[0].left_out == {"contradicting": 1}
        assert checks(partials) == 2


def test_hostile_rows_counted_in_pieces_and_again_count_as_if_once(
    tmp_path: Path, engine, monkeypatch
) -> None:
    monkeypatch.setattr("liangming.audit.ingest.repeats.AT_ONCE", 50)
    rows = {row["event"]: row for row in hostile(5, 600)}  # each number once
    rows = [row for number, row in rows.items() if number is not None]
    with Partials(tmp_path / "one") as one, Partials(tmp_path / "other") as other:
        run([write(tmp_path / "all.parquet", rows)], one, engine)
        run([write(tmp_path / "half.parquet", rows[:300])], other, engine)
        run([write(tmp_path / "most.parquet", rows[100:])], other, engine)
        assert sorted_cells(other) == sorted_cells(one)
        counted = sum(line.counted for line in other.lines)
        held = sum(part.rows for line in other.lines for part in (line.numbers or ())[::2])
        assert counted == held == sum(line.counted for line in one.lines)


def test_ten_thousand_times_the_same_event_is_one(tmp_path: Path, engine) -> None:
    one = pa.concat_tables([table([event()])] * 10_000)
    pq.write_table(one, tmp_path / "a.parquet")
    with Partials(tmp_path / "p") as partials:
        ran = run([tmp_path / "a.parquet"], partials, engine)
        assert ran.units[0].left_out == {"duplicate": 9_999}
        assert [part.rows for part in ran.units[0].numbers[:1]] == [1]
        pq.write_table(one.slice(1), tmp_path / "b.parquet")
        ran = run([tmp_path / "b.parquet"], partials, engine)
        assert ran.units[0].left_out == {"duplicate": 9_998, "counted-before": 1}


def test_what_has_no_number_cannot_be_matched_and_is_told(tmp_path: Path) -> None:
    bare = table(some(0, 5)).drop_columns(["event"])
    pq.write_table(bare, tmp_path / "a.parquet")
    pq.write_table(bare.slice(0, 4), tmp_path / "b.parquet")
    asked = ["audit", "run", str(tmp_path / "a.parquet"), "--partials", str(tmp_path / "p")]
    first = CliRunner().invoke(app, asked)
    assert "5 rows have no number" in first.stderr
    assert "cannot be told wholly" not in first.stderr
    asked[2] = str(tmp_path / "b.parquet")
    second = CliRunner().invoke(app, asked)
    assert "cannot be told wholly" in second.stderr


def test_a_replay_on_other_days_is_noticed_by_its_sample(tmp_path: Path, engine) -> None:
    one = write(tmp_path / "a.parquet", some(0, 6_400))
    moved = write(
        tmp_path / "b.parquet",
        [event(event=n, at=NOON + n + 30 * DAY) for n in range(3_200)],
    )
    with Partials(tmp_path / "p") as partials:
        assert run([one], partials, engine).noticed == 0
        ran = run([moved], partials, engine)
        assert (ran.units[0].left_out, ran.noticed % 64) == ({}, 0)
        assert 1_600 < ran.noticed < 4_800
        assert (
            run([write(tmp_path / "c.parquet", some(6_400, 9_600))], partials, engine).noticed == 0
        )


def test_only_the_newest_numbers_stay_whole_and_older_ones_are_said_to_be_unseen(
    tmp_path: Path, engine, monkeypatch
) -> None:
    monkeypatch.setattr(numbers, "NEWEST", 100)
    files = days(tmp_path, 4)  # 40 events each
    with Partials(tmp_path / "p") as partials:
        run(files, partials, engine)
        kept = sorted(path.parent.name for path in (tmp_path / "p").glob("numbers/*/*.whole"))
        assert kept == ["2026-11-29", "2026-11-30"]
        assert len(list((tmp_path / "p").glob("numbers/*/*.sample"))) == 4
        rows = pq.read_table(files[0]).slice(0, 39)
        pq.write_table(rows, tmp_path / "again.parquet")
        ran = run([tmp_path / "again.parquet"], partials, engine)
        assert (ran.units[0].counted, ran.blind) == (39, {NOON // DAY})
        pq.write_table(rows.slice(1), tmp_path / "more.parquet")
        assert run([tmp_path / "more.parquet"], partials, engine).units[0].counted == 0


def test_a_chain_from_before_numbers_were_kept_goes_on_and_says_what_it_cannot_see(
    tmp_path: Path, engine
) -> None:
    (file,) = days(tmp_path, 1)
    with Partials(tmp_path / "p") as partials:
        run([file], partials, engine)
        line = partials.lines[0]
    old = msgspec.structs.replace(line, numbers=msgspec.UNSET, unnumbered=msgspec.UNSET)
    assert b"number" not in chain.encoded(old)
    (tmp_path / "p" / "chain.jsonl").write_bytes(chain.encoded(old) + b"\n")
    with Partials(tmp_path / "p") as partials:
        assert list((tmp_path / "p").glob("numbers/*/*")) == []
        rows = pq.read_table(file).slice(0, 10)
        pq.write_table(rows, tmp_path / "again.parquet")
        ran = run([tmp_path / "again.parquet"], partials, engine)
        assert (ran.units[0].counted, ran.blind) == (10, {NOON // DAY})
    with Partials(tmp_path / "p") as partials:
        assert len(partials.lines) == 2


def test_numbers_that_were_changed_or_taken_away_are_refused(tmp_path: Path, engine) -> None:
    file, late = days(tmp_path, 1)[0], write(tmp_path / "late.parquet", some(5_000, 5_001))
    with Partials(tmp_path / "p") as partials:
        run([file], partials, engine)
        (whole,) = (tmp_path / "p").glob("numbers/*/*.whole")
        data = whole.read_bytes()
    for other in (data[:-1] + bytes([data[-1] ^ 1]), None):
        whole.unlink() if other is None else whole.write_bytes(other)
        with Partials(tmp_path / "p") as partials, pytest.raises(Refusal) as failure:
            run([late], partials, engine)
        assert failure.value.code.name == "audit.part-changed"


@pytest.mark.parametrize("step", ["write", "settled"])
def test_a_full_disk_at_the_numbers_leaves_nothing_counted(
    tmp_path: Path, engine, monkeypatch, step: str
) -> None:
    (file,) = days(tmp_path, 1)
    where = {"write": "numbers.write", "settled": "memory.settled"}[step]

    def full(*args: Any, **named: Any) -> None:
        raise OSError(28, "No space left on device")

    with Partials(tmp_path / "p") as partials:
        with monkeypatch.context() as patched:
            patched.setattr(f"liangming.audit.partials.{where}", full)
            with pytest.raises(Outage):
                run([file], partials, engine)
        assert partials.lines == []
    with Partials(tmp_path / "p") as partials:
        assert run([file], partials, engine).units[0].counted == 40
        assert len(list((tmp_path / "p").glob("numbers/*/*"))) == 2


def test_ctrl_c_while_numbers_are_written_loses_only_the_unit_at_work(
    tmp_path: Path, engine, monkeypatch
) -> None:
    files = days(tmp_path, 2)
    settled, seen = memory.settled, []

    def stop(loose: Path, path: Path) -> None:
        seen.append(path)
        if len(seen) == 4:  # the second unit's sample is there, its whole file is not
            raise KeyboardInterrupt
        settled(loose, path)

    with Partials(tmp_path / "p") as partials:
        with monkeypatch.context() as patched:
            patched.setattr(memory, "settled", stop)
            with pytest.raises(KeyboardInterrupt):
                run(files, partials, engine)
        assert len(partials.lines) == 1
    assert seen[2].exists()
    with Partials(tmp_path / "p") as partials:
        assert not seen[2].exists()
        assert [line.counted for line in run(files, partials, engine).units] == [40]
        assert [len(line.numbers) for line in partials.lines] == [2, 2]


def test_numbers_of_one_operator_never_meet_and_what_is_said_shows(tmp_path: Path) -> None:
    file = write(tmp_path / "a.parquet", [*some(0, 4_096), event(event=-(2**63))])
    seen = look(file).profile
    (rows,) = Numbered(seen, "00", None).read([file])
    assert len(np.unique(rows.entries >> np.uint64(12))) == 4_097
    (other,) = Numbered(seen, "01", None).read([file])
    assert not np.isin(rows.entries >> np.uint64(12), other.entries >> np.uint64(12)).any()
    late = write(tmp_path / "b.parquet", [*some(0, 4_096, outcome=2), event(event=-(2**63))])
    (changed,) = Numbered(look(late).profile, "00", None).read([late])
    assert (rows.entries >> np.uint64(12) == changed.entries >> np.uint64(12)).all()
    assert 4_080 < (rows.entries != changed.entries).sum() <= 4_096
