"""A machine: cells by code, a journal without a gap, pages for its own screen alone."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liangming.clock import SetClock
from liangming.edge import codes
from liangming.edge.agent import cells as lockers
from liangming.edge.agent import enrolment as enrolling
from liangming.edge.agent import guard as gate
from liangming.edge.agent.cells import SimulatedDoor
from liangming.edge.agent.guard import Guard
from liangming.edge.agent.journal import Journal, Signed, verify
from liangming.edge.agent.machine import Machine
from liangming.edge.agent.memory import Memory
from liangming.edge.agent.server import Door
from liangming.edge.agent.till import SimulatedTill
from liangming.errors import LiangmingError
from liangming.method import pickup
from liangming.method.limits import TOO_MANY_TRIES

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
STAFF = "13572468"


class Screen:
    """The machine's own browser, without a browser."""

    def __init__(self, machine: Machine) -> None:
        self._app = Door(machine).app()

    def ask(self, method: str, path: str, headers: dict | None = None, **more) -> httpx.Response:
        async def call() -> httpx.Response:
            told = {"Origin": "http://127.0.0.1:8700", **(headers or {})}
            transport = httpx.ASGITransport(self._app)
            async with httpx.AsyncClient(
                transport=transport, base_url="http://127.0.0.1:8700", headers=told
            ) as client:
                return await client.request(method, path, **more)

        return asyncio.run(call())

    def get(self, path: str, **more) -> httpx.Response:
        return self.ask("GET", path, **more)

    def post(self, path: str, **more) -> httpx.Response:
        return self.ask("POST", path, **more)


def made(folder: Path, kind: str = "locker", **more: object) -> tuple[Machine, SimulatedDoor]:
    about = enrolling.fresh("dev-1", "yangli-locker-collect", kind)  # type: ignore[arg-type]
    staff = pickup.digest(bytes.fromhex(about.secret), "staff", STAFF).hex()
    about = msgspec.structs.replace(about, staff=staff, cells=3, **more)
    door = SimulatedDoor()
    clock, till = SetClock(NOON), SimulatedTill()
    machine = Machine(folder, about, clock=clock, door=door, guard=Guard(8700), till=till)
    return machine, door


def bought(machine: Machine, by: str = "cash", slot: str = "1") -> str:
    """Somebody buys; the order's number."""
    machine.sales.choose(slot)
    machine.sales.ask(by)
    assert isinstance(machine.sales.till, SimulatedTill)
    machine.sales.till.put_in()
    order = machine.sales.settle(by)
    assert order is not None
    return order.id


@pytest.fixture
def locker(tmp_path: Path) -> Iterator[tuple[Machine, SimulatedDoor]]:
    machine, door = made(tmp_path)
    yield machine, door
    machine.close()


def code_of(call) -> str:
    with pytest.raises(LiangmingError) as caught:
        call()
    return caught.value.code.name


def journal(machine: Machine) -> list[tuple[str, dict]]:
    return [(one.entry.tag, one.entry.facts) for one in machine.journal.waiting()]


def test_a_code_opens_its_cell_once_and_nothing_else(locker) -> None:
    machine, door = locker
    cell, code = machine.deposit(STAFF, "P-1")
    other, _ = machine.deposit(STAFF, "P-2")
    assert (cell, other) == (1, 2)
    assert machine.collect(f"{code[:4]} {code[4:]}", for_another=False) == 1
    assert door.opened == [1, 2, 1]
    assert code_of(lambda: machine.collect(code, for_another=False)) == pickup.CODE_UNKNOWN.name
    assert machine.cells.taken() == [2]
    assert [tag for tag, _ in journal(machine)] == [
        "device:cell:placed",
        "device:cell:placed",
        "device:cell:opened",
    ]


def test_somebody_else_may_collect_and_the_journal_says_only_that(locker) -> None:
    machine, _ = locker
    _, code = machine.deposit(STAFF, "P-1")
    machine.collect(code, for_another=True)
    assert journal(machine)[-1] == (
        "device:cell:opened",
        {"by": "another", "cell": 1, "parcel": "P-1"},
    )


