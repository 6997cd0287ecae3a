"""Workbooks of vendors: read like their texts, or refused by name."""

import csv
import io
import zipfile
from datetime import datetime
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from tests.audit.test_exports_of_others import mapped
from tests.audit.test_mapping import example

from liangming.audit.guess.sample import sample
from liangming.audit.ingest import workbook
from liangming.audit.ingest.form import may_hold_events
from liangming.audit.ingest.mapping import OWN
from liangming.audit.ingest.translate import translate
from liangming.errors import Misuse

PATTERN = "%Y/%m/%d %H:%M:%S"


def rows_of(text: str) -> list[list[object]]:
    """The page's example as cells of a sheet: moments and numbers as a spreadsheet keeps them."""
    names, *rows = csv.reader(io.StringIO(text))
    cells: list[list[object]] = [list(names)]
    for row in rows:
        line: list[object] = [word or None for word in row]
        line[1] = datetime.strptime(row[1], PATTERN)  # noqa: DTZ007
        line[7] = float(row[7])
        cells.append(line)
    return cells


def book(path: Path, *sheets: list[list[object]]) -> Path:
    made = openpyxl.Workbook()
    for number, rows in enumerate(sheets):
        sheet = made.create_sheet(f"表{number + 1}")
        for row in rows:
            sheet.append(row)
    del made["Sheet"]
    made.save(path)
    return path


def read(path: Path, mapping):
    became = translate(path, mapping, path.with_suffix(".canonical.parquet"), key="00")
    return pq.read_table(became.path).to_pylist(), became


def refused(path: Path, mapping) -> str:
    with pytest.raises(Misuse) as failure:
        read(path, mapping)
    assert failure.value.field == path.name
    return failure.value.code.name


@pytest.fixture
def text() -> str:
    return example("csv vendor")


@pytest.mark.parametrize("moment", ['"%Y/%m/%d %H:%M:%S"', '"iso"', '"excel"'])
def test_a_workbook_says_the_same_as_its_text_however_moments_are_told(
    tmp_path: Path, text: str, moment: str
) -> None:
    plain = tmp_path / "plain.csv"
    plain.write_text(text, "utf-8")
    same = book(tmp_path / "same.xlsx", rows_of(text), [])
    rows, became = read(same, mapped(tmp_path, moment=moment))
    expected, told = read(plain, mapped(tmp_path))
    assert rows == expected
    assert [(f.column, f.rows, f.first) for f in became.faults] == [
        (f.column, f.rows, f.first) for f in told.faults
    ]


def test_a_title_above_the_names_and_empty_rows_below_the_last_are_no_events(
    tmp_path: Path, text: str
) -> None:
    rows = [["2026 年 11 月"], *rows_of(text), [None] * 10, [None] * 10]
    path = book(tmp_path / "title.xlsx", rows)
    assert len(read(path, mapped(tmp_path, "skip = 1"))[0]) == 3


def test_a_mistake_of_a_formula_is_not_known_and_an_empty_row_between_keeps_its_number(
    tmp_path: Path, text: str
) -> None:
    rows = rows_of(text)
    rows[1][6] = "#N/A"
    path = book(tmp_path / "na.xlsx", [*rows[:2], [None] * 10, *rows[2:]])
    found, became = read(path, mapped(tmp_path))
    assert [row["outcome"] for row in found] == [None, None, 1, None]
    assert [row["at"] is None for row in found] == [False, True, False, False]
    assert {f.first for f in became.faults if f.column == "ways_offered"} == {(4,)}


def test_several_sheets_with_rows_are_refused_until_one_is_named(tmp_path: Path, text: str) -> None:
    rows = rows_of(text)
    path = book(tmp_path / "two.xlsx", rows, rows[:2])
    assert refused(path, mapped(tmp_path)) == "audit.workbook-sheets"
    assert len(read(path, mapped(tmp_path, 'sheet = "表2"'))[0]) == 1
    assert refused(path, mapped(tmp_path, 'sheet = "表3"')) == "audit.workbook-sheet-absent"


