"""The incidents on the centre's own pages: what happened then cannot happen here."""

from __future__ import annotations

import re

import pytest

from liangming.check import present
from liangming.check.codes import issue_order_code
from liangming.check.confirmed import face_message
from liangming.check.read import read
from liangming.check.states import Consented
from liangming.method import FaceShown
from liangming.parity import judge
from liangming.parity.chromium import measure
from liangming.web.plays.people import card_number, credit_code

from .test_journeys import at_the_counter, check_of, tap
from .test_texts import BAIT

pytestmark = pytest.mark.browser


@pytest.fixture
def kiosk(browser, site):
    """A shared screen, 1080×1920, without script."""
    context = browser.new_context(
        viewport={"width": 1080, "height": 1920},
        locale="zh-CN",
        base_url=site.demo,
        java_script_enabled=False,
    )
    yield context.new_page()
    context.close()


def spoken(clerk, scene: str, way: str, shown: str, answer: str = "1") -> str:
    """Somebody without a phone says a way; what the desk then says."""
    clerk.goto(f"/desk/at/{scene}")
    tap(clerk, f"button[name=way][value='{way}']")
    clerk.fill("#scan", shown)
    tap(clerk, ".scan button")
    if clerk.locator("button[name=agrees]").count():
        tap(clerk, f"[data-key='{answer}']")
    return clerk.inner_text(".big")


def device_says(site, check: str, outcome: str) -> None:
    """The device's own signed word about one check; it carries no score and no picture."""
    state = site.run(read(site.faced, check))
    assert isinstance(state, Consented)
    message = face_message(check, state.nonce, state.device, outcome)
    shown = FaceShown(
        device=state.device,
        outcome=outcome,
        nonce=state.nonce,
        signature=site.device_key.sign(message).hex(),
    )
    site.run(present(site.faced, check, shown))


def to_the_device(kiosk) -> str:
    """Choose the face, agree, stand before the device: the check's id."""
    tap(kiosk, "button[value=face]")
    tap(kiosk, "button[value=yes]")
    return check_of(kiosk)


def test_n1_verified_at_order_is_seen_at_the_door_and_no_face_is_there_to_ask(visitor, clerk, site):
    visitor.goto("/s/shili-counter")
    tap(visitor, "button[value='document.seen']")
    check = check_of(visitor)
    at_the_counter(clerk, check, card_number())
    code = site.run(issue_order_code(site.house, check))
    clerk.goto("/desk/at/shili-doorstep")
    assert clerk.locator("[value=face]").count() == 0
    clerk.fill("#scan", code)
    tap(clerk, ".scan button")
    tap(clerk, "[data-key='1']")
    assert "看证件，不再采集" in clerk.inner_text(".big")
    visitor.goto("/s/shili-doorstep")
    assert visitor.locator("[value=face]").count() == 0
    assert "人脸" not in visitor.inner_text("main")


def test_n2_counter_and_doorstep_of_one_company_ask_for_the_same(visitor):
    asked = []
    for scene in ("shili-counter", "shili-doorstep"):
        visitor.goto(f"/s/{scene}")
        ways = visitor.locator(".cards button").evaluate_all("all => all.map(b => b.value)")
        purpose = visitor.locator(".notice > li").nth(1).inner_text()
        asked.append((ways, purpose.partition("。")[2]))  # what follows the channel's own name
    assert "查验并登记寄件人身份" in asked[0][1]
    assert asked[0] == asked[1]


def test_n3_whoever_asks_why_gets_one_sentence_with_its_article_on_every_page(visitor, clerk):
    clerk.goto("/desk/at/shili-counter")
    pages = [clerk.inner_text(".why p")]
    tap(clerk, "button[name=way][value='document.seen']")
    pages.append(clerk.inner_text(".why p"))
    clerk.fill("#scan", card_number())
    tap(clerk, ".scan button")
    pages.append(clerk.inner_text(".why p"))
    assert all("《快递暂行条例》" in said and "第二十三条" in said for said in pages)
    visitor.goto("/s/shili-counter")
    assert "快递暂行条例" in visitor.content()


