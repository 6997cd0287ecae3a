"""``liangming rights``: what people asked, and what staff do about it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Final, TypeVar

import typer

from liangming.assembly import Settings, load_keys, premises, rights_desk
from liangming.cli.speech import cited, err, out, print_json
from liangming.clock import SystemClock, rfc3339
from liangming.docket.clocks import end_of
from liangming.errors import Kind, Misuse, declare
from liangming.ledger import SigningKey, VerifyingKey, read_verifying_key
from liangming.rights import RightsDesk, carry_out, faults, handle
from liangming.rights import holds as holding
from liangming.rights.certificate import erasure_key, verify
from liangming.rights.commands import KIND as COMMAND
from liangming.rights.commands import read as read_command
from liangming.rights.desk import held
from liangming.rights.states import Answered, Refused, State, tag
from liangming.rights.withdrawal_certificate import FORMAT as WITHDRAWN
from liangming.rights.withdrawal_certificate import verify as verify_withdrawn
from liangming.rights.withdrawal_certificate import withdrawal_key
from liangming.rights.words import NAMES, REASONS, RESULTS, HoldReason, No, Result

T = TypeVar("T")

NO_FILE: Final = declare(
    "cli.certificate-unreadable",
    Kind.ABSENT,
    zh="无法读取这个证明文件，也可能太大。",
    en="This certificate cannot be read, or is too large.",
)
_LARGEST: Final = 64 * 1024

app = typer.Typer(
    help="权利请求、保全、终端指令。 / People's requests, holds, commands to devices.",
    no_args_is_help=True,
)

Request = Annotated[str, typer.Argument(help="请求编号 / request id")]
Actor = Annotated[str, typer.Option("--by", help="经办的岗位或账号 / role or account that acts")]


@app.command("list")
def list_(
    *,
    late: Annotated[bool, typer.Option("--late", help="只看逾期 / only what is late")] = False,
) -> None:
    """列出未办结的请求，最先到期的在前。 / Open requests, the earliest due first."""

    async def run(desk: RightsDesk) -> None:
        now = desk.premises.clock.now()
        rows = [state for _, state in await handle.listed(desk)]
        shown = [state for state in rows if not late or state.due.late(now)]
        if not shown:
            err.print("没有。 / None.")
        for state in shown:
            mark = "逾期 LATE  " if state.due.late(now) else ""
            name = NAMES[state.about.right]
            out.print(
                f"{state.about.id}  {mark}{state.due.day}  {name.zh} {name.en}  "
                f"{state.about.requester.value}  {tag(state)}  {state.owner}  {state.due.article}",
                markup=False,
            )

    _at_desk(run)


@app.command("show")
def show(request: Request) -> None:
    """查看一个请求。 / One request."""

    async def run(desk: RightsDesk) -> State:
        return (await held(desk, request)).state

    _tell(_at_desk(run))


@app.command("words")
def words(request: Request, actor: Actor = "cli") -> None:
    """查看本人写的文字；先留下记录。 / What the person wrote; recorded first."""
    text = _at_desk(lambda desk: handle.read_words(desk, request, actor))
    err.print("已留下记录。 / This opening was recorded.")
    out.print(text, markup=False)


@app.command("prove")
def prove(request: Request, actor: Actor = "cli") -> None:
    """已核对监护、亲属或委托证明。 / The authority to ask for another was seen."""
    _tell(_at_desk(lambda desk: handle.prove(desk, request, actor)))


@app.command("assign")
def assign(
    request: Request,
    to: Annotated[str, typer.Argument(help="岗位或账号 / role or account")],
    actor: Actor = "cli",
) -> None:
    """换经办人。 / Give it to another owner."""
    _tell(_at_desk(lambda desk: handle.assign(desk, request, to, actor)))


@app.command("do")
def do(request: Request, actor: Actor = "cli") -> None:
    """办理：查阅、复制、删除、限制、撤回、解释。 / Do what is asked and answer it."""
    done = _at_desk(lambda desk: carry_out(desk, request, actor))
    _tell(done.state)
    if done.copy is not None or done.fields is not None:
        print_json(done.copy if done.copy is not None else done.fields)
    for sentence in done.sentences:
        out.print(f"· {sentence.zh} / {sentence.en}", markup=False)
    if isinstance(done.state, Answered) and done.state.certificate:
        out.print(done.state.certificate, markup=False, end="")


@app.command("correct")
def correct(
    request: Request,
    field: Annotated[str, typer.Argument(help="name 或 organisation / which field")],
    value: Annotated[str, typer.Option(prompt=True, hide_input=True, help="正确的内容 / value")],
    actor: Actor = "cli",
) -> None:
    """凭证件更正登记。 / Put a registered field right, with the document in hand."""
    _tell(_at_desk(lambda desk: handle.correct(desk, request, field, value, actor)))


@app.command("answer")
def answer(
    request: Request,
    result: Annotated[Result, typer.Argument(help="upheld 或 not-upheld / result")],
    actor: Actor = "cli",
) -> None:
    """答复投诉。 / Answer a complaint."""
    _tell(_at_desk(lambda desk: handle.answer(desk, request, result, actor)))


@app.command("refuse")
def refuse(
    request: Request,
    reason: Annotated[No, typer.Argument(help="理由（封闭清单） / reason from the closed list")],
    actor: Actor = "cli",
) -> None:
    """拒绝，理由书面告知本人。 / Refuse; the reason is told to the person in writing."""
    _tell(_at_desk(lambda desk: handle.refuse(desk, request, reason, actor)))


@app.command("hold")
def hold(
    check: Annotated[str, typer.Argument(help="查验编号 / check id")],
    reason: Annotated[HoldReason, typer.Option(help="理由 / reason")],
    article: Annotated[str, typer.Option(help="条文编号，如 courier.46 / article id")],
    until: Annotated[str, typer.Option(help="最后一日 / last day, YYYY-MM-DD")],
    actor: Actor = "cli",
) -> None:
    """依法保全一份登记：到期前不删除，只存储。 / Hold a registration by law: stored only."""
    try:
        last = end_of(date.fromisoformat(until))
    except ValueError:
        raise Misuse(faults.HOLD_UNFIT, field="--until") from None
    made = _at_desk(
        lambda desk: holding.hold(
            desk, check, reason=reason, article=article, until=last, actor=actor
        )
    )
    out.print(made, markup=False)


@app.command("lift")
def lift(
    hold_id: Annotated[str, typer.Argument(metavar="HOLD", help="保全编号 / hold id")],
    actor: Actor = "cli",
) -> None:
    """提前结束保全。 / End a hold before its day."""
    _at_desk(lambda desk: holding.lift(desk, hold_id, actor))
    err.print("保全已结束。 / The hold has ended.")


@app.command("commands")
def commands() -> None:
    """列出终端尚未确认的指令。 / Commands that devices have not acknowledged."""

    async def run(desk: RightsDesk) -> None:
        rows = await desk.docket.open(COMMAND, 200)
        if not rows:
            err.print("没有。 / None.")
        for row in rows:
            command = read_command(row)
            out.print(
                f"{command.id}  {command.device}  {command.deed}  {rfc3339(command.issued_at)}",
                markup=False,
            )

    _at_desk(run)


@app.command("key")
def key() -> None:
    """打印删除证明的验证钥匙。 / Print the key that verifies erasure certificates."""
    out.print(_own_key().encode(), markup=False)


@app.command("verify")
def verify_(
    file: Annotated[
        Path,
        typer.Argument(help="删除证明或撤回证明 / a certificate of an erasure or a withdrawal"),
    ],
    given: Annotated[str, typer.Option("--key", help="验证钥匙 / verifier key")] = "",
) -> None:
    """离线核验删除证明、撤回证明。 / Verify a certificate of an erasure or withdrawal, offline."""
    try:
        with file.open("rb") as opened:
            data = opened.read(_LARGEST + 1)
    except OSError:
        raise Misuse(NO_FILE, field="FILE") from None
    if len(data) > _LARGEST:
        raise Misuse(NO_FILE, field="FILE")
    if data.startswith(WITHDRAWN.encode()):
        _tell_withdrawn(data, given)
        return
    said = verify(data, read_verifying_key(given) if given else _own_key())
    out.print(f"属实 proven: {said.erasure}  {said.erased}", markup=False)
    out.print(f"  查验 check {said.check}  请求 request {said.request}", markup=False)
    out.print(f"  已销毁 destroyed: {', '.join(said.gone)}", markup=False)
    out.print(
        f"  桶密钥 bucket key {said.bucket}.{said.generation}：销毁后旧备份也打不开"
        " / once destroyed, old backups do not open either",
        markup=False,
    )


def _tell_withdrawn(data: bytes, given: str) -> None:
    key = read_verifying_key(given) if given else _own_key(withdrawal_key)
    said = verify_withdrawn(data, key)
    out.print(f"属实 proven: {said.consent}  {said.withdrawn}", markup=False)
    out.print(f"  查验 check {said.check}  请求 request {said.request}", markup=False)
    for each in said.devices:
        took = (
            f"尚未确认，截至 not acknowledged by {said.as_of}"
            if each.milliseconds is None
            else f"{each.milliseconds} 毫秒后确认 acknowledged after ms"
        )
        out.print(f"  终端 device {each.device}：{took}", markup=False)


def _own_key(derive: Callable[[bytes, str], SigningKey] = erasure_key) -> VerifyingKey:
    settings = Settings.read()
    signing = load_keys(settings, SystemClock()).keys.signing
    return derive(signing, settings.log_origin).verifying


def _at_desk(use: Callable[[RightsDesk], Awaitable[T]]) -> T:
    """Run one use case at the desk."""
    settings = Settings.read()

    async def run() -> T:
        async with premises(settings, allow_test_region=not settings.production) as house:
            return await use(rights_desk(settings, house))

    return asyncio.run(run())


def _tell(state: State) -> None:
    about = state.about
    name = NAMES[about.right]
    lines = [
        f"{about.id}  {name.zh} {name.en}  {about.requester.value}",
        f"  查验 check {about.check}  {rfc3339(about.asked_at)}",
        f"  状态 state {tag(state)}  经办 owner {state.owner}  第 {state.round} 次 round",
        f"  期限 due {state.due.day}（{state.due.article}）",
    ]
    if state.due.unpublished:
        years = ", ".join(map(str, state.due.unpublished))
        lines.append(
            f"  {years} 年放假安排未收录，日期可能变动 / holidays unknown, the day may move"
        )
    if isinstance(state, Answered):
        lines.append(f"  {RESULTS[state.result].zh} / {RESULTS[state.result].en}")
    if isinstance(state, Refused):
        lines.append(f"  {REASONS[state.reason].zh} / {REASONS[state.reason].en}")
    if isinstance(state, (Answered, Refused)):
        lines += [f"  {line}" for line in cited(state.citations)]
    for line in lines:
        out.print(line, markup=False)
