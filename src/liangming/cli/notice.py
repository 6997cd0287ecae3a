"""``liangming notice``: versions of notices, drafted with one key and approved with another.

Also beside a running service, which reads what was approved within half a minute. The keys are those that
approve packets (``liangming packet approver new``): one file for each person.
"""

from __future__ import annotations

import asyncio
import hashlib
import tomllib
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Final, TypeVar

import typer

from liangming.assembly import Settings, beside, rights_desk
from liangming.cli.given import read_file
from liangming.cli.passphrase import passphrase
from liangming.cli.speech import err, out, print_json
from liangming.errors import Kind, Misuse, declare
from liangming.governance import notices
from liangming.governance.notices.states import Approved, tag
from liangming.inspection.people import LARGEST_KEY, Approver, read_approver
from liangming.notice import Change
from liangming.rights import RightsDesk

T = TypeVar("T")
LARGEST: Final = 64 * 1024
WORDING_UNREADABLE: Final = declare(
    "cli.wording-unreadable",
    Kind.MALFORMED,
    zh="告知文本读不出：写成 TOML，[zh] 和 [en] 两节，各八项文字。",
    en="The wording cannot be read: TOML with the sections [zh] and [en], eight sentences each.",
)
DAY_UNFIT: Final = declare(
    "cli.day-unfit",
    Kind.INVALID,
    zh="日期写成 YYYY-MM-DD。",
    en="Write the day as YYYY-MM-DD.",
)
app = typer.Typer(
    help="告知版本：一人起草，一人批准，从某天起生效。 / Versions of notices.", no_args_is_help=True
)
Key = Annotated[Path, typer.Option("--as", help="自己的钥匙文件 / your own key file")]


@app.command("list")
def list_(
    *,
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine-readable")] = False,
) -> None:
    """全部版本：起草、批准、生效日。 / Every version with its day."""
    states = _at_desk(notices.listed)
    if as_json:
        print_json(
            [
                {
                    "id": state.id,
                    "state": tag(state),
                    "operator": state.operator,
                    "version": f"{state.wording.family}@{state.wording.version}",
                    "digest": state.digest,
                    "change": state.change.value,
                    "since": state.since.isoformat(),
                    "by": state.by,
                    "approved_by": state.approved_by if isinstance(state, Approved) else None,
                }
                for state in states
            ]
        )
        return
    if not states:
        err.print("没有。 / None.")
    for state in states:
        who = state.by + (f" + {state.approved_by}" if isinstance(state, Approved) else "")
        out.print(
            f"{state.id}  {state.operator}  {state.wording.family}@{state.wording.version}"
            f"  {tag(state)}  {state.since}  {state.change.value}  {who}",
            markup=False,
        )


@app.command("draft")
def draft(  # noqa: PLR0917  (typer reads the signature)
    operator: Annotated[str, typer.Argument(help="企业 / operator")],
    family: Annotated[str, typer.Argument(help="哪种告知 / which notice, e.g. face")],
    since: Annotated[
        str, typer.Option(help="生效日，最早明天 / first day, tomorrow at the earliest")
    ],
    key: Key,
    change: Annotated[Change, typer.Option(help="改了什么 / what it changes")] = Change.FIRST,
    wording: Annotated[
        Path | None,
        typer.Option(
            help="文本文件（TOML）；不写则用本版本附带的 / the sentences; default: the release's"
        ),
    ] = None,
) -> None:
    """起草一个版本，等另一个人批准。 / Draft a version, for another person to approve."""
    try:
        day = date.fromisoformat(since)
    except ValueError:
        raise Misuse(DAY_UNFIT, field="--since") from None
    who, mark = _person(key)
    texts = None if wording is None else _texts(wording)

    async def run(desk: RightsDesk) -> str:
        if texts is None:
            made = await notices.draft_release(
                desk, operator=operator, family=family, change=change, since=day,
                by=who.person, key=mark,
            )  # fmt: skip
        else:
            made = await notices.draft(
                desk, operator=operator, family=family, change=change, since=day,
                zh=texts["zh"], en=texts["en"], by=who.person, key=mark,
            )  # fmt: skip
        return made.id

    out.print(_at_desk(run), markup=False)


@app.command("approve")
def approve(
    number: Annotated[str, typer.Argument(help="版本编号 / number of the version")], key: Key
) -> None:
    """第二个人批准。 / The second person's approval."""
    who, mark = _person(key)
    made = _at_desk(lambda desk: notices.approve(desk, number, by=who.person, key=mark))
    err.print(
        f"{made.wording.family}@{made.wording.version} 自 from {made.since} 生效 in force",
        markup=False,
    )


@app.command("decline")
def decline(
    number: Annotated[str, typer.Argument(help="版本编号 / number of the version")], key: Key
) -> None:
    """不予批准，或起草人收回。 / Do not approve it, or take it back."""
    who, _ = _person(key)
    _at_desk(lambda desk: notices.decline(desk, number, by=who.person))
    err.print("没有批准。 / Not approved.", markup=False)


def _person(key: Path) -> tuple[Approver, str]:
    """Whose key it is, and its fingerprint: two people, two keys."""
    who = read_approver(read_file(key, LARGEST_KEY), passphrase)
    return who, hashlib.sha256(who.key.verifying.encode().encode()).hexdigest()[:32]


def _texts(file: Path) -> dict[str, dict[str, str]]:
    try:
        body = tomllib.loads(read_file(file, LARGEST).decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise Misuse(WORDING_UNREADABLE, field="--wording") from None
    sides = [body.get(side) for side in ("zh", "en")]
    if not all(
        isinstance(side, dict) and all(isinstance(text, str) for text in side.values())
        for side in sides
    ):
        raise Misuse(WORDING_UNREADABLE, field="--wording")
    return {side: dict(body[side]) for side in ("zh", "en")}


def _at_desk(use: Callable[[RightsDesk], Awaitable[T]]) -> T:
    settings = Settings.read()

    async def run() -> T:
        async with beside(settings) as house:
            return await use(rights_desk(settings, house))

    return asyncio.run(run())
