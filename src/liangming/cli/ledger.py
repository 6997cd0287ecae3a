"""``liangming ledger``: prove, verify and watch the log, with or without the house that keeps it.

Exit status: 0 it holds · 1 it does not · 2 the input cannot be read · 3 the world failed · 130
stopped. ``verify``, ``fsck`` and ``watch`` need the verifier key and files, nothing else.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Final

import msgspec
import typer

from liangming import ids
from liangming.assembly import Settings, load_keys, log_files, reading
from liangming.check.log_key import log_key
from liangming.check.proofs import open_proof, proofs_of
from liangming.cli.bar import rising
from liangming.cli.speech import out, print_json, say_error
from liangming.clock import SystemClock, from_micros, rfc3339
from liangming.errors import Kind, LiangmingError, Misuse, Outage, Refusal, declare
from liangming.ledger import (
    FileTiles,
    KeyKind,
    TileStore,
    Trust,
    VerifyingKey,
    event_kinds,
    fsck,
    read_verifying_key,
    watch,
)
from liangming.ledger.codes import KEY_MALFORMED
from liangming.ledger.head import read_head_text
from liangming.ledger.leaf import FactValue
from liangming.ledger.note import read_note
from liangming.ledger.policy import read_policy
from liangming.vault import Vault

KEY_NEEDED = declare(
    "cli.log-key-needed",
    Kind.ABSENT,
    zh="这里没有密钥文件，请用 --key 给出存证的验证钥匙（liangming ledger key 可打印）。",
    en="There is no key file here; give the log's verifier key with --key "
    "(liangming ledger key prints it).",
)
NO_FILE = declare(
    "cli.log-file-unreadable",
    Kind.ABSENT,
    zh="无法读取这个存证文件或目录，也可能太大。",
    en="This file or folder of a log cannot be read, or is too large.",
)
NO_FOLDER = declare(
    "cli.log-folder-unwritable",
    Kind.INVALID,
    zh="证明写不进这个目录，请换一个。",
    en="The proofs cannot be written to this folder; please choose another.",
)

LARGEST: Final = 1 << 20  # bytes of a proof or checkpoint
DOES_NOT_HOLD: Final = 1

app = typer.Typer(
    help="存证：证明、核验、对比。 / The log: prove, verify, watch.", no_args_is_help=True
)

Key = Annotated[
    str,
    typer.Option("--key", help="验证钥匙或存有它的文件 / verifier key, or a file that holds it"),
]
Rules = Annotated[
    Path | None,
    typer.Option("--policy", help="见证规则文件 / a policy of witnesses (c2sp.org/tlog-policy)"),
]
Folder = Annotated[
    Path | None, typer.Option("--log", help="存证目录 / the log's folder; default: our own")
]


@app.command("key")
def key() -> None:
    """打印存证的验证钥匙。 / Print the log's verifier key."""
    out.print(_own_trust(Settings.read()).log_keys[0].encode(), markup=False)


@app.command("fsck")
def check_all(log: Folder = None, key: Key = "", policy: Rules = None) -> None:
    """逐字节核验整本存证。 / Verify every stored byte of a log."""
    tiles, trust = _tiles(log), _trust(key, policy)
    with rising() as bar:
        task = bar.add_task("核验 verifying", total=None)
        try:
            checkpoint = fsck(
                tiles,
                trust,
                progress=lambda done, total: bar.update(task, completed=done, total=total),
            )
        except LiangmingError as failure:
            raise _no(failure) from None
    size = checkpoint.head.size
    out.print(f"完好 sound: {trust.origin}，{size} 条 leaves", markup=False)
    out.print(f"根 root: {checkpoint.head.root.hex()}", markup=False)


@app.command("watch")
def compare(
    old: Annotated[Path, typer.Argument(help="以前存下的 checkpoint / a checkpoint kept before")],
    log: Folder = None,
    key: Key = "",
    policy: Rules = None,
) -> None:
    """与以前存下的签名对比。 / Compare with a head kept before."""
    tiles, trust = _tiles(log), _trust(key, policy)
    data = _read(old)
    read_head_text(read_note(data).text)  # a file that is no checkpoint is wrong input, not a no
    try:
        seen = watch(tiles, trust, data)
    except LiangmingError as failure:
        raise _no(failure) from None
    out.print(
        f"一致 consistent: {seen.old.size} → {seen.new.size}，旧的全部原样保留 all of the old is kept",
        markup=False,
    )


