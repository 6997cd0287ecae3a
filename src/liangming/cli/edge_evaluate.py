"""``liangming edge evaluate``: how well the device tells faces from attacks, and people apart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import msgspec
import typer

from liangming.cli.bar import rising
from liangming.cli.edge import shelf
from liangming.cli.speech import err, out, print_json
from liangming.errors import Kind, Misuse, declare

if TYPE_CHECKING:
    from liangming.edge.measure.report import Report

NOT_ASKED: Final = declare(
    "cli.edge-nothing-to-evaluate",
    Kind.INVALID,
    zh="请给出一个目录，或用 --synthetic。",
    en="Please name a folder, or use --synthetic.",
)


def evaluate(
    *,
    folder: Annotated[Path | None, typer.Argument(help="带标注的目录 / a labelled folder")] = None,
    synthetic: Annotated[
        bool, typer.Option("--synthetic", help="用自带的合成攻击 / with our own synthetic attacks")
    ] = False,
    trials: Annotated[
        int, typer.Option(min=1, max=10_000, help="每种次数 / presentations of each species")
    ] = 20,
    first: Annotated[
        int, typer.Option(min=0, help="从哪个种子开始 / the first seed; others are other people")
    ] = 0,
    flash: Annotated[bool, typer.Option(help="屏幕闪光 / whether the screen can flash")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine-readable")] = False,
) -> None:
    """攻击检测与比对的误差，最差的在前（ISO/IEC 30107-3）。 / Error rates, the worst first."""
    held = shelf()
    if synthetic:
        told = _synthetic(range(first, first + trials), flash=flash)
        _tell(told, "合成 synthetic", as_json=as_json)
        return
    if folder is None:
        raise Misuse(NOT_ASKED, field="DIR")
    from liangming.edge.measure.folders import evaluate_folder

    figures = evaluate_folder(folder, held, say=lambda text: err.print(text, markup=False))
    if as_json:
        print_json(msgspec.to_builtins(figures))
        return
    if figures.attacks is not None:
        _tell(figures.attacks, "您的数据 your clips", as_json=False)
        out.print("影片没有设备 a film has no device: binding, flash –", markup=False)
        out.print(
            f"没有动作 without actions: {figures.without_actions}（challenge, solid –）",
            markup=False,
        )
        for name in figures.unreadable:
            out.print(f"读不出，不计入 unreadable, in no rate: {name}", markup=False)
    if figures.pairs is not None:
        for case in (figures.pairs.all, *figures.pairs.cases):
            name = case.name or "全部 all"
            out.print(f"{name}，{case.pictures} 张图片 pictures", markup=False)
            out.print(f"  FMR  {case.false_matches}", markup=False)
            out.print(f"  FNMR {case.false_non_matches}", markup=False)
            # Pairs that share a picture hang together: the exact interval is then too narrow.
            out.print(f"  FMR  谨慎 cautious {case.cautious_false_matches}", markup=False)
            out.print(f"  FNMR 谨慎 cautious {case.cautious_false_non_matches}", markup=False)
            out.print(f"  没有检出人脸 no face found: {case.unusable}", markup=False)
            out.print(f"  读不出的图片 unreadable: {case.unreadable}", markup=False)
            out.print(f"  两张是同一张图 same picture twice: {case.identical}", markup=False)


def _synthetic(seeds: range, *, flash: bool) -> Report:
    from liangming.edge.measure.report import report
    from liangming.edge.measure.trial import synthetic
    from liangming.edge.synthetic.species import ALL

    plan = [(species, seed) for seed in seeds for species in (None, *ALL)]
    done = []
    with rising() as bar:
        task = bar.add_task("合成 synthetic", total=len(plan))
        for species, seed in plan:
            done.append(synthetic(species, seed, can_flash=flash))
            bar.advance(task)
    return report(done)


def _tell(told: Report, source: str, *, as_json: bool) -> None:
    if as_json:
        print_json(msgspec.to_builtins(told))
        return
    out.print(f"{source}，{told.frames} 帧 frames", markup=False)
    out.print("APCER（被放过的攻击 attacks let through），95 % Clopper–Pearson", markup=False)
    for row in told.attacks:
        out.print(f"  {row.species:28} {row.together}", markup=False)
        out.print(f"    仅动作层 motion layers alone  {row.motion}", style="dim", markup=False)
        if row.silent.count:
            out.print(
                f"    没看到人脸，不计入 no face seen, in no rate  {row.silent}", markup=False
            )
        for layer, share in row.alone.items():
            out.print(f"    仅 {layer} alone  {share}", style="dim", markup=False)
    out.print(f"BPCER（被拦下的真人 people stopped）  {told.people}", markup=False)
    for layer, share in told.people_alone.items():
        out.print(f"    {layer}  {share}", style="dim", markup=False)
    if told.people_silent.count:
        out.print(
            f"    没看到人脸，不计入 no face seen, in no rate  {told.people_silent}", markup=False
        )