def test_guessing_is_slowed_and_a_code_runs_out(locker) -> None:
    machine, _ = locker
    _, code = machine.deposit(STAFF, "P-1")
    wrong = "0" * 8 if code != "0" * 8 else "1" * 8
    for _ in range(5):
        assert code_of(lambda: machine.collect(wrong, for_another=False)) == (
            pickup.CODE_UNKNOWN.name
        )
    assert code_of(lambda: machine.collect(code, for_another=False)) == TOO_MANY_TRIES.name
    machine._clock.move(timedelta(minutes=2))
    machine._clock.move(lockers.LIFE)
    assert code_of(lambda: machine.collect(code, for_another=False)) == pickup.CODE_UNKNOWN.name
    machine.by_staff(STAFF, "1")


def test_staff_open_with_their_code_only(locker) -> None:
    machine, door = locker
    machine.deposit(STAFF, "P-1")
    assert code_of(lambda: machine.by_staff("00000000", "1")) == lockers.STAFF_UNKNOWN.name
    assert code_of(lambda: machine.by_staff(STAFF, "2")) == lockers.CELL_EMPTY.name
    assert code_of(lambda: machine.by_staff(STAFF, "9")) == "edge.cell-unknown"
    assert machine.by_staff(STAFF, "1") == 1
    assert door.opened == [1, 1]


def test_a_full_locker_sends_to_the_counter_and_takes_nothing(locker) -> None:
    machine, _ = locker
    for number in range(3):
        machine.deposit(STAFF, f"P-{number}")
    before = len(journal(machine))
    assert code_of(lambda: machine.deposit(STAFF, "P-9")) == lockers.NO_CELL.name
    assert len(journal(machine)) == before


def test_no_code_stands_in_any_byte_of_the_device(tmp_path: Path) -> None:
    machine, _ = made(tmp_path)
    given_out = [machine.deposit(STAFF, f"P-{n}")[1] for n in range(3)]
    machine.collect(given_out[0], for_another=False)
    machine.close()
    data = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert b"P-1" in data  # the search finds what is there
    for code in (*given_out, STAFF):
        assert code.encode() not in data


def _remembered(machine: Machine, number: int) -> bool:
    try:
        machine.memory.remember(f"fill-{number}", "x" * 500)
    except LiangmingError:
        return False
    return number < 2000


def _again_and_again(machine: Machine, door: SimulatedDoor, opened: list[int]) -> None:
    for _ in range(3000):
        machine.deposit(STAFF, "P-2")
        opened[:] = door.opened
        machine.by_staff(STAFF, "2")
        opened[:] = door.opened


def test_the_door_stays_shut_when_the_disk_takes_no_more(locker) -> None:
    machine, door = locker
    _, code = machine.deposit(STAFF, "P-1")
    pages = machine.memory.rows("PRAGMA page_count")[0][0]
    machine.memory.rows(f"PRAGMA max_page_count={pages}")
    fill = 0
    while _remembered(machine, fill):  # what is left of the last pages
        fill += 1
    opened = list(door.opened)
    with pytest.raises(LiangmingError) as caught:
        _again_and_again(machine, door, opened)
    assert caught.value.code is codes.DISK_FULL
    assert door.opened == opened  # the failed one opened nothing
    machine.memory.rows("PRAGMA max_page_count=1073741823")
    assert machine.collect(code, for_another=False) == 1


def test_what_was_answered_is_there_after_the_power_is_cut(tmp_path: Path) -> None:
    machine, _ = made(tmp_path)
    _, code = machine.deposit(STAFF, "P-1")
    copy = tmp_path / "copy"
    copy.mkdir()
    for path in tmp_path.glob("device.sqlite3*"):  # as the disk is now, nothing closed
        (copy / path.name).write_bytes(path.read_bytes())
    again = Machine(
        copy, machine.enrolment, clock=SetClock(NOON), door=SimulatedDoor(), guard=Guard(1)
    )
    assert again.collect(code, for_another=False) == 1
    assert verify(again.journal.waiting(), again.enrolment.key.public_key()) == 2
    again.close()
    machine.close()


def entries(folder: Path, count: int) -> tuple[list[Signed], enrolling.Enrolment]:
    about = enrolling.fresh("dev-1", "s", "locker")
    memory = Memory(folder / "m.sqlite3")
    written = Journal(memory, "dev-1", about.key)
    for number in range(count):
        written.append("device:cell:opened", NOON + timedelta(seconds=number), cell=number)
    got = written.waiting()
    memory.close()
    return got, about


