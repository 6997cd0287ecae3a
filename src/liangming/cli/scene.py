"""``liangming scene``: is this configuration lawful?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from liangming.cli.speech import cited, err, out, print_json
from liangming.clock import SystemClock, china_date
from liangming.scene import Report, Result, check_files

MOST: Final = 200  # a hostile file can be wrong in tens of thousands of places

app = typer.Typer(help="场景配置。 / Scenes.", no_args_is_help=True)


@app.command("check")
def check(
    files: Annotated[list[Path], typer.Argument(help="场景文件或目录 / scene files or folders")],
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine-readable")] = False,
) -> None:
    """检查场景是否合法：行号、理由、条文与改法。 / Is each scene lawful? Line, reason, article, mend."""
    report = check_files(files, china_date(SystemClock().now()))
    if as_json:
        print_json(report.as_dict())
    else:
        show(report)
    raise typer.Exit({Result.LAWFUL: 0, Result.UNLAWFUL: 1, Result.UNREADABLE: 2}[report.result])


def show(report: Report) -> None:
    """Every fault and every problem: place, reason, article, mend; then a line that counts."""
    for fault in report.faults[:MOST]:
        out.print(f"{fault.file}:{fault.line}: {fault.code.name}", style="bold", markup=False)
        out.print(f"  {fault.code.zh}\n  {fault.code.en}", markup=False)
    for problem in report.problems[:MOST]:
        place = f"{problem.file}:{problem.line}: {problem.field}: {problem.code}"
        out.print(place, style="bold", markup=False)
        out.print(f"  {problem.says.zh}{problem.detail.zh}", markup=False)
        out.print(f"  {problem.says.en}{problem.detail.en}", markup=False)
        out.print(f"  改法：{problem.mend.zh}\n  Mend: {problem.mend.en}", markup=False)
        for line in cited(tuple(citation.id for citation in problem.citations)):
            out.print(f"  {line}", style="dim", markup=False)
    unsaid = max(0, len(report.faults) - MOST) + max(0, len(report.problems) - MOST)
    if unsaid:
        err.print(
            f"另有 {unsaid} 处未列出，--json 可看到全部 and more; --json tells all", markup=False
        )
    err.print(
        f"{len(report.lawful)} 个场景合法 lawful，{len(report.unlawful)} 个不合法 unlawful，"
        f"{len(report.faults)} 处无法读取 unreadable",
        markup=False,
    )
