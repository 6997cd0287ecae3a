"""Every engine gives the same integer in every cell, and it is the one that the pages promise."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.audit.hostile import event, hostile, table
from tests.audit.oracle import counted

from liangming.audit.engines import open_engine
from liangming.audit.engines.duck import DuckEngine
from liangming.audit.engines.fold import fold, whole
from liangming.audit.engines.spark import SparkEngine
from liangming.audit.ingest.look import look
from liangming.audit.questions.profile import ALL, DAY, LEAN_BITS, MINUTE, Profile
from liangming.audit.questions.words import COUNTS, KEYS, LEFT_OUT
from liangming.audit.schema import CELL_COLUMNS, CELL_KEYS, EVENT_COLUMNS, LN_SCALE
from liangming.errors import Misuse, Outage

ORDER = [(name, "ascending") for name in CELL_KEYS]


def written(folder: Path, rows: list[dict[str, Any]] | pa.Table, name: str = "events") -> Path:
    path = folder / f"{name}.parquet"
    pq.write_table(table(rows) if isinstance(rows, list) else rows, path)
    return path


def differing(one: pa.Table, other: pa.Table) -> int:
    """How many cells of two tables differ, after sorting by the key."""
    assert one.column_names == list(CELL_COLUMNS) == other.column_names
    assert one.num_rows == other.num_rows
    one, other = one.sort_by(ORDER), other.sort_by(ORDER)
    return sum(
        a != b
        for name in CELL_COLUMNS
        for a, b in zip(one[name].to_pylist(), other[name].to_pylist(), strict=True)
    )


def in_order(words: pa.Table) -> list[dict[str, Any]]:
    """Words by their keys; names may be coded."""
    plain = {name: words[name].cast(pa.string()) for name in KEYS[:3]}
    table = pa.table({**plain, **{name: words[name] for name in (*KEYS[3:], *COUNTS)}})
    return table.sort_by([(key, "ascending") for key in KEYS]).to_pylist()


def test_duckdb_counts_hostile_events_as_a_plain_loop_does(tmp_path: Path, duck) -> None:
    rows = hostile()
    got = duck.cells([written(tmp_path, rows)], Profile()).to_pylist()
    expected, _ = counted(rows)
    assert {tuple(cell[key] for key in CELL_KEYS) for cell in got} == set(expected)
    for cell in got:
        key = tuple(cell[name] for name in CELL_KEYS)
        sums = {name: cell[name] for name in CELL_COLUMNS if name not in CELL_KEYS}
        assert sums == {name: expected[key][name] for name in sums}, key


@pytest.mark.spark
def test_spark_and_duckdb_differ_in_no_cell(tmp_path: Path, duck, spark: SparkEngine) -> None:
    files = [written(tmp_path, hostile(2, 1500))]
    assert differing(spark.cells(files, Profile()), duck.cells(files, Profile())) == 0


@pytest.mark.spark
def test_spark_and_duckdb_differ_in_no_word_where_values_are_proven(
    tmp_path: Path, duck, spark: SparkEngine
) -> None:
    rows = [event(event=n, at=1_795_750_200_000_000 + n * 7_000_000_000) for n in range(50)]
    for some in (rows, rows[:3]):  # of several days, and of one
        files = [written(tmp_path, some)]
        profile = look(files[0]).profile
        one = spark.words(files, profile)
        other = duck.words(files, profile).cast(one.schema)  # names may be coded
        order = [(name, "ascending") for name in one.column_names]
        assert one.sort_by(order).equals(other.sort_by(order))


@pytest.mark.spark
def test_spark_and_duckdb_differ_in_no_word_without_half_of_the_columns(
    tmp_path: Path, duck, spark: SparkEngine
) -> None:
    dropped = ["clerk", "province", "way_first", "known", "reason", "duration_ms"]
    files = [written(tmp_path, table(hostile(3, 500)).drop_columns(dropped))]
    profile = Profile(present=ALL - set(dropped))
    one = spark.words(files, profile)
    other = duck.words(files, profile).cast(one.schema)  # names may be coded
    order = [(name, "ascending") for name in one.column_names]
    assert one.sort_by(order).equals(other.sort_by(order))


def test_left_out_rows_are_counted_by_reason(tmp_path: Path, duck) -> None:
    rows = hostile(4)
    words = duck.words([written(tmp_path, rows)], Profile())
    got = {
        LEFT_OUT[-1 - place]: n
        for place, n in zip(words["place"].to_pylist(), words["n"].to_pylist(), strict=True)
        if place < 0
    }
    _, expected = counted(rows)
    assert got == expected
    assert sum(words["n"].to_pylist()) == len(rows)


def test_the_quick_way_from_words_to_cells_gives_the_same(
    tmp_path: Path, duck, monkeypatch
) -> None:
    words = duck.words([written(tmp_path, hostile(5))], Profile())
    expected = whole(words.filter(pa.compute.greater_equal(words["place"], 0)))
    assert differing(fold(words), expected) == 0
    monkeypatch.setattr("liangming.audit.engines.fold.ROOMY", 1 << 20)
    assert differing(fold(words), expected) == 0
    monkeypatch.setattr("liangming.audit.engines.fold.ROOMY", 0)  # codes are hashed
    assert differing(fold(words), expected) == 0
    coded = words["clerk"].combine_chunks()
    twice = pa.DictionaryArray.from_arrays(
        pa.array([n if at % 2 else n + len(coded.dictionary) for at, n in enumerate(coded.indices.to_pylist())]),
        pa.concat_arrays([coded.dictionary, coded.dictionary]),
    )  # fmt: skip
    at = words.column_names.index("clerk")
    assert differing(fold(words.set_column(at, "clerk", twice)), expected) == 0
    monkeypatch.setattr("liangming.audit.engines.fold.MANY", 3)
    assert differing(fold(words), expected) == 0


def test_no_rows_give_no_cells(tmp_path: Path, duck) -> None:
    files = [written(tmp_path, [])]
    assert duck.cells(files, Profile()).num_rows == 0
    assert fold(duck.words(files, Profile())).column_names == list(CELL_COLUMNS)


def test_proof_that_values_fit_changes_no_count(tmp_path: Path, duck) -> None:
    rows = [
        event(
            at=1_795_750_200_000_000 + 7_000_000_000 * n, way_chosen=12 * (n % 3 == 0), facts=n % 2
        )
        for n in range(200)
    ]
    files = [written(tmp_path, rows)]
    proven = look(files[0]).profile
    assert (proven.nullable, proven.unproven) == (frozenset(), frozenset())
    assert ("zone", 480) in proven.constant
    assert differing(duck.cells(files, proven), duck.cells(files, Profile())) == 0


def test_what_all_rows_of_a_file_share_changes_no_count(tmp_path: Path, duck) -> None:
    midnight = 1_795_750_200_000_000 // DAY * DAY - 480 * MINUTE
    moments = [midnight + DAY // 4 * n + edge for n in range(4) for edge in (0, 1, DAY // 4 - 1)]
    rows = [event(at=at, duration_ms=100 + n, outlet=f"o{n % 3}") for n, at in enumerate(moments)]
    files = [written(tmp_path, rows)]
    shared = look(files[0]).profile
    assert (shared.day, shared.bounded) == (midnight // DAY + 1, True)
    assert {("operator", "op-1"), ("clerk", "k1")} <= shared.constant
    assert differing(duck.cells(files, shared), duck.cells(files, Profile())) == 0
    later = look(written(tmp_path, [event(at=midnight + DAY, duration_ms=99)], "later")).profile
    assert (later.day, later.bounded) == (midnight // DAY + 2, False)
    assert ((shared | later).day, (shared | later).bounded) == (None, False)


def test_no_way_of_counting_changes_a_count(tmp_path: Path, duck) -> None:
    midnight = 1_795_750_200_000_000 // DAY * DAY - 480 * MINUTE
    for first, facts in ((0, 1), (1, 0), (2, (1 << LEAN_BITS) - 1), (3, 1 << LEAN_BITS)):
        rows = [
            event(
                at=midnight + DAY // 4 * quarter + n, facts=facts if n % 3 else 0, channel=n % 5,
                province=[0, 999_999, 310_000][n % 3], scene_kind=n % 15, clerk=f"k{n % 2}",
                duration_ms=[100, 3_600_000, None][n % 3 if first else n % 2],
            )
            for quarter in range(first, 4)
            for n in range(40)
        ]  # fmt: skip
        path = written(tmp_path, rows)
        profile = look(path).profile
        assert (profile.quarter, profile.lean) == (first, facts < 1 << LEAN_BITS)
        expected = in_order(duck.words([path], Profile()))
        others = [replace(profile, rows=None), replace(profile, day=None, quarter=0)]
        for some in [profile, *(others if first == 0 else [])]:
            assert in_order(duck.words([path], some)) == expected


def test_rows_that_are_left_out_of_a_file_of_one_day_count_nowhere(tmp_path: Path, duck) -> None:
    for facts in (1, 1 << LEAN_BITS):
        rows = [event(province=n % 2 * 310_000, facts=facts) for n in range(6)]
        rows += [event(operator=None, facts=facts), event(outlet="", facts=facts)]
        path = written(tmp_path, rows)
        profile = look(path).profile
        assert profile.day is not None
        got = in_order(duck.words([path], profile))
        assert got == in_order(duck.words([path], Profile()))
        assert [(word["place"], word["n"]) for word in got if word["place"] < 0] == [(-1, 2)]


def test_a_missing_column_never_lets_a_finding_pass(tmp_path: Path, duck) -> None:
    optional = [c.name for c in EVENT_COLUMNS if not c.required]
    bare = table([event(way_first=12, ways_offered=1 << 12)]).drop_columns(optional)
    files = [written(tmp_path, bare)]
    cells = duck.cells(files, Profile(present=ALL - set(optional))).to_pylist()
    assert [cell["checks"] for cell in cells] == [1]
    assert {name: cells[0][name] for name in CELL_COLUMNS if name.endswith("_tested")} == {
        name: 0 for name in CELL_COLUMNS if name.endswith("_tested")
    }


def test_no_duration_stands_where_logarithms_of_two_engines_could_round_apart() -> None:
    np = pytest.importorskip("numpy")
    scaled = np.log(np.arange(100, 3_600_001, dtype=np.float64)) * LN_SCALE
    apart = np.abs(scaled - np.floor(scaled) - 0.5).min()
    assert apart > 1e-9  # an engine's logarithm errs by less than 1e-11 at this size


def test_a_damaged_file_is_an_outage_with_a_code(tmp_path: Path, duck) -> None:
    path = written(tmp_path, hostile(6, 100))
    path.write_bytes(path.read_bytes()[:-500])
    with pytest.raises(Outage) as failure:
        duck.words([path], Profile())
    assert failure.value.code.name == "audit.engine-failed"


def test_a_file_s_name_is_no_pattern(tmp_path: Path, duck) -> None:
    written(tmp_path, [event(outlet="a")], "x1")
    path = written(tmp_path, [event(outlet="b")], "x[0-9]*")
    assert duck.cells([path], Profile())["outlet"].to_pylist() == ["b"]


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(Misuse) as failure:
        open_engine("abacus")
    assert failure.value.code.name == "audit.engine-unknown"


def test_engines_open_by_name() -> None:
    engine = open_engine("duckdb", threads=1, memory="500MB")
    assert isinstance(engine, DuckEngine)
    engine.close()
    assert open_engine("spark").name == "spark"