@pytest.mark.parametrize("harm", ["gap", "repeat", "swap", "cut-front", "bit", "other-key"])
def test_a_journal_that_was_touched_does_not_verify(tmp_path: Path, harm: str) -> None:
    whole, about = entries(tmp_path, 6)
    key = about.key.public_key()
    assert verify(whole, key) == 6
    assert verify(whole[3:], key, after=whole[2]) == 6
    harmed = {
        "gap": whole[:2] + whole[3:],
        "repeat": [*whole[:3], whole[2], *whole[3:]],
        "swap": [whole[1], whole[0], *whole[2:]],
        "cut-front": whole[1:],
        "bit": [Signed(whole[0].body.replace(b'"cell":0', b'"cell":9'), whole[0].signature)],
        "other-key": whole,
    }[harm]
    if harm == "other-key":
        key = enrolling.fresh("dev-1", "s", "locker").key.public_key()
    with pytest.raises(ValueError, match="after"):
        verify(harmed, key)


def test_a_clock_set_back_is_written_down_and_shuts_the_face(tmp_path: Path) -> None:
    machine, _ = made(tmp_path)
    assert machine.health().clock is True
    machine.deposit(STAFF, "P-1")
    machine._clock.move(timedelta(hours=-5))
    machine.deposit(STAFF, "P-2")
    assert [tag for tag, _ in journal(machine)] == [
        "device:cell:placed",
        "device:clock:back",
        "device:cell:placed",
    ]
    told = machine.health()
    assert (told.clock, told.opens_by_face) == (False, False)
    assert verify(machine.journal.waiting(), machine.enrolment.key.public_key()) == 3
    machine.close()


def test_a_confirmed_entry_is_not_sent_again_and_numbers_go_on(tmp_path: Path) -> None:
    machine, _ = made(tmp_path)
    machine.deposit(STAFF, "P-1")
    machine.deposit(STAFF, "P-2")
    machine.journal.confirmed(1)
    assert [one.entry.seq for one in machine.journal.waiting()] == [2]
    machine.journal.confirmed(2)
    assert machine.health().waiting == 0
    machine.by_staff(STAFF, "1")
    assert [one.entry.seq for one in machine.journal.waiting()] == [3]
    machine.close()


@given(st.text(max_size=40))
@settings(max_examples=60, deadline=None)
def test_no_text_typed_as_a_code_breaks_the_locker(tmp_path_factory, text: str) -> None:
    machine, door = made(tmp_path_factory.mktemp("typed"))
    with pytest.raises(LiangmingError):
        machine.collect(text, for_another=False)
    assert door.opened == []
    machine.close()


def test_a_device_is_enrolled_once_and_its_file_is_its_own(tmp_path: Path) -> None:
    about = enrolling.fresh("dev-1", "scene-1", "locker")
    enrolling.enrol(tmp_path, about)
    assert (tmp_path / enrolling.SETTINGS).stat().st_mode & 0o077 == 0
    assert enrolling.enrolled(tmp_path) == about
    assert about.seed not in repr(about)
    assert code_of(lambda: enrolling.enrol(tmp_path, about)) == enrolling.ENROLLED_BEFORE.name
    assert code_of(lambda: enrolling.enrolled(tmp_path / "none")) == enrolling.NOT_ENROLLED.name


def test_a_passphrase_shuts_the_file_and_another_opens_nothing(tmp_path: Path) -> None:
    about = enrolling.fresh("dev-1", "scene-1", "locker")
    enrolling.enrol(tmp_path, about, "正确 horse")
    data = (tmp_path / enrolling.SETTINGS).read_bytes()
    assert [about.seed.encode() in data, about.secret.encode() in data, b"scene-1" in data] == (
        [False] * 3
    )
    assert enrolling.locked(tmp_path)
    assert enrolling.enrolled(tmp_path, "正确 horse") == about
    for wrong in ("", "正确 hors", "x"):
        call = lambda wrong=wrong: enrolling.enrolled(tmp_path, wrong)  # noqa: E731
        assert code_of(call) == enrolling.PASSPHRASE.name
    (tmp_path / enrolling.SETTINGS).write_bytes(data[:-20] + b'"}')
    assert code_of(lambda: enrolling.enrolled(tmp_path, "正确 horse")) in {
        enrolling.PASSPHRASE.name,
        enrolling.NOT_ENROLLED.name,
    }


