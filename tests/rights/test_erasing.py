"""Erased is erased: key, record, index, leaf keys; certified; kept only where the law keeps it."""

import os
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from tests.rights.people import Desk, code_of
from tests.world import CARD, NOON, numbers

from liangming.check.disclose import disclose
from liangming.check.ports import STORE_DOWN
from liangming.errors import LiangmingError, Misuse, Outage, Refusal
from liangming.ledger import read_verifying_key
from liangming.rights import Asking, ask, faults, replay, tombstones
from liangming.rights.carry import carry_out
from liangming.rights.certificate import GONE, erasure_key, verify
from liangming.rights.desk import requests_of
from liangming.rights.holds import end_due, hold, holding, lift, must_be_open_to
from liangming.rights.replay import retire, standing
from liangming.rights.retain import retain
from liangming.rights.states import Answered, Open
from liangming.rights.words import HoldReason, Result, Right
from liangming.storage.erasure_file import HEAD, ErasureFile
from liangming.vault import Purpose

YEAR = timedelta(days=365)


async def test_an_erasure_leaves_nothing_but_a_tombstone_that_names_nobody(desk: Desk):
    check, person = await desk.passed()
    kept = (await desk.house.premises.store.persons([person]))[person]
    done = await desk.ask(check, Right.ERASE)
    assert isinstance(done.state, Answered)
    assert done.state.result is Result.ERASED
    await desk.house.premises.store.ready()
    for path in desk.house.folder.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        for part in (person, person.hex().encode(), kept.wrapped_key, kept.sealed):
            assert part not in data, path.name
    ((erasure, stored),) = tombstones.read_lines(desk.desk.erasures)
    assert erasure == done.state.erasure
    stone = tombstones.opened(desk.house.premises, erasure, stored)
    assert (stone.person, stone.at) == (person, NOON)
    desk.house.clock.move(timedelta(seconds=1))
    await desk.ask(check, Right.ERASE)  # nothing is held any more, and that is said
    assert [s.result for s in await requests_of(desk.desk, check)] == [
        Result.ERASED,
        Result.NOTHING_HELD,
    ]


async def test_the_certificate_is_verified_offline_and_leads_to_the_leaf(desk: Desk):
    check, _ = await desk.passed()
    done = await desk.ask(check, Right.ERASE)
    assert isinstance(done.state, Answered)
    key = erasure_key(desk.house.premises.keys.signing, desk.desk.origin).verifying
    said = verify(done.state.certificate.encode(), read_verifying_key(key.encode()))
    assert (said.erasure, said.check, said.why) == (done.state.erasure, check, "asked")
    assert said.request == done.state.about.id
    assert said.gone == GONE
    assert said.erased == "2026-11-24T12:00:00.000+08:00"
    (leaf,) = await desk.house.premises.store.leaves(said.erasure)
    assert leaf.leaf == said.leaf
    assert CARD not in done.state.certificate


async def test_a_certificate_that_was_altered_or_signed_by_another_is_refused(desk: Desk):
    check, _ = await desk.passed()
    done = await desk.ask(check, Right.ERASE)
    assert isinstance(done.state, Answered)
    data = done.state.certificate.encode()
    signing = desk.house.premises.keys.signing
    key = erasure_key(signing, desk.desk.origin).verifying
    for place in range(0, len(data), 7):
        altered = data[:place] + bytes((data[place] ^ 1,)) + data[place + 1 :]
        with pytest.raises(LiangmingError):
            verify(altered, key)
    with pytest.raises(Refusal) as caught:
        verify(data, erasure_key(bytes(32), desk.desk.origin).verifying)
    assert caught.value.code.name == faults.CERTIFICATE_FORGED.name
    with pytest.raises(Refusal):
        verify(data, erasure_key(signing, "another.example/log").verifying)
    with pytest.raises(Misuse):
        verify(b"no certificate", key)


async def test_nothing_is_erased_before_the_tombstone_is_on_disk(desk: Desk):
    class Full:
        def append(self, line: bytes) -> None:
            raise Outage(faults.LEDGER_OUTAGE)

        def lines(self):
            return iter(())

    check, person = await desk.passed()
    whole = desk.desk.erasures
    object.__setattr__(desk.desk, "erasures", Full())
    assert await code_of(desk.ask(check, Right.ERASE)) == faults.LEDGER_OUTAGE.name
    assert list(await desk.house.premises.store.persons([person])) == [person]
    (state,) = await requests_of(desk.desk, check)
    assert isinstance(state, Open)  # it stays due, and is done again
    object.__setattr__(desk.desk, "erasures", whole)
    assert (await desk.ask(check, Right.ERASE)).state.about.id == state.about.id
    assert await desk.house.premises.store.persons([person]) == {}


