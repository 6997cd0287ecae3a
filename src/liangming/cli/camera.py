"""``liangming edge camera``: which cameras there are, and the one this machine is bound to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer

from liangming.assembly import Settings
from liangming.cli.speech import err, out
from liangming.errors import Kind, Misuse, declare

NOT_BOUND: Final = declare(
    "cli.edge-no-camera",
    Kind.OUT_OF_ORDER,
    zh="还没有登记摄像头（liangming edge camera bind），或者架上没有模型（liangming edge models add）。",
    en="No camera is bound yet (liangming edge camera bind), or no models are on the shelf (liangming"
    " edge models add).",
)

app = typer.Typer(
    help="摄像头：由总线和驱动认定，不认软件摄像头。 / Cameras, known by bus and driver.",
    no_args_is_help=True,
)


@app.command("list")
def listed() -> None:
    """每个摄像头，以及能不能登记。 / Every camera, and whether it can be bound."""
    from liangming.edge.camera.identity import cameras, identity_of

    found = cameras()
    if not found:
        err.print("没有摄像头。 / There is no camera.")
    for path in found:
        try:
            who = identity_of(path)
        except Misuse as why:
            out.print(f"✗ {path}  {why.code.zh} {why.code.en}", markup=False)
            continue
        names = f"{who.driver} {who.vendor}:{who.product} {who.serial} {who.bus}"
        out.print(f"✓ {path}  {names}", markup=False)


@app.command("bind")
def bind(
    path: Annotated[Path, typer.Argument(help="/dev/v4l/by-id/…，不随插拔改名 / keeps its name")],
) -> None:
    """让这台机器只认这一个摄像头。 / From now on this machine opens this camera and no other."""
    from liangming.edge.agent import enrolment as enrolling
    from liangming.edge.camera.identity import identity_of

    folder = Settings.read().data
    secret = asked(folder)
    about = enrolling.enrolled(folder, secret)
    who = identity_of(path)
    bound = msgspec.structs.replace(about, camera=who, camera_path=str(path))
    enrolling.rewrite(folder, bound, secret)
    out.print(f"✓ {who.driver} {who.vendor}:{who.product} {who.serial}", markup=False)


def asked(folder: Path) -> str:
    """The passphrase of the key's file, where it wants one."""
    from liangming.edge.agent import enrolment as enrolling

    if not enrolling.locked(folder):
        return ""
    return str(typer.prompt("口令 passphrase", hide_input=True, err=True))
