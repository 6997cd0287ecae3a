"""The tables of ``bench/detection.py``, and which of its floors fail."""

from collections import defaultdict

from scipy import stats

NOMINAL = 0.05
OVERALL, WORST_KIND = NOMINAL, 1.5 * NOMINAL
FEWER = 50.0
OF_ORACLE = 0.8
STRONG = 0.95
ENOUGH = 20
"""Outlets that the oracle must find (or flags that a question must have) before a part is judged."""

HEAD = (
    "| fleet | seed | under pressure | flagged | false | false share (95 %) | recall | "
    "oracle: false share, recall | recall ÷ oracle | binomial+BH false | ÷ ours | scene found | "
    "fold, ask, whole CPU s | GB |"
)


def told(done: list[dict]) -> None:
    """Print every table and the verdict."""
    failed: list[str] = []
    for part in dict.fromkeys(cell["part"] for cell in done):
        print(f"\n## {part}\n\n{HEAD}\n|" + "---|" * (HEAD.count("|") - 1))
        groups = defaultdict(list)
        for cell in done:
            if cell["part"] == part:
                print(row(cell, failed))
                groups[f"{cell['name']} {cell['plan']['contamination']:.0%}"].append(cell)
        by_question(groups, failed)
        for name, cells in groups.items():
            by_support(name, cells, failed)
    print("\n## floors that fail\n")
    print("\n".join(f"- {line}" for line in failed) or "none")


def row(cell: dict, failed: list[str]) -> str:
    plan, cpu = cell["plan"], cell["cpu"]
    flagged, false, guilty, found = cell["ours"]
    best = cell["oracle"]
    share, ours, theirs = false / max(flagged, 1), found / max(guilty, 1), best[3] / max(best[2], 1)
    ratio, fewer = ours / max(theirs, 1e-9), cell["naive"][1] / max(false, 1)
    name = f"{cell['name']}, seed {plan['seed']}, {plan['contamination']:.0%}"
    if share > OVERALL:
        failed.append(f"{name}: false share {share:.1%}")
    if ratio < OF_ORACLE:
        failed.append(f"{name}: recall {ratio:.2f} of the oracle's")
    if fewer < FEWER:
        failed.append(f"{name}: only {fewer:.0f} × fewer false than binomial + BH")
    if cell["scene_found"] is False:
        failed.append(f"{name}: the scene that steers as a whole was not found")
    return (
        f"| {cell['name']} | {plan['seed']} | {plan['contamination']:.0%} | {flagged} | {false} | "
        f"{share:.1%} ({between(false, flagged)}) | {ours:.3f} | "
        f"{best[1] / max(best[0], 1):.1%}, {theirs:.3f} | {ratio:.2f} | {cell['naive'][1]} | "
        f"{fewer:.0f} | {'yes' if cell['scene_found'] else 'NO'} | "
        f"{cpu['fold']:.0f}, {cpu['ask']:.0f}, {cpu['whole']:.0f} | {cell['memory']:.1f} |"
    )


def between(k: int, n: int) -> str:
    """The exact 95 % interval of a share."""
    if not n:
        return "–"
    low = stats.beta.ppf(0.025, k, n - k + 1) if k else 0.0
    high = stats.beta.ppf(0.975, k + 1, n - k) if k < n else 1.0
    return f"{low:.1%}–{high:.1%}"


def by_question(groups: dict[str, list[dict]], failed: list[str]) -> None:
    """False shares of each question, seeds together."""
    print("\nfalse of flagged by question, seeds together (95 %)\n")
    names = [
        name
        for name in dict.fromkeys(n for cells in groups.values() for c in cells for n in c["by_question"])
        if any(c["by_question"][name][0] for cells in groups.values() for c in cells)
    ]  # fmt: skip
    print("| fleet | " + " | ".join(names) + " |\n|" + "---|" * (len(names) + 1))
    for fleet, cells in groups.items():
        said = []
        for name in names:
            flagged, false = (sum(c["by_question"][name][i] for c in cells) for i in (0, 1))
            said.append(f"{false}/{flagged} ({between(false, flagged)})" if flagged else "–")
            if flagged >= ENOUGH and false > WORST_KIND * flagged:
                failed.append(
                    f"{fleet}: {name} {false} of {flagged} false = {false / flagged:.1%}"
                    f" ({between(false, flagged)})"
                )
        print(f"| {fleet} | " + " | ".join(said) + " |")


def by_support(fleet: str, cells: list[dict], failed: list[str]) -> None:
    """Recall by kind, strength and support, ours ÷ the oracle's."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for cell in cells:
        for name, (mine, best) in cell["by_support"].items():
            held = sums[name]
            held[0] += mine[3]
            held[1] += best[3]
            held[2] += mine[2]
    kinds = dict.fromkeys(name.rsplit(" ", 1)[0] for name in sums)
    sizes = sorted({int(name.rsplit(" ", 1)[1]) for name in sums})
    print(f"\n{fleet}: recall by checks, ours / oracle (outlets)\n")
    print("| kind | " + " | ".join(f"≥ {low}" for low in sizes) + " |")
    print("|" + "---|" * (len(sizes) + 1))
    for kind in kinds:
        said = []
        for low in sizes:
            mine, best, many = sums.get(f"{kind} {low}", (0, 0, 0))
            said.append(f"{mine / many:.2f} / {best / many:.2f} ({many})" if many else "–")
            if best >= ENOUGH and mine < OF_ORACLE * best:
                failed.append(
                    f"{fleet}: {kind}, {low} checks and more: {mine} found, oracle {best}"
                    f" = {mine / best:.2f}"
                )
        print(f"| {kind} | " + " | ".join(said) + " |")
    strong = [cell["by_kind"].get("steer strong", [[0] * 4] * 2) for cell in cells]
    many, mine, best = (sum(s[i][j] for s in strong) for i, j in ((0, 2), (0, 3), (1, 3)))
    if many:
        said = f"{mine} of {many} = {mine / many:.3f}, oracle {best / many:.3f}"
        print(f"\nstrong steering at 300 checks and more: {said} ({between(mine, many)})")
        if mine < STRONG * many:
            failed.append(f"{fleet}: strong steering at 300 checks and more: {said}")