@pytest.mark.parametrize("landed", [False, True])
async def test_a_crash_between_tombstone_and_answer_is_mended(desk: Desk, landed: bool):
    check, person = await desk.passed()
    store = desk.house.premises.store
    plain = store.erase

    async def fails(*of, **more):
        if landed:
            await plain(*of, **more)
        raise Outage(STORE_DOWN)

    store.erase = fails  # type: ignore[method-assign]
    assert await code_of(desk.ask(check, Right.ERASE)) == STORE_DOWN.name
    store.erase = plain  # type: ignore[method-assign]
    assert (await store.persons([person]) == {}) is landed
    done = await replay(desk.desk)  # the next start
    assert (done.resurrected, done.healed) == (0 if landed else 1, 1)
    assert await store.persons([person]) == {}
    (state,) = await requests_of(desk.desk, check)
    ended = (await carry_out(desk.desk, state.about.id, "rights-desk")).state
    assert isinstance(ended, Answered)
    assert ended.result is Result.NOTHING_HELD


async def test_what_the_law_holds_is_stored_only_and_opens_for_statutory_ends_alone(desk: Desk):
    check, person = await desk.passed()
    until = NOON + timedelta(days=30)
    held = await hold(
        desk.desk,
        check,
        reason=HoldReason.INVESTIGATION,
        article="courier.46",
        until=until,
        actor="legal",
    )
    done = await desk.ask(check, Right.ERASE)
    assert isinstance(done.state, Answered)
    assert (done.state.result, done.state.until) == (Result.STORED_ONLY, until)
    assert done.state.citations == ("pipl.47", "courier.46")
    assert list(await desk.house.premises.store.persons([person])) == [person]
    assert list(tombstones.read_lines(desk.desk.erasures)) == []
    for purpose in (Purpose.DISPUTE, Purpose.CORRECTION):
        assert await code_of(must_be_open_to(desk.desk, check, purpose)) == faults.RESTRICTED.name
    await must_be_open_to(desk.desk, check, Purpose.INSPECTION)
    await must_be_open_to(desk.desk, check, Purpose.RIGHTS_REQUEST)
    await lift(desk.desk, held, "legal")
    assert await code_of(lift(desk.desk, held, "legal")) == faults.HOLD_UNKNOWN.name
    assert isinstance((await desk.ask(check, Right.ERASE)).state, Answered)
    assert await desk.house.premises.store.persons([person]) == {}
    assert await desk.desk.docket.about("restriction", person.hex()) == []


async def test_the_retention_job_waits_for_a_hold_and_not_a_day_longer(desk: Desk):
    check, person = await desk.passed()
    _, other = await desk.passed(numbers(2)[1])
    until = NOON + YEAR + timedelta(days=10)
    await hold(
        desk.desk,
        check,
        reason=HoldReason.DISPUTE,
        article="pipl.47",
        until=until,
        actor="legal",
    )
    clock, store = desk.house.clock, desk.house.premises.store
    clock.set(NOON + YEAR)
    assert await retire(desk.desk) == 1
    assert list(await store.persons([person, other])) == [person]
    assert await standing(desk.desk) == 0
    clock.set(until)
    assert await end_due(desk.desk, until) == 1
    assert await standing(desk.desk) == 1
    assert await retire(desk.desk) == 1
    assert await store.persons([person]) == {}
    assert await holding(desk.desk, person, until) is None


@pytest.mark.parametrize(
    ("article", "days"),
    [("pipl.47", 0), ("pipl.47", -1), ("nowhere.1", 1), ("delivery-privacy.2023", 1)],
)
async def test_a_hold_needs_an_article_that_stands_and_a_day_to_come(desk: Desk, article, days):
    check, _ = await desk.passed()
    wrong = hold(
        desk.desk,
        check,
        reason=HoldReason.INSPECTION,
        article=article,
        until=NOON + timedelta(days=days),
        actor="legal",
    )
    assert await code_of(wrong) == faults.HOLD_UNFIT.name


async def test_restriction_leaves_the_person_s_own_requests(desk: Desk):
    check, _ = await desk.passed()
    done = await desk.ask(check, Right.RESTRICT)
    assert isinstance(done.state, Answered)
    assert done.state.result is Result.RESTRICTED
    assert await code_of(must_be_open_to(desk.desk, check, Purpose.DISPUTE)) == (
        faults.RESTRICTED.name
    )
    assert (await desk.ask(check, Right.SEE)).fields is not None
    assert (await desk.ask(check, Right.RESTRICT)).state.about.id != done.state.about.id
    assert await disclose(
        desk.house.premises, check, purpose=Purpose.INSPECTION, case="insp-1", actor="cli"
    )


