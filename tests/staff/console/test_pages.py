"""The console's pages: who opens them, what they say, and what they never say."""

from __future__ import annotations

import re

import pytest

from liangming.web.staff.roles import Role

from .conftest import Figures
from .house import STANDING, WITHDRAWN

PAGES = (
    "/staff/console/",
    "/staff/console/scenes/",
    "/staff/console/scenes/locker-00000",
    "/staff/console/parity/",
    "/staff/console/notices/",
    "/staff/console/consents/",
    "/staff/console/devices/",
    "/staff/console/people/",
)


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_only_an_officer_opens_the_console(figures: Figures, role: str):
    expected = 200 if role == "officer" else 403
    with figures.as_(role) as http:
        assert {path: http.get(path).status_code for path in PAGES} == dict.fromkeys(
            PAGES, expected
        )


def test_nobody_without_a_session_opens_it(figures: Figures):
    with figures.as_("officer") as http:
        http.cookies.clear()
        for path in PAGES:
            assert "/staff/login/" in http.get(path).headers["location"]


def test_the_home_says_in_one_look_what_needs_attention(figures: Figures):
    with figures.as_("officer") as http:
        text = http.get("/staff/console/").text
    found = re.findall(r'<a class="matter( \w+)?" href="([^"]+)".*?<b>(\d*)</b>', text)
    pressing = {where: int(count or 0) for _, where, count in found}
    assert pressing["/staff/console/scenes/?only=unlawful"] >= 1
    assert pressing["/staff/console/parity/?only=out"] == 2
    assert pressing["/staff/console/devices/?only=trouble"] == 1
    assert pressing["/desk/duties"] == 1  # the scene whose face was shut


def test_a_scene_that_is_not_lawful_says_which_rule_article_and_grade(figures: Figures):
    with figures.as_("officer") as http:
        listed = http.get("/staff/console/scenes/?only=unlawful").text
        scene = re.findall(r'href="/staff/console/scenes/([\w-]+)"', listed)[0]
        text = http.get(f"/staff/console/scenes/{scene}").text
    assert "今天不合法" in text
    assert re.search(r"<code>scene\.[\w-]+</code>", text)
    assert "怎么改" in text
    lawful = "/staff/console/scenes/locker-00000"
    with figures.as_("officer", "en-GB") as http:
        text = http.get(lawful).text
    assert "Lawful today" in text
    assert "A: the full text was read" in text
    assert "first noted" in text
    assert "the face is open" in text


def test_a_scene_tells_the_assessment_that_counts_now_and_that_one_was_withdrawn(
    figures: Figures,
):
    def told(scene: str) -> str:
        text = http.get(f"/staff/console/scenes/{scene}").text
        (found,) = re.findall(r"<dt>影响评估</dt><dd>(.*?)</dd>", text)
        return re.sub(r"<[^>]+>", "", found)

    with figures.as_("officer") as http:
        by_file = told("locker-00003")
        assert by_file.endswith("刷脸开放")
        assert figures.assessment in told(STANDING)
        assert told(STANDING).endswith("刷脸开放")
        assert told(WITHDRAWN) == "没有 · 刷脸已停"  # though the scene's file names one
        assert by_file.partition(" ")[0] not in told(WITHDRAWN)


def test_another_operators_scene_device_and_figures_do_not_exist(figures: Figures):
    with figures.as_("officer-elsewhere") as http:
        assert http.get("/staff/console/scenes/locker-00000").status_code == 404
        for path in PAGES:
            if "locker" not in path:
                text = http.get(path).text
                assert "locker-0" not in text
                assert "示例" not in text
                assert "甲柜" not in text


def test_figures_have_intervals_few_people_are_not_shown_and_what_stands_out_comes_first(
    figures: Figures,
):
    with figures.as_("officer") as http:
        text = http.get("/staff/console/parity/").text
    outlets = re.findall(r'<article class="outlet( out)?">(.*?)</article>', text, re.DOTALL)
    assert [bool(out) for out, _ in outlets] == [True, True] + [False] * 8
    assert "其他方式用时是刷脸的" in outlets[0][1]
    assert re.search(r"<b>\d+\.\d%</b> <span class=\"quiet\">\d+\.\d–\d+\.\d</span>", outlets[0][1])
    assert "至少 93.4%" in outlets[1][1]
    assert "300" not in outlets[1][1]  # how many would tell how many did not
    assert "少于 20 次查验，不显示" in outlets[2][1]
    assert "它不是证据" in text


