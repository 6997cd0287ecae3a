"""Logs in JSON: one object a line or one array, whatever nests in them; what is no row is counted."""

import gzip
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.audit.hostile import NOON
from tests.audit.test_mapping import FACT, example

from liangming.audit.guess.columns import guessed
from liangming.audit.guess.sample import sample
from liangming.audit.guess.written import text as mapping_of
from liangming.audit.ingest import nested
from liangming.audit.ingest.mapping import OWN, Mapping, read_mapping
from liangming.audit.ingest.translate import translate, translated
from liangming.audit.partials import Partials
from liangming.audit.run import run
from liangming.cli.event_files import EventFiles
from liangming.errors import Misuse

ROW = {
    "id": "a1", "t": {"begin": "2026-11-27T11:30:02+08:00"}, "site": {"code": "N1"},
    "auth": {
        "ways": ["id", "face"], "tried": [{"way": "face", "ok": False}, {"way": "id", "ok": True}],
        "chosen": "id", "declined": True, "score": None, "ms": 1.84e4, "by.hand": False,
    },
    "result": "ok",
}  # fmt: skip


@pytest.fixture
def mapping(tmp_path: Path) -> Mapping:
    (tmp_path / "json.toml").write_text(example("toml nested"), "utf-8")
    return read_mapping(tmp_path / "json.toml")


def changed(**auth) -> dict:
    return ROW | {"auth": ROW["auth"] | auth}


def lines(*rows: object) -> bytes:
    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in rows)


def read(path: Path, mapping: Mapping) -> tuple[list[dict], dict, int]:
    became = translate(path, mapping, path.with_suffix(".canonical.parquet"), key="00")
    faults = {(one.column, one.reason): (one.rows, one.first) for one in became.faults}
    return pq.read_table(became.path).to_pylist(), faults, became.malformed


def test_the_page_s_nested_example_reads_as_the_page_says(tmp_path: Path, mapping: Mapping) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text(example("json nested"), "utf-8")
    (first, second), faults, malformed = read(path, mapping)
    assert (first["at"], first["zone"], first["outlet"]) == (NOON + 2_000_000, 480, "N1")
    assert (first["ways_offered"], first["ways_failed"], first["way_chosen"]) == (4098, 4096, 1)
    assert (first["duration_ms"], first["outcome"]) == (18_400, 1)
    assert first["facts"] & FACT["declined_face"]
    assert not first["facts"] & FACT["score_recorded"]
    assert second["facts"] & FACT["score_recorded"]
    assert second["ways_failed"] == 0
    assert (faults, malformed) == ({}, 0)


@pytest.mark.parametrize(
    "made",
    [
        lambda rows: lines(*rows),
        lambda rows: b"\xef\xbb\xbf" + lines(*rows).replace(b"\n", b"\r\n\r\n"),
        lambda rows: json.dumps(rows).encode(),
        lambda rows: json.dumps(rows, indent=2).encode(),
        lambda rows: b"\n".join(json.dumps(row, indent=1).encode() for row in rows),
    ],
    ids=[
        "lines",
        "marked, empty lines between",
        "an array",
        "a drawn-out array",
        "drawn-out objects",
    ],
)
def test_the_same_rows_come_of_every_form(
    tmp_path: Path, mapping: Mapping, monkeypatch, made
) -> None:
    monkeypatch.setattr(nested, "_AT_ONCE", 100)  # every row is met in pieces
    rows = [ROW | {"id": f"a{n}", "note": '[1,{\n"]}' * n} for n in range(20)]
    (tmp_path / "rows.json").write_bytes(made(rows))
    found, faults, malformed = read(tmp_path / "rows.json", mapping)
    (tmp_path / "plain.jsonl").write_bytes(lines(*rows))
    assert found == read(tmp_path / "plain.jsonl", mapping)[0]
    assert (len(found), malformed) == (20, 0)
    assert faults == {("score_recorded", "absent"): (20, (1,))} or not faults


def test_a_line_that_is_no_object_is_no_row_and_is_counted(
    tmp_path: Path, mapping: Mapping
) -> None:
    good = lines({**ROW, "note": "亮明"})
    bad = [
        b"[1, 2]\n", b'"text"\n', b"not json\n", good[:40] + b"\n", good.rstrip() + good,
        b'{"id": "\xff\xfe"}\n', b"null\n",
    ]  # fmt: skip
    (tmp_path / "log.jsonl").write_bytes(good + b"".join(bad) + good + b"\n" + good[:-9])
    rows, _, malformed = read(tmp_path / "log.jsonl", mapping)
    assert (len(rows), malformed) == (2, len(bad) + 1)


@pytest.mark.parametrize("cut", [1, 40, 400], ids=["its end", "a row", "more"])
def test_an_array_that_is_cut_off_is_refused_whole(
    tmp_path: Path, mapping: Mapping, cut: int
) -> None:
    path = tmp_path / "rows.json"
    path.write_bytes(json.dumps([ROW] * 9).encode()[:-cut])
    with pytest.raises(Misuse) as failure:
        read(path, mapping)
    assert (failure.value.code.name, failure.value.field) == ("audit.file-json", "rows.json")


