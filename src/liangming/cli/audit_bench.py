"""``liangming audit generate`` and ``score``: a public benchmark, and how well an audit does on it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer
from rich.table import Table

from liangming.cli.audit import AsJson, needs_audit, progress_bar
from liangming.cli.speech import err, out, print_json
from liangming.clock import SystemClock
from liangming.errors import Kind, Misuse, declare

if TYPE_CHECKING:
    import pyarrow as pa

    from liangming.audit.score.others import Against
    from liangming.audit.score.tally import Score

PLAN_UNFIT = declare(
    "cli.audit-plan-unfit",
    Kind.INVALID,
    zh="网点数须在 100 到 1,000,000 之间，比例在 0 到 0.9 之间；事件形式至多 20,000 个网点。",
    en="Outlets lie between 100 and 1,000,000, the part under pressure between 0 and 0.9; "
    "single events are for at most 20,000 outlets.",
)
SCORE_OF_WHAT = declare(
    "cli.audit-score-of-what",
    Kind.ABSENT,
    zh="没有可以评分的结果：请先对这批事件运行 liangming audit run，或用 --findings 指出结果文件。",
    en="There is nothing to score: run liangming audit run on these events first, "
    "or name a file of findings with --findings.",
)
MOST, LEAST, MOST_AS_EVENTS, MOST_GUILTY = 1_000_000, 100, 20_000, 0.9
SHAPES: Final = "beta, logit-normal, heavy-tailed, bimodal"


def generate(  # noqa: PLR0917  (options of a command)
    to: Annotated[Path, typer.Option(help="写到哪个空目录 / an empty folder to write to")],
    outlets: Annotated[int, typer.Option(help="网点数 / outlets")] = 2_000,
    seed: Annotated[int, typer.Option(help="种子 / seed")] = 1,
    contamination: Annotated[
        float, typer.Option(help="施压网点的比例 / part of outlets under pressure")
    ] = 0.1,
    shape: Annotated[str, typer.Option(help=f"普通网点的分布 / law: {SHAPES}")] = "beta",
    held_out: Annotated[
        bool, typer.Option(help="调试时没有看过的手法 / kinds not looked at while tuning")
    ] = False,
    as_cells: Annotated[
        bool, typer.Option("--cells", help="写合计而不是事件 / cells instead of events")
    ] = False,
) -> None:
    """造一批带有已知施压的虚拟网点，供任何审计软件检验。 / A synthetic fleet with planted pressure."""
    needs_audit()
    from liangming.audit.generate.files import write
    from liangming.audit.generate.laws import Shape
    from liangming.audit.generate.world import Plan

    fits = LEAST <= outlets <= (MOST if as_cells else MOST_AS_EVENTS)
    if not fits or not 0.0 <= contamination <= MOST_GUILTY or shape not in {s.value for s in Shape}:
        raise Misuse(PLAN_UNFIT)
    plan = Plan(
        seed=seed,
        outlets=outlets,
        contamination=contamination,
        shape=Shape(shape),
        held_out=held_out,
    )
    with progress_bar() as bar:
        task = bar.add_task("写出 writing", total=None)
        rows = write(
            to, plan, as_events=not as_cells, progress=lambda done: bar.update(task, completed=done)
        )
    out.print(f"{rows} 行 rows，{outlets} 个虚拟网点 synthetic outlets：{to}", markup=False)
    nextly = f"audit score {to}" if as_cells else f"audit run {to}/events --report report"
    out.print(f"接着 next: liangming {nextly}", markup=False)


def score(
    folder: Annotated[Path, typer.Argument(help="generate 写出的目录 / a folder by generate")],
    findings: Annotated[
        Path | None,
        typer.Option(
            help="任何软件的结果（Parquet、CSV 或报告目录） / anybody's findings, with operator and "
            "outlet: Parquet, CSV, or the folder of a report"
        ),
    ] = None,
    partials: Annotated[
        Path,
        typer.Option(help="没有给结果时，问这里计入的 / without findings: what was counted here"),
    ] = Path("audit-partials"),
    as_json: AsJson = False,
) -> None:
    """评分：误报、漏报，按手法、强度、大小。 / Precision and recall by kind, strength and size."""
    needs_audit()
    from liangming.audit.generate.files import CELLS, read_plan, read_table

    read_plan(folder)
    if findings is not None:
        given = findings / "findings.parquet" if findings.is_dir() else findings
        _score_others(folder, read_table(given, "--findings"), as_json=as_json)
    elif (folder / CELLS).exists():
        _score_own(folder, as_json=as_json)
    else:
        _score_others(folder, _asked_now(partials), as_json=as_json)


def _asked_now(partials: Path) -> pa.Table:
    """The findings of what was counted.

    Raises:
        Misuse: ``cli.audit-score-of-what``.
    """
    from liangming.audit.partials import Partials
    from liangming.audit.report.table import table
    from liangming.audit.report.write import content_of

    if not partials.is_dir():
        raise Misuse(SCORE_OF_WHAT, field="--partials")
    with Partials(partials) as kept, progress_bar() as bar:
        if not kept.lines:
            raise Misuse(SCORE_OF_WHAT, field="--partials")
        task = bar.add_task("询问 asking", total=None)
        content = content_of(
            kept, SystemClock().now(), said=lambda what: bar.update(task, description=what)
        )
        return table(content)


def _score_own(folder: Path, *, as_json: bool) -> None:
    import msgspec
    import numpy as np

    from liangming.audit.generate.files import CELLS, read_plan, read_table
    from liangming.audit.generate.world import make
    from liangming.audit.score.tally import score as tally
    from liangming.audit.statistics.judging import judge
    from liangming.audit.statistics.places import places

    world = make(read_plan(folder))
    here = places(read_table(folder / CELLS))
    with progress_bar() as bar:
        task = bar.add_task("询问 asking", total=None)
        judged = judge(here, progress=lambda name: bar.update(task, description=name))
        bar.update(task, description="评分 scoring")
        ids = np.array([int(name.rpartition("-")[2]) for name in here.outlet])
        result = tally(world, here, judged, ids)
    if as_json:
        plain = msgspec.to_builtins(result, str_keys=True, builtin_types=())
        print_json(plain)
    else:
        _say(result)


def _say(result: Score) -> None:
    table = Table("", "突出 flagged", "误报 false", "误报率", "召回 recall", box=None)
    for name, line in (
        ("本审计 ours", result.ours),
        ("知情者 oracle", result.oracle),
        ("二项检验 binomial+BH", result.naive),
    ):
        table.add_row(
            name,
            str(line.flagged),
            str(line.false),
            f"{line.false_share:.1%}",
            f"{line.recall:.2f}",
        )
    out.print(table)
    kinds = Table("手法 kind", "强度", "网点（≥300 次）", "召回 recall", "知情者 oracle", box=None)
    for (kind, strength), (mine, best) in result.by_kind.items():
        kinds.add_row(kind, strength, str(mine.guilty), f"{mine.recall:.2f}", f"{best.recall:.2f}")
    out.print(kinds)
    sizes = Table("至少查验次数 checks", "网点", "召回 recall", "知情者 oracle", box=None)
    for size, (mine, best) in result.by_size.items():
        sizes.add_row(str(size), str(mine.guilty), f"{mine.recall:.2f}", f"{best.recall:.2f}")
    out.print(sizes)
    for case, (accused, many) in result.false_cases.items():
        out.print(f"误报 accused: {case} {accused} / {many}", markup=False)
    if result.scene_found is not None:
        found = "找到 found" if result.scene_found else "没有找到 not found"
        out.print(f"整体施压的场景 the scene that steers: {found}", markup=False)


def _score_others(folder: Path, found: pa.Table, *, as_json: bool) -> None:
    from liangming.audit.generate.files import BENCHMARK_UNREADABLE, TRUTH, read_table
    from liangming.audit.score.others import against_truth

    if not {"operator", "outlet"} <= set(found.column_names):
        raise Misuse(BENCHMARK_UNREADABLE, field="--findings")
    result = against_truth(found, read_table(folder / TRUTH))
    if as_json:
        print_json(_plain(result))
        return
    whole = result.overall
    out.print(
        f"突出 flagged {whole.flagged}，误报 false {whole.false}（{whole.false_share:.1%}），"
        f"召回 recall {whole.recall:.2f}（{whole.found} / {whole.guilty}）",
        markup=False,
    )
    for (kind, strength), line in result.by_kind.items():
        out.print(f"{kind} {strength}: {line.found} / {line.guilty}", markup=False)
    for case, (accused, many) in result.by_case.items():
        out.print(f"误报 accused: {case} {accused} / {many}", markup=False)
    if result.unknown:
        err.print(f"{result.unknown} 个网点不在真相表中 outlets unknown to the truth", markup=False)


def _plain(result: Against) -> object:
    line = result.overall
    return {
        "flagged": line.flagged,
        "false": line.false,
        "guilty": line.guilty,
        "found": line.found,
        "by_kind": [
            {"kind": kind, "strength": strength, "guilty": one.guilty, "found": one.found}
            for (kind, strength), one in result.by_kind.items()
        ],
        "accused_by_case": {case: accused for case, (accused, _) in result.by_case.items()},
        "unknown": result.unknown,
    }
