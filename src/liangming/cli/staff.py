"""``liangming staff``: the first administrator, and what a host must be able to do by hand."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from liangming.assembly import Settings
from liangming.cli.speech import err, out
from liangming.clock import SystemClock
from liangming.errors import Misuse, Outage
from liangming.web.staff.faults import MEMBER_UNKNOWN, STAFF_MISSING
from liangming.web.staff.migrate import apply, installed
from liangming.web.staff.settings import staff_settings

app = typer.Typer(help="员工账户。 / Staff accounts.", no_args_is_help=True)


def _accounts() -> Any:
    """The deeds of accounts, with the tables made ready."""
    settings = Settings.read()
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    url = staff_settings(settings).database
    if not installed():
        raise Outage(STAFF_MISSING)
    apply(url)
    from liangming.web.staff import accounts

    return accounts


def _member(username: str) -> Any:
    from liangming.web.staff.models import Member

    member = Member.objects.filter(username=username).first()
    if member is None:
        raise Misuse(MEMBER_UNKNOWN)
    return member


@app.command("invite")
def invite(
    username: Annotated[str, typer.Argument(help="登录名 / sign-in name")],
    operator: Annotated[
        str, typer.Option(help="企业编号，与场景文件一致 / operator id, as in scenes")
    ],
    role: Annotated[
        str,
        typer.Option(help="clerk、manager、officer、inspector 或 administrator / or"),
    ] = "administrator",
    name: Annotated[str, typer.Option(help="姓名，默认为登录名 / name")] = "",
) -> None:
    """新建账户并给出一次性登记链接；第一位管理员由此产生。 / A new account and its link, usable once."""
    accounts = _accounts()
    at = SystemClock().now()
    member = accounts.invite(
        accounts.HOST, username, name or username, role, operator=operator, at=at
    )
    _say_link(accounts.link(accounts.HOST, member, at))


@app.command("link")
def link(username: Annotated[str, typer.Argument(help="登录名 / sign-in name")]) -> None:
    """给还没有钥匙的人一个新的登记链接。 / Another link for somebody without a key."""
    accounts = _accounts()
    _say_link(accounts.link(accounts.HOST, _member(username), SystemClock().now()))


@app.command("reset")
def reset(username: Annotated[str, typer.Argument(help="登录名 / sign-in name")]) -> None:
    """收回全部钥匙和会话，并给出新的登记链接。 / Take all keys and sessions away, and give a new link."""
    accounts = _accounts()
    member, at = _member(username), SystemClock().now()
    accounts.reset(accounts.HOST, member, at)
    _say_link(accounts.link(accounts.HOST, member, at))


@app.command("end")
def end(username: Annotated[str, typer.Argument(help="登录名 / sign-in name")]) -> None:
    """停用账户，会话立即结束。 / End an account; its sessions end at once."""
    accounts = _accounts()
    accounts.end(accounts.HOST, _member(username), SystemClock().now())
    err.print("已停用 ended", markup=False)


@app.command("list")
def listed() -> None:
    """列出账户。 / List the accounts."""
    _accounts()
    from liangming.web.staff.models import Member

    for member in Member.objects.order_by("operator", "username"):
        ended = "" if member.is_active else "  已停用 ended"
        out.print(
            f"{member.operator}  {member.username}  {member.role}  {member.name}{ended}",
            markup=False,
        )


def _say_link(token: str) -> None:
    settings = Settings.read()
    base = settings.address or f"http://localhost:{settings.port}"
    out.print(f"{base}/staff/enrol/{token}", markup=False)
    err.print("一天内有效，只能用一次 / valid for a day, once", markup=False)
