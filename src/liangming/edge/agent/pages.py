"""The machine's pages: plain HTML, no outside request, every way the same size, the face last."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

import msgspec

from liangming.edge.agent.health import Health
from liangming.edge.agent.words import ASKED, WHY
from liangming.edge.face.order import Looked
from liangming.errors import LiangmingError

HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self' 'unsafe-inline'; "
    "script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'",
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def both(zh: str, en: str) -> str:
    """Both languages, Chinese first."""
    return f'{escape(zh)}<small lang="en">{escape(en)}</small>'


def page(
    title: tuple[str, str],
    body: str,
    *,
    simulated: bool,
    fault: str = "",
    token: str = "",
    large: bool = False,
) -> str:
    """A whole page.

    Args:
        token: with which the size of the letters may be told.
        large: larger letters, for this visit.
    """
    size = (
        f'<input id="large" type="checkbox" role="switch" data-token="{escape(token)}"'
        f'{" checked" if large else ""}><label for="large">大字<small lang="en">Large</small></label>'
    )
    confess = (
        '<p class="simulated">模拟设备：没有真的锁、摄像头、读卡器和钱箱 '
        "Simulated: no real lock, camera, reader or till</p>"
        if simulated
        else ""
    )
    return (
        '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">'
        f"<title>{escape(title[0])} {escape(title[1])}</title>"
        f'<meta name="viewport" content="width=device-width">'
        '<link rel="stylesheet" href="/static/machine.css"></head><body>'
        f"<header><b>亮明</b><span>本机服务 this machine</span>{size}{confess}</header><main>"
        f"<h1>{both(*title)}</h1>{fault}{body}</main>"
        '<script src="/static/machine.js" defer></script></body></html>'
    )


def said(error: LiangmingError) -> str:
    """A fault in plain words."""
    return f'<p class="fault" role="alert">{both(error.code.zh, error.code.en)}</p>'


def checked(cell: int) -> tuple[str, str]:
    """What passed: the cell that opened, or 0 where a clerk takes the parcel."""
    if not cell:
        return "核验通过，请把件交给收寄员", "Checked; please hand it to the clerk"
    return f"核验通过，{cell} 号格口已打开", f"Checked; cell {cell} is open"


def group(zh: str, en: str) -> str:
    """A heading over some ways."""
    return f"<h2>{both(zh, en)}</h2>"


def ways(items: Sequence[tuple[str, str, str]]) -> str:
    """Links of one size, in the order given."""
    cards = "".join(
        f'<li><a href="{escape(href)}">{both(zh, en)}</a></li>' for href, zh, en in items
    )
    return f'<ul class="ways">{cards}</ul>'


def choices(items: list[tuple[str, str, str, str]], token: str) -> str:
    """Buttons of one size that post a choice: address, value, and both names."""
    cards = "".join(
        f'<li><form method="post" action="{escape(to)}">{hidden(token)}'
        f'<button name="way" value="{escape(value)}">{both(zh, en)}</button></form></li>'
        for to, value, zh, en in items
    )
    return f'<ul class="ways">{cards}</ul>'


def hidden(token: str) -> str:
    """The one-time token of a form."""
    return f'<input type="hidden" name="token" value="{escape(token)}">'


def field(
    name: str, zh: str, en: str, *, numeric: bool = True, longest: int = 64, secret: bool = False
) -> str:
    """One field with its label; a secret one shows no figure to whoever looks over a shoulder."""
    mode = ' inputmode="numeric"' if numeric else ""
    mode += ' type="password"' if secret else ""
    return (
        f'<label for="{name}">{both(zh, en)}</label>'
        f'<input id="{name}" name="{name}" autocomplete="off" maxlength="{longest}" required{mode}>'
    )


def form(to: str, fields: str, token: str, go: tuple[str, str], *, quiet: bool = False) -> str:
    """A form with one button, quiet where it leads back."""
    kind = "go quiet" if quiet else "go"
    return (
        f'<form method="post" action="{escape(to)}">{hidden(token)}{fields}'
        f'<button class="{kind}">{both(*go)}</button></form>'
    )


SHOWN: Final = (
    "<p>"
    + both("这一页五分钟后自己消失。", "This page goes by itself after five minutes.")
    + "</p>"
)
STATES: Final = (
    ("disk", "磁盘有余量", "Free disk", "磁盘快满了", "The disk is nearly full"),
    ("clock", "时钟正常", "Clock steady", "时钟被往回拨", "The clock was set back"),
    ("camera", "摄像头在", "Camera there", "没有摄像头", "No camera"),
    ("reader", "读卡器在", "Reader there", "没有读卡器", "No reader"),
    ("centre", "已登记到中心", "Enrolled at a centre", "没有中心", "No centre"),
    ("enabled", "刷脸未停用", "The face is not stopped", "刷脸已停用", "The face is stopped"),
)


def state(now: Health, lags: Sequence[float] = ()) -> str:
    """Each part, well or not, in words and a sign; and how long the screen's own light took of late."""
    rows = "".join(
        f"<li>{'✓' if getattr(now, name) else '✗'} "
        f"{both(*((zh, en) if getattr(now, name) else (bad, wrong)))}</li>"
        for name, zh, en, bad, wrong in STATES
    )
    counts = both(
        f"待传 {now.waiting} 件，模板 {now.templates} 个",
        f"{now.waiting} events wait; {now.templates} templates",
    )
    key = both("密钥在软件里，没有用 TPM", "The key is in software; no TPM is used")
    told = f"<li>{counts}</li><li>{key}</li>"
    if lags:
        took = "、".join(f"{lag * 1000:.0f}" for lag in lags)
        words = (f"屏幕的光最近用了 {took} 毫秒", f"The screen's light took {took} ms of late")
        told += f"<li>{both(*words)}</li>"
    return f'<ul class="notice">{rows}{told}</ul>'


