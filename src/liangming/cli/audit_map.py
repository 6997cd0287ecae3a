"""``liangming audit map`` and ``validate``: from a vendor's file to a mapping that says what it does."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from liangming.cli.audit import needs_audit, progress_bar, today
from liangming.cli.audit_said import say
from liangming.cli.event_files import EventFiles
from liangming.cli.speech import err, out
from liangming.errors import Kind, Misuse, Outage, declare

MAP_EXISTS = declare(
    "cli.audit-map-exists",
    Kind.OUT_OF_ORDER,
    zh="映射文件已经有了，没有覆盖。请另给一个名字（--to），或者先把它移走。",
    en="The mapping file is there already and was not overwritten. Please give another name (--to), or move it away.",
)
MAP_UNWRITABLE = declare(
    "cli.audit-map-unwritable",
    Kind.OUTAGE,
    zh="映射文件写不进这里，请检查路径、权限和磁盘空间。",
    en="The mapping file cannot be written here; please check path, rights and disk space.",
)


def begin(
    file: Annotated[Path, typer.Argument(help="厂商的一个文件 / one file of the vendor")],
    to: Annotated[Path, typer.Option(help="映射文件写到哪里 / where the mapping goes")] = Path(
        "vendor.toml"
    ),
    sheet: Annotated[str, typer.Option(help="工作簿里的哪张表 / which sheet of a workbook")] = "",
) -> None:
    """从厂商的文件起草映射：猜了什么、为什么、什么要人回答。 / Begin a mapping from a vendor's file."""
    needs_audit()
    from liangming.audit.guess.columns import guessed
    from liangming.audit.guess.sample import sample
    from liangming.audit.guess.written import questions, text

    with progress_bar() as bar:
        bar.add_task("读取 reading", total=None)
        found = guessed(sample(file, sheet=sheet))
    made = text(found)
    _put(to, made)
    out.print(
        f"{to}: {len(found.columns) + len(found.present)} 列对应上了 columns mapped，"
        f"{len(found.personal)} 列疑似个人信息未用 personal, left out，{len(found.other)} 列未用 not used",
        markup=False,
    )
    if found.other:
        unused = "、".join(found.other)
        out.print(f"未用 not used: {unused}", markup=False)
    for question in questions(made):
        out.print(f"待答 to answer: {question}", markup=False)
    out.print(f"接着 next: liangming audit validate {file} --mapping {to}", markup=False)


def validate(
    files: Annotated[
        list[Path], typer.Argument(help="事件文件或目录 / event files, or folders of them")
    ],
    mapping: Annotated[
        Path | None,
        typer.Option(help="其他厂商文件的映射 / mapping file, for files of other vendors"),
    ] = None,
) -> None:
    """试读，什么也不留：未计入的、未读的、不可检验的。 / Try to read; nothing is kept."""
    needs_audit()
    from liangming.audit.engines import open_engine
    from liangming.audit.guess.written import questions
    from liangming.audit.ingest.mapping import read_mapping
    from liangming.audit.partials import Partials
    from liangming.audit.run import run as count
    from liangming.audit.summary import told

    still: list[str] = []
    if mapping is not None and mapping.is_file():
        still = questions(mapping.read_text("utf-8", "replace"))
    for question in still:
        err.print(f"待答 to answer: {question}", markup=False)
    mapped = read_mapping(mapping) if mapping is not None else None
    found = EventFiles.of(files)
    with (
        progress_bar() as bar,
        tempfile.TemporaryDirectory(prefix="liangming-validate-") as folder,
        Partials(Path(folder)) as kept,
    ):
        task = bar.add_task("试读 trying", total=None)
        engine = open_engine("arrow")
        try:
            ran = count(
                found.there,
                kept,
                engine,
                mapping=mapped,
                latest=today() + 1,
                reading=lambda name: bar.update(task, description=f"转换 preparing {name}"),
            )
        finally:
            engine.close()
        missing = [set(line.missing) for line in kept.lines if line.kind == "unit"]
        answers = told(
            kept.cells(keys=("operator",)), set.intersection(*missing) if missing else set()
        )
    say(ran, answers, found)
    lacking = sorted(set.intersection(*missing)) if missing else []
    if lacking:
        out.print(f"没有的列 columns that are missing: {', '.join(lacking)}", markup=False)
    if not sum(line.counted for line in ran.units):
        err.print("一行也计不进。 / Not one row would count.", markup=False)
        raise typer.Exit(1)
    raise typer.Exit(1 if ran.unreadable or found.closed or still else 0)


def _put(to: Path, made: str) -> None:
    """Write the mapping, whole or not at all; never over another.

    Raises:
        Misuse: ``cli.audit-map-exists``.
        Outage: ``cli.audit-map-unwritable``.
    """
    loose = to.with_name(f".{to.name}.loose")
    try:
        loose.write_text(made, "utf-8")
        try:
            os.link(loose, to)  # fails where it is there
        finally:
            loose.unlink()
    except FileExistsError:
        raise Misuse(MAP_EXISTS, field=to.name) from None
    except OSError:
        raise Outage(MAP_UNWRITABLE, field=to.name) from None
