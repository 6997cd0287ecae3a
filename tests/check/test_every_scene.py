"""Every example scene, as its people meet it."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest
import pytest_asyncio
from tests.world import CONFIRMED, DENIED, DOWN, World, world

from liangming.check import Opening, open_check, present
from liangming.check import states as s
from liangming.check.codes import issue_pickup_code
from liangming.check.journey import choose, show_notice
from liangming.errors import LiangmingError
from liangming.law.words import Method, SceneKind
from liangming.method import AgreementShown, PaymentShown, PickupCodeShown, TicketShown
from liangming.scene import Scene, SceneCatalogue

EXAMPLES = SceneCatalogue.load(
    [Path(__file__).resolve().parents[2] / "examples" / "scenes"], date(2026, 11, 24)
)
SCENES = list(EXAMPLES.values())


def of(kind: SceneKind) -> Scene:
    return next(scene for scene in SCENES if scene.kind is kind)


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[World]:
    async with world(tmp_path, *SCENES) as made:
        yield made


async def at(house: World, scene: Scene, method: Method) -> str:
    state = await open_check(house.premises, Opening(scene=scene.id))
    await show_notice(house.premises, state.about.id)
    await choose(house.premises, state.about.id, method)
    return state.about.id


def test_there_is_an_example_for_every_kind_of_scene() -> None:
    assert {scene.kind for scene in SCENES} == set(SceneKind)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.id)
async def test_every_scene_offers_a_way_without_face_and_smartphone(
    house: World, scene: Scene
) -> None:
    state = await open_check(house.premises, Opening(scene=scene.id))
    offered = [offer.method for offer in state.about.offers]
    assert offered
    assert any(not m.is_face and not m.needs_smartphone for m in offered)
    assert all(offer.grounds and offer.citations for offer in state.about.offers)
    assert not offered[0].is_face
    if not scene.kind.sends:
        assert state.about.demands.get("show", "nothing") == "nothing"


async def test_a_vending_machine_asks_nobody_who_they_are(house: World) -> None:
    scene = of(SceneKind.VENDING)
    state = await open_check(house.premises, Opening(scene=scene.id))
    assert not any(o.method.shows_identity and not o.method.is_face for o in state.about.offers)
    for method in (Method.PAYMENT_CODE, Method.CASH, Method.BANK_CARD):
        if method not in scene.methods:
            continue
        check = await at(house, scene, method)
        paid = await present(house.premises, check, PaymentShown(reference="p", by=method.value))
        assert isinstance(paid, s.Passed)
        assert paid.register == "nothing"
    assert (await house.premises.store.counts())["persons"] == 0


async def test_a_payment_that_failed_is_no_sale_and_one_that_is_down_is_undetermined(
    house: World,
) -> None:
    scene = of(SceneKind.VENDING)
    method = next(m for m in scene.methods if m is not Method.FACE)
    house.source.answer = DENIED
    shown = PaymentShown(reference="p", by=method.value)
    state = await present(house.premises, await at(house, scene, method), shown)
    assert isinstance(state, s.Refused)
    assert state.reason.value == "no-entitlement"
    house.source.answer = DOWN
    state = await present(house.premises, await at(house, scene, method), shown)
    assert isinstance(state, s.Undetermined)
    house.source.answer = CONFIRMED


@pytest.mark.parametrize("kind", [SceneKind.COLLECT_LOCKER, SceneKind.COLLECT_COUNTER])
async def test_a_pickup_code_opens_once_here_and_nowhere_else(
    house: World, kind: SceneKind
) -> None:
    scene = of(kind)
    code = await issue_pickup_code(house.premises, scene.id, "parcel-1", 60)
    house.planted.add(code)
    spoken = PickupCodeShown(code=f"{code[:4]} {code[4:]}")
    state = await present(house.premises, await at(house, scene, Method.PICKUP_CODE), spoken)
    assert isinstance(state, s.Passed)
    with pytest.raises(LiangmingError) as caught:
        await present(house.premises, await at(house, scene, Method.PICKUP_CODE), spoken)
    assert caught.value.code.name in {
        "method.pickup-code-unknown",
        "method.code-already-used",
    }
    house.nothing_leaked()


async def test_guessing_pickup_codes_is_slowed_down_and_other_ways_stay_open(
    house: World,
) -> None:
    scene = of(SceneKind.COLLECT_LOCKER)
    codes = set()
    for guess in range(7):
        check = await at(house, scene, Method.PICKUP_CODE)
        with pytest.raises(LiangmingError) as caught:
            await present(house.premises, check, PickupCodeShown(code=f"{guess:08}"))
        codes.add(caught.value.code.name)
    assert codes == {"method.pickup-code-unknown", "method.too-many-tries"}
    state = await open_check(house.premises, Opening(scene=scene.id))
    assert state.about.offers


async def test_an_agreement_sender_shows_no_document_at_each_parcel(house: World) -> None:
    scene = of(SceneKind.SEND_AGREEMENT)
    check = await at(house, scene, Method.AGREEMENT)
    state = await present(house.premises, check, AgreementShown(agreement="a-1"))
    assert isinstance(state, s.Passed)
    assert state.register == "nothing"


@pytest.mark.parametrize(
    "scene", [s for s in SCENES if Method.TICKET in s.methods], ids=lambda scene: scene.id
)
async def test_a_ticket_opens_an_entrance_and_nothing_is_kept(house: World, scene: Scene) -> None:
    check = await at(house, scene, Method.TICKET)
    state = await present(house.premises, check, TicketShown(reference="t-1"))
    assert isinstance(state, s.Passed)
    assert state.register == "nothing"
    assert (await house.premises.store.counts())["persons"] == 0
