"""``liangming parity``: does a page show its choices alike?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

import msgspec
import typer

from liangming.cli.speech import err, out, print_json
from liangming.law import CORPUS
from liangming.parity import Report, judge
from liangming.parity.chromium import Look, Screen, chromium, mark, measure, opened

UNSEEN: Final = {
    "frame": ("页面里有内嵌框架，没有看进去", "frames were not looked into"),
    "shadow-tree": ("有组件的内部结构没有看进去", "insides of web components were not looked into"),
    "canvas": ("有画布，上面画的选项看不到", "choices drawn on a canvas are not seen"),
    "picture-behind-text": (
        "文字后面有图片，对比度无法计算",
        "contrast over pictures is not known",
    ),
    "colour-space": ("有不认识的颜色写法，对比度可能不准", "some colours were not understood"),
    "page-too-large": ("页面太大，只看了一部分", "the page is too large; a part was looked at"),
}


def parity(  # noqa: PLR0917  (options, by name only)
    url: Annotated[str, typer.Argument(help="页面地址 / address of the page")],
    select: Annotated[
        str, typer.Option(help="选项的 CSS 选择器，不填则自动识别 / CSS selector of the choices")
    ] = "",
    size: Annotated[
        list[Screen] | None, typer.Option(help="屏幕，可多次 / screens, may be repeated")
    ] = None,
    dark: Annotated[bool, typer.Option("--dark", help="深色 / dark scheme")] = False,
    english: Annotated[bool, typer.Option("--en", help="以英文访问 / visit in English")] = False,
    picture: Annotated[
        Path | None, typer.Option(help="标注的截图写到这里（PNG） / marked screenshot")
    ] = None,
    seconds: Annotated[int, typer.Option(min=1, max=120, help="最多等几秒 / patience")] = 20,
    executable: Annotated[str, typer.Option("--chromium", help="Chromium 的位置 / where")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="机器可读 / machine-readable")] = False,
) -> None:
    """量一个页面（任何页面）是否平等呈现各种方式。 / Does a page, anybody's, show its choices alike?"""
    if urlsplit(url).scheme not in {"http", "https"}:
        raise typer.BadParameter("http(s)://…", param_hint="url")
    reports: list[Report] = []
    with chromium(executable) as browser:
        for each in size or [Screen.PHONE]:
            look = Look(
                size=each,
                language="en" if english else "zh",
                dark=dark,
                select=select,
                seconds=seconds,
            )
            with opened(browser, url, look) as page:
                measured = measure(page, select=select)
                findings = judge(measured)
                if picture is not None:
                    several = size is not None and len(size) > 1
                    named = picture.with_stem(f"{picture.stem}-{each}") if several else picture
                    mark(page, measured, findings, named)
            texts = tuple(f"{o.kind}: {o.text}" for o in measured.options)
            # Of an address only its place: what follows ? may be about a person.
            place = urlsplit(url)._replace(query="", fragment="").geturl()
            reports.append(Report(place, each.value, texts, findings, measured.unseen))
    if as_json:
        print_json(msgspec.to_builtins(reports))
    else:
        for report in reports:
            show(report)
    raise typer.Exit(1 if any(report.findings for report in reports) else 0)


def show(report: Report) -> None:
    """What was found, with its articles and their grade; what was not determined; a line that counts."""
    out.print(f"{report.page} · {report.size}", style="bold", markup=False)
    for number, text in enumerate(report.options):
        out.print(f"  {number}  {text}", style="dim", markup=False)
    for finding in report.findings:
        places = " ".join(map(str, finding.options))
        out.print(f"{finding.code}{f' [{places}]' if places else ''}", style="bold", markup=False)
        out.print(f"  {finding.zh}\n  {finding.en}", markup=False)
        out.print(f"  改法：{finding.mend_zh}\n  Mend: {finding.mend_en}", markup=False)
        if finding.citations:
            out.print(f"  依据 articles: {' '.join(finding.citations)}", style="dim", markup=False)
    for word in report.undetermined:
        zh, en = UNSEEN[word]
        out.print(f"无法判定 undetermined：{zh} / {en}", style="yellow", markup=False)
    _articles(report)
    err.print(
        f"{len(report.options)} 个选项 choices，{len(report.findings)} 处不平等 findings",
        markup=False,
    )


def _articles(report: Report) -> None:
    """Each cited article once, with how well its text is known."""
    cited = dict.fromkeys(c for finding in report.findings for c in finding.citations)
    for citation in cited:
        article = CORPUS.articles[citation]
        instrument = CORPUS.instruments[article.instrument]
        out.print(
            f"《{instrument.zh}》{article.number}（{citation}，可信度 grade {article.grade.value}）：{article.zh}",
            style="dim",
            markup=False,
        )
    if cited:
        out.print(
            "法律禁止误导、胁迫，没有规定像素；平等呈现是亮明守住它的做法。\n"
            "The law forbids misleading and coercing and names no pixels; equal presentation is how "
            "Liangming holds it.",
            style="dim",
            markup=False,
        )
