"""``liangming packet``: an inspection from its mandate to a file that is verified offline.

Exit status: 0 done, or it holds · 1 it does not hold · 2 the input or the call is wrong · 3 the
world failed · 130 stopped. ``verify`` and ``show`` need the file and the log's public key, nothing
else. ``register``, ``make`` and ``show --record`` leave evidence; they do so beside a running service,
which then carries it into the log.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from liangming.assembly import Settings, beside, evidence, reading_house
from liangming.check.integrate import Integrator
from liangming.check.premises import Premises, Record
from liangming.cli.bar import rising
from liangming.cli.given import (
    FILE_UNREADABLE,
    Keys,
    Quorum,
    Witnesses,
    read_file,
    trust_in,
    write_file,
)
from liangming.cli.packet_words import document, say_packet, say_verdict
from liangming.cli.passphrase import at_hand, passphrase
from liangming.cli.speech import err, out, print_json
from liangming.errors import Misuse
from liangming.inspection import (
    Inspected,
    Mandate,
    Plan,
    Role,
    Verdict,
    act,
    approved,
    commitment,
    decode_plan,
    encode_plan,
    make_packet,
    new_approver,
    new_secret,
    plan_packet,
    read_approver,
    read_mandate,
    verify_packet,
)
from liangming.inspection import register as register_mandate
from liangming.inspection.codes import SECRET_WRONG
from liangming.inspection.events import OPENED
from liangming.inspection.mandate import LARGEST as LARGEST_MANDATE
from liangming.inspection.packet import digest_of
from liangming.inspection.people import LARGEST_KEY
from liangming.inspection.plan import LARGEST as LARGEST_PLAN
from liangming.law import CORPUS
from liangming.storage import open_docket

DOES_NOT_HOLD = 1
_LARGEST_NOTE = 8192
_LARGEST_SECRET = 256

app = typer.Typer(
    help="检查包：任务、抽样、批准、制作、离线核验。 / An inspection's packet, verified offline.",
    no_args_is_help=True,
)
approvers = typer.Typer(help="批准人的钥匙。 / Keys of those who approve.", no_args_is_help=True)
app.add_typer(approvers, name="approver")

MandateFile = Annotated[Path, typer.Argument(metavar="MANDATE", help="检查任务文件 / the mandate")]
Out = Annotated[Path, typer.Option("--out", help="写到哪里 / where to write")]


@approvers.command("new")
def new(
    person: Annotated[str, typer.Option(help="短名或工号，小写 / a short name or badge number")],
    role: Annotated[Role, typer.Option(help="代表谁 / on whose behalf")],
    to: Out,
    locked: Annotated[
        bool | None,
        typer.Option(
            "--passphrase/--no-passphrase",
            help="给钥匙文件加口令；有终端可问时默认加 / put the key file under a passphrase;"
            " the default where there is somebody to ask",
        ),
    ] = None,
) -> None:
    """为一个人新建批准钥匙；打印写进检查任务的那一行。 / A new key; prints the line for the mandate."""
    approver = new_approver(person, role)
    wanted = at_hand() if locked is None else locked
    write_file(to, approver.encode(passphrase(new=True) if wanted else ""), secret=True)
    out.print(approver.key.verifying.encode(), markup=False)
    err.print("钥匙文件只归本人保管。 / The key file stays with its person.")
    if not wanted:
        err.print(
            "它没有口令：谁复制了它，谁就能代本人批准。"
            " / It has no passphrase: whoever copies it can approve in its person's name."
        )


@app.command("secret")
def secret(to: Out) -> None:
    """检查人员的随机数；打印写进检查任务的承诺。 / The inspector's secret; prints its commitment."""
    made = new_secret()
    write_file(to, f"{made.hex()}\n".encode(), secret=True)
    out.print(commitment(made), markup=False)
    err.print(
        "登记检查任务之前不要给任何人看。 / Show it to nobody before the mandate is registered."
    )


@app.command("register")
def register(mandate: MandateFile) -> None:
    """登记检查任务：成为一片叶子，之后不能扩大。 / Register a mandate; it becomes a leaf."""
    given = mandate_in(mandate)
    settings = Settings.read()

    async def run() -> bool:
        async with beside(settings) as house:
            return await _register(settings, house, given)

    fresh = asyncio.run(run())
    words = "已登记 registered" if fresh else "早已登记 registered before"
    out.print(f"{words}: {given.id}", markup=False)
    out.print(f"摘要 digest: {given.digest}", markup=False)


@app.command("plan")
def plan(
    mandate: MandateFile,
    secret: Annotated[Path, typer.Option(help="检查人员的随机数文件 / the inspector's secret")],
    to: Out,
) -> None:
    """清查、抽样，写出要批准的方案；不改动任何东西。 / Count and draw; the plan to approve."""
    given, settings = mandate_in(mandate), Settings.read()
    known = _secret(secret)
    trust = trust_in(None, None, 0)

    async def run() -> Plan:
        async with reading_house(settings, trust) as house:
            with rising() as bar:
                task = bar.add_task("清查 counting", total=None)
                return await plan_packet(
                    Inspected(house, open_docket(house.store)),
                    given,
                    known,
                    lambda done, total: bar.update(task, completed=done, total=total),
                )

    made = asyncio.run(run())
    write_file(to, encode_plan(made))
    say_packet(given, made)
    out.print(f"待批准 to approve: {made.digest}", markup=False)


