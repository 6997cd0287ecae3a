"""How well the audit finds pressure on synthetic fleets, beside an oracle and a binomial test.

``python bench/detection.py`` takes two small fleets. The whole grid, of the national size, is

    python bench/detection.py --full --keep detection-run

One cell at a time, each in a process of its own; what is finished stays in the folder, so that the
same command goes on after a Ctrl-C, and a cell is measured again only when the audit's own source
has changed. With ``--so-far`` it measures nothing and tells what is finished. Seeds are added up; the
last lists name the floors that fail. Part one is what the detector was tuned on,
part two (*held out*) was not: other laws of honest outlets, other kinds of pressure, people whose
habit elsewhere tells less.
"""

import argparse
import hashlib
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from detection_table import told

from liangming import audit
from liangming.audit.generate.cells import cells
from liangming.audit.generate.laws import HELD_OUT_SHAPES, Shape
from liangming.audit.generate.world import Plan, make
from liangming.audit.score.tally import Line, score
from liangming.audit.statistics.judging import judge
from liangming.audit.statistics.places import places

LEVELS = (0.01, 0.05, 0.18, 0.3, 0.45, 0.6)
SEEDS = (21, 22, 23)
HELD_OUT_LEVELS = (0.01, 0.3)
STRANGERS = {"habit": 0.25, "habits_differ": 0.3}
"""Held out: how people go elsewhere tells half as much of a place, and less surely."""


def grid(outlets: int, levels: tuple[float, ...], seeds: tuple[int, ...]) -> list[dict]:
    """Every cell: its part of the benchmark, its name, and its plan."""
    found = [
        {"part": "known", "name": "beta", "plan": {"seed": seed, "contamination": level}}
        for level in levels
        for seed in seeds
    ]
    others = [(shape.value, {"shape": shape.value}) for shape in HELD_OUT_SHAPES]
    others += [("other kinds", {"held_out": True}), ("other habits", STRANGERS)]
    held_out = [level for level in HELD_OUT_LEVELS if len(levels) > 1] or levels
    found += [
        {"part": "held out", "name": name, "plan": {"seed": 31, "contamination": level, **more}}
        for name, more in others
        for level in held_out
    ]
    for cell in found:
        cell["plan"]["outlets"] = outlets
    return found


def measured(cell: dict) -> dict:
    """Run one cell."""
    given = dict(cell["plan"])
    given["shape"] = Shape(given.get("shape", "beta"))
    began = time.process_time()
    world = make(Plan(**given))
    table = cells(world)
    start = time.process_time()
    here = places(table)
    del table
    folded = time.process_time()
    judged = judge(here)
    asked = time.process_time()
    ids = np.array([int(name[7:]) for name in here.outlet])
    result = score(world, here, judged, ids)
    return {
        **cell,
        "ours": line(result.ours),
        "oracle": line(result.oracle),
        "naive": line(result.naive),
        "by_question": {name: line(found) for name, found in result.by_question.items()},
        "by_kind": {f"{k} {s}": pair(both) for (k, s), both in result.by_kind.items()},
        "by_support": {
            f"{kind} {strength} {low}": pair(both)
            for (kind, strength, low), both in result.by_support.items()
        },
        "false_cases": result.false_cases,
        "scene_found": result.scene_found,
        "scenes_false": result.scenes_false,
        "cpu": {
            "fold": folded - start,
            "ask": asked - folded,
            "whole": time.process_time() - began,
        },
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
    }


def line(found: Line) -> list[int]:
    return [found.flagged, found.false, found.guilty, found.found]


def pair(both: tuple[Line, Line]) -> list[list[int]]:
    return [line(one) for one in both]


def fingerprint() -> str:
    """Of everything that a figure depends on."""
    root = Path(audit.__file__).parent
    digest = hashlib.sha256()
    for room in ("generate", "score", "statistics"):
        for file in sorted((root / room).glob("*.py")):
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def run(todo: list[dict], folder: Path, *, so_far: bool = False) -> list[dict]:
    """Measure what is not there yet, one process after the other; or only read what is there."""
    folder.mkdir(parents=True, exist_ok=True)
    source, done = fingerprint(), []
    for number, cell in enumerate(todo, 1):
        plan = cell["plan"]
        what = f"{cell['name']}, seed {plan['seed']}, {plan['contamination']:.0%}"
        said = f"{cell['name'].replace(' ', '-')}-{plan['seed']}-{plan['contamination']}"
        file = folder / f"{said}-{plan['outlets']}-{source}.json"
        if so_far and not file.exists():
            continue
        if not file.exists():
            print(f"[{number}/{len(todo)}] {what} …", end=" ", file=sys.stderr, flush=True)
            asked = json.dumps(cell)
            command = [sys.executable, __file__, "--cell", asked, "--into", str(file)]
            subprocess.run(command, check=True)
            got = json.loads(file.read_text("utf-8"))
            print(
                f"{got['cpu']['whole']:.0f} CPU s, {got['memory']:.1f} GB",
                file=sys.stderr,
                flush=True,
            )
        done.append(json.loads(file.read_text("utf-8")))
    return done


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--full", action="store_true", help="350,000 outlets, the whole grid")
    parser.add_argument("--outlets", type=int, help="another size")
    parser.add_argument("--levels", help="parts under pressure, such as 0.01,0.6")
    parser.add_argument("--seeds", help="such as 21,22")
    parser.add_argument("--keep", type=Path, help="folder of what is finished, to go on from")
    parser.add_argument(
        "--so-far", action="store_true", help="tell what --keep holds, measure nothing"
    )
    parser.add_argument("--cell", help=argparse.SUPPRESS)
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.cell:
        text = json.dumps(measured(json.loads(given.cell)))
        half = given.into.with_suffix(".half")
        half.write_text(text, "utf-8")
        half.replace(given.into)
        return
    outlets = given.outlets or (350_000 if given.full else 20_000)
    levels = tuple(float(x) for x in given.levels.split(",")) if given.levels else LEVELS
    seeds = tuple(int(x) for x in given.seeds.split(",")) if given.seeds else SEEDS
    if not given.full and not given.levels and not given.seeds:
        levels, seeds = (0.18,), SEEDS[:1]
    todo = grid(outlets, levels, seeds)
    try:
        with tempfile.TemporaryDirectory() as other:
            done = run(todo, given.keep or Path(other), so_far=given.so_far)
    except KeyboardInterrupt:
        sys.exit("stopped; the same command with --keep goes on from here" if given.keep else 130)
    print(f"{outlets:,} outlets, {len(done)} of {len(todo)} cells\n")
    told(done)


if __name__ == "__main__":
    main()