@pytest.mark.parametrize(
    ("auth", "column", "found"),
    [
        ({"ways": "face"}, "ways_offered", 4096),
        ({"ways": []}, "ways_offered", None),
        ({"ways": ["id", None]}, "ways_offered", None),
        ({"ways": ["id", {"way": "face"}]}, "ways_offered", None),
        ({"tried": []}, "ways_failed", 0),
        ({"tried": None}, "ways_failed", None),
        ({"tried": [{"way": "id"}, {"name": "face"}]}, "ways_failed", None),
        ({"chosen": {"way": "id"}}, "way_chosen", None),
        ({"chosen": ["id"]}, "way_chosen", None),
        ({"ms": "18400"}, "duration_ms", 18_400),
        ({"ms": True}, "duration_ms", None),
        ({"ms": 1e300}, "duration_ms", None),
    ],
)
def test_what_nests_otherwise_is_not_known_and_never_half_a_list(
    tmp_path: Path, mapping: Mapping, auth: dict, column: str, found: int | None
) -> None:
    (tmp_path / "log.jsonl").write_bytes(lines(ROW, changed(**auth)))
    (_, row), faults, _ = read(tmp_path / "log.jsonl", mapping)
    assert row[column] == found
    known = found is not None or next(iter(auth.values())) in (None, [])
    assert (column, "unreadable") in faults or known


def test_mixed_rows_are_read_together_and_a_key_of_no_row_is_told(
    tmp_path: Path, mapping: Mapping
) -> None:
    rows = [{key: value for key, value in ROW.items() if key != "auth"}, changed(chosen=None)]
    del rows[1]["auth"]["score"]
    (tmp_path / "log.jsonl").write_bytes(lines(*rows))
    (bare, full), faults, _ = read(tmp_path / "log.jsonl", mapping)
    assert (bare["ways_offered"], bare["way_chosen"], full["way_chosen"]) == (None, None, None)
    assert bare["known"] == 0
    assert not full["known"] & FACT["score_recorded"]  # nobody can say: it may be misspelt
    assert faults == {("score_recorded", "absent"): (2, (1,))}


def test_a_key_no_row_counts_without_is_asked_for_and_one_that_nests_is_named(
    tmp_path: Path, mapping: Mapping
) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(lines({**ROW, "site": {}}))
    with pytest.raises(Misuse) as failure:
        read(path, mapping)
    assert failure.value.field == "log.jsonl: site.code"
    path.write_bytes(lines({**ROW, "site": {"code": {"number": "13900000001"}}}))
    with pytest.raises(Misuse) as failure:
        read(path, mapping)
    assert failure.value.code.name == "audit.mapped-column-nested"
    assert failure.value.field == "log.jsonl: site.code"


def test_a_key_with_dots_is_met_before_steps(tmp_path: Path, mapping: Mapping) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(lines({**ROW, "site.code": "N9"}, {**ROW, "site.code": "~/\"'x"}))
    assert [row["outlet"] for row in read(path, mapping)[0]] == ["N9", "~/\"'x"]


def test_a_packed_log_that_is_cut_off_is_named_and_the_others_count(
    tmp_path: Path, mapping: Mapping, duck
) -> None:
    whole = gzip.compress(lines(*(ROW | {"id": f"a{n}", "x": "y" * n} for n in range(300))))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "in" / "b.csv.gz").write_bytes(gzip.compress(b"x,y\n" * 9)[:12])
    (tmp_path / "in" / "c.ndjson").write_bytes(lines(ROW))
    with Partials(tmp_path / "p") as partials:
        ran = run(EventFiles.of([tmp_path / "in"]).there, partials, duck, mapping=mapping)
    assert [(name, why.code.name) for name, why in ran.unreadable] == [
        ("a.jsonl.gz", "audit.file-unreadable"),
        ("b.csv.gz", "audit.file-unreadable"),
    ]
    assert [line.counted for line in ran.units] == [1]


def test_what_was_told_of_a_log_is_told_again_where_a_run_goes_on(
    tmp_path: Path, mapping: Mapping
) -> None:
    path = tmp_path / "log.jsonl"
    path.write_bytes(lines(ROW, {**changed(chosen=["id"]), "result": "?"}) + b"[]\n")
    made = [translated(path, mapping, "ab" * 32, tmp_path, key="00") for _ in range(2)]
    assert made[0] == made[1]
    assert made[0].malformed == 1
    assert {fault.column for fault in made[0].faults} == {"way_chosen", "outcome"}


def test_our_own_words_in_json_need_no_mapping(tmp_path: Path) -> None:
    own = {
        "at": "2026-11-27T11:30:02+08:00", "zone": 480, "operator": "op-1", "outlet": "o1",
        "ways_offered": ["document.seen", "face"], "ways_down": [], "declined_face": True,
    }  # fmt: skip
    (tmp_path / "own.jsonl").write_bytes(lines(own))
    (row,), faults, _ = read(tmp_path / "own.jsonl", OWN)
    assert (row["ways_offered"], row["ways_down"], row["facts"]) == (4097, 0, 1)
    assert faults == {}


@pytest.mark.parametrize("made", [lines, lambda *rows: json.dumps(rows).encode()])
def test_a_mapping_is_begun_from_json_and_names_nothing_of_a_person(tmp_path: Path, made) -> None:
    rows = [
        {**ROW, "id": f"a{n}", "t": {"begin_time": ROW["t"]["begin"]}, "user": {"id": f"u{n % 7}", "name": "甲某某"},
         "by_phone": {f"139000000{n:02}": {"ok": True}}}
        for n in range(40)
    ]  # fmt: skip
    (tmp_path / "log.json").write_bytes(made(*rows))
    found = guessed(sample(tmp_path / "log.json"))
    assert found.columns == {
        "event": "id", "at": "t.begin_time", "outlet": "site.code", "clerk": "user.id",
        "ways_offered": "auth.ways", "way_chosen": "auth.chosen", "outcome": "result",
    }  # fmt: skip
    assert found.present == {"score_recorded": "auth.score"}
    assert found.personal == ["user.name"]
    assert "139" not in mapping_of(found)
    assert "甲某某" not in mapping_of(found)
