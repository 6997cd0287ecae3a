"""The officer's pages of notices: one drafts, another approves, the change is shown first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe

from liangming.clock import china_date
from liangming.governance import notices
from liangming.governance.notices.states import begins
from liangming.notice import families

from .conftest import Site
from .test_duties import signed_in

FAMILY = "parcel-letter"
PAGE = f"/desk/notices/{FAMILY}"


@pytest.fixture
def _as_before(site: Site):
    """Clock and shelf stand for all tests: they are put back."""
    before = site.clock.now()
    yield
    site.clock.set(before)
    site.house.shelf.put(())


def sent(site: Site, **changed: str) -> dict[str, str]:
    wording = families()[FAMILY]
    form = {f"zh.{kind}": text for kind, text in wording.zh.items()}
    form |= {f"en.{kind}": text for kind, text in wording.en.items()}
    since = (china_date(site.clock.now()) + timedelta(days=1)).isoformat()
    return {**form, "do": "draft", "change": "first", "since": since, **changed}


@pytest.mark.usefixtures("_as_before")
def test_one_key_drafts_another_approves_and_people_are_told_from_midnight_on(site: Site, http):
    with (
        signed_in(site, "desk", "rights") as one,
        signed_in(site, "desk", "rights") as two,
        signed_in(site, "desk", "rights", operator="somebody-else") as other,
    ):
        assert other.get(PAGE).status_code == 404
        bad = one.post(PAGE, data=sent(site, **{"zh.why": "没有目的"}))
        assert bad.status_code == 422
        assert "没有目的" in bad.text
        assert one.post(PAGE, data=sent(site, since="2020-01-01")).status_code == 422
        assert one.post(PAGE, data=sent(site, since="x")).status_code == 422
        wish = sent(site, **{"zh.need": "信件不查验身份，请放心。"})
        assert one.post(PAGE, data=wish).status_code == 302
        shown = two.get(PAGE).text
        assert "<ins>" in shown
        assert "等待第二个人批准" in two.get("/desk/duties").text
        (state,) = [
            s for s in site.run(notices.listed(desk_of(site), "shili-express", FAMILY)) if s
        ]
        same = one.post(PAGE, data={"do": "approve", "number": state.id})
        assert same.status_code == 422
        assert "起草的人不能自己批准" in same.text
        assert other.post(PAGE, data={"do": "approve", "number": state.id}).status_code == 404
        assert two.post(PAGE, data={"do": "approve", "number": state.id}).status_code == 302
        assert "已批准，未到生效日" in two.get(PAGE).text
        site.clock.set(begins(state.since))
    with signed_in(site, "desk", "rights") as two:  # the shift of the day before is over
        assert "生效中" in two.get(PAGE).text
        assert f"{FAMILY}@1001" in two.get("/desk/notices").text


def desk_of(site: Site):
    from liangming.rights import RightsDesk
    from liangming.storage import open_docket

    return RightsDesk(premises=site.house, docket=open_docket(site.house.store))


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_pages_have_no_barrier_and_fit_a_phone(browser, site: Site, scheme: str):
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="zh-CN", color_scheme=scheme,
        base_url=site.demo,
    )  # fmt: skip
    page = context.new_page()
    for where in ("/desk/notices", "/desk/notices/face"):
        page.goto(where)
        for summary in page.locator("summary").all():
            summary.click()
        assert Axe().run(page).violations_count == 0, where
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, where
    context.close()
