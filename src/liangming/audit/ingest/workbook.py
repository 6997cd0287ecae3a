"""A workbook of a spreadsheet (.xlsx) becomes a text, row by row, in bounded memory.

What a cell shows is what counts: the result that was saved with a formula, never the formula. A
workbook whose formulas were never reckoned is refused, for their cells would count as *not known*
although they say something. Dates become the text that the mapping expects.

1 the parts are measured by what the archive says they unpack to, before anything is unpacked;
2 the sheet is looked through once for formulas without a result;
3 its rows are read one by one; only columns under a name are kept.
"""

from __future__ import annotations

import csv
import re
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from liangming.audit.ingest.form import FILE_EMPTY, FILE_WORKBOOK, WORKBOOK_BROKEN
from liangming.audit.ingest.mapping import EXCEL, Mapping
from liangming.errors import Kind, Misuse, declare

if TYPE_CHECKING:
    from openpyxl import Workbook

WORKBOOK_SHEETS = declare(
    "audit.workbook-sheets",
    Kind.INVALID,
    zh='这个工作簿里有几张有内容的工作表，或者有内容的都隐藏着，不知道该读哪一张。请在映射文件里写 sheet = "表名"（起草时加 --sheet 表名），每张表各审计一次。',
    en='Several sheets of this workbook have rows, or only hidden ones, so which to read is not known. Please give sheet = "name"'
    " in the mapping (--sheet NAME while it is begun), and audit each sheet in turn.",
)
WORKBOOK_SHEET_ABSENT = declare(
    "audit.workbook-sheet-absent",
    Kind.INVALID,
    zh="映射文件里写的工作表，这个工作簿里没有，或者是空的。",
    en="The sheet that the mapping names is not in this workbook, or is empty.",
)
WORKBOOK_UNRECKONED = declare(
    "audit.workbook-unreckoned",
    Kind.INVALID,
    zh="这个工作簿里有公式没有保存过结果，读不出值。请在 Excel 里打开、保存一次，再审计。",
    en="Formulas of this workbook were never saved with their results, so they have no values. Please open"
    " it in Excel, save it, and audit it again.",
)
WORKBOOK_TOO_LARGE = declare(
    "audit.workbook-too-large",
    Kind.INVALID,
    zh="这个工作簿展开后太大，不像是一份事件表，没有打开。请另存为 CSV 再审计。",
    en="This workbook unpacks to more than a table of events would, and was not opened. Please save it as"
    " CSV and audit that.",
)

