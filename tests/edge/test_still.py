"""A machine's screen left alone: it goes, and nothing of one person is there for the next."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from starlette.requests import Request
from starlette.responses import HTMLResponse
from tests.edge.conftest import STAFF, Centre
from tests.edge.test_agent import Screen, code_of, made, token
from tests.edge.test_flow import FAST, entries, looked_through
from tests.patience import PATIENCE

from liangming.clock import SetClock
from liangming.edge import codes
from liangming.edge.agent import still
from liangming.edge.agent import visit as visits
from liangming.edge.agent.machine import NOT_OFFERED, Machine
from liangming.edge.agent.obeying import DISABLED
from liangming.edge.agent.simulated import SimulatedParts
from liangming.edge.agent.till import SimulatedTill
from liangming.edge.face import order
from liangming.edge.face.order import Looked, Result, Why


def goes(screen: Screen, path: str) -> str:
    return screen.get(path).headers.get("refresh", "")


def test_every_page_but_the_start_asks_whether_anybody_is_there(tmp_path: Path) -> None:
    machine, _ = made(tmp_path)
    screen = Screen(machine)
    for path in ("/collect", "/collect-for", "/staff", "/deposit", "/mine", "/state"):
        assert goes(screen, path) == f"{still.STILL_SECONDS}; url=/still?to={path}"
    assert goes(screen, "/face") == f"{still.READ_SECONDS}; url=/still?to=/face"
    assert goes(screen, "/") == ""
    asked = screen.get("/still?to=/collect")
    assert asked.headers["refresh"] == f"{still.WARNED_SECONDS}; url=/left"
    assert 'href="/collect"' in asked.text
    for elsewhere in ("//else.example", "/pay?by=cash", "/face/end", "javascript:1", ""):
        assert 'href="/"' in screen.get("/still", params={"to": elsewhere}).text
    machine.close()


def test_a_code_shown_once_says_when_it_goes(tmp_path: Path) -> None:
    machine, _ = made(tmp_path)
    screen = Screen(machine)
    shown = screen.post(
        "/deposit", data={"token": token(screen.get("/deposit")), "code": STAFF, "parcel": "P-1"}
    )
    assert shown.headers["refresh"] == f"{still.SHOWN_SECONDS}; url=/left"
    assert f"{still.SHOWN_SECONDS // 60}" == "5"
    assert "五分钟后自己消失" in shown.text
    machine.close()


def test_an_order_left_alone_ends_and_the_money_comes_back(tmp_path: Path) -> None:
    machine, _ = made(tmp_path, kind="vending")
    till = machine.sales.till
    assert isinstance(till, SimulatedTill)
    screen = Screen(machine)
    order_ = machine.sales.choose("1")
    machine.sales.ask("cash")
    till.put_in(50)
    assert goes(screen, "/still?to=/") == f"{still.WARNED_SECONDS}; url=/left"
    assert machine.sales.order() is not None
    left = screen.get("/left")
    assert (left.status_code, left.headers["location"]) == (303, "/")
    assert (machine.sales.order(), till.given_back) == (None, [(order_.id, 50)])
    machine.sales.choose("1")
    assert goes(screen, "/") == f"{still.STILL_SECONDS}; url=/still?to=/"
    machine.close()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("by=cash", "2; url=/pay?by=cash&n=1"),
        ("by=cash&n=88", "2; url=/pay?by=cash&n=89"),
        ("by=cash&n=89", "0; url=/still?to=/"),
        ("by=cash&n=many", "2; url=/pay?by=cash&n=1"),
    ],
)
def test_a_page_that_waits_for_money_does_not_wait_for_ever(query: str, expected: str) -> None:
    scope = {"type": "http", "query_string": query.encode(), "path": "/pay", "headers": []}
    assert still.waiting(Request(scope), 2, "/pay?by=cash") == expected
    own = HTMLResponse("", headers={"Refresh": expected})
    assert still.watch(Request({**scope, "method": "GET"}), own).headers["refresh"] == expected


def test_another_page_is_another_way_and_shuts_the_camera(centre: Centre, tmp_path: Path) -> None:
    machine = centre.machine(tmp_path, SimulatedParts(pace=True))
    machine.begin_face()
    visit = machine.visit_now()
    visit.agree(by_guardian=False)
    screen = Screen(machine)
    assert screen.get("/health").status_code == 200  # who looks after it disturbs nobody
    assert isinstance(visit.look, order.Watching)
    assert screen.get("/collect").status_code == 200
    assert isinstance(visit.look, order.Declined)
    assert visit.last is not None
    assert (visit.last.why, visit.screen.now(0).lit) == (Why.STOPPED, False)
    assert code_of(machine.visit_now) == NOT_OFFERED.name
    answer = machine.centre._call("GET", f"/v1/checks/{visit.check}")
    assert answer["declined"] == ["face"]
    machine.close()


def test_a_try_that_is_left_is_not_there_for_the_next_person(
    centre: Centre, tmp_path: Path
) -> None:
    machine = centre.machine(tmp_path, SimulatedParts(other=True, **FAST))
    looked_through(machine)
    screen = Screen(machine)
    end = screen.get("/face/end")
    assert "再试一次" in end.text
    assert end.headers["refresh"] == f"{still.STILL_SECONDS}; url=/still?to=/"
    screen.get("/still?to=/")
    again = screen.post("/face/again", data={"token": token(end)})
    assert again.status_code == 409
    assert machine._visit is None
    machine.close()


def told_of_a_look(machine: Machine) -> list[dict]:
    tags = ("device:face:ended", "device:face:declined")
    return [{"tag": one.tag, **one.facts} for one in entries(machine) if one.tag in tags]


def test_who_tried_to_the_end_did_not_decline_and_every_frame_of_theirs_is_counted(
    centre: Centre, tmp_path: Path
) -> None:
    machine = centre.machine(tmp_path, SimulatedParts(other=True, **FAST))
    looked_through(machine)
    visit = machine.visit_now()
    for _ in range(order.TRIES - 1):
        visit.watch()
        assert visit.over.wait(PATIENCE)
    machine.leave()
    (told,) = told_of_a_look(machine)
    assert (told["tag"], told["frames_kept"]) == ("device:face:ended", 0)
    assert told["frames_taken"] == machine.counter.frames > visit.last.taken  # type: ignore[union-attr]
    machine.close()


def test_a_frame_that_was_not_destroyed_is_told_and_opens_nothing(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The counts are what the room says, not what they should be."""
    own = centre.enrolled(tmp_path / "own")
    machine = centre.machine(tmp_path, SimulatedParts(**FAST), about=own)
    real = visits.look

    def leaks(*words: object, **more: object) -> Looked:
        return msgspec.structs.replace(real(*words, **more), kept=2)  # type: ignore[arg-type]

    monkeypatch.setattr(visits, "look", leaks)
    looked_through(machine)
    visit = machine.visit_now()
    assert visit.last is not None
    assert (visit.last.result, visit.passed) == (Result.MATCH, False)  # the centre did not take it
    (told,) = told_of_a_look(machine)
    assert told["frames_kept"] == 2
    assert machine.counter.say()
    assert entries(machine)[-1].facts["captures"] == 2
    machine.close()