@app.command("approve")
def approve(
    plan: Annotated[Path, typer.Argument(metavar="PLAN", help="方案文件 / the plan")],
    key: Annotated[Path, typer.Option("--as", help="自己的钥匙文件 / your own key file")],
    to: Out,
) -> None:
    """本人批准一个方案。 / Approve a plan, with your own key."""
    made = decode_plan(read_file(plan, LARGEST_PLAN))
    approver = read_approver(read_file(key, LARGEST_KEY), passphrase)
    write_file(to, approver.approve(made.digest))
    out.print(f"{approver.person} ({approver.role}) ✓ {made.digest}", markup=False)


@app.command("make")
def make(
    mandate: MandateFile,
    plan: Annotated[Path, typer.Option(help="经批准的方案 / the approved plan")],
    approval: Annotated[list[Path], typer.Option(help="批准文件，两份 / an approval; give two")],
    to: Out,
) -> None:
    """制作检查包：须两人批准；同样的方案得到同样的文件。 / Make the packet; needs two approvals."""
    given, settings = mandate_in(mandate), Settings.read()
    made = decode_plan(read_file(plan, LARGEST_PLAN))
    notes = tuple(read_file(note, _LARGEST_NOTE) for note in approval)
    eyes = approved(given, made, notes)

    async def run() -> str:
        async with beside(settings) as house:
            with evidence(settings, house) as record, rising() as bar:
                task = bar.add_task("制作 making", total=None)
                known = replace(house, record=Record(record.tiles, record.trust))
                inspected = Inspected(known, open_docket(house.store))
                return await make_packet(
                    inspected,
                    given,
                    eyes,
                    to,
                    lambda done, total: bar.update(task, completed=done, total=total),
                )

    digest = asyncio.run(run())
    out.print(f"{to}", markup=False)
    out.print(f"SHA-256 {digest}", markup=False)


@app.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="检查包 / a packet")],
    key: Keys = None,
    witness: Witnesses = None,
    quorum: Quorum = 0,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine-readable")] = False,
) -> None:
    """离线逐点核验检查包。 / Verify a packet offline, point by point."""
    verdict = _verdict(file, key, witness, quorum)
    if as_json:
        print_json(document(verdict))
    else:
        say_verdict(verdict)
    raise typer.Exit(0 if verdict.holds else DOES_NOT_HOLD)


@app.command("show")
def show(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="检查包 / a packet")],
    key: Keys = None,
    check: Annotated[str, typer.Option(help="只看一次查验 / only this check")] = "",
    record: Annotated[
        bool,
        typer.Option("--record", help="在本系统存证中留下“查看”记录 / leave evidence of it here"),
    ] = False,
) -> None:
    """核验后查看检查包里的查验。 / Look at the checks of a packet, verified first."""
    verdict = _verdict(file, key, None, 0)
    if not verdict.holds:
        say_verdict(verdict)
        raise typer.Exit(DOES_NOT_HOLD)
    assert verdict.mandate is not None  # noqa: S101  (it holds)
    assert verdict.plan is not None  # noqa: S101
    if record:
        settings, given, digest = Settings.read(), verdict.mandate, digest_of(file)

        async def run() -> None:
            async with beside(settings) as house:
                inspected = Inspected(house, open_docket(house.store))
                await act(inspected, given, OPENED, {"packet": digest}, repeats=True)

        asyncio.run(run())
        err.print("已留下查看记录。 / This look was recorded.")
    say_packet(verdict.mandate, verdict.plan, verdict, only=check)


async def _register(settings: Settings, house: Premises, mandate: Mandate) -> bool:
    """Register, and carry the leaf into the log where no other process does that."""
    with rising() as bar:
        task = bar.add_task("清点 counting", total=None)
        done = await register_mandate(
            Inspected(house, open_docket(house.store)),
            mandate,
            lambda done, total: bar.update(task, completed=done, total=total),
        )
    with evidence(settings, house) as record:
        if record.turn():
            carrier = Integrator(
                house.store, record.log, house.clock, tiles=record.tiles, known=record.known
            )
            while await carrier.round():
                pass
    return done


def mandate_in(path: Path) -> Mandate:
    """The mandate in a file, as the authority wrote it."""
    return read_mandate(read_file(path, LARGEST_MANDATE), CORPUS.articles)


def _secret(path: Path) -> bytes:
    try:
        return bytes.fromhex(read_file(path, _LARGEST_SECRET).decode("ascii").strip())
    except ValueError:
        raise Misuse(SECRET_WRONG, field="--secret") from None


def _verdict(
    file: Path, keys: list[str] | None, witnesses: list[str] | None, quorum: int
) -> Verdict:
    trust = trust_in(keys, witnesses, quorum)
    if not file.is_file():
        raise Misuse(FILE_UNREADABLE, field="FILE")
    with rising() as bar:
        task = bar.add_task("核验 verifying", total=None)
        return verify_packet(
            file, trust, lambda done, total: bar.update(task, completed=done, total=total)
        )