MOST_BYTES: Final = 4 << 30
"""What all parts may unpack to: a full sheet of a million rows and thirty columns is about 2 GiB."""
MOST_SHARED: Final = 256 << 20
"""What the texts shared by all cells may unpack to, for they are held in memory."""
MOST_COLUMNS: Final = 512
_SHARED: Final = "xl/sharedstrings.xml"
_AT_ONCE: Final = 1 << 20
_UNRECKONED: Final = re.compile(
    rb"<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
_MISTAKES: Final = frozenset(
    {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"}
)
_EXACT: Final = 1 << 53
_BEGINNING: Final = datetime(1899, 12, 30)  # noqa: DTZ001  (a spreadsheet knows no zone)


def as_text(path: Path, mapping: Mapping, target: Path, *, most: int | None = None) -> None:
    """Write the rows of one sheet as CSV in UTF-8, the names of the columns first.

    Args:
        path: the workbook.
        mapping: which sheet, how many rows above the names, and how moments are written.
        target: the file to write.
        most: rows that are written at most; None for all.

    Raises:
        OSError: the text cannot be written.
        Misuse: it is no whole workbook, too large, has unreckoned formulas or unclear sheets.
    """
    with _opened(path) as book:
        _write(book, path, mapping, target, most)


def filled(path: Path, sheet: str, most: int) -> list[int]:
    """How many cells of each of the first rows hold something.

    Raises:
        Misuse: as :func:`as_text`.
    """
    with _opened(path) as book:
        rows = _sheet(book, path, Mapping({}, sheet=sheet)).iter_rows(
            max_row=most, max_col=MOST_COLUMNS, values_only=True
        )
        return [sum(value is not None for value in row) for row in rows]


@contextmanager
def _opened(path: Path) -> Iterator[Workbook]:
    _measure(path)
    import openpyxl

    with path.open("rb") as file:  # its reader forgets to close what it cannot read
        try:
            with warnings.catch_warnings():
                warnings.simplefilter(
                    "ignore"
                )  # about styles and extensions that are not read here
                book = openpyxl.load_workbook(
                    file, read_only=True, data_only=True, keep_links=False
                )
        except OSError:
            raise
        except Exception:  # noqa: BLE001  (whatever a broken archive makes of its reader)
            raise Misuse(WORKBOOK_BROKEN, field=path.name) from None
        try:
            yield book
        except (KeyError, ValueError, TypeError, SyntaxError, EOFError, zipfile.BadZipFile):
            raise Misuse(WORKBOOK_BROKEN, field=path.name) from None
        finally:
            book.close()


def _measure(path: Path) -> None:
    """1 Refuse what unpacks to too much; an archive gives no more than it says."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):  # encrypted
                raise Misuse(FILE_WORKBOOK, field=path.name)
            shared = sum(p.file_size for p in parts if p.filename.lower() == _SHARED)
            if sum(part.file_size for part in parts) > MOST_BYTES or shared > MOST_SHARED:
                raise Misuse(WORKBOOK_TOO_LARGE, field=path.name)
    except zipfile.BadZipFile:
        raise Misuse(WORKBOOK_BROKEN, field=path.name) from None


def _write(book: Workbook, path: Path, mapping: Mapping, target: Path, most: int | None) -> None:
    try:
        sheet = _sheet(book, path, mapping)
        if _unreckoned(path, sheet):  # 2
            raise Misuse(WORKBOOK_UNRECKONED, field=path.name)
        rows = sheet.iter_rows(min_row=mapping.skip + 1, max_col=MOST_COLUMNS, values_only=True)
        names = _names(next(iter(rows), ()))
    except (KeyError, ValueError, TypeError, SyntaxError, zipfile.BadZipFile):
        raise Misuse(WORKBOOK_BROKEN, field=path.name) from None
    if not names:
        raise Misuse(FILE_EMPTY, field=path.name)
    with target.open("w", encoding="utf-8", newline="") as made:
        writer = csv.writer(made, lineterminator="\n")
        writer.writerow(names)
        try:
            writer.writerows(islice(_rows(sheet, mapping, len(names)), most))  # 3
        except (KeyError, ValueError, TypeError, SyntaxError, EOFError, zipfile.BadZipFile):
            raise Misuse(WORKBOOK_BROKEN, field=path.name) from None


def _sheet(book: Workbook, path: Path, mapping: Mapping) -> Any:
    """The sheet that is named, or the only one that has rows."""
    if not book.worksheets:  # one that is said to be there and is not is passed over
        raise Misuse(WORKBOOK_BROKEN, field=path.name)
    if mapping.sheet:
        if mapping.sheet not in book.sheetnames or not _filled(book[mapping.sheet]):
            raise Misuse(WORKBOOK_SHEET_ABSENT, field=path.name)
        return book[mapping.sheet]
    filled = [sheet for sheet in book.worksheets if _filled(sheet)]
    seen = [sheet for sheet in filled if sheet.sheet_state == "visible"]
    if len(seen) != 1:
        raise Misuse(WORKBOOK_SHEETS if filled else FILE_EMPTY, field=path.name)
    return seen[0]


def _filled(sheet: Any) -> bool:
    rows = sheet.iter_rows(max_row=100, max_col=MOST_COLUMNS, values_only=True)
    return any(value is not None for row in rows for value in row)


def _unreckoned(path: Path, sheet: Any) -> bool:
    """Whether a formula of the sheet has no result beside it."""
    with zipfile.ZipFile(path) as archive, archive.open(sheet._worksheet_path) as part:  # noqa: SLF001
        rest = b""
        while piece := part.read(_AT_ONCE):
            seen = rest + piece
            if _UNRECKONED.search(seen):
                return True
            rest = seen[seen.rfind(b"<c ") :][-_AT_ONCE:]
    return False


def _names(row: Any) -> list[str]:
    """The names of the columns, up to the last one that has a name."""
    names = ["" if value is None else str(value).strip() for value in row]
    while names and not names[-1]:
        names.pop()
    return names


def _rows(sheet: Any, mapping: Mapping, wide: int) -> Iterator[list[str]]:
    """The rows below the names; empty ones at the end are none, others are."""
    empty = 0
    first = mapping.skip + 2
    for row in sheet.iter_rows(min_row=first, max_col=wide, values_only=True):
        words = [_word(value, mapping) for value in row]
        if not any(words):
            empty += 1
            continue
        for _ in range(empty):
            yield [""] * wide
        empty = 0
        yield words


def _word(value: Any, mapping: Mapping) -> str:
    """What a cell shows, as a mapping reads it; a mistake such as ``#N/A`` is empty."""
    match value:
        case None:
            said = ""
        case bool():
            said = "true" if value else "false"
        case datetime():
            said = _moment(value, mapping)
        case date():
            said = _moment(datetime(value.year, value.month, value.day), mapping)  # noqa: DTZ001
        case time() if mapping.moment == EXCEL:
            since = datetime.combine(_BEGINNING, value) - _BEGINNING
            said = repr(since / timedelta(days=1))
        case timedelta():
            said = repr(value.total_seconds())
        case float() if value.is_integer() and abs(value) < _EXACT:
            said = str(int(value))
        case _:
            said = str(value)
    return "" if said in _MISTAKES else said


def _moment(value: datetime, mapping: Mapping) -> str:
    if mapping.moment == EXCEL:
        return repr((value - _BEGINNING) / timedelta(days=1))
    if isinstance(mapping.moment, tuple):
        return value.strftime(mapping.moment[0])
    return value.isoformat(sep=" ")