@app.command("verify")
def verify(
    file: Annotated[Path, typer.Argument(help="证明文件 / a .tlog-proof file")],
    key: Key = "",
    policy: Rules = None,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine-readable")] = False,
) -> None:
    """离线核验一份证明。 / Verify a proof, offline."""
    trust = _trust(key, policy)
    try:
        proven = open_proof(_read(file), trust)
    except Refusal as failure:
        raise _no(failure) from None
    if as_json:
        head = {"origin": trust.origin, "size": proven.checkpoint.head.size}
        print_json({**head, "index": proven.index, "facts": msgspec.to_builtins(proven.facts)})
        return
    out.print(
        f"属实 proven: {trust.origin} 第 {proven.index} 条，共 {proven.checkpoint.head.size} 条"
        f" leaf {proven.index} of {proven.checkpoint.head.size}",
        markup=False,
    )
    if not proven.facts:
        out.print("  内容未公开，或钥匙已销毁 nothing is opened, or its key was destroyed")
    told = {kind.tag: kind for kind in event_kinds()}
    for name, value in proven.facts.items():
        out.print(f"  {name} = {_spoken(name, value)}", markup=False)
    if (kind := told.get(str(proven.facts.get("tag")))) is not None:
        out.print(f"  {kind.zh} / {kind.en}", markup=False)


@app.command("prove")
def prove(
    check: Annotated[str, typer.Argument(help="查验编号 / check id")],
    to: Annotated[Path, typer.Option(help="写到哪个目录 / folder to write to")] = Path(),
    closed: Annotated[
        bool, typer.Option("--closed", help="不公开内容 / open no field of the leaves")
    ] = False,
) -> None:
    """为一次查验的每个事件写一份证明。 / Write a proof for each event of a check."""
    settings = Settings.read()
    trust, tiles = _own_trust(settings), log_files(settings)
    vault = None if closed else Vault(load_keys(settings, SystemClock()).keys)

    async def run() -> list[bytes]:
        async with reading(settings) as store:
            return await proofs_of(store, tiles, trust, check, vault=vault)

    try:
        proofs = asyncio.run(run())
    except Refusal as failure:
        raise _no(failure) from None
    stem = check if ids.is_id(ids.CHECK, check) else "check"
    try:
        to.mkdir(parents=True, exist_ok=True)
        for number, proof in enumerate(proofs):
            place = to / f"{stem}-{number}.tlog-proof"
            place.write_bytes(proof)
            out.print(f"{place}", markup=False)
    except OSError:
        raise Misuse(NO_FOLDER, field="--to") from None


def _no(failure: LiangmingError) -> Exception:
    """What was asked does not hold: say why, status 1. An outage says nothing about it."""
    if isinstance(failure, Outage):
        return failure
    say_error(failure)
    return typer.Exit(DOES_NOT_HOLD)


def _own_trust(settings: Settings) -> Trust:
    if not settings.keys.is_file():
        raise Misuse(KEY_NEEDED, field="--key")
    seed = load_keys(settings, SystemClock()).keys.signing
    origin = settings.log_origin
    return Trust(origin, (log_key(seed, origin).verifying,))


def _trust(key: str, policy: Path | None = None) -> Trust:
    """Trust in the key given, in a line or a file; otherwise in our own log's.

    With a policy, its witnesses and quorum count as well; a policy with one log needs no key.
    """
    if policy is None:
        return _keys_trust(key)
    read = read_policy(_read(policy))
    if not key and len(read.logs) == 1:
        return read.trust(read.logs[0].name)
    known = _keys_trust(key)
    return read.trust(known.origin, known.log_keys)


def _keys_trust(key: str) -> Trust:
    if not key:
        return _own_trust(Settings.read())
    keys = log_keys_from(key, field="--key")
    return Trust(keys[0].name, keys)  # a log's key has its origin as name


def log_key_from(key: str, *, field: str = "--log") -> VerifyingKey:
    """A log's verifier key, given in a line or in a file; the first where there are several.

    Raises:
        Misuse: ``ledger.key-malformed``, ``cli.log-file-unreadable``.
    """
    return log_keys_from(key, field=field)[0]


def log_keys_from(key: str, *, field: str = "--log") -> tuple[VerifyingKey, ...]:
    """The verifier keys of one log: a line, or a file with a line for each (after a rotation).

    Raises:
        Misuse: ``ledger.key-malformed``, ``cli.log-file-unreadable``.
    """
    given = key if "+" in key else _read(Path(key)).decode("utf-8", "replace")
    keys = tuple(map(read_verifying_key, given.split()))
    one_log = len({each.name for each in keys}) == 1
    if not one_log or any(each.kind is not KeyKind.LOG_ED25519 for each in keys):
        raise Misuse(KEY_MALFORMED, field=field)
    return keys


def _tiles(folder: Path | None) -> TileStore:
    tiles = log_files(Settings.read()) if folder is None else FileTiles(folder)
    if isinstance(tiles, FileTiles) and not tiles.root.is_dir():
        raise Misuse(NO_FILE, field="--log")
    return tiles


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError):
        raise Misuse(NO_FILE, field="FILE") from None
    if len(data) > LARGEST:
        raise Misuse(NO_FILE, field="FILE")
    return data


def _spoken(name: str, value: FactValue) -> str:
    if name == "at" and isinstance(value, int):
        return rfc3339(from_micros(value))
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)
