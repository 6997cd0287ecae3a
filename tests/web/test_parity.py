"""Parity, measured on the rendered page: nobody can tell which way the operator would like."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path

import pytest

from liangming.parity import judge
from liangming.parity.chromium import measure
from liangming.scene import load_scene_file

from .conftest import EXAMPLES
from .test_texts import BAIT

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]

SIZES = {"phone": (390, 844), "desktop": (1280, 900), "kiosk": (1080, 1920)}
LOADED = {s.id: s for path in Path(EXAMPLES).glob("*.toml") for s in load_scene_file(path)}
SCENES = sorted(LOADED)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_card_of_every_scene_is_alike(browser, site, size, scheme):
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, base_url=site.demo
    )
    page = context.new_page()
    for scene in SCENES:
        for language in ("zh", "en"):
            page.goto(f"/s/{scene}?lang={language}")
            where = f"{scene} {language} {size}"
            cards = measure(page, select=".cards button")
            assert judge(cards) == (), where
            assert len({card.x for card in cards.options}) == 1, where
            assert [card.seen for card in cards.options] == [c.told for c in cards.options], where
            last = ["face"] if LOADED[scene].face is not None else []  # devices of the demo
            assert [card.kind for card in cards.options if card.kind != "way"] == last, where
            assert not last or cards.options[-1].kind == "face", where
            words = " ".join(card.text for card in cards.options)
            assert re.findall(BAIT, words, re.IGNORECASE) == [], where
            assert cards.options[0].height >= (60 if size == "kiosk" else 44), where
            assert page.evaluate("document.documentElement.scrollWidth") <= width, where
    context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_to_a_face_is_first_and_looks_like_yes(browser, site, language):
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=site.demo)
    page = context.new_page()
    page.goto(f"/s/yangli-locker-send?lang={language}")
    page.click("button[value=face]")
    page.wait_for_selector("button[value=no]")
    asked = measure(page)
    context.close()
    assert [option.kind for option in asked.options] == ["no", "yes"]
    assert judge(asked) == ()


def test_without_being_told_the_checker_finds_the_cards_of_a_scene_and_no_fault(browser, site):
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=site.demo)
    page = context.new_page()
    for language in ("zh", "en"):
        page.goto(f"/s/yangli-locker-send?lang={language}")
        guessed, told = measure(page), measure(page, select=".cards button")
        assert [o.text for o in guessed.options] == [o.text for o in told.options]
        assert judge(guessed) == ()
    context.close()


@pytest.mark.parametrize("width", [320, 390])
def test_pages_reflow_on_narrow_screens_and_at_twice_the_text(browser, site, width):
    context = browser.new_context(viewport={"width": width, "height": 844}, base_url=site.demo)
    page = context.new_page()
    for path in ("/", "/s/shili-counter", "/demo", "/demo/N1", "/desk/at/shili-counter"):
        for percent in (100, 200):
            page.goto(path)
            page.evaluate(f"document.documentElement.style.fontSize = '{percent}%'")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, percent)
    context.close()


def _tool():
    spec = importlib.util.spec_from_file_location("parity_tool", ROOT / "tools/parity.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclass looks there
    spec.loader.exec_module(module)
    return module


def test_the_report_in_the_docs_covers_every_scene_and_says_what_is_measured_here(browser, site):
    tool = _tool()
    text = (ROOT / "docs/parity.md").read_text("utf-8")
    cells = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    rows = {row[0]: row for row in cells[1:]}
    wanted = set(SCENES) | {f"{s} · consent" for s in SCENES if LOADED[s].face is not None}
    assert set(rows) == wanted
    assert f"{64 * len(wanted)} renderings, 0 findings." in text
    context = browser.new_context(base_url=site.demo)
    told = tool.survey(context.new_page(), "/s/yangpin-metro")
    context.close()
    measured = tool.row(told).strip("| ").split(" | ")
    # Heights differ with fonts; what is counted does not.
    assert [measured[n] for n in (0, 1, 2, 3, 4, 8)] == [
        rows["yangpin-metro"][n] for n in (0, 1, 2, 3, 4, 8)
    ]
