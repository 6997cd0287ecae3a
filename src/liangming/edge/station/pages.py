"""The station's pages: plain HTML without script, Chinese first, English beside it."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Final

from liangming.edge.agent.centre import SAID_NO
from liangming.edge.agent.pages import HEADERS, both, hidden
from liangming.edge.reading.fields import Field, Reading, State, Why
from liangming.edge.station.desk import HANDOVER, Sent, check_in
from liangming.errors import Code, LiangmingError
from liangming.method.documents import DocumentType, registry

__all__ = ["HEADERS", "PICTURES", "fault_of", "home", "page", "said_code", "sent", "typing"]

DOUBT: Final = {
    Why.NONE: ("请核对", "Check this"),
    Why.FAINT: ("请核对：有字看不太清", "Check this: a sign was hard to read"),
    Why.MENDED: ("请核对：一位按校验位改过", "Check this: one place was mended by the check digit"),
    Why.DIGIT: ("校验位不符，不可能对，请改正", "The check digit does not agree: correct it"),
    Why.OTHER: ("与证件上的出生日期或性别不符，请改正", "Birth or sex on the card say otherwise"),
    Why.TERM: ("请核对：不是证件会有的期限", "Check this: cards have no such term"),
    Why.NO_LABEL: ("请核对：没看到栏目名", "Check this: its label was not seen"),
    Why.LENGTH: ("请核对：位数看着不对", "Check this: the length looked wrong"),
}
LABELS: Final = {
    "document": ("证件种类", "Kind of document"),
    "number": ("证件号码", "Number"),
    "name": ("姓名（对着证件看一遍）", "Name: look at the document once"),
    "expires": ("有效期至（2036-02-18、长期，或空）", "Valid until (2036-02-18, 长期, or empty)"),
    "mrz": ("护照机读码，两行", "Passport's zone, two lines"),
    "code": ("交接码（有就不用填上面）", "Hand-over code (then nothing above is needed)"),
}
OUTCOMES: Final = {
    "passed": ("● 查验通过", "Checked"),
    "refused": ("⬣ 不予收寄", "Not accepted"),
    "undetermined": ("▲ 无法判定，请换一种方式", "Undetermined: please use another way"),
    "": ("▲ 还没有结果，请到柜台页继续", "Still open: go on at the desk"),
}
LAID: Final = (
    "把证件平放在镜头下。按下时才打开摄像头，拍完立即关上。",
    "Lay the document flat under the lens. The camera opens when you press, and shuts at once.",
)
GLASS: Final = (
    "把证件正面朝下放在扫描仪上。页面直接进内存，不留文件。",
    "Lay the document face down on the scanner. The page goes straight into memory; no file is made.",
)
PICTURES: Final = (
    ("front", "证件正面或护照资料页", "Front, or the passport's page"),
    ("back", "证件背面（有效期）", "Back (validity)"),
)


def page(title: tuple[str, str], body: str, *, fault: str = "") -> str:
    """A whole page."""
    return (
        '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">'
        f"<title>{escape(title[0])} {escape(title[1])}</title>"
        '<meta name="viewport" content="width=device-width">'
        '<link rel="stylesheet" href="/static/station.css"></head><body>'
        "<header><b>亮明</b><span>站点 station</span></header><main>"
        f"<h1>{both(*title)}</h1>{fault}{body}</main></body></html>"
    )


def home(token: str, *, reads: bool, takes: bool = False, scans: bool = False) -> str:
    """Pictures to take or send, or typing; all as large.

    Args:
        takes: whether a camera is bound to this computer.
        scans: whether a scanner is named.
    """
    told = (
        both(
            "图片只在这台电脑的内存里，识读后立即覆写，不存盘、不外发。",
            "Pictures stay in this computer's memory, are overwritten once read, never stored or sent.",
        )
        if reads
        else both(
            "没有识读模型：只读二维码和条形码，证件请直接输入。",
            "No reading models: only squares and bars are read; please type documents.",
        )
    )
    inputs = "".join(
        f'<label for="{name}">{both(zh, en)}</label><input id="{name}" name="{name}" type="file" '
        'accept="image/jpeg,image/png" capture="environment">'
        for name, zh, en in PICTURES
    )
    take = (
        f'<form method="post" action="/take">{hidden(token)}<p>{both(*LAID)}</p>'
        f'<button class="go">{both("用登记的摄像头拍一张", "Take one with the bound camera")}</button></form>'
        if takes
        else ""
    )
    scan = (
        f'<form method="post" action="/scan">{hidden(token)}<p>{both(*GLASS)}</p>'
        f'<button class="go">{both("用扫描仪扫一页", "Scan one page")}</button></form>'
        if scans
        else ""
    )
    return (
        f'<p>{told}</p><div class="two">{take}{scan}<form method="post" action="/read" '
        f'enctype="multipart/form-data">{hidden(token)}{inputs}'
        f'<button class="go">{both("识读", "Read")}</button></form>'
        f'<a class="go plain" href="/type">{both("直接输入", "Type instead")}</a></div>'
    )


def typing(
    token: str,
    reading: Reading | None,
    typed: Mapping[str, str],
    wrong: str = "",
    *,
    takes: bool = False,
    scans: bool = False,
) -> str:
    """The form: what was read, what is doubtful, and what the clerk typed before.

    Args:
        takes: offers another picture, such as the back; what stands in the form goes with it.
        scans: the same from the scanner.
        typed: what stood in the form, which wins over what was read.
        wrong: the field that a fault is about.
    """
    values = {field.name: field.text for field in reading.fields} if reading else {}
    values["document"] = reading.document if reading else ""
    handover = next((c for c in reading.codes if c.startswith(HANDOVER)), "") if reading else ""
    values["code"] = handover
    values["check"] = next(filter(None, map(check_in, reading.codes)), "") if reading else ""
    values.update(typed)
    rows = _kinds(values["document"], marked=wrong == "document")
    for name in ("number", "name", "expires"):
        rows += _row(name, values.get(name, ""), reading, marked=wrong == name)
    if values.get("mrz") or wrong == "mrz":
        rows += _zone(values.get("mrz", ""), reading, marked=wrong == "mrz")
    rows += _row("code", values["code"], None, marked=wrong == "code")
    rows += _continued(values["check"])
    known = (HANDOVER,)
    read = reading.codes if reading else ()
    seen = [code for code in read if not (code.startswith(known) or check_in(code))]
    codes = "".join(f"<li><code>{escape(code)}</code></li>" for code in seen)
    found = f"<h2>{both('图片里的码', 'Codes in the picture')}</h2><ul>{codes}</ul>" if seen else ""
    again = (
        '<button class="go plain" formaction="/take">'
        f"{both('再拍一张，如背面：空的栏目会填上', 'Take another, such as the back: what is empty gets filled')}"
        "</button>"
        if takes
        else ""
    )
    if scans:
        words = (
            "再扫一页，如背面：空的栏目会填上",
            "Scan another, such as the back: what is empty gets filled",
        )
        again += f'<button class="go plain" formaction="/scan">{both(*words)}</button>'
    return (
        f'<form method="post" action="/send">{hidden(token)}{rows}{again}{found}'
        f"<p>{both('看着证件和运单，两者一致吗？', 'Document and waybill before you: do they agree?')}</p>"
        '<div class="pair">'
        f'<button class="go" name="agrees" value="yes">{both("一致，发送", "They agree: send")}</button>'
        f'<button class="go" name="agrees" value="no">{both("不一致，发送", "They do not: send")}</button>'
        "</div></form>"
        f'<a class="back" href="/">← {both("重新开始，什么都不留", "Start again; nothing is kept")}</a>'
    )


def _continued(check: str) -> str:
    """Says that the sender's own check goes on, where the phone's code was in a picture."""
    if not check:
        return ""
    words = ("接着办寄件人手机上的那一次查验。", "The check on the sender's phone goes on.")
    return f'<p>{both(*words)}<input type="hidden" name="check" value="{escape(check)}"></p>'


def _kinds(chosen: str, *, marked: bool) -> str:
    zh, en = LABELS["document"]
    options = "".join(
        f'<option value="{kind.value}"{" selected" if kind.value == chosen else ""}>'
        f"{escape(registry[kind].zh)} {escape(registry[kind].en)}</option>"
        for kind in DocumentType
    )
    empty = '<option value="">请选择 Please choose</option>'
    return (
        f'<div class="row{" doubt" if marked else ""}"><label for="document">{both(zh, en)}</label>'
        f'<select id="document" name="document">{empty}{options}</select></div>'
    )


def _doubt(field: Field | None) -> str:
    if field is None or field.state is State.SURE:
        return ""
    zh, en = DOUBT[field.why]
    return f'<p class="doubted" id="{field.name}-doubt">▲ {both(zh, en)}</p>'


def _row(name: str, value: str, reading: Reading | None, *, marked: bool) -> str:
    field = reading.of(name) if reading else None
    doubt = _doubt(field)
    described = f' aria-describedby="{name}-doubt"' if doubt else ""
    shown = " doubt" if doubt or marked else ""
    return (
        f'<div class="row{shown}"><label for="{name}">{both(*LABELS[name])}</label>'
        f'<input id="{name}" name="{name}" value="{escape(value)}" autocomplete="off" '
        f'spellcheck="false" maxlength="2048"{described}>{doubt}</div>'
    )


def _zone(value: str, reading: Reading | None, *, marked: bool) -> str:
    doubt = _doubt(reading.of("mrz") if reading else None)
    shown = " doubt" if doubt or marked else ""
    return (
        f'<div class="row{shown}"><label for="mrz">{both(*LABELS["mrz"])}</label>'
        '<textarea id="mrz" name="mrz" rows="3" cols="44" autocomplete="off" spellcheck="false" '
        f'maxlength="200">{escape(value)}</textarea>{doubt}</div>'
    )


def sent(told: Sent) -> tuple[tuple[str, str], str]:
    """The outcome: title and body; nothing of the person is shown again."""
    title = OUTCOMES.get(told.outcome, OUTCOMES["undetermined"])
    words = f"<p>{escape(told.text)}</p>" if told.text else ""
    body = f'{words}<a class="go" href="/">{both("下一位", "Next person")}</a>'
    return title, body


def fault_of(error: LiangmingError) -> str:
    """A fault in plain words, with its code for whoever is asked about it."""
    more = error.field or "" if error.code is SAID_NO else ""  # the centre's own code
    return said_code(error.code, more)


def said_code(code: Code, more: str = "") -> str:
    """The same of a code."""
    return (
        f'<p class="fault" role="alert">{both(code.zh, code.en)}'
        f"<code>{escape(code.name)} {escape(more)}</code></p>"
    )
