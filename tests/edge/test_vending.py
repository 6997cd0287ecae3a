"""Paying by face at a vending machine: asked for, last, equal, and ended by one press."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.edge.conftest import Centre
from tests.edge.test_agent import Screen, bought, code_of, token
from tests.patience import PATIENCE

from liangming.edge.agent.enrolment import Enrolment
from liangming.edge.agent.machine import NOT_OFFERED, Machine
from liangming.edge.agent.shop import NO_ORDER
from liangming.edge.agent.simulated import SimulatedParts
from liangming.edge.face.order import Why
from liangming.edge.template.kept import NUMBER_UNKNOWN

CAMPUS, OPERATOR = "yangpin-campus", "yangpin-vending"
FAST = {"pace": False}


@pytest.fixture(scope="module")
def about(centre: Centre, tmp_path_factory: pytest.TempPathFactory) -> Enrolment:
    folder = tmp_path_factory.mktemp("vending")
    return centre.enrolled(folder, CAMPUS, "vending", remember_days=30)


@pytest.fixture
def machine(centre: Centre, about: Enrolment, tmp_path: Path) -> Iterator[Machine]:
    made = centre.machine(tmp_path, SimulatedParts(**FAST), about=about)
    yield made
    made.close()


def remembered(machine: Machine) -> str:
    """Asked for, the face's own notice, its consent, one look; the number."""
    assert len(machine.begin_face(keep=True)) >= 6
    visit = machine.visit_now()
    visit.agree(by_guardian=False)
    assert visit.over.wait(PATIENCE)
    assert visit.last is not None
    assert (visit.last.why, visit.last.kept, visit.passed) == (Why.KEPT, 0, False)
    machine.done()
    return visit.number


def looked(machine: Machine, number: str) -> Why:
    machine.begin_face(claim=machine.claimed(number))
    visit = machine.visit_now()
    visit.agree(by_guardian=False)
    assert visit.over.wait(PATIENCE)
    assert visit.last is not None
    return visit.last.why


def facts(machine: Machine, tag: str) -> list[dict]:
    return [e.entry.facts for e in machine.journal.waiting(1000) if e.entry.tag == tag]


def test_nobody_is_offered_a_face_before_somebody_asked_to_be_remembered(
    machine: Machine,
) -> None:
    assert (machine.pays_by_face(), machine.remembers()) == (False, True)
    assert code_of(lambda: machine.claimed("0" * 16)) == NOT_OFFERED.name
    number = remembered(machine)
    assert (machine.pays_by_face(), machine.templates.count()) == (True, 1)
    assert looked(machine, number) is Why.SAME
    order = machine.sales.choose("3")
    machine.sales.charge_face()
    sold = {"by": "face", "fen": 580, "order": order.id}
    assert facts(machine, "device:goods:sold") == [sold]
    assert code_of(machine.sales.charge_face) == NOT_OFFERED.name
    machine.forget(number=number)
    assert (machine.pays_by_face(), machine.templates.count()) == (False, 0)


def test_the_centre_hears_of_counts_and_of_nothing_else(machine: Machine, centre: Centre) -> None:
    number = remembered(machine)
    assert machine.say_health()
    machine.report()
    assert health_of(machine, centre)["templates"] == 1  # it counts towards the filing
    machine.forget(number=number)
    machine.report()
    assert machine.say_health()
    assert machine.say_health() is False  # nothing changed, and no hour went by
    machine.report()
    kept = facts_of(machine, "device:template:kept")
    assert [sorted(one) for one in kept] == [["held", "template", "until"]]
    rows = centre.ask("GET", "/v1/devices", None, OPERATOR).json()["devices"]
    (row,) = [one for one in rows if one["id"] == machine.enrolment.device]
    told = row["health"]
    assert [told[name] for name in ("disk", "clock", "camera", "reader", "face")] == [True] * 5
    assert (told["templates"], row["stated"]["remember_days"]) == (0, 30)
    listed = centre.house.run("device", "list").stdout.decode()
    assert "templates 0" in listed


def health_of(machine: Machine, centre: Centre) -> dict:
    rows = centre.ask("GET", "/v1/devices", None, OPERATOR).json()["devices"]
    (row,) = [one for one in rows if one["id"] == machine.enrolment.device]
    return row["health"]


def facts_of(machine: Machine, tag: str) -> list[dict]:
    import msgspec

    rows = machine.memory.rows("SELECT body FROM journal ORDER BY seq")
    said = [msgspec.json.decode(body) for (body,) in rows]
    return [one["facts"] for one in said if one["tag"] == tag]


