"""JSON with its rows in a list inside an object, on one line of any length, in any encoding, packed or not."""

import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.audit.test_mapping import example
from tests.audit.test_nested import ROW, changed, lines, read

from liangming.audit.guess.columns import guessed
from liangming.audit.guess.sample import sample
from liangming.audit.guess.written import text as mapping_of
from liangming.audit.ingest import objects
from liangming.audit.ingest.mapping import Mapping, read_mapping
from liangming.audit.ingest.objects import objects as items
from liangming.audit.ingest.translate import translate
from liangming.audit.partials import Partials
from liangming.audit.run import run
from liangming.cli.event_files import EventFiles
from liangming.errors import Misuse

ROWS = [ROW | {"id": f"a{n}", "note": '亮明 [1,{\n"]}\\' * n} for n in range(20)]
BESIDE = {"code": 0, "echo": {"data": [{"not": "these"}], "text": '"]}['}}


def mapped(folder: Path, *more: str) -> Mapping:
    (folder / "m.toml").write_text("\n".join(more) + "\n" + example("toml nested"), "utf-8")
    return read_mapping(folder / "m.toml")


def refused(path: Path, mapping: Mapping) -> str:
    with pytest.raises(Misuse) as failure:
        read(path, mapping)
    assert failure.value.field == path.name
    return failure.value.code.name


@pytest.mark.parametrize(
    ("where", "made"),
    [
        ("data", {"data": ROWS}),
        ("data", {**BESIDE, "data": ROWS, "more": [{"data": 1}] * 9}),
        ("result.list", {"result": {"page": {"list": [0]}, "list": ROWS}}),
        ("pages[].items", {"pages": [{"items": ROWS[:9]}, {"items": None}, {"items": ROWS[9:]}]}),
        ("pages.items", [{"pages": {"items": ROWS[:9]}}, {"pages": {"items": ROWS[9:]}}]),
        ("a.b", {"a.b": ROWS, "a": {"c": []}}),
    ],
    ids=["alone", "others beside", "deeper", "in pages", "an array of them", "a key with dots"],
)
@pytest.mark.parametrize("indent", [None, 1])
def test_rows_in_the_list_that_a_mapping_names_are_read_as_lines_are(
    tmp_path: Path, monkeypatch, where: str, made: object, indent: int | None
) -> None:
    monkeypatch.setattr(objects, "_AT_ONCE", 50)  # everything is met in pieces
    path = tmp_path / "rows.json"
    path.write_text(json.dumps(made, ensure_ascii=False, indent=indent), "utf-8")
    found, _, malformed = read(path, mapped(tmp_path, f'rows = "{where}"'))
    (tmp_path / "plain.jsonl").write_bytes(lines(*ROWS))
    assert found == read(tmp_path / "plain.jsonl", mapped(tmp_path))[0]
    assert (len(found), malformed) == (20, 0)


def test_a_page_on_each_line_gives_its_rows_and_one_row_alone_is_a_list_of_one(
    tmp_path: Path,
) -> None:
    path = tmp_path / "pages.jsonl"
    pages = [{"data": ROWS[:3]}, {"data": ROWS[3]}, {"data": []}, {"data": [*ROWS[4:6], 7, "x"]}]
    path.write_bytes(lines(*pages))
    found, _, malformed = read(path, mapped(tmp_path, 'rows = "data"'))
    assert (len(found), malformed) == (6, 2)


def test_what_is_no_such_list_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    named = mapped(tmp_path, 'rows = "data"')
    path.write_text(json.dumps({"items": ROWS}))
    assert refused(path, named) == "audit.mapped-rows-absent"
    path.write_bytes(lines(*ROWS))
    assert refused(path, named) == "audit.mapped-rows-absent"
    path.write_text(json.dumps({"code": 0, "data": ROWS}))
    assert refused(path, mapped(tmp_path)) == "audit.file-json-inside"
    for cut in (1, 2, 40, 400):
        path.write_text(json.dumps({"data": ROWS})[:-cut])
        assert refused(path, named) == "audit.file-json"
    path.write_text(json.dumps({"data": ROWS})[:-1] + ', data: "no key"}')
    assert refused(path, named) == "audit.file-json"


def test_an_empty_list_is_no_row_and_no_failure(tmp_path: Path) -> None:
    (tmp_path / "none.json").write_text('{"data": []}')
    (tmp_path / "array.json").write_text(" [ ]\n")
    (tmp_path / "space.json").write_text(" \n")
    assert read(tmp_path / "none.json", mapped(tmp_path, 'rows = "data"'))[0] == []
    assert read(tmp_path / "array.json", mapped(tmp_path))[0] == []
    assert refused(tmp_path / "space.json", mapped(tmp_path)) == "audit.file-empty"


