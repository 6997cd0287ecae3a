"""``liangming receipt``: make a person's receipt, and verify one with nothing but a key.

Exit status: 0 it holds · 1 it does not · 2 the input cannot be read · 3 the world failed.
``verify`` needs the file and the log's public key: no server, no database, no network.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from liangming.assembly import Settings, reading_house
from liangming.check.receipt import (
    LARGEST,
    SUFFIX,
    Camera,
    Part,
    ProvenReceipt,
    Receipt,
    check_of,
    code_of,
    encode_receipt,
    make_receipt,
    read_receipt,
    tlog_proofs,
    verify_receipt,
)
from liangming.cli.given import Keys, Quorum, Witnesses, read_file, trust_in, write_file
from liangming.cli.speech import out, print_json, say_error
from liangming.clock import from_micros, rfc3339
from liangming.errors import Refusal
from liangming.ids import RECEIPT, is_id
from liangming.ledger import event_kinds
from liangming.ledger.leaf import FactValue

DOES_NOT_HOLD = 1

app = typer.Typer(
    help="回执：制作、离线核验。 / The person's receipt: make it, verify it offline.",
    no_args_is_help=True,
)
_CAMERA = {
    Camera.NO_DEVICE: (
        "打开这次查验时，这里没有登记带摄像头的终端；没有登记的摄像头，存证无从得知。"
        " / No device with a camera was enrolled here when the check was opened;"
        " of a camera that nobody enrolled the log knows nothing."
    ),
    Camera.NONE_TAKEN: (
        "这里每台带摄像头的终端都签名说明：这次查验期间没有取过一帧画面。"
        " / Every device with a camera here signed that it took no frame during this check."
    ),
    Camera.COUNTED: (
        "终端签名：这次查验期间取了 {taken} 帧，保留 {kept} 帧。"
        " / The device signed: {taken} frames taken during this check, {kept} kept."
    ),
    Camera.NOT_COUNTED: (
        "这里登记有带摄像头的终端；本回执没有它签名的计数，是否拍摄不作断言。"
        " / A device with a camera was enrolled here; this receipt holds no count it signed, so nothing is claimed."
    ),
    Camera.UNKNOWN: (
        "这次查验没有记录摄像头终端。 / This check did not record devices with cameras."
    ),
}


@app.command("make")
def make(
    check: Annotated[str, typer.Argument(help="查验编号或回执编码 / check id or receipt code")],
    to: Annotated[Path, typer.Option(help="写到哪个目录 / folder to write to")] = Path(),
    consent: Annotated[
        bool, typer.Option("--consent", help="只要刷脸同意的部分 / only the consent to a face")
    ] = False,
    proofs: Annotated[
        bool, typer.Option("--proofs", help="另写每个事件的 .tlog-proof / also one file an event")
    ] = False,
) -> None:
    """为一次查验写一份回执文件。 / Write the receipt file of a check."""
    settings = Settings.read()
    trust = trust_in(None, None, 0)

    async def run() -> tuple[Receipt, str]:
        async with reading_house(settings, trust) as house:
            token = house.keys.token
            which = check_of(token, check) if is_id(RECEIPT, check) else check
            receipt = await make_receipt(house, which, Part.CONSENT if consent else Part.CHECK)
            return receipt, code_of(token, which)

    receipt, code = asyncio.run(run())
    stem = f"{code}-consent" if consent else code
    files = {f"{stem}{SUFFIX}": encode_receipt(receipt)}
    if proofs:
        files |= {f"{stem}-{n}.tlog-proof": data for n, data in enumerate(tlog_proofs(receipt))}
    for name, data in files.items():
        write_file(to / name, data)
        out.print(f"{to / name}", markup=False)


@app.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(help="回执文件 / a receipt file")],
    key: Keys = None,
    witness: Witnesses = None,
    quorum: Quorum = 0,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine-readable")] = False,
) -> None:
    """离线核验一份回执，并说出它证明了什么。 / Verify a receipt offline; say what it proves."""
    trust = trust_in(key, witness, quorum)
    try:
        proven = verify_receipt(read_receipt(read_file(file, LARGEST)), trust)
    except Refusal as failure:
        say_error(failure)
        raise typer.Exit(DOES_NOT_HOLD) from None
    if as_json:
        print_json(_document(proven))
        return
    _say(proven)


def _say(proven: ProvenReceipt) -> None:
    head = proven.checkpoint
    out.print(
        f"属实 proven: {head.origin}，{head.head.size} 条 leaves，{len(proven.events)} 个事件 events",
        markup=False,
    )
    if head.cosigned_at:
        out.print(f"见证人 witnesses: {', '.join(head.cosigned_at)}", markup=False)
    told = {kind.tag: kind for kind in event_kinds()}
    for event in proven.events:
        kind = told.get(event.tag)
        words = f"{kind.zh} / {kind.en}" if kind is not None else event.tag
        out.print(f"\n{rfc3339(from_micros(event.at))}  {words}", markup=False)
        for name, value in event.facts.items():
            out.print(f"  {name} = {_spoken(name, value)}", markup=False)
    seen = proven.camera
    words = _CAMERA[seen.camera].format(taken=seen.taken, kept=seen.kept)
    out.print(f"\n{words}", markup=False)
    for notice in proven.notices.values():
        out.print(f"\n告知 notice {notice.version}", markup=False)
        for item in notice.items:
            out.print(f"  {item.zh}\n  {item.en}", markup=False)
    if not proven.finished:
        out.print("\n这次查验当时还没有结果。 / This check had no outcome yet.")


def _document(proven: ProvenReceipt) -> dict[str, Any]:
    head = proven.checkpoint
    document: dict[str, Any] = msgspec.to_builtins(
        {
            "holds": True,
            "check": proven.check,
            "part": proven.part,
            "origin": head.origin,
            "size": head.head.size,
            "signed_by": head.signed_by,
            "cosigned_at": dict(head.cosigned_at),
            "finished": proven.finished,
            "camera": proven.camera,
            "events": [
                {
                    "index": event.index,
                    "tag": event.tag,
                    "at": rfc3339(from_micros(event.at)),
                    "facts": dict(event.facts),
                }
                for event in proven.events
            ],
            "notices": dict(proven.notices),
        }
    )
    return document


def _spoken(name: str, value: FactValue) -> str:
    if name == "keep_until" and isinstance(value, int):
        return rfc3339(from_micros(value))
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)
