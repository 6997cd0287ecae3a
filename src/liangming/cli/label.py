"""``liangming label``: a label for the printer, from a file or a list."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer
from rich.progress import track

from liangming.cli.speech import err, say_error
from liangming.clock import SystemClock, china_date
from liangming.errors import Kind, LiangmingError, Misuse, Outage, declare
from liangming.label import Press, Printed, Sheet, Shipment, compose
from liangming.label.sheet import Dpi, Format, Size

FILE_UNFIT: Final = declare(
    "label.file-unfit",
    Kind.MALFORMED,
    zh="这份内容不是面单：需要一个 JSON 对象，或每行一个（文件名以 .ndjson 或 .jsonl 结尾）。",
    en="This is no label: one JSON object is needed, or one a line in a file ending in .ndjson or .jsonl.",
)
FILE_ABSENT: Final = declare(
    "label.file-absent",
    Kind.ABSENT,
    zh="这个文件读不到，请检查路径和权限。",
    en="This file cannot be read; please check its path and rights.",
)
NOT_WRITTEN: Final = declare(
    "label.not-written",
    Kind.OUTAGE,
    zh="面单没有写成，请检查目录、权限和磁盘空间。",
    en="The label was not written; please check the folder, its rights and the disk.",
)
_LISTS: Final = {".ndjson", ".jsonl"}
_decoder: Final = msgspec.json.Decoder(Shipment)


def label(
    source: Annotated[str, typer.Argument(help="JSON 文件，- 为标准输入 / JSON file, - for stdin")],
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            help="写到哪里；列表写进目录，- 为标准输出 / where to; lists go to a folder",
        ),
    ] = Path("-"),
    size: Annotated[Size, typer.Option(help="尺寸，毫米 / millimetres")] = "76x130",
    form: Annotated[Format, typer.Option("--format", help="pdf、png 或 zpl / or")] = "pdf",
    dpi: Annotated[int, typer.Option(help="打印机分辨率：203 或 300 / printer")] = 203,
) -> None:
    """打印隐私面单：姓名、电话、地址已脱敏，没有证件号码。 / A privacy label: masked, no document number."""
    if dpi not in {203, 300}:
        raise typer.BadParameter("203 | 300", param_hint="--dpi")
    sheet = Sheet(size, _dpi(dpi))
    if Path(source).suffix in _LISTS:
        _many(Path(source), output, sheet, form)
        return
    made = _one(_read(source), sheet, form, Press())
    _say(made)
    if str(output) == "-":
        sys.stdout.buffer.write(made.content)
        return
    _write(output, made.content)


def _dpi(dpi: int) -> Dpi:
    return 203 if dpi == 203 else 300  # noqa: PLR2004


def _read(source: str) -> bytes:
    if source == "-":
        return sys.stdin.buffer.read()
    try:
        return Path(source).read_bytes()
    except OSError:
        raise Misuse(FILE_ABSENT) from None


def _one(raw: bytes, sheet: Sheet, form: Format, press: Press) -> Printed:
    try:
        shipment = _decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Misuse(FILE_UNFIT) from None
    day = china_date(SystemClock().now())
    return press.print(compose(shipment, day), sheet, form)


def _many(source: Path, folder: Path, sheet: Sheet, form: Format) -> None:
    """A line each; a bad line is told by its number and does not stop the others."""
    if str(folder) == "-":
        raise typer.BadParameter("列表需要一个目录 / a list needs a folder", param_hint="--output")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise Outage(NOT_WRITTEN) from None
    lines = [line for line in _read(str(source)).splitlines() if line.strip()]
    press, wrong, replaced = Press(), 0, 0
    shown: Iterator[tuple[int, bytes]] = iter(
        track(list(enumerate(lines, 1)), "面单 labels", console=err, disable=not err.is_terminal)
    )
    for number, line in shown:
        try:
            made = _one(line, sheet, form, press)
        except Outage:
            raise
        except LiangmingError as error:
            wrong += 1
            err.print(f"第 {number} 行 line {number}", style="bold", markup=False)
            say_error(error)
            continue
        replaced += bool(made.replaced)
        _write(folder / f"{number:06d}.{form}", made.content)
    err.print(
        f"{len(lines) - wrong} 张已写成 written，{wrong} 行有误 wrong，{replaced} 张含 〓 with 〓",
        markup=False,
    )
    if wrong:
        raise typer.Exit(1)


def _write(path: Path, content: bytes) -> None:
    """Whole or not at all."""
    half = path.with_name(f".{path.name}.part")
    try:
        half.write_bytes(content)
        half.replace(path)
    except OSError:
        half.unlink(missing_ok=True)
        raise Outage(NOT_WRITTEN) from None


def _say(made: Printed) -> None:
    for place, count in made.replaced.items():
        err.print(
            f"{place}：{count} 个字没有字体能显示，已印成 〓，未丢弃 / printed as 〓, no font holds it",
            markup=False,
        )
