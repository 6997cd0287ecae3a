"""What a report costs by size of fleet: CPU time, peak of memory, bytes, and how soon a browser shows it.

``python bench/report.py`` takes 5,000 outlets; ``--outlets 350000`` is the national size. Cells of a
synthetic fleet are judged once; then each file of the report is made in turn. The press runs in a
process of its own, whose CPU time and peak stand beside ours. With Chromium there, the page is opened at
the size of a phone and of a desk, and a name near its end is looked for.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from liangming.audit.generate.cells import cells
from liangming.audit.generate.world import Plan, make
from liangming.audit.questions.findings import FINDINGS
from liangming.audit.report.content import Content, Read, gather
from liangming.audit.report.page import page
from liangming.audit.report.press import Press
from liangming.audit.report.table import as_csv, shown, table
from liangming.audit.report.write import write
from liangming.audit.statistics.judging import judge
from liangming.audit.statistics.places import places
from liangming.audit.summary import Told

T = TypeVar("T")
AT = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
CHROMIUM = "/usr/bin/chromium"
SIZES = (("phone", 390, 844), ("desk", 1440, 900))


def fleet(outlets: int, contamination: float) -> Content:
    """A judged fleet."""
    made = cells(make(Plan(seed=21, outlets=outlets, contamination=contamination)))
    here = places(made)
    hard = tuple(Told(one, 0, 0, ()) for one in FINDINGS)  # cells of a synthetic fleet have none
    judged = judge(here)
    return gather(here, judged, hard, Read(int(here.get("checks").sum()), {}, 1, "ab" * 32, AT))


def measured(name: str, deed: Callable[[], T]) -> T:
    """Do something, and say what it cost: our CPU, that of ended children, and peaks so far."""
    cpu, child, wall = time.process_time(), _children(), time.perf_counter()
    done = deed()
    ours, theirs = time.process_time() - cpu, _children() - child
    wall = time.perf_counter() - wall
    size = len(done) if isinstance(done, str | bytes) else 0
    peaks = [resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]  # fmt: skip
    print(
        f"{name:24} {ours:8.2f} s CPU {theirs:8.2f} s press {wall:8.2f} s wall {size:12,} bytes"
        f"  peak {peaks[0]:,} MiB, press {peaks[1]:,} MiB"
    )
    return done


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def opened(place: Path, outlet: str) -> None:
    """Open a page as its readers do."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name, width, height in SIZES:
            visit = browser.new_page(viewport={"width": width, "height": height})
            began = time.perf_counter()
            visit.goto(place.as_uri())
            loaded = time.perf_counter() - began
            paint = visit.evaluate(
                "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
            )
            began = time.perf_counter()
            found = visit.evaluate(
                "name => document.body.textContent.lastIndexOf(name) >= 0", outlet
            )
            sought = time.perf_counter() - began
            nodes, high = visit.evaluate(
                "[document.getElementsByTagName('*').length, document.documentElement.scrollHeight]"
            )
            print(
                f"browser, {name:6} loaded {loaded:.2f} s, first paint {paint:.0f} ms, {nodes:,} elements,"
                f" {high:,} px high, an outlet found: {found} in {sought * 1000:.0f} ms"
            )
            visit.close()
        browser.close()


def main() -> None:
    """Measure one size."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--outlets", type=int, default=5_000)
    ask.add_argument("--contamination", type=float, default=0.05)
    ask.add_argument("--no-browser", action="store_true")
    given = ask.parse_args()
    content = measured("fleet, judged", lambda: fleet(given.outlets, given.contamination))
    print(f"{content.outlets:,} outlets, {content.flagged:,} stand out, {len(content.judged.flags):,} findings")  # fmt: skip
    made = measured("page", lambda: page(content, "zh"))
    measured("print", lambda: Press().pdf(content, "zh"))
    measured("findings.csv", lambda: as_csv(table(content)))
    measured("shown.csv", lambda: as_csv(shown(content)))
    with tempfile.TemporaryDirectory() as name:
        measured("all files", lambda: write(content, Path(name) / "report", press=Press()))
        if not given.no_browser and Path(CHROMIUM).exists():
            place = Path(name) / "report.html"
            place.write_text(made, "utf-8")
            opened(place, content.here.outlet[content.ranked[-1].place])


if __name__ == "__main__":
    main()
