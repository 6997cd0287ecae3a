"""A world for tests: scenes, people, sources, a clock, keys and a real store in a folder.

Everything stands behind the real ports. ``World.verify`` reads back what was stored and proves it:
every leaf recomputes from its event, numbers have no gap, and no planted personal value is found
in any byte that was written.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from liangming.check import Device, KnownDevices, Premises, read, states
from liangming.check.examine import examine  # noqa: F401  (imports every event and code)
from liangming.check.opening import open_leaf_key
from liangming.clock import SetClock
from liangming.law import CORPUS
from liangming.law.words import Channel, Method, SceneKind
from liangming.ledger import Event, commit
from liangming.method import Answer, Confirmed, Denied, DocumentShown, Down, Sources
from liangming.scene.model import (
    Assessment,
    FaceTerms,
    Kept,
    Operator,
    Outlet,
    Scene,
    Text,
    Way,
)
from liangming.storage import migrate, open_store
from liangming.vault import AES, OperatorKeys, Vault

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # noon in China
OPERATOR = Operator(
    id="demo",
    name=Text("示例快递", "Demo Express"),
    contact=Text("privacy@demo.example", "privacy@demo.example"),
)
OUTLET = Outlet(id="demo-001", name=Text("示例网点", "Demo outlet"), province="110000")

CARD = "990101199003071237"  # region 99 is unallocated: nobody's number
NAME = "演示甲"


def card(number: str = CARD, name: str = NAME, **more: object) -> DocumentShown:
    """A resident card of nobody."""
    shown = DocumentShown(document="resident_card", number=number, name=name, waybill_name=name)
    return msgspec.structs.replace(shown, **more)


def numbers(count: int) -> list[str]:
    """Distinct well-formed numbers in the unallocated region."""
    made = []
    for n in range(count):
        body = f"9901011990{n // 999 % 12 + 1:02}{n // 11988 % 28 + 1:02}{n % 999:03}"
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        total = sum(int(c) * w for c, w in zip(body, weights, strict=True))
        made.append(body + "10X98765432"[total % 11])
    return made


def scene(
    scene_id: str = "demo.counter",
    kind: SceneKind = SceneKind.SEND_COUNTER,
    ways: tuple[Method, ...] = (
        Method.DOCUMENT_SEEN,
        Method.DOCUMENT_READ,
        Method.ORGANISATION,
        Method.NETWORK_CREDENTIAL,
        Method.ORDER_CODE,
        Method.REGISTERED_SENDER,
    ),
    **more: object,
) -> Scene:
    """A lawful scene."""
    settings: dict[str, object] = {
        "id": scene_id,
        "operator": OPERATOR,
        "outlet": OUTLET,
        "kind": kind,
        "channel": Channel.COUNTER,
        "purpose": Text("实名收寄", "Real-name acceptance"),
        "ways": tuple(Way(method=m) for m in ways),
        "notice": "parcel-send",
        "fields": ("document", "name"),
        "retention": (
            Kept(field="document", days=365, article="pipl.19"),
            Kept(field="name", days=365, article="pipl.19"),
        ),
        "staff_help": True,
        "withdrawal": Text("凭回执编码", "with the receipt code"),
    }
    return Scene(**{**settings, **more})  # type: ignore[arg-type]


def face_scene(scene_id: str = "demo.face") -> Scene:
    """A counter that also offers the face, lawfully."""
    return scene(
        scene_id,
        ways=(Method.DOCUMENT_SEEN, Method.REGISTERED_SENDER, Method.FACE),
        retention=(
            Kept(field="document", days=365, article="pipl.19"),
            Kept(field="name", days=365, article="pipl.19"),
            Kept(field="face", days=0, article="face.8"),
        ),
        face=FaceTerms(
            assessment=Assessment(
                id="PIA-1",
                approved_on=date(2026, 1, 1),
                approved_by="privacy officer",
                valid_until=date(2027, 1, 1),
            ),
            sign_displayed=True,
            pad_level=0,
        ),
    )


@dataclass
class Answers:
    """Sources that answer as told."""

    simulated: bool = False
    answer: Answer = field(default_factory=Confirmed)

    async def confirm(self, *_: object, **__: object) -> Answer:
        return self.answer


CONFIRMED, DENIED, DOWN = Confirmed(), Denied(), Down()


@dataclass
class World:
    """The house, its clock, its one device, and what was planted."""

    premises: Premises
    clock: SetClock
    device_key: Ed25519PrivateKey
    source: Answers
    folder: Path
    planted: set[str] = field(default_factory=lambda: {CARD, NAME})

    async def verify(self, check_id: str) -> states.State:
        """Read a check back and prove every leaf from its stored event."""
        state = await read.read(self.premises, check_id)
        row = await self.premises.store.check(check_id)
        assert row is not None
        key = await open_leaf_key(self.premises.store, self.premises.vault, row)
        leaves = await self.premises.store.leaves(check_id)
        assert [leaf.number for leaf in leaves] == list(range(state.journey.events))
        for leaf in leaves:
            facts = {
                name: tuple(value) if isinstance(value, list) else value
                for name, value in msgspec.json.decode(leaf.facts).items()
            }
            again = commit(Event(leaf.tag, leaf.at, leaf.check, facts), key, leaf.number)
            assert again == leaf.leaf
        return state

    def nothing_leaked(self) -> None:
        """No planted value stands in any file of the world's folder."""
        for path in self.folder.rglob("*"):
            if path.is_file():
                data = path.read_bytes()
                for value in self.planted:
                    assert value.encode() not in data, path.name


@lru_cache(maxsize=1)
def _migrated() -> Path:
    """One migrated, empty file a test run: copying it is faster than migrating anew."""
    folder = Path(tempfile.mkdtemp(prefix="liangming-world-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    migrate(f"sqlite:///{folder / 'empty.sqlite3'}")
    return folder / "empty.sqlite3"


@asynccontextmanager
async def world(
    folder: Path, *scenes: Scene, url: str = "", at: datetime = NOON
) -> AsyncIterator[World]:
    """A world with these scenes; the store is SQLite in the folder unless an address is given."""
    address = url or f"sqlite:///{folder / 'world.sqlite3'}"
    if url:
        migrate(url)
    else:
        shutil.copyfile(_migrated(), folder / "world.sqlite3")
    clock = SetClock(at)
    store = open_store(address, clock=clock)  # one time for the house and what it forgets
    await store.open()
    keys = OperatorKeys.fresh(at, buckets=4)
    device_key = Ed25519PrivateKey.generate()
    source = Answers()
    live = scenes or (scene(), face_scene())
    try:
        yield World(
            premises=Premises(
                clock=clock,
                corpus=CORPUS,
                scenes={s.id: s for s in live},
                store=store,
                keys=keys,
                vault=Vault(keys, AES),
                sources=Sources(credential=source, entitlement=source, agreement=source),
                devices=KnownDevices(
                    {"dev-1": Device("dev-1", "demo.face", device_key.public_key())}
                ),
                allow_test_region=True,
            ),
            clock=clock,
            device_key=device_key,
            source=source,
            folder=folder,
        )
    finally:
        await store.close()
