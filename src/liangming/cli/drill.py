"""``liangming drill``: prove that what must hold after a disaster holds, before there is one."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from liangming.assembly import Settings, load_keys, restored
from liangming.cli.speech import err, out, print_json
from liangming.clock import SystemClock
from liangming.rights.drill import Drilled

app = typer.Typer(help="演练：在出事之前证明恢复之后仍然成立。 / Drills.", no_args_is_help=True)


@app.command("restore")
def restore(
    backup: Annotated[
        Path,
        typer.Argument(
            help="数据库备份：SQLite 文件，或 pg_dump -Fc 的文件 / a SQLite file or a pg_dump -Fc file"
        ),
    ],
    scratch: Annotated[
        str,
        typer.Option(
            help="PostgreSQL：一个空的数据库地址，用后清空 / address of an empty database"
        ),
    ] = "",
    *,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine-readable")] = False,
) -> None:
    """恢复一份备份到别处，数一数已删除的人有没有回来；必须是 0。 / Restore elsewhere; count who came back.

    不改动正在使用的数据库和删除记录。 / Touches neither the live database nor the erasure file.
    """
    settings = Settings.read()
    load_keys(settings, SystemClock())

    async def run() -> Drilled:
        with tempfile.TemporaryDirectory(prefix="liangming-drill-") as folder:
            async with restored(settings, backup, Path(folder), scratch) as drill:
                return await drill()

    done = asyncio.run(run())
    if as_json:
        print_json(
            {
                "tombstones": done.entries,
                "in_the_backup": done.before,
                "after_replay": done.after,
                "persons": done.persons,
                "opened": done.opened,
            }
        )
    else:
        out.print(f"登记 registrations in the backup: {done.persons}", markup=False)
        out.print(f"删除记录 tombstones: {done.entries}", markup=False)
        out.print(f"备份带回 brought back by the backup: {done.before}", markup=False)
        out.print(f"重做删除之后 after the replay: {done.after}", markup=False)
        out.print(f"抽查能打开 opened for the drill: {done.opened}", markup=False)
    if done.after:
        err.print("失败：已删除的人回来了。 / FAILED: erased people are back.", style="bold red")
        raise typer.Exit(1)