def test_what_follows_an_array_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    path.write_text(json.dumps(ROWS[:3]) + "\n" + json.dumps(ROWS[3:5]) + json.dumps(ROWS[5]))
    assert len(read(path, mapped(tmp_path))[0]) == 6
    path.write_text(json.dumps(ROWS[:3]) + "\nand then what is no JSON")
    assert refused(path, mapped(tmp_path)) == "audit.file-json"


@pytest.mark.parametrize("where", ["data", ""])
def test_a_line_of_any_length_is_read_in_the_memory_of_one_object(
    tmp_path: Path, where: str
) -> None:
    row = json.dumps(ROW | {"note": "x" * 2_000})
    many = ",".join([row] * 12_000)
    path = tmp_path / "long.json"
    path.write_text(f'{{"skipped": [{many}], "data": [{many}]}}' if where else f"[{many}]")
    del many
    tracemalloc.start()
    found = sum(1 for _ in items(path, path.name, where))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == 12_000
    assert path.stat().st_size > 24 << 20
    assert most < 8 << 20


@pytest.mark.parametrize("form", ["[{}]", "{}\n", '{{"data": [{}]}}'])
def test_one_object_that_is_too_large_is_refused_and_said_to_be(
    tmp_path: Path, monkeypatch, form: str
) -> None:
    monkeypatch.setattr(objects, "LARGEST", 1 << 20)
    path = tmp_path / "large.jsonl"
    size = 40 << 20 if form == "{}\n" else 2 << 20  # DuckDB has a bound of its own
    path.write_text(form.format(json.dumps(ROW | {"note": "x" * size})))
    more = ('rows = "data"',) if "data" in form else ()
    assert refused(path, mapped(tmp_path, *more)) == "audit.file-json-large"


def test_what_nests_deeper_than_anybody_looks_is_no_row_and_stops_nobody(tmp_path: Path) -> None:
    deep = "[" * 100_000 + "]" * 100_000
    good = json.dumps(ROW)
    path = tmp_path / "deep.json"
    path.write_text(f'{{"x": {deep}, "data": [{good}, {{"id": {deep}}}, {good}]}}')
    found, _, malformed = read(path, mapped(tmp_path, 'rows = "data"'))
    assert (len(found), malformed) == (2, 1)
    path.write_text(f'{good}\n{{"id": {deep}}}\n{good}\n')
    found, _, _ = read(path, mapped(tmp_path))
    assert [row["outlet"] for row in found] == ["N1", None, "N1"]


def test_of_equal_keys_the_first_counts_and_what_is_no_number_costs_only_itself(
    tmp_path: Path,
) -> None:
    twice = json.dumps(ROW)[:-1] + ', "result": "?", "id": "other"}'
    wild = [
        json.dumps(changed(ms=value)) for value in (float("nan"), float("inf"), 10**30, 2**63, -1e9)
    ]
    path = tmp_path / "wild.json"
    path.write_text(f"[{','.join([twice, *wild])}]")
    found, faults, malformed = read(path, mapped(tmp_path))
    assert (len(found), malformed, found[0]["outcome"]) == (6, 0, 1)
    assert faults["duration_ms", "unreadable"] == (4, (2, 3, 4, 5))


@pytest.mark.parametrize(
    ("codec", "named"),
    [
        ("utf-8-sig", ""),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16"),
        ("utf-16-be", "utf-16"),
        ("gbk", "gbk"),
    ],
)
@pytest.mark.parametrize(
    "made",
    [
        lambda rows: "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows),
        lambda rows: json.dumps(rows, ensure_ascii=False),
        lambda rows: json.dumps({"code": 0, "data": rows}, ensure_ascii=False),
    ],
    ids=["lines", "an array", "a list inside"],
)
def test_json_in_any_encoding_is_begun_named_and_read_as_a_text_is(
    tmp_path: Path, made: Callable[[object], str], codec: str, named: str
) -> None:
    path = tmp_path / "rows.json"
    rows = [
        {"编号": f"号{n}", "时间": "2026-11-27 11:30:02", "网点编码": "站一"} for n in range(20)
    ]
    path.write_bytes(made(rows).encode(codec))
    begun = sample(path)
    assert begun.encoding == (named or "utf-8")
    assert guessed(begun).columns == {"event": "编号", "at": "时间", "outlet": "网点编码"}
    head = [line.split(" #")[0].strip() for line in mapping_of(guessed(begun)).splitlines()]
    told = [line for line in head if line.startswith(("rows", "encoding"))]
    assert told == [
        *([f'encoding = "{named}"'] if named else []),
        *(['rows = "data"'] if made(rows).startswith('{"code"') else []),
    ]
    own = (
        'version = 1\nzone = "+08:00"\n[columns]\nat = "时间"\noutlet = "网点编码"\nevent = "编号"\n[constants]\n'
        'operator = "op"\n'
    )
    (tmp_path / "m.toml").write_text("\n".join(told) + "\n" + own, "utf-8")
    found, _, malformed = read(path, read_mapping(tmp_path / "m.toml"))
    assert ([row["outlet"] for row in found], malformed) == (["站一"] * 20, 0)
    if named:
        (tmp_path / "m.toml").write_text(own, "utf-8")
        assert refused(path, read_mapping(tmp_path / "m.toml")) == f"audit.file-{named}"


