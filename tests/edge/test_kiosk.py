"""A kiosk: a screen beside a counter, with a card reader, without cells."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests.edge.conftest import STAFF, Centre
from tests.edge.test_agent import Screen, code_of, made, token
from tests.edge.test_flow import FAST, looked_through
from typer.testing import CliRunner

from liangming.cli.edge import KIND_UNFIT
from liangming.cli.main import app
from liangming.edge.agent.enrolment import CELLS, Enrolment
from liangming.edge.agent.machine import WRONG_CELL, Machine
from liangming.edge.agent.sending import CARD, ORDER, WAYS
from liangming.edge.agent.server import AT_THE_COUNTER
from liangming.edge.agent.simulated import SimulatedParts
from liangming.edge.codes import NOT_OFFERED
from liangming.edge.face.order import Result, Why
from liangming.errors import Misuse

COUNTER = "shili-counter"


@pytest.fixture(scope="module")
def enrolled(centre: Centre, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Enrolment]:
    """Two kiosks: at a counter without a face, and where the face is the last of the ways."""
    return {
        scene: centre.enrolled(tmp_path_factory.mktemp("kiosk"), scene, "kiosk")
        for scene in (COUNTER, "yangli-locker-send")
    }


@pytest.fixture
def kiosk(
    centre: Centre, enrolled: dict[str, Enrolment], tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Machine]:
    parts, scene = getattr(request, "param", ({}, COUNTER))
    machine = centre.machine(tmp_path, SimulatedParts(**parts, **FAST), about=enrolled[scene])
    yield machine
    machine.close()


def home(machine: Machine) -> str:
    """The start's own part: the header's token is another one each time."""
    return Screen(machine).get("/").text.partition("<main>")[2]


def test_a_kiosk_says_what_it_is_and_that_it_has_no_cells(
    centre: Centre, enrolled: dict[str, Enrolment]
) -> None:
    rows = msgspec.json.decode(centre.house.run("device", "list", "--json").stdout)
    stated = {row["device"]: row["stated"] for row in rows}
    about = enrolled[COUNTER]
    assert (stated[about.device]["kind"], stated[about.device]["cells"]) == ("kiosk", 0)
    assert stated[centre.enrolment.device]["cells"] == CELLS


def test_a_card_is_checked_and_the_clerk_takes_the_parcel(kiosk: Machine) -> None:
    screen = Screen(kiosk)
    sent = screen.post("/card", data={"token": token(screen.get("/card"))})
    assert "请把件交给收寄员" in sent.text
    assert "格口" not in sent.text
    assert (kiosk.cells.taken(), kiosk.cells._door.opened) == ([], [])


def test_the_screen_lists_the_ways_of_its_scene_and_no_other(kiosk: Machine) -> None:
    assert "取件码" not in home(kiosk)
    kiosk.sending.learn()
    assert [kiosk.sends(CARD), kiosk.sends(ORDER), kiosk.offers_face()] == [True, True, False]
    shown = home(kiosk)
    assert "证件放读卡器" in shown
    assert "人脸" not in shown.split("</ul>")[0]
    assert code_of(kiosk.begin_face) == NOT_OFFERED.name
    kiosk.memory.remember(WAYS, "face organisation")
    assert code_of(kiosk.by_card) == NOT_OFFERED.name
    assert AT_THE_COUNTER[0] not in shown


def test_where_nothing_can_be_done_the_counter_is_beside_it(tmp_path: Path) -> None:
    machine, _ = made(tmp_path, kind="kiosk")
    assert AT_THE_COUNTER[0] in home(machine)
    for ask in (
        lambda: machine.collect("12345678", for_another=False),
        lambda: machine.by_staff(STAFF, "1"),
        lambda: machine.deposit(STAFF, "P-1"),
    ):
        assert code_of(ask) == WRONG_CELL.name
    machine.close()


@pytest.mark.parametrize("kiosk", [({}, "yangli-locker-send")], indirect=True)
def test_a_face_is_the_last_way_and_no_leads_back_to_the_same_list(kiosk: Machine) -> None:
    kiosk.sending.learn()
    before = home(kiosk)
    assert before.index("证件放读卡器") < before.index("证件和本机人脸")
    screen = Screen(kiosk)
    notice = screen.get("/face")
    back = screen.post("/face/consent", data={"token": token(notice), "answer": "no"})
    assert (back.status_code, back.headers["location"], home(kiosk)) == (303, "/", before)
    looked_through(kiosk)
    assert "请把件交给收寄员" in screen.get("/face/end").text
    assert kiosk.cells.taken() == []


@pytest.mark.parametrize(
    "kiosk", [({"attack": "print-cut-eyes"}, "yangli-locker-send")], indirect=True
)
def test_a_printed_photo_is_handed_to_nobody(kiosk: Machine) -> None:
    looked_through(kiosk)
    visit = kiosk.visit_now()
    assert visit.last is not None
    assert visit.last.why in {Why.ATTACK, Why.TOO_SLOW}  # paper does nothing that is asked
    assert (visit.last.result is Result.MATCH, visit.passed) == (False, False)
    assert code_of(kiosk.opened_by_face) == NOT_OFFERED.name


def test_a_device_of_no_known_kind_is_not_enrolled(tmp_path: Path) -> None:
    words = ["edge", "enrol", "--alone", "dev-1", "--scene", "s-1", "--kind", "oven"]
    runner = CliRunner(env={"LIANGMING_DATA": str(tmp_path)})
    done = runner.invoke(app, words)
    assert isinstance(done.exception, Misuse)
    assert (done.exception.code, list(tmp_path.iterdir())) == (KIND_UNFIT, [])
    assert runner.invoke(app, [*words[:-1], "kiosk"]).exit_code == 0
