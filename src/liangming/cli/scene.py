"""``liangming scene``: is this configuration lawful?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from liangming.cli.speech import cited, err, out, print_json
from liangming.clock import SystemClock
from liangming.scene import check_files

app = typer.Typer(help="场景配置。 / Scenes.", no_args_is_help=True)


@app.command("check")
def check(
    files: Annotated[list[Path], typer.Argument(help="场景文件或目录 / scene files or folders")],
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine-readable")] = False,
) -> None:
    """检查场景是否合法：行号、理由、条文与改法。 / Is each scene lawful? Line, reason, article, mend."""
    report = check_files(files, on=SystemClock().now())
    if as_json:
        print_json(report.as_dict())
    else:
        for problem in report.problems:
            out.print(
                f"{problem.file}:{problem.line}: {problem.reason}", style="bold", markup=False
            )
            out.print(f"  {problem.zh}\n  {problem.en}", markup=False)
            if problem.mend_zh:
                out.print(f"  改法：{problem.mend_zh}\n  Mend: {problem.mend_en}", markup=False)
            for line in cited(problem.citations):
                out.print(f"  {line}", style="dim", markup=False)
        err.print(
            f"{len(report.lawful)} 个场景合法 lawful，{len(report.problems)} 个问题 problems",
            markup=False,
        )
    raise typer.Exit(1 if report.problems else 0)
