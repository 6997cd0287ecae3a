"""The face from choice to outcome, with a real centre over HTTP; every trouble its own outcome."""

from __future__ import annotations

import contextlib
import socket
import threading
from pathlib import Path

import msgspec
import pytest
from tests.edge.conftest import Centre, enrolled
from tests.edge.test_models import stocked
from tests.patience import PATIENCE

from liangming.check.receipt import Camera, Receipt, Seen, verify_receipt
from liangming.edge.agent import enrolment as enrolling
from liangming.edge.agent.centre import DOWN, SAID_NO
from liangming.edge.agent.journal import Signed
from liangming.edge.agent.machine import NOT_OFFERED, Machine
from liangming.edge.agent.simulated import SimulatedParts
from liangming.edge.agent.visit import shown_of
from liangming.edge.face import order
from liangming.edge.face.order import Result, Why
from liangming.edge.reader.frames import UNREADABLE, CardRead, answer_of, card_of, data_of, framed
from liangming.edge.reader.simulated import SimulatedReader
from liangming.errors import LiangmingError, Misuse, Outage
from liangming.ledger import Trust, read_verifying_key

FAST = {"pace": False}


def looked_through(machine: Machine) -> None:
    """Notice, consent, one try."""
    items = machine.begin_face()
    assert len(items) >= 6
    visit = machine.visit_now()
    visit.agree(by_guardian=False)
    assert visit.over.wait(PATIENCE)


def entries(machine: Machine) -> list:
    rows = machine.memory.rows("SELECT body, signature FROM journal ORDER BY seq")
    return [Signed(*row).entry for row in rows]


def tags(machine: Machine) -> list[str]:
    return [one.entry.tag for one in machine.journal.waiting()]


def code_of(call) -> str:
    with pytest.raises(LiangmingError) as caught:
        call()
    return caught.value.code.name


def test_a_person_with_their_card_passes_and_no_frame_is_kept(
    centre: Centre, tmp_path: Path
) -> None:
    machine = centre.machine(tmp_path, SimulatedParts(**FAST))
    assert machine.offers_face()
    looked_through(machine)
    visit = machine.visit_now()
    assert visit.passed
    assert visit.last is not None
    assert (visit.last.result, visit.last.pad_level, visit.last.kept) == (Result.MATCH, 3, 0)
    assert machine.opened_by_face() == 1
    (ended,) = [e.entry for e in machine.journal.waiting() if e.entry.tag == "device:face:ended"]
    assert ended.facts["frames_kept"] == 0
    assert ended.facts["frames_taken"] == visit.last.taken > 30
    machine.close()


@pytest.mark.parametrize(
    ("parts", "why"),
    [
        ({"other": True}, Why.DIFFERENT),
        ({"attack": "print-cut-eyes"}, Why.TOO_SLOW),
        ({"attack": "phone-edge-right-actions"}, Why.ATTACK),
        ({"attack": "full-view-right-actions"}, Why.ATTACK),
        ({"attack": "still-camera"}, Why.FROZEN),
    ],
    ids=["somebody-else", "paper", "phone", "full-screen", "still"],
)
def test_an_attack_opens_nothing_and_the_codes_go_on(
    centre: Centre, tmp_path: Path, parts: dict, why: Why
) -> None:
    machine = centre.machine(tmp_path, SimulatedParts(**parts, **FAST))
    looked_through(machine)
    visit = machine.visit_now()
    assert visit.last is not None
    assert (visit.passed, visit.last.why) == (False, why)
    assert code_of(machine.opened_by_face) == NOT_OFFERED.name
    _, code = machine.deposit("13572468", "P-1")
    assert machine.collect(code, for_another=False) == 1
    machine.close()


