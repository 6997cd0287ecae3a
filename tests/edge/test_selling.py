"""A sale from order to goods: one price whatever the way, and every trouble with money or goods."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from tests.edge.conftest import Centre
from tests.edge.test_agent import Screen, bought, code_of, journal, made, token
from tests.edge.test_flow import FAST
from tests.edge.test_vending import CAMPUS, remembered

from liangming.clock import SetClock, SystemClock, micros
from liangming.edge import codes
from liangming.edge.agent.machine import Machine
from liangming.edge.agent.shop import LIFE, NO_GOODS, NO_ORDER, STUCK, WRONG_PAYMENT, stock
from liangming.edge.agent.simulated import SimulatedParts
from liangming.edge.agent.till import NOT_PAID, TILL_DOWN, WAYS, SimulatedTill
from liangming.errors import Kind, Outage, declare
from liangming.method import PaymentShown
from liangming.method.payment import Payment, sign

JAMMED = declare("test.door-jammed", Kind.OUTAGE, zh="卡住", en="Jammed")


def till(machine: Machine) -> SimulatedTill:
    assert isinstance(machine.sales.till, SimulatedTill)
    return machine.sales.till


def test_the_price_is_the_order_s_whatever_the_way(tmp_path: Path) -> None:
    machine, door = made(tmp_path, kind="vending")
    for by in WAYS:
        bought(machine, by, "3")
    assert [facts["fen"] for _, facts in journal(machine)] == [580] * 3
    assert door.opened == [3, 3, 3]
    machine.close()


def test_money_comes_back_when_the_way_is_changed_or_nobody_goes_on(tmp_path: Path) -> None:
    machine, door = made(tmp_path, kind="vending")
    client, clock = Screen(machine), machine._clock
    assert isinstance(clock, SetClock)
    order = machine.sales.choose("1")
    machine.sales.ask("cash")
    till(machine).put_in(150)
    assert machine.sales.settle("cash") is None
    assert (
        "选一种付款方式" in client.get("/").text
    )  # another way: the order stands, its money is back
    assert till(machine).given_back == [(order.id, 150)]
    machine.sales.ask("cash")
    till(machine).put_in(100)
    clock.move(LIFE)
    machine.sales.sweep()
    assert till(machine).given_back == [(order.id, 150), (order.id, 100)]
    assert code_of(lambda: machine.sales.ask("cash")) == NO_ORDER.name
    assert "先选货" in client.get("/").text
    assert (journal(machine), door.opened) == ([], [])
    machine.close()


def test_each_trouble_with_money_has_its_own_words_and_the_other_ways(tmp_path: Path) -> None:
    machine, door = made(tmp_path, kind="vending")
    client = Screen(machine)
    assert code_of(lambda: machine.sales.choose("9")) == NO_GOODS.name
    assert code_of(lambda: machine.sales.ask("cash")) == NO_ORDER.name
    machine.sales.choose("1")
    assert code_of(lambda: machine.sales.ask("face")) == WRONG_PAYMENT.name
    till(machine).down = ("bank-card",)
    told = client.get("/pay?by=bank-card")
    assert (told.status_code, TILL_DOWN.zh in told.text, 'href="/"' in told.text) == (
        503,
        True,
        True,
    )
    machine.sales.ask("payment-code")
    till(machine).refuse()
    assert code_of(lambda: machine.sales.settle("payment-code")) == NOT_PAID.name
    assert door.opened == []
    machine.sales.ask("cash")  # the same order, another way
    till(machine).put_in()
    assert machine.sales.settle("cash") is not None
    machine.close()


def test_goods_that_do_not_come_out_give_the_money_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine, door = made(tmp_path, kind="vending")

    def jammed(_: int) -> None:
        raise Outage(JAMMED)

    monkeypatch.setattr(door, "open", jammed)
    order = machine.sales.choose("2")
    machine.sales.ask("cash")
    till(machine).put_in()
    assert code_of(lambda: machine.sales.settle("cash")) == STUCK.name
    assert till(machine).given_back == [(order.id, 350)]
    assert [tag for tag, _ in journal(machine)] == ["device:goods:sold", "device:goods:returned"]
    machine.close()


def test_a_full_disk_sells_nothing_and_keeps_no_money(tmp_path: Path) -> None:
    machine, door = made(tmp_path, kind="vending")
    order = machine.sales.choose("1")
    machine.sales.ask("cash")
    till(machine).put_in()
    machine.memory.rows(
        "CREATE TEMP TRIGGER full BEFORE INSERT ON main.journal BEGIN SELECT RAISE(ABORT, 'full'); END"
    )
    assert code_of(lambda: machine.sales.settle("cash")) == codes.DISK_FULL.name
    assert (door.opened, till(machine).given_back) == ([], [(order.id, 200)])
    machine.close()


def test_a_till_without_accounts_offers_no_face(centre: Centre, tmp_path: Path) -> None:
    about = centre.enrolled(tmp_path / "own", CAMPUS, "vending", remember_days=30)
    machine = centre.machine(tmp_path, SimulatedParts(**FAST), about=about)
    remembered(machine)
    assert machine.pays_by_face() is True
    till(machine).takes = WAYS
    assert machine.pays_by_face() is False
    machine.close()


def test_a_face_that_is_left_ends_with_a_payment_by_the_machine_s_own_word(
    centre: Centre, tmp_path: Path
) -> None:
    """``serve`` has no other source of payments: whoever took the money is believed, once."""
    about = centre.enrolled(tmp_path / "own", CAMPUS, "vending", remember_days=30)
    machine = centre.machine(tmp_path, SimulatedParts(**FAST), about=about)
    number = remembered(machine)
    machine.sales.choose("1")
    machine.begin_face(claim=machine.claimed(number))
    check = machine.visit_now().check
    machine.leave()  # no to the notice
    machine.sales.ask("cash")
    till(machine).put_in()
    order = machine.sales.settle("cash")
    assert order is not None
    assert machine.centre._call("GET", f"/v1/checks/{check}")["outcome"] == "passed"
    again = machine.centre.open("cash")
    used = PaymentShown(
        reference=sign(about.key, Payment(about.device, CAMPUS, order.id, "cash", 200, now())),
        by="cash",
    )
    assert code_of(lambda: machine.centre.paid(again, used)) == "edge.centre-said-no"
    machine.close()


def now() -> int:
    return micros(SystemClock().now())


@pytest.mark.parametrize(
    "twisted",
    ["unsigned", "other-scene", "other-way", "old", "nothing-paid", "no-token", "other-device"],
)
def test_the_word_of_nobody_else_and_of_no_other_moment_counts(
    centre: Centre, vendor: Machine, twisted: str
) -> None:
    about = vendor.enrolment
    payment = Payment(about.device, CAMPUS, f"ord_{twisted}", "cash", 200, now())
    key, by = about.key, "cash"
    if twisted == "unsigned":
        key = centre.enrolment.key
    elif twisted == "other-scene":
        payment = msgspec.structs.replace(payment, scene="yangpin-metro")
    elif twisted == "other-way":
        by = "payment-code"
    elif twisted == "old":
        payment = msgspec.structs.replace(payment, at=payment.at - 11 * 60 * 1_000_000)
    elif twisted == "nothing-paid":
        payment = msgspec.structs.replace(payment, fen=0)
    elif twisted == "other-device":
        payment, key = (
            msgspec.structs.replace(payment, device=centre.enrolment.device),
            centre.enrolment.key,
        )
    reference = "lmp1.x.y" if twisted == "no-token" else sign(key, payment)
    check = vendor.centre.open(by)
    assert vendor.centre.paid(check, PaymentShown(reference=reference, by=by)) != "passed"  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def vendor(centre: Centre, tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("vendor")
    about = centre.enrolled(folder, CAMPUS, "vending", remember_days=30)
    machine = centre.machine(folder / "here", SimulatedParts(**FAST), about=about)
    yield machine
    machine.close()


def test_a_revoked_machine_s_word_counts_no_more(centre: Centre, tmp_path: Path) -> None:
    about = centre.enrolled(tmp_path / "own", CAMPUS, "vending", remember_days=30)
    other = centre.enrolled(tmp_path / "other", CAMPUS, "vending", remember_days=30)
    machine = centre.machine(tmp_path, None, about=other)
    assert centre.house.run("device", "revoke", about.device).returncode == 0
    payment = Payment(about.device, CAMPUS, "ord_r", "cash", 200, now())
    check = machine.centre.open("cash")
    shown = PaymentShown(reference=sign(about.key, payment), by="cash")
    assert machine.centre.paid(check, shown) != "passed"
    machine.close()


def test_goods_are_listed_in_a_file_or_told_where_it_is_wrong(tmp_path: Path) -> None:
    good = b'[{"slot": 4, "zh": "\xe8\x8c\xb6", "en": "Tea", "fen": 1205}]'
    (tmp_path / "goods.json").write_bytes(good)
    assert [(one.slot, one.price) for one in stock(tmp_path)] == [(4, "¥12.05")]
    for bad in (
        b"",
        b"[]",
        b"{}",
        good[:-1],
        good[:-1] + b"," + good[1:],
        good.replace(b"1205", b"0"),
    ):
        (tmp_path / "goods.json").write_bytes(bad)
        assert code_of(lambda: stock(tmp_path)) == codes.GOODS_UNREADABLE.name


def test_goods_are_shown_as_text_and_a_forged_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "goods.json").write_bytes(b'[{"slot": 1, "zh": "<b>", "en": "&", "fen": 5}]')
    machine, _ = made(tmp_path, kind="vending")
    client = Screen(machine)
    home = client.get("/")
    assert "&lt;b&gt;  ¥0.05" in home.text
    assert client.post("/order", data={"token": token(home), "way": "../1"}).status_code == 404
    machine.sales.choose("1")
    assert client.get("/pay?by=<script>").status_code == 400
    machine.close()
