"""Parity, measured on the rendered page: nobody can tell which way the operator would like."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from liangming.scene import load_scene_file

from .conftest import EXAMPLES
from .test_texts import BAIT

pytestmark = pytest.mark.browser

SIZES = {"phone": (390, 844), "desktop": (1280, 900), "kiosk": (1080, 1920)}
SCENES = sorted(
    scene.id for path in Path(EXAMPLES).glob("*.toml") for scene in load_scene_file(path)
)
MEASURE = """() => [...document.querySelectorAll('.cards button')].map(card => {
  const box = card.getBoundingClientRect(), look = e => {
    const s = getComputedStyle(e);
    return [s.fontSize, s.fontWeight, s.fontFamily, s.color, s.backgroundColor, s.borderColor,
            s.borderWidth, s.opacity, s.boxShadow, s.textDecorationLine].join('|');
  };
  return {value: card.value, width: Math.round(box.width * 10), height: Math.round(box.height * 10),
          left: Math.round(box.left * 10), top: box.top, look: [card, ...card.querySelectorAll('*')].map(look).join(' ; '),
          text: card.innerText, disabled: card.disabled, overflow: card.scrollWidth > card.clientWidth};
})"""


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
            cards = page.evaluate(MEASURE)
            where = f"{scene} {language} {size}"
            assert cards, where
            assert len({(c["width"], c["height"], c["left"]) for c in cards}) == 1, where
            assert len({c["look"] for c in cards}) == 1, where
            assert [c["top"] for c in cards] == sorted(c["top"] for c in cards), where
            values = [c["value"] for c in cards]
            assert "face" not in values[:-1], where
            assert not any(c["disabled"] or c["overflow"] for c in cards), where
            selected = "[checked],[selected],[aria-pressed=true],[aria-checked=true],[autofocus]"
            assert page.locator(selected).count() == 0, where
            assert re.findall(BAIT, " ".join(c["text"] for c in cards), re.IGNORECASE) == [], where
            assert cards[0]["height"] >= (600 if size == "kiosk" else 440), where
            assert page.evaluate("document.documentElement.scrollWidth") <= width, where
    context.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_to_a_face_is_first_and_looks_like_yes(browser, site, language):
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=site.demo)
    page = context.new_page()
    page.goto(f"/s/yangli-locker-send?lang={language}")
    page.click("button[value=face]")
    page.wait_for_selector("button[value=no]")
    no, yes = page.evaluate(MEASURE)
    context.close()
    assert (no["value"], yes["value"]) == ("no", "yes")
    assert (no["width"], no["height"], no["look"]) == (yes["width"], yes["height"], yes["look"])
    assert max(len(no["text"]), len(yes["text"])) <= 1.2 * min(len(no["text"]), len(yes["text"]))


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
