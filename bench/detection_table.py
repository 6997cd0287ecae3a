"""The tables of ``bench/detection.py``, and which of its floors fail.

Seeds of one fleet and level are added up before anything is judged: a part of one seed has few
outlets. Recall is told by kind, by checks, by kind and strength, and by all three; each beside the
oracle's, with the exact 95 % interval of ours.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable

from scipy import stats

NOMINAL = 0.05
OVERALL, WORST_KIND = NOMINAL, 1.5 * NOMINAL
FEWER = 50.0
OF_ORACLE = 0.8
STRONG = 0.95
ENOUGH = 20
"""Outlets that the oracle must find (or flags that a question must have) before a part is judged."""
STRENGTHS = ("weak", "medium", "strong")

HEAD = (
    "| fleet | seed | under pressure | flagged | false | false share (95 %) | recall | "
    "oracle: false share, recall | recall ÷ oracle | binomial+BH false | ÷ ours | "
    "fold, ask, whole CPU s | GB |"
)
Found = tuple[int, int, int]
"""Found by ours, by the oracle, of so many."""
Name = Callable[[str, str, int], str | None]


def told(done: list[dict]) -> None:
    """Print every table and the verdict."""
    failed: list[str] = []
    few: list[str] = []
    for part in dict.fromkeys(cell["part"] for cell in done):
        mine = [cell for cell in done if cell["part"] == part]
        print(f"\n## {part}\n\n{HEAD}\n|" + "---|" * (HEAD.count("|") - 1))
        groups = defaultdict(list)
        for cell in mine:
            print(row(cell, failed))
            groups[f"{cell['name']} {cell['plan']['contamination']:.0%}"].append(cell)
        by_question(groups, failed)
        recalls(groups, "kind", lambda kind, _, __: kind, failed, few)
        recalls(groups, "checks", lambda _, __, low: checks(low), failed, few)
        recalls(groups, "kind and strength", lambda kind, how, _: f"{kind} {how}", failed, few)
        for name, cells in groups.items():
            by_support(name, cells, failed, few)
        strong_steering(groups, failed)
        cases(groups, failed)
    print("\n## floors that fail\n")
    print("\n".join(f"- {line}" for line in failed) or "none")
    print(f"\n## below {OF_ORACLE} where the oracle finds fewer than {ENOUGH}: too few to judge\n")
    print("\n".join(f"- {line}" for line in few) or "none")


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
    return (
        f"| {cell['name']} | {plan['seed']} | {plan['contamination']:.0%} | {flagged:,} | {false} | "
        f"{share:.1%} ({between(false, flagged)}) | {ours:.3f} | "
        f"{best[1] / max(best[0], 1):.1%}, {theirs:.3f} | {ratio:.2f} | {cell['naive'][1]:,} | "
        f"{fewer:,.0f} | {cpu['fold']:.0f}, {cpu['ask']:.0f}, {cpu['whole']:.0f} | "
        f"{cell['memory']:.1f} |"
    )


def between(k: int, n: int) -> str:
    """The exact 95 % interval of a share."""
    if not n:
        return "–"
    low = stats.beta.ppf(0.025, k, n - k + 1) if k else 0.0
    high = stats.beta.ppf(0.975, k + 1, n - k) if k < n else 1.0
    return f"{low:.1%}–{high:.1%}"


def by_question(groups: dict[str, list[dict]], failed: list[str]) -> None:
    """False shares of each question, seeds together; a question a line, a fleet a column."""
    print("\nfalse of flagged by question, seeds together (95 %)\n")
    names = [
        name
        for name in dict.fromkeys(n for cells in groups.values() for c in cells for n in c["by_question"])
        if any(c["by_question"][name][0] for cells in groups.values() for c in cells)
    ]  # fmt: skip
    print("| question | " + " | ".join(groups) + " |\n|" + "---|" * (len(groups) + 1))
    for name in names:
        said = []
        for fleet, cells in groups.items():
            flagged, false = (sum(c["by_question"][name][i] for c in cells) for i in (0, 1))
            part = f"{false} of {flagged:,} = {false / max(flagged, 1):.1%}"
            said.append(f"{part} ({between(false, flagged)})" if flagged else "–")
            if flagged >= ENOUGH and false > WORST_KIND * flagged:
                failed.append(f"{fleet}: question {name}, {part} false ({between(false, flagged)})")
        print(f"| {name} | " + " | ".join(said) + " |")


def added(cells: Iterable[dict], name: Name) -> dict[str, Found]:
    """What was found, added up under a name; parts named None are left out."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for cell in cells:
        for key, (mine, best) in cell["by_support"].items():
            kind, how, low = key.split(" ")
            if (at := name(kind, how, int(low))) is not None:
                for place, more in enumerate((mine[3], best[3], mine[2])):
                    sums[at][place] += more
    return {key: (held[0], held[1], held[2]) for key, held in sums.items()}


def checks(low: int) -> str:
    """A band of sizes by its least."""
    return {30: "30–99", 100: "100–299", 300: "300–999", 1_000: "1,000–9,999"}.get(
        low, f"{low:,} +"
    )


