"""After an erasure, database, tiles, backup, packets and today's keys together say nothing more."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest_asyncio
from tests.inspection.conftest import ORIGIN, Visit
from tests.rights.people import Desk
from tests.world import CARD, NAME, NOON, numbers, world

from liangming.check.forget import destroy, move
from liangming.check.integrate import Integrator
from liangming.check.log_key import log_key
from liangming.check.opening import event_of
from liangming.check.ports import LeafRow
from liangming.check.premises import Premises, Record
from liangming.check.proofs import open_proof, proofs_of
from liangming.check.receipt import encode_receipt, make_receipt, read_receipt, verify_receipt
from liangming.device import enrol, take
from liangming.inspection import Inspected, Role, new_approver, verify_packet
from liangming.inspection.keys import LeafKeys
from liangming.ledger import FileTiles, Log, SqliteHeads, Trust, commit, fsck
from liangming.ledger.device import key_text, sign_event
from liangming.rights import Asking, RightsDesk, ask
from liangming.rights.commands import acknowledge, acknowledgement, waiting
from liangming.rights.holds import hold, lift
from liangming.rights.words import HoldReason, Right
from liangming.storage import open_docket, open_store
from liangming.storage.erasure_file import ErasureFile
from liangming.vault import AES, KeyFile, Vault

LONG = "投诉：柜台说只能刷脸"


@dataclass
class Office:
    """One house with a log, an erasure file, a key file, and inspectors."""

    visit: Visit
    desk: Desk
    custody: KeyFile
    folder: Path

    @property
    def premises(self) -> Premises:
        return self.visit.premises

    async def keys(self, premises: Premises | None = None) -> list[tuple[LeafRow, bytes | None]]:
        """Every leaf that a store holds, with the key that still opens it."""
        house = premises or self.premises
        keys = LeafKeys(house, open_docket(house.store))
        return [
            (row, key if key is not None and opens(row, key) else None)
            for _, row in await house.store.leaves_after(-1, 10_000)
            for key in [await keys.of_leaf(row)]
        ]

    def files(self) -> list[Path]:
        """All that is kept: database and its log, tiles, backup, packets, erasures, keys."""
        return [path for path in self.folder.rglob("*") if path.is_file()]


def opens(row: LeafRow, key: bytes) -> bool:
    return commit(event_of(row), key, row.number) == row.leaf


@pytest_asyncio.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    at = tmp_path / "house"
    at.mkdir()
    async with world(at) as made:
        custody = KeyFile(tmp_path / "keys.json", buckets=4)
        ring = custody.load(NOON).keys
        key = log_key(ring.signing, ORIGIN)
        trust = Trust(ORIGIN, (key.verifying,))
        tiles, heads = FileTiles(at / "log"), SqliteHeads(at / "head.sqlite3")
        log = Log(origin=ORIGIN, tiles=tiles, heads=heads, keys=[key])
        made.premises = replace(
            made.premises, keys=ring, vault=Vault(ring, AES), record=Record(tiles, trust)
        )
        docket = open_docket(made.premises.store)
        erasures = ErasureFile(at / "erasures.ledger")
        people = tuple(new_approver(f"inspector-{n}", Role.AUTHORITY) for n in range(3))
        visit = Visit(
            made,
            Inspected(made.premises, docket),
            trust,
            Integrator(made.premises.store, log, made.clock, tiles=tiles),
            people,
        )
        desk = RightsDesk(premises=made.premises, docket=docket, erasures=erasures)
        try:
            yield Office(visit, Desk(made, desk), custody, tmp_path)
        finally:
            heads.close()


async def life(office: Office) -> set[str]:
    """A person is checked, asks, complains, is held, withdraws; returns all that leaves name."""
    desk, house = office.desk, office.premises
    desk.house.planted.add(LONG)
    check = await desk.by_face()
    before = {row.check for row, _ in await office.keys()} - {check}
    signer = desk.house.device_key
    device = await enrol(
        house,
        desk.desk.docket,
        name="一号柜",
        scene="demo.face",
        key=key_text(signer.public_key()),
        actor="test",
    )
    told = [
        sign_event(signer, device=device.id, seq=n, at=0, tag=tag, facts=facts).encode()
        for n, (tag, facts) in enumerate(
            [
                ("device:camera:counted", {"frames": 9, "captures": 0}),
                ("device:face:ended", {"of": check, "result": "match", "frames_taken": 9}),
            ]
        )
    ]
    await take(house, desk.desk.docket, "demo", told)
    await desk.ask(check, Right.SEE)
    await ask(desk.desk, Asking(check=check, right=Right.COMPLAIN, words=LONG))
    held = await hold(
        desk.desk,
        check,
        reason=HoldReason.DISPUTE,
        article="pipl.47",
        until=NOON + timedelta(days=9),
        actor="legal",
    )
    await desk.ask(check, Right.RESTRICT)
    await ask(desk.desk, Asking(check=check, right=Right.WITHDRAW))
    (command,) = await waiting(desk.desk, "dev-1")
    said = acknowledgement(command.id, "dev-1")
    await acknowledge(desk.desk, command.id, signer.sign(said).hex())
    await lift(desk.desk, held, "legal")
    after = {row.check for row, _ in await office.keys()}
    return {name for name in after - before if name[:3] not in ("dev", "dvn")} | {check}


async def test_nothing_of_the_person_opens_from_all_that_is_kept_together(office: Office) -> None:
    about = await life(office)
    assert {name[:3] for name in about} == {"chk", "req", "hld", "rst", "cmd"}
    (check,) = [name for name in about if name.startswith("chk_")]
    other, _ = await office.desk.passed(numbers(2)[1])
    theirs = {
        row.leaf: key
        for row, key in await office.keys()
        if row.check in about or b'"of":"' + check.encode() in row.facts
    }
    # What ended was forgotten as it ended; all else opened until now.
    kept = {leaf: key for leaf, key in theirs.items() if key is not None}
    assert len(theirs) - len(kept) == 2  # the hold's two leaves

    # Proofs, a receipt and a packet go out; then a backup of everything is made.
    visit, house = office.visit, office.premises
    plan = await visit.packet(visit.mandate(outlets=()), office.folder / "before.packet")
    tiles, trust = house.record.tiles, visit.trust
    proofs = await proofs_of(house.store, tiles, trust, check, vault=house.vault)
    receipt = encode_receipt(await make_receipt(house, check))
    shutil.copytree(office.folder / "house", office.folder / "backup")

    done = await office.desk.ask(check, Right.ERASE)
    asked, answered = await house.store.leaves(done.state.about.id)
    store, docket = house.store, office.desk.desk.docket
    await move(store, office.custody, NOON, AES, also=[docket])
    await destroy(store, office.custody, NOON, also=[docket])
    ring = office.custody.load(NOON).keys
    today = replace(house, keys=ring, vault=Vault(ring, AES))
    visit.house = Inspected(today, docket)
    later = visit.mandate(outlets=(), case="2026-0118", secret=visit.mandate().secret)
    await visit.packet(later, office.folder / "after.packet")

    # The living database, and its backup, under every key there still is.
    for row, key in await office.keys(today):
        if row.leaf in (*theirs, asked.leaf):
            assert key is None, row.tag
        elif row.check == other or row.leaf == answered.leaf:
            assert key is not None, row.tag
    copied = open_store(f"sqlite:///{office.folder / 'backup' / 'world.sqlite3'}")
    await copied.open()
    try:
        restored = await office.keys(replace(today, store=copied))
    finally:
        await copied.close()
    assert {row.leaf for row, _ in restored} >= theirs.keys()
    assert [row.tag for row, key in restored if row.leaf in theirs and key is not None] == []
    # No byte of a key of theirs, and nothing personal, in any file of all these.
    for path in office.files():
        data = path.read_bytes()
        for value in (CARD, NAME, LONG, numbers(2)[1]):
            assert value.encode() not in data, path.name
        for secret in kept.values():
            assert secret not in data, path.name
            assert secret.hex().encode() not in data, path.name
    # Every proof that was ever given out still holds, and so does the log.
    assert len([open_proof(proof, trust) for proof in proofs]) == len(proofs)
    assert verify_receipt(read_receipt(receipt), trust).checkpoint.head.size <= plan.end + 99
    for name in ("before", "after"):
        assert verify_packet(office.folder / f"{name}.packet", trust).holds, name
    await visit.carry()
    assert fsck(tiles, trust).head.size == len(await office.keys())
    # A packet made now shows their leaves closed.
    with zipfile.ZipFile(office.folder / "after.packet") as packet:
        lines = packet.read("census/00000000.jsonl").splitlines()
    shown = [msgspec.json.decode(line) for line in lines]
    leaves = [row.leaf for row, _ in await office.keys()][: len(shown)]
    for leaf, line in zip(leaves, shown, strict=True):
        assert isinstance(line, str) is (leaf in (*theirs, asked.leaf))
