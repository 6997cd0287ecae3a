"""A benchmark on disk: events or cells, the truth beside them, and the plan to make it again."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import csv

from liangming.audit.generate.cells import cells
from liangming.audit.generate.events import events
from liangming.audit.generate.plant import HONEST, KINDS, STRENGTHS
from liangming.audit.generate.world import Plan, World, make
from liangming.errors import Kind, Misuse, Outage, declare

FOLDER_TAKEN = declare(
    "audit.folder-taken",
    Kind.INVALID,
    zh="这个目录里已有文件，请换一个空目录。",
    en="There are files in this folder already; please choose an empty one.",
)
BENCHMARK_UNREADABLE = declare(
    "audit.benchmark-unreadable",
    Kind.MALFORMED,
    zh="这不是 liangming audit generate 写出的目录，或者文件已损坏。",
    en="This is no folder written by liangming audit generate, or its files are damaged.",
)
BENCHMARK_UNWRITABLE = declare(
    "audit.benchmark-unwritable",
    Kind.OUTAGE,
    zh="写不进这个目录：可能没有权限，或者磁盘已满。",
    en="The folder cannot be written to: no permission, or the disk is full.",
)
PLAN: Final = "plan.json"
TRUTH: Final = "truth.parquet"
CELLS: Final = "cells.parquet"
EVENTS: Final = "events"
PART: Final = ".part"


def write(
    folder: Path,
    plan: Plan,
    *,
    as_events: bool,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Write a benchmark whole, or nothing: what is not finished lies in ``.part`` and is taken away.

    Args:
        folder: empty, or not there yet.
        plan: what fleet.
        as_events: single events (small fleets); otherwise cells.
        progress: told how many rows were written so far.

    Returns:
        How many rows.

    Raises:
        Misuse: ``audit.folder-taken``.
        Outage: ``audit.benchmark-unwritable``.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(entry.name != PART for entry in folder.iterdir()):
            raise Misuse(FOLDER_TAKEN, field="--to")
        part = folder / PART
        shutil.rmtree(part, ignore_errors=True)  # of a run that was killed
        try:
            part.mkdir()
            rows = _write(part, plan, as_events=as_events, progress=progress)
            for entry in sorted(part.iterdir(), key=lambda entry: entry.name == PLAN):
                entry.rename(folder / entry.name)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except (OSError, pa.ArrowException):
        raise Outage(BENCHMARK_UNWRITABLE, field="--to") from None
    return rows


def _write(
    folder: Path, plan: Plan, *, as_events: bool, progress: Callable[[int], None] | None
) -> int:
    world = make(plan)
    pq.write_table(truth(world), folder / TRUTH, compression="zstd")
    rows = 0
    if as_events:
        (folder / EVENTS).mkdir()
        for number, table in enumerate(events(world)):
            pq.write_table(table, folder / EVENTS / f"{number:04}.parquet", compression="zstd")
            rows += table.num_rows
            if progress is not None:
                progress(rows)
    else:
        table = cells(world)
        pq.write_table(table, folder / CELLS, compression="zstd")
        rows = table.num_rows
    (folder / PLAN).write_bytes(msgspec.json.encode(plan))
    return rows


def truth(world: World) -> pa.Table:
    """What is planted where; one row an outlet (``docs/spec/benchmark.md``)."""
    kinds = [*(kind.name for kind in KINDS), "whole-scene", ""]  # -2 and -1 count from the end
    cases = list(HONEST)
    strengths = [*STRENGTHS, ""]
    return pa.table(
        {
            "operator": [f"op-{number:07d}" for number in world.operator.tolist()],
            "outlet": [f"outlet-{number:07d}" for number in range(len(world))],
            "kind": [kinds[number] for number in world.kind.tolist()],
            "strength": [strengths[number] for number in world.strength.tolist()],
            "case": [cases[number] for number in world.honest.tolist()],
            "expected_checks": world.size,
            "held_out": np.full(len(world), world.plan.held_out),
        }
    )


def read_plan(folder: Path) -> Plan:
    """The plan of a benchmark.

    Raises:
        Misuse: ``audit.benchmark-unreadable``.
    """
    try:
        return msgspec.json.decode((folder / PLAN).read_bytes(), type=Plan)
    except (OSError, msgspec.DecodeError):
        raise Misuse(BENCHMARK_UNREADABLE, field="FOLDER") from None


def read_table(path: Path, field: str = "FOLDER") -> pa.Table:
    """A table of a benchmark, or of findings.

    Raises:
        Misuse: ``audit.benchmark-unreadable``.
    """
    try:
        if path.suffix.lower() == ".csv":
            return csv.read_csv(path)
        return pq.read_table(path)
    except (OSError, pa.ArrowException):
        raise Misuse(BENCHMARK_UNREADABLE, field=field) from None
