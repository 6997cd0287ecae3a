"""What a fleet audit costs: the full question set beside a raw scan, Spark, pandas, and partials.

usage: python bench/audit.py [--events 10000000] [--outlets 1000] [--year] [--one 0] [--folder DIR] [--skip spark]

A dense fleet (1,430 checks an outlet and day, four clerks) is made from a seed, one file a day,
sorted by outlet as `liangming export events` writes it. Every part runs in a process of its own;
CPU is that process with its children (the JVM too), memory its largest resident set. A raw scan
reads the same columns with the same engine and the same bytes: one sum of each, nothing else.
100,000,000 events: --events 100000000 (about 2 GB of files, removed at the end).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.audit_cost import below, largest, line, usage
from bench.audit_made import DAY, FIRST_DAY, MADE

COLUMNS = (
    "at", "zone", "operator", "outlet", "clerk", "province", "scene_kind", "channel",
    "ways_offered", "ways_down", "ways_failed", "way_first", "way_chosen", "way_completed",
    "outcome", "reason", "duration_ms", "facts", "known",
)  # fmt: skip


def raw(files, _):
    """A sum of every column; like all parts without the cost of loading the engine."""
    import duckdb

    text = ("operator", "outlet", "clerk")
    wanted = ", ".join(
        f'sum(strlen("{name}"))' if name in text else f'sum("{name}")' for name in COLUMNS
    )
    with duckdb.connect(config={"threads": 2}) as connection:
        asked = f"SELECT {wanted} FROM read_parquet(?)"
        connection.execute(asked, [[str(tiny(files))]]).fetchall()
        begun = usage()
        connection.execute(asked, [files]).fetchall()
        return {"cpu": usage() - begun}


def tiny(files):
    """A hundred rows of the first file."""
    path = Path(files[0]).parent / "tiny.parquet"
    if not path.exists():
        pq.write_table(pq.ParquetFile(files[0]).read_row_group(0).slice(0, 100), path)
    return path


def raw_arrow(files, _):
    """The same by Arrow, in batches as its engine reads them."""
    from liangming.audit.engines.arrow import AT_ONCE

    text = ["operator", "outlet", "clerk"]
    total = dict.fromkeys(COLUMNS, 0)
    begun = usage()
    for file in files:
        with pq.ParquetFile(file, read_dictionary=text, pre_buffer=False) as opened:
            for batch in opened.iter_batches(AT_ONCE, columns=list(COLUMNS), use_threads=False):
                for name in COLUMNS:
                    column = batch.column(name)
                    column = column.indices if name in text else column
                    total[name] += pc.sum(column).as_py()
    return {"cpu": usage() - begun}


def warmed(files):
    """Questions compiled, libraries loaded: a run of any size pays this once."""
    from liangming.audit.engines.fold import fold

    some = tiny(files)
    for name in ("duckdb", "arrow"):
        engine = engine_of(name)
        fold(engine.words([some], profile_of([some])))
        engine.close()
    return some


def engine_of(name):
    from liangming.audit.engines import open_engine

    return open_engine(name, threads=2, memory="2500MB")


def profile_of(files):
    from liangming.audit.ingest.look import look

    found = [look(Path(file)).profile for file in files]
    whole = found[0]
    for one in found[1:]:
        whole |= one
    return whole


def questions(files, _, *, name="duckdb"):
    """The whole question set, file by file as a run does it: rows to words to cells."""
    from liangming.audit.engines.fold import fold

    start = usage()
    warmed(files)
    engine = engine_of(name)
    rows, checks, begun = 0, 0, usage()
    for file in files:
        cells = fold(engine.words([Path(file)], profile_of([file])))
        rows, checks = rows + cells.num_rows, checks + pc.sum(cells["checks"]).as_py()
    engine.close()
    return {"cells": rows, "checks": checks, "cpu": usage() - begun, "start": begun - start}


def by_arrow(files, folder):
    """The same by the quick engine."""
    return questions(files, folder, name="arrow")


def expression(files, _):
    """The same as one expression inside DuckDB."""
    engine = engine_of("duckdb")
    engine.cells([warmed(files)], profile_of(files))
    begun = usage()
    cells = engine.cells([Path(file) for file in files], profile_of(files))
    used = usage() - begun
    engine.close()
    return {"cells": cells.num_rows, "checks": pc.sum(cells["checks"]).as_py(), "cpu": used}


def spark(files, _):
    """What `liangming audit run --engine spark` does: words in Spark, cells from them."""
    from liangming.audit.engines.fold import fold
    from liangming.audit.engines.spark import SparkEngine

    engine = SparkEngine(threads=2, memory="2500MB")
    fold(engine.words([warmed(files)], profile_of(files)))  # the virtual machine warms up too
    begun = usage() + below()
    cells = fold(engine.words([Path(file) for file in files], profile_of(files)))
    used = usage() + below() - begun
    engine.close()
    return {"cells": cells.num_rows, "checks": pc.sum(cells["checks"]).as_py(), "cpu": used}


def pandas(files, _):
    """The same words by pandas, then the same cells: the way most would write it first."""
    import pandas as pd

    from liangming.audit.engines.fold import fold

    warmed(files)
    rows, checks, begun = 0, 0, usage()
    for file in files:
        e = pd.read_parquet(file, columns=list(COLUMNS))
        local = e["at"] + e["zone"].astype("int64") * 60_000_000
        day = local // DAY
        band = local % DAY // (DAY // 4)
        big = {name: e[name].astype("int64") for name in COLUMNS if e[name].dtype.kind == "i"}
        log = np.floor(np.log(big["duration_ms"].clip(100, 3_600_000)) * 1024 + 0.5).astype("int64")
        keyed = pd.DataFrame(
            {
                "operator": e["operator"], "outlet": e["outlet"], "clerk": e["clerk"],
                "place": day * 2**30 + big["province"] * 1024 + big["scene_kind"] * 16 + big["channel"],
                "ways": big["ways_offered"] + big["ways_down"] * 2**15 + big["ways_failed"] * 2**30
                + big["way_first"] * 2**45 + big["way_chosen"] * 2**49,
                "facts": big["facts"] + big["way_completed"] * 2**30 + big["outcome"] * 2**34
                + big["reason"] * 2**37,
                "known": big["known"], "n": 1, "morning": (band == 1).astype("int64"),
                "afternoon": (band == 2).astype("int64"), "evening": (band == 3).astype("int64"),
                "timed": 1, "ln": log, "ln2": log * log,
            }
        )  # fmt: skip
        words = keyed.groupby(
            ["operator", "outlet", "clerk", "place", "ways", "facts", "known"], as_index=False
        ).sum()
        cells = fold(pa.Table.from_pandas(words, preserve_index=False))
        rows, checks = rows + cells.num_rows, checks + pc.sum(cells["checks"]).as_py()
    return {"cells": rows, "checks": checks, "cpu": usage() - begun}


def run(files, folder, *, name="duckdb"):
    """Everything `liangming audit run` does: digests, repeats, faults, the pass, durable parts."""
    from liangming.audit.partials import Partials
    from liangming.audit.run import run as count

    warmed(files)
    engine = engine_of(name)
    with Partials(Path(folder)) as partials:
        begun = usage()
        ran = count([Path(file) for file in files], partials, engine)
        used = usage() - begun
    engine.close()
    return {"checks": sum(line.counted for line in ran.units), "cpu": used}


def run_by_arrow(files, folder):
    return run(files, folder, name="arrow")


def months(_, folder):
    from liangming.audit.partials import Partials

    with Partials(Path(folder)) as partials:
        partials.add_months()
    return {}


def reread(_, folder, **how):
    """An audit again, from the partial files alone: cells by outlet and clerk of the whole time."""
    from liangming.audit.partials import Partials
    from liangming.audit.schema import CELL_KEYS

    keys = tuple(key for key in CELL_KEYS if key != "day")
    with Partials(Path(folder)) as partials:
        partials.cells(keys=keys, until=FIRST_DAY)  # libraries loaded
        begun = usage()
        cells = partials.cells(keys=keys, **how)
        used = usage() - begun
    return {"cells": cells.num_rows, "checks": pc.sum(cells["checks"]).as_py(), "cpu": used}


def reread_single(files, folder):
    return reread(files, folder, single=True)


def reread_months(files, folder):
    return reread(files, folder, months=True)


def differing(files, folder):
    """Counts that differ between a fresh full pass and the partial files."""
    from liangming.audit.engines.fold import fold
    from liangming.audit.partials import Partials
    from liangming.audit.partials.adding import added
    from liangming.audit.schema import CELL_KEYS, CELL_SUMS

    keys = tuple(key for key in CELL_KEYS if key != "day")
    sums = tuple(column.name for column in CELL_SUMS)
    engine = engine_of("duckdb")
    fresh = None
    for file in files:
        more = fold(engine.words([Path(file)], profile_of([file])))
        fresh = added([more] if fresh is None else [fresh, more], keys, sums)
    engine.close()
    order = [(key, "ascending") for key in keys]
    fresh = fresh.sort_by(order)
    wrong = 0
    with Partials(Path(folder)) as partials:
        for how in ({}, {"single": True}, {"months": True}):
            kept = partials.cells(keys=keys, **how).sort_by(order)
            for name in (*keys, *sums):
                wrong += pc.sum(pc.not_equal(fresh[name], kept[name])).as_py() or 0
    return {"differing": wrong, "counts": 3 * fresh.num_rows * len(sums)}


def year(_, folder):
    """That year read again by outlet and clerk, and the statistics of 350,000 outlets."""
    from liangming.audit.partials import Partials
    from liangming.audit.report.write import standing
    from liangming.audit.statistics.judging import judge

    begun = time.perf_counter()
    with Partials(Path(folder)) as partials:
        cells, here = standing(partials)
    read = time.perf_counter() - begun
    found = judge(here)
    return {
        "cells": cells.num_rows,
        "checks": pc.sum(cells["checks"]).as_py(),
        "read_s": round(read, 2),
        "flags": len(found.flags),
    }


def alone(part, files, folder):
    """One part in a process of its own."""
    asked = json.dumps({"part": part, "files": [str(f) for f in files], "folder": folder})
    command = [sys.executable, __file__, "--part", asked]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{part}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def as_part(asked):
    begun, cpu = time.perf_counter(), usage()
    part = {**globals(), **MADE}[asked["part"]]
    answer = part(asked["files"], asked["folder"])
    answer.setdefault("cpu", usage() - cpu)
    answer["wall"] = time.perf_counter() - begun
    answer["mb"] = largest()
    print(json.dumps(answer))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--outlets", type=int, default=1000)
    parser.add_argument("--year", action="store_true", help="a year of 10⁹ events from partials")
    parser.add_argument("--one", type=int, default=0, help="one outlet with so many events")
    parser.add_argument("--skip", action="append", default=[], help="a part to leave out")
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--part", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part:
        as_part(json.loads(given.part))
        return
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory(dir=given.folder, prefix="liangming-bench-") as name:
        folder = Path(name)
        if given.year:
            the_year(folder)
        elif given.one:
            the_outlet(folder, given.one)
        else:
            the_pass(folder, given)


def the_pass(folder, given):
    files = alone("fleet", [], [str(folder), given.events, given.outlets])["files"]
    files = [Path(file) for file in files]
    size = sum(file.stat().st_size for file in files)
    print(f"{given.events:,} events, {len(files)} files, {size / 1e6:.0f} MB")
    alone("raw", files, str(folder))  # warms the page cache
    base = alone("raw", files, str(folder))
    line("raw scan, DuckDB", base, given.events, base)
    full = alone("questions", files, str(folder))
    line("full question set", full, given.events, base)
    print(f"  (and {full['start']:.1f} CPU-s once, to load and to compile the questions)")
    own = alone("raw_arrow", files, str(folder))
    line("raw scan, Arrow", own, given.events, base)
    quick = alone("by_arrow", files, str(folder))
    line("full question set, Arrow", quick, given.events, base)
    print(f"  ({quick['cpu'] / own['cpu']:.2f} × Arrow's own raw scan)")
    if "expression" not in given.skip:
        line(
            "  as one expression in DuckDB",
            alone("expression", files, str(folder)),
            given.events,
            base,
        )
    some = files[:1]
    rows = sum(pq.read_metadata(file).num_rows for file in some)
    for part in ("pandas", "spark"):
        if part not in given.skip:
            of_raw = {"cpu": base["cpu"] * rows / given.events}
            line(f"{part} ({rows:,} of them)", alone(part, some, str(folder)), rows, of_raw)
    kept = str(folder / "partials")
    ran = alone("run", files, kept)
    line("audit run, all of it", ran, given.events, base)
    line("audit run by Arrow", alone("run_by_arrow", files, f"{kept}-arrow"), given.events, base)
    added = alone("months", files, kept)
    for name, part in (
        ("days, seven added by the run", "reread"),
        ("each day by itself", "reread_single"),
        ("months", "reread_months"),
    ):
        again = alone(part, files, kept)
        print(f"again from {name:29} {1000 * again['cpu']:5.1f} CPU-ms, {full['cpu'] / again['cpu']:.0f}×"
              f" less than the question set, {ran['cpu'] / again['cpu']:.0f}× less than the run")  # fmt: skip
    print(f"  adding days to months took {added['cpu']:.2f} CPU-s")
    checked = alone("differing", files, kept)
    print(f"differing counts: {checked['differing']} of {checked['counts']:,}")
    parts = sum(f.stat().st_size for k in ("cells", "words") for f in Path(kept, k).rglob("*.*"))
    print(f"partials: {parts / 1e6:.1f} MB, {size / parts:.0f}× fewer bytes than the events")


def the_outlet(folder, events):
    files = alone("one_outlet", [], [str(folder), events])["files"]
    base = alone("raw", files, str(folder))
    line("raw scan, DuckDB", base, events, base)
    for part in ("run", "run_by_arrow"):
        ran = alone(part, files, str(folder / part))
        line(part, ran, events, base)
        print(f"  {ran['checks']:,} of {events:,} counted")


def the_year(folder):
    made = alone("make_year", [], str(folder / "year"))
    print(f"{made['checks']:,} events as 12 months of partial files")
    found = alone("year", [], str(folder / "year"))
    print(f"read {found['read_s']} s, all with statistics {found['wall']:.1f} s wall,"
          f" {found['cpu']:.1f} CPU-s, {found['mb']:,} MB; {found['cells']:,} cells,"
          f" {found['flags']} flags; {found['checks'] - made['checks']} counts lost")  # fmt: skip


if __name__ == "__main__":
    main()
