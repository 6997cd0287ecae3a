"""Poured or made the plain way: the same record, to the byte, for every kind of whole check."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.world import CONFIRMED, DENIED, DOWN, World, card, face_scene, numbers, scene, world

from liangming import ids
from liangming.check import WholeCheck, leaf_keys, lots, settle
from liangming.check.begun import Moulds
from liangming.check.form import Form
from liangming.check.pattern import iso, plain
from liangming.check.ports import STORE_DOWN
from liangming.check.states import Sender, Subject, Thing
from liangming.check.whole import complete
from liangming.errors import LiangmingError, Outage
from liangming.law.words import Method
from liangming.method import (
    AgreementShown,
    CredentialShown,
    DocumentShown,
    OrganisationShown,
    PaymentShown,
    RegisteredShown,
    TicketShown,
    Unwilling,
)
from liangming.scene import SceneCatalogue
from liangming.vault import Newcomer, Vault

EXAMPLES = SceneCatalogue.load(
    [Path(__file__).resolve().parents[2] / "examples" / "scenes"], date(2026, 11, 24)
)
SCENES = (scene(), face_scene(), *EXAMPLES.values())
NUMBERS = numbers(4)
SOURCES = {"confirmed": CONFIRMED, "denied": DENIED, "down": DOWN}


def evidence(method: Method) -> Iterator[object]:
    """What may be shown for a way, well and badly."""
    match method:
        case Method.DOCUMENT_SEEN | Method.DOCUMENT_READ:
            yield from (
                card(NUMBERS[0]),
                card(NUMBERS[0], expires="2012-04-15"),
                card(NUMBERS[0], waybill_name="别人"),
                card(NUMBERS[0], name="", waybill_name="", agrees=True),
                card(NUMBERS[0][:-1] + "A"),
                DocumentShown(number="E12345678", name="EXAMPLE", waybill_name="EXAMPLE"),
                Unwilling(),
            )
        case Method.ORGANISATION:
            yield OrganisationShown(
                uscc="91990000MA00000001", name="示例公司", representative=card(NUMBERS[1])
            )
        case Method.NETWORK_CREDENTIAL:
            yield CredentialShown(presentation="opaque")
        case Method.REGISTERED_SENDER:
            yield RegisteredShown(number=NUMBERS[0], agrees=True)
        case Method.AGREEMENT:
            yield AgreementShown(agreement="a-1")
        case Method.TICKET:
            yield TicketShown(reference="t-1")
        case Method.PAYMENT_CODE | Method.CASH | Method.BANK_CARD:
            yield PaymentShown(reference="p-1", by=method.value)
        case _:
            yield Unwilling()


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path, *SCENES) as made:
        yield made


@pytest.fixture
def turn(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Ids, keys and seals that depend on a counter, so that two runs can be laid side by side."""
    current = [0]

    def new(prefix: str, _at: object) -> str:
        return f"{prefix}_{current[0]:026}"

    keys: dict[bytes, bytes] = {}

    def sealed(vault: Vault, person: bytes, _: object) -> tuple[bytes, bytes]:
        if person not in keys:
            keys[person] = vault.new_person_key(person).wrapped
        return keys[person], b"s"

    def each(vault: Vault, people: list[Newcomer]) -> list[tuple[bytes, bytes, bytes]]:
        both = [(one, *sealed(vault, one.person, None)) for one in people]
        return [(w, s, vault.person_pad(w, one.person, one.what)) for one, w, s in both]

    monkeypatch.setattr(ids, "new", new)
    monkeypatch.setattr(
        lots, "draw", lambda *_: [(new(ids.CHECK, 0), b"", bytes([current[0] % 256]) * 32, b"")]
    )
    monkeypatch.setattr(leaf_keys, "fresh", lambda: bytes([current[0] % 256]) * 32)
    monkeypatch.setattr(settle, "seal", sealed)
    monkeypatch.setattr(settle, "seal_each", each)
    return current


async def made(house: World, check: WholeCheck) -> tuple[object, ...]:
    """What would be written, or the error."""
    written: list[object] = []

    async def commit(change: object) -> None:
        written.append(plain(change))

    store = house.premises.store
    original, store.commit = store.commit, commit  # type: ignore[method-assign]
    try:
        done = await complete(house.premises, check)
    except LiangmingError as error:
        return "refused", error.code.name, error.field, error.citations
    finally:
        store.commit = original  # type: ignore[method-assign]
    text = done.text("t", iso, msgspec.json.encode)
    return "written", done.mould is not None, written, done.state, done.tag, text


def plainly(house: World) -> None:
    """Forget every mould: the next check goes the plain way."""
    object.__setattr__(house.premises, "moulds", Moulds())


def kinds(house: World, which: str) -> Iterator[WholeCheck]:
    place = house.premises.scenes[which]
    notice = house.premises.notice(place).digest
    others = tuple(m for m in place.methods if not m.is_face)
    for method in place.methods:
        for shown in evidence(method):
            yield WholeCheck(scene=which, method=method, evidence=shown, notice=notice)
    basic = WholeCheck(scene=which, method=others[0], evidence=Unwilling(), notice=notice)
    changed = msgspec.structs.replace
    yield from (
        changed(basic, helped=True),
        changed(basic, language="en", by="person"),
        changed(basic, notice="0" * 64),
        changed(basic, scene="nowhere"),
        changed(basic, declined=others[1:2]),
        changed(basic, declined=others[:1]),
        changed(basic, declined=(Method.FACE,)),
        changed(basic, thing=Thing.LETTER),
        changed(basic, thing=Thing.NOTHING),
        changed(basic, unseen=True),
        changed(basic, subject=Subject.FOR_ANOTHER),
        changed(basic, subject=Subject.WITH_GUARDIAN),
        changed(basic, sender=Sender.ORGANISATION),
    )


