"""The quick way on one machine gives the same integers as the expressions, whatever comes."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.audit.hostile import event, hostile, table

from liangming.audit.engines import arrow, counting
from liangming.audit.engines.arrow import ArrowEngine
from liangming.audit.engines.counting import counted, together
from liangming.audit.engines.duck import DuckEngine
from liangming.audit.engines.numbering import Numbering
from liangming.audit.ingest.look import look
from liangming.audit.partials import Partials
from liangming.audit.partials.adding import added
from liangming.audit.questions.profile import ALL, Profile
from liangming.audit.questions.words import COUNTS, KEYS
from liangming.audit.run import run
from liangming.audit.schema import CELL_COLUMNS, CELL_KEYS
from liangming.errors import Outage


def written(folder: Path, rows: list[dict[str, Any]] | pa.Table, name: str = "events") -> Path:
    path = folder / f"{name}.parquet"
    whole = table(rows) if isinstance(rows, list) else rows
    pq.write_table(whole, path, row_group_size=300)
    return path


def in_order(words: pa.Table) -> list[dict[str, Any]]:
    """Words, each once, by their keys."""
    plain = pa.table(
        {
            name: words[name].cast(pa.string()) if name in KEYS[:3] else words[name]
            for name in words.column_names
        }
    )
    return added([plain], KEYS, COUNTS).sort_by([(key, "ascending") for key in KEYS]).to_pylist()


def same_words(files: Sequence[Path], profile: Profile, duck: DuckEngine) -> bool:
    return in_order(ArrowEngine().words(files, profile)) == in_order(duck.words(files, profile))


def test_arrow_and_duckdb_differ_in_no_word_of_hostile_events(
    tmp_path: Path, duck, monkeypatch
) -> None:
    files = [written(tmp_path, hostile(seed, 400), f"e{seed}") for seed in (7, 8)]
    expected = in_order(duck.words(files, Profile()))
    assert in_order(ArrowEngine().words(files, Profile())) == expected
    monkeypatch.setattr(arrow, "AT_ONCE", 97)
    monkeypatch.setattr(arrow, "PAIRS", 50)
    monkeypatch.setattr(counting, "_WIDEST", 1000)
    assert in_order(ArrowEngine().words(files, Profile())) == expected


def test_arrow_and_duckdb_differ_in_no_cell_of_hostile_events(tmp_path: Path, duck) -> None:
    files = [written(tmp_path, hostile(9, 300))]
    order = [(name, "ascending") for name in CELL_KEYS]
    one = ArrowEngine().cells(files, Profile()).sort_by(order)
    other = duck.cells(files, Profile()).sort_by(order)
    assert one.column_names == list(CELL_COLUMNS)
    assert one.to_pylist() == other.to_pylist()


def test_arrow_and_duckdb_differ_in_no_word_without_half_of_the_columns(
    tmp_path: Path, duck
) -> None:
    dropped = ["clerk", "province", "way_first", "known", "reason", "duration_ms"]
    files = [written(tmp_path, table(hostile(3, 500)).drop_columns(dropped))]
    assert same_words(files, Profile(present=ALL - set(dropped)), duck)
    bare = Profile(present=ALL - {"outlet"})
    files = [written(tmp_path, table(hostile(3, 100)).drop_columns(["outlet"]), "bare")]
    words = ArrowEngine().words(files, bare)
    assert [(row["place"], row["n"]) for row in in_order(words)] == [(-1, 110)]


def test_arrow_and_duckdb_differ_in_no_word_where_values_are_proven(tmp_path: Path, duck) -> None:
    rows = [event(event=n, at=1_795_750_200_000_000 + n * 7_000_000_000) for n in range(1500)]
    files = [written(tmp_path, rows)]
    profile = look(files[0]).profile
    assert profile.unproven == frozenset()
    assert same_words(files, profile, duck)
    files = [written(tmp_path, [event()], "one")]
    assert same_words(files, look(files[0]).profile, duck)  # every number is the same for all rows


def test_arrow_reads_other_widths_and_coded_columns(tmp_path: Path, duck) -> None:
    plain = table(hostile(10, 400))
    wide = plain.cast(
        pa.schema(
            [
                (name, pa.int64() if pa.types.is_integer(kind) else pa.large_string())
                for name, kind in zip(plain.schema.names, plain.schema.types, strict=True)
            ]
        )
    )
    coded = pa.table({name: wide[name].dictionary_encode() for name in wide.column_names})
    expected = in_order(duck.words([written(tmp_path, plain)], Profile()))
    for number, other in enumerate((wide, coded)):
        files = [written(tmp_path, other, f"other{number}")]
        assert in_order(ArrowEngine().words(files, Profile())) == expected


def test_no_rows_and_a_damaged_file(tmp_path: Path) -> None:
    engine = ArrowEngine()
    assert engine.words([written(tmp_path, [])], Profile()).column_names == [*KEYS, *COUNTS]
    assert engine.cells([written(tmp_path, [])], Profile()).num_rows == 0
    path = written(tmp_path, hostile(6, 100))
    path.write_bytes(path.read_bytes()[:-500])
    with pytest.raises(Outage) as failure:
        engine.words([path], Profile())
    assert failure.value.code.name == "audit.engine-failed"


def test_a_run_leaves_the_same_partials_with_either_engine(tmp_path: Path, duck) -> None:
    bare = table(hostile(12, 300)).drop_columns(["clerk", "known"])
    files = [written(tmp_path, hostile(11, 300)), written(tmp_path, bare, "bare")]
    kept = []
    for engine in (duck, ArrowEngine()):
        with Partials(tmp_path / engine.name) as partials:
            run(files, partials, engine)
            line = partials.lines[0]
            kinds = [each.kind for each in partials.lines]
            kept.append((partials.cells(), partials.words(), line.left_out, line.counted, kinds))
    (cells, words, *told), (other_cells, other_words, *other_told) = kept
    assert told == other_told
    assert cells.sort_by([(key, "ascending") for key in CELL_KEYS]).equals(
        other_cells.sort_by([(key, "ascending") for key in CELL_KEYS])
    )
    assert in_order(words) == in_order(other_words)


def test_different_rows_have_different_numbers_and_equal_ones_the_same() -> None:
    dice = np.random.default_rng(5)
    numbers = Numbering(3)
    known: dict[tuple[int, ...], int] = {}
    for size, reach in ((5_000, 3), (20_000, 40), (1, 1), (6_000, 1 << 60)):
        columns = [dice.integers(0, reach, size), dice.integers(-reach, reach, size), reach]
        got = numbers.number(columns, size).tolist()
        rows = zip(columns[0].tolist(), columns[1].tolist(), [reach] * size, strict=True)
        for row, number in zip(rows, got, strict=True):
            assert known.setdefault(row, number) == number
    assert sorted(known.values()) == list(range(1, numbers.size))
    assert {
        row: number
        for number, row in enumerate(
            zip(*(numbers.column(at)[1:].tolist() for at in range(3)), strict=True), 1
        )
    } == known


def test_counts_of_batches_are_the_counts_of_all() -> None:
    dice = np.random.default_rng(6)
    keys = [dice.integers(0, 5, 4_000), dice.integers(0, 1 << 40, 5)[dice.integers(0, 5, 4_000)]]
    said = dice.integers(0, 1 << 16, 4_000).astype(np.uint16)
    parts = [
        counted([key[at : at + 500] for key in keys], said[at : at + 500])
        for at in range(0, 4_000, 500)
    ]
    one, other = together(parts), counted(keys, said)
    rows = [
        sorted(zip(*(column.tolist() for column in (*some.keys, *some.sums)), strict=True))
        for some in (one, other)
    ]
    assert rows[0] == rows[1]
    assert sum(one.sums[0].tolist()) == 4_000
