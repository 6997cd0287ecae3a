"""``liangming edge``: the device agent, its models, and how well it tells faces from attacks."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, get_args

import msgspec
import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from liangming.assembly import Settings
from liangming.cli import camera as cameras
from liangming.cli.camera import NOT_BOUND, asked
from liangming.cli.parent import end_with_parent
from liangming.cli.speech import err, out, print_json
from liangming.device.invite import Kind as DeviceKind
from liangming.errors import Kind, Misuse, declare

if TYPE_CHECKING:
    from liangming.edge.agent.enrolment import Enrolment
    from liangming.edge.measure.report import Report
    from liangming.edge.models.shelf import Shelf

NO_EDGE: Final = declare(
    "cli.edge-missing",
    Kind.ABSENT,
    zh="没有安装终端部分：pip install 'liangming[edge]'。",
    en="The device part is not installed: pip install 'liangming[edge]'.",
)
UNREADABLE: Final = declare(
    "cli.edge-file-unreadable",
    Kind.ABSENT,
    zh="无法读取这个文件，或者它不是应有的格式。",
    en="This file cannot be read, or is not of the expected form.",
)
NOT_ASKED: Final = declare(
    "cli.edge-nothing-to-evaluate",
    Kind.INVALID,
    zh="请给出一个目录，或用 --synthetic。",
    en="Please name a folder, or use --synthetic.",
)

ID_UNFIT: Final = declare(
    "cli.edge-id-unfit",
    Kind.INVALID,
    zh="终端和场景编号只用小写字母、数字、点和横线。",
    en="Ids of devices and scenes have lower-case letters, digits, dots and hyphens.",
)
KIND_UNFIT: Final = declare(
    "cli.edge-kind-unknown",
    Kind.INVALID,
    zh="终端的种类只有 locker、kiosk、vending 和 station。",
    en="A device is a locker, a kiosk, a vending machine (vending) or a station.",
)
CODE_OR_ALONE: Final = declare(
    "cli.edge-code-or-alone",
    Kind.INVALID,
    zh="请给出中心签发的登记码（--code），或者用 --alone 登记一台没有中心的机器。",
    en="Please give the code that the centre issued (--code), or --alone for a machine without one.",
)
NO_HARDWARE: Final = declare(
    "cli.edge-no-hardware",
    Kind.REFUSED,
    zh="这个版本没有真实的锁和读卡器驱动；只能在 LIANGMING_MODE=development 下加 --simulated 运行。",
    en="This version has no driver for real locks and readers; it runs with --simulated under "
    "LIANGMING_MODE=development only.",
)

NO_SPECIES: Final = declare(
    "cli.edge-attack-unknown",
    Kind.INVALID,
    zh="没有这种模拟的攻击；清单见 liangming edge evaluate --synthetic。",
    en="There is no such simulated attack; liangming edge evaluate --synthetic lists them.",
)

app = typer.Typer(
    help="终端：柜机、售货机和站点电脑。 / The device agent of lockers, machines and stations.",
    no_args_is_help=True,
)
models = typer.Typer(
    help="人脸模型：由您自己加入，项目里没有。 / Face models: you bring them; none is shipped.",
    no_args_is_help=True,
)
app.add_typer(models, name="models")
app.add_typer(cameras.app, name="camera")


def shelf() -> Shelf:
    """The models of this device, in the data folder.

    Raises:
        Misuse: the extra is not installed (``cli.edge-missing``).
    """
    try:
        from liangming.edge.models.shelf import Shelf
    except ImportError:
        raise Misuse(NO_EDGE) from None
    return Shelf(Settings.read().data / "models")


@models.command("list")
def list_models(
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine-readable")] = False,
) -> None:
    """已有的模型和可以加入的模型。 / What is there, and what can be added."""
    held = shelf()
    from liangming.edge.measure.intervals import share
    from liangming.edge.models.cards import KNOWN

    cards = held.cards()
    if as_json:
        print_json({"models": msgspec.to_builtins(cards)})
        return
    for card in cards:
        held.load(card)
        out.print(f"✓ {card.part:8} {card.name}  {card.licence}  {card.sha256[:16]}", markup=False)
        out.print(f"    {card.origin}", style="dim", markup=False)
        if card.threshold is not None:
            bound = card.threshold
            told = share(bound.false_matches, bound.pairs)
            words = f"阈值 threshold {bound.metric} {bound.at}, FMR {told}"
            out.print(f"    {words}", style="dim", markup=False)
        if card.trained_on:
            out.print(f"    训练数据 trained on: {card.trained_on}", style="dim", markup=False)
    missing = [card for card in KNOWN if card.sha256 not in {c.sha256 for c in cards}]
    for card in missing:
        out.print(f"· {card.part:8} {card.name}  {card.licence}  {card.origin}", markup=False)
    if missing:
        err.print("加入 add: liangming edge models add wheels", markup=False)


@models.command("add")
def add_model(
    what: Annotated[str, typer.Argument(help="wheels，或文件 / wheels, or a file")],
    card: Annotated[
        Path | None, typer.Option(help="模型卡（JSON） / model card of a file of your own")
    ] = None,
) -> None:
    """加入模型：wheels 从普通安装包取出，或加入自己的文件。 / Add models from wheels, or a file of yours."""
    held = shelf()
    from liangming.edge.models import wheels
    from liangming.edge.models.cards import Card

    if what == "wheels":
        added = wheels.add_all(
            held, lambda name: err.print(f"下载 fetching {name} …", markup=False)
        )
    else:
        path = Path(what)
        try:
            about = msgspec.json.decode(card.read_bytes(), type=Card) if card else None
            data = path.read_bytes() if about is not None or path.suffix == ".dat" else b""
        except (OSError, msgspec.DecodeError):
            raise Misuse(UNREADABLE, field="--card" if card else "FILE") from None
        if not path.is_file():
            raise Misuse(UNREADABLE, field="FILE")
        if about is None and path.suffix in {".whl", ".gz"}:
            added = wheels.unpack(path, held)
        else:
            added = (held.add(data or path.read_bytes(), about),)
    for one in added:
        out.print(f"✓ {one.part} {one.name} ({one.licence})", markup=False)


@app.command("evaluate")
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
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=err,
        transient=True,
        disable=not sys.stderr.isatty(),
    ) as bar:
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


@app.command("enrol")
def enrol(
    *,
    code: Annotated[
        str, typer.Option(help="liangming device invite 给出的登记码 / code of device invite")
    ] = "",
    centre: Annotated[
        str, typer.Option(help="中心的地址，默认为码中所写 / address, if not the code's")
    ] = "",
    remember_days: Annotated[
        int,
        typer.Option(min=0, max=366, help="本人要求时模板保存几天，0 为不提供 / 0: never"),
    ] = 0,
    least: Annotated[
        int, typer.Option(min=0, max=5, help="刷脸最低 pad_level / least pad_level")
    ] = 3,
    passphrase: Annotated[
        bool, typer.Option("--passphrase", help="用口令加密密钥文件 / encrypt the key's file")
    ] = False,
    alone: Annotated[
        str, typer.Option(help="没有中心时的终端编号 / id of a machine without a centre")
    ] = "",
    scene: Annotated[str, typer.Option(help="没有中心时的场景 / its scene")] = "",
    kind: Annotated[
        str, typer.Option(help="没有中心时的种类：locker、kiosk、vending、station / its kind")
    ] = "locker",
) -> None:
    """登记这台终端：生成密钥，凭一次性码到中心登记。 / Enrol this device: makes its key, comes with a code."""
    held = shelf()
    from liangming.edge.agent import enrolment as enrolling
    from liangming.method import pickup

    if bool(code) == bool(alone):
        raise Misuse(CODE_OR_ALONE, field="--code")
    if kind not in get_args(DeviceKind):
        raise Misuse(KIND_UNFIT, field="--kind")
    folder = Settings.read().data
    enrolling.must_be_new(folder)
    secret = typer.prompt("口令 passphrase", hide_input=True, err=True) if passphrase else ""
    try:
        staff = pickup.new_code()
        made = enrolling.fresh(
            alone or "new",
            scene or "new",
            kind,  # type: ignore[arg-type]
        )
        made = msgspec.structs.replace(
            made,
            centre=centre,
            least=least,
            remember_days=remember_days,
            key_kept_in="software-passphrase" if secret else "software",
        )
        made = msgspec.json.decode(msgspec.json.encode(made), type=enrolling.Enrolment)
    except msgspec.ValidationError:
        raise Misuse(ID_UNFIT, field="--alone") from None
    if code:
        from liangming.edge.agent.joining import begun, joined
        from liangming.edge.models.engine import attested

        made = begun(folder, made, code, passphrase=secret)
        made = _staffed(made, staff)
        made = joined(folder, made, code, models=attested(held), passphrase=secret)
        out.print(f"✓ {made.device} @ {made.scene}", markup=False)
    else:
        made = _staffed(made, staff)
        enrolling.enrol(folder, made, secret)
        out.print(f"✓ {made.device} @ {made.scene}，没有中心 without a centre", markup=False)
    err.print("密钥只在软件里，没有使用 TPM。 / The key is in software; no TPM is used.")
    err.print(f"工作人员码（只显示这一次） staff code, shown once: {staff}", markup=False)


def _staffed(made: Enrolment, staff: str) -> Enrolment:
    from liangming.method import pickup

    return msgspec.structs.replace(
        made, staff=pickup.digest(bytes.fromhex(made.secret), "staff", staff).hex()
    )


@app.command("run")
def run(
    *,
    port: Annotated[int, typer.Option(help="端口 / port on loopback", max=65_535)] = 8700,
    simulated: Annotated[
        bool,
        typer.Option("--simulated", help="模拟的锁、摄像头和读卡器 / no real lock, camera, reader"),
    ] = False,
    station: Annotated[
        bool,
        typer.Option(
            "--station", help="站点电脑：识读证件，收寄员核对 / a station: reads documents"
        ),
    ] = False,
    scanner: Annotated[
        str,
        typer.Option(
            help="站点电脑的扫描仪，名称见 scanimage -L / a station's scanner, by its name"
        ),
    ] = "",
    camera: Annotated[
        bool,
        typer.Option("--camera", help="用登记的摄像头和架上的模型 / the bound camera and models"),
    ] = False,
    lens: Annotated[
        str, typer.Option(help="模拟镜头前的攻击，如 print-cut-eyes / a simulated attack")
    ] = "",
    with_parent: Annotated[
        bool,
        typer.Option(
            "--with-parent",
            help="标准输入关闭时结束：随启动它的程序一起结束 / ends when its standard input does",
        ),
    ] = False,
) -> None:
    """运行这台终端的页面，只在本机可达。 / Run this machine's pages, on loopback only."""
    if with_parent:
        end_with_parent()
    held = shelf()
    settings = Settings.read()
    if station:
        from liangming.edge.station.run import serve_station

        serve_station(
            settings.data,
            port,
            say=lambda address: err.print(f"打开 open {address}   Ctrl-C 结束 stops", markup=False),
            allow_test_region=not settings.production,
            passphrase=asked(settings.data),
            scanner=scanner,
        )
        return
    if scanner:
        from liangming.edge.reading.codes import NO_SCANNER

        raise Misuse(NO_SCANNER, field="--station")
    from liangming.edge.agent.run import serve

    if not simulated or settings.production:
        raise Misuse(NO_HARDWARE, field="--simulated")
    secret, engine = asked(settings.data), None
    if camera:
        from liangming.edge.agent.enrolment import enrolled
        from liangming.edge.models.engine import engine_of

        engine = engine_of(held)
        if engine is None or enrolled(settings.data, secret).camera is None:
            raise Misuse(NOT_BOUND, field="--camera")
    serve(
        settings.data,
        port,
        passphrase=secret,
        engine=engine,
        attack=_attack(lens),
        say=lambda address: err.print(f"打开 open {address}   Ctrl-C 结束 stops", markup=False),
    )


def _attack(lens: str) -> str:
    from liangming.edge.synthetic.species import BY_NAME

    if lens and lens not in BY_NAME:
        raise Misuse(NO_SPECIES, field="--lens")
    return lens