def changed(path: Path, target: Path, old: bytes, new: bytes) -> Path:
    """The same workbook with other bytes in its first sheet."""
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(target, "w") as made:
        for name in archive.namelist():
            data = archive.read(name)
            if name.startswith("xl/worksheets/"):
                assert old in data
                data = data.replace(old, new)
            made.writestr(name, data)
    return target


def test_a_formula_counts_by_its_saved_result_and_is_refused_without_one(
    tmp_path: Path, text: str
) -> None:
    rows = rows_of(text)
    rows[1][7] = "=10+8.4"
    never = book(tmp_path / "never.xlsx", rows)
    assert refused(never, mapped(tmp_path)) == "audit.workbook-unreckoned"
    once = changed(
        never, tmp_path / "once.xlsx", b"<f>10+8.4</f><v />", b"<f>10+8.4</f><v>18.4</v>"
    )
    assert read(once, mapped(tmp_path))[0][0]["duration_ms"] == 18_400


def test_what_unpacks_to_too_much_is_not_opened(
    tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book(tmp_path / "bomb.xlsx", rows_of(text))
    monkeypatch.setattr(workbook, "MOST_BYTES", 1000)
    assert refused(path, mapped(tmp_path)) == "audit.workbook-too-large"
    monkeypatch.setattr(workbook, "MOST_BYTES", 1 << 32)
    monkeypatch.setattr(workbook, "MOST_SHARED", 10)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", b"<sst></sst>")
    assert refused(path, mapped(tmp_path)) == "audit.workbook-too-large"


def test_broken_empty_old_and_foreign_workbooks_are_refused_by_name(
    tmp_path: Path, text: str
) -> None:
    whole = book(tmp_path / "whole.xlsx", rows_of(text))
    data = whole.read_bytes()
    cut = tmp_path / "cut.xlsx"
    cut.write_bytes(data[: len(data) // 2])
    old = tmp_path / "old.xlsx"
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    other = tmp_path / "other.xlsx"
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("content.xml", "<a/>")
    torn = changed(whole, tmp_path / "torn.xlsx", b"</row>", b"</rwo>")
    assert {refused(path, OWN) for path in (old, other)} == {"audit.file-workbook"}
    late = tmp_path / "late.xlsx"
    late.write_bytes(data[100:])
    never = tmp_path / "never.xlsx"
    never.write_bytes(bytes(5_000))
    hollow = tmp_path / "hollow.xlsx"
    with zipfile.ZipFile(whole) as archive, zipfile.ZipFile(hollow, "w") as made:
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/"):
                made.writestr(name, archive.read(name))
    spoilt = tmp_path / "spoilt.xlsx"
    begin = data.index(b"xl/worksheets/sheet1.xml") + 40
    spoilt.write_bytes(data[:begin] + bytes(100) + data[begin + 100 :])
    broken = (cut, late, never, torn, hollow, spoilt)
    assert {refused(path, OWN) for path in broken} == {"audit.workbook-broken"}
    for path in broken:
        with pytest.raises(Misuse) as failure:
            sample(path)
        assert failure.value.code.name == "audit.workbook-broken"
    assert refused(book(tmp_path / "empty.xlsx", []), OWN) == "audit.file-empty"


def test_a_workbook_of_which_only_a_hidden_sheet_has_rows_is_not_said_to_be_empty(
    tmp_path: Path, text: str
) -> None:
    made = openpyxl.load_workbook(book(tmp_path / "hidden.xlsx", rows_of(text), []))
    made["表1"].sheet_state = "hidden"
    made.save(tmp_path / "hidden.xlsx")
    assert refused(tmp_path / "hidden.xlsx", mapped(tmp_path)) == "audit.workbook-sheets"
    assert len(read(tmp_path / "hidden.xlsx", mapped(tmp_path, 'sheet = "表1"'))[0]) == 3


def test_a_folder_gives_its_workbooks_but_not_what_an_open_one_leaves_beside() -> None:
    assert may_hold_events(Path("事件.XLSX"))
    assert not may_hold_events(Path("~$事件.xlsx"))