def back(again: str = "") -> str:
    """Back to all ways.

    Args:
        again: where the same can be tried once more.
    """
    ways = '<a class="back" href="/">← 全部方式 All ways</a>'
    return (
        f'<a class="back" href="{escape(again)}">再输一次 Enter it again</a><br>{ways}'
        if again
        else ways
    )


NO: Final = ("no", "不同意，用其他方式", "No, another way")
ONCE: Final = ("yes", "同意这一次比对（已满 14 周岁）", "Yes, this once (I am 14 or older)")
GUARDIAN: Final = (
    "guardian",
    "我是监护人，替孩子同意",
    "I am the guardian and agree for the child",
)
KEEP: Final = (
    "yes",
    "同意保存模板（已满 14 周岁）",
    "Yes, keep a template (I am 14 or older)",
)
NO_KEEP: Final = ("no", "不保存，回到全部方式", "No, back to all ways")


LAY: Final = ("把身份证放在读卡器上再选。", "Lay your card on the reader first.")


def notice(
    items: Sequence[tuple[str, str]],
    token: str,
    *,
    to: str = "/face/consent",
    answers: Sequence[tuple[str, str, str]] = (NO, ONCE, GUARDIAN),
    first: tuple[str, str] | None = LAY,
) -> str:
    """A notice of its own, and its answers; *no* stands first and is as large as *yes*."""
    told = "".join(f"<li>{both(zh, en)}</li>" for zh, en in items)
    buttons = "".join(
        f'<li><form method="post" action="{escape(to)}">{hidden(token)}'
        f'<button name="answer" value="{value}">{both(zh, en)}</button></form></li>'
        for value, zh, en in answers
    )
    before = f"<p>{both(*first)}</p>" if first is not None else ""
    return f'<ul class="notice">{told}</ul>{before}<ul class="ways">{buttons}</ul>'


def looking(token: str) -> str:
    """The camera is open: the sign, what is asked, and a stop button that needs no script."""
    words = msgspec.json.encode(ASKED).decode().replace("<", "\\u003c")
    return (
        '<div class="look"><p class="sign" role="status"><i></i>摄像头已打开 The camera is open</p>'
        f'<p class="asked" aria-live="assertive">{escape(ASKED["look"])}</p>'
        f'<form method="post" action="/face/stop">{hidden(token)}'
        f'<button class="go">{both("停止，用其他方式", "Stop, another way")}</button></form>'
        f"<p>{both('眨眼或转头不方便？直接停止，换一种方式，不留任何记录。', 'Hard to blink or turn? Stop and take another way; nothing is held against you.')}</p>"
        f'<script type="application/json" id="words">{words}</script>'
        '<script src="/static/look.js" defer></script></div>'
    )


def looked(told: Looked | None) -> str:
    """What came of a try, and what was kept of it."""
    if told is None:
        return ""
    counts = (
        f"拍了 {told.taken} 帧，留下 {told.kept} 帧。",
        f"{told.taken} frames were taken, {told.kept} were kept.",
    )
    return f"<p>{both(*WHY[told.why])}</p><p>{both(*counts)}</p>"
