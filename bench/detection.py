"""How well the audit finds pressure on synthetic fleets, beside an oracle and a binomial test.

``python bench/detection.py`` takes small fleets; ``--full`` the national size with three seeds.
Part one is what the detector was tuned on, part two (marked *held out*) was not looked at before:
other laws of honest outlets, other kinds of pressure. Losses are printed like everything else.
"""

import argparse
import json
import resource
import time
from pathlib import Path

import numpy as np

from liangming.audit.generate.cells import cells
from liangming.audit.generate.laws import HELD_OUT_SHAPES
from liangming.audit.generate.world import Plan, make
from liangming.audit.score.tally import score
from liangming.audit.statistics.judging import judge
from liangming.audit.statistics.places import places

HEAD = (
    "| fleet | seed | under pressure | flagged | false | false share | worst question | recall | "
    "oracle: false share, recall | recall ÷ oracle | binomial+BH false | ÷ ours | "
    "strong ≥ 300 | scene found | fold + ask, CPU s |"
)
ENOUGH_TO_RATE = 20


def run(plan: Plan) -> dict[str, object]:
    world = make(plan)
    table = cells(world)
    start = time.process_time()
    here = places(table)
    judged = judge(here)
    spent = time.process_time() - start
    ids = np.array([int(name[7:]) for name in here.outlet])
    result = score(world, here, judged, ids)
    rated = {
        name: line.false_share
        for name, line in result.by_question.items()
        if line.flagged >= ENOUGH_TO_RATE
    }
    worst = max(rated, key=rated.__getitem__, default="–")
    strong = [mine for (_, s), (mine, _) in result.by_kind.items() if s == "strong"]
    found = sum(line.found for line in strong) / max(sum(line.guilty for line in strong), 1)
    name = plan.shape.value if not plan.held_out else f"{plan.shape.value}, other kinds"
    held = plan.held_out or plan.shape in HELD_OUT_SHAPES
    ours, best, poor = result.ours, result.oracle, result.naive
    print(
        f"| {name}{' *held out*' if held else ''} | {plan.seed} | {plan.contamination:.0%} | "
        f"{ours.flagged} | {ours.false} | {ours.false_share:.1%} | "
        f"{worst} {rated.get(worst, 0.0):.1%} | {ours.recall:.2f} | "
        f"{best.false_share:.1%}, {best.recall:.2f} | "
        f"{ours.recall / max(best.recall, 1e-9):.2f} | {poor.false} | "
        f"{poor.false / max(ours.false, 1):.0f} | {found:.2f} | "
        f"{'yes' if result.scene_found else 'NO'} | {spent:.1f} |",
        flush=True,
    )
    return {
        "plan": name,
        "seed": plan.seed,
        "contamination": plan.contamination,
        "by_kind": {
            f"{kind} {strength}": (mine.recall, best.recall, mine.guilty)
            for (kind, strength), (mine, best) in result.by_kind.items()
        },
        "by_size": {
            str(size): (mine.recall, best.recall, mine.guilty)
            for size, (mine, best) in result.by_size.items()
        },
        "by_question": {
            kind: (line.flagged, line.false) for kind, line in result.by_question.items()
        },
        "false_cases": result.false_cases,
    }


def told(runs: list[dict[str, object]]) -> None:
    """Recall by kind and by size: means over the runs of one part."""
    for what in ("by_kind", "by_size"):
        print(f"\n| {what[3:]} | recall | oracle | outlets |\n|---|---|---|---|")
        names = dict.fromkeys(name for run in runs for name in run[what])
        for name in names:
            rows = [run[what][name] for run in runs if name in run[what]]
            weight = [row[2] for row in rows]
            if not sum(weight):
                continue
            mine = np.average([row[0] for row in rows], weights=weight)
            best = np.average([row[1] for row in rows], weights=weight)
            print(f"| {name} | {mine:.2f} | {best:.2f} | {sum(weight)} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help="350,000 outlets, three seeds")
    parser.add_argument("--json", help="write every figure to this file")
    given = parser.parse_args()
    outlets, seeds = (350_000, (21, 22, 23)) if given.full else (20_000, (21,))
    levels = (0.01, 0.18, 0.6) if given.full else (0.18,)
    print(f"{outlets:,} outlets\n\n{HEAD}\n|" + "---|" * (HEAD.count("|") - 1))
    known = [
        run(Plan(seed=seed, outlets=outlets, contamination=level))
        for level in levels
        for seed in seeds
    ]
    told(known)
    print(f"\nheld out\n\n{HEAD}\n|" + "---|" * (HEAD.count("|") - 1))
    some = (0.01, 0.18) if given.full else levels
    other = [
        run(Plan(seed=seeds[0], outlets=outlets, contamination=level, shape=shape))
        for shape in HELD_OUT_SHAPES
        for level in some
    ]
    kinds = [
        run(Plan(seed=seeds[-1], outlets=outlets, contamination=level, held_out=True))
        for level in some
    ]
    told(kinds)
    print(f"\npeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB")
    if given.json:
        Path(given.json).write_text(json.dumps([*known, *other, *kinds], indent=1), "utf-8")


if __name__ == "__main__":
    main()
