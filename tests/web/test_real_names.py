"""Real people's names go through every page as they are: rare characters, long names, one letter."""

from __future__ import annotations

import html
import json
import unicodedata

import pytest

from liangming.check import Opening, open_check
from liangming.check.journey import choose, show_notice
from liangming.check.present import present
from liangming.check.receipt import code_of
from liangming.check.states import Passed
from liangming.clock import china_date
from liangming.label import Press, Sheet, Shipment, compose
from liangming.label.model import Party
from liangming.law.words import Method
from liangming.method import DocumentShown
from liangming.web.plays.people import card_number

from .test_journeys import tap
from .test_mydata import mine

NAMES = (
    "㐂示",  # extension A
    "𠮷示",  # B
    "𪜶示",  # C
    "𫝀示",  # D
    "𫠝示",  # E
    "𬺰示",  # F
    "𰀀示",  # G
    "𱍐示",  # H
    "〇示",
    "龘",  # one character
    "阿卜杜热合曼·示例·阿卜杜克力木",
    "示例诺尔布·旦增晋美·格桑多吉次仁",
    "Zoë Ñandú O’Example-Şmith",
    "བཀྲ་ཤིས།",
    "ئەلى",
)


def registered(site, name: str, number: str) -> str:
    """The receipt's code of somebody of this name; nobody is turned away for it."""

    async def run() -> str:
        check = (await open_check(site.house, Opening(scene="shili-counter"))).about.id
        await show_notice(site.house, check)
        await choose(site.house, check, Method.DOCUMENT_SEEN)
        # What this Python's Unicode does not know yet is compared by the clerk, not refused.
        unknown = any(unicodedata.category(sign) == "Cn" for sign in name)
        shown = DocumentShown(
            document="resident_card",
            number=number,
            name=name,
            waybill_name=name,
            agrees=True if unknown else None,
        )
        state = await present(site.house, check, shown)
        assert isinstance(state, Passed), name
        return code_of(site.house.keys.token, check)

    return site.run(run())


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_registered_seen_and_taken_along_as_it_is(site, http, name):
    number = card_number()
    code = registered(site, name, number)
    seen = http.post(f"/my/{code}/see", data=mine(number))
    assert name in html.unescape(seen.text)
    copied = http.post(f"/my/{code}/copy", data=mine(number))
    assert json.loads(copied.content)["registered"]["fields"]["name"] == name
    corrected = http.post(f"/my/{code}/correct", data=mine(number, words=f"应为 {name}"))
    assert corrected.status_code in {200, 302, 303}


@pytest.fixture(scope="module")
def press():
    return Press()


@pytest.mark.parametrize("form", ["pdf", "png", "zpl"])
def test_every_name_is_printed_or_replaced_and_told_and_none_is_refused(press, site, form):
    day = china_date(site.clock.now())
    for name in NAMES:
        side = Party(name=name, phone="13800138000", address="示例市示例区示例路88号2号楼")
        label = compose(
            Shipment(
                brand="示例快递",
                waybill="SL1234567890123",
                sort="021-310 08",
                station="示例转运中心",
                grams=500,
                sender=side,
                recipient=side,
            ),
            day,
        )
        assert len(press.print(label, Sheet(), form).content) > 1000, name


@pytest.mark.browser
def test_long_and_rare_names_fit_a_narrow_page(browser, site):
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, base_url=site.plain, java_script_enabled=False
    )
    page = context.new_page()
    for name in (NAMES[10], "𰀀" * 40, "Example" * 9):
        number = card_number()
        page.goto(f"/my/{registered(site, name, number)}/see?size=3")
        page.select_option("#document", "resident_card")
        page.fill("#number", number)
        tap(page, "main form button")
        assert name in page.inner_text("main")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
    context.close()
