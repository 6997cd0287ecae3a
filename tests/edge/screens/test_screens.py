"""The incidents at the machine's own screen, 1080×1920, in a real browser."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from tests.edge.conftest import STAFF, Centre
from tests.patience import PATIENCE

from liangming.edge.agent.enrolment import Enrolment
from liangming.edge.agent.machine import Machine
from liangming.edge.agent.server import Door
from liangming.edge.agent.simulated import SimulatedParts
from liangming.method import pickup
from liangming.method.limits import TOO_MANY_TRIES

pytestmark = pytest.mark.browser

TOUCH = (
    112  # pixels: 20 mm where 1080 of them are 194 mm, on the smallest such screen (15.6 inches)
)
QUICK = 0.2  # of a camera's pace, where nobody has to press anything while it is open
Opened = tuple[Any, Machine, list[str]]
TOUCHED = "button:visible, a:visible, header label, main input:visible"
Opener = Callable[..., Opened]


@pytest.fixture
def opened(centre: Centre, chromium: Any, tmp_path: Path) -> Iterator[Opener]:
    """A machine that runs, its screen, and every address the screen asked for."""
    with contextlib.ExitStack() as stack:

        def open_(parts: SimulatedParts | None, **about: Any) -> Opened:
            listener = socket.socket()
            listener.bind(("127.0.0.1", 0))
            port = listener.getsockname()[1]
            machine = centre.machine(tmp_path, parts, port=port, **about)
            stack.callback(machine.close)
            server = uvicorn.Server(
                uvicorn.Config(Door(machine).app(), lifespan="off", log_level="error", ws="none")
            )
            thread = threading.Thread(
                target=lambda: asyncio.run(server.serve(sockets=[listener])), daemon=True
            )
            thread.start()

            def stop() -> None:
                server.should_exit = True
                thread.join(PATIENCE)
                listener.close()

            stack.callback(stop)
            context = chromium.new_context(viewport={"width": 1080, "height": 1920})
            stack.callback(context.close)
            page = context.new_page()
            asked: list[str] = []
            page.on("request", lambda request: asked.append(request.url))
            page.goto(f"http://127.0.0.1:{port}/", wait_until="load")
            return page, machine, asked

        yield open_


def tap(page: Any, what: str) -> None:
    """Press what leads to another page, and be there."""
    with page.expect_navigation(wait_until="load"):
        page.click(what)


def deposited(machine: Machine, parcel: str = "P-1") -> str:
    return machine.deposit(STAFF, parcel)[1]


def settled(page: Any) -> None:
    """Be on the page that says what came of the look."""
    page.wait_for_url("**/face/end", wait_until="load", timeout=60_000)


def test_n5_a_printed_photo_opens_nothing_and_the_code_opens_its_cell(opened: Opener) -> None:
    page, machine, asked = opened(SimulatedParts(attack="print-cut-eyes", pace=QUICK))
    code = deposited(machine)
    before = len(machine.cells._door.opened)
    tap(page, "text=证件和本机人脸")
    assert "人脸" in page.inner_text("main")
    tap(page, "button[value=yes]")
    settled(page)
    assert machine.cells._door.opened[before:] == []
    assert "留下 0 帧" in page.inner_text("main")
    tap(page, "text=用其他方式")
    tap(page, "text=凭取件码取件")
    page.fill("#code", code)
    tap(page, "button.go")
    assert "1 号格口已打开" in page.inner_text("h1")
    assert {url.split("/")[2] for url in asked} == {page.url.split("/")[2]}


def test_a_mistyped_code_can_be_entered_again_or_another_way_be_taken(opened: Opener) -> None:
    page, machine, _ = opened(SimulatedParts())
    code = deposited(machine)
    tap(page, "text=凭取件码取件")
    page.fill("#code", "00000000")
    tap(page, "button.go")
    assert "无效" in page.inner_text("[role=alert]")
    assert page.locator("text=全部方式").is_visible()
    tap(page, "text=再输一次")
    page.fill("#code", code)
    tap(page, "button.go")
    assert "1 号格口已打开" in page.inner_text("h1")


def test_the_person_passes_and_is_told_that_nothing_was_kept(opened: Opener) -> None:
    page, machine, _ = opened(SimulatedParts())
    tap(page, "text=证件和本机人脸")
    tap(page, "button[value=yes]")
    assert "摄像头已打开" in page.inner_text(".sign")
    assert page.locator("text=停止，用其他方式").is_visible()
    settled(page)
    text = page.inner_text("main")
    assert "核验通过" in text
    assert "留下 0 帧" in text
    assert machine.cells._door.opened == [1]


def test_stopping_is_one_touch_while_the_camera_is_open(opened: Opener) -> None:
    page, machine, _ = opened(SimulatedParts())
    tap(page, "text=证件和本机人脸")
    tap(page, "button[value=yes]")
    tap(page, "text=停止，用其他方式")
    assert page.url.endswith("/")
    tags = [one.entry.tag for one in machine.journal.waiting()]
    assert tags == ["device:face:declined"]


def test_n7_no_stands_first_is_as_large_as_yes_and_costs_nothing(opened: Opener) -> None:
    page, _, _ = opened(SimulatedParts())
    home = page.locator(".ways li").count()
    tap(page, "text=证件和本机人脸")
    boxes = [box.bounding_box() for box in page.locator(".ways button").all()]
    assert page.locator(".ways button").first.get_attribute("value") == "no"
    assert {(round(b["width"]), round(b["height"])) for b in boxes} == {
        (round(boxes[0]["width"]), round(boxes[0]["height"]))
    }
    tap(page, "button[value=no]")
    assert page.url.endswith("/")
    assert page.locator(".ways li").count() == home


def test_n7_the_face_stands_last_and_no_way_is_larger(opened: Opener) -> None:
    page, _, _ = opened(SimulatedParts())
    cards = page.locator(".ways a")
    assert "人脸" in cards.last.inner_text()
    boxes = [cards.nth(n).bounding_box() for n in range(cards.count())]
    assert len({(round(b["width"]), round(b["height"])) for b in boxes}) == 1
    styles = [
        cards.nth(n).evaluate(
            "e => { const s = getComputedStyle(e);"
            " return [s.backgroundColor, s.color, s.fontSize, s.fontWeight, s.borderColor].join() }"
        )
        for n in range(cards.count())
    ]
    assert len(set(styles)) == 1


def test_a_kiosk_hands_what_passed_to_the_clerk(
    opened: Opener, centre: Centre, tmp_path: Path
) -> None:
    about = centre.enrolled(tmp_path / "own", kind="kiosk")
    page, machine, asked = opened(SimulatedParts(), about=about)
    assert "取件码" not in page.inner_text("main")
    cards = page.locator(".ways a")
    assert "人脸" in cards.last.inner_text()
    boxes = [box.bounding_box() for box in cards.all()]
    assert len({(round(b["width"]), round(b["height"])) for b in boxes}) == 1
    tap(page, "text=证件和本机人脸")
    tap(page, "button[value=no]")
    assert cards.count() == len(boxes)
    tap(page, "text=证件放读卡器")
    tap(page, "button.go")
    assert "请把件交给收寄员" in page.inner_text("h1")
    assert machine.cells._door.opened == []
    assert {url.split("/")[2] for url in asked} == {page.url.split("/")[2]}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_screen_that_asks_who_is_there_is_readable_by_day_and_night(
    opened: Opener, scheme: str
) -> None:
    page, _, _ = opened(None)
    page.emulate_media(color_scheme=scheme)
    for path in ("", "still?to=/collect", "staff"):
        page.goto(
            page.url.split("/", 3)[0] + "//" + page.url.split("/")[2] + "/" + path,
            wait_until="load",
        )
        found = Axe().run(page).response["violations"]
        assert (path, [v["id"] for v in found]) == (path, [])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    boxes = [box.bounding_box() for box in page.locator(".ways a").all()]
    assert len({(round(b["width"]), round(b["height"])) for b in boxes}) <= 1


def test_the_card_alone_sends_as_well_as_card_and_face(opened: Opener) -> None:
    page, machine, _ = opened(SimulatedParts())
    tap(page, "text=证件放读卡器")
    tap(page, "button.go")
    assert "核验通过，1 号格口已打开" in page.inner_text("h1")
    assert [one.entry.tag for one in machine.journal.waiting()] == ["device:cell:placed"]


def test_somebody_else_and_staff_collect_and_a_code_works_once(opened: Opener) -> None:
    page, machine, _ = opened(None)
    code = deposited(machine)
    deposited(machine, "P-2")
    home = page.url
    tap(page, "text=替别人取件")
    page.fill("#code", f"{code}")
    with page.expect_navigation(wait_until="load"):
        page.press("#code", "Enter")  # as a scanner of squares types it
    assert "1 号格口已打开" in page.inner_text("h1")
    for _ in range(5):
        page.goto(f"{home}collect", wait_until="load")
        page.fill("#code", code)
        tap(page, "button.go")
        assert pickup.CODE_UNKNOWN.zh in page.inner_text(".fault")
    page.goto(f"{home}collect", wait_until="load")
    page.fill("#code", code)
    tap(page, "button.go")
    assert TOO_MANY_TRIES.zh in page.inner_text(".fault")
    tap(page, "text=全部方式")
    tap(page, "text=工作人员开柜")
    assert page.get_attribute("#code", "type") == "password"  # others stand behind
    page.fill("#code", STAFF)
    page.fill("#cell", "2")
    tap(page, "button.go")
    assert "2 号格口已打开" in page.inner_text("h1")
    facts = [one.entry.facts for one in machine.journal.waiting()]
    assert [told["by"] for told in facts if "by" in told] == ["another", "staff"]


def test_an_order_verified_in_the_app_is_sent_by_its_code(opened: Opener, centre: Centre) -> None:
    page, machine, asked = opened(SimulatedParts())
    tap(page, "text=证件放读卡器")
    tap(page, "button.go")
    (placed,) = [one.entry.facts for one in machine.journal.waiting()]
    path = f"/v1/checks/{placed['parcel']}/order-code"
    code = centre.ask("POST", path, {}).json()["code"]
    tap(page, "text=全部方式")
    tap(page, "text=下单码加证件")
    assert "不再采集" in page.inner_text("main")
    page.fill("#code", code)
    tap(page, "button.go")
    assert "核验通过，2 号格口已打开" in page.inner_text("h1")
    assert [url for url in asked if code in url] == []


def test_n6_the_vending_machine_asks_nobody_who_they_are(opened: Opener) -> None:
    page, machine, asked = opened(SimulatedParts(), kind="vending")
    tap(page, "text=样品绿茶")
    text = page.inner_text("main")
    assert "¥3.50" in text
    assert [w in text for w in ("付款码", "现金", "银行卡")] == [True, True, True]
    assert "人脸" not in text
    assert "手机号" not in text
    tap(page, "text=使用现金付款")
    tap(page, "button.go")
    assert "请取货" in page.inner_text("h1")
    (sold,) = [one.entry.facts for one in machine.journal.waiting()]
    assert (sold["by"], sold["fen"], machine.cells._door.opened) == ("cash", 350, [2])
    assert {url.split("/")[2] for url in asked} == {page.url.split("/")[2]}


def test_n6_deletion_is_one_touch_on_the_same_screen(opened: Opener) -> None:
    page, machine, _ = opened(SimulatedParts())
    tap(page, "text=证件和本机人脸")
    page.goto(page.url.rsplit("/", 1)[0] + "/mine", wait_until="load")
    tap(page, "button.go")
    assert "已撤回并删除" in page.inner_text("h1")
    assert [one.entry.tag for one in machine.journal.waiting()] == ["device:face:declined"]


@pytest.mark.parametrize("path", ["/", "/collect", "/staff", "/deposit", "/mine", "/face"])
def test_the_screens_are_usable_by_everyone(opened: Opener, path: str) -> None:
    page, _, _ = opened(SimulatedParts())
    page.goto(page.url.rstrip("/") + path, wait_until="load")
    found = Axe().run(page).response["violations"]
    assert [(v["id"], [n["html"] for n in v["nodes"]][:2]) for v in found] == []
    for box in [e.bounding_box() for e in page.locator(TOUCHED).all()]:
        assert box["height"] >= TOUCH
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_larger_letters_are_one_touch_fit_everywhere_and_end_with_the_visit(opened: Opener) -> None:
    page, _, _ = opened(SimulatedParts())
    home, small = page.url.rstrip("/"), page.locator("h1").evaluate("e => e.offsetHeight")
    with page.expect_response("**/size"):
        page.click("label[for=large]")
    assert page.locator("h1").evaluate("e => parseFloat(getComputedStyle(e).fontSize)") > 2 * 55
    for path in ("/", "/collect", "/staff", "/order-code", "/mine", "/state", "/still", "/face"):
        page.goto(home + path, wait_until="load")
        assert page.is_checked("#large"), path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    found = Axe().run(page).response["violations"]
    assert [v["id"] for v in found] == []
    tap(page, "button[value=yes]")
    stop = page.locator("text=停止，用其他方式")
    assert stop.bounding_box()["y"] + stop.bounding_box()["height"] < 1920, (
        "stop needs no scrolling"
    )
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    with page.expect_response("**/size"):
        page.click("label[for=large]")  # while the camera is open: nothing ends by it
    assert page.locator(".sign").is_visible()
    with page.expect_response("**/size"):
        page.click("label[for=large]")
    tap(page, "text=停止，用其他方式")
    assert page.is_checked("#large"), "still this person's visit"
    page.goto(home + "/left", wait_until="load")
    assert not page.is_checked("#large"), "the next person's screen is as it was"
    assert page.locator("h1").evaluate("e => e.offsetHeight") == small
    assert page.context.cookies() == []


def test_a_code_is_entered_without_a_keyboard(opened: Opener) -> None:
    page, machine, _ = opened(None)
    code = deposited(machine)
    tap(page, "text=凭取件码取件")
    for figure in f"{code}9":  # the ninth is not taken back by hand alone
        page.click(f".pad button:text-is('{figure}')")
    page.click(".pad button:text-is('⌫')")
    assert page.input_value("#code") == code
    tap(page, "button.go")
    assert "1 号格口已打开" in page.inner_text("h1")
    page.goto(page.url.rsplit("/", 1)[0] + "/staff", wait_until="load")
    page.focus("#code")
    page.click(".pad button:text-is('7')")
    page.focus("#cell")
    page.click(".pad button:text-is('2')")
    assert (page.input_value("#code"), page.input_value("#cell")) == ("7", "2")


@pytest.fixture(scope="module")
def vending(centre: Centre, tmp_path_factory: pytest.TempPathFactory) -> Enrolment:
    """A vending machine that may keep templates, enrolled with the centre."""
    folder = tmp_path_factory.mktemp("vending")
    return centre.enrolled(folder, "yangpin-campus", "vending", remember_days=30)


def remember(page: Any) -> str:
    """Asked for under My consents; the number, as the screen shows it once."""
    tap(page, "text=我的授权与删除")
    tap(page, "text=记住我")
    tap(page, "button[value=yes]")
    assert "人脸" in page.inner_text("main")
    tap(page, "button[value=yes]")
    settled(page)
    return str(page.inner_text(".code"))


def test_n6_a_face_pays_only_for_who_asked_and_one_press_ends_it(
    opened: Opener, vending: Enrolment
) -> None:
    page, machine, asked = opened(SimulatedParts(pace=QUICK), about=vending)
    assert "人脸" not in page.inner_text("main")
    number = remember(page)
    assert len(number.split()) == 4
    assert number not in page.url
    tap(page, "text=全部方式")
    tap(page, "text=样品饼干")
    cards = page.locator(".ways a")
    assert [cards.nth(n).inner_text().split("\n")[0] for n in range(cards.count())] == [
        "付款码来付款",
        "使用现金付款",
        "银行卡来付款",
        "号码和本机人脸",
    ]
    boxes = [cards.nth(n).bounding_box() for n in range(cards.count())]
    assert len({(round(b["width"]), round(b["height"])) for b in boxes}) == 1
    tap(page, "text=号码和本机人脸")
    page.fill("#number", number)
    tap(page, "button.go")
    assert page.locator(".ways button").first.get_attribute("value") == "no"
    tap(page, "button[value=yes]")
    settled(page)
    assert "请取货" in page.inner_text("h1")
    assert "留下 0 帧" in page.inner_text("main")
    tap(page, "text=撤回同意，删除我的模板")
    assert "已撤回并删除" in page.inner_text("h1")
    assert machine.templates.count() == 0
    tap(page, "text=全部方式")
    tap(page, "text=样品饼干")
    assert "人脸" not in page.inner_text("main")
    assert {url.split("/")[2] for url in asked} == {page.url.split("/")[2]}
    assert [url for url in asked if number.replace(" ", "") in url.replace("%20", "")] == []


def test_a_template_at_a_locker_is_asked_for_used_with_its_card_and_ended_by_one_press(
    opened: Opener, centre: Centre, tmp_path: Path
) -> None:
    about = centre.enrolled(tmp_path / "own", remember_days=30)
    page, machine, asked = opened(SimulatedParts(pace=QUICK), about=about)
    assert "证件和已存脸" not in page.inner_text("main")
    number = remember(page)
    tap(page, "text=全部方式")
    boxes = [box.bounding_box() for box in page.locator(".ways a").all()]
    assert len({(round(b["width"]), round(b["height"])) for b in boxes}) == 1
    tap(page, "text=证件和已存脸")
    page.fill("#number", number)
    tap(page, "button.go")
    assert "把身份证放在读卡器上" in page.inner_text("main")
    tap(page, "button[value=yes]")
    settled(page)
    assert "核验通过，1 号格口已打开" in page.inner_text("h1")
    tap(page, "text=撤回同意，删除我的模板")
    assert machine.templates.count() == 0
    assert [url for url in asked if number.replace(" ", "") in url] == []


def test_n7_no_to_being_remembered_is_first_equal_and_the_end_of_it(
    opened: Opener, vending: Enrolment
) -> None:
    page, machine, _ = opened(SimulatedParts(), about=vending)
    tap(page, "text=我的授权与删除")
    tap(page, "text=记住我")
    buttons = page.locator(".ways button")
    assert buttons.first.get_attribute("value") == "no"
    boxes = [box.bounding_box() for box in buttons.all()]
    assert len({(round(b["width"]), round(b["height"])) for b in boxes}) == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tap(page, "button[value=no]")
    assert page.url.endswith("/")
    tap(page, "text=样品矿泉水")
    assert page.locator(".ways a").count() == 3
    assert (machine.journal.count(), machine.templates.count()) == (0, 0)


def test_the_vending_screens_are_usable_by_everyone(opened: Opener, vending: Enrolment) -> None:
    page, _, _ = opened(SimulatedParts(), about=vending)
    home = page.url.rstrip("/")
    for path in ("/", "/mine", "/remember", "/state", "/order-code"):
        page.goto(home + path, wait_until="load")
        found = Axe().run(page).response["violations"]
        assert (path, [(v["id"], [n["html"] for n in v["nodes"]][:2]) for v in found]) == (path, [])
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