def test_somebody_else_with_the_number_pays_nothing(
    centre: Centre, about: Enrolment, tmp_path: Path
) -> None:
    machine = centre.machine(tmp_path, SimulatedParts(**FAST), about=about)
    number = remembered(machine)
    machine.close()
    other = SimulatedParts(**FAST)
    other.person = 8  # another head before the same lens
    again = centre.machine(tmp_path, other, about=about)
    assert looked(again, number) is Why.DIFFERENT
    assert code_of(again.sales.charge_face) == NOT_OFFERED.name
    again.leave()
    bought(again)  # and pays all the same
    again.close()


@pytest.mark.parametrize("attack", ["print-cut-eyes", "full-view-right-actions"])
def test_an_attack_is_neither_remembered_nor_paid_for(
    centre: Centre, about: Enrolment, tmp_path: Path, attack: str
) -> None:
    machine = centre.machine(tmp_path, SimulatedParts(attack=attack, **FAST), about=about)
    machine.begin_face(keep=True)
    visit = machine.visit_now()
    visit.agree(by_guardian=False)
    assert visit.over.wait(PATIENCE)
    assert (machine.templates.count(), visit.number) == (0, "")
    machine.close()


def test_the_centre_s_command_deletes_one_template_or_all(machine: Machine, centre: Centre) -> None:
    there = f"/v1/devices/{machine.enrolment.device}/commands"
    remembered(machine)
    first = facts(machine, "device:template:kept")[-1]["template"]
    second = remembered(machine)
    machine.report()
    body = {"deed": "stop-and-delete", "consent": first}
    other = centre.ask("POST", there, body)  # a device of another operator does not exist
    assert other.status_code == 404
    assert centre.ask("POST", there, body, OPERATOR).status_code == 201
    assert (machine.obey(), machine.templates.count()) == (1, 1)
    assert facts(machine, "device:command:done")[-1]["templates"] == 1
    assert centre.ask("POST", there, {"deed": "delete-templates"}, OPERATOR).status_code == 201
    assert (machine.obey(), machine.templates.count()) == (1, 0)
    rows = json.loads(centre.house.run("device", "list", "--json").stdout)
    (row,) = [one for one in rows if one["device"] == machine.enrolment.device]
    assert [one["deed"] for one in row["commands"]] == ["stop-and-delete", "delete-templates"]
    assert all(one["milliseconds"] is not None for one in row["commands"])  # how long it took
    assert code_of(lambda: machine.forget(number=second)) == NUMBER_UNKNOWN.name
    assert machine.obey() == 0


def test_deleting_needs_no_centre(
    centre: Centre, about: Enrolment, machine: Machine, tmp_path: Path
) -> None:
    import msgspec

    number = remembered(machine)
    gone = msgspec.structs.replace(about, centre="http://127.0.0.1:9")
    machine.close()
    alone = centre.machine(tmp_path, SimulatedParts(**FAST), about=gone)
    alone.forget(number=number)
    assert alone.templates.count() == 0
    alone.close()


# The pages.


def test_remembering_is_refused_by_one_press_and_leaves_nothing(machine: Machine) -> None:
    client = Screen(machine)
    assert "人脸" not in client.get("/").text
    page = client.get("/remember").text
    assert page.index('value="no"') < page.index('value="yes"')
    answer = client.post("/remember", data={"token": token_in(page), "answer": "no"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert machine.journal.count() == 0
    assert code_of(machine.visit_now) == NOT_OFFERED.name


def test_a_number_that_is_wrong_leads_back_to_every_way(machine: Machine) -> None:
    client = Screen(machine)
    remembered(machine)
    assert NO_ORDER.zh in client.get("/face").text
    machine.sales.choose("1")
    page = client.get("/face")
    answer = client.post("/face/claim", data={"token": token(page), "number": "1" * 16})
    assert NUMBER_UNKNOWN.zh in answer.text
    assert 'href="/"' in answer.text
    home = client.get("/").text
    assert home.index("银行卡来付款") < home.index("号码和本机人脸")


def test_a_machine_without_days_keeps_and_offers_nothing(
    centre: Centre, about: Enrolment, tmp_path: Path
) -> None:
    import msgspec

    never = msgspec.structs.replace(about, remember_days=0)
    machine = centre.machine(tmp_path, SimulatedParts(**FAST), about=never)
    client = Screen(machine)
    assert client.get("/remember").status_code == 409
    assert "记住我" not in client.get("/mine").text
    machine.close()


def token_in(text: str) -> str:
    return text.split('name="token" value="')[1].split('"', maxsplit=1)[0]
