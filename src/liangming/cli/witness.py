"""``liangming ledger witness``: watch other people's logs and cosign what is consistent.

A process of its own, with a key and a memory of its own: it opens neither the house's database nor
its key file. Its memory is what makes it worth believing, so it is durable before every answer, and
a witness whose memory is gone does not start.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Final

import typer

from liangming.api.witness_door import WitnessDoor
from liangming.assembly import FOLDER_UNFIT, Settings
from liangming.check.log_key import witness_keys
from liangming.cli.ledger import log_key_from
from liangming.cli.serve import listen, obeyed
from liangming.cli.speech import err, out
from liangming.clock import SystemClock
from liangming.errors import Misuse, Refusal
from liangming.ledger import SigningKey, SqliteHeads, Trust, VerifyingKey, WitnessDesk
from liangming.ledger.codes import KEY_MALFORMED, WITNESS_MEMORY_LOST
from liangming.ledger.head import read_head_text
from liangming.ledger.note import read_note
from liangming.vault import BACKUP_NOTICE, KeyFile

KEYS: Final = "witness-keys.json"
MEMORY: Final = "witness-heads.sqlite3"


def witness(
    name: Annotated[str, typer.Option(help="见证人的名字 / the witness's name, e.g. w.example/1")],
    log: Annotated[
        list[str],
        typer.Option(help="要见证的存证的验证钥匙或其文件，可多次 / a log's verifier key"),
    ],
    data: Annotated[Path | None, typer.Option(help="数据目录 / data folder")] = None,
    host: Annotated[str, typer.Option(help="监听地址 / address")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="监听端口 / port", min=0, max=65_535)] = 8602,
) -> None:
    """为别人的存证作证（单独进程）。 / Witness other people's logs."""
    folder = data or Settings.read().data / "witness"
    keys, heads = _open(folder, name)
    logs = _logs([log_key_from(each) for each in log])
    desk = WitnessDesk(keys=keys, logs=logs, heads=heads)
    clock = SystemClock()
    try:
        asyncio.run(
            _serve(
                WitnessDoor(desk, lambda: _about(name, keys, logs, heads), clock.now),
                name,
                keys,
                host,
                port,
            )
        )
    finally:
        heads.close()


def _open(folder: Path, name: str) -> tuple[tuple[SigningKey, ...], SqliteHeads]:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        raise Misuse(FOLDER_UNFIT, field="--data") from None
    memory = folder / MEMORY
    remembers = memory.is_file()
    loaded = KeyFile(folder / KEYS, buckets=1).load(SystemClock().now())
    if not loaded.created and not remembers:
        raise Refusal(WITNESS_MEMORY_LOST)
    heads = SqliteHeads(memory)
    if loaded.created:
        err.print(BACKUP_NOTICE["zh"], style="bold yellow", markup=False)
        err.print(BACKUP_NOTICE["en"], style="yellow", markup=False)
    return witness_keys(loaded.keys.signing, name), heads


def _logs(keys: list[VerifyingKey]) -> Mapping[str, Trust]:
    """A log may have several keys while they rotate."""
    logs: dict[str, Trust] = {}
    for key in keys:
        held = logs.get(key.name)
        logs[key.name] = Trust(key.name, (*(held.log_keys if held else ()), key))
    if not logs:
        raise Misuse(KEY_MALFORMED, field="--log")
    return logs


def _about(
    name: str, keys: tuple[SigningKey, ...], logs: Mapping[str, Trust], heads: SqliteHeads
) -> str:
    lines = [f"见证人 witness {name}", ""]
    lines += [key.verifying.encode() for key in keys]
    lines.append("")
    for origin in logs:
        held = heads.load(origin)
        size = read_head_text(read_note(held.checkpoint).text)[1].size if held else 0
        lines.append(f"{origin} {size}")
    return "\n".join([*lines, ""])


async def _serve(
    door: WitnessDoor, name: str, keys: tuple[SigningKey, ...], host: str, port: int
) -> None:
    import uvicorn

    listening = listen(host, port)
    address = f"http://{host}:{listening.getsockname()[1]}/"
    for number, key in enumerate(keys, 1):  # as the log's operator puts them into a policy
        out.print(f"witness {name}#{number} {key.verifying.encode()} {address}", markup=False)
    config = uvicorn.Config(
        door,
        lifespan="off",
        access_log=False,
        server_header=False,
        timeout_keep_alive=60,
        timeout_graceful_shutdown=10,
        log_level="warning",
    )
    server = uvicorn.Server(config)
    with obeyed():
        serving = asyncio.create_task(server.serve([listening]))
        while not server.started and not serving.done():  # noqa: ASYNC110
            await asyncio.sleep(0.02)  # the server offers no event to wait for
        if server.started:
            err.print(f"亮明 {address}", style="bold", markup=False)
        await serving
