"""A template kept at a locker: with its card alone, after its own consent, and never instead of the card."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests.edge.conftest import Centre
from tests.edge.test_agent import Screen, code_of, token
from tests.edge.test_vending import FAST, facts, looked, remembered
from tests.patience import PATIENCE

from liangming.edge.agent.enrolment import Enrolment
from liangming.edge.agent.machine import NOT_OFFERED, Machine
from liangming.edge.agent.simulated import SimulatedParts
from liangming.edge.face.order import Why
from liangming.edge.reader.simulated import SimulatedReader


@pytest.fixture(scope="module")
def about(centre: Centre, tmp_path_factory: pytest.TempPathFactory) -> Enrolment:
    return centre.enrolled(tmp_path_factory.mktemp("keeping"), remember_days=30)


@pytest.fixture
def parts() -> SimulatedParts:
    return SimulatedParts(**FAST)


@pytest.fixture
def machine(
    centre: Centre, about: Enrolment, parts: SimulatedParts, tmp_path: Path
) -> Iterator[Machine]:
    made = centre.machine(tmp_path, parts, about=about)
    yield made
    made.close()


def test_number_card_and_face_send_as_card_and_face_do_and_one_press_ends_it(
    machine: Machine,
) -> None:
    client = Screen(machine)
    assert "证件和已存脸" not in client.get("/").text
    number = remembered(machine)
    home = client.get("/").text
    assert home.index("证件和本机人脸") < home.index("证件和已存脸")
    assert looked(machine, number) is Why.SAME
    assert machine.opened_by_face() == 1
    assert [one["result"] for one in facts(machine, "device:face:ended")] == ["abstain", "match"]
    machine.forget(number=number)
    assert code_of(lambda: machine.claimed(number)) == NOT_OFFERED.name
    assert "证件和已存脸" not in client.get("/").text


def test_somebody_else_s_card_goes_with_nobody_s_template(
    machine: Machine, parts: SimulatedParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = remembered(machine)
    stolen = SimulatedReader("990101199003071210", "旁人乙", 8)
    monkeypatch.setattr(parts, "reader", lambda: stolen)
    assert looked(machine, number) is Why.NO_REFERENCE
    visit = machine.visit_now()
    assert visit.last is not None
    assert visit.last.taken == 0, "the camera did not open"
    assert code_of(machine.opened_by_face) == NOT_OFFERED.name
    assert machine.by_card() == 1  # the card alone goes on as always


def test_only_the_card_s_holder_is_kept(machine: Machine, parts: SimulatedParts) -> None:
    parts.person = 8  # another head before the lens than the card's
    machine.begin_face(keep=True)
    visit = machine.visit_now()
    visit.agree(by_guardian=False)
    assert visit.over.wait(PATIENCE)
    assert visit.last is not None
    assert (visit.last.why, visit.number, machine.templates.count()) == (Why.DIFFERENT, "", 0)


def test_without_days_a_locker_keeps_nothing_and_says_what_a_template_is_for(
    centre: Centre, about: Enrolment, tmp_path: Path, machine: Machine
) -> None:
    page = Screen(machine).get("/remember").text
    assert "代替证件上的小照片" in page
    assert "付款" not in page
    assert page.index('value="no"') < page.index('value="yes"')
    never = msgspec.structs.replace(about, remember_days=0)
    other = centre.machine(tmp_path / "never", SimulatedParts(**FAST), about=never)
    assert Screen(other).get("/remember").status_code == 409
    client = Screen(other)
    form = {"token": token(client.get("/collect")), "number": "1" * 16}
    assert client.post("/face/claim", data=form).status_code == 409
    other.close()
