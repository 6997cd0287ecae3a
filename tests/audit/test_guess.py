"""A mapping begun from a vendor's file: what is clear is written, what is not is asked, nobody is shown."""

import re
from datetime import datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from liangming.audit.guess import personal
from liangming.audit.guess.columns import guessed
from liangming.audit.guess.moments import written
from liangming.audit.guess.sample import sample
from liangming.audit.guess.written import questions, text
from liangming.audit.ingest.mapping import read_mapping
from liangming.cli.main import app
from liangming.errors import Misuse

PAGE = Path(__file__).resolve().parent.parent.parent / "docs" / "vendor.md"


def block(name: str) -> str:
    return PAGE.read_text("utf-8").split(f"```{name}\n")[1].split("```")[0]


def bare(mapping: str) -> list[str]:
    """The lines of a mapping without comments."""
    lines = (re.sub(r"\s+# .*", "", line).strip() for line in mapping.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def test_the_page_leads_from_a_vendor_s_export_to_a_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("export.csv").write_text(block("csv export"), "utf-8")

    def done(*asked: str, status: int = 0) -> str:
        result = CliRunner().invoke(app, ["audit", *asked])
        assert result.exit_code == status, result.output
        return result.output

    done("map", "export.csv")
    begun = Path("vendor.toml").read_text("utf-8")
    answers = [line for line in bare(block("toml answered")) if line not in bare(begun)]
    assert answers == [
        'zone = "+08:00"',
        'operator = "op-7"',
        'channel = "counter"',
        'scene_kind = "parcel.send.counter"',
        '"失败" = "refused"',
    ]
    assert [line for line in bare(begun) if line not in bare(block("toml answered"))] == []
    assert len(questions(begun)) == len(answers)
    shown = re.findall(r"某某|1390000|CK\d|N0\d|E\d\d|0\.9\d", begun)
    assert shown == []
    for theirs in ("寄件人姓名", "手机号"):
        assert f'#   "{theirs}"' in begun
    with pytest.raises(Misuse) as failure:
        CliRunner().invoke(app, ["audit", "map", "export.csv"], catch_exceptions=False)
    assert failure.value.code.name == "cli.audit-map-exists"
    assert Path("vendor.toml").read_text("utf-8") == begun

    Path("half.toml").write_text(begun.replace('# operator = "…"', 'operator = "op-7"'), "utf-8")
    half = done("validate", "export.csv", "--mapping", "half.toml", status=1)
    assert "5 行 rows，required-missing" in half  # no zone: no row counts
    assert half.count("待答 to answer") == 5
    Path("vendor.toml").write_text(block("toml answered"), "utf-8")
    whole = done("validate", "export.csv", "--mapping", "vendor.toml")
    assert "counted: 5 次查验" in whole
    assert "way_first" in whole
    asked = ["--mapping", "vendor.toml", "--partials", "parts"]
    assert "counted: 5 次查验" in done("run", "export.csv", *asked)


@pytest.mark.parametrize(
    ("said", "form", "offsets", "ambiguous"),
    [
        (["2026-11-27T11:30:02+08:00"] * 3, ("iso",), True, False),
        (["2026-11-27 11:30:02", ""], ("iso",), False, False),
        (["2026/11/27 9:30", "2026/11/27 9:30:05"], ("%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M"), False, False),
        (["2026年1月2日 9:30"], ("%Y年%m月%d日 %H:%M",), False, False),
        (["20261127113002"], ("%Y%m%d%H%M%S",), False, False),
        (["1795750202"], ("epoch-s",), True, False),
        (["1795750202000"], ("epoch-ms",), True, False),
        (["46353.4791"], ("excel",), False, False),
        (["03/04/2026 11:30"], ("%d/%m/%Y %H:%M",), False, True),
        (["03/04/2026 11:30", "03/14/2026 11:30"], ("%m/%d/%Y %H:%M",), False, False),
        (["12", "13"], (), False, False),
        ([""], (), False, False),
    ],
)  # fmt: skip
def test_how_moments_are_written_is_seen_or_left_open(said, form, offsets, ambiguous) -> None:
    found = written(said)
    assert (found.form, found.offsets, found.ambiguous) == (form, offsets, ambiguous)


@pytest.mark.parametrize(
    "values",
    [
        ["13900000000", "13900000001", "", "—"],
        ["99010119900101001X"] * 2,
        ["someone@example.org"],
        ["王小明", "李大山", "赵六", "陈一一"],
        ["王*明", "李*"],
        ["139****0000"],
    ],
)
def test_values_that_look_like_a_person_s_are_known_whatever_the_column_is_called(values) -> None:
    assert personal.by_values(values)


def test_a_personal_column_under_an_innocent_name_is_not_written(tmp_path: Path) -> None:
    rows = [
        "时间,网点,选择方式,结果",
        *(f"2026-03-01 09:00:0{n},N1,1390000000{n},成功" for n in range(9)),
    ]
    (tmp_path / "v.csv").write_text("\n".join(rows), "utf-8")
    found = guessed(sample(tmp_path / "v.csv"))
    assert (found.personal, "way_chosen" in found.columns) == (["选择方式"], False)
    assert "139" not in text(found)


def test_a_mapping_from_parquet_and_from_gbk_is_read_back(tmp_path: Path) -> None:
    rows = {
        "start_time": pa.array([1_795_750_202_000_000] * 4, pa.timestamp("us", "UTC")),
        "station_code": ["S1", "S1", "S2", "S2"],
        "operator_name": ["op"] * 4,
        "elapsed": [1, 2, 3, 4],
        "status": ["success", "success", "failed", "failed"],
        "note": ["a\nb", '"', "c", "d"],
    }
    pq.write_table(pa.table(rows), tmp_path / "v.parquet")
    found = guessed(sample(tmp_path / "v.parquet"))
    (tmp_path / "m.toml").write_text(text(found), "utf-8")
    mapping = read_mapping(tmp_path / "m.toml")
    assert mapping.columns == {
        "at": "start_time",
        "operator": "operator_name",
        "outlet": "station_code",
        "outcome": "status",
    }
    assert mapping.values == {"outcome": {"success": "passed"}}
    assert len(questions(text(found))) == 5  # zone, unit, channel, kind of scene, "failed"
    (tmp_path / "g.csv").write_bytes("时间;网点\n2026-03-01 09:00:00;一\n".encode("gbk"))
    (tmp_path / "m.csv").write_bytes(b"\xef\xbb\xbf" + (tmp_path / "g.csv").read_bytes())
    assert sample(tmp_path / "m.csv").names == sample(tmp_path / "g.csv").names
    assert sample(tmp_path / "g.csv").encoding == "gbk"
    assert sample(tmp_path / "g.csv").names == ("时间", "网点")


def test_a_workbook_with_a_title_above_and_cells_that_are_moments_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ["查验明细"],
        ["核验时间", "网点编号", "结果", "联系人"],
        [datetime(2026, 3, 1, 9, 30), "N1", "通过", "甲某"],  # noqa: DTZ001  (a spreadsheet knows no zone)
        [datetime(2026, 3, 1, 9, 31), "N1", "通过", "乙某"],  # noqa: DTZ001
    ):
        book.active.append(row)
    book.save(tmp_path / "v.xlsx")
    found = guessed(sample(tmp_path / "v.xlsx"))
    assert (found.sample.skip, found.moment.form, found.personal) == (1, ("iso",), ["联系人"])
    assert found.columns == {"at": "核验时间", "outlet": "网点编号", "outcome": "结果"}
    assert "甲某" not in text(found)


def _written(folder: Path, program: str) -> Path:
    (folder / "flat.py").write_text(program, "utf-8")
    return folder / "flat.py"


@pytest.mark.parametrize(
    "data",
    [
        b"one\n1\n",
        b"a,a\n1,2\n",
        b"a,b\n",
        b"\xff\xff\xff\n" * 9,
        "甲某,2026-03-01 09:00:00,成功\n乙某,2026-03-01 09:01:00,成功\n".encode(),
        b"N1,13900000000,ok\nN2,13900000001,ok\n",
    ],
)
def test_a_file_without_names_is_refused_and_its_first_row_not_written(
    tmp_path: Path, data: bytes
) -> None:
    (tmp_path / "v.csv").write_bytes(data)
    with pytest.raises(Misuse) as failure:
        sample(tmp_path / "v.csv")
    assert failure.value.code.name in ("audit.map-no-names", "audit.file-not-utf-8")
    assert failure.value.field == "v.csv"
