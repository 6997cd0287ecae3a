"""Files of other vendors: read by a mapping, and every value that is not read is named."""

import csv
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.audit.hostile import table

from liangming.audit.engines.fold import fold
from liangming.audit.ingest.mapping import OWN, Mapping, read_mapping
from liangming.audit.ingest.translate import translate
from liangming.audit.partials import Partials
from liangming.audit.questions.profile import Profile
from liangming.audit.run import run
from liangming.audit.schema import FACTS
from liangming.errors import Misuse

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "spec" / "events.md"
FACT = {fact.name: 1 << number for number, fact in enumerate(FACTS)}


def example(name: str) -> str:
    """A complete example of the page, by the name of its block."""
    return PAGE.read_text("utf-8").split(f"```{name}\n")[1].split("```")[0]


@pytest.fixture
def mapping(tmp_path: Path) -> Mapping:
    (tmp_path / "vendor.toml").write_text(example("toml"), "utf-8")
    return read_mapping(tmp_path / "vendor.toml")


def rows_of(path: Path, mapping: Mapping) -> tuple[list[dict], dict[str, tuple[int, tuple]], int]:
    became = translate(path, mapping, path.with_suffix(".canonical.parquet"), key="00")
    faults = {fault.column: (fault.rows, fault.first) for fault in became.faults}
    return pq.read_table(became.path).to_pylist(), faults, became.malformed


def test_the_page_s_example_reads_as_the_page_says(tmp_path: Path, mapping: Mapping) -> None:
    (tmp_path / "vendor.csv").write_text(example("csv vendor"), "utf-8")
    (first, second, third), faults, malformed = rows_of(tmp_path / "vendor.csv", mapping)
    assert (first["at"], first["zone"], first["duration_ms"]) == (
        1_795_750_202_000_000,
        480,
        18_400,
    )
    assert (first["ways_offered"], first["way_chosen"], first["outcome"]) == (4097, 0, 1)
    assert first["facts"] & first["known"] & FACT["declined_face"]
    assert first["known"] & FACT["score_recorded"]
    assert not first["facts"] & FACT["score_recorded"]
    assert second["facts"] & FACT["score_recorded"]
    assert (third["ways_offered"], third["outcome"]) == (None, None)
    assert faults == {"ways_offered": (1, (3,)), "outcome": (1, (3,))}
    assert malformed == 0
    assert "1001" not in str(first)
    assert first["clerk"] == second["clerk"] != third["clerk"]


