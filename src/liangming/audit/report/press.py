"""The press: typst sets a report as PDF/A that a screen reader can read (PDF/UA), fonts embedded.

The compiler runs in a process of its own (:class:`Press`), for it does not listen while it sets: Ctrl-C
ends both at once, and its memory is given back with it. :class:`Print` is the compiler itself, kept warm
by whoever holds it; reading the fonts takes longest.

A child gets one line of JSON and answers with the bytes of a PDF, or with nothing where it failed.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from datetime import datetime
from importlib import resources
from typing import TYPE_CHECKING, Final, Protocol

from liangming.errors import Kind, Outage, declare

if TYPE_CHECKING:
    from typst import Compiler

    from liangming.audit.report.content import Content
    from liangming.audit.statistics.words import Tongue

PRESS_MISSING = declare(
    "audit.press-missing",
    Kind.OUTAGE,
    zh="打印报告需要 typst，请安装 liangming[reports]；网页报告不受影响。",
    en="Printing the report needs typst: install liangming[reports]; the page needs nothing more.",
)
PRESS_FAILED = declare(
    "audit.press-failed",
    Kind.OUTAGE,
    zh="PDF 没有排成：排版的进程被结束了，多半是内存不够。用 --no-pdf 可以只要网页和表格。",
    en="The PDF was not set: its process was ended, most likely for want of memory. "
    "With --no-pdf page and tables are written without it.",
)
FONTS: Final = ("Noto Sans CJK SC", "Noto Sans SC")
_PLAIN: Final = str.maketrans({"“": "'", "”": "'"})  # the Chinese font sets the curved ones wide

_NO_FONT: Final = (
    "This machine has no Chinese font (Noto Sans CJK); Chinese may be missing in print."
)


class Printer(Protocol):
    """Sets a report. Nothing is kept; the same content gives the same bytes.

    Raises:
        Outage: ``audit.press-failed``.
    """

    def pdf(self, content: Content, tongue: Tongue) -> bytes:
        """One report."""
        ...


class Print:
    """A warm compiler.

    Raises:
        Outage: ``audit.press-missing``.
    """

    def __init__(self) -> None:
        try:
            import typst
        except ImportError:
            raise Outage(PRESS_MISSING) from None
        fonts = typst.Fonts()
        self.chinese: Final = any(font.family in FONTS for font in fonts.fonts())
        self._source: Final = (
            resources.files("liangming.audit.report") / "report.typ"
        ).read_bytes()
        self._compiler: Final[Compiler] = typst.Compiler(font_paths=fonts)

    def pdf(self, content: Content, tongue: Tongue) -> bytes:
        """One report as PDF/A."""
        return self.set(*_told(content, tongue))

    def set(self, report: str, made_at: datetime) -> bytes:
        """A report that is data already."""
        made = self._compiler.compile(
            self._source,
            sys_inputs={"report": report},
            format="pdf",
            pdf_standards=["a-2a", "ua-1"],
            timestamp=made_at,
        )
        if not isinstance(made, bytes):
            raise TypeError("a report is one file")
        return made


class Press:
    """The compiler in a process of its own.

    Raises:
        Outage: ``audit.press-missing``.
    """

    def __init__(self) -> None:
        if importlib.util.find_spec("typst") is None:
            raise Outage(PRESS_MISSING)

    def pdf(self, content: Content, tongue: Tongue) -> bytes:
        """One report as PDF/A; whatever ends the wait ends the process too.

        Raises:
            Outage: ``audit.press-failed``.
        """
        return self.set(*_told(content, tongue))

    def set(self, report: str, made_at: datetime) -> bytes:
        """A report that is data already."""
        told = json.dumps([report, made_at.isoformat()]).encode()
        done = subprocess.run(  # noqa: S603  (our own interpreter and module)
            [sys.executable, "-m", __name__],
            input=told,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode or not done.stdout.startswith(b"%PDF"):
            raise Outage(PRESS_FAILED)
        return done.stdout


def chinese() -> bool:
    """Whether this machine has a font for Chinese."""
    import typst

    return any(font.family in FONTS for font in typst.Fonts().fonts())


def _told(content: Content, tongue: Tongue) -> tuple[str, datetime]:
    from liangming.audit.report.printed import parts

    data = parts(content, tongue)
    if not chinese():
        data["facts"] = [*data["facts"], _NO_FONT]
    text = json.dumps(data, ensure_ascii=False)
    if tongue == "en":
        text = text.translate(_PLAIN)
    return text, content.read.made_at.replace(microsecond=0)


def main() -> None:
    """Set what comes in; Ctrl-C ends this process as any other, whatever it is doing."""
    import signal

    signal.signal(signal.SIGINT, signal.SIG_DFL)
    report, made_at = json.load(sys.stdin.buffer)
    sys.stdout.buffer.write(Print().set(report, datetime.fromisoformat(made_at)))


if __name__ == "__main__":
    main()
