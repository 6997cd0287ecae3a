"""When things go wrong: each has its own outcome, never an open door, never a person without a way."""

from __future__ import annotations

import contextlib
import socket
import threading
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest
from tests.edge.conftest import STAFF, Centre
from tests.edge.test_agent import NOON, bought, code_of, made
from tests.edge.test_flow import FAST, looked_through
from tests.edge.test_template import COSINE, LIFE, face
from tests.patience import PATIENCE

from liangming.clock import SetClock, SystemClock
from liangming.edge import codes
from liangming.edge.agent.centre import DOWN, Command
from liangming.edge.agent.machine import NOT_OFFERED, Machine
from liangming.edge.agent.simulated import SimulatedParts
from liangming.edge.face.order import Why
from liangming.edge.template.kept import Keeper
from liangming.errors import LiangmingError


class Cut:
    """A cable between device and centre that breaks after so many bytes of one direction."""

    def __init__(self, url: str, *, there: int = 1 << 30, back: int = 1 << 30) -> None:
        target = urlsplit(url)
        self._target = (target.hostname, target.port)
        self._left = {"there": there, "back": back}
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self._pass, args=(near,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _pass(self, near: socket.socket) -> None:
        with near, socket.create_connection(self._target) as far:
            back = threading.Thread(target=self._carry, args=(far, near, "back"), daemon=True)
            back.start()
            self._carry(near, far, "there")
            back.join(PATIENCE)

    def _carry(self, one: socket.socket, other: socket.socket, way: str) -> None:
        try:
            while data := one.recv(4096):
                other.sendall(data[: self._left[way]])
                self._left[way] -= len(data)
                if self._left[way] <= 0:
                    break
        except OSError:
            pass
        for end in (one, other):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(PATIENCE)


TABLES = ("journal", "templates", "cells")


def full(machine: Machine) -> None:
    """The disk takes no more: every write of one of these fails and is not written."""
    for table in TABLES:
        machine.memory.rows(
            f"CREATE TEMP TRIGGER full_{table} BEFORE INSERT ON main.{table}"
            " BEGIN SELECT RAISE(ABORT, 'full'); END"
        )


def room(machine: Machine) -> None:
    """It takes again."""
    for table in TABLES:
        machine.memory.rows(f"DROP TRIGGER full_{table}")


@pytest.mark.parametrize("cut", [{"there": 900}, {"back": 200}], ids=["request", "answer"])
def test_a_cable_cut_in_the_middle_of_a_sync_loses_and_doubles_nothing(
    centre: Centre, tmp_path: Path, cut: dict
) -> None:
    about = centre.enrolled(tmp_path / "own")
    machine = centre.machine(tmp_path / "here", None, about=about)
    for number in range(6):
        machine.deposit(STAFF, f"P-{number}")
    cable = Cut(centre.server.url, **cut)
    machine.centre = type(machine.centre)(msgspec.structs.replace(about, centre=cable.url))
    with contextlib.suppress(LiangmingError):  # cut between two lines, it just heard of fewer
        machine.report()
    assert machine.health().waiting > 0
    cable.close()
    machine.centre = type(machine.centre)(about)
    machine.report()
    assert machine.health().waiting == 0
    machine.close()
    rows = msgspec.json.decode(centre.house.run("ledger", "devices", "--json").stdout)
    (row,) = [one for one in rows if one["device"] == about.device]
    assert (row["events"], row["faults"]) == (6, [])


def test_days_without_a_centre_change_nothing_for_who_stands_there_and_are_all_told_later(
    centre: Centre, tmp_path: Path
) -> None:
    about = centre.enrolled(tmp_path / "own")
    gone = msgspec.structs.replace(about, centre="http://127.0.0.1:9")
    machine = centre.machine(tmp_path / "here", SimulatedParts(**FAST), about=gone)
    clock = SetClock(SystemClock().now() - timedelta(days=6))
    machine._clock = clock
    for day in range(6):
        _, code = machine.deposit(STAFF, f"P-{day}")
        clock.move(timedelta(days=1))
        assert code_of(machine.report) == DOWN.name
        assert code_of(machine.obey) == DOWN.name
        assert machine.collect(code, for_another=bool(day % 2)) == 1
    assert (machine.health().waiting, machine.sweep()) == (12, 0)
    machine.centre = type(machine.centre)(about)
    assert machine.report() == 12
    machine.close()
    rows = msgspec.json.decode(centre.house.run("ledger", "devices", "--json").stdout)
    (row,) = [one for one in rows if one["device"] == about.device]
    assert (row["events"], row["faults"]) == (12, [])


def test_an_outcome_taken_off_the_wire_opens_nothing_a_second_time(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = centre.machine(tmp_path, SimulatedParts(**FAST))
    sent: list[tuple[str, object]] = []
    real = machine.centre._call

    def recorded(method: str, path: str, body: object = None) -> object:
        if path.endswith("/evidence"):
            sent.append((path, body))
        return real(method, path, body)  # type: ignore[arg-type]

    monkeypatch.setattr(machine.centre, "_call", recorded)
    looked_through(machine)
    assert machine.visit_now().passed
    machine.opened_by_face()
    ((path, body),) = sent
    assert code_of(lambda: real("POST", path, body)) == "edge.centre-said-no"  # type: ignore[arg-type]
    machine.begin_face()  # another check, to its consent, and the old outcome for it
    other = machine.visit_now()
    machine.centre.consent(other.check, age=30, by_guardian=False)
    answer = lambda: real("POST", f"/v1/checks/{other.check}/evidence", body)  # noqa: E731
    assert code_of(answer) == "edge.centre-said-no"  # type: ignore[arg-type]
    assert code_of(machine.opened_by_face) == NOT_OFFERED.name
    machine.close()


def test_a_command_taken_off_the_wire_is_not_done_a_second_time(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = centre.enrolled(tmp_path / "own")
    machine = centre.machine(tmp_path, SimulatedParts(**FAST), about=about)
    there = f"/v1/devices/{about.device}/commands"
    centre.ask("POST", there, {"deed": "start-face"})
    (old,) = machine.centre.commands()
    assert machine.obey() == 1
    centre.ask("POST", there, {"deed": "stop-face"})
    assert (machine.obey(), machine.offers_face()) == (1, False)
    monkeypatch.setattr(machine.centre, "commands", lambda: [old])
    assert isinstance(old, Command)
    assert code_of(machine.obey) == "edge.centre-said-no"  # it waits no more at the centre
    assert machine.offers_face() is False
    machine.close()


def test_a_full_disk_during_a_look_opens_nothing_and_says_so(
    centre: Centre, tmp_path: Path
) -> None:
    machine = centre.machine(tmp_path, SimulatedParts(**FAST))
    _, code = machine.deposit(STAFF, "P-1")
    machine.begin_face()
    visit = machine.visit_now()
    full(machine)
    visit.agree(by_guardian=False)
    assert visit.over.wait(PATIENCE)
    assert visit.passed is False
    assert code_of(machine.opened_by_face) == NOT_OFFERED.name
    room(machine)
    machine.leave()
    assert machine.collect(code, for_another=False) == 1
    machine.close()


def test_a_full_disk_keeps_no_template_and_no_half_of_one(tmp_path: Path) -> None:
    machine, _ = made(tmp_path, kind="vending")
    number, keys = machine.templates.fresh()
    keeper = Keeper(keys)
    assert keeper.same(face(1), COSINE)
    full(machine)
    before = machine.journal.count()
    assert code_of(lambda: machine.templates.keep(keeper, NOON, LIFE)) == codes.DISK_FULL.name
    assert (machine.templates.count(), machine.journal.count()) == (0, before)
    room(machine)
    assert code_of(lambda: machine.templates.claim(number, NOON)) == "edge.number-unknown"
    bought(machine)
    machine.close()


def test_a_full_disk_at_the_moment_of_keeping_is_told_and_leaves_nothing(
    centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = centre.enrolled(tmp_path / "own", "yangpin-campus", "vending", remember_days=30)
    machine = centre.machine(tmp_path, SimulatedParts(**FAST), about=about)
    machine.begin_face(keep=True)
    visit = machine.visit_now()
    real = machine.templates.keep

    def keep(*words: object) -> str:
        full(machine)
        return real(*words)  # type: ignore[arg-type]

    monkeypatch.setattr(machine.templates, "keep", keep)
    visit.agree(by_guardian=False)
    assert visit.over.wait(PATIENCE)
    assert visit.last is not None
    assert (visit.last.why, visit.number, machine.templates.count()) == (Why.NOT_KEPT, "", 0)
    room(machine)
    bought(machine)
    machine.close()


def test_a_clock_set_back_takes_the_face_away_and_leaves_every_other_payment(
    centre: Centre, tmp_path: Path
) -> None:
    about = centre.enrolled(tmp_path / "own", "yangpin-campus", "vending", remember_days=30)
    machine = centre.machine(tmp_path, SimulatedParts(**FAST), about=about)
    clock = SetClock(NOON)
    machine._clock = clock
    number, keys = machine.templates.fresh()
    keeper = Keeper(keys)
    keeper.same(face(1), COSINE)
    machine.templates.keep(keeper, NOON, LIFE)
    assert (machine.pays_by_face(), machine.remembers()) == (True, True)
    clock.move(timedelta(hours=-1))
    assert (machine.pays_by_face(), machine.remembers()) == (False, False)
    assert code_of(lambda: machine.claimed(number)) == NOT_OFFERED.name
    bought(machine)
    machine.forget(number=number)  # deleting never waits for a right clock
    assert machine.templates.count() == 0
    machine.close()


def test_a_clock_set_back_keeps_no_template_beyond_its_day(tmp_path: Path) -> None:
    machine, _ = made(tmp_path, kind="vending")
    _, keys = machine.templates.fresh()
    keeper = Keeper(keys)
    assert keeper.same(face(1), COSINE)
    machine.templates.keep(keeper, NOON, timedelta(days=30))
    clock = SetClock(NOON + timedelta(days=31))
    machine._clock = clock
    assert machine.health().clock
    clock.move(timedelta(days=-20))
    assert machine.health().clock is False
    assert (machine.sweep(), machine.templates.count()) == (1, 0)
    machine.close()


def test_a_clock_that_ran_ahead_and_was_put_right_is_believed_again_once_the_centre_says_so(
    centre: Centre, tmp_path: Path
) -> None:
    about = centre.enrolled(tmp_path / "own")
    machine = centre.machine(tmp_path, SimulatedParts(**FAST), about=about)
    clock = SetClock(SystemClock().now() + timedelta(days=4000))
    machine._clock = machine.counter._clock = clock
    machine.say_health()
    for _ in range(5):
        assert code_of(lambda: machine.collect("00000000", for_another=False)) != NOT_OFFERED.name
    clock.move(timedelta(days=-4000))
    _, code = machine.deposit(STAFF, "P-1")
    assert machine.collect(code, for_another=False) == 1  # nobody waits ten years
    assert machine.offers_face() is False
    there = f"/v1/devices/{about.device}/commands"
    assert centre.ask("POST", there, {"deed": "start-face"}).status_code == 201
    assert (machine.obey(), machine.offers_face()) == (1, True)
    assert (
        machine.report() > 0
    )  # a moment ahead of the centre's is taken, too, and the queue goes on
    assert machine.health().waiting == 0
    machine.close()
