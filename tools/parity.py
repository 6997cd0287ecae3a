"""Measure every example scene's choices in every language, size, theme and width: docs/parity.md.

python tools/parity.py [file]
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

from liangming.parity import Finding, Measure, judge
from liangming.parity.chromium import measure
from liangming.scene import load_scene_file
from liangming.web.size import PERCENT

ROOT: Final = Path(__file__).resolve().parent.parent
CHROMIUM: Final = "/usr/bin/chromium"
LANGUAGES: Final = ("zh", "en")
SCHEMES: Final = ("light", "dark")
WIDTHS: Final = {
    "320": (320, 640),
    "390": (390, 844),
    "desktop": (1280, 900),
    "kiosk": (1080, 1920),
}
CARDS: Final = ".cards button"
HEAD: Final = (
    "| page | choices | renderings | findings | longest ÷ shortest wording | lowest contrast "
    "| lowest target, px | on kiosks, px | scroll sideways |"
)


@dataclass
class Surveyed:
    """What was measured of one page's choices over the whole matrix."""

    page: str
    choices: list[str] = field(default_factory=list)
    renderings: int = 0
    findings: list[tuple[str, Finding]] = field(default_factory=list)
    lowest: float = 1e9  # height of the lowest choice, on phones and desktops
    kiosk: float = 1e9  # on kiosks
    contrast: float = 1e9
    longest: float = 1.0  # longest wording over shortest
    wide: list[str] = field(default_factory=list)  # renderings that scroll sideways
    unseen: set[str] = field(default_factory=set)

    def take(self, where: str, size: str, measured: Measure) -> None:
        """One rendering."""
        self.renderings += 1
        self.findings += [(where, finding) for finding in judge(measured)]
        heights = [option.height for option in measured.options]
        if size == "kiosk":
            self.kiosk = min(self.kiosk, *heights)
        else:
            self.lowest = min(self.lowest, *heights)
        seen = [o.contrast for o in measured.options if o.contrast is not None]
        self.contrast = min(self.contrast, *seen)
        lengths = [len(option.text) for option in measured.options]
        self.longest = max(self.longest, max(lengths) / min(lengths))
        self.unseen.update(measured.unseen)
        kinds = [option.kind for option in measured.options]
        if not self.choices:
            self.choices = list(kinds)
        elif self.choices != kinds:
            raise SystemExit(f"{where}: other choices than elsewhere")


def scenes() -> Iterator[tuple[str, bool]]:
    """Every example scene, and whether a face is among its ways."""
    for path in sorted((ROOT / "examples" / "scenes").glob("*.toml")):
        for scene in load_scene_file(path):
            yield scene.id, scene.face is not None


def survey(page: Page, address: str, *, consent: bool = False) -> Surveyed:
    """One page over the whole matrix; language by loading it, the rest in place.

    Args:
        address: of a scene's page; the site itself is the page's base.
        consent: go on to what is asked before a face, and measure *no* and *yes*.
    """
    named = address.rpartition("/")[2]
    told = Surveyed(f"{named} · consent" if consent else named)
    for language in LANGUAGES:
        page.goto(f"{address}?lang={language}")
        if consent:
            with page.expect_navigation(wait_until="load"):
                page.click("button[value=face]")
        for size, (width, height) in WIDTHS.items():
            page.set_viewport_size({"width": width, "height": height})
            for step, percent in enumerate(PERCENT):
                page.evaluate("step => { document.documentElement.className = 's' + step; }", step)
                for scheme in SCHEMES:
                    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
                    where = f"{told.page} {language} {size} {percent} % {scheme}"
                    measured = measure(page) if consent else measure(page, select=CARDS)
                    told.take(where, size, measured)
                if page.evaluate("document.documentElement.scrollWidth") > width:
                    told.wide.append(f"{language} {size} {percent} %")
    return told


def row(told: Surveyed) -> str:
    """The line of the table."""
    kinds = f"{len(told.choices)}" + ("" if "face" not in told.choices else ", face last")
    return (
        f"| {told.page} | {kinds} | {told.renderings} | {len(told.findings)} | {told.longest:.2f} "
        f"| {told.contrast:.1f} | {told.lowest:.0f} | {told.kiosk:.0f} | {len(told.wide)} |"
    )


def document(every: list[Surveyed]) -> str:
    """The page of the docs."""
    renderings = sum(told.renderings for told in every)
    findings = [found for told in every for found in told.findings]
    lines = [
        "# 平等呈现 Parity, measured",
        "",
        "由 `make docs` 生成：每个示例场景的选项，每种语言、字号（100、125、150、190 %）、明暗和宽度（320、390、桌面、柜机），",
        "用 `liangming parity` 的同一套量法在 Chromium 里量出。",
        "*Generated: the choices of every example scene in both languages, four sizes, two themes and four widths,*",
        "*measured in Chromium by what `liangming parity` uses. A finding is one choice set apart from the others in one*",
        "*rendering: box, type, colour, contrast, icons, wording, order, preselection, bait, camera.*",
        "",
        f"{renderings} renderings, {len(findings)} findings.",
        "",
        HEAD,
        "|---|---|---|---|---|---|---|---|---|",
        *(row(told) for told in every),
        "",
        "Every way is one tap on this page, without a field. A face then needs one tap more, its own consent, where",
        "*no* stands first and looks like *yes* (rows *consent*); the other ways need none.",
    ]
    if findings:
        lines += ["", "## Findings", ""]
        lines += [f"- {where}: `{finding.code}` {finding.en}" for where, finding in findings]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Measure everything and write the page."""
    from picture_doors import demo  # beside this file
    from pictures import FLAGS

    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "parity.md"
    if not Path(CHROMIUM).exists():
        print("Chromium is not installed: the parity report stays as it is")
        return 0
    with demo() as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(base_url=base).new_page()
        every = []
        for scene, face in scenes():
            every.append(survey(page, f"/s/{scene}"))
            if face:
                every.append(survey(page, f"/s/{scene}", consent=True))
        browser.close()
    target.write_text(document(every), "utf-8")
    return 1 if any(told.findings or told.wide for told in every) else 0


if __name__ == "__main__":
    raise SystemExit(main())