def test_an_order_verified_in_the_app_is_sent_with_its_code_and_its_own_card(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = SimulatedParts(**FAST)
    machine = centre.machine(tmp_path, parts)
    here = machine.centre
    ordered = here.open("document.read")
    here.choose(ordered, "document.read")
    assert here.present(ordered, shown_of(parts.reader().read())) == "passed"
    code = centre.ask("POST", f"/v1/checks/{ordered}/order-code", {}).json()["code"]
    other = SimulatedReader("990101199003071210", "旁人乙", 8)
    with monkeypatch.context() as swapped:
        swapped.setattr(parts, "reader", lambda: other)
        assert code_of(lambda: machine.by_order(code)) == SAID_NO.name
    assert code_of(lambda: machine.by_order(code[:-4])) == SAID_NO.name
    assert machine.cells.taken() == []
    assert machine.by_order(f" {code} ") == 1
    assert code_of(lambda: machine.by_order(code)) == SAID_NO.name  # once
    assert machine.cells.taken() == [1]
    machine.close()


def test_an_injected_film_is_never_looked_at(centre: Centre, tmp_path: Path) -> None:
    machine = centre.machine(tmp_path, SimulatedParts(attack="injected-file", **FAST))
    looked_through(machine)
    visit = machine.visit_now()
    assert visit.last is not None
    assert (visit.last.why, visit.last.taken, visit.passed) == (Why.VIRTUAL, 0, False)
    machine.close()


def test_every_frame_is_counted_where_it_is_read_and_the_count_is_signed_when_it_is_due(
    centre: Centre, tmp_path: Path
) -> None:
    machine = centre.machine(tmp_path, SimulatedParts(**FAST))
    assert [machine.counter.say(), machine.counter.say()] == [True, False]
    machine.begin_face()
    machine.leave()  # no camera was opened; the same count is told once more
    assert [machine.counter.say(), machine.counter.say()] == [True, False]
    looked_through(machine)
    taken = machine.visit_now().last.taken
    assert machine.counter.frames == taken > 20
    assert [machine.counter.say(), machine.counter.say()] == [True, False]
    counts = [one.facts for one in entries(machine) if one.tag == "device:camera:counted"]
    assert [(each["frames"], each["captures"]) for each in counts] == [(0, 0), (0, 0), (taken, 0)]
    assert len({each["since"] for each in counts}) == 1
    machine.close()


def test_a_receipt_shows_by_the_machine_s_own_counts_that_no_frame_was_taken(
    centre: Centre, tmp_path: Path
) -> None:
    """Over the wire: counted before, checked without the face, counted after, proven offline."""
    own = centre.enrolled(tmp_path / "own")
    machine = centre.machine(tmp_path, SimulatedParts(**FAST), about=own)
    assert machine.counter.say()
    machine.begin_face()
    check = machine.visit_now().check
    machine.leave()
    machine.centre._call("POST", f"/v1/checks/{check}/conclusion", {"how": "walked-away"})
    assert machine.counter.say()
    assert machine.report() > 0
    line = centre.house.run("ledger", "key").stdout.decode().strip()
    key = read_verifying_key(line)
    told = None
    for _ in range(100):  # until the log has it, and what the machine sent
        with contextlib.suppress(Misuse):
            told = machine.centre._call("GET", f"/v1/checks/{check}/receipt/file")
            if "counts" in told:
                break
        threading.Event().wait(0.1)
    receipt = msgspec.convert(told, Receipt, strict=False)
    proven = verify_receipt(receipt, Trust(key.name, (key,)))
    assert proven.counted == {machine.enrolment.device: Seen(Camera.NONE_TAKEN, 0, 0)}
    assert machine.enrolment.device in proven.events[0].facts["devices"]
    machine.close()


def test_saying_no_to_the_notice_withdraws_at_the_centre_too(
    centre: Centre, tmp_path: Path
) -> None:
    machine = centre.machine(tmp_path, SimulatedParts(**FAST))
    machine.begin_face()
    visit = machine.visit_now()
    machine.leave()
    assert isinstance(visit.look, order.Declined)
    assert tags(machine) == ["device:face:declined"]
    answer = machine.centre._call("GET", f"/v1/checks/{visit.check}")
    assert answer["declined"] == ["face"]
    assert "face" not in [offer["method"] for offer in answer["offers"]]
    with pytest.raises(LiangmingError):
        visit.agree(by_guardian=False)
    machine.close()


def test_the_stop_button_shuts_the_camera_and_nothing_is_asked_again(
    centre: Centre, tmp_path: Path
) -> None:
    machine = centre.machine(tmp_path, SimulatedParts(pace=True))
    machine.begin_face()
    visit = machine.visit_now()
    visit.agree(by_guardian=False)
    machine.leave()
    assert isinstance(visit.look, order.Declined)
    assert visit.last is not None
    assert (visit.last.why, visit.last.kept) == (Why.STOPPED, 0)
    assert visit.screen.now(0).lit is False
    machine.close()


def test_three_tries_then_the_other_ways(centre: Centre, tmp_path: Path) -> None:
    machine = centre.machine(tmp_path, SimulatedParts(other=True, **FAST))
    looked_through(machine)
    visit = machine.visit_now()
    for _ in range(order.TRIES - 1):
        visit.watch()
        assert visit.over.wait(PATIENCE)
    assert isinstance(visit.look, order.Ended)
    with pytest.raises(LiangmingError):
        visit.watch()
    assert visit.passed is False
    machine.close()


def test_a_revoked_device_opens_nothing_and_its_own_key_opens_no_door(
    centre: Centre, tmp_path: Path
) -> None:
    about = centre.enrolled(tmp_path / "own")
    machine = centre.machine(tmp_path, SimulatedParts(**FAST), about=about)
    machine.begin_face()
    visit = machine.visit_now()
    assert centre.ask("DELETE", f"/v1/devices/{about.device}").json()["enabled"] is False
    assert code_of(lambda: visit.agree(by_guardian=False)) == "edge.centre-said-no"
    assert code_of(machine.begin_face) == "edge.centre-said-no"
    _, code = machine.deposit("13572468", "P-1")  # what lies in it is still given out
    assert machine.collect(code, for_another=False) == 1
    assert code_of(machine.report) == "edge.centre-said-no"
    machine.close()


def test_a_device_comes_in_once_and_its_lost_answer_is_mended(
    centre: Centre, tmp_path: Path
) -> None:
    code = centre.invite("售货机", "yangpin-campus", "vending")
    first = enrolled(tmp_path / "one", code)
    assert (first.scene, first.kind, first.reports) == ("yangpin-campus", "vending", True)
    assert enrolling.enrolled(tmp_path / "one") == first
    assert code_of(lambda: enrolled(tmp_path / "two", code)) == "edge.centre-said-no"
    assert code_of(lambda: enrolled(tmp_path / "one", code)) == enrolling.ENROLLED_BEFORE.name
    (tmp_path / "one" / enrolling.SETTINGS).rename(tmp_path / "one" / enrolling.BEGUN)
    again = enrolled(tmp_path / "one", code)  # the same key with the same code
    assert (again.device, again.seed) == (first.device, first.seed)
    assert again.api_key != first.api_key
    assert not (tmp_path / "one" / enrolling.BEGUN).exists()


def test_a_device_is_disabled_by_hand_beside_the_running_service(
    centre: Centre, tmp_path: Path
) -> None:
    about = centre.enrolled(tmp_path / "own")
    machine = centre.machine(tmp_path, SimulatedParts(**FAST), about=about)
    assert machine.obey() == 0
    assert centre.house.run("device", "revoke", about.device).returncode == 0
    assert code_of(machine.obey) == "edge.centre-said-no"
    assert code_of(machine.begin_face) == "edge.centre-said-no"
    machine.close()


def test_commands_are_done_once_acknowledged_and_written_down(
    centre: Centre, tmp_path: Path
) -> None:
    about = centre.enrolled(tmp_path / "own")
    machine = centre.machine(tmp_path, SimulatedParts(**FAST), about=about)
    there = f"/v1/devices/{about.device}/commands"

    def told(deed: str) -> int:
        answer = centre.ask("POST", there, {"deed": deed})
        assert answer.status_code == 201
        return machine.obey()

    assert machine.offers_face()
    assert (told("stop-face"), machine.offers_face(), machine.sends()) == (1, False, True)
    assert (told("start-face"), machine.offers_face()) == (1, True)
    machine.begin_face()
    assert told("stop-and-delete") == 1
    assert code_of(machine.visit_now) == NOT_OFFERED.name  # the visit that ran is over
    _, code = machine.deposit("13572468", "P-1")
    assert (told("disable"), machine.offers_face(), machine.sends()) == (1, False, False)
    assert code_of(lambda: machine.deposit("13572468", "P-2")) == "edge.switched-off"
    assert machine.collect(code, for_another=False) == 1
    done = [one.facts for one in entries(machine) if one.tag == "device:command:done"]
    assert [facts["deed"] for facts in done] == [
        "stop-face", "start-face", "stop-and-delete", "disable",
    ]  # fmt: skip
    (row,) = [d for d in centre.ask("GET", "/v1/devices").json()["devices"]
              if d["id"] == about.device]  # fmt: skip
    assert row["enabled"] is False  # its own last word switched it off at the centre
    assert code_of(machine.obey) == "edge.centre-said-no"
    machine.close()


def test_a_stolen_key_of_another_device_signs_nothing_here(centre: Centre, tmp_path: Path) -> None:
    machine = centre.machine(tmp_path, SimulatedParts(**FAST), seed="11" * 32)
    looked_through(machine)
    visit = machine.visit_now()
    assert visit.last is not None
    assert (visit.last.result, visit.passed) == (Result.MATCH, False)
    assert code_of(machine.opened_by_face) == NOT_OFFERED.name
    machine.close()


def test_a_centre_that_is_gone_leaves_every_other_way(centre: Centre, tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{unused.getsockname()[1]}"
        machine = centre.machine(tmp_path, SimulatedParts(**FAST), centre=gone)
        assert code_of(machine.begin_face) == DOWN.name
    _, code = machine.deposit("13572468", "P-1")
    assert machine.collect(code, for_another=True) == 1
    machine.close()


def test_a_cable_cut_after_the_look_opens_nothing(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = centre.machine(tmp_path, SimulatedParts(**FAST))
    machine.begin_face()
    visit = machine.visit_now()
    real = visit.centre._call

    def cut(method: str, path: str, body: object = None) -> object:
        if path.endswith("/evidence"):
            raise Outage(DOWN)
        return real(method, path, body)  # type: ignore[arg-type]

    monkeypatch.setattr(visit.centre, "_call", cut)
    visit.agree(by_guardian=False)
    assert visit.over.wait(PATIENCE)
    assert visit.last is not None
    assert (visit.last.result, visit.passed) == (Result.MATCH, False)
    assert code_of(machine.opened_by_face) == NOT_OFFERED.name
    machine.close()


def test_the_face_stopped_by_its_keeper_is_not_offered(centre: Centre, tmp_path: Path) -> None:
    machine = centre.machine(tmp_path, SimulatedParts(**FAST))
    machine.disable_face()
    assert machine.offers_face() is False
    assert code_of(machine.begin_face) == NOT_OFFERED.name
    machine.close()
    again = centre.machine(tmp_path, SimulatedParts(**FAST))
    assert again.offers_face() is False
    again.close()


def test_a_device_that_may_open_by_more_than_its_layers_reach_opens_nothing(
    centre: Centre, tmp_path: Path
) -> None:
    machine = centre.machine(tmp_path, SimulatedParts(**FAST), least=4)
    looked_through(machine)
    visit = machine.visit_now()
    assert visit.last is not None
    assert (visit.last.why, visit.passed) == (Why.LEVEL, False)
    machine.close()


def test_commands_of_the_centre_wait_for_nobody_else(centre: Centre, tmp_path: Path) -> None:
    machine = centre.machine(tmp_path, None)
    assert machine.obey() == 0
    machine.close()


def test_what_happened_is_sent_once_and_a_restored_image_tells_no_other_story(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = centre.machine(tmp_path, None)
    for number in range(4):
        _, code = machine.deposit("13572468", f"P-{number}")
        machine.collect(code, for_another=bool(number % 2))
    real = machine.centre._ask

    def cut(*call: object) -> tuple[int, bytes]:
        real(*call)  # type: ignore[arg-type]  # the centre has them; the answer is lost
        raise Outage(DOWN)

    monkeypatch.setattr(machine.centre, "_ask", cut)
    assert code_of(machine.report) == DOWN.name
    assert machine.health().waiting == 8
    monkeypatch.setattr(machine.centre, "_ask", real)
    assert (machine.report(), machine.health().waiting) == (8, 0)
    assert machine.report() == 0
    machine.deposit("13572468", "P-9")
    assert (machine.report(), machine.health().waiting) == (1, 0)
    machine.close()
    (tmp_path / "restored").mkdir()
    restored = centre.machine(tmp_path / "restored", None)  # an empty disk: numbers begin again
    restored.disable_face()
    assert (restored.report(), restored.health().waiting) == (0, 1)  # another story: not taken
    restored.close()


# The card's frames.


def test_a_card_goes_through_its_frames_and_back() -> None:
    card = CardRead("演示甲", "990101199003071237", "长期", b"p" * 1024)
    assert card_of(answer_of(card)) == card
    assert "990101" not in repr(card)
    dated = msgspec.structs.replace(card, until="2036-01-02")
    assert card_of(answer_of(dated)).until == "2036-01-02"


@pytest.mark.parametrize("cut", [0, 1, 5, 7, 8, 100, 1290])
def test_a_frame_cut_short_is_no_card(cut: int) -> None:
    frame = answer_of(CardRead("演示甲", "990101199003071237", "长期", b"p" * 1024))
    assert code_of(lambda: card_of(frame[:cut])) == UNREADABLE.name


def test_a_frame_with_any_bit_altered_is_no_card() -> None:
    frame = answer_of(CardRead("演示甲", "990101199003071237", "长期", b"p" * 1024))
    for place in range(0, len(frame), 37):
        harmed = bytearray(frame)
        harmed[place] ^= 0x10
        assert code_of(lambda harmed=harmed: card_of(bytes(harmed))) == UNREADABLE.name


def test_other_answers_of_a_reader_are_no_card() -> None:
    assert code_of(lambda: card_of(framed(bytes.fromhex("000080")))) == UNREADABLE.name
    assert data_of(framed(b"abc")) == b"abc"


def test_a_card_without_a_photo_that_can_be_decoded_keeps_the_camera_shut(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = SimulatedReader("990101199003071237", "演示甲", 7)
    plain.frame = answer_of(CardRead("演示甲", "990101199003071237", "长期", b"\0" * 1024))
    parts = SimulatedParts(**FAST)
    monkeypatch.setattr(parts, "reader", lambda: plain)
    machine = centre.machine(tmp_path, parts)
    looked_through(machine)
    visit = machine.visit_now()
    assert visit.last is not None
    assert (visit.last.why, visit.last.taken) == (Why.NO_REFERENCE, 0)
    machine.close()


def test_real_nets_look_in_the_simulated_machine(centre: Centre, tmp_path: Path) -> None:
    from liangming.edge.models.engine import engine_of

    engine = engine_of(stocked(tmp_path / "models"))
    machine = centre.machine(tmp_path, SimulatedParts(engine=engine, **FAST))
    looked_through(machine)
    visit = machine.visit_now()
    assert visit.last is not None
    assert visit.passed is False  # a net that always sees one still mesh never sees a movement
    assert len(visit.last.models) == 3
    machine.close()
