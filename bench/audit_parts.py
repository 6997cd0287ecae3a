"""The parts of ``bench/audit.py``: each runs in a process of its own and says what it cost.

None counts the loading of its engine: everything is asked once of a hundred rows before the clock starts.
"""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from bench.audit_cost import Spent, below, usage
from bench.audit_made import DAY, FIRST_DAY, MADE

COLUMNS = (
    "at", "zone", "operator", "outlet", "clerk", "province", "scene_kind", "channel",
    "ways_offered", "ways_down", "ways_failed", "way_first", "way_chosen", "way_completed",
    "outcome", "reason", "duration_ms", "facts", "known",
)  # fmt: skip


def raw(files, _):
    """A sum of every column, file by file, by the same engine as it is set up for the questions."""
    from liangming.audit.engines.duck import EACH

    text = ("operator", "outlet", "clerk")
    wanted = ", ".join(
        f'sum(strlen("{name}"))' if name in text else f'sum("{name}")' for name in COLUMNS
    )
    engine = engine_of("duckdb")
    asked = f"SELECT {wanted} FROM read_parquet(?)"
    engine.connection.execute(asked, [str(tiny(files))]).fetchall()
    threads = [min(2, 1 + pq.read_metadata(file).num_rows // EACH) for file in files]
    spent = Spent()
    for file, as_many in zip(spent.each(files), threads, strict=True):
        engine.connection.execute(f"SET threads = {as_many}")
        engine.connection.execute(asked, [file]).fetchall()
    engine.close()
    return spent.cost


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
    spent = Spent()
    for file in spent.each(files):
        with pq.ParquetFile(file, read_dictionary=text, pre_buffer=False) as opened:
            for batch in opened.iter_batches(AT_ONCE, columns=list(COLUMNS), use_threads=False):
                for name in COLUMNS:
                    column = batch.column(name)
                    column = column.indices if name in text else column
                    total[name] += pc.sum(column).as_py()
    return spent.cost


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
    spent = Spent()
    for file in spent.each(files):
        cells = fold(engine.words([Path(file)], profile_of([file])))
        rows, checks = rows + cells.num_rows, checks + pc.sum(cells["checks"]).as_py()
    engine.close()
    return {"cells": rows, "checks": checks, "start": begun - start, **spent.cost}


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


PARTS = MADE | {
    part.__name__: part
    for part in (
        raw, raw_arrow, questions, by_arrow, expression, spark, pandas, run, run_by_arrow,
        months, reread, reread_single, reread_months, differing, year,
    )
}  # fmt: skip
"""Each by the name that it is asked for."""