def test_n4_organisations_agreements_and_letters_go_as_the_law_says(clerk, visitor):
    both = f"{credit_code()}/{card_number()}"
    assert "通过" in spoken(clerk, "shili-counter", "organisation", both)
    assert "通过" in spoken(clerk, "shili-agreement", "agreement", "demo-agreement-1")
    clerk.goto("/desk/at/shili-counter")
    assert clerk.locator("[value=face]").count() == 0
    visitor.goto("/s/shili-letter")
    assert visitor.locator("[value=face]").count() == 0


def test_n5_a_printed_photo_opens_nothing_takes_nothing_and_the_code_is_still_there(kiosk, site):
    kiosk.goto("/k/yangli-locker-collect")
    ways = kiosk.locator(".cards button").evaluate_all("all => all.map(b => b.value)")
    assert ways[0] == "pickup-code"
    assert ways[-1] == "face"
    check = to_the_device(kiosk)
    device_says(site, check, "no-match")  # the device saw a photo of a photo
    kiosk.goto(f"/c/{check}")
    text = kiosk.inner_text("main")
    assert "这不是拒绝，其他方式照常可用" in text
    assert "通过" not in text
    left = kiosk.locator(".cards button").evaluate_all("all => all.map(b => b.value)")
    assert left[0] == "pickup-code"
    tap(kiosk, "button[value='pickup-code']")
    assert "取件" in kiosk.inner_text("h1")
    tags = [leaf.tag for leaf in site.run(site.house.store.leaves(check))]
    assert "check:outcome:passed" not in tags
    assert kiosk.goto(f"/r/{check}").status == 404


def test_n6_a_vending_machine_asks_nobody_who_they_are_and_gives_a_face_back_in_one_tap(
    kiosk, site
):
    kiosk.goto("/k/yangpin-metro")
    assert kiosk.locator("main input:not([type=hidden])").count() == 0  # no phone number, no name
    assert kiosk.locator("[value=face]").count() == 0
    ways = kiosk.locator(".cards button").evaluate_all("all => all.map(b => b.value)")
    assert {"payment-code", "cash"} <= set(ways)
    kiosk.goto("/k/yangpin-campus")
    assert kiosk.locator("main input:not([type=hidden])").count() == 0
    assert kiosk.locator(".cards button").last.get_attribute("value") == "face"
    check = to_the_device(kiosk)
    tap(kiosk, "form[action$='/withdraw'] button")
    assert kiosk.locator("[value=face]").count() == 0
    assert "本次不会再问" in kiosk.inner_text("main")
    tags = [leaf.tag for leaf in site.run(site.house.store.leaves(check))]
    assert tags[-2:] == ["check:method:declined", "check:consent:withdrawn"]
    tap(kiosk, "footer a >> nth=0")  # deletion and complaint from the same screen
    assert kiosk.locator("#code").count() == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_n7_no_dark_pattern_on_the_kiosk_before_during_and_after_a_no(browser, site, language):
    context = browser.new_context(
        viewport={"width": 1080, "height": 1920},
        base_url=site.demo,
        locale="zh-CN" if language == "zh" else "en-GB",
    )
    page = context.new_page()
    page.goto("/k/yangpin-campus")
    before = measure(page, select=".cards button")
    assert judge(before) == ()
    assert page.locator("[aria-checked], [checked], .selected, [autofocus]").count() == 0
    assert re.findall(BAIT, page.inner_text("main"), re.IGNORECASE) == []
    tap(page, "button[value=face]")
    asked = measure(page)
    assert [option.kind for option in asked.options] == ["no", "yes"]
    assert judge(asked) == ()
    tap(page, "button[value=no]")  # one tap
    after = measure(page, select=".cards button")
    texts = [option.text for option in before.options if option.kind != "face"]
    assert [option.text for option in after.options] == texts
    assert [o.height for o in after.options] == [o.height for o in before.options][:-1]
    assert page.locator("[value=face]").count() == 0
    page.reload()  # and it is not asked again
    assert page.locator("[value=face]").count() == 0
    context.close()