def test_an_outcome_says_where_the_key_is_kept(centre: Centre, tmp_path: Path) -> None:
    about = centre.enrolled(tmp_path / "own", key_kept_in="software-passphrase")
    machine = centre.machine(tmp_path, SimulatedParts(**FAST), about=about)
    sent: list[dict] = []
    real = machine.centre._call
    machine.centre._call = lambda *words: (sent.append(words[-1]), real(*words))[1]  # type: ignore[method-assign]
    looked_through(machine)
    assert machine.visit_now().passed
    assert sent[-1]["evidence"]["report"]["key_kept_in"] == "software-passphrase"
    machine.close()


def test_a_machine_that_is_switched_off_sells_nothing_and_keeps_no_money(tmp_path: Path) -> None:
    machine, door = made(tmp_path, kind="vending")
    till = machine.sales.till
    assert isinstance(till, SimulatedTill)
    order_ = machine.sales.choose("1")
    machine.sales.ask("cash")
    till.put_in()
    machine.memory.remember("state", DISABLED)
    assert code_of(lambda: machine.sales.settle("cash")) == codes.SWITCHED_OFF.name
    machine.sales.cancel()  # as the command does
    assert (till.given_back, door.opened) == ([(order_.id, 200)], [])
    assert code_of(lambda: machine.sales.choose("1")) == codes.SWITCHED_OFF.name
    home = Screen(machine).get("/")
    assert codes.SWITCHED_OFF.zh in home.text
    assert "样品" not in home.text
    machine.close()


def test_the_command_that_switches_off_gives_back_what_lies_in_the_till(
    centre: Centre, tmp_path: Path
) -> None:
    about = centre.enrolled(tmp_path / "own", "yangpin-campus", "vending")
    machine = centre.machine(tmp_path, None, about=about)
    till = machine.sales.till
    assert isinstance(till, SimulatedTill)
    order_ = machine.sales.choose("2")
    machine.sales.ask("cash")
    till.put_in(100)
    there = f"/v1/devices/{about.device}/commands"
    told = centre.ask("POST", there, {"deed": "disable"}, "yangpin-vending")
    assert (told.status_code, machine.obey()) == (201, 1)
    assert (till.given_back, machine.sales.order()) == ([(order_.id, 100)], None)
    assert code_of(lambda: machine.sales.choose("1")) == codes.SWITCHED_OFF.name
    machine.close()


def test_beginning_anew_is_no_new_right_to_three_tries(centre: Centre, tmp_path: Path) -> None:
    machine = centre.machine(tmp_path, SimulatedParts(attack="print-flat", **FAST))
    clock = SetClock(machine._clock.now())
    machine._clock = clock
    looked_through(machine)
    visit = machine.visit_now()
    for _ in range(order.TRIES - 1):
        visit.watch()
        assert visit.over.wait(PATIENCE)
    before = machine.counter.frames
    looked_through(machine)  # chosen again at the start: another check, the same card
    visit = machine.visit_now()
    assert visit.last is not None
    assert (visit.last.why, visit.last.taken) == (Why.TRIED, 0)
    assert isinstance(visit.look, order.Ended)
    assert machine.counter.frames == before
    assert machine.by_card() == 1  # every other way does the same
    clock.move(timedelta(hours=1))
    looked_through(machine)
    assert machine.visit_now().last.taken > 0  # type: ignore[union-attr]
    machine.close()