# The pages.


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[tuple[Screen, Machine]]:
    machine, _ = made(tmp_path)
    client = Screen(machine)
    yield client, machine
    machine.close()


def token(answer: httpx.Response) -> str:
    return answer.text.split('name="token" value="')[1].split('"')[0]


def test_the_home_page_offers_every_way_but_the_face_without_models(screen) -> None:
    client, _ = screen
    text = client.get("/").text
    assert [w in text for w in ("凭取件码取件", "替别人取件", "工作人员开柜")] == [True] * 3
    assert "人脸" not in text
    assert "http" not in text.replace("http-equiv", "")


def test_a_parcel_comes_and_goes_through_the_pages(screen) -> None:
    client, _ = screen
    form = {"token": token(client.get("/deposit")), "code": STAFF, "parcel": "P-1"}
    placed = client.post("/deposit", data=form)
    code = placed.text.split('class="code">')[1].split("<")[0]
    form = {"token": token(client.get("/collect")), "code": code}
    assert "1 号格口已打开" in client.post("/collect", data=form).text
    again = client.post("/collect", data=form)
    assert (again.status_code, gate.STALE.zh in again.text) == (409, True)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1:9999"}, 403),
        ({"Host": "192.168.1.9:8700"}, 403),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "https://127.0.0.1:8700"}, 403),
    ],
)
def test_another_page_or_name_is_sent_away(screen, headers: dict, status: int) -> None:
    client, machine = screen
    form = {"token": machine.guard.token(), "code": STAFF, "parcel": "P-1"}
    assert client.post("/deposit", data=form, headers=headers).status_code == status
    assert journal(machine) == []


def test_a_form_without_its_token_does_nothing(screen) -> None:
    client, machine = screen
    for value in ({}, {"token": ""}, {"token": "made-up"}):
        answer = client.post("/deposit", data={**value, "code": STAFF, "parcel": "P-1"})
        assert answer.status_code == 409
    assert journal(machine) == []


@pytest.mark.parametrize("path", ["/face", "/face/look", "/face/end", "/face/state"])
def test_the_face_pages_lead_back_where_no_face_is_offered(screen, path: str) -> None:
    client, _ = screen
    answer = client.get(path)
    assert answer.status_code == 409
    assert 'href="/"' in answer.text


def test_a_vending_machine_sells_for_code_cash_and_card_and_asks_nobody(tmp_path: Path) -> None:
    machine, _ = made(tmp_path, kind="vending")
    client = Screen(machine)
    form = {"token": token(client.get("/")), "way": "2"}
    assert client.post("/order", data=form).headers["location"] == "/"
    home = client.get("/").text
    places = [home.index(w) for w in ("付款码来付款", "使用现金付款", "银行卡来付款")]
    assert places == sorted(places)
    assert "人脸" not in home
    for by in ("payment-code", "cash", "bank-card"):
        machine.sales.choose("2")
        form = {"token": token(client.get(f"/pay?by={by}")), "by": by}
        assert "谢谢" in client.post("/pay", data=form).text
    assert [(facts["by"], facts["fen"]) for _, facts in journal(machine)] == [
        ("payment-code", 350),
        ("cash", 350),
        ("bank-card", 350),
    ]
    wrong = client.post("/pay", data={"token": machine.guard.token(), "by": "face"})
    assert wrong.status_code == 400
    machine.close()


def test_every_page_forbids_outside_requests(screen) -> None:
    client, _ = screen
    for path in ("/", "/collect", "/staff", "/mine", "/deposit", "/state"):
        answer = client.get(path)
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["cache-control"] == "no-store"
        assert "//" not in answer.text.replace("<!doctype", "")


def test_two_threads_leave_a_journal_without_a_gap(tmp_path: Path) -> None:
    machine, _ = made(tmp_path)

    def sell() -> None:
        for _ in range(20):
            machine.disable_face()

    threads = [threading.Thread(target=sell) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert verify(machine.journal.waiting(), machine.enrolment.key.public_key()) == 60
    machine.close()
