"""A packet proves that nothing in scope was left out and that nobody chose the sample."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.inspection.conftest import SECRET, Visit
from tests.world import CARD, NAME, numbers

from liangming.check.erase import Why, erase_person
from liangming.device import disable, enrol
from liangming.errors import LiangmingError
from liangming.inspection import (
    FourEyes,
    Mandate,
    Plan,
    Verdict,
    approved,
    encode_plan,
    make_packet,
    new_approver,
    plan_packet,
    register,
    verify_packet,
)
from liangming.inspection.codes import (
    APPROVAL_MISSING,
    APPROVAL_SAME,
    APPROVAL_STRANGER,
    APPROVAL_WRONG,
    MANDATE_UNREGISTERED,
    PLAN_OUTDATED,
    SECRET_WRONG,
)
from liangming.inspection.packet import APPROVALS, MANIFEST, PLAN, Writer
from liangming.inspection.people import Role
from liangming.ledger import KeyKind, SigningKey
from liangming.ledger.checkpoint import add_signatures
from liangming.ledger.device import key_text
from liangming.ledger.note import read_note
from liangming.ledger.tiles import CHECKPOINT


def told(verdict: Verdict) -> dict[str, object]:
    """Each point: True, None, or the code."""
    return {
        said.point.value: said.code.name if said.code is not None else said.holds
        for said in verdict.points
    }


async def test_a_packet_holds_at_every_point(visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "packet.zip"
    plan = await visit.packet(visit.mandate(), file)
    verdict = verify_packet(file, visit.trust)
    assert set(told(verdict).values()) == {True}, told(verdict)
    assert verdict.holds
    # 6 passed and one declined at the first outlet in November; the one of October and 6 at the
    # second outlet are out.
    assert (plan.in_scope, plan.outside, plan.erased, plan.begin) == (7, 7, 0, 0)
    assert len(plan.sample) == 4
    assert plan.others == {"inspection:mandate:registered": 1}
    assert {len(events) for events in verdict.facts.values()} <= {3, 5}


async def test_it_needs_no_house_only_file_and_key(visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "packet.zip"
    await visit.packet(visit.mandate(), file)
    data = file.read_bytes()
    await visit.premises.store.close()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "packet").write_bytes(data)
    assert verify_packet(elsewhere / "packet", visit.trust).holds


async def test_it_holds_nothing_about_a_person(visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "packet.zip"
    await visit.packet(visit.mandate(), file)
    data = file.read_bytes()
    for value in (CARD, NAME, *numbers(60)):
        assert value.encode() not in data


async def test_outside_the_scope_no_more_is_open_than_shows_it(
    visit: Visit, tmp_path: Path
) -> None:
    file = tmp_path / "packet.zip"
    await visit.packet(visit.mandate(), file)
    shown = {}
    with zipfile.ZipFile(file) as archive:
        for line in archive.read("census/00000000.jsonl").splitlines():
            names = [slot[0] for slot in msgspec.json.decode(line) if isinstance(slot, list)]
            shown[tuple(names)] = shown.get(tuple(names), 0) + 1
    assert shown.pop(("check", "seq")) == 13 * 4 + 2  # what is no opening
    assert shown.pop(("at", "check", "seq", "tag")) == 1  # October
    assert shown.pop(("check", "outlet", "seq", "tag")) == 6  # the second outlet
    assert shown.pop(("at", "check", "operator", "outlet", "seq", "tag")) == 7  # in scope
    [registration] = shown  # of this very mandate: all of it
    assert {"authority", "case", "digest"} < set(registration)


async def test_the_same_plan_gives_the_same_bytes_and_no_second_leaf(
    visit: Visit, tmp_path: Path
) -> None:
    mandate = visit.mandate()
    plan = await visit.packet(mandate, tmp_path / "one")
    await visit.passed()
    await visit.carry()
    await make_packet(visit.house, mandate, visit.eyes(mandate, plan), tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    tags = [leaf.tag for leaf in await visit.premises.store.leaves(mandate.id)]
    assert tags == [
        "inspection:mandate:registered",
        "inspection:packet:approved",
        "inspection:packet:approved",
        "inspection:packet:made",
    ]
    assert await register(visit.house, mandate) is False


async def test_leaves_of_the_erased_are_counted_and_shown_as_such(
    visit: Visit, tmp_path: Path
) -> None:
    gone = await visit.passed()
    row = await visit.premises.store.check(gone)
    assert row is not None
    assert row.person is not None
    assert await erase_person(visit.premises, row.person, Why.ASKED, "test")
    file = tmp_path / "packet.zip"
    plan = await visit.packet(visit.mandate(), file)
    assert (plan.in_scope, plan.erased, plan.erasures) == (7, 5, 1)
    assert verify_packet(file, visit.trust).holds


async def test_an_erasure_after_the_approval_makes_the_plan_void(
    visit: Visit, tmp_path: Path
) -> None:
    mandate = visit.mandate(sample=100)
    plan = await visit.planned(mandate)
    people = [await _person(visit, check) for _, check in plan.sample]
    assert await erase_person(visit.premises, next(filter(None, people)), Why.ASKED, "test")
    with pytest.raises(LiangmingError) as caught:
        await make_packet(visit.house, mandate, visit.eyes(mandate, plan), tmp_path / "packet")
    assert caught.value.code is PLAN_OUTDATED
    assert list(tmp_path.glob("*packet*")) == []  # noqa: ASYNC240


async def test_who_is_erased_after_the_registration_shows_and_cannot_be_hidden(
    visit: Visit, tmp_path: Path
) -> None:
    mandate = visit.mandate(sample=100)
    plan = await visit.planned(mandate)
    people = [await _person(visit, check) for _, check in plan.sample]
    assert await erase_person(visit.premises, next(filter(None, people)), Why.ASKED, "test")
    await visit.carry()
    again = await plan_packet(visit.house, mandate, SECRET)
    assert (plan.erased_since, again.erased_since) == (0, 5)
    assert again.in_scope == plan.in_scope - 1
    assert again.digest != plan.digest
    file = tmp_path / "packet.zip"
    await make_packet(visit.house, mandate, visit.eyes(mandate, again), file)
    verdict = verify_packet(file, visit.trust)
    assert verdict.holds
    figures = {said.point.value: said.figures for said in verdict.points}["registration"]
    assert (figures["in_scope_then"], figures["erased_then"], figures["erased_since"]) == (7, 0, 5)
    hidden = msgspec.structs.replace(again, erased_since=0)
    await _forged(visit, mandate, hidden, file)
    assert told(verify_packet(file, visit.trust))["plan"] == "inspection.plan-differs"


async def _forged(visit: Visit, mandate: Mandate, plan: Plan, file: Path) -> None:
    """The same packet with another plan that both approved."""
    with zipfile.ZipFile(file) as archive:
        files = {name: archive.read(name) for name in archive.namelist() if name != MANIFEST}
    eyes = visit.eyes(mandate, plan)
    files |= {
        PLAN: encode_plan(plan),
        APPROVALS[0]: eyes.first.note,
        APPROVALS[1]: eyes.second.note,
    }
    with file.open("wb") as whole, Writer(whole) as writer:
        for name, data in files.items():
            writer.add(name, data)
        writer.finish()


async def _person(visit: Visit, check: str) -> bytes:
    row = await visit.premises.store.check(check)
    return (row.person if row is not None else None) or b""


async def test_a_packet_made_before_an_erasure_still_holds_after_it(
    visit: Visit, tmp_path: Path
) -> None:
    file = tmp_path / "packet.zip"
    plan = await visit.packet(visit.mandate(), file)
    for _, check in plan.sample:
        if person := await _person(visit, check):
            await erase_person(visit.premises, person, Why.ASKED, "test")
    await visit.carry()
    assert verify_packet(file, visit.trust).holds


async def test_an_inspector_who_kept_an_old_head_begins_there(visit: Visit, tmp_path: Path) -> None:
    await visit.carry()
    note = visit.premises.record.tiles.get(CHECKPOINT).decode()
    await visit.passed()
    file = tmp_path / "packet.zip"
    plan = await visit.packet(visit.mandate(since_head=note, sample=100), file)
    assert plan.begin == 13 * 5 + 3
    assert (plan.in_scope, len(plan.sample)) == (1, 1)
    assert verify_packet(file, visit.trust).holds


async def test_a_check_under_way_at_the_old_head_is_told_as_begun_before(
    visit: Visit, tmp_path: Path
) -> None:
    check = await visit.declined()
    await visit.carry()
    note = visit.premises.record.tiles.get(CHECKPOINT).decode()
    from liangming.check.conclude import conclude

    await conclude(visit.premises, check, "walked-away")
    file = tmp_path / "packet.zip"
    plan = await visit.packet(visit.mandate(since_head=note), file)
    assert (plan.before, plan.in_scope, plan.sample) == (1, 0, ())
    assert verify_packet(file, visit.trust).holds


async def test_the_sample_is_another_for_another_secret_and_nobody_s_choice(visit: Visit) -> None:
    from liangming.inspection import commitment, draw, seed_of

    mandate = visit.mandate()
    plan = await visit.planned(mandate)
    other = visit.mandate(secret=commitment(b"\1" * 32))
    root = bytes.fromhex(plan.root)
    assert seed_of(mandate, SECRET, root) != seed_of(other, b"\1" * 32, root)
    assert seed_of(mandate, SECRET, root) != seed_of(mandate, SECRET, b"\0" * 32)
    population = [(place, f"chk_{place}") for place in range(2000)]
    hits = [0] * 2000
    for turn in range(200):
        for place, _ in draw(turn.to_bytes(32, "big"), population, 100):
            hits[place] += 1
    assert sum(hits) == 200 * 100
    assert max(hits) < 30  # ten expected: about 3.1 apart; 30 is beyond six deviations


async def test_without_registration_secret_or_time_nothing_is_planned(visit: Visit) -> None:
    mandate = visit.mandate()
    await visit.carry()
    for secret, code in ((SECRET, MANDATE_UNREGISTERED), (b"\0" * 32, MANDATE_UNREGISTERED)):
        with pytest.raises(LiangmingError) as caught:
            await plan_packet(visit.house, mandate, secret)
        assert caught.value.code is code
    await register(visit.house, mandate)
    with pytest.raises(LiangmingError) as caught:  # not under a signed head yet
        await plan_packet(visit.house, mandate, SECRET)
    assert caught.value.code is MANDATE_UNREGISTERED
    await visit.carry()
    with pytest.raises(LiangmingError) as caught:
        await plan_packet(visit.house, mandate, b"\0" * 32)
    assert caught.value.code is SECRET_WRONG


async def test_two_different_listed_people_must_approve_this_very_plan(visit: Visit) -> None:
    mandate = visit.mandate()
    plan = await visit.planned(mandate)
    first, second, third = visit.people
    stranger = new_approver("inspector-999", Role.AUTHORITY)
    imposter = new_approver(first.person, first.role)
    digest = plan.digest
    other = "0" * 64
    note = first.approve(digest)
    for notes, code in (
        ((), APPROVAL_MISSING.name),
        ((note,), APPROVAL_MISSING.name),
        ((note, note), APPROVAL_SAME.name),
        ((note, stranger.approve(digest)), APPROVAL_STRANGER.name),
        ((note, imposter.approve(digest)), APPROVAL_STRANGER.name),
        ((note, second.approve(other)), APPROVAL_WRONG.name),
        ((note, note[:-9] + b"AAAAAAA=\n"), APPROVAL_WRONG.name),
        ((note, b"yes"), "ledger.note-malformed"),
    ):
        with pytest.raises(LiangmingError) as caught:
            approved(mandate, plan, notes)
        assert caught.value.code.name == code
    eyes = approved(mandate, plan, (third.approve(digest), note))
    assert {eyes.first.role, eyes.second.role} == {Role.OPERATOR, Role.AUTHORITY}
    with pytest.raises(LiangmingError) as caught:
        FourEyes(plan, eyes.first, eyes.first)
    assert caught.value.code is APPROVAL_SAME


async def test_stopped_in_the_middle_it_leaves_nothing_and_goes_well_the_next_time(
    visit: Visit, tmp_path: Path
) -> None:
    mandate = visit.mandate()
    plan = await visit.planned(mandate)
    eyes = visit.eyes(mandate, plan)

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await make_packet(visit.house, mandate, eyes, tmp_path / "packet", stop)
    assert list(tmp_path.glob("*packet*")) == []  # noqa: ASYNC240
    assert len(await visit.premises.store.leaves(mandate.id)) == 1
    (tmp_path / ".packet.part").write_bytes(b"what a killed process left")
    await make_packet(visit.house, mandate, eyes, tmp_path / "packet")
    assert verify_packet(tmp_path / "packet", visit.trust).holds
    assert [path.name for path in tmp_path.glob(".packet*")] == []  # noqa: ASYNC240


async def test_a_full_disk_leaves_no_half_packet_and_no_evidence_of_one(
    visit: Visit, tmp_path: Path
) -> None:
    mandate = visit.mandate()
    plan = await visit.planned(mandate)
    full = tmp_path / "full"
    full.mkdir()
    (full / ".packet.part").symlink_to("/dev/full")
    with pytest.raises(LiangmingError) as caught:
        await make_packet(visit.house, mandate, visit.eyes(mandate, plan), full / "packet")
    assert caught.value.code.name == "inspection.packet-unwritable"
    assert list(full.iterdir()) == []
    assert len(await visit.premises.store.leaves(mandate.id)) == 1


async def test_a_witness_on_the_head_is_asked_for_and_found(visit: Visit, tmp_path: Path) -> None:
    mandate = visit.mandate()
    await register(visit.house, mandate)
    await visit.carry()
    tiles = visit.premises.record.tiles
    witness = SigningKey(KeyKind.COSIGNER_ED25519, "witness.example/w", b"\7" * 32)
    note = tiles.get(CHECKPOINT)
    line = witness.sign(read_note(note).text, 1_795_000_000)
    asked = replace(visit.trust, cosigners=(witness.verifying,), quorum=1)
    for name, head in (("without", note), ("with", add_signatures(note, [line]))):
        tiles.replace(CHECKPOINT, head)
        plan = await plan_packet(visit.house, mandate, SECRET)
        await make_packet(visit.house, mandate, visit.eyes(mandate, plan), tmp_path / name)
    assert told(verify_packet(tmp_path / "without", asked))["head"] == "ledger.quorum-missing"
    verdict = verify_packet(tmp_path / "with", asked)
    assert verdict.holds
    assert verdict.points[3].figures["witnesses"] == ["witness.example/w"]


async def test_what_devices_and_the_centre_say_of_them_is_open_in_the_census(
    visit: Visit, tmp_path: Path
) -> None:
    key = Ed25519PrivateKey.generate()
    enrolled = await enrol(
        visit.premises,
        visit.house.records,
        name="柜机一",
        scene="demo.face",
        key=key_text(key.public_key()),
        actor="test",
    )
    await disable(visit.premises, visit.house.records, enrolled.id, actor="test")
    file = tmp_path / "packet.zip"
    plan = await visit.packet(visit.mandate(), file)
    assert plan.others == {
        "device:register:disabled": 1,
        "device:register:enrolled": 1,
        "inspection:mandate:registered": 1,
    }
    assert plan.erased == 0
    assert verify_packet(file, visit.trust).holds


async def test_an_empty_scope_is_a_packet_too(visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "packet.zip"
    plan = await visit.packet(visit.mandate(outlets=("demo-404",)), file)
    assert (plan.in_scope, plan.sample, plan.notices) == (0, (), ())
    assert verify_packet(file, visit.trust).holds
