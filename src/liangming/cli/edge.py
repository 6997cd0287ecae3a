"""``liangming edge``: the device agent and its models."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, get_args

import msgspec
import typer

from liangming.assembly import Settings
from liangming.cli import camera as cameras
from liangming.cli.camera import NOT_BOUND, asked
from liangming.cli.parent import end_with_parent
from liangming.cli.speech import err, out, print_json
from liangming.device.invite import Kind as DeviceKind
from liangming.errors import Kind, Misuse, declare

if TYPE_CHECKING:
    from liangming.edge.agent.enrolment import Enrolment
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
        int, typer.Option(min=3, max=5, help="刷脸最低 pad_level / least pad_level")
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
    light_lag: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=500,
            help="屏幕光多少毫秒后进入登记的摄像头，见 /state / this screen's light in the bound camera, ms",
        ),
    ] = None,
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
        lag=None if light_lag is None else light_lag / 1000,
        say=lambda address: err.print(f"打开 open {address}   Ctrl-C 结束 stops", markup=False),
    )


def _attack(lens: str) -> str:
    from liangming.edge.synthetic.species import BY_NAME

    if lens and lens not in BY_NAME:
        raise Misuse(NO_SPECIES, field="--lens")
    return lens
