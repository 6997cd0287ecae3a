"""What the pages answer, without a browser: order, safety, privacy."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import timedelta

import httpx
import pytest

from liangming import access
from liangming.check.read import events, read
from liangming.web.plays.people import card_number

from .conftest import Site

SCENE = "/s/shili-counter"


def form_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))


def choose(http: httpx.Client, way: str, scene: str = SCENE) -> str:
    answer = http.post(scene, data={**form_of(http.get(scene).text), "way": way})
    assert answer.status_code == 302, answer.text
    return answer.headers["location"]


def test_looking_at_the_page_opens_no_check(site: Site, http):
    before = site.run(site.house.store.counts())
    assert http.get(SCENE).status_code == 200
    assert site.run(site.house.store.counts()) == before


def test_the_first_choice_proves_the_notice_before_the_choice(site: Site, http):
    check = choose(http, "document.seen").rpartition("/")[2]
    tags = [leaf.tag for leaf in site.run(events(site.house, check))]
    assert tags == ["check:check:opened", "check:notice:shown", "check:method:chosen"]


def test_a_form_sent_twice_opens_one_check(http):
    form = {**form_of(http.get(SCENE).text), "way": "document.seen"}
    first, second = http.post(SCENE, data=form), http.post(SCENE, data=form)
    assert first.headers["location"] == second.headers["location"]


def test_a_choice_under_an_old_notice_is_sent_back_to_the_new_one(http):
    form = {**form_of(http.get(SCENE).text), "way": "document.seen", "notice": "0" * 64}
    assert http.post(SCENE, data=form).status_code == 409


def test_a_form_from_another_site_is_not_carried_out(site: Site, http):
    form = {**form_of(http.get(SCENE).text), "way": "document.seen"}
    before = site.run(site.house.store.counts())
    for header in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ):
        assert http.post(SCENE, data=form, headers=header).status_code == 403
    assert site.run(site.house.store.counts()) == before


def test_a_long_or_endless_form_is_refused_before_it_is_read(http):
    assert http.post(SCENE, data={"way": "x" * 20_000}).status_code == 413

    def endless():
        yield b"way=1"

    assert http.post(SCENE, content=endless()).status_code == 413


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/s/none",
        "/c/chk_no",
        "/r/chk_00000000000000000000000000",
        "/r/rct_00000000000000000000000000",
        "/demo/N99",
    ],
)
def test_an_unknown_address_is_a_calm_page_in_both_languages(http, path):
    for language, word in (("zh", "请留意"), ("en", "Please note")):
        answer = http.get(path, params={"lang": language})
        assert (answer.status_code, word in answer.text) == (404, True)


def test_an_unknown_host_is_turned_away(http):
    assert http.get("/", headers={"Host": "elsewhere.example"}).status_code == 400


def test_every_answer_carries_the_headers_that_keep_it_closed(http):
    for path in ("/", SCENE, "/desk", "/demo", "/nowhere"):
        headers = http.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'; ")
        assert ("script-src" in headers["content-security-policy"]) == path.startswith("/desk")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"


def test_a_sender_gets_no_cookie_unless_a_language_was_chosen(http):
    assert "set-cookie" not in http.get(SCENE).headers
    assert http.get(SCENE, params={"lang": "en"}).headers["set-cookie"].startswith("lang=en;")
    assert 'lang="en"' in http.get(SCENE).text


def test_the_browser_language_decides_where_nothing_was_chosen(site: Site):
    for accepts, lang in (("en-GB,en;q=0.9", "en"), ("zh-TW", "zh-Hans"), ("fr", "zh-Hans")):
        page = httpx.get(site.demo + SCENE, headers={"Accept-Language": accepts}).text
        assert f'<html lang="{lang}">' in page


def test_the_first_load_is_small_and_needs_no_script(http):
    page = http.get(SCENE, headers={"Accept-Encoding": "gzip"})
    loads = re.findall(r'<link rel="\w+" href="([^"]+)"', page.text)
    sizes = [int(page.headers["content-length"])]
    sizes += [
        int(http.get(path, headers={"Accept-Encoding": "gzip"}).headers["content-length"])
        for path in loads
    ]
    assert "<script" not in page.text
    assert len(sizes) <= 3
    assert sum(sizes) <= 8 * 1024, sizes


def test_a_senders_page_carries_exactly_the_style_that_its_policy_names_and_a_desk_keeps_a_file(
    http,
):
    for path in ("/", SCENE, "/my", "/report", "/nowhere"):
        answer = http.get(path)
        (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        policy = answer.headers["content-security-policy"]
        assert f"style-src 'self' 'sha256-{digest}';" in policy
        assert "unsafe" not in policy
        assert ' style="' not in answer.text
    desk = http.get("/desk/at/shili-counter").text
    assert "<style>" not in desk
    assert re.search(r'<link rel="stylesheet" href="/static/\w+/liangming.css">', desk)


def test_after_a_scan_another_language_leads_back_to_the_desk(http):
    compare = http.post("/desk/at/shili-counter/scan", data={"scan": card_number()}).text
    assert 'href="/desk/at/shili-counter?lang=en"' in compare
    where = re.findall(r'action="(/desk/check/chk_\w+/show)"', compare)[0]
    again = http.post(where, data={"scan": card_number()}).text
    assert f'href="{where.removesuffix("/show")}?lang=en"' in again


def test_a_number_entered_at_the_desk_is_on_no_page_and_in_no_address(site: Site, http):
    number = card_number()
    compare = http.post("/desk/at/shili-counter/scan", data={"scan": number})
    assert number not in compare.text
    form = form_of(compare.text)
    where = re.search(r'action="(/desk/check/chk_\w+/show)"', compare.text)
    assert where is not None
    done = http.post(where[1], data={**form, "agrees": "yes"})
    outcome = http.get(done.headers["location"])
    assert "通过" in outcome.text
    receipt = http.get(site.receipt(done.headers["location"].rpartition("/")[2]))
    assert receipt.status_code == 200
    assert number not in outcome.text + receipt.text + done.headers["location"]


def test_an_entry_is_forgotten_after_two_minutes_and_fits_no_other_check(site: Site, http):
    def compare() -> tuple[str, dict[str, str]]:
        page = http.post("/desk/at/shili-counter/scan", data={"scan": card_number()}).text
        return re.findall(r'action="(/desk/check/chk_\w+/show)"', page)[0], form_of(page)

    (first, held), (second, _) = compare(), compare()
    assert http.post(second, data={**held, "agrees": "yes"}).status_code == 409
    site.clock.move(timedelta(minutes=3))
    assert http.post(first, data={**held, "agrees": "yes"}).status_code == 409


def test_a_check_whose_time_is_over_says_so_and_takes_nothing(site: Site, http):
    path = choose(http, "document.seen")
    site.clock.move(timedelta(hours=2))
    try:
        answer = http.get(path)
        assert (answer.status_code, "已超时" in answer.text) == (409, True)
        assert "已超时" in http.get(site.receipt(path.removeprefix("/c/"))).text
    finally:
        site.clock.move(timedelta(hours=-2))


def test_declining_a_face_changes_nothing_else_and_is_not_asked_again(site: Site, http):
    path = choose(http, "face", "/s/yangli-locker-send")
    consent = http.get(path).headers["location"]
    page = http.get(consent).text
    assert page.index("不同意刷脸") < page.index("单独同意刷脸")
    assert http.post(consent, data={"answer": "no"}).status_code == 302
    after = http.get(path).text
    assert 'value="face"' not in after
    check = path.rpartition("/")[2]
    state = site.run(read(site.house, check))
    assert [m.value for m in state.journey.declined] == ["face"]
    again = http.post(f"{path}/choose", data={"way": "face"})
    assert again.status_code == 409


def test_the_desk_opens_with_its_own_key_only(site: Site):
    with httpx.Client(base_url=site.plain) as desk:
        assert desk.get("/desk").headers["location"] == "/desk/signin"
        assert desk.get("/desk/at/shili-counter").status_code == 401
        for wrong in (
            "",
            "lmk_x",
            site.weak_key,
            site.key[:-1] + ("1" if site.key.endswith("0") else "0"),
        ):
            assert desk.post("/desk/signin", data={"key": wrong}).status_code in {302, 401}
            assert "desk" not in desk.cookies or wrong == site.key
        answer = desk.post("/desk/signin", data={"key": site.key})
        cookie = answer.headers["set-cookie"]
        assert {"HttpOnly", "SameSite=Strict", "Path=/desk"} <= set(cookie.split("; "))
        desk.cookies.clear()
        session = {"Cookie": cookie.split(";")[0]}
        assert desk.get("/desk/at/shili-counter", headers=session).status_code == 200
        assert desk.get("/desk/at/yangpin-metro", headers=session).status_code == 403
        forged = {"Cookie": session["Cookie"][:-1] + "z"}
        assert desk.get("/desk/at/shili-counter", headers=forged).status_code == 401
        site.clock.move(timedelta(hours=11))
        try:
            assert desk.get("/desk/at/shili-counter", headers=session).status_code == 401
        finally:
            site.clock.move(timedelta(hours=-11))


def test_a_key_limited_to_a_scene_opens_its_desk_and_no_other(site: Site):
    async def made() -> str:
        return await access.create(
            site.house,
            name="till",
            operator="shili-express",
            scopes=["desk"],
            scenes=["shili-counter"],
        )

    with httpx.Client(base_url=site.plain) as desk:
        desk.post("/desk/signin", data={"key": site.run(made())})
        assert desk.get("/desk/at/shili-counter").status_code == 200
        assert desk.get("/desk/at/shili-doorstep").status_code == 403
        places = desk.get("/desk").text
        assert "/desk/at/shili-counter" in places
        assert "/desk/at/shili-doorstep" not in places


def test_the_demo_is_not_there_in_earnest(site: Site):
    assert httpx.get(site.plain + "/demo").status_code == 404
    assert "虚构" not in httpx.get(site.plain + SCENE).text