@pytest.mark.parametrize("which", [s.id for s in SCENES])
async def test_a_poured_check_is_the_one_that_the_plain_way_makes(
    house: World, turn: list[int], which: str
) -> None:
    poured = 0
    answers = SOURCES if which == SCENES[0].id else {"confirmed": CONFIRMED}
    for check, answer in itertools.product(list(kinds(house, which)), answers.values()):
        house.source.answer = answer
        for _ in range(4):  # two go the plain way and prove a mould; its texts are cut by the third
            turn[0] += 1
            house.clock.move(timedelta(seconds=1, microseconds=7))
            fast = await made(house, check)
        moulds = house.premises.moulds
        poured += fast[0] == "written"
        plainly(house)
        plain = await made(house, check)
        if fast[0] == "written":
            assert (fast[1], plain[1]) == (True, False)
            fast, plain = fast[2:], plain[2:]
        assert plain == fast
        object.__setattr__(house.premises, "moulds", moulds)
    assert poured


async def test_the_third_of_a_kind_is_poured_and_every_leaf_of_it_proves(house: World) -> None:
    notice = house.premises.notice(house.premises.scenes["demo.counter"]).digest
    done = []
    for number in (*NUMBERS, *NUMBERS):
        house.clock.move(timedelta(milliseconds=1))
        check = WholeCheck(
            scene="demo.counter",
            method=Method.DOCUMENT_SEEN,
            evidence=card(number),
            notice=notice,
        )
        done.append(await complete(house.premises, check))
    assert [each.mould is not None for each in done] == [0, 0, 1, 1, 0, 0, 1, 1]
    for each in done:
        assert await house.verify(each.id) == each.state
    assert [each.state.register for each in done] == ["collected"] * 4 + ["kept"] * 4
    house.nothing_leaked()


async def test_a_mould_of_yesterday_is_not_used_today(house: World) -> None:
    notice = house.premises.notice(house.premises.scenes["demo.counter"]).digest
    check = WholeCheck(
        scene="demo.counter", method=Method.DOCUMENT_SEEN, evidence=Unwilling(), notice=notice
    )
    for _ in range(3):
        house.clock.move(timedelta(milliseconds=1))
        done = await complete(house.premises, check)
    assert done.mould is not None
    house.clock.move(timedelta(days=1))
    assert (await complete(house.premises, check)).mould is None


async def test_a_pattern_goes_down_until_it_rests_and_again_each_second(house: World) -> None:
    notice = house.premises.notice(house.premises.scenes["demo.counter"]).digest
    store = house.premises.store
    carried: list[bool] = []
    down = False

    class Watched:
        """The store, and whether a change brought its pattern."""

        async def commit(self, change: object) -> None:
            if change.run is not None:
                carried.append(bool(change.run.pattern))
            if down:
                raise Outage(STORE_DOWN)
            await store.commit(change)

        def __getattr__(self, name: str) -> object:
            return getattr(store, name)

    premises = replace(house.premises, store=Watched())
    numbered = iter(numbers(20))

    async def one(**later: int) -> None:
        house.clock.move(timedelta(**later))
        await complete(
            premises,
            WholeCheck(
                scene="demo.counter",
                method=Method.DOCUMENT_SEEN,
                evidence=card(next(numbered)),
                notice=notice,
            ),
        )

    for _ in range(2):  # the plain way
        await one(seconds=2)
    down = True
    for _ in range(2):  # not durable: nobody may rely on it
        with pytest.raises(Outage):
            await one(milliseconds=1)
    down = False
    for later in (1, 1, 498, 1, 1, -5):  # ms; a clock that goes back is no proof either
        await one(milliseconds=later)
    assert carried == [True, True, True, False, False, True, False, True]
    carried.clear()
    await one(milliseconds=500)
    down = True  # who took it along again is not told
    for later in (500, 1, 497, 1, 1):
        with pytest.raises(Outage):
            await one(milliseconds=later)
    assert carried == [True, True, False, False, False, True]  # sure for a second, and no longer
    down = False
    premises = replace(house.premises, store=Watched())
    await one(milliseconds=1)  # another store does not have it
    assert carried[-1]
    for row in await store.checks_after("", 100):
        assert await house.verify(row.id)


PLACES = st.lists(st.text("abc", min_size=3, max_size=3), min_size=1, max_size=3, unique=True)


@settings(deadline=None)
@given(
    PLACES,
    st.lists(st.integers(0, 3) | st.sampled_from([b"%", b"%b", b"\x00", b"x"]), max_size=12),
    st.lists(st.binary(max_size=5), min_size=3, max_size=3),
)
def test_a_form_puts_values_where_the_places_were(
    places: list[str], parts: list[int | bytes], values: list[bytes]
) -> None:
    names = [b"<" + place.encode() + b">" for place in places]

    def written(how: list[bytes]) -> bytes:
        return b"".join(
            part if isinstance(part, bytes) else how[part % len(names)] for part in parts
        )

    form = Form.cut(written(names), names)
    assert form.fill(names) == written(names)
    assert form.fill(values[: len(names)]) == written(values)