def recalls(
    groups: dict[str, list[dict]], by: str, name: Name, failed: list[str], few: list[str]
) -> None:
    """Recall by one name, seeds together: a name a line, a fleet a column."""
    print(f"\nrecall by {by}, seeds together: found / oracle = ratio (of all; ours, 95 %)\n")
    sums = {fleet: added(cells, name) for fleet, cells in groups.items()}
    print(f"| {by} | " + " | ".join(groups) + " |\n|" + "---|" * (len(groups) + 1))
    for key in dict.fromkeys(key for held in sums.values() for key in held):
        said = [
            part(fleet, f"{by} {key}", held.get(key), failed, few) for fleet, held in sums.items()
        ]
        print(f"| {key} | " + " | ".join(said) + " |")


def part(
    fleet: str,
    what: str,
    found: Found | None,
    failed: list[str],
    few: list[str],
    *,
    short: bool = False,
) -> str:
    """One cell of a table; it is judged where the oracle finds enough."""
    if found is None:
        return "–"
    mine, best, many = found
    ratio = f"{mine / best:.2f}" if best else "–"
    if mine < OF_ORACLE * best:
        line = f"{fleet}: {what}: {mine} found, oracle {best} = {ratio} (of {many:,})"
        (failed if best >= ENOUGH else few).append(line)
        ratio = f"**{ratio}**" if best >= ENOUGH else f"*{ratio}*"
    if short:
        return f"{mine} / {best} = {ratio} ({many})"
    return f"{mine:,} / {best:,} = {ratio} ({many:,}; {between(mine, many)})"


def by_support(fleet: str, cells: list[dict], failed: list[str], few: list[str]) -> None:
    """Recall by kind, strength and checks."""
    sums = added(cells, lambda kind, how, low: f"{kind} {how} {low}")
    kinds = dict.fromkeys(name.rsplit(" ", 1)[0] for name in sums)
    sizes = sorted({int(name.rsplit(" ", 1)[1]) for name in sums})
    print(f"\n{fleet}: by kind, strength and checks: found / oracle = ratio (of all)\n")
    print("| kind | " + " | ".join(checks(low) for low in sizes) + " |")
    print("|" + "---|" * (len(sizes) + 1))
    for kind in kinds:
        said = [
            part(fleet, f"{kind}, {checks(low)} checks", sums.get(f"{kind} {low}"), failed, few, short=True)
            for low in sizes
        ]  # fmt: skip
        print(f"| {kind} | " + " | ".join(said) + " |")


def strong_steering(groups: dict[str, list[dict]], failed: list[str]) -> None:
    """Strong steering at 300 checks and more: by fleet, and all together."""
    sums = {
        fleet: added(cells, lambda kind, how, low: "" if kind == "steer" and how == "strong" and low >= 300 else None)
        for fleet, cells in groups.items()
    }  # fmt: skip
    rows = {fleet: held[""] for fleet, held in sums.items() if held}
    if not rows:
        return
    if len(rows) > 1:
        mine, best, many = (sum(found[place] for found in rows.values()) for place in range(3))
        rows["all together"] = (mine, best, many)
    print(f"\nstrong steering at 300 checks and more (at least {STRONG})\n")
    print("| fleet | found | recall (95 %) | oracle | found ÷ oracle |\n|---|---|---|---|---|")
    for fleet, (mine, best, many) in rows.items():
        said = f"{mine / many:.3f} ({between(mine, many)})"
        print(
            f"| {fleet} | {mine:,} of {many:,} | {said} | {best:,} = {best / many:.3f}"
            f" | {mine / max(best, 1):.3f} |"
        )
        if mine < STRONG * many:
            oracle = f"oracle {best / many:.3f}"
            failed.append(f"{fleet}: strong steering at 300 checks and more: {said}, {oracle}")


def cases(groups: dict[str, list[dict]], failed: list[str]) -> None:
    """Honest cases that were accused, and the scene that steers as a whole."""
    print("\naccused of honest outlets by case, seeds together; scenes\n")
    print("| case | " + " | ".join(groups) + " |\n|" + "---|" * (len(groups) + 1))
    names = dict.fromkeys(n for cells in groups.values() for c in cells for n in c["false_cases"])
    for name in names:
        said = []
        for cells in groups.values():
            false, many = (sum(c["false_cases"][name][i] for c in cells) for i in (0, 1))
            said.append(f"{false} of {many:,} = {false / max(many, 1):.3%}")
        print(f"| {name} | " + " | ".join(said) + " |")
    said, wrong = [], []
    for fleet, cells in groups.items():
        asked = [c["scene_found"] for c in cells if c["scene_found"] is not None]
        said.append(f"{sum(asked)} of {len(asked)}")
        wrong.append(str(sum(c["scenes_false"] for c in cells)))
        if sum(asked) < len(asked):
            failed.append(f"{fleet}: the scene that steers as a whole was not found")
    print("| scene that steers as a whole, found | " + " | ".join(said) + " |")
    print("| scenes found that do not steer | " + " | ".join(wrong) + " |")
