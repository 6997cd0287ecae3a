"""What a fleet audit costs: the full question set beside a raw scan, Spark, pandas, and partials.

usage: python bench/audit.py [--events 10000000] [--outlets 1000] [--pairs 7] [--year] [--one 0] [--folder DIR]
       [--skip spark] [--only pairs]

A dense fleet (1,430 checks an outlet and day, four clerks) is made from a seed, one file a day,
sorted by outlet as `liangming export events` writes it. Every part runs in a process of its own;
CPU is that process with its children (the JVM too), memory its largest resident set. A raw scan
reads the same columns of the same files with the same engine, set up alike: one sum of each, nothing else.
Scan and question set are two fresh processes that take each file one after the other, so that a core that
slows down does so for both; given are medians of such pairs with least and most. 100,000,000 events: --events 100000000 (about 2 GB of files, removed at the end).
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow.parquet as pq

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench.audit_cost import Told, in_pairs, in_turn, line, middle, of_pairs, told
from bench.audit_parts import PARTS


def asked(part, files, folder, **more):
    """The command that runs one part in a process of its own."""
    told = {"part": part, "files": [str(file) for file in files], "folder": folder, **more}
    return [sys.executable, __file__, "--part", json.dumps(told)]


def alone(part, files, folder):
    """One part in a process of its own."""
    done = subprocess.run(asked(part, files, folder), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{part}: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", type=int, default=10_000_000)
    parser.add_argument("--outlets", type=int, default=1000)
    parser.add_argument("--pairs", type=int, default=7, help="how often scan and questions are run")
    parser.add_argument("--year", action="store_true", help="a year of 10⁹ events from partials")
    parser.add_argument("--one", type=int, default=0, help="one outlet with so many events")
    parser.add_argument("--skip", action="append", default=[], help="a part to leave out")
    parser.add_argument("--only", choices=["pairs"], help="DuckDB's scan and question set alone")
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--part", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part:
        told(PARTS, json.loads(given.part))
        return
    print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    try:
        with tempfile.TemporaryDirectory(dir=given.folder, prefix="liangming-bench-") as name:
            folder = Path(name)
            if given.year:
                the_year(folder)
            elif given.one:
                the_outlet(folder, given.one)
            else:
                the_pass(folder, given)
    except KeyboardInterrupt:
        raise SystemExit("stopped; what was made is removed") from None


def the_pass(folder, given):
    tell = Told()
    tell("making the fleet")
    files = alone("fleet", [], [str(folder), given.events, given.outlets])["files"]
    files = [Path(file) for file in files]
    size = sum(file.stat().st_size for file in files)
    tell.line(f"{given.events:,} events, {len(files)} files, {size / 1e6:.0f} MB")

    def run(part, where=folder):
        tell(part)
        return alone(part, files, str(where))

    def start(part):
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        return subprocess.Popen(asked(part, files, str(folder), turns=True), text=True, **pipes)

    run("raw")  # warms the page cache
    found = in_pairs(start, ("raw", "questions"), given.pairs, tell)
    base, full = (middle(found[part]) for part in ("raw", "questions"))
    tell.line(line("raw scan, DuckDB", base, given.events, base))
    tell.line(line("full question set", full, given.events, base))
    tell.line(f"  ratio of pairs: {of_pairs(found['questions'], found['raw'])}")
    tell.line(f"  (and {full['start']:.1f} CPU-s once, to load and to compile the questions)")
    if given.only:
        return
    found = in_pairs(start, ("raw_arrow", "by_arrow"), given.pairs, tell)
    own, quick = (middle(found[part]) for part in ("raw_arrow", "by_arrow"))
    tell.line(line("raw scan, Arrow", own, given.events, base))
    tell.line(line("full question set, Arrow", quick, given.events, base))
    tell.line(f"  ratio of pairs: {of_pairs(found['by_arrow'], found['raw_arrow'])}")
    if "expression" not in given.skip:
        whole = run("expression")
        tell.line(line("  as one expression in DuckDB", whole, given.events, base))
    some = files[:1]
    rows = sum(pq.read_metadata(file).num_rows for file in some)
    for part in ("pandas", "spark"):
        if part not in given.skip:
            tell(part)
            of_raw = {"cpu": base["cpu"] * rows / given.events}
            other = alone(part, some, str(folder))
            tell.line(line(f"{part} ({rows:,} of them)", other, rows, of_raw))
    kept = folder / "partials"
    ran = run("run", kept)
    tell.line(line("audit run, all of it", ran, given.events, base))
    by_arrow = run("run_by_arrow", folder / "partials-arrow")
    tell.line(line("audit run by Arrow", by_arrow, given.events, base))
    added = run("months", kept)
    again = {
        "reread": "days, seven added by the run",
        "reread_single": "each day by itself",
        "reread_months": "months",
    }
    found = in_turn(alone, tuple(again), files, kept, given.pairs, tell)
    for part, name in again.items():
        cpu = middle(found[part])["cpu"]
        every = sorted(1000 * one["cpu"] for one in found[part])
        tell.line(f"again from {name:29} {1000 * cpu:5.1f} CPU-ms ({every[0]:.1f} to {every[-1]:.1f}), {full['cpu'] / cpu:.0f}×"
                  f" less than the question set, {ran['cpu'] / cpu:.0f}× less than the run")  # fmt: skip
    tell.line(f"  adding days to months took {added['cpu']:.2f} CPU-s")
    checked = run("differing", kept)
    tell.line(f"differing counts: {checked['differing']} of {checked['counts']:,}")
    parts = sum(f.stat().st_size for k in ("cells", "words") for f in (kept / k).rglob("*.*"))
    tell.line(f"partials: {parts / 1e6:.1f} MB, {size / parts:.0f}× fewer bytes than the events")


def the_outlet(folder, events):
    tell = Told()
    tell("making the file")
    files = alone("one_outlet", [], [str(folder), events])["files"]
    base = alone("raw", files, str(folder))
    tell.line(line("raw scan, DuckDB", base, events, base))
    for part in ("run", "run_by_arrow"):
        tell(part)
        ran = alone(part, files, str(folder / part))
        tell.line(line(part, ran, events, base))
        tell.line(f"  {ran['checks']:,} of {events:,} counted")


def the_year(folder):
    tell = Told()
    tell("making the year")
    made = alone("make_year", [], str(folder / "year"))
    tell.line(f"{made['checks']:,} events as 12 months of partial files")
    tell("reading the year, and its statistics")
    found = alone("year", [], str(folder / "year"))
    tell.line(f"read {found['read_s']} s, all with statistics {found['wall']:.1f} s wall,"
              f" {found['cpu']:.1f} CPU-s, {found['mb']:,} MB; {found['cells']:,} cells,"
              f" {found['flags']} flags; {found['checks'] - made['checks']} counts lost")  # fmt: skip


if __name__ == "__main__":
    main()