def test_lists_turn_pages_keep_their_filter_and_survive_any_address(figures: Figures):
    with figures.as_("officer") as http:
        first = http.get("/staff/console/parity/?sort=scene&per=10").text
        [after] = re.findall(r'href="(\?[^"]+)" rel="next"', first)
        assert "sort=scene" in after
        second = http.get("/staff/console/parity/" + after.replace("&amp;", "&")).text
        assert "locker-00010" in second
        assert "locker-00000" not in second
        for odd in ("?page=0", "?page=99999999", "?page=x&per=7", "?only=<b>&kind=x&month=190001"):
            answer = http.get(f"/staff/console/parity/{odd}")
            assert answer.status_code == 200
            assert "<b>&" not in answer.text
        out = http.get("/staff/console/parity/?only=out").text
        assert out.count('<article class="outlet') == 2
        empty = http.get("/staff/console/parity/?kind=vending.payment").text
        assert 'class="nothing"' in empty


def test_an_outlet_is_found_by_name_without_standing_in_an_address(figures: Figures):
    with figures.as_("officer") as http:
        origin = {"Origin": figures.base}
        found = http.post("/staff/console/parity/", data={"find": "示例17"}, headers=origin).text
        assert found.count('<article class="outlet') == 1
        assert "示例17号柜" in found
        nothing = http.post("/staff/console/parity/", data={"find": "<i>"}, headers=origin).text
        assert "没有找到这样的网点" in nothing
        assert "<i>" not in nothing
        foreign = http.post(
            "/staff/console/parity/", data={"find": "x"}, headers={"Origin": "https://else.where"}
        )
        assert foreign.status_code == 403


def test_notices_tell_digest_languages_and_where(figures: Figures):
    with figures.as_("officer") as http:
        listed = http.get("/staff/console/notices/").text
        digest = re.findall(r"/staff/console/notices/([0-9a-f]{64})", listed)[0]
        text = http.get(f"/staff/console/notices/{digest}").text
        assert digest in text
        assert 'lang="en"' in text
        assert http.get("/staff/console/notices/" + "0" * 64).status_code == 404


def test_devices_show_gaps_and_forks(figures: Figures):
    with figures.as_("officer") as http:
        text = http.get("/staff/console/devices/?only=trouble").text
    assert "乙柜" in text
    assert "甲柜" not in text
    assert "缺 2 个序号" in text
    assert "1 处分叉" in text


def test_no_page_is_kept_by_a_cache_or_loads_what_is_foreign(figures: Figures):
    with figures.as_("officer") as http:
        for path in PAGES:
            answer = http.get(path)
            assert answer.headers["cache-control"] == "no-store"
            assert "style=" not in answer.text  # the policy would drop it
            assert not re.findall(r'(?:src|href)="(?:https?:)?//', answer.text)


def test_an_officer_sees_their_own_people_and_changes_none(figures: Figures):
    with figures.as_("officer") as http:
        text = http.get("/staff/console/people/").text
        assert "<code>inspector</code>" in text
        assert "elsewhere" not in text
        assert '<form method="post"' not in text
        clerks = http.get("/staff/console/people/?role=clerk").text
        assert "<code>clerk</code>" in clerks
        assert "<code>manager</code>" not in clerks
        answer = http.post("/staff/console/people/", headers={"Origin": figures.base})
        assert answer.status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/staff/console/scenes/?only=face&kind=parcel.send.locker&page=2&per=25",
        "/staff/console/parity/?only=face&kind=parcel.send.locker&sort=checks&month=202611&page=2&per=10",
        "/staff/console/devices/?only=trouble",
        "/staff/console/people/?role=clerk",
        "/desk/selfcheck?operator=yangli-station&items=full",
    ],
)
def test_another_language_or_size_keeps_the_filter_and_the_page(figures: Figures, path: str):
    asked = sorted(path.partition("?")[2].split("&"))
    with figures.as_("officer") as http:
        links = re.findall(r'class="language" href="([^"]+)"', http.get(path).text)
        assert len(links) == 2
        for link in links:
            where, _, query = link.replace("&amp;", "&").partition("?")
            assert where == path.partition("?")[0]
            (own,) = [each for each in query.split("&") if each.startswith(("lang=", "size="))]
            assert sorted({*query.split("&")} - {own}) == asked
        odd = "?only=110105194912310021&kind=13800138000&sort=<b>&role=%22"
        again = http.get("/staff/console/parity/" + odd).text
        assert "110105194912310021" not in again
        assert "13800138000" not in again


def test_a_search_in_another_language_begins_where_it_was_asked(figures: Figures):
    with figures.as_("officer") as http:
        origin = {"Origin": figures.base}
        found = http.post("/staff/console/parity/", data={"find": "示例17"}, headers=origin).text
        assert 'href="/staff/console/parity/?lang=en"' in found
        assert "示例17" not in http.get("/staff/console/parity/?lang=en").text.split("<main>")[0]