def test_our_own_columns_in_csv_need_no_mapping(tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(example("csv own"), "utf-8")
    (one,), faults, malformed = rows_of(tmp_path / "own.csv", OWN)
    assert (faults, malformed) == ({}, 0)
    expected = {
        "event": 81204417, "at": 1_795_750_202_000_000, "zone": 480, "operator": "op-1",
        "outlet": "310-0042", "clerk": "k7", "province": 310000, "scene_kind": 1, "channel": 1,
        "ways_offered": 4099, "ways_down": 0, "way_first": 0, "way_chosen": 0, "way_completed": 0,
        "outcome": 1, "reason": 0, "duration_ms": 18400, "facts": 7, "known": 7,
    }  # fmt: skip
    assert {name: one[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("2026-11-27T11:30:02+08:00", None, (1_795_750_202_000_000, 480)),
        ("2026-11-27T03:30:02Z", 480, (1_795_750_202_000_000, 480)),
        ("2026-11-27 11:30:02", 480, (1_795_750_202_000_000, 480)),
        ("2026-11-26 23:00:02.5-04:30", 480, (1_795_750_202_500_000, -270)),
        ("2026-11-27 11:30:02", None, (None, None)),
        ("1795750202000000", 480, (1_795_750_202_000_000, 480)),
        ("2026-02-30 11:30:02", 480, (None, 480)),
    ],
)
def test_moments_have_an_offset_or_are_not_known(tmp_path: Path, text, zone, expected) -> None:
    (tmp_path / "m.csv").write_text(f"t,o\n{text},a\n", "utf-8")
    asked = Mapping({"at": "t", "outlet": "o"}, {"operator": "op-1"}, zone=zone)
    (one,), *_ = rows_of(tmp_path / "m.csv", asked)
    assert (one["at"], one["zone"]) == expected


@pytest.mark.parametrize(
    ("moment", "text"),
    [("epoch-s", "1795750202.5"), ("epoch-ms", "1795750202500"), ("epoch-us", "1795750202500000")],
)
def test_moments_may_be_counted_from_1970(tmp_path: Path, moment: str, text: str) -> None:
    (tmp_path / "m.csv").write_text(f"t,o\n{text},a\n", "utf-8")
    asked = Mapping({"at": "t", "outlet": "o"}, {"operator": "x"}, zone=480, moment=moment)
    (one,), *_ = rows_of(tmp_path / "m.csv", asked)
    assert one["at"] == 1_795_750_202_500_000


def test_a_parquet_file_of_a_vendor_is_read_whatever_its_types(tmp_path: Path, mapping) -> None:
    (tmp_path / "vendor.csv").write_text(example("csv vendor"), "utf-8")
    expected, *_ = rows_of(tmp_path / "vendor.csv", mapping)
    typed = pa.table(
        {
            "单号摘要": ["a1", "a2", "a3"],
            "开始": pa.array(
                [1_795_779_002_000_000, 1_795_779_100_000_000, 1_795_779_200_000_000],
                pa.timestamp("us"),
            ),
            "网点": ["N1", "N1", "N2"],
            "工号": [1001, 1001, 1002],
            "方式": ["证件,人脸", "证件,人脸", "证件,指纹"],
            "选择": ["证件", "人脸", "证件"],
            "结果": ["成功", "成功", "未知"],
            "用时": [18.4, 7.0, 9.5],
            "拒刷": ["是", "否", None],
            "分数": [None, 0.98, None],
        }
    )
    pq.write_table(typed, tmp_path / "typed.parquet")
    iso = read_mapping(_changed(tmp_path, 'moment = "%Y/%m/%d %H:%M:%S"', 'moment = "iso"'))
    got, *_ = rows_of(tmp_path / "typed.parquet", iso)
    for name in ("event", "zone", "clerk", "ways_offered", "duration_ms", "facts", "known"):
        assert [row[name] for row in got] == [row[name] for row in expected], name
    assert got[0]["at"] == expected[0]["at"]


def _changed(folder: Path, old: str, new: str) -> Path:
    text = example("toml")
    assert old in text
    path = folder / "changed.toml"
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("version = 1", "version = 2", "version: 1"),
        ('unit = "s"', 'unit = "fortnight"', "unit: ms | s | min"),
        ('zone = "+08:00"', 'zone = "Asia/Shanghai"', "zone: +08:00"),
        ('outlet = "网点"', 'outlets = "网点"', "columns.outlets: outlet"),
        ('outlet = "网点"\n', "", "outlet"),
        (
            'channel = "counter"',
            'channel = "window"',
            "constants.channel: unknown | counter | doorstep | machine | gate | online",
        ),
        ('"人脸" = "face"', '"人脸" = "faces"', "values.way.人脸: face"),
        ('separator = ","', 'seperator = ","', "seperator: separator"),
    ],
)
def test_a_mapping_not_wholly_understood_is_refused(tmp_path: Path, old, new, place) -> None:
    with pytest.raises(Misuse) as failure:
        read_mapping(_changed(tmp_path, old, new))
    code = "audit.mapping-lacks" if place == "outlet" else "audit.mapping-unfit"
    assert (failure.value.code.name, failure.value.field) == (code, place)


def test_a_mapped_column_that_is_absent_is_named(tmp_path: Path, mapping: Mapping) -> None:
    (tmp_path / "v.csv").write_text("单号摘要,开始\na1,2026/11/27 11:30:02\n", "utf-8")
    with pytest.raises(Misuse) as failure:
        rows_of(tmp_path / "v.csv", mapping)
    assert failure.value.code.name == "audit.mapped-column-absent"


