"""What a verifier is given: files, and keys to trust. Needs no house."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final

import typer

from liangming.assembly import Settings, load_keys
from liangming.check.log_key import log_key
from liangming.cli.ledger import KEY_NEEDED
from liangming.clock import SystemClock
from liangming.errors import Kind, Misuse, declare
from liangming.ledger import KeyKind, Trust, VerifyingKey, read_verifying_key
from liangming.ledger.codes import KEY_MALFORMED

FILE_UNREADABLE = declare(
    "cli.evidence-file-unreadable",
    Kind.ABSENT,
    zh="无法读取这个文件，也可能太大。",
    en="This file cannot be read, or is too large.",
)
FILE_UNWRITABLE = declare(
    "cli.evidence-file-unwritable",
    Kind.INVALID,
    zh="文件写不到这里，请检查路径、权限和磁盘空间；原有文件没有改动。",
    en="The file cannot be written here; please check path, rights and disk space. "
    "A file that was there is unchanged.",
)

LARGEST_KEY: Final = 8192

Keys = Annotated[
    list[str] | None,
    typer.Option(
        "--key",
        help="存证的验证钥匙或存有它的文件，换过钥匙可给多把 / the log's verifier key, or a file; "
        "repeat after a rotation",
    ),
]
Witnesses = Annotated[
    list[str] | None,
    typer.Option("--witness", help="见证人的验证钥匙或文件 / a witness's verifier key, or a file"),
]
Quorum = Annotated[
    int,
    typer.Option(
        "--quorum", min=0, help="至少几位见证人签过 / how many witnesses must have signed"
    ),
]


def trust_in(keys: list[str] | None, witnesses: list[str] | None, quorum: int) -> Trust:
    """Trust in the keys given; without one, in our own log's.

    Raises:
        Misuse: ``ledger.key-malformed``, ``cli.log-key-needed``.
    """
    cosigners = tuple(_key(text, "--witness") for text in witnesses or ())
    log_keys = tuple(_key(text, "--key") for text in keys or ()) or (_own_key(),)
    names = {key.name for key in log_keys}
    if len(names) > 1 or any(key.kind is not KeyKind.LOG_ED25519 for key in log_keys):
        raise Misuse(KEY_MALFORMED, field="--key")
    return Trust(names.pop(), log_keys, cosigners, quorum)


def read_file(path: Path, most: int) -> bytes:
    """A file of at most so many bytes.

    Raises:
        Misuse: ``cli.evidence-file-unreadable``.
    """
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except (OSError, ValueError):
        raise Misuse(FILE_UNREADABLE, field=path.name) from None
    if len(data) > most:
        raise Misuse(FILE_UNREADABLE, field=path.name)
    return data


def write_file(path: Path, data: bytes, *, secret: bool = False) -> None:
    """Write a file whole or not at all.

    Raises:
        Misuse: ``cli.evidence-file-unwritable``.
    """
    aside = path.with_name(f".{path.name}.part")
    try:
        aside.unlink(missing_ok=True)
        aside.touch(mode=0o600 if secret else 0o644)
        aside.write_bytes(data)
        aside.replace(path)
    except OSError:
        raise Misuse(FILE_UNWRITABLE, field=path.name) from None
    finally:
        with suppress(OSError):  # its folder may not be there, either
            aside.unlink(missing_ok=True)


def _key(text: str, option: str) -> VerifyingKey:
    given = text if "+" in text else read_file(Path(text), LARGEST_KEY).decode("utf-8", "replace")
    try:
        return read_verifying_key(given.strip())
    except Misuse:
        raise Misuse(KEY_MALFORMED, field=option) from None


def _own_key() -> VerifyingKey:
    settings = Settings.read()
    if not settings.keys.is_file():
        raise Misuse(KEY_NEEDED, field="--key")
    seed = load_keys(settings, SystemClock()).keys.signing
    return log_key(seed, settings.log_origin).verifying
