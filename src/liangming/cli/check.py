"""``liangming check``: run checks from JSON Lines through the real states."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Annotated, Any

import msgspec
import typer

from liangming.assembly import Settings, premises
from liangming.check import Premises, State, WholeCheck, whole_many
from liangming.check.desk import scene_of
from liangming.check.states import Passed, Refused, Undetermined
from liangming.cli.bar import rising
from liangming.cli.speech import cited, err, out
from liangming.errors import Kind, LiangmingError, Misuse, declare

LINE_UNREADABLE = declare(
    "cli.line-unreadable",
    Kind.MALFORMED,
    zh="这一行不是一次完整的查验（JSON），请对照文档修改。",
    en="This line is not a whole check in JSON; please see the documentation.",
)
FILE_UNREADABLE = declare(
    "cli.file-unreadable",
    Kind.ABSENT,
    zh="无法读取这个文件。",
    en="This file cannot be read.",
)
BATCH = 500
LONGEST_LINE = 64 * 1024


class Tally(msgspec.Struct):
    """What came of all lines."""

    passed: int = 0
    refused: int = 0
    undetermined: int = 0
    failed: int = 0


def check(
    file: Annotated[str, typer.Argument(help="JSON Lines 文件，- 为标准输入 / file, - for stdin")],
    scene: Annotated[str, typer.Option(help="场景编号 / scene id")],
    as_json: Annotated[bool, typer.Option("--json", help="每行一个 JSON / JSON Lines out")] = False,
    dry_run: Annotated[bool, typer.Option(help="只试算，不保存 / try only, keep nothing")] = False,
) -> None:
    """逐行查验，打印结论、理由与条文。 / Check line by line; print outcome, reason and article."""
    settings = Settings.read()
    tally = Tally()
    try:
        with tempfile.TemporaryDirectory(prefix="liangming-") as folder:
            if dry_run:
                place = Path(folder)
                settings = replace(
                    settings,
                    data=place,
                    keys=place / "keys.json",
                    database=f"sqlite:///{place / 'dry.sqlite3'}",
                )
            asyncio.run(_run(settings, file, scene, tally, as_json=as_json))
    finally:
        err.print(
            f"通过 passed {tally.passed}，不予收寄 refused {tally.refused}，"
            f"无法判定 undetermined {tally.undetermined}，无法读取 failed {tally.failed}",
            markup=False,
        )
    if tally.failed:
        raise typer.Exit(2)
    raise typer.Exit(1 if tally.refused or tally.undetermined else 0)


async def _run(settings: Settings, file: str, scene: str, tally: Tally, *, as_json: bool) -> None:
    async with premises(settings, allow_test_region=not settings.production) as house:
        digest = house.notice(scene_of(house, scene)).digest
        with _opened(file) as (stream, size), rising(parts=size is not None) as bar:
            task = bar.add_task("查验 checking", total=size)
            number = 0
            for lines in _batches(stream):
                number = await _batch(
                    house,
                    lines,
                    scene=scene,
                    digest=digest,
                    number=number,
                    tally=tally,
                    as_json=as_json,
                )
                bar.update(task, advance=sum(len(line) for line in lines))


async def _batch(
    house: Premises,
    lines: list[bytes],
    *,
    scene: str,
    digest: str,
    number: int,
    tally: Tally,
    as_json: bool,
) -> int:
    read: list[WholeCheck | LiangmingError | None] = [
        _read(line, scene, digest) if line.strip() else None for line in lines
    ]
    checks = [r for r in read if isinstance(r, WholeCheck)]
    results = iter(await whole_many(house, checks))
    for entry in read:
        number += 1
        if entry is None:
            continue
        result = next(results) if isinstance(entry, WholeCheck) else entry
        _print(number, result, tally, as_json=as_json)
    return number


def _read(line: bytes, scene: str, digest: str) -> WholeCheck | LiangmingError:
    try:
        if len(line) > LONGEST_LINE:
            return Misuse(LINE_UNREADABLE)
        raw = msgspec.json.decode(line, type=dict[str, Any])
        return msgspec.convert({"scene": scene, "notice": digest, **raw}, WholeCheck)
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError):
        return Misuse(LINE_UNREADABLE)


def _print(number: int, result: State | LiangmingError, tally: Tally, *, as_json: bool) -> None:
    match result:
        case LiangmingError():
            tally.failed += 1
            row = ("failed", result.code.name, result.code.zh, result.citations)
        case Passed():
            tally.passed += 1
            row = ("passed", result.register, "查验通过", result.citations)
        case Refused():
            tally.refused += 1
            row = ("refused", result.reason.value, "不予收寄", result.citations)
        case Undetermined():
            tally.undetermined += 1
            row = ("undetermined", result.why, "无法判定", result.citations)
        case _:
            raise AssertionError("a whole check ends passed, refused or undetermined")
    outcome, reason, zh, citations = row
    if as_json:
        check_id = None if isinstance(result, LiangmingError) else result.about.id
        line = {
            "line": number,
            "check": check_id,
            "outcome": outcome,
            "reason": reason,
            "citations": list(citations),
        }
        sys.stdout.write(msgspec.json.encode(line).decode() + "\n")
        return
    out.print(f"{number}\t{zh} {outcome}\t{reason}\t{' '.join(citations)}", markup=False)
    if outcome == "refused":
        for text in cited(citations[:1]):
            out.print(f"\t{text}", style="dim", markup=False)


class _opened:  # noqa: N801  (reads as a verb where it is used)
    """A file or standard input, with its size where known."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._file: IO[bytes] | None = None

    def __enter__(self) -> tuple[IO[bytes], int | None]:
        if self._name == "-":
            return sys.stdin.buffer, None
        path = Path(self._name)
        try:
            self._file = path.open("rb")
            return self._file, path.stat().st_size
        except OSError:
            raise Misuse(FILE_UNREADABLE, field="FILE") from None

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()


def _batches(stream: IO[bytes]) -> Iterator[list[bytes]]:
    """Lines in bundles; a line beyond the limit is cut, fails alone, and its rest is passed over."""
    batch: list[bytes] = []
    while line := stream.readline(LONGEST_LINE + 2):
        batch.append(line)
        while not line.endswith(b"\n") and len(line) > LONGEST_LINE:
            line = stream.readline(LONGEST_LINE + 2)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