async def test_a_restriction_goes_with_the_registration_on_its_day(desk: Desk):
    check, person = await desk.passed()
    await desk.passed(numbers(2)[1])
    await desk.ask(check, Right.RESTRICT)
    await retain(desk.desk)
    assert len(await desk.desk.docket.about("restriction", person.hex())) == 1
    desk.house.clock.set(NOON + YEAR)
    assert await retain(desk.desk) == 2
    assert await desk.desk.docket.count("restriction") == 0
    for path in desk.house.folder.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        assert person.hex().encode() not in data, path.name


async def test_a_person_who_came_back_after_an_erasure_stays(desk: Desk):
    check, person = await desk.passed()
    await desk.ask(check, Right.ERASE)
    desk.house.clock.move(timedelta(days=1))
    again, same = await desk.passed()
    assert same == person
    done = await replay(desk.desk)
    assert (done.entries, done.resurrected) == (1, 0)
    assert list(await desk.house.premises.store.persons([person])) == [person]
    await desk.ask(again, Right.ERASE)
    assert await desk.house.premises.store.persons([person]) == {}
    assert (await replay(desk.desk)).entries == 2


async def test_a_lost_file_is_made_again_from_the_database(desk: Desk, tmp_path: Path):
    check, _ = await desk.passed()
    await desk.ask(check, Right.ERASE)
    path = tmp_path / "erasures.ledger"
    before = path.read_bytes()
    path.unlink()
    assert (await replay(desk.desk)).healed == 1
    assert path.read_bytes() == before
    assert (await replay(desk.desk)).healed == 0


def test_a_torn_line_is_left_out_and_ended_and_a_strange_file_is_refused(tmp_path: Path):
    path = tmp_path / "erasures.ledger"
    file = ErasureFile(path)
    assert list(file.lines()) == []
    path.write_bytes(HEAD[:7])
    assert list(file.lines()) == []
    file.append(b"one")
    assert path.read_bytes() == HEAD + b"\none\n"
    fresh = tmp_path / "fresh.ledger"
    ErasureFile(fresh).append(b"one")
    assert fresh.stat().st_mode & 0o777 == 0o600
    with path.open("ab") as torn:
        torn.write(b"two, cut of")
    assert list(file.lines()) == [b"one"]
    file.append(b"three")
    assert list(file.lines()) == [b"one", b"three"]
    path.write_bytes(b"something else\n")
    with pytest.raises(Misuse) as caught:
        list(file.lines())
    assert caught.value.code.name == faults.LEDGER_DAMAGED.name
    with pytest.raises(Outage):
        ErasureFile(tmp_path / "nowhere" / "file").append(b"line")
    with pytest.raises(Outage):
        list(ErasureFile(tmp_path).lines())


def test_a_line_that_the_disk_refused_leaves_no_hole_before_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = ErasureFile(tmp_path / "erasures.ledger")
    file.append(b"one")

    def refuse(_: int) -> None:
        raise OSError(5, "no")

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", refuse)
        with pytest.raises(Outage):
            file.append(b"two")
    assert (tmp_path / "erasures.ledger").read_bytes() == HEAD + b"\none\n"
    file.append(b"three")
    assert list(file.lines()) == [b"one", b"three"]


def test_a_full_disk_is_an_outage_and_nothing_is_erased():
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(Outage) as caught:
        ErasureFile(full).append(b"line")
    assert caught.value.code.name == faults.LEDGER_OUTAGE.name


async def test_a_tombstone_that_was_altered_or_is_of_other_keys_stops_the_start(desk: Desk):
    check, _ = await desk.passed()
    await desk.ask(check, Right.ERASE)
    path = desk.house.folder / "erasures.ledger"
    whole = path.read_bytes()
    row = (await desk.desk.docket.walk("erasure", "", 1))[0]
    await desk.desk.docket.commit([], drop=[row.id])
    lines = whole.split(b"\n")
    middle = len(lines[1]) // 2
    letter = b"A" if lines[1][middle : middle + 1] != b"A" else b"B"
    for bad in (
        lines[1][:middle] + letter + lines[1][middle + 1 :],
        b"era_nothing " + lines[1].partition(b" ")[2],
        lines[1].partition(b" ")[0] + b" not base64!?",
        lines[1].partition(b" ")[0] + b" AAAA",
    ):
        path.write_bytes(lines[0] + b"\n" + bad + b"\n")
        with pytest.raises(LiangmingError) as caught:
            await replay(desk.desk)
        assert caught.value.code.name in {faults.LEDGER_DAMAGED.name, "vault.unknown-suite"}


async def test_asking_is_silent_about_what_was_entered(desk: Desk):
    asking = Asking(check="chk_x", right=Right.SEE, number=CARD, words="words")
    assert repr(asking) == str(asking) == "<Asking see>"
    check, _ = await desk.passed()
    done = await ask(
        desk.desk, msgspec.structs.replace(asking, check=check, document="resident_card")
    )
    assert repr(done) == str(done) == "<Done see>"