def test_a_run_over_a_vendor_s_file_counts_what_it_leaves_out(
    tmp_path: Path, duck, mapping: Mapping
) -> None:
    lines = example("csv vendor") + "a9,gestern,N1,1,证件,证件,成功,1,否,\nbroken,line\n"
    (tmp_path / "v.csv").write_text(lines, "utf-8")
    with Partials(tmp_path / "p") as partials:
        ran = run([tmp_path / "v.csv"], partials, duck, mapping=mapping)
        assert [(line.counted, line.left_out) for line in ran.units] == [
            (3, {"malformed-row": 1, "required-missing": 1})
        ]
        assert ("at", 1, (4,)) in {(f.column, f.rows, f.first) for f in ran.faults}
        assert (tmp_path / "p" / "clerk.key").stat().st_mode & 0o077 == 0


def test_canonical_events_come_through_csv_unchanged(tmp_path: Path, duck) -> None:
    (tmp_path / "own.csv").write_text(example("csv own"), "utf-8")
    became = translate(tmp_path / "own.csv", OWN, tmp_path / "a.parquet", key="00")
    (row,) = pq.read_table(became.path).to_pylist()
    pq.write_table(table([row]), tmp_path / "b.parquet")
    present = Profile(present=frozenset(row))
    cells = [
        fold(duck.words([tmp_path / n], present)).to_pylist() for n in ("a.parquet", "b.parquet")
    ]
    assert cells[0] == cells[1]


GUIDE = Path(__file__).resolve().parents[2] / "docs" / "inspector.md"


def test_the_ten_lines_of_the_guide_lead_from_a_vendor_s_csv_to_a_report(tmp_path: Path) -> None:
    block = GUIDE.read_text("utf-8").split("```sh guide\n")[1].split("```")[0]
    assert len(block.splitlines()) == 10
    (tmp_path / "logs").mkdir()
    rows = ["开始,网点,方式,选择,结果,拒刷"]
    for outlet in range(12):
        for number in range(40):
            refused = outlet == 3 and number % 2 == 0  # declines are refused at one outlet
            end = "拒收" if refused else "成功"
            no = "是" if number % 2 == 0 else "否"
            moment = f"2026-03-{1 + number % 28:02} 09:{number:02}:00"
            rows.append(f"{moment},N{outlet},证件|人脸,证件,{end},{no}")
    (tmp_path / "logs" / "march.csv").write_text("\n".join(rows) + "\n", "utf-8")
    (tmp_path / "logs" / "other.csv").write_text("a,b\n1,2\n", "utf-8")
    words = f'liangming() {{ "{sys.executable}" -m liangming "$@"; }}\n'
    done = subprocess.run(
        ["bash", "-c", words + block.replace("--to out", "--to out --no-pdf")],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "not read: other.csv" in done.stderr
    assert "[other.csv: 开始]" in done.stderr
    assert "Traceback" not in done.stderr
    page = (tmp_path / "out" / "report.zh.html").read_text("utf-8")
    assert "N3" in page.partition('id="findings"')[2].partition('id="visits"')[0]
    with (tmp_path / "out" / "findings.csv").open(encoding="utf-8-sig") as table:
        found = list(csv.DictReader(table))
    assert [(row["question"], row["outlet"], row["k"], row["n"]) for row in found] == [
        ("refused", "N3", "20", "20")
    ]


def test_a_file_that_cannot_count_is_told_by_its_own_name(tmp_path: Path, duck) -> None:
    (tmp_path / "mine.csv").write_text("a,b\n1,2\n", "utf-8")
    with Partials(tmp_path / "p") as partials:
        ((name, failure),) = run([tmp_path / "mine.csv"], partials, duck).unreadable
    assert (name, failure.code.name, failure.field) == (
        "mine.csv", "audit.column-missing", "mine.csv: at",
    )  # fmt: skip


def test_a_mapping_that_is_no_toml_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "v.toml").write_text("version = 1\n[columns\n", "utf-8")
    with pytest.raises(Misuse) as failure:
        read_mapping(tmp_path / "v.toml")
    assert (failure.value.code.name, failure.value.field) == (
        "audit.mapping-unreadable",
        "v.toml: 行 line 2",
    )