def test_utf_32_and_a_text_that_is_no_utf_16_are_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "rows.json"
    for codec in ("utf-32", "utf-32-le", "utf-32-be"):
        path.write_bytes(json.dumps(ROWS).encode(codec))
        assert refused(path, mapped(tmp_path)) == "audit.file-not-utf-8"
    path.write_bytes(json.dumps(ROWS, ensure_ascii=False).encode())
    assert refused(path, mapped(tmp_path, 'encoding = "utf-16"')) == "audit.file-not-utf-16"
    path.with_suffix(".csv").write_bytes("网点,时间,结果\n一,二,三\n".encode("utf-16-le"))
    assert refused(path.with_suffix(".csv"), mapped(tmp_path)) == "audit.file-utf-16"


def test_a_check_with_lists_of_its_own_is_not_taken_for_a_list_of_checks(tmp_path: Path) -> None:
    own = [{"way": "face"}] * 9
    rows = [ROW | {"id": f"a{n}", "tried": own} for n in range(3)]
    for many in (1, 3):
        path = tmp_path / f"{many}.jsonl"
        path.write_bytes(lines(*rows[:many]))
        assert sample(path).inside == ""
        assert sample(path).rows == many
    (tmp_path / "phones.json").write_text(json.dumps({"13900000001": ROWS}))
    with pytest.raises(Misuse) as failure:
        sample(tmp_path / "phones.json")
    assert failure.value.code.name == "audit.map-no-names"


def test_nothing_is_written_beside_a_vendor_s_file(tmp_path: Path) -> None:
    folder = tmp_path / "theirs"
    folder.mkdir()
    (folder / "log.jsonl").write_bytes(lines(*ROWS))
    (folder / "texts.parquet").write_bytes(b"theirs")
    translate(folder / "log.jsonl", mapped(tmp_path), tmp_path / "out.parquet", key="00")
    assert sorted(path.name for path in folder.iterdir()) == ["log.jsonl", "texts.parquet"]
    assert (folder / "texts.parquet").read_bytes() == b"theirs"


def zstd(data: bytes) -> bytes:
    return pa.Codec("zstd").compress(data, asbytes=True)


def test_a_folder_of_all_kinds_is_searched_and_each_file_left_out_is_told(
    tmp_path: Path, duck
) -> None:
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    (folder / ".git").mkdir()
    several = iter(range(10_000))

    def rows(many: int = 5) -> list[dict]:
        return [ROW | {"id": f"r{next(several)}"} for _ in range(many)]

    (folder / "a.json").write_text(json.dumps(rows()))
    (folder / "b.JSON.ZST").write_bytes(zstd(json.dumps(rows()).encode()))
    (folder / "c.jsonl.zst").write_bytes(zstd(lines(*rows())) + zstd(lines(*rows())))
    (folder / "sub" / "d.ndjson").write_bytes(lines(*rows()))
    (folder / "cut.jsonl.zst").write_bytes(zstd(lines(*rows(3000)))[:-9])
    flat = {"id": "f", "t.begin": "2026-11-27T11:30:02+08:00", "site.code": "N1"}
    flat |= {
        name: "" for name in mapped(tmp_path).columns.values() if "." in name and name not in flat
    }
    flat |= {"result": "ok", "auth.score": ""}
    pq.write_table(pa.Table.from_pylist([flat | {"id": "p"}]), folder / "e.parquet")
    table = ",".join(flat) + "\n" + ",".join(flat.values()) + "\n"
    (folder / "f.csv.zst").write_bytes(zstd(table.encode()))
    (folder / "plainly.csv.gz").write_text(table.replace("\nf,", "\ng,"))
    (folder / "package.json").write_text('{"name": "x"}')
    (folder / "other.csv").write_text("x,y\n1,2\n")
    for name in ("._a.json", "readme.md", ".git/a.json"):
        (folder / name).write_bytes(b"x")
    found = EventFiles.of([folder])
    assert found.other == 3
    with Partials(tmp_path / "p") as partials:
        ran = run(found.there, partials, duck, mapping=mapped(tmp_path))
    assert sum(line.counted for line in ran.units) == 28
    assert {(name, why.code.name) for name, why in ran.unreadable} == {
        ("cut.jsonl.zst", "audit.file-unreadable"),
        ("other.csv", "audit.mapped-column-absent"),
        ("package.json", "audit.mapped-column-absent"),
    }
